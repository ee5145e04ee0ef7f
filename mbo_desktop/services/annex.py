"""The annex of an agreement: the live list of a unit's targets, and how it differs from what was signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.agreements import AnnexRow, Snapshot
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of an annex row that reads otherwise now than when it was issued."""

    indicator: str
    field: str
    """Chinese label: 目标值, 分值, …; 「新增指标」 or 「已取消」 for whole rows."""
    issued: str
    now: str

    @property
    def sentence(self) -> str:
        """「工业投资 目标值:52 → 60」."""
        return f"{self.indicator} {self.field}:{self.issued or '(空)'} → {self.now or '(空)'}"


def annex_rows(store: Store, year: int, unit: RecordId) -> tuple[AnnexRow, ...]:
    """The unit's targets as they would be printed now, in printed order; N/A ones left out."""


def annexes(
    store: Store, year: int, units: Sequence[RecordId]
) -> dict[RecordId, tuple[AnnexRow, ...]]:
    """`annex_rows` of many units at once."""


def total_points(rows: Sequence[AnnexRow]) -> Decimal | None:
    """The sum of the points, None when no row has any."""
    points = [row.points for row in rows if row.points is not None]
    return sum(points, Decimal(0)) if points else None


def differences(snapshot: Snapshot, rows: Sequence[AnnexRow]) -> tuple[Difference, ...]:
    """What the live rows say otherwise than the snapshot; empty when they agree."""
