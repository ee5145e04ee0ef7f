"""How findings of inspections are stored."""

from __future__ import annotations

from mbo_desktop.domain.inspections import Finding
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    Finding,
    columns=(
        "inspection", "unit", "subject", "month", "kind", "text", "found_on", "reported", "verified", "deduction", "rectify_until", "rectified_on"
    ),
)
