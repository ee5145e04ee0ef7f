"""How filings of units are stored."""

from __future__ import annotations

from mbo_desktop.domain.reports import Filing
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    Filing,
    columns=("year", "month", "unit", "received_on", "confirmed", "file_hash", "excused"),
    key=("year", "month", "unit"),
)
