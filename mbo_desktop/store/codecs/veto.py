"""How vetoes are stored."""

from __future__ import annotations

from mbo_desktop.domain.assessment import Veto
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    Veto,
    columns=("year", "unit", "subject", "effect", "indicator", "revoked_on"),
)
