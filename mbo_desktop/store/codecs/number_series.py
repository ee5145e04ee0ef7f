"""How registers of numbers are stored, one record per kind and year."""

from __future__ import annotations

from mbo_desktop.domain.registers import NumberSeries
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(NumberSeries, columns=("kind", "year", "pattern", "last"), key=("kind", "year"))
