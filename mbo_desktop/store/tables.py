"""The tables of the data file (SQLAlchemy Core).

`record`, `change` and `revision` hold everything; those of the exchange between offices
stand in `exchange_tables`. The tables named after a
record type are projections: what is filtered, sorted, joined or summed, rebuilt at
any time from the newest revisions. A reference is the integer of its record.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from mbo_desktop.store.account_tables import account, account_rules
from mbo_desktop.store.assessment_tables import (
    bonus_item,
    circular,
    given_score,
    objection,
    scheme,
    sealed_score,
    veto,
)
from mbo_desktop.store.columns import (
    decimal,
    integer,
    metadata,
    named,
    optional,
    projection,
    reference,
    text,
)
from mbo_desktop.store.exchange_tables import (
    binding,
    edition,
    edition_head,
    gap_dismissal,
    hand_over,
    package,
    package_change,
    package_edition,
    package_withdrawal,
    purge,
    reply,
)
from mbo_desktop.store.follow_up_tables import (
    accountability_case,
    docket,
    evidence,
    filing,
    finding,
    inspection,
    leader_attention,
    progress_problem,
    progress_report,
    progress_snapshot,
    reporting_rules,
    work_calendar,
)

setting = Table(
    "setting", metadata,
    Column("name", Text, primary_key=True),
    text("value"),
    sqlite_with_rowid=False,
)

record = Table(
    "record", metadata,
    Column("id", Integer, primary_key=True),
    Column("owner", LargeBinary(16), nullable=False),
    Column("uuid", LargeBinary(16), nullable=False),
    Column("type", Text),
    integer("stub"),
    UniqueConstraint("owner", "uuid", name="record_identity"),
)

change = Table(
    "change", metadata,
    Column("id", Integer, primary_key=True),
    Column("replica", LargeBinary(16), nullable=False),
    Column("seq", Integer, nullable=False),
    text("label"),
    text("who"),
    text("at"),
    text("machine"),
    integer("barrier"),
    Column("prev", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    UniqueConstraint("replica", "seq", name="change_place"),
)

revision = Table(
    "revision", metadata,
    Column("id", Integer, primary_key=True),
    Column("record", Integer, ForeignKey("record.id"), nullable=False),
    Column("n", Integer, nullable=False),
    # Hashes of the revisions it follows, hex, joined by a space.
    text("parents"),
    Column("hash", LargeBinary(32), nullable=False),
    Column("schema", Integer, nullable=False),
    integer("deleted"),
    text("body"),
    # The log entry is written last, when the hashes of all it wrote are known.
    Column(
        "change", Integer,
        ForeignKey("change.id", deferrable=True, initially="DEFERRED"), nullable=False,
    ),
    Index("revision_record", "record", "n"),
    Index("revision_change", "change"),
)

link = Table(
    # References held in lists (strategies, certifying units, predecessors), one row each.
    "link", metadata,
    Column("record", Integer, ForeignKey("record.id"), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("target", Integer, ForeignKey("record.id"), nullable=False),
    Index("link_target", "target"),
    sqlite_with_rowid=False,
)


office = projection(
    "office", *named(), text("government_name"), text("kind"), text("superior_name"),
    reference("unit"),
)

operator = projection("operator", *named(), integer("active", 1))

unit = projection(
    "unit", *named(), text("short_name"), text("kind"), text("peer_group"),
    reference("superior"), text("ord"), text("code"), optional("dissolved_on"), text("note"),
    text("former"),  # former names, joined by 、, for the search
    text("label"),  # the name in tables
    # Derived from the whole tree by store.unit_tree:
    text("path"),  # record numbers from the root, /1/5/9/
    text("sort_path"),  # sorts all units in official order, branch by branch
    integer("depth"),
    integer("child_count"),
    integer("removed"),  # own tombstone; `deleted` also follows from a superior's
    Index("unit_superior", "superior", "ord"),
    Index("unit_sort_path", "sort_path"),
)

person = projection("person", *named(), text("phone"), text("note"))

post = projection(
    "post", reference("unit", required=True), text("title"), text("role"), text("ord"),
    Index("post_unit", "unit", "ord"),
)

tenure = projection(
    "tenure", reference("post", required=True), reference("person", required=True),
    optional("since"), optional("until"),
    Index("tenure_post", "post"), Index("tenure_person", "person"),
)

succession = projection(
    "succession", text("kind"), text("effective_on"), text("basis"), text("note"),
)

year = projection("year", integer("number"), text("state"))

category = projection(
    "category", integer("year"), text("axis"), *named(), text("ord"),
    Index("category_year", "year", "axis", "ord"),
)

indicator = projection(
    "indicator", integer("year"), *named(), reference("category"), text("ord"), text("code"),
    text("unit_of_measure"), Column("decimals", Integer), text("direction"), text("form"),
    *decimal("points"), text("definition"), text("scoring_text"), text("data_source"),
    text("certifying_text"), integer("is_key"), integer("is_binding"), integer("is_livelihood"),
    text("note"),
    Index("indicator_year", "year", "ord"), Index("indicator_category", "category"),
)

target = projection(
    "target", reference("indicator", required=True), reference("unit", required=True),
    *decimal("last_year"), *decimal("points"), optional("due"), text("note"),
    # Of the part of the value that counts; form is NULL while nothing is set:
    optional("form"), *decimal("amount"), text("amount_unit"), text("text"), integer("is_na"),
    *decimal("stretch_amount"), text("stretch_text"),
    Index("target_indicator", "indicator", "unit"),
    # Holds what the sums per unit need: seven times quicker than fetching the rows.
    Index("target_unit", "unit", "deleted", "indicator", "form", "is_na", "points"),
)

agreement_template = projection(
    "agreement_template", integer("year"), *named(), text("title"),
    Index("agreement_template_year", "year"),
)

agreement = projection(
    "agreement", integer("year"), reference("unit", required=True), text("number"),
    text("title"), reference("template"), reference("issuer_post"), reference("party_post"),
    optional("term_from"), optional("term_until"), optional("signed_on"), text("state"),
    integer("has_snapshot"),
    reference("post"),  # of the person who signs a personal agreement
    Index("agreement_post", "post"),
    Index("agreement_year", "year", "unit"), Index("agreement_unit", "unit"),
    Index("agreement_template_used", "template"), Index("agreement_issuer_post", "issuer_post"),
    Index("agreement_party_post", "party_post"),
)

import_mapping = projection("import_mapping", text("sender"), text("layout"))

source = projection(
    "source", integer("year"), text("kind"), *named(), text("genre"), text("number"),
    text("issued_by"), optional("dated"), text("ord"), text("note"),
    Index("source_year", "year", "ord"),
)

source_item = projection(
    "source_item", reference("source", required=True), text("label"), integer("level", 1),
    integer("is_heading"), text("text"), text("lead"), text("due"), text("ord"), text("note"),
    Index("source_item_source", "source", "ord"),
)

source_link = projection(
    "source_link", reference("origin", required=True), reference("subject", required=True),
    text("note"),
    Index("source_link_origin", "origin"), Index("source_link_subject", "subject"),
)

number_series = projection(
    "number_series", text("kind"), integer("year"), text("pattern"), integer("last"),
)

issued_number = projection(
    "issued_number", text("kind"), integer("year"), integer("number"), text("text"),
    text("title"), reference("subject"), optional("issued_on"), integer("is_void"),
    text("void_reason"), optional("voided_on"),
    Index("issued_number_kind", "kind", "year", "number"),
    Index("issued_number_subject", "subject"),
)

outside_figure = projection(
    "outside_figure", reference("indicator", required=True), text("period"), *decimal("own"),
    *decimal("average"), Column("rank", Integer), Column("ranked", Integer), text("basis"),
    text("note"),
    Index("outside_figure_indicator", "indicator", "period"),
)

target_result = projection(
    "target_result", reference("indicator", required=True), reference("unit", required=True),
    *decimal("actual"), text("actual_text"), optional("completion"), text("reason"),
    *decimal("score"), text("note"),
    Index("target_result_indicator", "indicator", "unit"), Index("target_result_unit", "unit"),
)

unit_result = projection(
    "unit_result", integer("year"), reference("unit", required=True), *decimal("score"),
    Column("rank", Integer), text("grade"), text("veto"), text("note"),
    Index("unit_result_year", "year", "unit"), Index("unit_result_unit", "unit"),
)

superior_result = projection(
    "superior_result", integer("year"), *decimal("points"), *decimal("full_points"),
    Column("rank", Integer), Column("ranked", Integer), text("title"), text("document"),
    text("note"),
)

proposal_round = projection(
    "proposal_round", integer("year"), integer("number"), text("side"), text("name"),
    text("source"), text("note"),
    Index("proposal_round_year", "year", "number"),
)

target_proposal = projection(
    "target_proposal", reference("round", required=True), reference("indicator", required=True),
    reference("unit", required=True), text("state"),
    Index("target_proposal_round", "round"),
    Index("target_proposal_cell", "indicator", "unit"), Index("target_proposal_unit", "unit"),
)

adjustment = projection(
    "adjustment", integer("year"), reference("indicator", required=True),
    reference("unit", required=True), text("kind"), text("origin"), reference("requested_by"),
    optional("requested_on"), text("cause"), text("reason"), text("meeting"),
    reference("meeting_item"), text("number"), optional("approved_on"),
    optional("effective_on"), text("state"),
    Index("adjustment_cell", "indicator", "unit"), Index("adjustment_unit", "unit"),
    Index("adjustment_year", "year", "state"), Index("adjustment_meeting", "meeting_item"),
)

correction = projection(
    "correction", integer("year"), reference("indicator", required=True),
    reference("unit", required=True), text("field"), text("reason"), text("approved_by"),
    optional("revoked_on"),
    Index("correction_cell", "indicator", "unit"), Index("correction_unit", "unit"),
)

joint_duty = projection(
    "joint_duty", reference("indicator", required=True), reference("lead", required=True),
    reference("unit", required=True), text("ord"), text("duty"), *decimal("share"),
    text("consent"),
    Index("joint_duty_lead", "lead", "indicator"), Index("joint_duty_unit", "unit"),
    Index("joint_duty_indicator", "indicator"),
)

allocation = projection(
    "allocation", reference("target"), reference("parent"), text("ord"), text("title"),
    text("title_pinyin"), text("title_initials"), reference("unit"), text("unit_of_measure"),
    *decimal("last_year"), *decimal("share"), *decimal("weight"), integer("locked"),
    reference("leader"), reference("responsible"), reference("handler"), optional("due"),
    text("difficulties"), text("measures"), text("undivided"), *decimal("divided_at"),
    text("note"), integer("milestones"),
    optional("plan"),  # the plan's body as it is stored
    optional("form"), *decimal("amount"), text("amount_unit"), text("text"), integer("is_na"),
    # Derived from the nodes above by store.allocation_tree, NULL where nothing is stated:
    Column("in_target", Integer), Column("in_unit", Integer), Column("in_leader", Integer),
    Column("in_responsible", Integer), Column("in_handler", Integer), optional("in_due"),
    integer("depth"),
    integer("removed"),  # own tombstone; `deleted` also follows from a branch above
    Index("allocation_target", "target"), Index("allocation_parent", "parent", "ord"),
    Index("allocation_unit", "unit"), Index("allocation_leader", "leader"),
    Index("allocation_responsible", "responsible"), Index("allocation_handler", "handler"),
    Index("allocation_in_target", "in_target", "deleted"), Index("allocation_in_unit", "in_unit"),
    Index("allocation_in_responsible", "in_responsible"),
    Index("allocation_in_handler", "in_handler"),
)


__all__ = [
    "account",
    "account_rules",
    "accountability_case",
    "binding",
    "bonus_item",
    "circular",
    "docket",
    "edition",
    "edition_head",
    "evidence",
    "filing",
    "finding",
    "gap_dismissal",
    "given_score",
    "hand_over",
    "inspection",
    "leader_attention",
    "metadata",
    "objection",
    "package",
    "package_change",
    "package_edition",
    "package_withdrawal",
    "progress_problem",
    "progress_report",
    "progress_snapshot",
    "purge",
    "reply",
    "reporting_rules",
    "scheme",
    "sealed_score",
    "veto",
    "work_calendar",
]
