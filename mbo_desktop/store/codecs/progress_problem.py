"""How problems met with targets are stored."""

from __future__ import annotations

from mbo_desktop.domain.reports import ProgressProblem
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    ProgressProblem,
    columns=("subject", "month", "text", "cause", "wanted", "wanted_from", "settled_on"),
)
