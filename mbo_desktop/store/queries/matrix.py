"""Reads of the allotment matrix: its columns, its cells, its sums."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """A unit that stands over a column of the matrix, in official order."""

    unit: RecordId
    heading: str
    """Short name."""
    kind: UnitKind
    peer_group: str
    targets: int
    """How many targets it has in the year, N/A ones included."""


@dataclass(frozen=True, slots=True)
class UnitTotal:
    """The sums under a unit's column, over all indicators of the year."""

    unit: RecordId
    allotted: int
    """Targets with a value."""
    not_set: int
    not_applicable: int
    points: Decimal
    """Points of all its targets but the N/A ones; the target's own points win over the indicator's."""
