"""How pictures of the progress are stored."""

from __future__ import annotations

from mbo_desktop.domain.reports import ProgressSnapshot
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    ProgressSnapshot,
    columns=("year", "month", "kind", "unit", "taken_on"),
    key=("year", "month", "kind", "unit"),
)
