"""How circulars are stored."""

from __future__ import annotations

from mbo_desktop.domain.assessment import Circular
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    Circular,
    columns=("year", "kind", "title"),
    key=("year", "kind"),
)
