"""One entry of a target list → name, value, points, offices, deadline, special assessments."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from mbo_desktop.domain import calendar, quantity, units
from mbo_desktop.domain.outline_fields import lead_and_supporting, names_in, take_fields
from mbo_desktop.domain.target_reading import read_target, split_clauses, split_name
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue
from mbo_desktop.errors import InputError

LONGEST_NAME = 40
"""Characters of a name taken from prose; the whole text stays in the item."""

LONGEST_PARSED = 1500
"""A longer entry is prose and kept whole without a search for points and values."""

_FIGURE = r"([0-9]+(?:\.[0-9]+)?|[一二三四五六七八九十]{1,3})"
_POINTS_WORDS = r"(?:分值|权重分?|基本分|基础分|标准分|考核分|满分|计分|计|共计?|本项共?|总分|小计|合计|占)?"
_POINTS = re.compile(rf"[(\[【〔]{_POINTS_WORDS}[:\s]*{_FIGURE}\s*分[,;，；]?\s*[)\]】〕]|[(\[【〔][^()\[\]]*(?:共计?|合计){_FIGURE}\s*分[)\]】〕]|[(\[【〔](?:分值|权重|基本分)[:\s]*{_FIGURE}[)\]】〕]")
_POINTS_END = re.compile(rf"[,;。.、 ]?(?:(?:分值|权重分?|基本分|基础分|标准分|满分|计)[:\s]*{_FIGURE}\s*分?|(?<![一-鿿0-9.+%-]){_FIGURE}\s*分)[。.;]?$")
_POINTS_CELL = re.compile(rf"(?<=\t){_FIGURE}\s*分?$")
_SCORING = re.compile(
    r"(?:完成|达到|未完成|未达到?|没有完成|每|超|少|低|高|不)[^。;]*?(?:得|加|扣|减|计|不得)(?:基本|满|零|0|[0-9.]+)?分|扣完为止|按比例(?:得|扣|计)分|不得分|[加扣减]\s*[0-9.]+\s*分"
)
_ORDERED = re.compile(r"(?:下达|交办|安排|确定|签订|布置|部署|规定|承担)的?")
_TASKS = re.compile(r"(?:专项|单项)?(?:考核|责任|目标管理)?(?:目标)?(?:任务|目标|责任书|责任状|指标)$")
_AND_SO_ON = re.compile(r"等(?:项|[0-9一二三四五六七八九十]+项?)?[^、]*$")
_NAMED_BY_COLON = re.compile(r"([^0-9０-９:：,，。;；]{2,30})[:：]\s*(.+)", re.S)
_NAMED_BY_TAB = re.compile(r"([^\t]{2,60}?)\s*\t\s*(.+)", re.S)
_DETAIL = re.compile(r"其中|包括|含|分别")
# 高于全市平均水平1个百分点 states no amount of its own: the outside figure is missing.
_AGAINST_OTHERS = re.compile(r"(?:[高低快慢多少大小优]于|超过|超出|领先|达到|赶上)[^0-9]*(?:平均|水平|增幅|增速|均值|目标|以上|以下)")
_FIGURE_BEFORE = re.compile(r"[0-9.]+([^0-9、,，和及]{1,6})(?:、|和|及|以及)")
_GIVEN = re.compile(r"(?:得|计|记)(?:基本|满)?[0-9.]*分")
_YEAR_END = re.compile(r"(?:到|至)?(?:20[0-9]{2})?年[末底内]前?,?")
_LEADING_VERBS = re.compile(r"^(?:全面完成|努力实现|确保|实现|完成|力争|全年|年内)+")


@dataclass(frozen=True, slots=True)
class ItemContent:
    """What the text of one entry says, its fields taken out of it."""

    text: str
    name: str
    value: TargetValue | None
    points: Decimal | None = None
    covers: tuple[str, ...] = ()
    lead: str = ""
    supporting: tuple[str, ...] = ()
    leader: str = ""
    due: str = ""
    certifying: tuple[str, ...] = ()
    scoring: str = ""
    warnings: tuple[str, ...] = ()
    person: str = ""
    """责任人."""
    handler: str = ""
    """经办人."""


def read_item(raw: str) -> ItemContent:
    """An entry of a list without its label: 财政收入10亿元,增长20%.(分值:10分) and the like.

    `text` is the entry without points, offices and deadline; nothing else is left out.
    """
    if len(raw) > LONGEST_PARSED:
        text = raw.strip()
        return ItemContent(text, _prose_name(text.partition("\n")[0]), _text_value(text))
    text, fields = take_fields(_half_brackets(raw.strip()))
    text, points, warnings = _take_points(text)
    text, scoring = _take_scoring(text)
    text = re.sub(r"[。.;,、，；\s]+$", "", text.strip())
    name, value, covers, warning = _name_and_value(text)
    warnings = (*warnings, warning) if warning else warnings
    lead, supporting = lead_and_supporting(fields)
    return ItemContent(
        text, name, value, points, covers, lead, supporting,
        fields.get("leader", ""), fields.get("due", ""), names_in(fields.get("certifying", "")),
        scoring, warnings, fields.get("person", ""), fields.get("handler", ""),
    )  # fmt: skip


def _half_brackets(text: str) -> str:
    return text.translate(str.maketrans("（）［］：", "()[]:"))


def _take_points(text: str) -> tuple[str, Decimal | None, tuple[str, ...]]:
    plain = text.translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
    found = list(_POINTS.finditer(plain))
    if not found:
        match = _POINTS_END.search(plain) or _POINTS_CELL.search(plain)
        found = [match] if match else []
    if not found:
        return text, None, ()
    last = found[-1]
    try:
        points = quantity.read_number(next(group for group in last.groups() if group))
    except InputError:
        return text, None, ()
    kept = text[: last.start()] + text[last.end() :]
    warnings = (f"写有 {len(found)} 处分值,取最后一处 {quantity.canonical(points)} 分。",) if len(found) > 1 else ()
    return kept, points, warnings


def is_scoring(line: str) -> bool:
    """Whether a line says how points are given (每少1%扣1分), not what is to be reached."""
    return bool(_SCORING.search(line))


def _take_scoring(text: str) -> tuple[str, str]:
    """The sentences that say how points are given, apart from the target itself."""
    sentences = re.split(r"(?<=[。;；])", text)
    start = next((i for i, one in enumerate(sentences) if is_scoring(one)), None)
    if start is None:
        return text, ""
    clauses = re.split(r"(?<=[,，])", sentences[start])
    first = next((i for i, one in enumerate(clauses) if is_scoring(one) or _GIVEN.match(one)), 0)
    kept = "".join([*sentences[:start], *clauses[:first]]).rstrip(",， ")
    if not kept:
        return text, ""
    scoring = "".join([*clauses[first:], *sentences[start + 1 :]])
    return kept, scoring.strip().rstrip("。;；")


def _name_and_value(text: str) -> tuple[str, TargetValue | None, tuple[str, ...], str]:
    """Name, value, covered assessments and a warning ("" for none)."""
    if not text:
        return "", None, (), ""
    covers = find_covers(text)
    if covers:
        return _umbrella_name(text, covers), _text_value(text), covers, ""
    named = _NAMED_BY_COLON.match(text) or _NAMED_BY_TAB.match(text)
    if named:
        return named[1].strip(), read_target(named[2], indicator_name=named[1]), (), ""
    plain = quantity.normalise(text.replace("\n", "。"))
    clauses = split_clauses(plain) or [plain]
    clauses[0] = _without_year_end(clauses[0])
    if _begins_with_deadline(clauses[0]):
        value = read_target(text)
        title = clauses[0][(calendar.find_deadline(clauses[0]) or (0, 0))[1] :]
        return _prose_name(_LEADING_VERBS.sub("", title) or clauses[0]), value, (), ""
    split = split_name(clauses[0])
    if split is None or _AGAINST_OTHERS.search(split[0]):
        return _prose_name(_before_deadline(clauses[0])), _dated_or_text(text), (), ""
    name = _LEADING_VERBS.sub("", split[0]) or split[0]
    if _states_another_measure(clauses[1:]) or _lists_measures(split[0]):
        # No single figure can stand for two measures.
        return name, _text_value(text), (), "一条中有几项指标,按文字保留;需要分别考核的请拆成几条。"
    after = _after_name(text, plain, name)
    value = read_target(after, indicator_name=name)
    if value is None or value.counted.form in (TargetForm.TEXT, TargetForm.CONDITION):
        value = TargetValue((split[1],), text=after)
    return name, value, (), ""


def _before_deadline(clause: str) -> str:
    """污水处理厂二期于9月底前投入运行 → 污水处理厂二期."""
    span = calendar.find_deadline(clause)
    title = "" if span is None else re.sub(r"[于在,:(]$", "", clause[: span[0]])
    return title if len(title) >= 4 else clause


def _dated_or_text(text: str) -> TargetValue:
    """Prose with deadlines in it is a milestone, other prose a text."""
    value = read_target(text)
    is_dated = value is not None and value.counted.form is TargetForm.MILESTONE
    return value if value is not None and is_dated else _text_value(text)


def _without_year_end(clause: str) -> str:
    """年末耕地保有量多于86万亩 → 耕地保有量多于86万亩: the year's end is every target's deadline."""
    match = _YEAR_END.match(clause)
    rest = clause[match.end() :] if match else clause
    split = split_name(rest) if match else None
    return rest if split is not None and split[1].amount is not None else clause


def _begins_with_deadline(clause: str) -> bool:
    span = calendar.find_deadline(clause)
    return span is not None and span[0] == 0 and read_target(clause[span[1] :]) is not None


def _states_another_measure(clauses: list[str]) -> bool:
    for clause in clauses:
        if _DETAIL.match(clause):
            return False
        if _names_a_measure(clause):
            return True
    return False


def _lists_measures(name: str) -> bool:
    """创建省级龙头企业2家、市级龙头企业 (5家): the figure before 、 is another measure's."""
    return any(units.is_unit(match[1]) for match in _FIGURE_BEFORE.finditer(name))


