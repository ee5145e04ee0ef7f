"""How posts are stored."""

from __future__ import annotations

from mbo_desktop.domain.offices import Post
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(Post, columns=("unit", "title", "role", "ord"))
