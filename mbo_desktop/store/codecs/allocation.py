"""How decomposition nodes are stored; what follows from the tree is added by `store.allocation_tree`."""

from __future__ import annotations

import json

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns
from mbo_desktop.store.codecs.named import name_columns
from mbo_desktop.store.codecs.target_columns import value_columns


def _computed(node: Allocation, body: Body) -> Columns:
    names = name_columns(body["title"])
    return {
        "title_pinyin": names["name_pinyin"], "title_initials": names["name_initials"],
        "plan": None if body["plan"] is None else json.dumps(body["plan"], ensure_ascii=False),
        "milestones": len(body["milestones"]),
        **value_columns(node.value, body["value"]),
    }


CODEC = Codec(
    Allocation,
    columns=(
        "target", "parent", "ord", "title", "unit", "unit_of_measure", "last_year", "share",
        "weight", "locked", "leader", "responsible", "handler", "due", "difficulties", "measures",
        "undivided", "divided_at", "note",
    ),
    computed=_computed, key=("target",),
)
