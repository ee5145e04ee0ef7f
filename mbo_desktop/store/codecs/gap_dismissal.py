"""How it is stored that missing packages are given up."""

from __future__ import annotations

from mbo_desktop.domain.exchange import GapDismissal
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(GapDismissal, columns=("office", "replica"), key=("office", "replica"))
