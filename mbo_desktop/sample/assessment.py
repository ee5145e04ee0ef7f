"""The sample city's assessment: schemes of the counties and of one group of departments, begun but not decided."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from mbo_desktop.domain.assessment import (
    AssessmentStep,
    Component,
    GradeLine,
    Scheme,
    ScoreKind,
    Veto,
)
from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.sample.register import Placed
from mbo_desktop.services import bonuses, given_scores, scheme_items, schemes
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import scores as reads

_D = Decimal
_GRADES = (
    GradeLine("优秀", _D(90), _D(30)), GradeLine("良好", _D(80)), GradeLine("一般", _D(60)), GradeLine("较差"),
)
_LONG = (
    AssessmentStep.SELF, AssessmentStep.CERTIFY, AssessmentStep.VOTE, AssessmentStep.VETO, AssessmentStep.DRAFT,
    AssessmentStep.FEEDBACK, AssessmentStep.OBJECTION, AssessmentStep.APPROVE, AssessmentStep.SEAL,
)
_BONUSES = (
    ("省级文明城区创建", "省级", "0.5", "省文明委表彰决定"), ("省级文明城区创建", "国家级", "1", "中央文明委通报"),
    ("承办全省现场会", "省级", "0.5", "省政府办公厅通知"),
)


def put_assessment(store: Store, year: int, placed: Sequence[Placed]) -> None:
    """Schemes of counties (confirmed, with ballots) and of the first group of departments (to be confirmed)."""
    there = dict.fromkeys(one.group for one in reads.members(store, year))
    counties = [one for one in placed if one.kind is UnitKind.COUNTY]
    groups = [one.group for one in reads.members(store, year) if any(u.id == one.id for u in counties)]
    if not groups:
        return
    county = _counties(store, year, groups[0])
    _given(store, year, county)
    departments = {one.id for one in placed if one.kind is UnitKind.DEPARTMENT}
    own = [one.group for one in reads.members(store, year) if one.id in departments]
    if own and own[0] in there and own[0] != groups[0]:
        record = schemes.make_scheme(store, year, own[0])
        schemes.set_facts(store, record, grades=_GRADES, late_filing_points=_D("0.5"), deduction_cap=_D(5))


def _counties(store: Store, year: int, group: str) -> Scheme:
    record = schemes.make_scheme(store, year, group)
    schemes.set_facts(
        store, record, grades=_GRADES, bonus_cap=_D(2), deduction_cap=_D(5), late_filing_points=_D("0.2"),
        target_weight=_D(80), components=(Component("领导评价", _D(10)), Component("社会评价", _D(10))),
        steps=_LONG, basis="市政府目标管理考核办法",
    )
    scheme_items.confirm_all(store, record)
    return store.get(Scheme, record)


def _given(store: Store, year: int, scheme: Scheme) -> None:
    """What has come in so far: leaders' marks of most, ballots of all, self-scores of two, bonuses, an old veto."""
    members = [one.id for one in reads.members(store, year, scheme.peer_group)]
    for place, unit in enumerate(members):
        if place != 1:
            given_scores.set_points(
                store, scheme.id, unit, "领导评价", ScoreKind.CERTIFIED, str(94 - place % 7), "市领导评价汇总"
            )
        given_scores.set_counts(
            store, scheme.id, unit, "社会评价",
            {"满意": 160 + place * 3, "基本满意": 30 - place % 5, "不满意": 6 + place % 4, "不了解": 4}, basis="民意调查",
        )
    carried = {(one.indicator, one.unit): one for one in reads.cells(store, [i.indicator for i in scheme.items], members)}
    for (indicator, unit), row in list(carried.items())[:40]:
        if unit in members[:2] and not row.is_na and row.form is not None:
            full = reads.heads(store, year, [indicator])[indicator].points
            if full is not None:
                given_scores.set_points(store, scheme.id, unit, indicator, ScoreKind.SELF, f"{full:f}", "自评报告")
    for matter, level, points, basis in _BONUSES:
        bonuses.add_bonus(store, year, members[0], matter, _D(points), level=level, basis=basis)
    with store.change("录入样例一票否决", barrier=True) as change:
        change.put(Veto(
            id=change.new(Veto), year=year - 1, unit=members[-1], subject="安全生产", organ="市应急局",
            document=f"澄安委〔{year - 1}〕7号", effect=VetoEffect.DISQUALIFY, years=2,
            note="发生一起较大生产安全事故",
        ))
