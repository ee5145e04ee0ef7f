"""How accounts are stored."""

from __future__ import annotations

from mbo_desktop.domain.accounts import Account
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns
from mbo_desktop.store.codecs.named import name_columns


def _computed(_: Account, body: Body) -> Columns:
    return name_columns(body["name"], person=True) | {"roles": " ".join(body["roles"])}


CODEC = Codec(Account, columns=("name", "active"), computed=_computed, key=("name",))
