"""Ctrl+K over what is under way: nodes of the tree, posts, items, inspections, dockets, cases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mbo_desktop.domain.accountability import AccountabilityCase
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import accountability, dockets, inspections, registers, search
from mbo_desktop.services.search import HitKind
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office
from tests.services.decomposed import Decomposed, decompose_county


@pytest.fixture
def made(office: Office) -> Decomposed:
    return decompose_county(office.store, office.units["柯城区"], YEAR)


def found(store: Store, text: str, kind: HitKind, year: int = YEAR) -> list[tuple[RecordId, str, str]]:
    return [
        (hit.id, hit.text, hit.context) for hit in search.search(store, text, year=year) if hit.kind is kind
    ]


@pytest.mark.parametrize("typed", ["前期项目", "前期", "qqxm", "qianqi"])
def test_nodes_by_their_own_titles(store: Store, made: Decomposed, typed: str) -> None:
    assert found(store, typed, HitKind.NODE) == [(made.nodes["前期"], "前期项目", "招商引资 · 柯城区")]
    assert found(store, typed, HitKind.NODE, YEAR + 1) == []
    with store.change("删除") as change:
        change.delete(made.nodes["前期"])
    assert found(store, typed, HitKind.NODE) == []


def test_many_nodes_of_one_title_leave_room_for_others(store: Store, made: Decomposed) -> None:
    with store.change("增加") as change:
        old = change.get(Allocation, made.nodes["前期"])
        for n in range(30):
            change.put(replace(old, id=change.new(Allocation), title=f"工业投资{n}"))
    hits = search.search(store, "工业投资", year=YEAR)
    assert hits[0].kind is HitKind.INDICATOR
    assert len([hit for hit in hits if hit.kind is HitKind.NODE]) == 6


def test_posts_by_title_with_who_holds_them(store: Store, made: Decomposed) -> None:
    (hit,) = [one for one in search.search(store, "fgjjz", year=YEAR) if one.kind is HitKind.POST]
    assert (hit.id, hit.text, hit.context) == (made.posts["柯城区 发改局局长"], "发改局局长", "柯城区 · 李敏")
    assert hit.unit == made.units["柯城区"]


def test_items_of_meetings_and_documents(store: Store) -> None:
    record = registers.add_source(store, YEAR, "政府工作报告")
    registers.add_items_from_text(store, record, "1.新建改扩建学校12所\n2.新增城镇就业2.5万人" + "、稳住就业基本盘" * 9)
    ((item, text, context),) = found(store, "学校", HitKind.ITEM)
    assert text.endswith("新建改扩建学校12所") and context == "政府工作报告"
    assert [row.text for row in registers.items(store, YEAR) if row.id == item] == ["新建改扩建学校12所"]
    assert found(store, "城镇就业", HitKind.ITEM)[0][1].endswith("…")
    assert found(store, "学校", HitKind.ITEM, YEAR + 1) == []


def test_inspections_dockets_and_cases(store: Store, office: Office) -> None:
    visit = inspections.plan(store, YEAR, "安全生产暗访", number="2020-3")
    docket = dockets.add(store, YEAR, "安全生产隐患整改", lead=office.units["柯城区"])
    case = accountability.open_case(store, YEAR, "安全生产瞒报", number="效问〔2020〕1号")
    for typed in ("安全生产", "aqsc"):
        hits = {hit.kind: hit.id for hit in search.search(store, typed, year=YEAR)}
        assert hits == {HitKind.INSPECTION: visit, HitKind.DOCKET: docket, HitKind.CASE: case}
    assert found(store, "2020-3", HitKind.INSPECTION) == [(visit, "安全生产暗访", "2020-3 · 已计划")]
    assert found(store, "效问", HitKind.CASE)[0][0] == case
    with store.change("限定知悉范围") as change:
        change.put(replace(change.get(AccountabilityCase, case), readers=("陈志远",)))
    assert found(store, "安全生产", HitKind.CASE) == [], "named for another reader"
