"""How given scores are stored."""

from __future__ import annotations

from mbo_desktop.domain.assessment import GivenScore
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    GivenScore,
    columns=("subject", "unit", "name", "kind", "points"),
    key=("subject", "unit", "name", "kind"),
)
