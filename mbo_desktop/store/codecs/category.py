"""How categories and strategies are stored; they can be renamed, so their uuid is random."""

from __future__ import annotations

from mbo_desktop.domain.planning import Category
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns
from mbo_desktop.store.codecs.named import name_columns


def _computed(_: Category, body: Body) -> Columns:
    return name_columns(body["name"])


CODEC = Codec(Category, columns=("year", "axis", "name", "ord"), computed=_computed)
