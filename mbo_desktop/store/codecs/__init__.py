"""How each record type is stored: one module per type, all of them listed here."""

from __future__ import annotations

from mbo_desktop.domain.identity import Entity
from mbo_desktop.store.codecs import (
    agreement,
    agreement_template,
    category,
    import_mapping,
    indicator,
    office,
    operator,
    person,
    post,
    succession,
    target,
    tenure,
    unit,
    year,
)
from mbo_desktop.store.codecs.codec import Codec

CODECS: dict[str, Codec] = {
    module.CODEC.type_name: module.CODEC
    for module in (
        office, operator, unit, person, post, tenure, succession, year, category, indicator,
        target, agreement_template, agreement, import_mapping,
    )
}
"""Codecs by type name; referred-to types stand before those that refer to them."""


def codec_of(kind: type[Entity]) -> Codec:
    """The codec of an entity class."""
    return CODECS[kind.type_name]
