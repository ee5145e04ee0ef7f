"""How rounds of proposals are stored."""

from __future__ import annotations

from mbo_desktop.domain.rounds import ProposalRound
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(ProposalRound, columns=("year", "number", "side", "name", "source", "note"))
