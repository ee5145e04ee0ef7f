"""Statistics of the year: the speech's sentences by unit, group, category, strategy, leader; what was not met; lists from grades.

Statuses are the recorded ones, else by the rule on the year's result, else on the December
figure that counts. Withdrawn and N/A targets count nowhere; undecided ones are said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from mbo_desktop.domain import account as rules
from mbo_desktop.domain.account import AccountCounts
from mbo_desktop.domain.adjustments import WITHDRAWN
from mbo_desktop.domain.assessment import GivenScore, Scheme
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.planning import Target, Year
from mbo_desktop.domain.plausibility import RATES
from mbo_desktop.domain.progress import shares_adding_up
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.results import Completion, completion_by_rule, read_completion
from mbo_desktop.domain.targets import TargetForm, TargetValue
from mbo_desktop.services import level_words, office_words, results
from mbo_desktop.services.fact_book import COUNTING
from mbo_desktop.services.results import ResultRow
from mbo_desktop.services.scheme_state import sealing_done
from mbo_desktop.services.scores import board as score_board
from mbo_desktop.services.sealing_scores import sealed
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import account as reads
from mbo_desktop.store.queries import progress_sides
from mbo_desktop.store.queries import scores as score_reads
from mbo_desktop.store.queries.scores import CellRow, FigureRow, Head


class Axis(Choice):
    """By what the account is broken down."""

    ALL = "all", "全部"
    GROUP = "group", "考核分组"
    UNIT = "unit", "单位"
    CATEGORY = "category", "类别"
    STRATEGY = "strategy", "战略"
    LEADER = "leader", "责任领导"


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A line of the account; shares in %, adding to 100 (None while nothing is decided)."""

    name: str
    counts: AccountCounts
    done_share: Decimal | None
    undone_share: Decimal | None
    sentence: str


@dataclass(frozen=True, slots=True)
class StatusShare:
    """How many targets have a status, in % of all decided ones; the shares add to 100.0."""

    status: Completion
    number: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class UnmetRow:
    """A target that was not met, with its causes as reported."""

    unit: RecordId
    unit_label: str
    indicator: RecordId
    title: str
    category: str
    target: str
    actual: str
    unit_of_measure: str
    status: Completion
    cause: str
    """客观 or 主观, "" when nothing was said."""
    cause_text: str
    own_effort: str
    measure: str
    reason: str
    """From the 认定."""


@dataclass(frozen=True, slots=True)
class Award:
    """A unit on a list of commendation or criticism."""

    unit: RecordId
    label: str
    peer_group: str
    total: Decimal
    rank: int
    grade: str
    reason: str
    vetoes: tuple[str, ...]
    is_final: bool
    """Sealed; else the figures are provisional."""
    missing: int = 0
    """Scores without their figures: rank and grade are not settled, the unit is on no list."""
    unscored: bool = False
    """Not one figure is there."""

    @property
    def total_words(self) -> str:
        """The total as it is told; — while there is nothing to tell."""
        return "—" if self.unscored else f"{self.total:f}"


def settled_rows(store: Store, year: int) -> tuple[ResultRow, ...]:
    """All targets of units in the year with their status; the own government's whole left out.

    Where no result was entered, the word of the assessment (认定) stands in, else December's figure.
    """
    rows = tuple(
        # N/A by its value, but withdrawn by decision: the remark names it.
        replace(row, completion=Completion.WITHDRAWN)
        if row.completion is Completion.NOT_APPLICABLE and row.target == WITHDRAWN.text else row
        for row in results.of_units(store, results.rows(store, year))
    )
    open_rows = [row for row in rows if row.completion is None]
    if not open_rows:
        return rows
    heads = score_reads.heads(store, year)
    indicators = list({row.indicator for row in open_rows})
    cells = {
        (one.indicator, one.unit): one
        for one in score_reads.cells(store, indicators, list({row.unit for row in open_rows}))
    }
    targets = [one.target for one in cells.values()]
    figures = score_reads.counted_figures(store, targets, 12)
    told = _words_given(store, targets)
    wanted = [
        cells[row.indicator, row.unit].target for row in open_rows
        if (row.indicator, row.unit) in cells and cells[row.indicator, row.unit].target in figures
    ]
    values = {record: one.value for record, one in store.get_many(Target, wanted).items()}
    found = []
    for row in rows:
        cell = cells.get((row.indicator, row.unit)) if row.completion is None else None
        figure = None if cell is None else figures.get(cell.target)
        word = None if cell is None else told.get(cell.target)
        if word is not None:
            found.append(replace(row, completion=word))
            continue
        if cell is None or figure is None:
            found.append(row)
            continue
        head = heads[row.indicator]
        status = status_of(values.get(cell.target), cell, figure, head)
        said = row.actual or (figure.typed if figure.amount is None else canonical(figure.amount))
        found.append(replace(row, completion=status, actual=said))
    return tuple(found)


