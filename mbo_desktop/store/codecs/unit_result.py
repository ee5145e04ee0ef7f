"""How a unit's result of a year is stored; honours stand in the body."""

from __future__ import annotations

from mbo_desktop.domain.results import UnitResult
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    UnitResult, columns=("year", "unit", "score", "rank", "grade", "veto", "note"),
    key=("year", "unit"),
)
