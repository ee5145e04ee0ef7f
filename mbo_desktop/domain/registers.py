"""Where targets come from (meetings, documents and their items), and the registers of numbers.

Domain notes, founding speech and §2.4: targets come from the province's agreement, the Party's
economic conference, 政府工作报告 and decisions of 常务会议; §4 item 4: what is not covered shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity, RecordId
from mbo_desktop.errors import InputError


class SourceKind(Choice):
    """Whether targets come from a meeting or from a document."""

    MEETING = "meeting", "会议"
    DOCUMENT = "document", "文件"


STARTING_GENRES: dict[SourceKind, tuple[str, ...]] = {
    SourceKind.MEETING: ("市政府常务会议", "两会", "市委经济工作会议", "市政府全体会议", "专题会议"),
    SourceKind.DOCUMENT: ("省责任书", "政府工作报告", "省政府文件", "五年规划", "会议纪要", "市政府文件"),
}
"""Kinds offered in the lists; any other text may be typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Entity):
    """A meeting or a document of a year that targets come from."""

    type_name: ClassVar[str] = "source"

    year: int
    kind: SourceKind
    name: str
    """For example 市政府第3次常务会议, 2020年政府工作报告."""
    genre: str = ""
    """市政府常务会议, 两会, 省责任书 …; free text."""
    number: str = ""
    """文号 or 第N次."""
    issued_by: str = ""
    dated: date | None = None
    """Day of the meeting or of the document."""
    ord: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceItem(Entity):
    """One item (任务, 议定事项, 条目) of a meeting or document."""

    type_name: ClassVar[str] = "source_item"

    source: RecordId
    text: str
    label: str = ""
    """Its number as written: 一、, (二), 3."""
    level: int = 1
    is_heading: bool = False
    """A heading asks for no target of its own."""
    lead: str = ""
    supporting: tuple[str, ...] = ()
    due: str = ""
    ord: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLink(Entity):
    """That a target or an indicator rests on an item, or on a source as a whole (natural key: both)."""

    type_name: ClassVar[str] = "source_link"

    origin: RecordId
    """A `SourceItem`, or a `Source` that has no items."""
    subject: RecordId
    """An `Indicator` or a `Target`."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSeries(Entity):
    """The register of one kind of numbers in a year (natural key: both)."""

    type_name: ClassVar[str] = "number_series"

    kind: str
    """文号, 督查通报, 整改通知 …; free text."""
    year: int
    pattern: str
    """With {号} and, where wanted, {年}: 示政目〔{年}〕{号}号, 第{号}期."""
    last: int = 0
    """The last number given out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedNumber(Entity):
    """A number that was given out (natural key: kind, year, number); void ones stay."""

    type_name: ClassVar[str] = "issued_number"

    kind: str
    year: int
    number: int
    text: str
    """As printed."""
    title: str = ""
    """What it was given to."""
    subject: RecordId | None = None
    issued_on: date | None = None
    is_void: bool = False
    void_reason: str = ""
    voided_on: date | None = None


DEFAULT_PATTERN = "〔{年}〕{号}号"
STARTING_PATTERNS = {
    "文号": DEFAULT_PATTERN, "督查通报": "第{号}期", "督查专报": "第{号}期", "情况通报": "第{号}期",
    "责任书": "责任书〔{年}〕{号}号", "调整通知": "调整〔{年}〕{号}号", "督查通知": "督〔{年}〕{号}号", "整改通知": "整改〔{年}〕{号}号",
    "督查事项": "督办〔{年}〕{号}号", "交办通知": "交办〔{年}〕{号}号", "督查催办": "催办〔{年}〕{号}号",
    "三色督办": "督色〔{年}〕{号}号",
}  # fmt: skip
"""Patterns a kind starts with in the first year it is used."""
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_pattern(pattern: str) -> str:
    """The pattern without blanks around it; InputError when it has no {号} or an unknown mark."""
    text = pattern.strip()
    marks = _PLACEHOLDER.findall(text)
    unknown = [mark for mark in marks if mark not in ("年", "号")]
    rest = _PLACEHOLDER.sub("", text)
    if unknown or "{" in rest or "}" in rest:
        raise InputError(
            f"编号格式“{text}”中有不认识的标记。", "只能用 {年} 和 {号},例如 示政目〔{年}〕{号}号。"
        )
    if "号" not in marks:
        raise InputError(f"编号格式“{text}”没有序号的位置。", "请写上 {号},例如 第{号}期。")
    return text


def number_in(pattern: str, year: int, text: str) -> int | None:
    """The running number of a text made with the pattern, None for any other text: 〔2020〕3号 → 3."""
    parts = re.split(r"(\{年\}|\{号\})", pattern)
    known = {"{年}": str(year), "{号}": r"(?P<number>[1-9]\d*)"}
    seen = re.fullmatch("".join(known.get(part, re.escape(part)) for part in parts), text.strip())
    return int(seen["number"]) if seen else None


def number_text(pattern: str, year: int, number: int) -> str:
    """The number as printed: 〔{年}〕{号}号, 2020, 3 → 〔2020〕3号."""
    return pattern.replace("{年}", str(year)).replace("{号}", str(number))
