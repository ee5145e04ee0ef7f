"""Agreements of a year (room 责任书): made from the matrix, edited as drafts, listed on the board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from mbo_desktop import clock
from mbo_desktop.domain import workflow
from mbo_desktop.domain.agreements import (
    Agreement,
    AgreementCopy,
    AgreementLevel,
    AgreementState,
    AgreementTemplate,
    AnnexRow,
    Clause,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import agreement_texts as texts
from mbo_desktop.services import sealing
from mbo_desktop.services.agreement_differences import (
    Deviation,
    deviations,
    differing,
    explained,
)
from mbo_desktop.services.agreement_parties import (
    issuing_unit,
    parties,
    party_label,
    principal_post,
)
from mbo_desktop.services.annex import Difference, live_rows, total_points
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import agreements as reads
from mbo_desktop.store.queries.agreements import AgreementFilter, AgreementRow

__all__ = ["AgreementFilter", "AgreementRow", "Deviation", "deviations", "differing", "explained"]


@dataclass(frozen=True, slots=True)
class MadeAgreements:
    """What making agreements for many units gave."""

    made: tuple[RecordId, ...]
    existing: int
    """Units that have one already; theirs were left as they are."""
    without_targets: tuple[str, ...]
    """Short names of chosen units that have no target: no agreement was made."""
    warnings: tuple[str, ...] = ()
    """For example 「柯城区:2项目标未设定」."""


@dataclass(frozen=True, slots=True)
class AgreementDetails:
    """All of one agreement for the side panel and the editor."""

    record: Agreement
    unit_name: str
    title: str
    """As it stands on paper: from the snapshot, else laid out from template and year."""
    issuer: str
    issuer_signatory: str
    """「市长 王建国」; empty when no post or holder is recorded."""
    party_signatory: str
    clauses: tuple[Clause, ...]
    """As they stand on paper, blanks filled."""
    own_clauses: bool
    """Whether this agreement has its own instead of the template's."""
    basis: tuple[str, ...]
    differences: tuple[Difference, ...]
    """责任书与现行目标不一致; empty for drafts, whose annex is the live list."""


def board(
    store: Store,
    year: int,
    *,
    chosen: AgreementFilter | None = None,
    offset: int = 0,
    limit: int = 500,
) -> tuple[AgreementRow, ...]:
    """Units with targets or an agreement in the year, in official order."""
    return reads.board(store, year, chosen or AgreementFilter(), offset=offset, limit=limit)


def count_board(store: Store, year: int, *, chosen: AgreementFilter | None = None) -> int:
    """How many rows `board` gives in all."""
    return reads.count_board(store, year, chosen or AgreementFilter())


def state_counts(
    store: Store, year: int, level: AgreementLevel | None = None
) -> dict[AgreementState | None, int]:
    """How many units' agreements stand in each state; None: units with targets but no agreement."""
    return reads.state_counts(store, year, level)


def agreement_ids(
    store: Store, year: int, level: AgreementLevel | None = None
) -> tuple[RecordId, ...]:
    """All units' agreements of a year in official order; with a level only those of it."""
    return reads.agreement_ids(store, year, level=level)


def agreement_of(store: Store, year: int, unit: RecordId) -> RecordId | None:
    """The unit's agreement of the year, None when none was made."""
    return reads.agreement_of(store, year, unit)


def details(store: Store, agreement: RecordId) -> AgreementDetails:
    """Everything about one agreement."""
    record = store.get(Agreement, agreement)
    is_issued = record.snapshot is not None
    # What was issued is laid out from its snapshot; only a draft needs the live list.
    rows = () if is_issued else live_rows(store, (record,))[record.id]
    laid = laid_out(store, record, rows, clock.today())
    return AgreementDetails(
        record=record,
        unit_name=party_label(store, record, clock.today()),
        title=laid.title,
        issuer=laid.issuer,
        issuer_signatory=laid.issuer_signatory,
        party_signatory=laid.party_signatory,
        clauses=laid.clauses,
        own_clauses=record.clauses is not None,
        basis=record.basis,
        differences=explained(store, (agreement,)).get(agreement, ()) if is_issued else (),
    )


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The texts of an agreement as they stand on paper."""

    title: str
    issuer: str
    party: str
    issuer_signatory: str
    party_signatory: str
    clauses: tuple[Clause, ...]
    rows: tuple[AnnexRow, ...]
    total_points: Decimal | None


def laid_out(
    store: Store, record: Agreement, rows: Sequence[AnnexRow], on: date
) -> LaidOut:
    """An issued agreement's snapshot; a draft with its blanks filled and the holders of day `on`."""
    snapshot = record.snapshot
    if snapshot is not None:
        return LaidOut(
            snapshot.title, snapshot.issuer, snapshot.party, snapshot.issuer_signatory,
            snapshot.party_signatory, snapshot.clauses, snapshot.rows, snapshot.total_points,
        )
    used = template(store, record.year, personal=record.post is not None)
    both = parties(store, record, on)
    points = total_points(rows)
    values = texts.blanks(
        issuer=both.issuer,
        party=both.party,
        year=record.year,
        targets=len(rows),
        points=points,
        holders=[copy.holder for copy in record.copies],
        basis=record.basis,
        term=term_of(record),
    )
    clauses = used.clauses if record.clauses is None else record.clauses
    return LaidOut(
        title=texts.filled(record.title or used.title, values),
        issuer=both.issuer,
        party=both.party,
        issuer_signatory=both.issuer_signatory,
        party_signatory=both.party_signatory,
        clauses=texts.filled_clauses(clauses, values),
        rows=tuple(rows),
        total_points=points,
    )


