"""How years are stored; two copies that open the same year meet in one record."""

from __future__ import annotations

from mbo_desktop.domain.planning import Year
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(Year, columns=("number", "state"), key=("number",))
