"""The sample city 澄川市: any size, the same every time for the same seed, wholly invented.

It stands in the middle of the season: last year is closed, targets rest on meetings and
documents, units made proposals, half have signed, and a meeting raised two targets since.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random

from mbo_desktop import clock
from mbo_desktop.domain import ordering
from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import Category, CategoryAxis, Indicator, Target
from mbo_desktop.domain.reports import ReportingRules
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.errors import InputError
from mbo_desktop.sample import (
    assessment,
    decomposition,
    figures,
    last_year,
    months,
    names,
    origins,
    register,
    talks,
    visits,
)
from mbo_desktop.sample.indicators import DUTIES, Recipe, recipes
from mbo_desktop.sample.register import Placed
from mbo_desktop.sample.shared import SharedRow
from mbo_desktop.sample.spots import Spot
from mbo_desktop.services import agreements, offices, session, signing
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

__all__ = ["USUAL_NODES", "build_sample"]

USUAL_NODES = 6000
"""Nodes of the city that a new user is offered."""

Progress = Callable[[int, int, str], None]
_STEPS = 6
_TELLING = 40
"""Rows of counties and zones that the season is told by, however many targets there are."""
_HUNDRED_POINTS = Decimal(100)


def build_sample(
    folder: Path,
    *,
    units: int = 111,
    targets: int = 3000,
    seed: int = 1,
    year: int | None = None,
    nodes: int = 0,
    with_months: bool = False,
    spots: list[Spot] | None = None,
    progress: Progress | None = None,
) -> Store:
    """Make a data folder with the sample city: `units` units and exactly `targets` targets.

    Agreements are made for counties, zones and departments, half of them signed. The year
    before has results of counties and zones; its targets do not count among `targets`.
    nodes: the decomposition's size, exactly, with an eighth as many people; a dozen targets of
    the city itself come with it. with_months: figures of the months that are over, inspections,
    dockets and cases as they stand today. The deliberate blank spots are added to `spots`. Raises
    InputError for fewer than 2 units, fewer targets than units, fewer nodes than targets. `progress` may raise
    Cancelled: the folder is removed again. Returns the open store.
    """
    if units < 2 or targets < units:
        raise InputError(
            "样例至少要有 2 个单位,目标项数不少于单位数。", "请改大 --units 或 --targets。",
            safe="未写入任何内容。",
        )
    report = progress or (lambda _done, _total, _text: None)
    number = year or clock.today().year
    random = Random(seed)  # noqa: S311 the same city every time, no secret
    store = session.create_folder(
        folder,
        office_name=f"{names.CITY}人民政府目标管理办公室",
        operators=("刘敏", "陈志远"),
        year=number,
        superior_name="省人民政府目标管理办公室",
    )
    try:
        report(0, _STEPS, "登记单位人员")
        with store.change("建立样例单位人员", barrier=True) as change:
            root = offices.root_unit(store)
            assert root is not None
            placed = register.put_units(change, root, units, random)
            own = Placed(root, f"{names.CITY}人民政府", names.CITY, UnitKind.GOVERNMENT, "")
            register.put_people(change, [own, *placed], random, number)
        report(1, _STEPS, "下达目标")
        session.set_declared_points(store, number, _HUNDRED_POINTS)
        with store.change("建立样例目标", barrier=True) as change:
            framework = _Framework(store, change, number, random)
            framework.put(placed, targets)
            # The office settled how it is reported to: by the 28th, as usual.
            change.put(ReportingRules(id=change.named(ReportingRules, number), year=number))
        report(2, _STEPS, "生成责任书")
        day = _sign(store, number, placed)
        report(3, _STEPS, "补充上年结果和来源")
        _tell_season(store, number, framework.telling, day, seed)
        if nodes:
            report(4, _STEPS, "分解到责任人和经办人")
            found = decomposition.put_decomposition(
                store, number, placed, framework.telling, nodes, seed
            )
            if spots is not None:
                spots.extend(found)
        if with_months:
            report(5, _STEPS, "填报各月进度和督查")
            months.put_months(store, number, placed, seed)
            visits.put_visits(store, number, placed)
            assessment.put_assessment(store, number, placed)
        report(_STEPS, _STEPS, "完成")
    except BaseException:
        session.discard(store)
        raise
    return store


def _sign(store: Store, year: int, placed: Sequence[Placed]) -> date:
    """Drafts for all but the townships; the first half signed at the meeting, whose day it gives."""
    parties = [unit.id for unit in placed if unit.kind is not UnitKind.TOWNSHIP]
    made = agreements.make_agreements(store, year, parties).made
    day = talks.no_later(date(year, 3, 1))
    signing.sign_at_meeting(store, year, on=day, agreements=made[: len(made) // 2])
    return day


def _tell_season(
    store: Store, year: int, telling: Sequence[SharedRow], day: date, seed: int
) -> None:
    """What surrounds the targets, from last year's results to the decision in May."""
    random = Random(seed)  # noqa: S311 a row of its own, so that the targets stay as they are
    last_year.put_last_year(store, year, telling, random)
    last_year.put_outside(store, year, telling, random)
    origins.put_origins(store, year, telling)
    talks.put_round(store, year, telling, random)
    signed = [one.unit for one in store.all(Agreement, year=year) if one.signed_on is not None]
    talks.put_adjustments(store, year, telling, signed, day)


@dataclass(slots=True)
class _Row:
    recipe: Recipe
    indicator: Indicator

    @property
    def id(self) -> RecordId:
        return self.indicator.id


