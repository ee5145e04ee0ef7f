"""Clauses of an agreement as one text that is typed in one field, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mbo_desktop.domain.agreements import Clause
from mbo_desktop.domain.chinese_numerals import show_numeral
from mbo_desktop.errors import InputError

BLANKS = (
    "甲方", "乙方", "年度", "目标项数", "分值合计", "份数", "执有说明", "依据", "责任期限",
)
"""What may stand in braces; filled when the agreement is laid out."""

_NUMERALS = "一二三四五六七八九十"
_HEADING = re.compile(rf"^\s*[{_NUMERALS}百]+、\s*(?P<words>[^。；;:：]{{1,30}})\s*$")
_BLANK = re.compile(r"\{([^{}\n]*)\}")
_LONE_BRACE = re.compile(r"[{}]")


def as_text(clauses: Sequence[Clause]) -> str:
    """Headings numbered 一、 on lines of their own, a line per paragraph, preamble first."""
    lines: list[str] = []
    number = 0
    for clause in clauses:
        if clause.heading:
            number += 1
            if lines:
                lines.append("")
            lines.append(f"{show_numeral(number)}、{_bare(clause.heading)}")
        lines += clause.paragraphs
    return "\n".join(lines)


def from_text(text: str) -> tuple[Clause, ...]:
    """The clauses of a typed text; a short line 「一、…」 without a full stop is a heading.

    Raises InputError when nothing stands there or a blank in braces is unknown.
    """
    clauses: list[Clause] = []
    heading, paragraphs = "", list[str]()

    def close() -> None:
        if heading or paragraphs:
            clauses.append(Clause(heading, tuple(paragraphs)))

    for line in text.splitlines():
        found = _HEADING.match(line)
        if found:
            close()
            heading, paragraphs = found["words"].strip(), []
        elif line.strip():
            paragraphs.append(line.strip())
    close()
    if not clauses:
        raise InputError("责任书条款是空的。", "请写入条款,或按“恢复范本”。")
    check_blanks(text)
    return tuple(clauses)


def check_blanks(text: str) -> None:
    """Raise InputError for a blank in braces that the program cannot fill, or a lone brace."""
    unknown = list(dict.fromkeys(name for name in _BLANK.findall(text) if name not in BLANKS))
    if unknown:
        named = "、".join(f"{{{name}}}" for name in unknown)
        raise InputError(
            f"不认识占位符 {named}。",
            f"可用的占位符:{'、'.join(f'{{{name}}}' for name in BLANKS)}。",
        )
    if _LONE_BRACE.search(_BLANK.sub("", text)):
        raise InputError("花括号没有成对。", "占位符写作 {甲方} 的样子,请补上缺少的一半。")


def _bare(heading: str) -> str:
    return re.sub(rf"^\s*[{_NUMERALS}百]+、\s*", "", heading)
