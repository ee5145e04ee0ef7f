"""Checking an office's own Word template before it is used: plain placeholders, nothing else.

{{甲方}} and the other names of `office_fill` may stand in the text; statements, expressions,
macros and references to files elsewhere are refused. What Word cut into several runs is
put together again before it is read, as docxtpl does when it fills.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mbo_desktop.documents.office_fill import NAMES, ROW_NAMES, WHOLE_TABLE
from mbo_desktop.documents.office_parts import Place, places, template_parts

_TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_STATEMENT = re.compile(r"\{[%#].{0,20}", re.DOTALL)
_PLAIN = re.compile(r"[\w ]+")
_NAMED = "|".join(map(re.escape, sorted(NAMES, key=len, reverse=True)))
_HALF = re.compile(rf"[{{｛]{{1,2}}\s*({_NAMED})\s*[}}｝]{{1,2}}")
_SAFE = "模板未采用,数据未改动。"


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """Something about a template, in three parts; `blocking` ones must be mended before it is used."""

    place: str
    what: str
    safe: str
    todo: str
    blocking: bool = True

    @property
    def sentence(self) -> str:
        """The three parts as one paragraph."""
        return f"{self.what}{self.safe}{self.todo}"


@dataclass(frozen=True, slots=True)
class TemplateCheck:
    """What was found in a template: problems in reading order, and the names it uses."""

    problems: tuple[TemplateProblem, ...]
    names: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Whether nothing blocks its use."""
        return not any(problem.blocking for problem in self.problems)


def check_template(path: Path, name: str = "") -> TemplateCheck:
    """Read a template and list all problems; name: as the user knows the file.

    Raises FileReadError for a file that is no .docx, has macros, a password, or refers to
    files elsewhere.
    """
    problems: dict[tuple[str, str], TemplateProblem] = {}
    used: dict[str, None] = {}
    for part in template_parts(path, name or path.name):
        for place in places(part):
            for problem in _problems(place, used):
                problems.setdefault((problem.place, problem.what), problem)
        for problem in _hidden(part.kind, part.root):
            problems.setdefault((problem.place, problem.what), problem)
    found = list(problems.values())
    if not found:
        found += _foreign(path)
    return TemplateCheck((*found, *_missing(used)), tuple(used))


def _foreign(path: Path) -> Iterator[TemplateProblem]:
    """What the filling itself would stumble on although every paragraph reads well."""
    from mbo_desktop.documents.office_render import can_be_filled, foreign_marks

    if not foreign_marks(path):
        if not can_be_filled(path):
            yield TemplateProblem(
                "", "模板的内部结构不完整,试填没有成功。", _SAFE, "请在WPS或Word中打开,另存为新的.docx文件后再选。"
            )
    else:
        yield TemplateProblem(
            "", "模板中有占位符以外的标记,不能填写。", _SAFE,
            "请把占位符逐个重新输入一遍(不要复制),另存后再选。",
        )


def _problems(place: Place, used: dict[str, None]) -> Iterator[TemplateProblem]:
    text = place.text
    for statement in _STATEMENT.findall(text):
        yield _told(
            place, f"写有程序语句“{_shown(statement)}”,模板中只能用占位符。",
            "请删去这些语句;目标表用单独一段的{{目标表}},或在表格的一行中写{{指标}}、{{目标值}}等。",
        )
    if _STATEMENT.search(text):
        return
    for found in _TAG.finditer(text):
        yield from _tag_problems(place, found.group(1), used)
    rest = _TAG.sub("", text)
    for found in _HALF.finditer(rest):
        yield _told(
            place, f"“{found.group(0)}”的花括号是全角的或不是两层,不会被替换。",
            f"请改为{{{{{found.group(1)}}}}}(半角,左右各两个)。",
        )
    rest = _HALF.sub("", rest)
    for half, other in (("{{", "}}"), ("}}", "{{")):
        if half in rest:
            yield _told(
                place, f"有“{half}”但没有与它成对的“{other}”。",
                "请补上缺少的花括号;一个占位符要写在同一段里,写作{{甲方}}的样子。",
            )


def _tag_problems(place: Place, inner: str, used: dict[str, None]) -> Iterator[TemplateProblem]:
    name = inner.strip()
    shown = f"{{{{{_shown(inner)}}}}}"
    if name not in NAMES:
        if _PLAIN.fullmatch(name):
            yield _told(place, f"占位符{shown}不认识。", _advice(name))
        else:
            yield _told(
                place, f"“{shown}”不是占位符,花括号中只能写名称。",
                f"请改为可用的占位符:{'、'.join(NAMES)}。",
            )
        return
    used[name] = None
    if name == WHOLE_TABLE and (place.text.strip() != f"{{{{{inner}}}}}" or not place.in_body):
        yield _told(
            place, "{{目标表}}没有单独占正文中的一段。", "请让{{目标表}}在正文中自成一段,前后不写其他文字,不放在表格、文本框或页眉里。"
        )
    elif name in ROW_NAMES and not place.in_row:
        yield _told(
            place, f"{shown}写在表格之外,不知道取哪一项目标。", "请把它写在正文表格的一行中,该行会按目标逐项重复。"
        )
    elif place.never_filled:
        yield _told(place, f"{shown}写在{place.never_filled}中,不会被替换。", "请移到正文、页眉或页脚中。")


def _advice(name: str) -> str:
    near = difflib.get_close_matches(name.replace(" ", ""), NAMES, 1, 0.4)
    listed = f"可用的占位符:{'、'.join(NAMES)}。"
    return f"是否应为{{{{{near[0]}}}}}?{listed}" if near else listed


def _told(place: Place, what: str, todo: str) -> TemplateProblem:
    return TemplateProblem(place.name, f"{place.name}:{what}", _SAFE, todo)


def _shown(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"


_MARK = re.compile(r"\{[{%#]")


def _hidden(kind: str, root: Any) -> Iterator[TemplateProblem]:
    """Marks outside the text (alternative text of pictures, names): filling would read them too."""
    for element in root.iter():
        outside = [*element.attrib.values()]
        if not str(element.tag).endswith("}t"):
            outside.append(element.text or "")
        if any(_MARK.search(text) for text in outside):
            yield TemplateProblem(
                kind, f"{kind}中有看不见的位置(图片说明、域、书签等)写了花括号标记。", _SAFE,
                "请删去图片的替换文字、域或书签中的花括号,占位符只写在文字里。",
            )
            return


def _missing(used: dict[str, None]) -> Iterator[TemplateProblem]:
    safe = "其他内容照常填写。"
    if WHOLE_TABLE not in used and not set(used) & set(ROW_NAMES):
        yield TemplateProblem(
            "", "模板中没有{{目标表}},印出的责任书不会列出目标。", safe,
            "如需列出,请在正文中单独一段写{{目标表}},或在表格的一行中写{{指标}}、{{目标值}}等。",
            blocking=False,
        )
    if "乙方" not in used:
        yield TemplateProblem(
            "", "模板中没有{{乙方}},各单位的责任书看不出是哪个单位的。", safe,
            "请在乙方名称的位置写{{乙方}}。", blocking=False,
        )
