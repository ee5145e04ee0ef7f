"""How answers to other offices' records are stored."""

from __future__ import annotations

from mbo_desktop.domain.exchange import Reply
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(Reply, columns=("subject", "kind", "year", "month", "unit", "until"))
