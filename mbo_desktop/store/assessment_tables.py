"""Tables of the assessment: schemes, given scores, bonuses, vetoes, objections, sealed results, circulars."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer

from mbo_desktop.store.columns import decimal, integer, optional, projection, reference, text

scheme = projection(
    "scheme", integer("year"), text("peer_group"), text("name"), Index("scheme_year", "year"),
)

given_score = projection(
    "given_score", reference("subject", required=True), reference("unit", required=True),
    text("name"), text("kind"), *decimal("points"),
    Index("given_score_subject", "subject", "kind"), Index("given_score_unit", "unit"),
)

bonus_item = projection(
    "bonus_item", integer("year"), reference("unit", required=True), text("matter"), text("level"),
    *decimal("points"),
    Index("bonus_item_year", "year", "unit"), Index("bonus_item_unit", "unit"),
)

veto = projection(
    "veto", integer("year"), reference("unit", required=True), text("subject"), text("effect"),
    reference("indicator"), optional("revoked_on"),
    Index("veto_year", "year", "unit"), Index("veto_unit", "unit"), Index("veto_indicator", "indicator"),
)

objection = projection(
    "objection", integer("year"), reference("unit", required=True), reference("indicator"),
    optional("raised_on"), optional("decided_on"),
    Index("objection_year", "year", "unit"), Index("objection_unit", "unit"),
    Index("objection_indicator", "indicator"),
)

sealed_score = projection(
    "sealed_score", integer("year"), reference("unit", required=True), text("peer_group"),
    *decimal("total"), Column("rank", Integer), text("grade"),
    Index("sealed_score_year", "year", "unit"), Index("sealed_score_unit", "unit"),
)

circular = projection(
    "circular", integer("year"), text("kind"), text("title"), Index("circular_year", "year"),
)
