"""How what leaders took up in person is stored."""

from __future__ import annotations

from mbo_desktop.domain.dockets import LeaderAttention
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    LeaderAttention,
    columns=(
        "year", "day", "leader", "way", "unit", "subject", "docket", "matter", "followed_on"
    ),
)
