"""Joint targets: one lead unit, supporting units with duty and share (domain notes §1, 6–7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity, RecordId


class Consent(Choice):
    """What a supporting unit said to its part."""

    OPEN = "open", "待答复"
    GIVEN = "given", "同意"
    REFUSED = "refused", "不同意"


@dataclass(frozen=True, slots=True, kw_only=True)
class JointDuty(Entity):
    """A supporting unit's part in the lead unit's target (natural key: indicator, lead, unit)."""

    type_name: ClassVar[str] = "joint_duty"

    indicator: RecordId
    lead: RecordId
    """The unit that holds the target."""
    unit: RecordId
    """The supporting unit."""
    ord: str = ""
    """Order among the supporting units."""
    duty: str = ""
    share: Decimal | None = None
    """份额 in %; None: no share is fixed. What remains to 100 is the lead unit's."""
    consent: Consent = Consent.OPEN
    consent_on: date | None = None
    consent_reason: str = ""
    """Why it was refused, or a remark."""


def lead_share(shares: list[Decimal | None]) -> Decimal | None:
    """The lead unit's part in % when the supporting units have these; None when none is fixed."""
    fixed = [share for share in shares if share is not None]
    return Decimal(100) - sum(fixed, Decimal(0)) if fixed else None
