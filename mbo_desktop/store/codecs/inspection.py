"""How inspections are stored."""

from __future__ import annotations

from mbo_desktop.domain.inspections import Inspection
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    Inspection,
    columns=(
        "year", "title", "number", "time", "way", "source", "planned_from", "planned_until", "done_on", "month", "state"
    ),
)
