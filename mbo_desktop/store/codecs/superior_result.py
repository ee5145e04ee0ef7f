"""How the superior's assessment of a year is stored."""

from __future__ import annotations

from mbo_desktop.domain.results import SuperiorResult
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    SuperiorResult,
    columns=("year", "points", "full_points", "rank", "ranked", "title", "document", "note"),
    key=("year",),
)
