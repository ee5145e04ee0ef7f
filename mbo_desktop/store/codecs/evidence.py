"""How evidence is stored."""

from __future__ import annotations

from mbo_desktop.domain.reports import Evidence
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    Evidence,
    columns=("subject", "month", "title", "file_hash", "file_name", "size", "dated", "verdict"),
)
