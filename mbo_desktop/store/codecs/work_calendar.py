"""How holidays and make-up days of a year are stored."""

from __future__ import annotations

from mbo_desktop.domain.dockets import WorkCalendar
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    WorkCalendar,
    columns=(
        "year",
    ),
    key=("year",),
)
