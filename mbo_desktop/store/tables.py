"""The tables of the data file (SQLAlchemy Core).

`record`, `change` and `revision` hold everything; `edition`, `package` and
`package_edition` are for the exchange between offices. The tables named after a
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
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import REAL

metadata = MetaData()


def _integer(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=str(default))


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _optional(name: str) -> Column[str]:
    return Column(name, Text)


def _reference(name: str, *, required: bool = False) -> Column[int]:
    return Column(name, Integer, ForeignKey("record.id"), nullable=not required)


def _decimal(name: str) -> tuple[Column[str], Column[float]]:
    """The canonical decimal and a double beside it, the latter for sorting and filtering only."""
    return Column(name, Text), Column(f"{name}_sort", REAL)


def _named() -> tuple[Column[str], Column[str], Column[str]]:
    return _text("name"), _text("name_pinyin"), _text("name_initials")


setting = Table(
    "setting", metadata,
    Column("name", Text, primary_key=True),
    _text("value"),
    sqlite_with_rowid=False,
)

record = Table(
    "record", metadata,
    Column("id", Integer, primary_key=True),
    Column("owner", LargeBinary(16), nullable=False),
    Column("uuid", LargeBinary(16), nullable=False),
    Column("type", Text),
    _integer("stub"),
    UniqueConstraint("owner", "uuid", name="record_identity"),
)

change = Table(
    "change", metadata,
    Column("id", Integer, primary_key=True),
    Column("replica", LargeBinary(16), nullable=False),
    Column("seq", Integer, nullable=False),
    _text("label"),
    _text("who"),
    _text("at"),
    _text("machine"),
    _integer("barrier"),
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
    _text("parents"),
    Column("hash", LargeBinary(32), nullable=False),
    Column("schema", Integer, nullable=False),
    _integer("deleted"),
    _text("body"),
    # The log entry is written last, when the hashes of all it wrote are known.
    Column(
        "change", Integer,
        ForeignKey("change.id", deferrable=True, initially="DEFERRED"), nullable=False,
    ),
    Index("revision_record", "record", "n"),
    Index("revision_change", "change"),
)

edition = Table(
    "edition", metadata,
    Column("id", Integer, primary_key=True),
    Column("record", Integer, ForeignKey("record.id"), nullable=False),
    Column("e", Integer, nullable=False),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    _text("earlier"),
    Column("schema", Integer, nullable=False),
    _integer("deleted"),
    # NULL: a withheld edition, of which only hash and lineage travel.
    Column("body", Text),
    Column("replica", LargeBinary(16), nullable=False),
    Index("edition_record", "record", "e"),
)

package = Table(
    "package", metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    _text("kind"),
    Column("year", Integer),
    Column("sender", LargeBinary(16), nullable=False),
    Column("recipient", LargeBinary(16), nullable=False),
    Column("replica", LargeBinary(16), nullable=False),
    Column("seq", Integer, nullable=False),
    _text("state"),
    _text("manifest"),
    Column("change", Integer, ForeignKey("change.id", deferrable=True, initially="DEFERRED")),
)

package_edition = Table(
    "package_edition", metadata,
    Column("package", Integer, ForeignKey("package.id"), primary_key=True),
    Column("edition", Integer, ForeignKey("edition.id"), primary_key=True),
    Index("package_edition_edition", "edition"),
    sqlite_with_rowid=False,
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


def _projection(name: str, *content: Column[str] | Column[int] | Column[float] | Index) -> Table:
    return Table(
        name, metadata,
        Column("record", Integer, ForeignKey("record.id"), primary_key=True),
        Column("revision", Integer, ForeignKey("revision.id"), nullable=False),
        Column("head", LargeBinary(32), nullable=False),
        _integer("deleted"),
        *content,
    )


office = _projection(
    "office", *_named(), _text("government_name"), _text("kind"), _text("superior_name"),
    _reference("unit"),
)

operator = _projection("operator", *_named(), _integer("active", 1))

unit = _projection(
    "unit", *_named(), _text("short_name"), _text("kind"), _text("peer_group"),
    _reference("superior"), _text("ord"), _text("code"), _optional("dissolved_on"), _text("note"),
    _text("former"),  # former names, joined by 、, for the search
    _text("label"),  # the name in tables
    # Derived from the whole tree by store.unit_tree:
    _text("path"),  # record numbers from the root, /1/5/9/
    _text("sort_path"),  # sorts all units in official order, branch by branch
    _integer("depth"),
    _integer("child_count"),
    _integer("removed"),  # own tombstone; `deleted` also follows from a superior's
    Index("unit_superior", "superior", "ord"),
    Index("unit_sort_path", "sort_path"),
)

person = _projection("person", *_named(), _text("phone"), _text("note"))

post = _projection(
    "post", _reference("unit", required=True), _text("title"), _text("role"), _text("ord"),
    Index("post_unit", "unit", "ord"),
)

tenure = _projection(
    "tenure", _reference("post", required=True), _reference("person", required=True),
    _optional("since"), _optional("until"),
    Index("tenure_post", "post"), Index("tenure_person", "person"),
)

succession = _projection(
    "succession", _text("kind"), _text("effective_on"), _text("basis"), _text("note"),
)

year = _projection("year", _integer("number"), _text("state"))

category = _projection(
    "category", _integer("year"), _text("axis"), *_named(), _text("ord"),
    Index("category_year", "year", "axis", "ord"),
)

indicator = _projection(
    "indicator", _integer("year"), *_named(), _reference("category"), _text("ord"), _text("code"),
    _text("unit_of_measure"), Column("decimals", Integer), _text("direction"), _text("form"),
    *_decimal("points"), _text("definition"), _text("scoring_text"), _text("data_source"),
    _text("certifying_text"), _integer("is_key"), _integer("is_binding"), _integer("is_livelihood"),
    _text("note"),
    Index("indicator_year", "year", "ord"), Index("indicator_category", "category"),
)

target = _projection(
    "target", _reference("indicator", required=True), _reference("unit", required=True),
    *_decimal("last_year"), *_decimal("points"), _optional("due"), _text("note"),
    # Of the part of the value that counts; form is NULL while nothing is set:
    _optional("form"), *_decimal("amount"), _text("amount_unit"), _text("text"), _integer("is_na"),
    *_decimal("stretch_amount"), _text("stretch_text"),
    Index("target_indicator", "indicator", "unit"),
    # Holds what the sums per unit need: seven times quicker than fetching the rows.
    Index("target_unit", "unit", "deleted", "indicator", "form", "is_na", "points"),
)

agreement_template = _projection(
    "agreement_template", _integer("year"), *_named(), _text("title"),
    Index("agreement_template_year", "year"),
)

agreement = _projection(
    "agreement", _integer("year"), _reference("unit", required=True), _text("number"),
    _text("title"), _reference("template"), _reference("issuer_post"), _reference("party_post"),
    _optional("term_from"), _optional("term_until"), _optional("signed_on"), _text("state"),
    _integer("has_snapshot"),
    _reference("post"),  # of the person who signs a personal agreement
    Index("agreement_post", "post"),
    Index("agreement_year", "year", "unit"), Index("agreement_unit", "unit"),
    Index("agreement_template_used", "template"), Index("agreement_issuer_post", "issuer_post"),
    Index("agreement_party_post", "party_post"),
)

import_mapping = _projection("import_mapping", _text("sender"), _text("layout"))

source = _projection(
    "source", _integer("year"), _text("kind"), *_named(), _text("genre"), _text("number"),
    _text("issued_by"), _optional("dated"), _text("ord"), _text("note"),
    Index("source_year", "year", "ord"),
)

source_item = _projection(
    "source_item", _reference("source", required=True), _text("label"), _integer("level", 1),
    _integer("is_heading"), _text("text"), _text("lead"), _text("due"), _text("ord"), _text("note"),
    Index("source_item_source", "source", "ord"),
)

source_link = _projection(
    "source_link", _reference("origin", required=True), _reference("subject", required=True),
    _text("note"),
    Index("source_link_origin", "origin"), Index("source_link_subject", "subject"),
)

number_series = _projection(
    "number_series", _text("kind"), _integer("year"), _text("pattern"), _integer("last"),
)

issued_number = _projection(
    "issued_number", _text("kind"), _integer("year"), _integer("number"), _text("text"),
    _text("title"), _reference("subject"), _optional("issued_on"), _integer("is_void"),
    _text("void_reason"), _optional("voided_on"),
    Index("issued_number_kind", "kind", "year", "number"),
    Index("issued_number_subject", "subject"),
)

outside_figure = _projection(
    "outside_figure", _reference("indicator", required=True), _text("period"), *_decimal("own"),
    *_decimal("average"), Column("rank", Integer), Column("ranked", Integer), _text("basis"),
    _text("note"),
    Index("outside_figure_indicator", "indicator", "period"),
)

target_result = _projection(
    "target_result", _reference("indicator", required=True), _reference("unit", required=True),
    *_decimal("actual"), _text("actual_text"), _optional("completion"), _text("reason"),
    *_decimal("score"), _text("note"),
    Index("target_result_indicator", "indicator", "unit"), Index("target_result_unit", "unit"),
)

unit_result = _projection(
    "unit_result", _integer("year"), _reference("unit", required=True), *_decimal("score"),
    Column("rank", Integer), _text("grade"), _text("veto"), _text("note"),
    Index("unit_result_year", "year", "unit"), Index("unit_result_unit", "unit"),
)

superior_result = _projection(
    "superior_result", _integer("year"), *_decimal("points"), *_decimal("full_points"),
    Column("rank", Integer), Column("ranked", Integer), _text("title"), _text("document"),
    _text("note"),
)

proposal_round = _projection(
    "proposal_round", _integer("year"), _integer("number"), _text("side"), _text("name"),
    _text("source"), _text("note"),
    Index("proposal_round_year", "year", "number"),
)

target_proposal = _projection(
    "target_proposal", _reference("round", required=True), _reference("indicator", required=True),
    _reference("unit", required=True), _text("state"),
    Index("target_proposal_round", "round"),
    Index("target_proposal_cell", "indicator", "unit"), Index("target_proposal_unit", "unit"),
)

adjustment = _projection(
    "adjustment", _integer("year"), _reference("indicator", required=True),
    _reference("unit", required=True), _text("kind"), _text("origin"), _reference("requested_by"),
    _optional("requested_on"), _text("cause"), _text("reason"), _text("meeting"),
    _reference("meeting_item"), _text("number"), _optional("approved_on"),
    _optional("effective_on"), _text("state"),
    Index("adjustment_cell", "indicator", "unit"), Index("adjustment_unit", "unit"),
    Index("adjustment_year", "year", "state"), Index("adjustment_meeting", "meeting_item"),
)

correction = _projection(
    "correction", _integer("year"), _reference("indicator", required=True),
    _reference("unit", required=True), _text("field"), _text("reason"), _text("approved_by"),
    _optional("revoked_on"),
    Index("correction_cell", "indicator", "unit"), Index("correction_unit", "unit"),
)

joint_duty = _projection(
    "joint_duty", _reference("indicator", required=True), _reference("lead", required=True),
    _reference("unit", required=True), _text("ord"), _text("duty"), *_decimal("share"),
    _text("consent"),
    Index("joint_duty_lead", "lead", "indicator"), Index("joint_duty_unit", "unit"),
    Index("joint_duty_indicator", "indicator"),
)

allocation = _projection(
    "allocation", _reference("target"), _reference("parent"), _text("ord"), _text("title"),
    _text("title_pinyin"), _text("title_initials"), _reference("unit"), _text("unit_of_measure"),
    *_decimal("last_year"), *_decimal("share"), *_decimal("weight"), _integer("locked"),
    _reference("leader"), _reference("responsible"), _reference("handler"), _optional("due"),
    _text("difficulties"), _text("measures"), _text("undivided"), *_decimal("divided_at"),
    _text("note"), _integer("milestones"),
    _optional("plan"),  # the plan's body as it is stored
    _optional("form"), *_decimal("amount"), _text("amount_unit"), _text("text"), _integer("is_na"),
    # Derived from the nodes above by store.allocation_tree, NULL where nothing is stated:
    Column("in_target", Integer), Column("in_unit", Integer), Column("in_leader", Integer),
    Column("in_responsible", Integer), Column("in_handler", Integer), _optional("in_due"),
    _integer("depth"),
    _integer("removed"),  # own tombstone; `deleted` also follows from a branch above
    Index("allocation_target", "target"), Index("allocation_parent", "parent", "ord"),
    Index("allocation_unit", "unit"), Index("allocation_leader", "leader"),
    Index("allocation_responsible", "responsible"), Index("allocation_handler", "handler"),
    Index("allocation_in_target", "in_target", "deleted"), Index("allocation_in_unit", "in_unit"),
    Index("allocation_in_responsible", "in_responsible"),
    Index("allocation_in_handler", "in_handler"),
)

progress_report = _projection(
    "progress_report", _reference("subject", required=True), _integer("month"), _text("kind"),
    *_decimal("amount"), *_decimal("in_period"), _text("typed"), _text("physical"), _text("text"),
    *_decimal("investment"), _optional("cause"), _text("cause_text"), _text("own_effort"),
    _text("measure"), _reference("on_behalf_of"), _optional("reported_on"), _text("note"),
    Column("started", Integer), _integer("nodes_done"),
    Index("progress_report_subject", "subject", "month"),
    Index("progress_report_month", "month", "subject", "kind"),
    Index("progress_report_behalf", "on_behalf_of"),
)

evidence = _projection(
    "evidence", _reference("subject", required=True), _integer("month"), _text("title"),
    _text("file_hash"), _text("file_name"), _integer("size"), _optional("dated"),
    _text("verdict"),
    Index("evidence_subject", "subject", "month"), Index("evidence_file", "file_hash"),
)

progress_problem = _projection(
    "progress_problem", _reference("subject", required=True), _integer("month"), _text("text"),
    _optional("cause"), _text("wanted"), _reference("wanted_from"), _optional("settled_on"),
    Index("progress_problem_subject", "subject", "month"),
    Index("progress_problem_wanted", "wanted_from"),
)

filing = _projection(
    "filing", _integer("year"), _integer("month"), _reference("unit", required=True),
    _optional("received_on"), _integer("confirmed"), _text("file_hash"), _text("excused"),
    Index("filing_month", "year", "month", "unit"), Index("filing_unit", "unit"),
)

reporting_rules = _projection("reporting_rules", _integer("year"))

progress_snapshot = _projection(
    "progress_snapshot", _integer("year"), _integer("month"), _text("kind"),
    _reference("unit", required=True), _optional("taken_on"),
    Index("progress_snapshot_month", "year", "month", "kind"),
    Index("progress_snapshot_unit", "unit"),
)

inspection = _projection(
    "inspection", _integer("year"), _text("title"), _text("number"), _text("time"), _text("way"),
    _text("source"), _optional("planned_from"), _optional("planned_until"), _optional("done_on"),
    Column("month", Integer), _text("state"),
    Index("inspection_year", "year", "planned_from"),
)

finding = _projection(
    "finding", _reference("inspection", required=True), _reference("unit", required=True),
    _reference("subject"), Column("month", Integer), _text("kind"), _text("text"),
    _optional("found_on"), *_decimal("reported"), *_decimal("verified"), *_decimal("deduction"),
    _optional("rectify_until"), _optional("rectified_on"),
    Index("finding_inspection", "inspection"), Index("finding_unit", "unit"),
    Index("finding_subject", "subject", "month"),
)

docket = _projection(
    "docket", _integer("year"), _text("title"), _text("title_pinyin"), _text("title_initials"),
    _text("number"), _text("source"), _text("source_text"), _reference("origin"),
    _reference("subject"), _text("urgency"), _reference("lead"), _text("supervisor"),
    _text("decider"), _text("delayer"),
    # What the steps amount to (domain.docket_flow):
    _text("state"), _integer("is_open"), _integer("is_held"), _text("colour"),
    _optional("due_now"), _optional("assigned_on"), _optional("closed_on"),
    _optional("asked_until"), _integer("reminders"), _integer("returns"),
    Index("docket_year", "year", "state"), Index("docket_lead", "lead"),
    Index("docket_due", "is_open", "due_now"), Index("docket_origin", "origin"),
    Index("docket_subject", "subject"),
)

work_calendar = _projection("work_calendar", _integer("year"))

leader_attention = _projection(
    "leader_attention", _integer("year"), _text("day"), _text("leader"), _text("way"),
    _reference("unit"), _reference("subject"), _reference("docket"), _text("matter"),
    _optional("followed_on"),
    Index("leader_attention_year", "year", "day"), Index("leader_attention_unit", "unit"),
    Index("leader_attention_subject", "subject"), Index("leader_attention_docket", "docket"),
)

accountability_case = _projection(
    "accountability_case", _integer("year"), _text("title"), _text("number"), _text("kind"),
    _reference("unit"), _optional("opened_on"), _text("state"), _optional("concluded_on"),
    _optional("closed_on"), _optional("published_on"), _reference("origin"),
    _integer("is_restricted"), _integer("is_veto"),
    Index("accountability_case_year", "year", "state"), Index("accountability_case_unit", "unit"),
    Index("accountability_case_origin", "origin"),
)
