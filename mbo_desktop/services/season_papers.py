"""Papers of the signing season from records: register, meeting sheet, who has not signed, comparison, cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain import workflow
from mbo_desktop.domain.agreements import (
    Agreement,
    AgreementCopy,
    AgreementLevel,
    AgreementState,
)
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Person
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.services import agreements as agreement_service
from mbo_desktop.services import comparison, office_words, people, personal_agreements, session
from mbo_desktop.services.agreements import AgreementFilter, AgreementRow
from mbo_desktop.services.paper_heads import government, made, required
from mbo_desktop.services.planning_framework import FrameworkFilter
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document

_NEXT_STEPS = {
    AgreementState.DRAFT: "待印发",
    AgreementState.ISSUED: "待领取",
    AgreementState.COLLECTED: "待乙方签字",
    AgreementState.PARTY_SIGNED: "待收回",
    AgreementState.RETURNED: "待甲方签章",
}
"""What a copy in this state still lacks."""


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A unit that has targets but no agreement signed on both sides."""

    unit: RecordId
    unit_name: str
    group: str
    agreement: RecordId | None
    state: str
    since: date | None
    """Day the least advanced copy came to its state."""
    missing: str
    """「甲方、乙方份待收回;目标办份待领取」."""
    principal: str
    phone: str


def not_signed(
    store: Store, year: int, level: AgreementLevel | None = None
) -> tuple[Unsigned, ...]:
    """Units (or people) of the year whose agreement is not signed by both sides, in official order."""
    rows = [row for row in _board(store, year, level) if not _is_signed(row)]
    records = _records(store, rows)
    return tuple(_unsigned(store, row, records) for row in rows)


def register_document(
    store: Store, year: int, level: AgreementLevel | None = None
) -> Document:
    """签订登记表 of all agreements; raises InputError when none was made."""
    from mbo_desktop.documents.signing_papers import RegisterLine, SigningPaper, signing_register

    rows = [row for row in _board(store, year, level) if row.agreement is not None]
    required(rows, f"{year} 年度还没有责任书。", "请先在“责任书”中生成。")
    records = _records(store, rows)
    lines = []
    for row in rows:
        assert row.agreement is not None
        record = records[row.agreement]
        snapshot = record.snapshot
        points = row.points if snapshot is None else snapshot.total_points
        days = {state: _reached(record.copies, state, year) for state in AgreementState}
        lines.append(
            RegisterLine(
                row.unit_name, row.number,
                str(row.targets if snapshot is None else len(snapshot.rows)),
                "" if not points else canonical(points), str(len(record.copies)),
                days[AgreementState.ISSUED], days[AgreementState.COLLECTED],
                days[AgreementState.PARTY_SIGNED], days[AgreementState.RETURNED],
                days[AgreementState.ISSUER_SIGNED], days[AgreementState.ARCHIVED],
            )
        )
    return signing_register(
        SigningPaper(
            f"{government(store)}{year}年度目标责任书签订登记表", tuple(lines), *made(store),
            ("注：日期为各份中最迟一份办理的日期，有一份未办理的留空。",),
        )
    )


def signing_sheet_document(
    store: Store, year: int, level: AgreementLevel | None = None, *, on: date | None = None
) -> Document:
    """会上签字表 of all units that have targets, in official order, with who holds the post on the day."""
    from mbo_desktop.documents.signing_papers import SheetLine, SigningPaper, signing_sheet

    rows = _board(store, year, level)
    required(rows, f"{year} 年度还没有下达目标。", "请先在“目标体系”中录入或导入。")
    records = _records(store, rows)
    day = on or clock.today()
    usual = len(agreement_service.template(store, year).copies)
    lines = []
    for row in rows:
        record = None if row.agreement is None else records[row.agreement]
        holder = people.principal_of(store, row.unit, on=day)
        signatory = f"{holder.title} {holder.name}" if holder.name else ""
        lines.append(
            SheetLine(
                office_words.kind(store, row.kind), row.unit_name, signatory if row.post is None else row.person,
                str(len(record.copies) if record is not None else usual),
                "" if record is not None else "责任书未生成",
            )
        )
    own = session.office(store).name
    title = f"{government(store)}{year}年度目标责任书签字表"
    return signing_sheet(SigningPaper(title, tuple(lines), own, show_date(day)))


def not_signed_document(
    store: Store, year: int, level: AgreementLevel | None = None
) -> Document:
    """尚未签订责任书单位名单; raises InputError when all have signed."""
    from mbo_desktop.documents.signing_papers import SigningPaper, UnsignedLine, unsigned_list

    rows = not_signed(store, year, level)
    required(rows, f"{year} 年度的责任书都已签订,没有未签订的单位。", "不需要打印这份名单。")
    lines = tuple(
        UnsignedLine(
            row.group, row.unit_name, row.state, _day(row.since, year),
            row.missing.replace(";", "；"), row.principal, row.phone,
        )
        for row in rows
    )
    total = len(_board(store, year, level))
    what, each = ("人", "人") if level is AgreementLevel.PERSON else ("个单位", "个")
    note = f"共{total}{what}，已签订{total - len(lines)}{each}，未签订{len(lines)}{each}。"
    whose = "人员" if level is AgreementLevel.PERSON else "单位"
    title = f"{government(store)}{year}年度尚未签订目标责任书{whose}名单"
    return unsigned_list(SigningPaper(title, lines, *made(store), (note,)))


