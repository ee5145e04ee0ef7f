"""Sealing a scheme's results: what was approved is kept as a picture with its workings; unsealed only with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from mbo_desktop import clock
from mbo_desktop.domain.assessment import (
    AssessmentStep,
    BonusItem,
    Objection,
    ResultItem,
    Scheme,
    SealedPart,
    SealedScore,
    SealedVeto,
    StepDone,
    Veto,
)
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.results import Completion, TargetResult, UnitResult
from mbo_desktop.errors import Cancelled, InputError, NotAllowedError
from mbo_desktop.services import office_words, sealing
from mbo_desktop.services.fact_book import Cell, Entry
from mbo_desktop.services.objections import deadline, objections
from mbo_desktop.services.scheme_items import TO_CONFIRM
from mbo_desktop.services.scheme_state import sealing_done
from mbo_desktop.services.score_board import ScoreBoard, UnitScore, missing_cells
from mbo_desktop.services.score_sources import Sources
from mbo_desktop.services.score_status import (
    status_of_entry,
    statuses,
    targets_of,
    year_amount,
    year_words,
)
from mbo_desktop.services.score_workings import total_of_board, working_of
from mbo_desktop.services.scores import board as score_board
from mbo_desktop.services.sealed_boards import pictures_of
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.scores import Head

MARK = "考核封存时由考核数据记入"
"""Note of a TargetResult that sealing made; unsealing takes it back."""


@dataclass(frozen=True, slots=True)
class SealOutcome:
    """What sealing wrote."""

    units: int
    results: int
    without: tuple[str, ...]
    """Units that have no result (nothing of them counts)."""


def open_points(store: Store, scheme: RecordId) -> tuple[str, ...]:
    """What stands against sealing: missing figures, open objections, steps not done, rules to confirm."""
    found = score_board(store, scheme)
    said = list(found.problems)
    lacking = list(missing_cells(found))
    if lacking:
        said.append(f"{len(lacking)}项得分缺数据,照此封存即按0分计,如{lacking[0][0].label}“{lacking[0][1].name}”({lacking[0][2]})")
    empty = [
        f"{line.label}“{name}”" for line in found.units
        for name, points in line.components.items() if points is None
    ]
    if empty:
        said.append(f"{len(empty)}个单位的其他部分没有得分,如{empty[0]}")
    units = {line.unit for line in found.units}
    waiting = [one for one in objections(store, found.scheme.year)
               if one.objection.unit in units and one.objection.decided_on is None]
    if waiting:
        said.append(f"{len(waiting)}件申诉没有复核结论")
    until = deadline(store, scheme)
    if until is not None and until >= clock.today():
        said.append(f"申诉期到{show_date(until)},还没有到")
    done = {one.step for one in found.scheme.done}
    open_steps = [one.label for one in found.scheme.steps if one not in done and one is not AssessmentStep.SEAL]
    if open_steps:
        said.append(f"没有登记完成的步骤:{'、'.join(open_steps)}")
    unconfirmed = sum(TO_CONFIRM in one.note for one in found.scheme.items)
    if unconfirmed:
        said.append(f"{unconfirmed}项计分规则待确认")
    return tuple(said)


def seal(
    store: Store, year: int, scheme: RecordId, basis: str, *, although: bool = False,
    progress: Callable[[int, int, str], None] | None = None, cancelled: Callable[[], bool] | None = None,
) -> SealOutcome:
    """Keep the scheme's results as approved: a barrier; nothing of it changes until it is unsealed.

    progress(done, total, text) tells which unit is written down; cancelled() is looked at until the
    writing begins: then Cancelled is raised and nothing was written.

    Writes a SealedScore per unit with workings, UnitResult and TargetResult for next year.
    InputError without a basis; NotAllowedError when it is sealed, or while figures are missing
    or objections open (although: the meeting approved it nevertheless).
    """
    if not basis.strip():
        raise InputError("没有写明审定依据。", "请填写审定会议或文件。")
    sealing.refuse_sealed(store, year)
    found = score_board(store, scheme)
    if found.scheme.year != year:
        raise InputError(f"这个方案是{found.scheme.year}年度的。", "请核对年度。")
    if sealing_done(found.scheme):
        raise NotAllowedError("考核结果已经封存。", "不需要再操作。")
    against = open_points(store, scheme)
    if against and not although:
        raise NotAllowedError(f"还不能封存:{against[0]}。", "请先处理;确经会议审定的,可注明后照此封存。")
    day = clock.today()
    whole = targets_of(store, found)
    told, sources = statuses(store, found, whole), Sources.read_ahead(store, found)
    kept = [line for line in found.units if _has_result(line)]
    pictures = []
    for number, line in enumerate(kept):
        if cancelled is not None and cancelled():
            raise Cancelled
        if progress is not None:
            progress(number, len(kept), line.label)
        pictures.append(_picture(store, sources, found, line, basis.strip(), told))
    if progress is not None:
        progress(len(kept), len(kept), "写入封存的结果")
    with store.change(f"封存{office_words.group(store, found.scheme.peer_group)}考核结果", barrier=True) as change:
        for one in pictures:
            change.put(replace(one, id=change.named(SealedScore, year, one.unit)))
        lines = {line.unit: line for line in found.units}
        for one in pictures:
            _put_unit_result(change, year, lines[one.unit])
        results = _put_target_results(change, found, whole)
        step = StepDone(AssessmentStep.SEAL, day, store.operator, basis.strip())
        change.put(replace(found.scheme, done=(*found.scheme.done, step)))
        change.take_up(_rested_on(store, found))
    return SealOutcome(
        len(pictures), results, tuple(line.label for line in found.units if not _has_result(line))
    )


def _has_result(line: UnitScore) -> bool:
    """A unit of which nothing counts, or nothing is known yet, has none: it is not called the worst for want of data."""
    return line.total is not None and not line.unscored


def _rested_on(store: Store, found: ScoreBoard) -> set[RecordId]:
    """Records that were settled with it: undo of earlier steps passes over them."""
    units = {line.unit for line in found.units}
    year = found.scheme.year
    records = {found.scheme.id}
    for scores in (*found.book.given.values(), *found.book.components.values()):
        records |= {one.id for one in scores.values()}
    beside: list[BonusItem | Objection | Veto] = [
        *store.all(BonusItem, year=year), *store.all(Objection, year=year), *store.all(Veto, year=year),
    ]
    records |= {one.id for one in beside if one.unit in units}
    for entries in found.book.entries.values():
        records |= {entry.row.target for entry in entries.values() if entry.row is not None}
        records |= {entry.figure.record for entry in entries.values() if entry.figure is not None}
    return records


def _picture(
    store: Store, sources: Sources, found: ScoreBoard, line: UnitScore, basis: str,
    statuses: Mapping[Cell, Completion | None],
) -> SealedScore:
    items = []
    for head in found.indicators:
        cell = line.items.get(head.id)
        if cell is None:
            continue
        entry = found.book.entries[head.id][line.unit]
        actual, status = entry.facts.actual, statuses.get((head.id, line.unit))
        items.append(ResultItem(
            head.id, head.name, cell.used, cell.full, "" if entry.row is None else entry.row.shown,
            canonical(actual) if actual is not None else "" if entry.row is None else entry.row.actual_text,
            working_of(sources, found, line.unit, head.id).text, cell.missing,
            "" if status is None else status.label, cell.self_points, cell.certified, cell.reviewed,
            cell.final, cell.problem,
        ))
    ranked = sum(one.rank is not None and _has_result(one) for one in found.units)
    return SealedScore(
        id=RecordId(0), year=found.scheme.year, unit=line.unit, peer_group=found.scheme.peer_group,
        total=line.total or Decimal(0), rank=line.rank or 0, ranked=ranked, grade=line.grade,
        grade_reason=line.grade_reason, sealed_on=clock.today(), items=tuple(items), basis=basis,
        targets=line.targets, bonus=line.bonus, deduction=line.deduction, rank_before=line.rank_before,
        components=tuple(SealedPart(name, points, _digits(points)) for name, points in line.components.items()),
        vetoes=tuple(SealedVeto(mark.subject, mark.effect, mark.words) for mark in line.vetoes),
        lines=total_of_board(store, found, line.unit).lines,
    )


def _digits(value: Decimal | None) -> int:
    exponent = 0 if value is None else value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _put_unit_result(change: Change, year: int, line: UnitScore) -> None:
    record = change.named(UnitResult, year, line.unit)
    old = change.find(UnitResult, record) or UnitResult(id=record, year=year, unit=line.unit)
    change.put(replace(
        old, score=line.total, rank=line.rank, grade=line.grade,
        veto="、".join(mark.subject for mark in line.vetoes),
    ))


def _put_target_results(
    change: Change, found: ScoreBoard, whole: Mapping[RecordId, Target]
) -> int:
    """Actuals, status and scores of all unit-targets; what was typed by hand stays as it is."""
    written = 0
    lines = {line.unit: line for line in found.units}
    for head in found.indicators:
        for unit, entry in found.book.entries[head.id].items():
            if entry.row is None or not _has_result(lines[unit]):
                continue
            record = change.named(TargetResult, head.id, unit)
            old = change.find(TargetResult, record)
            new = old or TargetResult(id=record, indicator=head.id, unit=unit, note=MARK)
            score = lines[unit].items[head.id].used
            new = replace(new, score=score)
            if old is None:
                new = _filled(new, entry, whole.get(entry.row.target), head)
            if new != old:
                change.put(new)
                written += 1
    return written


def _filled(
    new: TargetResult, entry: Entry, target: Target | None, head: Head
) -> TargetResult:
    """What was reported as the year's result: the actual in the indicator's unit, else in words."""
    status = status_of_entry(entry, head, None if target is None else target.value)
    if entry.absent:
        return replace(new, completion=status)
    actual = year_amount(entry, head)
    return replace(
        new, actual=actual, actual_text=year_words(entry) if actual is None else "", completion=status
    )


def unseal(store: Store, scheme: RecordId, reason: str) -> None:
    """解封: logged with its reason, a barrier; pictures and the results that sealing made are taken back.

    InputError without a reason; NotAllowedError when it is not sealed, or the year is.
    """
    if not reason.strip():
        raise InputError("没有写明解封的理由。", "请写明理由后再解封。")
    found = store.get(Scheme, scheme)
    sealing.refuse_sealed(store, found.year)
    if not sealing_done(found):
        raise NotAllowedError("考核结果没有封存。", "不需要解封。")
    pictures = store.all(SealedScore, year=found.year, peer_group=found.peer_group)
    made = _made_by_sealing(store, found, [one.unit for one in pictures])
    typed = _typed_with_sealed_scores(store, pictures)
    with store.change(f"解封{office_words.group(store, found.peer_group)}考核结果:{reason.strip()[:30]}", barrier=True) as change:
        for one in pictures:
            change.delete(one.id)
            _take_back(change, one)
        for record in made:
            change.delete(record)
        for result in typed:
            change.put(replace(result, score=None))
        kept = tuple(one for one in found.done if one.step not in (AssessmentStep.SEAL, AssessmentStep.APPROVE))
        note = f"{clock.today().isoformat()}解封({store.operator}):{reason.strip()}"
        change.put(replace(found, done=kept, note=";".join(p for p in (found.note, note) if p)))


def _take_back(change: Change, picture: SealedScore) -> None:
    """The unit's result as far as sealing wrote it; honours and notes stay."""
    record = change.named(UnitResult, picture.year, picture.unit)
    old = change.find(UnitResult, record)
    if old is None or old.score != picture.total:
        return
    new = replace(old, score=None, rank=None, grade="", veto="")
    if new == UnitResult(id=record, year=picture.year, unit=picture.unit):
        change.delete(record)
    else:
        change.put(new)


def _made_by_sealing(store: Store, scheme: Scheme, units: Sequence[RecordId]) -> list[RecordId]:
    wanted = set(units)
    found = []
    for item in scheme.items:
        found += [
            one.id for one in store.all(TargetResult, indicator=item.indicator)
            if one.unit in wanted and one.note == MARK
        ]
    return found


def _typed_with_sealed_scores(store: Store, pictures: Sequence[SealedScore]) -> list[TargetResult]:
    """Results typed by hand whose score was written by the sealing: the result stays, its score goes."""
    points = {(item.indicator, one.unit): item.points for one in pictures for item in one.items}
    return [
        result for record in dict.fromkeys(indicator for indicator, _unit in points)
        for result in store.all(TargetResult, indicator=record)
        if result.note != MARK and result.score is not None and result.score == points.get((record, result.unit))
    ]


def sealed(store: Store, year: int, peer_group: str | None = None) -> tuple[SealedScore, ...]:
    """Sealed results by group and rank, with the digits they were printed with."""
    found = [
        one for scheme in store.all(Scheme, year=year) if peer_group in (None, scheme.peer_group)
        for one in pictures_of(store, scheme).values()
    ]
    return tuple(sorted(found, key=lambda one: (one.peer_group, one.rank, one.id)))
