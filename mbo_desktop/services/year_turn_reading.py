"""What a year roll-over rests on, read once: last year's records, and what stands in the new year already."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mbo_desktop import clock
from mbo_desktop.domain.agreements import AgreementTemplate
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.dockets import WorkCalendar
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.joint import JointDuty
from mbo_desktop.domain.offices import Post, Succession, Unit
from mbo_desktop.domain.planning import Category, Indicator, Target, Year
from mbo_desktop.domain.registers import NumberSeries
from mbo_desktop.domain.reports import ReportingRules
from mbo_desktop.domain.results import Completion
from mbo_desktop.domain.year_links import predecessors
from mbo_desktop.errors import Cancelled, InputError
from mbo_desktop.services import results, sealing, work_calendars
from mbo_desktop.services.origins import any_office
from mbo_desktop.services.results import ResultRow
from mbo_desktop.services.year_turn_bases import Actual, node_actuals, target_actuals
from mbo_desktop.services.year_turn_plan import turn_label
from mbo_desktop.store.canonical import load
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import carried as carried_reads
from mbo_desktop.store.queries import results as result_reads
from mbo_desktop.store.queries import year_turn as reads
from mbo_desktop.store.queries.portable import by_names, names_of

Progress = Callable[[int, int, str], None]
CellKey = tuple[RecordId, RecordId]
"""Indicator and unit."""


@dataclass(slots=True)
class Standing:
    """The framework of one year as it stands."""

    year: Year | None = None
    categories: list[Category] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    targets: dict[CellKey, Target] = field(default_factory=dict)
    duties: list[JointDuty] = field(default_factory=list)
    schemes: list[Scheme] = field(default_factory=list)
    rules: ReportingRules | None = None
    templates: list[AgreementTemplate] = field(default_factory=list)
    series: list[NumberSeries] = field(default_factory=list)


@dataclass(slots=True)
class Dropped:
    """What an earlier roll-over made and somebody deleted since: it is not brought back unasked."""

    indicators: set[RecordId] = field(default_factory=set)
    """By the indicators of last year that they went on with."""
    cells: set[CellKey] = field(default_factory=set)
    trees: set[RecordId] = field(default_factory=set)
    """Targets whose copied tree was cleared."""
    origins: set[RecordId] = field(default_factory=set)
    """What deleted dockets were made from."""


@dataclass(slots=True)
class TurnReading:
    """Both years, the register of units, and what was reached."""

    last: int
    year: int
    on: date
    """The day by which units and posts are looked at: the new year's first, or today when it is later."""
    change_count: int
    then: Standing
    now: Standing
    followers: dict[RecordId, list[RecordId]]
    """By indicator of last year: those of the new year that go on with it already."""
    foreign: set[RecordId]
    """Indicators, targets and schemes that other offices gave."""
    units: dict[RecordId, Unit]
    successions: list[Succession]
    actuals: dict[CellKey, Actual]
    nodes: dict[RecordId, Allocation]
    """The own office's, parents before their children."""
    node_targets: dict[RecordId, RecordId]
    node_actuals: dict[RecordId, Actual]
    decomposed: set[RecordId]
    rooted: set[RecordId]
    posts: dict[RecordId, Post]
    vacant: dict[RecordId, str]
    """Posts that nobody holds on the day, with their name."""
    unmet: tuple[ResultRow, ...]
    undecided: int
    tracked: set[RecordId]
    """What dockets of the new year were made from."""
    has_calendar: bool
    dropped: Dropped

    def label(self, unit: RecordId) -> str:
        """A unit's name in tables."""
        found = self.units.get(unit)
        return "" if found is None else found.short_name or found.name


