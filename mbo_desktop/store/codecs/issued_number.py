"""How numbers that were given out are stored; the same number of two copies is one record."""

from __future__ import annotations

from mbo_desktop.domain.registers import IssuedNumber
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    IssuedNumber,
    columns=(
        "kind", "year", "number", "text", "title", "subject", "issued_on", "is_void", "void_reason",
        "voided_on",
    ),
    key=("kind", "year", "number"),
)
