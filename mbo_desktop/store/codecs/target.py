"""How targets are stored: one cell of the matrix, found by indicator and unit."""

from __future__ import annotations

from mbo_desktop.domain.planning import Target
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns, decimal_columns
from mbo_desktop.store.codecs.target_columns import counted, shown, value_columns


def _computed(target: Target, body: Body) -> Columns:
    stretch = body["stretch"]
    return {
        **value_columns(target.value, body["value"]),
        "stretch_text": stretch["text"] or shown(target.stretch) if stretch else "",
        **decimal_columns("stretch_amount", counted(stretch)["amount"] if stretch else None),
    }


CODEC = Codec(
    Target, columns=("indicator", "unit", "last_year", "points", "due", "note"),
    computed=_computed, key=("indicator", "unit"),
)
