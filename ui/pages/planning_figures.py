"""The line of figures under the title 目标体系: indicators, units, targets, points, findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.services import (
    own_figures,
    planning_checks,
    planning_grid,
    planning_matrix,
    target_counts,
)
from mbo_desktop.services.planning_checks import PlanningFinding
from mbo_desktop.services.planning_matrix import UnitTotal
from mbo_desktop.store.database import Store

CHECKED_AT_MOST = 3_000
"""Targets up to which the checks run by themselves after an edit; above, 检查 runs them."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the line says; findings is None where the checks were left out for their number."""

    indicators: int
    totals: dict[RecordId, UnitTotal]
    findings: Sequence[PlanningFinding] | None
    received: int = 0
    """Targets that another office gave to the own government."""
    explained: str = ""
    """What the numbers count, and what other rooms count beside them."""

    def line(self, declared: Decimal | None) -> str:
        """The line; declared: what every unit's points are to add up to."""
        tr = QCoreApplication.translate
        held = [total for total in self.totals.values() if total.allotted + total.not_set]
        targets = sum(total.allotted + total.not_set for total in held)
        words = [
            tr("planning", "{} 项指标").format(f"{self.indicators:,}"),
        ]
        if self.received:
            words.append(tr("planning", "上级下达 {} 项").format(f"{self.received:,}"))
        if held or not self.received:
            words += [
                tr("planning", "{} 个单位").format(len(held)),
                tr("planning", "目标 {} 项").format(f"{targets:,}"),
            ]
        points = sorted({total.points for total in held if total.points})
        if points:
            span = canonical(points[0])
            if len(points) > 1:
                span += f"~{canonical(points[-1])}"
            due = tr("planning", "(应为 {})").format(canonical(declared)) if declared is not None else ""
            words.append(tr("planning", "分值合计 {}{}").format(span, due))
        if self.findings is not None:
            words.append(tr("planning", "检查 {} 条").format(len(self.findings)))
        return " · ".join(words)


def read(store: Store, year: int) -> Figures:
    """Read them; safe beside the window."""
    units = [column.unit for column in planning_matrix.columns(store, year, own=False)]
    totals = planning_matrix.unit_totals(store, year, units)
    targets = sum(t.allotted + t.not_set + t.not_applicable for t in totals.values())
    findings = planning_checks.findings(store, year) if targets <= CHECKED_AT_MOST else None
    received = len(own_figures.received_targets(store, year))
    return Figures(
        planning_grid.count(store, year), totals, findings, received, target_counts.counts(store, year).explained()
    )
