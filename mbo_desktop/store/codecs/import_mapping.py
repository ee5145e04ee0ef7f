"""How remembered column mappings are stored, one per sender and layout."""

from __future__ import annotations

from mbo_desktop.domain.planning import ImportMapping
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(ImportMapping, columns=("sender", "layout"), key=("sender", "layout"))
