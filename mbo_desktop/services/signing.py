"""The way of the copies (room 责任书): issuing, states per copy, signing at the meeting, going back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mbo_desktop import clock
from mbo_desktop.domain import workflow
from mbo_desktop.domain.adjustments import AdjustmentState
from mbo_desktop.domain.agreements import Agreement, AgreementState, AnnexRow, Snapshot
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.joint import Consent
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.target_reading import reading_problem
from mbo_desktop.errors import Cancelled, InputError, NotAllowedError
from mbo_desktop.services import adjustment_lists, joint_targets, numbering, sealing
from mbo_desktop.services.agreement_parties import party_label
from mbo_desktop.services.agreements import agreement_ids, laid_out
from mbo_desktop.services.annex import live_rows
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import carried as carried_reads
from mbo_desktop.store.queries import matrix as matrix_reads

Progress = Callable[[int, int, str], None]
CancelledNow = Callable[[], bool]

NUMBERED = "责任书"
"""The register that agreements get their numbers from."""
_NAMED = 4
"""So many units are named in a sentence."""


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A copy on the board: who holds it, where it stands and since when."""

    holder: str
    state: AgreementState
    on: date | None
    next_states: tuple[AgreementState, ...]


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a copy for the history list, latest last."""

    holder: str
    state: AgreementState
    on: date
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A unit whose agreement could not take the step, and why."""

    agreement: RecordId
    unit_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What a step of many agreements did."""

    done: tuple[RecordId, ...]
    refused: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()


def copies_of(store: Store, agreement: RecordId) -> tuple[CopyRow, ...]:
    """The copies of an agreement in the order of the template."""
    return tuple(
        CopyRow(
            copy.holder,
            copy.state,
            copy.steps[-1].on if copy.steps else None,
            workflow.states_ahead(copy.state),
        )
        for copy in store.get(Agreement, agreement).copies
    )


def steps_of(store: Store, agreement: RecordId) -> tuple[StepRow, ...]:
    """Every step of every copy in the order of days, steps back with their reason."""
    rows = [
        StepRow(copy.holder, step.state, step.on, step.by, step.reason)
        for copy in store.get(Agreement, agreement).copies
        for step in copy.steps
    ]
    return tuple(sorted(rows, key=lambda row: row.on))


def advance(
    store: Store,
    agreements: Sequence[RecordId],
    to: AgreementState,
    *,
    on: date | None = None,
    holders: Sequence[str] | None = None,
    numbered: bool = False,
    progress: Progress | None = None,
    cancelled: CancelledNow | None = None,
) -> StepOutcome:
    """Take the copies of many agreements to a state ahead, one undo step or barrier.

    on: the day (today). holders: only these copies (None: all). A draft is issued on the way:
    its snapshot is taken. 印发, 乙方已签 and 甲方已签章 are barriers. Copies that stand there or
    further already are left; agreements that cannot go are told, the others go. numbered: drafts
    without a 文号 get the next of the register 责任书, in the order given. progress(done, total, name)
    is told each one; `Cancelled` when `cancelled()`: then nothing is registered. NotAllowedError
    when a year among them is sealed.
    """
    day = on or clock.today()
    done: list[RecordId] = []
    refused: list[Refusal] = []
    warnings: list[str] = []
    issued: list[tuple[str, Snapshot]] = []
    label = f"责任书登记为{to.label}"
    is_formal = _is_formal(list(store.get_many(Agreement, tuple(agreements)).values()), to)
    with store.change(label, barrier=is_formal) as change:
        # Read once the door is held: another thread may have written until then.
        records = _of_open_years(store, agreements)
        if progress is not None:
            progress(0, len(records), "读取任务")
        live = _live_annexes(store, [record for record in records if record.snapshot is None])
        unanswered = _unanswered(store, [r for r in records if r.snapshot is None])
        for place, record in enumerate(records):
            name = party_label(store, record, day)
            if cancelled is not None and cancelled():
                raise Cancelled
            if progress is not None:
                progress(place, len(records), name)
            try:
                rows = live.get(record.id, ())
                moved = _advanced(store, record, rows, to, day, holders, name)
            except (NotAllowedError, InputError) as error:
                refused.append(Refusal(record.id, name, f"{error.what}{error.todo}"))
                continue
            if moved == record:
                continue
            if record.snapshot is None and moved.snapshot is not None:
                issued.append((name, moved.snapshot))
                warnings += [f"{name}:{text}" for text in unanswered.get(record.id, ())]
                if numbered and not record.number:
                    moved = _with_number(change, moved, f"{name} {moved.snapshot.title}", day)
            change.put(moved)
            done.append(record.id)
        if change.barrier:
            _take_up_targets(store, change, [r for r in records if r.id in live and r.id in done])
    return StepOutcome(tuple(done), tuple(refused), (*_warnings(issued), *warnings))


def _of_open_years(store: Store, agreements: Sequence[RecordId]) -> list[Agreement]:
    """These agreements in the order given, each once; NotAllowedError when a year is sealed."""
    read = store.get_many(Agreement, tuple(agreements))
    records = [read[one] for one in dict.fromkeys(agreements) if one in read]
    for year in {record.year for record in records}:
        sealing.refuse_sealed(store, year)
    return records


def _with_number(change: Change, record: Agreement, title: str, day: date) -> Agreement:
    """The agreement with the next number of its register."""
    given = numbering.issue_number(
        change, NUMBERED, record.year, title=title, subject=record.id, on=day
    )
    return replace(record, number=given.text)


def issue(
    store: Store, agreements: Sequence[RecordId], *, on: date | None = None
) -> StepOutcome:
    """印发: take the snapshot of names, clauses and annex as of that day. A barrier."""
    return advance(store, agreements, AgreementState.ISSUED, on=on)


def sign_at_meeting(
    store: Store,
    year: int,
    *,
    on: date,
    agreements: Sequence[RecordId] | None = None,
    numbered: bool = False,
    progress: Progress | None = None,
    cancelled: CancelledNow | None = None,
) -> StepOutcome:
    """会上集中签订: all copies of all (or these) agreements to 甲方已签章 on one day; drafts are issued too.

    progress and cancelled as with `advance`.
    """
    chosen = agreement_ids(store, year) if agreements is None else agreements
    return advance(
        store, chosen, AgreementState.ISSUER_SIGNED, on=on, numbered=numbered,
        progress=progress, cancelled=cancelled,
    )


def take_back(
    store: Store,
    agreement: RecordId,
    *,
    reason: str,
    holders: Sequence[str] | None = None,
    on: date | None = None,
) -> None:
    """退回状态: the copies one state back, reason obligatory; the mistaken step stays in the list."""
    day = on or clock.today()
    with store.change("退回责任书状态", barrier=True) as change:
        old = change.get(Agreement, agreement)
        sealing.refuse_sealed(store, old.year)
        copies = tuple(
            workflow.taken_back(copy, day, store.operator, reason)
            if holders is None or copy.holder in holders
            else copy
            for copy in old.copies
        )
        new = replace(old, copies=copies)
        if workflow.rank(new.state) < workflow.rank(AgreementState.ISSUER_SIGNED):
            new = replace(new, signed_on=None)
        change.put(new)


def withdraw(store: Store, agreement: RecordId, *, reason: str, on: date | None = None) -> None:
    """撤回责任书: an issued or signed agreement becomes a draft again, reason obligatory. A barrier.

    What stood is kept in the record's history; the number it was given is void. NotAllowedError in a sealed year, and while
    approved adjustments rest on what was signed: without the paper they would hang in the air.
    """
    day = on or clock.today()
    with store.change("撤回责任书", barrier=True) as change:
        old = change.get(Agreement, agreement)
        sealing.refuse_sealed(store, old.year)
        _refuse_adjusted(store, change, old)
        new = workflow.withdrawn(old, day, store.operator, reason)
        if numbering.void_of(store, change, agreement, f"撤回责任书:{reason.strip()}"):
            new = replace(new, number="")
        change.put(new)


def _refuse_adjusted(store: Store, change: Change, record: Agreement) -> None:
    if record.post is not None:
        # Adjustments are of units' targets and rest on the unit's agreement.
        return
    rows = adjustment_lists.adjustments(
        store, record.year, states=(AdjustmentState.APPROVED,), unit=record.unit
    )
    if not rows:
        return
    name = change.get(Unit, record.unit).name
    papers = "、".join(f"{row.indicator_name}{row.kind.label}" for row in rows[:3])
    more = "等" if len(rows) > 3 else ""
    raise NotAllowedError(
        f"{name}的责任书签订后已批准{len(rows)}项调整({papers}{more}),不能撤回责任书。",
        "请先在“目标调整”中撤回这些调整的批准,再撤回责任书。",
    )


def _is_formal(records: Sequence[Agreement], to: AgreementState) -> bool:
    """Whether the step issues or signs something, which undo may not take back."""
    formal = (
        AgreementState.ISSUED, AgreementState.PARTY_SIGNED, AgreementState.ISSUER_SIGNED
    )
    marks = [workflow.rank(state) for state in formal]
    goal = workflow.rank(to)
    return any(
        workflow.rank(copy.state) < mark <= goal
        for record in records
        for copy in record.copies
        for mark in marks
    )


def _live_annexes(
    store: Store, records: Sequence[Agreement]
) -> dict[RecordId, tuple[AnnexRow, ...]]:
    return live_rows(store, records)


def _take_up_targets(store: Store, change: Change, records: Sequence[Agreement]) -> None:
    """What was printed is not changed by undoing what came before."""
    for year in {record.year for record in records}:
        units = [one.unit for one in records if one.year == year and one.post is None]
        posts = [one.post for one in records if one.year == year and one.post is not None]
        change.take_up(matrix_reads.target_ids_of_year(store, year, units))
        change.take_up(line.record for line in carried_reads.nodes(store, year, units=units))
        if posts:
            change.take_up(line.record for line in carried_reads.nodes(store, year, posts=posts))


def _advanced(
    store: Store,
    record: Agreement,
    rows: Sequence[AnnexRow],
    to: AgreementState,
    on: date,
    holders: Sequence[str] | None,
    name: str,
) -> Agreement:
    by = store.operator
    if record.snapshot is None:
        if not rows:
            raise NotAllowedError(f"{name}没有目标任务,责任书不能印发。", "请先在目标体系中下达目标。")
        issued = tuple(
            workflow.advanced(copy, AgreementState.ISSUED, on, by) for copy in record.copies
        )
        snapshot = _snapshot(store, record, rows, on)
        record = replace(record, copies=issued, snapshot=snapshot)
    copies = tuple(
        workflow.advanced(copy, to, on, by)
        if (holders is None or copy.holder in holders)
        and workflow.rank(copy.state) < workflow.rank(to)
        else copy
        for copy in record.copies
    )
    moved = replace(record, copies=copies)
    signed = workflow.rank(moved.state) >= workflow.rank(AgreementState.ISSUER_SIGNED)
    if signed and moved.signed_on is None:
        moved = replace(moved, signed_on=on)
    return moved


def _snapshot(
    store: Store, record: Agreement, rows: Sequence[AnnexRow], on: date
) -> Snapshot:
    laid = laid_out(store, record, rows, on)
    return Snapshot(
        taken_on=on,
        title=laid.title,
        issuer=laid.issuer,
        party=laid.party,
        issuer_signatory=laid.issuer_signatory,
        party_signatory=laid.party_signatory,
        clauses=laid.clauses,
        rows=laid.rows,
        total_points=laid.total_points,
    )


def _unanswered(
    store: Store, records: Sequence[Agreement]
) -> dict[RecordId, list[str]]:
    """Joint targets printed although a supporting unit has not agreed, by both units' agreements."""
    found: dict[RecordId, list[str]] = {}
    of_unit = {(one.year, one.unit): one.id for one in records if one.post is None}
    for year in {year for year, _unit in of_unit}:
        for one in joint_targets.joint_targets(store, year):
            for part in one.parts:
                if part.consent is Consent.OPEN:
                    text = f"共同目标“{one.indicator_name}”的配合单位{part.unit_name}尚未答复"
                    for unit in (one.lead, part.unit):
                        if (year, unit) in of_unit:
                            found.setdefault(of_unit[year, unit], []).append(text)
    return found


