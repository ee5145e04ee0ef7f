"""How results of unit-targets are stored; completion is NULL where the rule decides."""

from __future__ import annotations

from mbo_desktop.domain.results import TargetResult
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    TargetResult,
    columns=(
        "indicator", "unit", "actual", "actual_text", "completion", "reason", "score", "note",
    ),
    key=("indicator", "unit"),
)
