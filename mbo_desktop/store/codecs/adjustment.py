"""How adjustments are stored; found by cell, listed by state."""

from __future__ import annotations

from mbo_desktop.domain.adjustments import Adjustment
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    Adjustment,
    columns=(
        "year", "indicator", "unit", "kind", "origin", "requested_by", "requested_on", "cause",
        "reason", "meeting", "meeting_item", "number", "approved_on", "effective_on", "state",
    ),
)