def _words_given(store: Store, targets: Sequence[RecordId]) -> dict[RecordId, Completion]:
    """What the assessment recognised in a word, by target: final before reviewed before certified."""
    records = score_reads.given_records(store, targets)
    found: dict[RecordId, Completion] = {}
    given = store.get_many(GivenScore, records).values() if records else ()
    for kind in reversed(COUNTING):
        for one in given:
            status = read_completion(one.word) if one.kind is kind and one.word else None
            if status is not None:
                found[one.subject] = status
    return found


def status_of(
    value: TargetValue | None, cell: CellRow, figure: FigureRow, head: Head
) -> Completion | None:
    """The status that a reported figure gives; growth targets are reported as growth."""
    if figure.amount is None:
        return read_completion(figure.typed) if figure.typed else None
    if value is None or value.counted.amount is None:
        return None
    growth = cell.form in (TargetForm.GROWTH, TargetForm.DECREASE_RATE)
    if not growth or head.unit_of_measure in RATES:
        unit = value.counted.unit or head.unit_of_measure
        return completion_by_rule(value, figure.amount, unit=unit, direction=head.direction)
    over = figure.amount - value.counted.amount
    if over > 0:
        return Completion.EXCEEDED
    return Completion.MET if over == 0 and not value.counted.strict else Completion.NOT_MET


def account(
    store: Store, year: int, axis: Axis = Axis.ALL, *, digits: int = 1,
    rows: Sequence[ResultRow] | None = None,
) -> tuple[AccountLine, ...]:
    """The sentence of account for the year or each part of it; parts in official order, empty ones left out."""
    listed = settled_rows(store, year) if rows is None else rows
    substantial = _substantial(store, year)
    who, said_by = level_words.government_word(store), []
    for name, part in _parts(store, year, axis, listed):
        counts = rules.count([one.completion for one in part], substantial_counts_as_met=substantial)
        done, undone = counts.shares(digits) if counts.total else (None, None)
        sentence = _sentence(store, year, axis, name, who, counts, digits, part)
        said_by.append(AccountLine(name, counts, done, undone, sentence))
    return tuple(said_by)


def done_and_undone(
    store: Store, year: int, statuses: Iterable[Completion | None]
) -> tuple[int, int]:
    """(完成和超额完成, 未完成) among statuses, 基本完成 counted as the year says."""
    counts = rules.count(statuses, substantial_counts_as_met=_substantial(store, year))
    return counts.done, counts.undone


def part_of(
    store: Store, year: int, axis: Axis, name: str, *, rows: Sequence[ResultRow] | None = None
) -> frozenset[tuple[RecordId, RecordId]]:
    """(indicator, unit) of the targets behind a line of the account; none for an unknown name."""
    listed = settled_rows(store, year) if rows is None else rows
    return frozenset(
        (row.indicator, row.unit)
        for one, part in _parts(store, year, axis, listed) if one == name for row in part
    )


def _substantial(store: Store, year: int) -> bool:
    return any(one.substantial_counts_as_met for one in store.all(Year, number=year))


def _parts(
    store: Store, year: int, axis: Axis, rows: Sequence[ResultRow]
) -> list[tuple[str, list[ResultRow]]]:
    found: dict[str, list[ResultRow]] = {}
    if axis is Axis.ALL:
        return [("全部", list(rows))]
    if axis in (Axis.GROUP, Axis.UNIT):
        for member in score_reads.members(store, year):
            found.setdefault(member.group if axis is Axis.GROUP else member.label, [])
    named = _names(store, year, axis)
    for row in rows:
        for name in named(row):
            found.setdefault(name, []).append(row)
    grouped = axis is Axis.GROUP
    return [
        (office_words.group(store, name) if grouped else name, part) for name, part in found.items() if part
    ]


def _names(store: Store, year: int, axis: Axis) -> Callable[[ResultRow], Sequence[str]]:
    """Which parts a row belongs to; a target may serve several strategies."""
    if axis is Axis.GROUP:
        return lambda row: (row.peer_group,)
    if axis is Axis.UNIT:
        return lambda row: (row.unit_name,)
    if axis is Axis.CATEGORY:
        return lambda row: (row.category or "未分类",)
    if axis is Axis.STRATEGY:
        listed = reads.strategies(store, year)
        return lambda row: listed.get(row.indicator, ("未归入战略",))
    leaders, principals = reads.leaders_of_targets(store, year), reads.principals(store)
    return lambda row: (
        leaders.get((row.indicator, row.unit)) or principals.get(row.unit) or "未明确责任领导",
    )


def _sentence(
    store: Store, year: int, axis: Axis, name: str, who: str, counts: AccountCounts, digits: int,
    part: Sequence[ResultRow],
) -> str:
    if not counts.total:
        return ""
    if axis in (Axis.ALL, Axis.UNIT, Axis.GROUP):
        parties = name if axis is Axis.UNIT else results.parties_of(store, year, {one.unit for one in part})
        if axis is Axis.GROUP and parties != name and parties.replace("（", "").replace("）", "") != name:
            parties = f"{name}各单位" if parties == "各责任单位" else f"{parties}（{name}）"
        return rules.account_sentence(year, who, parties, counts, digits)
    plain = rules.account_sentence(year, who, "各责任单位", counts, digits)
    head = f"{name}方面" if axis is not Axis.LEADER else f"{name}负责的目标"
    return plain.replace(f"{year}年，", f"{year}年，{head}，", 1)