def cover_document(store: Store, year: int, level: AgreementLevel | None = None) -> Document:
    """The cover of the year's bound agreements with their list in official order."""
    from mbo_desktop.documents.cover import CoverPaper
    from mbo_desktop.documents.cover import cover_document as laid_out

    rows = [row for row in _board(store, year, level) if row.agreement is not None]
    required(rows, f"{year} 年度还没有责任书。", "请先在“责任书”中生成。")
    days = [row.signed_on for row in rows if row.signed_on is not None]
    day = max(days) if days else clock.today()
    return laid_out(
        CoverPaper(
            f"{year}年度目标管理责任书汇编", government(store), session.office(store).name,
            f"{day.year}年{day.month}月",
            contents=tuple((row.unit_name, row.number) for row in rows),
        )
    )


def comparison_document(
    store: Store, year: int, *, years: int = comparison.YEARS,
    chosen: FrameworkFilter | None = None, paper: str = "",
) -> Document:
    """The comparison table of the indicators that can be compared; raises InputError when none can.

    Left out and counted in a note: indicators with no figure from outside and none of earlier years.
    """
    from mbo_desktop.documents.comparison_paper import ComparisonLine, ComparisonPaper
    from mbo_desktop.documents.comparison_paper import comparison_document as laid_out

    every = comparison.rows(store, year, years=years, chosen=chosen)
    required(every, f"{year} 年度还没有指标。", "请先在“目标体系”中录入或导入。")
    rows = [row for row in every if row.is_comparable]
    required(rows, f"{year} 年度的指标还没有外部数据,也没有历年实绩。", "请先在“目标体系→对比”中录入或粘贴。")
    lines = tuple(
        ComparisonLine(
            row.category, row.name, row.unit_of_measure, row.own,
            _SHORT_KINDS.get(row.own_kind, row.own_kind.label),
            row.own_growth, row.province_target, row.province_average, row.rank, row.neighbours,
            row.plan_target, row.gap_text.replace(";", "；"),
            tuple(point.own for point in row.history),
        )
        for row in rows
    )
    return laid_out(
        ComparisonPaper(
            f"{government(store)}{year}年度目标对比表", lines,
            tuple(point.year for point in rows[0].history), *made(store),
            _comparison_notes(every, rows), paper,
        )
    )


_SHORT_KINDS = {comparison.OwnKind.UNIT_SUM: "单位合计"}
"""Words that would be cut in two in their narrow column."""


def _comparison_notes(
    every: Sequence[comparison.ComparisonRow], shown: Sequence[comparison.ComparisonRow]
) -> tuple[str, ...]:
    behind = sum(row.is_behind for row in shown)
    left_out = len(every) - len(shown)
    said = f"其中低于省定目标{behind}项" if behind else ""
    if left_out:
        said = "，".join(part for part in (said, f"另有{left_out}项没有外部数据和历年实绩，未列入") if part)
    return (f"注：共列{len(shown)}项指标，{said}。",) if said else ()


def _board(
    store: Store, year: int, level: AgreementLevel | None = None
) -> tuple[AgreementRow, ...]:
    if level is AgreementLevel.PERSON:
        return personal_agreements.personal_board(store, year)
    chosen = AgreementFilter(level=level)
    return agreement_service.board(store, year, chosen=chosen, limit=100_000)


def _records(store: Store, rows: Sequence[AgreementRow]) -> dict[RecordId, Agreement]:
    return store.get_many(Agreement, [row.agreement for row in rows if row.agreement is not None])


def _is_signed(row: AgreementRow) -> bool:
    return row.state is not None and (
        workflow.rank(row.state) >= workflow.rank(AgreementState.ISSUER_SIGNED)
    )


def _unsigned(store: Store, row: AgreementRow, records: dict[RecordId, Agreement]) -> Unsigned:
    record = None if row.agreement is None else records[row.agreement]
    holder = people.principal_of(store, row.unit)
    person = None if holder.person is None else store.find(Person, holder.person)
    name, phone = holder.name, "" if person is None else person.phone
    if row.post is not None:
        name, phone = row.person, row.phone
    since = None
    if record is not None:
        days = [copy.steps[-1].on for copy in record.copies if copy.state is record.state and copy.steps]
        since = max(days, default=None)
    return Unsigned(
        row.unit, row.unit_name, office_words.kind(store, row.kind), row.agreement,
        "未生成" if row.state is None else row.state.label, since,
        "未生成责任书" if record is None else _missing(record), name, phone,
    )


def _missing(record: Agreement) -> str:
    """What the copies lack, those that lack the same named together."""
    lacking: dict[str, list[str]] = {}
    for copy in record.copies:
        step = _NEXT_STEPS.get(copy.state)
        if step is not None:
            lacking.setdefault(step, []).append(copy.holder)
    if len(lacking) == 1 and len(next(iter(lacking.values()))) == len(record.copies):
        return next(iter(lacking))
    return ";".join(f"{'、'.join(holders)}份{step}" for step, holders in lacking.items())


def _reached(copies: Sequence[AgreementCopy], state: AgreementState, year: int) -> str:
    """The day the last of all copies came to a state and stayed there or beyond; "" before that."""
    if any(workflow.rank(copy.state) < workflow.rank(state) for copy in copies):
        return ""
    # A copy that was taken back and sent again counts from the last time.
    days = [[step.on for step in copy.steps if step.state is state][-1:] for copy in copies]
    return _day(max((day for found in days for day in found), default=None), year)


def _day(day: date | None, year: int) -> str:
    """「3月5日」 in the year itself, with the year else."""
    if day is None:
        return ""
    return f"{day.month}月{day.day}日" if day.year == year else show_date(day)