def term_of(record: Agreement) -> tuple[date, date]:
    """责任期限; the calendar year where none is set."""
    return (
        record.term_from or date(record.year, 1, 1),
        record.term_until or date(record.year, 12, 31),
    )


def make_agreements(
    store: Store, year: int, units: Sequence[RecordId] | None = None,
    level: AgreementLevel | None = None,
) -> MadeAgreements:
    """Make a draft for each unit that has targets and none yet (None: all units); one undo step.

    level: only units directly below the own government, or only those below other units, whose
    superior then signs as party A.
    """
    shown = board(store, year, chosen=AgreementFilter(level=level), limit=100_000)
    rows = [row for row in shown if units is None or row.unit in units]
    fresh = [row for row in rows if row.agreement is None]
    with_rows = {row.unit for row in rows}
    missing = [unit for unit in units or () if unit not in with_rows]
    names = store.get_many(Unit, tuple(missing))
    made: list[RecordId] = []
    with store.change("生成责任书") as change:
        sealing.refuse_sealed(store, year)
        used = template_in(store, change, year) if fresh else template(store, year)
        for row in fresh:
            record = change.named(Agreement, year, row.unit)
            change.put(
                Agreement(
                    id=record,
                    year=year,
                    unit=row.unit,
                    template=used.id,
                    issuer_post=principal_post(store, issuing_unit(store, row.unit)),
                    party_post=principal_post(store, row.unit),
                    copies=tuple(AgreementCopy(holder) for holder in used.copies),
                )
            )
            made.append(record)
    warnings = tuple(
        f"{row.short_name}:{row.not_set}项目标未设定" for row in fresh if row.not_set
    )
    return MadeAgreements(
        tuple(made),
        len(rows) - len(fresh),
        tuple(names[unit].short_name or names[unit].name for unit in missing if unit in names),
        warnings,
    )


def template(store: Store, year: int, *, personal: bool = False) -> AgreementTemplate:
    """The year's clauses, of units or of people; the starting text (record 0) until first used or changed."""
    name = texts.PERSONAL_NAME if personal else texts.TEMPLATE_NAME
    found = store.all(AgreementTemplate, year=year, name=name)
    return found[0] if found else _starting_template(RecordId(0), year, personal=personal)


def set_numbers(store: Store, numbers: Mapping[RecordId, str]) -> None:
    """Give drafts their 文号, one undo step; raises NotAllowedError when one was issued."""
    with store.change("修改责任书文号") as change:
        change.put_all(
            [replace(draft_in(store, change, record), number=text.strip()) for record, text in numbers.items()]
        )


def delete_drafts(store: Store, agreements: Sequence[RecordId]) -> int:
    """Delete drafts; raises NotAllowedError naming those that were issued."""
    with store.change("删除责任书") as change:
        for agreement in agreements:
            draft_in(store, change, agreement)
            change.delete(agreement)
    return len(agreements)


def draft_in(store: Store, change: Change, agreement: RecordId) -> Agreement:
    """The agreement when it may be edited; NotAllowedError once it was issued or its year sealed."""
    record = change.get(Agreement, agreement)
    sealing.refuse_sealed(store, record.year)
    if workflow.is_fixed(record):
        name = party_label(store, record, clock.today())
        raise NotAllowedError(
            f"{name}的责任书已{record.state.label.removeprefix('已')},内容不能再改。",
            "确需改动的,用“撤回责任书”并写明原因;目标值的变动不影响已印发的文本。",
        )
    return record


def _starting_template(record: RecordId, year: int, *, personal: bool) -> AgreementTemplate:
    if personal:
        return AgreementTemplate(
            id=record, year=year, name=texts.PERSONAL_NAME, title=texts.PERSONAL_TITLE,
            clauses=texts.PERSONAL_CLAUSES,
        )
    return AgreementTemplate(
        id=record, year=year, name=texts.TEMPLATE_NAME, title=texts.STARTING_TITLE,
        clauses=texts.STARTING_CLAUSES,
    )


def template_in(
    store: Store, change: Change, year: int, *, personal: bool = False
) -> AgreementTemplate:
    found = template(store, year, personal=personal)
    if found.id:
        return found
    record = change.named(AgreementTemplate, year, found.name)
    made = _starting_template(record, year, personal=personal)
    change.put(made)
    return made


def required_text(text: str, what: str) -> str:
    if not text.strip():
        raise InputError(f"{what}没有填写。", f"请填写{what}。")
    return text.strip()


def filled_lines(texts_: Sequence[str]) -> tuple[str, ...]:
    return tuple(text.strip() for text in texts_ if text.strip())


def named_holders(copies: Sequence[str]) -> tuple[str, ...]:
    holders = tuple(dict.fromkeys(filled_lines(copies)))
    if not holders:
        raise InputError("责任书至少要有一份。", "请填写各份由谁持有,例如 甲方、乙方。")
    return holders