def next_number(store: Store, agreements: Sequence[RecordId]) -> tuple[str, bool]:
    """What the first draft without a 文号 would get, and whether the register is in use; "" for none."""
    waiting = [
        record for record in store.get_many(Agreement, tuple(agreements)).values()
        if record.snapshot is None and not record.number
    ]
    if not waiting:
        return "", False
    row = next(one for one in numbering.series(store, waiting[0].year) if one.kind == NUMBERED)
    return row.next_text, bool(row.last)


def concerns(
    store: Store, agreements: Sequence[RecordId], *, on: date | None = None
) -> tuple[str, ...]:
    """What a clerk wants to know before drafts are issued or signed, one sentence per kind."""
    day = on or clock.today()
    records = [
        record for record in store.get_many(Agreement, tuple(agreements)).values()
        if record.snapshot is None
    ]
    live = _live_annexes(store, records)
    units = store.get_many(Unit, [record.unit for record in records])
    return _warnings([
        (party_label(store, record, day) if record.post is not None
         else units[record.unit].short_name or units[record.unit].name,
         _snapshot(store, record, live.get(record.id, ()), day))
        for record in records
    ])


def _warnings(issued: Sequence[tuple[str, Snapshot]]) -> tuple[str, ...]:
    """Blank targets, texts that look like numbers gone wrong, missing signatories."""
    blank = [name for name, one in issued if any(not row.target for row in one.rows)]
    unread = [
        f"{name}“{row.indicator}”{row.target}"
        for name, one in issued for row in one.rows if _looks_unread(row)
    ]
    issuers = dict.fromkeys(one.issuer for _name, one in issued if not one.issuer_signatory)
    nobody = [*issuers, *(name for name, one in issued if not one.party_signatory)]
    found = []
    if unread:
        found.append(f"{_some(unread)}没有读成数字,按文字印入附件")
    if blank:
        found.append(f"{_some(blank)}有目标未设定,附件中留空")
    if nobody:
        found.append(f"{_some(nobody)}没有登记第一责任人,签字处留空")
    return tuple(found)


def _some(names: Sequence[str]) -> str:
    """The first names and how many there are."""
    shown = "、".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown}等{len(names)}处"


def _looks_unread(row: AnnexRow) -> bool:
    """Whether the text in the place of a target looks like a number gone wrong (12O, 约3成)."""
    return bool(
        reading_problem(row.target, unit=row.unit_of_measure, indicator_name=row.indicator)
    )
