"""How the parts of supporting units in a joint target are stored."""

from __future__ import annotations

from mbo_desktop.domain.joint import JointDuty
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    JointDuty, columns=("indicator", "lead", "unit", "ord", "duty", "share", "consent"),
    key=("indicator", "lead", "unit"),
)
