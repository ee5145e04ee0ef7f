"""Registers of numbers (文号, 期号, 通知编号): per kind and year, no gaps, void ones kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.registers import (
    DEFAULT_PATTERN,
    STARTING_PATTERNS,
    IssuedNumber,
    NumberSeries,
    check_pattern,
    number_in,
    number_text,
)
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A register of a year."""

    kind: str
    year: int
    pattern: str
    last: int
    next_text: str
    """What the next document will get."""


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number that was given out."""

    id: RecordId
    number: int
    text: str
    title: str
    subject: RecordId | None
    issued_on: date | None
    is_void: bool
    void_reason: str


def issue_number(
    change: Change, kind: str, year: int, *, title: str = "", subject: RecordId | None = None,
    on: date | None = None,
) -> IssuedNumber:
    """Give out the next number as a part of the change that issues (印发) the document.

    Nothing is taken when the change fails. The change should be a barrier: an undone
    number would be given out again. A kind that is new starts with its usual pattern.
    """
    name = kind.strip()
    record = change.named(NumberSeries, name, year)
    series = change.find(NumberSeries, record)
    if series is None:
        series = NumberSeries(id=record, kind=name, year=year, pattern=_first_pattern(change, name, year))
    number = series.last + 1
    # A merged copy may have given out further numbers than this register knows of.
    while change.find(IssuedNumber, change.named(IssuedNumber, name, year, number)) is not None:
        number += 1
    issued = IssuedNumber(
        id=change.named(IssuedNumber, name, year, number), kind=name, year=year, number=number,
        text=number_text(series.pattern, year, number), title=title, subject=subject,
        issued_on=on or clock.today(),
    )
    change.put(issued)
    change.put(replace(series, last=number))
    return issued


def issue(
    store: Store, kind: str, year: int, *, title: str, on: date | None = None
) -> IssuedNumber:
    """印发 a document made outside the program: the next number of its register; a barrier.

    Raises InputError without a title.
    """
    if not title.strip():
        raise InputError("没有写明编号给哪份公文。", "请填写公文标题。", "没有编号。")
    with store.change(f"编{kind.strip()}", barrier=True) as change:
        issued = issue_number(change, kind, year, title=title.strip(), on=on)
        change.take_up((issued.id,))
    return issued


def keep_number(
    store: Store, change: Change, text: str, *, title: str, on: date, year: int,
    subject: RecordId | None = None,
) -> None:
    """Enter the number that a formal act was given by hand, where a register has it.

    year: the assessment year that the act belongs to; its register is looked at beside that of
    the day, since last year's targets may be adjusted in January under a number of either year.
    The next number of a register is given out by it; one given out before may be used again (one
    paper, several acts). Raises NotAllowedError for a void number and for one that leaves a gap;
    numbers of no register of this office are let pass.
    """
    wanted = text.strip()
    if not wanted:
        return
    years = tuple(dict.fromkeys((on.year, year)))
    for known in (one for number_year in years for one in store.all(IssuedNumber, year=number_year)):
        if known.text == wanted:
            if known.is_void:
                raise NotAllowedError(f"{wanted}已经作废({known.void_reason})。", "请换一个文号。")
            return
    read = [
        (row, number)
        for number_year in years for row in series(store, number_year)
        if (number := number_in(row.pattern, number_year, wanted)) is not None
    ]
    for row, number in read:
        if number == row.last + 1:
            issue_number(change, row.kind, row.year, title=title, subject=subject, on=on)
            return
    for row, number in read:
        if row.last and number > row.last:
            raise NotAllowedError(
                f"{wanted}跳过了{row.next_text},{row.kind}连续编号不跳号。",
                f"请用{row.next_text};它已给了别的公文的,先在“工具→文号期号登记”里用“印发编号”登记。",
            )


def void_of(store: Store, change: Change, subject: RecordId, reason: str) -> int:
    """Void the numbers that were given to a document which is withdrawn; how many there were."""
    given = [one for one in store.all(IssuedNumber) if one.subject == subject and not one.is_void]
    for known in given:
        void_in(change, known.id, reason)
    return len(given)


def _first_pattern(change: Change, kind: str, year: int) -> str:
    """Last year's pattern, else the kind's usual one."""
    earlier = change.find(NumberSeries, change.named(NumberSeries, kind, year - 1))
    return earlier.pattern if earlier is not None else STARTING_PATTERNS.get(kind, DEFAULT_PATTERN)


def series(store: Store, year: int) -> tuple[SeriesRow, ...]:
    """The registers of a year: those used, and the usual kinds not used yet."""
    used = {row.kind: row for row in store.all(NumberSeries, year=year)}
    earlier = {row.kind: row.pattern for row in store.all(NumberSeries, year=year - 1)}
    found = []
    for kind in dict.fromkeys((*STARTING_PATTERNS, *earlier, *used)):
        now = used.get(kind)
        pattern = now.pattern if now else earlier.get(kind) or STARTING_PATTERNS[kind]
        last = now.last if now else 0
        found.append(SeriesRow(kind, year, pattern, last, number_text(pattern, year, last + 1)))
    return tuple(found)


def set_pattern(store: Store, kind: str, year: int, pattern: str) -> None:
    """State how the numbers of a kind look from now on in this year; InputError for a bad pattern."""
    text, name = check_pattern(pattern), kind.strip()
    if not name:
        raise InputError("编号种类没有填写。", "请填写种类,例如 文号。")
    with store.change(f"修改{name}编号格式") as change:
        record = change.named(NumberSeries, name, year)
        old = change.find(NumberSeries, record) or NumberSeries(
            id=record, kind=name, year=year, pattern=text
        )
        change.put(replace(old, pattern=text))


def start_after(store: Store, kind: str, year: int, last: int) -> None:
    """Say that numbers up to `last` were given out on paper before; only while none was given out here."""
    if last < 0:
        raise InputError(f"“{last}”不是序号。", "请填 0 或更大的整数。")
    with store.change(f"设置{kind}起始号") as change:
        if issued_numbers(store, kind.strip(), year):
            raise NotAllowedError(
                f"{year} 年的{kind}已经编过号,不能再改起始号。", "编错的号可以作废并写明原因。"
            )
        record = change.named(NumberSeries, kind.strip(), year)
        old = change.find(NumberSeries, record) or NumberSeries(
            id=record, kind=kind.strip(), year=year,
            pattern=_first_pattern(change, kind.strip(), year),
        )
        change.put(replace(old, last=last))


def issued_numbers(store: Store, kind: str, year: int) -> tuple[NumberRow, ...]:
    """All numbers of a register in order, void ones with their reason."""
    rows = [row for row in store.all(IssuedNumber, year=year) if row.kind == kind]
    return tuple(
        NumberRow(r.id, r.number, r.text, r.title, r.subject, r.issued_on, r.is_void, r.void_reason)
        for r in sorted(rows, key=lambda row: row.number)
    )


def void_number(store: Store, record: RecordId, reason: str) -> None:
    """作废: the number stays in the register and is not given out again; a barrier.

    Raises InputError without a reason, NotAllowedError when it is void already.
    """
    with store.change("作废编号", barrier=True) as change:
        void_in(change, record, reason)
        change.take_up((record,))


def void_in(change: Change, record: RecordId, reason: str) -> None:
    """The same as a part of a change (withdrawing the document)."""
    if not reason.strip():
        raise InputError("没有写明作废的原因。", "请写明原因后再作废。")
    old = change.get(IssuedNumber, record)
    if old.is_void:
        raise NotAllowedError(f"{old.text} 已经作废。", "不需要再操作。")
    change.put(
        replace(old, is_void=True, void_reason=reason.strip(), voided_on=clock.today())
    )
