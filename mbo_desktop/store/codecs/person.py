"""How people are stored."""

from __future__ import annotations

from mbo_desktop.domain.offices import Person
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns
from mbo_desktop.store.codecs.named import name_columns


def _computed(_: Person, body: Body) -> Columns:
    return name_columns(body["name"], person=True)


CODEC = Codec(Person, columns=("name", "phone", "note"), computed=_computed)
