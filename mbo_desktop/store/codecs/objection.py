"""How objections are stored."""

from __future__ import annotations

from mbo_desktop.domain.assessment import Objection
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    Objection,
    columns=("year", "unit", "indicator", "raised_on", "decided_on"),
)
