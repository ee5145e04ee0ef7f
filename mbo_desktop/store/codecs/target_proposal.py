"""How proposed values are stored: one per round and cell."""

from __future__ import annotations

from mbo_desktop.domain.rounds import TargetProposal
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    TargetProposal, columns=("round", "indicator", "unit", "state"),
    key=("round", "indicator", "unit"),
)
