"""Ctrl+K over papers and lists: each kind is found by what a person would type and has a room to be shown in."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from mbo_desktop import clock
from mbo_desktop.domain.adjustments import (
    Adjustment,
    AdjustmentKind,
    CorrectedField,
    Correction,
    TargetTerms,
)
from mbo_desktop.domain.assessment import BonusItem, Circular, CircularKind, Objection, Scheme, Veto
from mbo_desktop.domain.dockets import LeaderAttention
from mbo_desktop.domain.identity import Entity, RecordId
from mbo_desktop.domain.inspections import Finding
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.registers import IssuedNumber, Source, SourceKind
from mbo_desktop.domain.reports import ProgressProblem
from mbo_desktop.domain.rounds import ProposalRound, RoundSide
from mbo_desktop.services import inspections, log_places, search
from mbo_desktop.services.search_papers import PaperKind
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office
from tests.services.decomposed import Decomposed, decompose_county

Make = Callable[[RecordId], Entity]


@pytest.fixture
def made(office: Office) -> Decomposed:
    return decompose_county(office.store, office.units["柯城区"], YEAR)


def put(store: Store, kind: type[Entity], make: Make) -> RecordId:
    with store.change("登记") as change:
        record = change.new(kind)
        change.put(make(record))
    return record


def makers(store: Store, county: RecordId) -> dict[PaperKind, tuple[type[Entity], str, Make]]:
    target = store.all(Target, unit=county)[0]
    indicator = target.indicator
    visit = inspections.plan(store, YEAR, "重点项目督查")
    cell = {"year": YEAR, "indicator": indicator, "unit": county}
    today = clock.today()
    return {
        PaperKind.NUMBER: (IssuedNumber, "柯目〔2020〕7号", lambda one: IssuedNumber(
            id=one, kind="责任书", year=YEAR, number=7, text="柯目〔2020〕7号", subject=target.id)),
        PaperKind.ADJUSTMENT: (Adjustment, "衢政发〔2020〕15号", lambda one: Adjustment(
            id=one, kind=AdjustmentKind.LOWER, after=TargetTerms(), number="衢政发〔2020〕15号", **cell)),
        PaperKind.CORRECTION: (Correction, "误把万元写成亿元", lambda one: Correction(
            id=one, field=CorrectedField.VALUE, before="1", after="2", reason="误把万元写成亿元", approved_by="刘敏", on=today, **cell)),
        PaperKind.SOURCE: (Source, "qtgzhy", lambda one: Source(id=one, year=YEAR, kind=SourceKind.MEETING, name="全体工作会议")),
        PaperKind.ROUND: (ProposalRound, "第一轮自报", lambda one: ProposalRound(
            id=one, year=YEAR, number=1, side=RoundSide.UNIT, name="第一轮自报")),
        PaperKind.SCHEME: (Scheme, "经济功能区", lambda one: Scheme(id=one, year=YEAR, peer_group="经济功能区")),
        PaperKind.BONUS: (BonusItem, "全国文明城市", lambda one: BonusItem(
            id=one, year=YEAR, unit=county, matter="获评全国文明城市", points=Decimal(2))),
        PaperKind.VETO: (Veto, "安委〔2020〕3号", lambda one: Veto(
            id=one, year=YEAR, unit=county, subject="安全生产", document="安委〔2020〕3号")),
        PaperKind.OBJECTION: (Objection, "口径不一致", lambda one: Objection(
            id=one, year=YEAR, unit=county, text="统计口径不一致,请复核")),
        PaperKind.CIRCULAR: (Circular, "考核结果的通报", lambda one: Circular(
            id=one, year=YEAR, kind=CircularKind.REPORT, title="关于考核结果的通报")),
        PaperKind.FINDING: (Finding, "围挡破损", lambda one: Finding(
            id=one, inspection=visit, unit=county, text="工地围挡破损")),
        PaperKind.ATTENTION: (LeaderAttention, "专题研究征迁", lambda one: LeaderAttention(
            id=one, year=YEAR, day=today, leader="李敏", matter="专题研究征迁")),
        PaperKind.PROBLEM: (ProgressProblem, "用地指标没有落实", lambda one: ProgressProblem(
            id=one, subject=target.id, month=2, text="用地指标没有落实")),
    }


def test_each_kind_is_found_and_has_a_room(store: Store, made: Decomposed) -> None:
    county = made.units["柯城区"]
    for kind, (entity, typed, make) in makers(store, county).items():
        record = put(store, entity, make)
        hits = [hit for hit in search.search(store, typed, year=YEAR) if hit.kind is kind]
        assert len(hits) == 1, f"{kind.label}: {typed}"
        assert log_places.place_of(store, hits[0].id) is not None, kind.label
        if kind is not PaperKind.NUMBER:
            assert hits[0].id == record
        assert not [hit for hit in search.search(store, typed, year=YEAR + 1) if hit.kind is kind], "another year"
        with store.change("删除") as change:
            change.delete(record)
        assert not [hit for hit in search.search(store, typed, year=YEAR) if hit.kind is kind], "deleted"


def test_papers_of_an_indicator_stand_behind_it(store: Store, made: Decomposed) -> None:
    county = made.units["柯城区"]
    entity, _typed, make = makers(store, county)[PaperKind.ADJUSTMENT]
    for _n in range(9):
        put(store, entity, make)
    name = store.get(Indicator, store.all(Target, unit=county)[0].indicator).name
    hits = search.search(store, name, year=YEAR)
    assert hits[0].kind is search.HitKind.INDICATOR
    assert sum(hit.kind is PaperKind.ADJUSTMENT for hit in hits) == 4, "they leave room for others"


def test_typed_signs_are_no_pattern(store: Store, made: Decomposed) -> None:
    entity, _typed, make = makers(store, made.units["柯城区"])[PaperKind.BONUS]
    put(store, entity, make)
    assert not [hit for hit in search.search(store, "%", year=YEAR) if hit.kind is PaperKind.BONUS]
