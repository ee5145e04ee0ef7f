"""How the dates of holding a post are stored."""

from __future__ import annotations

from mbo_desktop.domain.offices import Tenure
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(Tenure, columns=("post", "person", "since", "until"))
