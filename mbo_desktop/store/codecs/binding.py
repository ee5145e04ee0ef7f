"""How bindings of other offices to the own register are stored."""

from __future__ import annotations

from mbo_desktop.domain.exchange import Binding
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns
from mbo_desktop.store.codecs.named import name_columns


def _computed(_: Binding, body: Body) -> Columns:
    return name_columns(body["name"])


CODEC = Codec(
    Binding,
    columns=(
        "office", "name", "code", "key", "unit", "their_unit", "our_unit", "role", "accepted_on",
    ),
    computed=_computed, key=("office",),
)
