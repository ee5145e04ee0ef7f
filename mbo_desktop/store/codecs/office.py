"""How the office is stored: one record, so its natural key is empty."""

from __future__ import annotations

from mbo_desktop.domain.offices import Office
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns
from mbo_desktop.store.codecs.named import name_columns


def _computed(_: Office, body: Body) -> Columns:
    return name_columns(body["name"])


CODEC = Codec(
    Office, columns=("name", "government_name", "kind", "superior_name", "unit"),
    computed=_computed, key=(),
)