def read_turn(
    store: Store, last: int, year: int, progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> TurnReading:
    """Read both years; nothing is written.

    InputError when last year is not there or not before the new one; NotAllowedError when the
    new year is sealed.
    """
    if last >= year:
        raise InputError(f"{year}年度不在{last}年度之后。", "请核对两个年度。", "未写入任何内容。")
    if not store.all(Year, number=last):
        raise InputError(f"数据文件夹中没有{last}年度。", "请核对年度。", "未写入任何内容。")
    sealing.refuse_sealed(store, year)
    stage = _Stages(progress, cancelled)
    count = store.change_count
    on = max(date(year, 1, 1), clock.today())
    stage("读取指标和目标")
    then, now = _standing(store, last), _standing(store, year)
    stage("读取考核结果")
    rows = results.rows(store, last, known={place: one.value for place, one in then.targets.items()})
    substantial = then.year is not None and then.year.substantial_counts_as_met
    wanted = {Completion.NOT_MET} if substantial else {Completion.NOT_MET, Completion.SUBSTANTIALLY_MET}
    stage("读取实绩")
    actuals = target_actuals(store, last, then.indicators, list(then.targets.values()))
    stage("读取目标分解")
    pairs = reads.own_nodes(store, last)
    bodies = store.get_many(Allocation, [one for one, _target in pairs])
    nodes = {one: bodies[one] for one, _target in pairs if one in bodies}
    stage("读取单位和岗位")
    posts = store.get_many(Post, _posts_of(nodes.values()))
    return TurnReading(
        last, year, on, count, then, now, _followers(store, last, year),
        _foreign(store, then, now), {one.id: one for one in store.all(Unit)},
        [one for one in store.all(Succession) if one.effective_on.year >= last],
        actuals, nodes, dict(pairs), node_actuals(store, last, nodes, then, dict(pairs)),
        reads.decomposed_targets(store, year), reads.rooted_targets(store, year), posts,
        _vacant(store, on, posts), tuple(row for row in rows if row.completion in wanted),
        sum(row.completion is None for row in rows), reads.docket_origins(store, year),
        bool(store.all(WorkCalendar, year=year)) or year in work_calendars.KNOWN,
        _dropped(store, turn_label(last, year)),
    )


class _Stages:
    """Tells the stage that begins and looks whether to stop."""

    _MANY = 5

    def __init__(self, progress: Progress | None, cancelled: Callable[[], bool] | None) -> None:
        self._progress, self._cancelled, self._done = progress, cancelled, 0

    def __call__(self, text: str) -> None:
        if self._cancelled is not None and self._cancelled():
            raise Cancelled
        if self._progress is not None:
            self._progress(self._done, self._MANY, text)
        self._done += 1


def _standing(store: Store, year: int) -> Standing:
    ids = reads.target_ids(store, year)
    bodies = store.get_many(Target, ids)
    targets = [bodies[one] for one in ids if one in bodies]
    indicators = _in_printed_order(store, year)
    rules = store.all(ReportingRules, year=year)
    return Standing(
        next(iter(store.all(Year, number=year)), None), store.all(Category, year=year), indicators,
        {(one.indicator, one.unit): one for one in targets},
        [duty for one in indicators for duty in store.all(JointDuty, indicator=one.id)],
        store.all(Scheme, year=year), rules[0] if rules else None,
        store.all(AgreementTemplate, year=year), store.all(NumberSeries, year=year),
    )


def _in_printed_order(store: Store, year: int) -> list[Indicator]:
    order = [one.id for one in result_reads.result_indicators(store, year)]
    bodies = store.get_many(Indicator, order)
    return [bodies[one] for one in order if one in bodies]


def _followers(store: Store, last: int, year: int) -> dict[RecordId, list[RecordId]]:
    """Links by `continues`, else by name; those to years before the last one do not matter here."""
    linked = result_reads.year_indicators(store, (last, year))
    of_last = {one.id for one in linked if one.year == last}
    found: dict[RecordId, list[RecordId]] = {}
    for new, earlier in predecessors(linked).items():
        for old in earlier:
            if old in of_last:
                found.setdefault(old, []).append(new)
    return found


def _dropped(store: Store, label: str) -> Dropped:
    gone = reads.deleted_since(store, label)
    bodies = [(kind, load(text)) for kind, _record, text in gone]
    ids = by_names(store, [
        name for kind, body in bodies for key in _NAMING.get(kind, ()) for name in _names_in(body[key])
    ])
    found, roots = Dropped(), []
    for kind, body in bodies:
        if kind == "indicator":
            found.indicators.update(ids[name] for name in body["continues"] if name in ids)
        elif kind == "target" and body["indicator"] in ids and body["unit"] in ids:
            found.cells.add((ids[body["indicator"]], ids[body["unit"]]))
        elif kind == "allocation" and body["parent"] in ids:
            roots.append(ids[body["parent"]])
        elif kind == "docket" and body["origin"] in ids:
            found.origins.add(ids[body["origin"]])
    found.trees = reads.targets_of_roots(store, roots)
    return found


def _names_in(value: Any) -> list[str]:
    """The records that a field of a body refers to: one, several or none."""
    if isinstance(value, list):
        return [str(one) for one in value]
    return [str(value)] if value else []


_NAMING = {
    "indicator": ("continues",), "target": ("indicator", "unit"), "allocation": ("parent",), "docket": ("origin",),
}


def _foreign(store: Store, then: Standing, now: Standing) -> set[RecordId]:
    if not any_office(store):
        return set()
    records = [
        one.id for side in (then, now)
        for one in (*side.indicators, *side.targets.values(), *side.schemes)
    ]
    own = store.owner.hex
    return {record for record, name in names_of(store, records).items() if not name.startswith(own)}


def _posts_of(nodes: Iterable[Allocation]) -> list[RecordId]:
    found = {post for one in nodes for post in (one.leader, one.responsible, one.handler) if post is not None}
    return sorted(found)


def _vacant(store: Store, on: date, posts: dict[RecordId, Post]) -> dict[RecordId, str]:
    if not posts:
        return {}
    labels = {unit.record: unit.label for unit in carried_reads.units(store)}
    return {
        line.record: f"{labels.get(line.unit, '')} {line.title}".strip()
        for line in carried_reads.posts(store, on, only=list(posts)) if line.person is None
    }
