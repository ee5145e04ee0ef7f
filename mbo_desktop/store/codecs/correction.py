"""How corrections of typos are stored."""

from __future__ import annotations

from mbo_desktop.domain.adjustments import Correction
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    Correction,
    columns=("year", "indicator", "unit", "field", "reason", "approved_by", "revoked_on"),
)
