"""Tables of what is followed up after signing: months, inspections, dockets, cases."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer

from mbo_desktop.store.columns import decimal, integer, optional, projection, reference, text

progress_report = projection(
    "progress_report", reference("subject", required=True), integer("month"), text("kind"),
    *decimal("amount"), *decimal("in_period"), text("typed"), text("physical"), text("text"),
    *decimal("investment"), optional("cause"), text("cause_text"), text("own_effort"),
    text("measure"), reference("on_behalf_of"), optional("reported_on"), text("note"),
    Column("started", Integer), integer("nodes_done"),
    Index("progress_report_subject", "subject", "month"),
    Index("progress_report_month", "month", "subject", "kind"),
    Index("progress_report_behalf", "on_behalf_of"),
)

evidence = projection(
    "evidence", reference("subject", required=True), integer("month"), text("title"),
    text("file_hash"), text("file_name"), integer("size"), optional("dated"),
    text("verdict"),
    Index("evidence_subject", "subject", "month"), Index("evidence_file", "file_hash"),
)

progress_problem = projection(
    "progress_problem", reference("subject", required=True), integer("month"), text("text"),
    optional("cause"), text("wanted"), reference("wanted_from"), optional("settled_on"),
    Index("progress_problem_subject", "subject", "month"),
    Index("progress_problem_wanted", "wanted_from"),
)

filing = projection(
    "filing", integer("year"), integer("month"), reference("unit", required=True),
    optional("received_on"), integer("confirmed"), text("file_hash"), text("excused"),
    Index("filing_month", "year", "month", "unit"), Index("filing_unit", "unit"),
)

reporting_rules = projection("reporting_rules", integer("year"))

progress_snapshot = projection(
    "progress_snapshot", integer("year"), integer("month"), text("kind"),
    reference("unit", required=True), optional("taken_on"),
    Index("progress_snapshot_month", "year", "month", "kind"),
    Index("progress_snapshot_unit", "unit"),
)

inspection = projection(
    "inspection", integer("year"), text("title"), text("number"), text("time"), text("way"),
    text("source"), optional("planned_from"), optional("planned_until"), optional("done_on"),
    Column("month", Integer), text("state"),
    Index("inspection_year", "year", "planned_from"),
)

finding = projection(
    "finding", reference("inspection", required=True), reference("unit", required=True),
    reference("subject"), Column("month", Integer), text("kind"), text("text"),
    optional("found_on"), *decimal("reported"), *decimal("verified"), *decimal("deduction"),
    optional("rectify_until"), optional("rectified_on"),
    Index("finding_inspection", "inspection"), Index("finding_unit", "unit"),
    Index("finding_subject", "subject", "month"),
)

docket = projection(
    "docket", integer("year"), text("title"), text("title_pinyin"), text("title_initials"),
    text("number"), text("source"), text("source_text"), reference("origin"),
    reference("subject"), text("urgency"), reference("lead"), text("supervisor"),
    text("decider"), text("delayer"),
    # What the steps amount to (domain.docket_flow):
    text("state"), integer("is_open"), integer("is_held"), text("colour"),
    optional("due_now"), optional("assigned_on"), optional("closed_on"),
    optional("asked_until"), integer("reminders"), integer("returns"),
    Index("docket_year", "year", "state"), Index("docket_lead", "lead"),
    Index("docket_due", "is_open", "due_now"), Index("docket_origin", "origin"),
    Index("docket_subject", "subject"),
)

work_calendar = projection("work_calendar", integer("year"))

leader_attention = projection(
    "leader_attention", integer("year"), text("day"), text("leader"), text("way"),
    reference("unit"), reference("subject"), reference("docket"), text("matter"),
    optional("followed_on"),
    Index("leader_attention_year", "year", "day"), Index("leader_attention_unit", "unit"),
    Index("leader_attention_subject", "subject"), Index("leader_attention_docket", "docket"),
)

accountability_case = projection(
    "accountability_case", integer("year"), text("title"), text("number"), text("kind"),
    reference("unit"), optional("opened_on"), text("state"), optional("concluded_on"),
    optional("closed_on"), optional("published_on"), reference("origin"),
    integer("is_restricted"), integer("is_veto"),
    Index("accountability_case_year", "year", "state"), Index("accountability_case_unit", "unit"),
    Index("accountability_case_origin", "origin"),
)