class _Framework:
    """Indicators and targets so that the targets come out at the number asked for."""

    def __init__(self, store: Store, change: Change, year: int, random: Random) -> None:
        self.change = change
        self.year = year
        self.random = random
        self.categories = {
            category.name: category.id
            for category in store.all(Category, year=year, axis=CategoryAxis.CATEGORY)
        }
        self.strategies = [c.id for c in store.all(Category, year=year, axis=CategoryAxis.STRATEGY)]
        self.source = recipes(random)
        self.ords: dict[str, str] = {}
        self.telling: list[SharedRow] = []

    def put(self, placed: Sequence[Placed], targets: int) -> None:
        """Counties and zones share a framework, townships theirs, each department has its duties."""
        upper = [u for u in placed if u.kind in (UnitKind.COUNTY, UnitKind.ZONE)]
        towns = [u for u in placed if u.kind is UnitKind.TOWNSHIP]
        rest = [u for u in placed if u not in upper and u.kind is not UnitKind.TOWNSHIP]
        # A department carries about a quarter of what a county does (8–25 against 38–63 items).
        shares = (len(upper), len(towns) * 0.65, len(rest) * 0.25)
        scale = targets / sum(shares)
        for_towns = round(scale * shares[1])
        for_rest = max(len(rest), round(scale * shares[2])) if rest else 0
        self._shared(upper, targets - for_towns - for_rest, Decimal(1))
        if towns:
            self._shared(towns, for_towns, Decimal("0.08"), prefix="镇域")
        if rest:
            self._duties(rest, for_rest)

    def _shared(
        self, units: Sequence[Placed], targets: int, weight: Decimal, prefix: str = ""
    ) -> None:
        """Rows that all these units carry; the last row only as many as are left."""
        whole, rest = divmod(targets, len(units))
        source = recipes(self.random) if prefix else self.source
        found = list(islice(source, whole + (1 if rest else 0)))
        # The row that not all units carry has no points: theirs are to add up alike.
        listed = self._indicators(found, prefix, with_points=whole)
        sizes = {
            u.id: weight * Decimal(self.random.randint(55, 160)) / 100 for u in units
        }
        left = targets
        for row in listed:
            batch = []
            for unit in units[: min(left, len(units))]:
                record = self.change.named(Target, row.id, unit.id)
                batch.append(
                    figures.target(record, row.id, unit.id, row.recipe, sizes[unit.id], self.random)
                )
            self.change.put_all(batch)
            left -= len(batch)
            if not prefix and len(self.telling) < _TELLING:
                self.telling.append(SharedRow(row.indicator, row.recipe.growth, tuple(batch)))

    def _duties(self, units: Sequence[Placed], targets: int) -> None:
        """Every department's own rows; points add up to 100."""
        per_unit = [targets // len(units)] * len(units)
        for place in range(targets % len(units)):
            per_unit[place] += 1
        for unit, many in zip(units, per_unit, strict=True):
            found = [self._duty(unit, number) for number in range(many)]
            for row in self._indicators(found, ""):
                record = self.change.named(Target, row.id, unit.id)
                self.change.put(
                    figures.target(record, row.id, unit.id, row.recipe, Decimal(1), self.random)
                )

    def _duty(self, unit: Placed, number: int) -> Recipe:
        name, measure, level, form = DUTIES[number % len(DUTIES)]
        field = unit.short.removeprefix("市") or unit.short
        series = number // len(DUTIES)
        shown = name.format(field=f"{field}牵头工作")
        if series:
            shown = f"{shown}(第{series + 1}组)"
        at_most = form is TargetForm.AT_MOST
        return Recipe(
            name=shown if shown.startswith(field) else f"{unit.short}{shown}",
            unit=measure,
            category=unit.field or "主要综合目标",
            level=Decimal(level),
            growth=(-6, 0) if at_most else (1, 6),
            form=form,
            direction=Direction.LOWER if at_most else Direction.HIGHER,
            certifying="市政府督查室",
        )

    def _indicators(
        self, found: Sequence[Recipe], prefix: str, *, with_points: int | None = None
    ) -> list[_Row]:
        rows = []
        scored: list[Decimal | None] = [*_split_points(len(found) if with_points is None else with_points)]
        for recipe, points in zip(found, [*scored, None], strict=False):
            key = self.ords[recipe.category] = ordering.between(
                self.ords.get(recipe.category, ""), ""
            )
            record = self.change.new(Indicator)
            chance = self.random.random()
            made = Indicator(
                id=record,
                year=self.year,
                name=f"{prefix}{recipe.name}",
                category=self.categories[recipe.category],
                strategies=(self.random.choice(self.strategies),),
                ord=key,
                unit_of_measure=recipe.unit,
                decimals=recipe.decimals or None,
                direction=recipe.direction,
                form=recipe.form,
                points=points,
                scoring_text=_scoring(recipe),
                certifying_text=recipe.certifying,
                data_source=f"{recipe.certifying}核定数据",
                is_key=chance < 0.2,
                is_binding=recipe.category in ("环境保护", "安全生产"),
                is_livelihood=recipe.category == "实事办理",
            )
            self.change.put(made)
            rows.append(_Row(recipe, made))
        return rows


def _split_points(rows: int) -> list[Decimal]:
    """100 points over the rows in hundredths, the remainder on the first ones."""
    if not rows:
        return []
    hundredths, more = divmod(10000, rows)
    if rows <= 200:
        halves, more = divmod(200, rows)
        return [Decimal(halves + (place < more)) / 2 for place in range(rows)]
    return [Decimal(hundredths + (place < more)) / 100 for place in range(rows)]


def _scoring(recipe: Recipe) -> str:
    if not recipe.unit:
        return "按期完成得基本分;未完成不得分"
    return "完成得基本分;每超1%加0.1分,加分不超过基本分的10%;每少1%扣0.2分,扣完为止"
