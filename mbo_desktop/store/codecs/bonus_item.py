"""How bonuses and deductions are stored."""

from __future__ import annotations

from mbo_desktop.domain.assessment import BonusItem
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    BonusItem,
    columns=("year", "unit", "matter", "level", "points"),
)
