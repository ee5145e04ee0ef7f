"""A group of units with targets and results, put together in a few lines for the tests of the assessment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.assessment import Scheme, SchemeItem
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.domain.results import TargetResult
from mbo_desktop.domain.scoring.rule import to_data
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.targets import NOT_APPLICABLE, Direction, TargetForm
from mbo_desktop.services import schemes, scores
from mbo_desktop.services.score_board import ScoreBoard, WhatIf
from mbo_desktop.store.database import Store

D = Decimal
YEAR = 2020
NONE = RecordId(0)


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@dataclass
class Contest:
    """Units of one group; indicators are added with target and actual of each unit as texts."""

    store: Store
    group: str
    names: Sequence[str]
    kind: UnitKind = UnitKind.COUNTY
    units: dict[str, RecordId] = field(default_factory=dict)
    indicators: dict[str, RecordId] = field(default_factory=dict)
    items: list[SchemeItem] = field(default_factory=list)
    scheme: RecordId = NONE

    def __post_init__(self) -> None:
        with self.store.change("单位") as change:
            for place, name in enumerate(self.names):
                record = change.new(Unit)
                change.put(Unit(id=record, name=name, kind=self.kind, peer_group=self.group, ord=f"a{place}"))
                self.units[name] = record

    def add(
        self, name: str, points: str, rule: Any, cells: Mapping[str, tuple[str | None, str | None]], *,
        unit: str = "亿元", form: TargetForm = TargetForm.LEVEL, direction: Direction = Direction.HIGHER,
        bases: Mapping[str, str] | None = None, reported: bool = False, **item: Any,
    ) -> RecordId:
        """cells: by unit, target ("/" N/A, None not set) and actual (None: not reported)."""
        with self.store.change(name) as change:
            record = change.new(Indicator)
            change.put(Indicator(
                id=record, year=YEAR, name=name, unit_of_measure=unit, form=form, direction=direction,
                points=D(points), ord=f"b{len(self.indicators):03}",
            ))
            for label, (aim, actual) in cells.items():
                at = self.units[label]
                target = change.named(Target, record, at)
                value = NOT_APPLICABLE if aim == "/" else None if aim is None else read_target(
                    aim, unit=unit, default_form=form, indicator_name=name)
                change.put(Target(id=target, indicator=record, unit=at, value=value,
                                  last_year=number((bases or {}).get(label))))
                if actual is None:
                    continue
                if reported:
                    change.put(ProgressReport(
                        id=change.named(ProgressReport, target, 12, FigureKind.OWN), subject=target,
                        month=12, amount=D(actual), reported_by="周敏"))
                else:
                    change.put(TargetResult(
                        id=change.named(TargetResult, record, at), indicator=record, unit=at, actual=D(actual)))
        self.indicators[name] = record
        self.items.append(SchemeItem(record, json.dumps(to_data(rule)), **item))
        return record

    def ready(self, **facts: Any) -> RecordId:
        """The scheme of what was added."""
        with self.store.change("方案") as change:
            self.scheme = change.named(Scheme, YEAR, self.group)
            made = Scheme(id=self.scheme, year=YEAR, peer_group=self.group, items=tuple(self.items), **facts)
            schemes.check(made)
            change.put(made)
        return self.scheme

    def board(self, **how: Any) -> ScoreBoard:
        return scores.board(self.store, self.scheme, **how)

    def points(self, board: ScoreBoard | None = None) -> dict[str, list[str | None]]:
        """Used points of every unit, in the order the indicators were added."""
        found = board or self.board()
        lines = {one.label: one for one in found.units}
        return {
            name: [
                None if (cell := lines[name].items.get(i)) is None or cell.used is None else str(cell.used)
                for i in self.indicators.values()
            ]
            for name in self.units if name in lines
        }

    def totals(self, board: ScoreBoard | None = None) -> dict[str, tuple[str | None, int | None, str]]:
        """Printed total, rank and grade by unit."""
        found = board or self.board()
        return {
            one.label: (None if one.total is None else str(one.total), one.rank, one.grade) for one in found.units
        }

    def what_if(self, cells: Mapping[tuple[str, str], str | None]) -> WhatIf:
        """Changed actuals by (indicator, unit) name."""
        return WhatIf(actuals={
            (self.indicators[of], self.units[unit]): number(text) for (of, unit), text in cells.items()
        })
