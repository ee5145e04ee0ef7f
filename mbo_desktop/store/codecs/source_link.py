"""How it is stored that a target or indicator rests on an item."""

from __future__ import annotations

from mbo_desktop.domain.registers import SourceLink
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(SourceLink, columns=("origin", "subject", "note"), key=("origin", "subject"))
