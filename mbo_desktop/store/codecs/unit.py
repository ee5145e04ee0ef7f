"""How units are stored; what follows from the whole tree is added by `store.unit_tree`."""

from __future__ import annotations

from mbo_desktop.domain.offices import Unit
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns
from mbo_desktop.store.codecs.named import name_columns


def _computed(_: Unit, body: Body) -> Columns:
    return {
        **name_columns(body["name"], body["short_name"]),
        "label": body["short_name"] or body["name"],
        "former": "、".join(one["name"] for one in body["former_names"]),
    }


CODEC = Codec(
    Unit,
    columns=(
        "name", "short_name", "kind", "peer_group", "superior", "ord", "code", "dissolved_on",
        "note",
    ),
    computed=_computed,
)
