"""Reads of agreements: the board's rows and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """A unit on the agreement board, with or without an agreement."""

    unit: RecordId
    unit_name: str
    """Full name."""
    short_name: str
    kind: UnitKind
    peer_group: str
    agreement: RecordId | None
    number: str
    state: AgreementState | None
    """The least advanced copy's state; None: no agreement made yet."""
    signed_on: date | None
    targets: int
    """Live targets, N/A ones left out."""
    not_set: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class AgreementFilter:
    """Which rows of the board to show; empty parts mean all."""

    text: str = ""
    kinds: tuple[UnitKind, ...] = ()
    peer_group: str = ""
    states: tuple[AgreementState, ...] = ()
    without_agreement: bool = False
    """Only units for which none was made."""
