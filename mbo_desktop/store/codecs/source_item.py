"""How the items of meetings and documents are stored."""

from __future__ import annotations

from mbo_desktop.domain.registers import SourceItem
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    SourceItem,
    columns=("source", "label", "level", "is_heading", "text", "lead", "due", "ord", "note"),
)
