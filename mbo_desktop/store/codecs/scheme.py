"""How schemes of assessment are stored."""

from __future__ import annotations

from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    Scheme,
    columns=("year", "peer_group", "name"),
    key=("year", "peer_group"),
)
