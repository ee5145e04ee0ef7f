"""A year that comes to its end: targets, whose figures they are, a merger, a split, trees, schemes, of any size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mbo_desktop.domain import ordering
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Person, Post, PostRole, Tenure, Unit, UnitKind
from mbo_desktop.domain.planning import Category, CategoryAxis, Indicator, Target
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.domain.results import Completion, TargetResult
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.services import year_turn
from mbo_desktop.services.year_turn import TurnPlan
from mbo_desktop.store.database import Store

LAST, NEXT = 2020, 2021


@dataclass
class Turning:
    """The open store of a year that is over, its records by name, and ways to add to it."""

    store: Store
    root: RecordId
    units: dict[str, RecordId] = field(default_factory=dict)
    heads: dict[str, RecordId] = field(default_factory=dict)
    targets: dict[tuple[str, str], RecordId] = field(default_factory=dict)
    category: RecordId | None = None

    def add_units(self, names: Sequence[str]) -> None:
        keys = ordering.spread(len(names))
        with self.store.change("单位") as change:
            for name, key in zip(names, keys, strict=True):
                self.units[name] = change.new(Unit)
                change.put(Unit(
                    id=self.units[name], name=f"{name}人民政府", short_name=name, kind=UnitKind.COUNTY,
                    superior=self.root, ord=key, peer_group="县区",
                ))

    def add_indicators(self, measures: Mapping[str, str]) -> None:
        keys = ordering.spread(len(measures))
        with self.store.change("指标") as change:
            self.category = change.new(Category)
            change.put(Category(id=self.category, year=LAST, axis=CategoryAxis.CATEGORY, name="考核类", ord="m"))
            for (name, measure), key in zip(measures.items(), keys, strict=True):
                self.heads[name] = change.new(Indicator)
                change.put(Indicator(
                    id=self.heads[name], year=LAST, name=name, category=self.category, ord=key,
                    unit_of_measure=measure, points=Decimal(10), definition=f"{name}口径", note="去年的备注",
                ))

    def set_targets(self, name: str, texts: Mapping[str, str]) -> None:
        with self.store.change("目标") as change:
            measure = change.get(Indicator, self.heads[name]).unit_of_measure
            for unit, text in texts.items():
                record = change.named(Target, self.heads[name], self.units[unit])
                self.targets[name, unit] = record
                change.put(Target(
                    id=record, indicator=self.heads[name], unit=self.units[unit],
                    value=read_target(text, unit=measure), due=date(LAST, 12, 31), note="上年",
                ))

    def set_results(self, name: str, actuals: Mapping[str, str], completion: Completion | None = None) -> None:
        with self.store.change("年终结果") as change:
            for unit, actual in actuals.items():
                change.put(TargetResult(
                    id=change.named(TargetResult, self.heads[name], self.units[unit]),
                    indicator=self.heads[name], unit=self.units[unit], actual=Decimal(actual),
                    completion=completion,
                ))

    def report(self, subject: RecordId, amount: str, kind: FigureKind, month: int = 12) -> None:
        with self.store.change("报数") as change:
            change.put(ProgressReport(
                id=change.named(ProgressReport, subject, month, kind), subject=subject, month=month, kind=kind,
                amount=Decimal(amount),
            ))

    def post(self, unit: str, title: str, holder: str = "", until: date | None = None) -> RecordId:
        with self.store.change("岗位") as change:
            post = change.new(Post)
            change.put(Post(id=post, unit=self.units[unit], title=title, role=PostRole.RESPONSIBLE_PERSON, ord="m"))
            if holder:
                person = change.new(Person)
                change.put(Person(id=person, name=holder))
                change.put(Tenure(id=change.new(Tenure), post=post, person=person, until=until))
        return post

    def tree(self, name: str, carrier: str, titles: Sequence[str], **facts: object) -> list[RecordId]:
        target = self.targets[name, carrier]
        with self.store.change("分解") as change:
            root = change.named(Allocation, target)
            change.put(Allocation(id=root, target=target))
            made = [root]
            for title, key in zip(titles, ordering.spread(len(titles)), strict=True):
                node = change.new(Allocation)
                change.put(Allocation(
                    id=node, parent=root, ord=key, title=title, value=read_target("5亿元", unit="亿元"),
                    due=date(LAST, 6, 30), note="上年", **facts,  # type: ignore[arg-type]
                ))
                made.append(node)
        return made

    def plan(self, choices: year_turn.TurnChoices | None = None) -> TurnPlan:
        return year_turn.plan_turn(self.store, LAST, NEXT, choices)

    def new_targets(self, name: str) -> dict[str, Target]:
        """The new year's targets of the indicator that goes on with this one, by unit."""
        (head,) = [
            one.id for one in self.store.all(Indicator, year=NEXT) if self.heads[name] in one.continues
        ]
        names = {record: label for label, record in self.units.items()}
        return {names[one.unit]: one for one in self.store.all(Target, indicator=head)}


def large(store: Store, root: RecordId, *, indicators: int, units: int, nodes: int) -> Turning:
    """Every unit carries every indicator with a result; the nodes stand below the first targets, ten each."""
    made = Turning(store, root)
    made.add_units([f"{number + 1}县" for number in range(units)])
    made.add_indicators({f"指标{number + 1}": "亿元" for number in range(indicators)})
    value = read_target("10亿元", unit="亿元")
    with store.change("全年") as change:
        left = nodes
        for name, head in made.heads.items():
            for label, unit in made.units.items():
                record = made.targets[name, label] = change.named(Target, head, unit)
                change.put(Target(id=record, indicator=head, unit=unit, value=value))
                # One in a hundred fell short.
                actual = Decimal("9.5" if len(made.targets) % 100 == 0 else "10.5")
                change.put(TargetResult(
                    id=change.named(TargetResult, head, unit), indicator=head, unit=unit, actual=actual,
                ))
                if left > 0:
                    top = change.named(Allocation, record)
                    change.put(Allocation(id=top, target=record))
                    for key in ordering.spread(9):
                        change.put(Allocation(id=change.new(Allocation), parent=top, ord=key, title=f"任务{key}"))
                    left -= 10
    return made