def remark(counts: AccountCounts) -> str:
    """「另有3项尚未认定、2项已撤销，未计入。」; "" when all are decided."""
    said = []
    if counts.undecided:
        said.append(f"{counts.undecided}项尚未认定")
    if counts.withdrawn:
        said.append(f"{counts.withdrawn}项已撤销")
    return f"另有{'、'.join(said)}，未计入。" if said else ""


_DECIDED = (Completion.EXCEEDED, Completion.MET, Completion.SUBSTANTIALLY_MET, Completion.NOT_MET)


def status_shares(rows: Iterable[ResultRow], digits: int = 1) -> tuple[StatusShare, ...]:
    """超额完成, 完成, 基本完成, 未完成 with shares that add to 100."""
    listed = [one.completion for one in rows]
    numbers = [listed.count(one) for one in _DECIDED]
    shares = shares_adding_up(numbers, digits)
    return tuple(StatusShare(*one) for one in zip(_DECIDED, numbers, shares, strict=True))


def unmet(store: Store, year: int, *, rows: Sequence[ResultRow] | None = None) -> tuple[UnmetRow, ...]:
    """Targets not met, unit by unit in official order, with the last cause that was given."""
    wanted = {Completion.NOT_MET}
    if not _substantial(store, year):
        wanted.add(Completion.SUBSTANTIALLY_MET)
    causes = {(one.unit, one.title): one for one in progress_sides.causes_of_year(store, year)}
    order = {one.id: place for place, one in enumerate(score_reads.members(store, year))}
    found = []
    for row in settled_rows(store, year) if rows is None else rows:
        if row.completion not in wanted:
            continue
        assert row.completion is not None
        cause = causes.get((row.unit, row.indicator_name))
        label = {"objective": "客观", "subjective": "主观"}.get(cause.cause, "") if cause else ""
        found.append(UnmetRow(
            row.unit, row.unit_name, row.indicator, row.indicator_name, row.category, row.target,
            row.actual, row.unit_of_measure, row.completion, label,
            cause.cause_text if cause else "", cause.own_effort if cause else "",
            cause.measure if cause else "", row.reason,
        ))
    return tuple(sorted(found, key=lambda one: order.get(one.unit, len(order))))


# Lists from grades --------------------------------------------------------------------


def awards(store: Store, year: int) -> tuple[Award, ...]:
    """All ranked units by group and rank, as sealed, else as scored now."""
    final = {one.unit: one for one in sealed(store, year)}
    found = []
    for scheme in store.all(Scheme, year=year):
        if sealing_done(scheme):
            found += [
                Award(one.unit, "", one.peer_group, one.total, one.rank, one.grade, one.grade_reason,
                      tuple(mark.words or mark.subject for mark in one.vetoes), True)
                for one in final.values() if one.peer_group == scheme.peer_group
            ]
            continue
        for line in score_board(store, scheme.id).ranked():
            if line.total is not None and line.rank is not None:
                found.append(Award(
                    line.unit, line.label, scheme.peer_group, line.total, line.rank, line.grade_now,
                    line.grade_reason, tuple(mark.words for mark in line.vetoes), False, line.missing, line.unscored,
                ))
    labels = {one.id: one.label for one in score_reads.members(store, year)}
    named = [replace(one, label=labels.get(one.unit, one.label)) for one in found]
    groups = {group: place for place, group in enumerate(dict.fromkeys(
        one.group for one in score_reads.members(store, year)))}
    return tuple(sorted(named, key=lambda one: (groups.get(one.peer_group, 99), one.rank)))


def commended(store: Store, year: int, *, listed: Sequence[Award] | None = None) -> tuple[Award, ...]:
    """Units with the best grade of their scheme: 通报表彰."""
    best = _grades(store, year, first=True)
    return tuple(
        one for one in (awards(store, year) if listed is None else listed)
        if one.grade and one.grade == best.get(one.peer_group) and not one.vetoes and not one.missing
    )


def criticised(store: Store, year: int, *, listed: Sequence[Award] | None = None) -> tuple[Award, ...]:
    """Units with the worst grade of their scheme: 通报批评."""
    worst = _grades(store, year, first=False)
    return tuple(
        one for one in (awards(store, year) if listed is None else listed)
        if one.grade and one.grade == worst.get(one.peer_group) and not one.missing
    )


def _grades(store: Store, year: int, *, first: bool) -> Mapping[str, str]:
    return {
        one.peer_group: one.grades[0 if first else -1].name
        for one in store.all(Scheme, year=year) if len(one.grades) > 1
    }

