"""How the clauses for a year's agreements are stored."""

from __future__ import annotations

from mbo_desktop.domain.agreements import AgreementTemplate
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns
from mbo_desktop.store.codecs.named import name_columns


def _computed(_: AgreementTemplate, body: Body) -> Columns:
    return name_columns(body["name"])


CODEC = Codec(
    AgreementTemplate, columns=("year", "name", "title"), computed=_computed, key=("year", "name"),
)
