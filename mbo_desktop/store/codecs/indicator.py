"""How indicators are stored; strategies and certifying units stand in `link`."""

from __future__ import annotations

from mbo_desktop.domain.planning import Indicator
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns
from mbo_desktop.store.codecs.named import name_columns


def _computed(_: Indicator, body: Body) -> Columns:
    return name_columns(body["name"])


CODEC = Codec(
    Indicator,
    columns=(
        "year", "name", "category", "ord", "code", "unit_of_measure", "decimals", "direction",
        "form", "points", "definition", "scoring_text", "data_source", "certifying_text", "is_key",
        "is_binding", "is_livelihood", "note",
    ),
    computed=_computed,
)
