"""How meetings and documents that targets come from are stored."""

from __future__ import annotations

from mbo_desktop.domain.registers import Source
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns
from mbo_desktop.store.codecs.named import name_columns


def _computed(_: Source, body: Body) -> Columns:
    return name_columns(body["name"])


CODEC = Codec(
    Source, columns=("year", "kind", "name", "genre", "number", "issued_by", "dated", "ord", "note"),
    computed=_computed,
)
