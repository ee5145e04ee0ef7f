"""A value in 万元 among values in 亿元 is asked about, at the import and in the year's framework."""

from __future__ import annotations

import pytest

from mbo_desktop.services import importing, planning_checks, target_owners
from mbo_desktop.services.importing import ImportPlan
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office

HEAD = "指标名称\t计量单位\t全市目标\t柯城区\t江山市\t高新区\t市交委\t牵头单位"


def plan_of(store: Store, *rows: str) -> ImportPlan:
    (proposal,) = importing.read_pasted(store, "", "\n".join((HEAD, *rows)), YEAR)
    owned, choices = target_owners.given_to(
        store, proposal, target_owners.suggested_owner(store, proposal)
    )
    plan = importing.plan_import(store, owned, YEAR, units=choices)
    importing.apply_import(store, owned, plan)
    return plan


def found(store: Store) -> list[str]:
    return [finding.what for finding in planning_checks.findings(store, YEAR)]


def test_a_thousand_times_the_others_is_asked_about(office: Office) -> None:
    plan = plan_of(office.store, "工业投资\t亿元\t\t15.3\t76000\t9.8\t8.1\t市发改委")
    said = "与其他单位相差一千倍以上,请核对计量单位"
    assert [w.split(" ", 1)[1] for w in plan.warnings] == [f"工业投资 · 江山市:{said}"]
    assert found(office.store) == [f"工业投资 · 江山市:{said}"]


def test_more_than_the_whole_is_asked_about(office: Office) -> None:
    plan = plan_of(office.store, "工业投资\t亿元\t56.2\t15.3\t76\t9.8\t\t市发改委")
    said = "大于本级政府的目标56.2,请核对数字和计量单位"
    assert [w.split(" ", 1)[1] for w in plan.warnings] == [f"工业投资 · 江山市:{said}"]
    assert found(office.store) == [f"工业投资 · 江山市:{said}"]


@pytest.mark.parametrize("row", [
    "人均可支配收入\t元\t19800\t20800\t18200\t19100\t\t市统计局",
    "失业率\t%\t4.2\t4.2\t≤4.1\t4.3\t\t市人社局",
    "新增就业\t人\t3200\t900\t450\t100\t2\t市人社局",
    "示范点\t个\t10\t1\t9\t\t\t市住建局",
])
def test_what_may_differ_is_not_asked_about(office: Office, row: str) -> None:
    assert plan_of(office.store, row).warnings == ()
    assert found(office.store) == []


def test_the_open_column_beside_columns_of_units_is_the_whole(office: Office) -> None:
    (proposal,) = importing.read_pasted(
        office.store, "", f"{HEAD}\n工业投资\t亿元\t56.2\t15.3\t9.8\t8.1\t\t市发改委", YEAR
    )
    assert target_owners.suggested_owner(office.store, proposal) == office.root
