"""How the rules of a year's reporting are stored."""

from __future__ import annotations

from mbo_desktop.domain.reports import ReportingRules
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(
    ReportingRules,
    columns=("year",),
    key=("year",),
)
