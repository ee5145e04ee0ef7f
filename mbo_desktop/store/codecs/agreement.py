"""How agreements are stored; the state column is that of the least advanced copy."""

from __future__ import annotations

from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns


def _computed(agreement: Agreement, _: Body) -> Columns:
    return {"state": agreement.state.value, "has_snapshot": int(agreement.snapshot is not None)}


CODEC = Codec(
    Agreement,
    columns=(
        "year", "unit", "number", "title", "template", "issuer_post", "party_post", "term_from",
        "term_until", "signed_on", "post",
    ),
    computed=_computed, key=("year", "unit"),
)
