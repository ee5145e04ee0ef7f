"""One entry of a target list → name, value, points, offices, deadline, special assessments."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from mbo_desktop.domain import quantity
from mbo_desktop.domain.target_reading import read_target, split_clauses, split_name
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue
from mbo_desktop.errors import InputError

LONGEST_NAME = 40
"""Characters of a name taken from prose; the whole text stays in the item."""

_FIGURE = r"([0-9]+(?:\.[0-9]+)?|[一二三四五六七八九十]{1,3})"
_POINTS_WORDS = r"(?:分值|权重分?|基本分|基础分|标准分|考核分|满分|计分|计|共计?|本项共?|总分|小计|合计|占)?"
_POINTS = re.compile(rf"[(\[【〔]{_POINTS_WORDS}[:]?{_FIGURE}分[)\]】〕]|[(\[【〔](?:分值|权重|基本分)[:]?{_FIGURE}[)\]】〕]")
_POINTS_END = re.compile(rf"[,;。.、 ]?(?:(?:分值|权重分?|基本分|基础分|标准分|满分|计)[:]?{_FIGURE}分?|(?<![一-鿿0-9.+%-]){_FIGURE}分)[。.;]?$")
_SCORING = re.compile(
    r"(?:完成|达到|未完成|未达到?|没有完成|每|超|少|低|高|不)[^。;]*?(?:得|加|扣|减|计|不得)(?:基本|满|零|0|[0-9.]+)?分|扣完为止|按比例(?:得|扣|计)分|不得分|[加扣减]\s*[0-9.]+\s*分"
)
_UNITS = r"([^:;。()\n]+?)"
_FIELD_NAMES = {
    "lead": "牵头单位|牵头部门|主办单位|主办|牵头|主要责任单位|第一责任单位",
    "supporting": "配合单位|协办单位|配合部门|协办|配合|参加单位|参与单位",
    "responsible": "责任单位|责任部门|承办单位|落实单位|实施单位|主责单位",
    "leader": "责任领导|分管领导|牵头领导|包抓领导|责任市领导|牵头市领导|市级责任领导|责任人|第一责任人",
    "due": "完成时限|完成时间|时限要求|办结时限|时间节点|时限|截止时间",
    "certifying": "考核单位|考核部门|监考单位|认定部门|数据来源",
}
_ANY_FIELD = "|".join(_FIELD_NAMES.values())
_FIELD = re.compile(rf"[(\[【〔]?\s*({_ANY_FIELD})\s*[:]\s*(.*?)(?=[(\[【〔]?\s*(?:{_ANY_FIELD})\s*[:]|[)\]】〕]|$)[)\]】〕]?", re.S)
_BRACKETED_OFFICES = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*?(?:牵头|负责|配合|主办|协办|落实)(?:落实)?)[)\]】〕]\s*[。.;]?\s*$")
_LEADS = re.compile(r"^(?:由)?(.+?)(?:牵头负责|牵头落实|牵头|负责落实|负责|主办|落实)$")
_HELPS = re.compile(r"^(?:由)?(.+?)(?:配合|协办|等配合|参与)$")
_SEPARATORS = re.compile(r"[、,，;；/ \t\n]+")
_UMBRELLA = re.compile(
    r"^(?P<head>.*?(?:完成|做好|抓好|落实)?.*?(?:下达|交办|安排|确定|签订|布置|部署|规定|要求|承担)的?)(?P<list>[^。;]*?、[^。;]*?)(?:等(?:项|[0-9一二三四五六七八九十]+项?)?(?P<etc>[^、]*?))?(?P<tail>(?:专项|单项)?(?:考核|责任|目标管理)?(?:目标)?(?:任务|目标|责任书|责任状|指标))$"
)
_LEADING_VERBS = re.compile(r"^(?:确保|实现|完成|力争|争取|全面完成|努力实现|全年|年内|力争实现)+")


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


def read_item(raw: str) -> ItemContent:
    """An entry of a list without its label: 财政收入10亿元,增长20%.(分值:10分) and the like.

    `text` is the entry without points, offices and deadline; nothing else is left out.
    """
    text, fields = _take_fields(_half_brackets(raw.strip()))
    text, points, warnings = _take_points(text)
    text, scoring = _take_scoring(text)
    text = re.sub(r"[。.;,、，；\s]+$", "", text.strip())
    name, value, covers = _name_and_value(text)
    lead, supporting = _offices(fields)
    return ItemContent(
        text, name, value, points, covers, lead, supporting,
        fields.get("leader", ""), fields.get("due", ""), _names(fields.get("certifying", "")),
        scoring, warnings,
    )  # fmt: skip


def _half_brackets(text: str) -> str:
    return text.translate(str.maketrans("（）［］：", "()[]:"))


def _take_fields(text: str) -> tuple[str, dict[str, str]]:
    fields: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        key = next(key for key, words in _FIELD_NAMES.items() if match[1] in words.split("|"))
        value = match[2].strip().strip("。.;；,， \n\t")
        fields[key] = f"{fields[key]}、{value}" if fields.get(key) else value
        return ""

    rest = _FIELD.sub(take, text)
    match = _BRACKETED_OFFICES.search(rest)
    if match and not fields:
        found = _offices_in_words(match[1])
        if found:
            return rest[: match.start()], found
    return rest, fields


def _offices_in_words(words: str) -> dict[str, str]:
    """市发改委牵头,市财政局、市统计局配合 → lead and supporting."""
    fields: dict[str, str] = {}
    for phrase in re.split(r"[,，;；]", words):
        lead, helps = _LEADS.match(phrase.strip()), _HELPS.match(phrase.strip())
        if helps:
            fields["supporting"] = helps[1]
        elif lead:
            key = "responsible" if "lead" in fields or "牵头" not in phrase else "lead"
            fields[key] = lead[1]
    return fields


def _offices(fields: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """Lead and supporting units; in a list without a lead the first unit leads."""
    leads, others = _names(fields.get("lead", "")), _names(fields.get("responsible", ""))
    lead, *rest = (leads or others) or ("",)
    supporting = [*rest, *(others if leads else ()), *_names(fields.get("supporting", ""))]
    return lead, tuple(dict.fromkeys(name for name in supporting if name != lead))


def _names(text: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip("等及和 ") for piece in _SEPARATORS.split(text)) if part)


def _take_points(text: str) -> tuple[str, Decimal | None, tuple[str, ...]]:
    plain = text.translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
    found = list(_POINTS.finditer(plain))
    if not found:
        match = _POINTS_END.search(plain)
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


def _take_scoring(text: str) -> tuple[str, str]:
    """The sentences that say how points are given, apart from the target itself."""
    sentences = re.split(r"(?<=[。;；])", text)
    start = next((i for i, one in enumerate(sentences) if _SCORING.search(one)), None)
    if start is None or start == 0:
        return text, ""
    return "".join(sentences[:start]), "".join(sentences[start:]).strip().rstrip("。;；")


def _name_and_value(text: str) -> tuple[str, TargetValue | None, tuple[str, ...]]:
    if not text:
        return "", None, ()
    covers = find_covers(text)
    if covers:
        return _umbrella_name(text, covers), _text_value(text), covers
    plain = quantity.normalise(text)
    clauses = split_clauses(plain)
    if not clauses:
        return text[:LONGEST_NAME], _text_value(text), ()
    split = split_name(clauses[0])
    if split is None:
        return _prose_name(clauses[0]), _text_value(text), ()
    name = _LEADING_VERBS.sub("", split[0]) or split[0]
    if any(_names_a_measure(clause) for clause in clauses[1:]):
        # A second measure in the same entry: no single figure can stand for it.
        return name, _text_value(text), ()
    after = _after_name(text, plain, name)
    value = read_target(after, indicator_name=name)
    if value is None or value.counted.form in (TargetForm.TEXT, TargetForm.CONDITION):
        return name, TargetValue((split[1],), text=after), ()
    return name, value, ()


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
    match = _UMBRELLA.match(text.strip().rstrip("。.;；"))
    if match is None:
        return ()
    pieces = [piece.strip() for piece in match["list"].split("、")]
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
    """The content of a heading: its text is its name, it states no target of its own."""
    return replace(content, name=content.text, value=None, covers=())
