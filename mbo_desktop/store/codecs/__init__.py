"""How each record type is stored: one module per type, all of them listed here."""

from __future__ import annotations

from mbo_desktop.domain.identity import Entity
from mbo_desktop.store.codecs import (
    account,
    account_rules,
    accountability_case,
    adjustment,
    agreement,
    agreement_template,
    allocation,
    binding,
    bonus_item,
    category,
    circular,
    correction,
    docket,
    evidence,
    filing,
    finding,
    gap_dismissal,
    given_score,
    hand_over,
    import_mapping,
    indicator,
    inspection,
    issued_number,
    joint_duty,
    leader_attention,
    number_series,
    objection,
    office,
    operator,
    outside_figure,
    package_withdrawal,
    person,
    post,
    progress_problem,
    progress_report,
    progress_snapshot,
    proposal_round,
    purge,
    reply,
    reporting_rules,
    scheme,
    sealed_score,
    source,
    source_item,
    source_link,
    succession,
    superior_result,
    target,
    target_proposal,
    target_result,
    tenure,
    unit,
    unit_result,
    veto,
    work_calendar,
    year,
)
from mbo_desktop.store.codecs.codec import Codec

CODECS: dict[str, Codec] = {
    module.CODEC.type_name: module.CODEC
    for module in (
        office, operator, unit, person, post, tenure, succession, year, category, indicator,
        target, agreement_template, agreement, import_mapping, source, source_item, source_link,
        number_series, issued_number, outside_figure, target_result, unit_result, superior_result,
        proposal_round, target_proposal, adjustment, correction, joint_duty,
        allocation, progress_report, evidence, progress_problem, filing, reporting_rules,
        progress_snapshot, inspection, finding, docket, work_calendar, leader_attention,
        accountability_case, scheme, given_score, bonus_item, veto, objection, sealed_score,
        circular, binding, package_withdrawal, gap_dismissal, hand_over, reply, purge,
        account, account_rules,
    )
}
"""Codecs by type name; referred-to types stand before those that refer to them."""


def codec_of(kind: type[Entity]) -> Codec:
    """The codec of an entity class."""
    return CODECS[kind.type_name]
