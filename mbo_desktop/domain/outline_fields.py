"""Offices, leaders and deadlines written beside the entries of a target list."""

from __future__ import annotations

import re

_NAMES_OF = {
    "lead": "牵头单位|牵头部门|牵头处室|主办单位|主办|牵头|主要责任单位|第一责任单位",
    "supporting": "配合单位|协办单位|配合部门|协办|配合|参加单位|参与单位|协同单位",
    "responsible": "责任单位|责任部门|承办单位|落实单位|实施单位|主责单位|责任主体",
    "leader": "责任领导|分管领导|牵头领导|包抓领导|责任市领导|责任县领导|牵头市领导|牵头县领导|市级责任领导|第一责任人",
    "person": "具体责任人|直接责任人|责任人",
    "handler": "具体经办人|经办人|具体承办人|承办人",
    "due": "完成时限|完成时间|时限要求|办结时限|时间节点|时限|截止时间|完成期限",
    "certifying": "考核单位|考核部门|监考单位|认定部门|数据来源",
}
FIELD_WORDS = "|".join(sorted("|".join(_NAMES_OF.values()).split("|"), key=len, reverse=True))
"""The words that open a field, longest first, for use in a pattern."""

_KEYS = {word: key for key, words in _NAMES_OF.items() for word in words.split("|")}
_OPEN, _CLOSE = "([【〔（［", ")]】〕）］"
_START = re.compile(rf"(?P<open>[(\[【〔（［])?[ \t]*(?P<name>{FIELD_WORDS})[ \t]*[:：][ \t]*")
_WORDED = re.compile(
    r"[(\[【〔（]([^()\[\]【】〔〕（）]*?(?:牵头|负责|配合|主办|协办|落实)(?:落实)?)[)\]】〕）]\s*[。.;；]?\s*$"
)
_LEADS = re.compile(r"^(?:由)?(.+?)(?:牵头负责|牵头落实|牵头|负责落实|负责|主办|落实)$")
_HELPS = re.compile(r"^(?:由)?(.+?)(?:等配合|配合|协办|参与)$")
_BARE = re.compile(r"[(（\[【]([^()（）\[\]【】0-9含除]+)[)）\]】]\s*[。.;；]?\s*$")
_OFFICE = re.compile(r".{1,18}(?:局|委|办|厅|委员会|办公室|管委会|政府|公司|中心|支队|大队|联|院|部|各县区|各县市区|各乡镇)")
_SEPARATORS = re.compile(r"[、,，;；/ \t\n]+")


def take_fields(text: str) -> tuple[str, dict[str, str]]:
    """The text without its fields, and the fields by the keys of `_NAMES_OF`."""
    fields: dict[str, str] = {}
    kept: list[str] = []
    position, is_open = 0, False
    while match := _START.search(text, position):
        kept.append(text[position : match.start()] if not is_open else "")
        is_open = is_open or bool(match["open"])
        end, closes = _end_of_value(text, match.end())
        value = text[match.end() : end].strip(" \t\n。.;；,，")
        key = _KEYS[match["name"]]
        fields[key] = f"{fields[key]}、{value}" if fields.get(key) else value
        if closes and is_open:
            end, is_open = end + 1, False
        position = end
    rest = "".join(kept) + text[position:]
    return (rest, fields) if fields else _take_worded(rest)


def _end_of_value(text: str, start: int) -> tuple[int, bool]:
    """Where a field's value ends, and whether a closing bracket of an outer pair ended it."""
    depth = 0
    for position in range(start, len(text)):
        sign = text[position]
        if sign in _OPEN:
            if _START.match(text, position):
                return position, False
            depth += 1
        elif sign in _CLOSE:
            if depth == 0:
                return position, True
            depth -= 1
        elif depth == 0 and (sign in "\n。" or (position > start and _begins_field(text, position))):
            return position, False
    return len(text), False


def _begins_field(text: str, position: int) -> bool:
    """A new field begins after a separator; 责任单位 inside a unit's name does not count."""
    return text[position - 1] in " \t;；,，、。\u3000" and _START.match(text, position) is not None


def _take_worded(text: str) -> tuple[str, dict[str, str]]:
    """（市发改委牵头,市财政局配合） or offices alone in brackets at the end."""
    match = _WORDED.search(text)
    if match:
        fields = _offices_in_words(match[1])
        if fields:
            return text[: match.start()], fields
    match = _BARE.search(text)
    if match and all(_OFFICE.fullmatch(name) for name in names_in(match[1])):
        return text[: match.start()], {"responsible": match[1]}
    return text, {}


def _offices_in_words(words: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for phrase in re.split(r"[,，;；]", words):
        helps, lead = _HELPS.match(phrase.strip()), _LEADS.match(phrase.strip())
        if helps:
            fields["supporting"] = helps[1]
        elif lead:
            key = "responsible" if "lead" in fields or "牵头" not in phrase else "lead"
            fields[key] = lead[1]
    return fields


def names_in(text: str) -> tuple[str, ...]:
    """The units of a list, in its order."""
    pieces = (re.sub(r"等$|^[及和]", "", piece.strip()) for piece in _SEPARATORS.split(text))
    return tuple(piece for piece in pieces if piece)


def lead_and_supporting(fields: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """Lead unit and the others; where no lead is named the first unit of the list leads (domain notes §1)."""
    leads, others = names_in(fields.get("lead", "")), names_in(fields.get("responsible", ""))
    lead, *rest = (leads or others) or ("",)
    supporting = [*rest, *(others if leads else ()), *names_in(fields.get("supporting", ""))]
    return lead, tuple(dict.fromkeys(name for name in supporting if name != lead))
