"""How the register of packages handed over is stored."""

from __future__ import annotations

from mbo_desktop.domain.exchange import HandOver
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(HandOver, columns=("package", "way"))
