"""Reads of the unit register: tree pages, the official order, search, what rests on a unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as lists and the tree show it."""

    id: RecordId
    name: str
    """Full name, as on paper."""
    short_name: str
    """Name in tables; the full name where no short one is set."""
    kind: UnitKind
    peer_group: str
    """考核分组; the kind's label where none is set."""
    superior: RecordId | None
    code: str
    depth: int
    """0 for the root."""
    child_count: int
    dissolved_on: date | None
    principal: str = ""
    """Who holds the post of 第一责任人 on the day asked for, 「县长 王建国」 without the title."""
    principal_title: str = ""
