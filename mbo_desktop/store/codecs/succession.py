"""How mergers and splits of units are stored; the units themselves stand in `link`."""

from __future__ import annotations

from mbo_desktop.domain.offices import Succession
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(Succession, columns=("kind", "effective_on", "basis", "note"))
