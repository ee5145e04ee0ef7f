"""The group, scheme and period that all views of 考核 look at, and the what-if figures that are never saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject, Signal

from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import schemes
from mbo_desktop.services.schemes import SchemeRow
from mbo_desktop.services.scores import WhatIf
from ui.workspace import Workspace

YEAR_END, HALF_YEAR = 12, 6


class AssessmentState(QObject):
    """What is looked at; views follow `chosen`, the score board also `tried`."""

    chosen = Signal()
    """Another group or period."""
    tried = Signal()
    """The what-if figures changed."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.store = workspace.store
        self.year = 0
        self.rows: tuple[SchemeRow, ...] = ()
        self.group = ""
        self.month: int | None = YEAR_END
        self.trying = False
        self.what_if = WhatIf()

    def open_year(self, year: int) -> None:
        """Read the groups of a year; the group of before stays where the year has it."""
        if year != self.year:
            self.leave_trial()
        self.year = year
        self.rows = schemes.schemes(self.store, year)
        if all(row.peer_group != self.group for row in self.rows):
            with_scheme = [row for row in self.rows if row.id is not None]
            first = (with_scheme or list(self.rows))[:1]
            self.group = first[0].peer_group if first else ""

    @property
    def row(self) -> SchemeRow | None:
        """The group that is looked at."""
        return next((row for row in self.rows if row.peer_group == self.group), None)

    @property
    def scheme(self) -> RecordId | None:
        """Its scheme; None when none was made."""
        return None if self.row is None else self.row.id

    def choose(self, group: str) -> None:
        """Look at another group; what-if figures of the other are dropped."""
        if group != self.group:
            self.group = group
            self.leave_trial()
            self.chosen.emit()

    def set_month(self, month: int | None) -> None:
        """Look at the year's end, the half-year, or (None) the last month reported."""
        if month != self.month:
            self.month = month
            self.chosen.emit()

    # 试算 ----------------------------------------------------------------------

    def start_trial(self) -> None:
        """From now on typed figures are only tried."""
        self.trying = True
        self.tried.emit()

    def leave_trial(self) -> None:
        """Drop all what-if figures."""
        if self.trying or self.what_if != WhatIf():
            self.trying = False
            self.what_if = WhatIf()
            self.tried.emit()

    def reset_trial(self) -> None:
        """Begin the trial anew."""
        self.what_if = WhatIf()
        self.tried.emit()

    @property
    def tried_count(self) -> int:
        """Figures and vetoes that differ from the records."""
        found = self.what_if
        return len(found.actuals) + len(found.points) + len(found.vetoes_off) + len(found.vetoes_on) + len(found.components)

    def with_figure(
        self, indicator: RecordId, unit: RecordId, amount: Decimal | None, *, is_actual: bool
    ) -> WhatIf:
        """The what-if with one figure more."""
        cell = (indicator, unit)
        if is_actual:
            return replace(self.what_if, actuals={**self.what_if.actuals, cell: amount})
        return replace(self.what_if, points={**self.what_if.points, cell: amount})

    def set_figures(
        self, figures: Mapping[tuple[RecordId, RecordId], Decimal | None], *, is_actual: bool
    ) -> None:
        """Try figures; None as points takes the computed ones again."""
        if is_actual:
            self.what_if = replace(self.what_if, actuals={**self.what_if.actuals, **figures})
        else:
            points = {**self.what_if.points, **figures}
            kept = {cell: value for cell, value in points.items() if value is not None}
            self.what_if = replace(self.what_if, points=kept)
        self.tried.emit()

    def with_part(self, name: str, unit: RecordId, points: Decimal | None) -> WhatIf:
        """The what-if with other points of a part of a unit's total."""
        return replace(self.what_if, components={**self.what_if.components, (unit, name): points})

    def set_parts(self, parts: Mapping[tuple[str, RecordId], Decimal | None]) -> None:
        """Try points of parts of totals; None takes the recorded ones again."""
        tried = {**self.what_if.components, **{(unit, name): points for (name, unit), points in parts.items()}}
        self.what_if = replace(
            self.what_if, components={key: points for key, points in tried.items() if points is not None})
        self.tried.emit()

    def forget_figure(self, indicator: RecordId, unit: RecordId) -> None:
        """A cell stands as recorded again."""
        cell = (indicator, unit)
        self.what_if = replace(
            self.what_if,
            actuals={key: value for key, value in self.what_if.actuals.items() if key != cell},
            points={key: value for key, value in self.what_if.points.items() if key != cell},
        )
        self.tried.emit()

    def switch_veto(self, record: RecordId) -> None:
        """Lift a recorded veto in the trial, or let it stand again."""
        off = self.what_if.vetoes_off ^ {record}
        self.what_if = replace(self.what_if, vetoes_off=off)
        self.tried.emit()

    def try_veto(self, unit: RecordId, effect: VetoEffect | None) -> None:
        """Declare a veto in the trial; None takes it back."""
        on = {key: value for key, value in self.what_if.vetoes_on.items() if key != unit}
        if effect is not None:
            on[unit] = effect
        self.what_if = replace(self.what_if, vetoes_on=on)
        self.tried.emit()

    # Memory -------------------------------------------------------------------

    def save(self) -> dict[str, Any]:
        """Group and period."""
        return {"group": self.group, "month": self.month}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.group = str(state.get("group", ""))
        month = state.get("month", YEAR_END)
        self.month = month if month in (YEAR_END, HALF_YEAR, None) else YEAR_END
