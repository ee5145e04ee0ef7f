"""How acts of removal are stored."""

from __future__ import annotations

from mbo_desktop.domain.purging import Purge
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(Purge, columns=())
