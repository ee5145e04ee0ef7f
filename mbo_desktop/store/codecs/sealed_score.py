"""How sealed results are stored."""

from __future__ import annotations

from mbo_desktop.domain.assessment import SealedScore
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    SealedScore,
    columns=("year", "unit", "peer_group", "total", "rank", "grade"),
    key=("year", "unit"),
)