def _names_a_measure(clause: str) -> bool:
    value = read_target(clause)
    return value is not None and value.counted.form is TargetForm.CONDITION


def _after_name(text: str, plain: str, name: str) -> str:
    """The words after the name, as the office wrote them where they can be found."""
    source = text if name in text else plain
    after = source[source.find(name) + len(name) :] if name in source else source
    return re.sub(r"^(?:的|[:,，、：]|要|应|均|分别)+", "", after.strip()) or text


def _text_value(text: str) -> TargetValue:
    return TargetValue((TargetPart(TargetForm.TEXT, text=text),), text=text)


def _prose_name(clause: str) -> str:
    return clause if len(clause) <= LONGEST_NAME else clause[:LONGEST_NAME] + "…"


def find_covers(text: str) -> tuple[str, ...]:
    """The special assessments an umbrella entry stands for; () when it is none.

    完成市政府下达的招商引资、食品安全、…、殡葬管理工作考核目标.
    """
    plain = text.strip().rstrip("。.;；")
    ordered, tasks = _ORDERED.search(plain), _TASKS.search(plain)
    if ordered is None or tasks is None or tasks.start() <= ordered.end():
        return ()
    listed = _AND_SO_ON.sub("", plain[ordered.end() : tasks.start()])
    if "。" in listed or ";" in listed or "；" in listed:
        return ()
    pieces = [piece.strip() for piece in listed.split("、")]
    last = re.fullmatch(r"(.+?)(?:以及|及|和)(?!谐)(.{2,})", pieces[-1])
    if last:
        pieces[-1:] = [last[1], last[2]]
    if len(pieces) < 3 or any(not piece or len(piece) > 20 or re.search(r"\d", piece) for piece in pieces):
        return ()
    return tuple(pieces)


def _umbrella_name(text: str, covers: tuple[str, ...]) -> str:
    head, _, after = text.partition(covers[0])
    tail = after.rpartition(covers[-1])[2].strip("。.;； ")
    return f"{head}{covers[0]}等{len(covers)}项{tail.removeprefix('等')}"


def without_value(content: ItemContent) -> ItemContent:
    """The content of a heading or clause: its first line is its name, it states no target of its own."""
    return replace(content, name=content.text.partition("\n")[0], value=None, covers=(), warnings=())
