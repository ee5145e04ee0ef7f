"""Meetings and documents with their items, what rests on them, and coverage both ways."""

from __future__ import annotations

from datetime import date

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.registers import SourceKind, SourceLink
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import planning_framework, registers, sealing
from mbo_desktop.services.planning_edits import set_cell
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office

REPORT = """2020年市政府工作报告重点任务
一、提升工业质效
1.完成工业投资120亿元,新开工亿元以上项目60个。牵头单位:市经信局;配合单位:市发改委
2.规模以上工业增加值增长8%。牵头单位:市经信局
二、改善民生
3.新建改扩建学校12所,6月底前开工。牵头单位:市教育局
4.新增城镇就业2.5万人
"""


@pytest.fixture
def report(store: Store) -> RecordId:
    record = registers.add_source(
        store, YEAR, "2020年政府工作报告", kind=SourceKind.DOCUMENT, genre="政府工作报告",
        number="示政〔2020〕1号", dated=date(2020, 1, 15),
    )
    registers.add_items_from_text(store, record, REPORT)
    return record


@pytest.fixture
def investment(office: Office) -> RecordId:
    record = planning_framework.add_indicator(office.store, YEAR, "工业投资(亿元)")
    set_cell(office.store, record, office.units["柯城区"], TargetField.VALUE, "60")
    set_cell(office.store, record, office.units["江山市"], TargetField.VALUE, "40")
    return record


def test_a_report_is_pasted_and_becomes_items(store: Store, report: RecordId) -> None:
    rows = registers.items(store, YEAR, report)
    assert [row.is_heading for row in rows] == [True, False, False, True, False, False]
    assert rows[1].text.startswith("完成工业投资120亿元")
    assert rows[1].lead == "市经信局"
    (source,) = registers.sources(store, YEAR)
    assert (source.items, source.covered, source.resting) == (4, 0, 0)
    assert source.dated == date(2020, 1, 15)


def test_two_hundred_and_twenty_two_items_in_one_step(store: Store) -> None:
    record = registers.add_source(store, YEAR, "政府工作报告")
    text = "\n".join(f"{n}.新建{n}号污水管网{n}公里。牵头单位:市住建局" for n in range(1, 223))
    before = store.change_count
    outcome = registers.add_items_from_text(store, record, text)
    assert outcome.sentence.startswith("已录入222条")
    assert store.change_count == before + 1
    rows = registers.items(store, YEAR, record)
    assert [row.label for row in rows] == [f"{n}." for n in range(1, 223)]
    store.undo()
    assert registers.items(store, YEAR, record) == ()


def test_text_without_items_is_refused(store: Store, report: RecordId) -> None:
    with pytest.raises(InputError):
        registers.add_items_from_text(store, report, "  \n ")
    with pytest.raises(InputError):
        registers.add_source(store, YEAR, "  ")


def test_coverage_both_ways(store: Store, report: RecordId, investment: RecordId) -> None:
    assert registers.coverage(store, YEAR).sentence == (
        "共4条,尚未落实到目标4条;1项指标中1项没有来源。"
    )
    item = registers.items(store, YEAR, report)[1].id
    assert registers.link(store, (item,), (investment,)) == 1
    assert registers.link(store, (item,), (investment,)) == 0
    assert [r.text for r in registers.resting_on(store, (item,))] == ["工业投资"]
    assert len(registers.items(store, YEAR, only_uncovered=True)) == 3
    assert registers.indicators_without_source(store, YEAR) == ()
    assert registers.targets_without_source(store, YEAR, (investment,)) == ()
    (told,) = registers.origins_of(store, investment)
    assert told.startswith("2020年政府工作报告 1.完成工业投资")
    assert registers.unlink(store, (item,), (investment,)) == 1
    assert len(registers.items(store, YEAR, only_uncovered=True)) == 4


def test_a_single_units_target_may_rest_on_an_item(
    office: Office, report: RecordId, investment: RecordId
) -> None:
    store = office.store
    (target,) = [
        t.id for t in store.all(Target, indicator=investment) if t.unit == office.units["柯城区"]
    ]
    item = registers.items(store, YEAR, report)[1].id
    registers.link(store, (item,), (target,))
    assert [r.text for r in registers.resting_on(store, (item,))] == ["工业投资 · 柯城区"]
    assert registers.indicators_without_source(store, YEAR) == ()
    left = registers.targets_without_source(store, YEAR, (investment,))
    assert [row.text for row in left] == ["工业投资 · 江山市"]


def test_a_meeting_that_targets_rest_on_is_not_deleted(
    store: Store, report: RecordId, investment: RecordId
) -> None:
    item = registers.items(store, YEAR, report)[1].id
    registers.link(store, (item,), (investment,))
    for attempt in (
        lambda: registers.delete_source(store, report),
        lambda: registers.delete_items(store, (item,)),
    ):
        with pytest.raises(NotAllowedError, match=r"已有1项指标或目标以它为来源\(工业投资\)"):
            attempt()
    assert len(registers.items(store, YEAR, report)) == 6
    planning_framework.delete_indicators(store, (investment,), with_targets=True)
    registers.delete_source(store, report)
    assert registers.sources(store, YEAR) == ()
    assert store.all(SourceLink) == []


def test_a_meeting_without_items_can_be_rested_on_as_a_whole(
    store: Store, investment: RecordId
) -> None:
    meeting = registers.add_source(
        store, YEAR, "市政府第3次常务会议", kind=SourceKind.MEETING, genre="市政府常务会议"
    )
    registers.link(store, (meeting,), (investment,))
    assert registers.origins_of(store, investment) == ("市政府第3次常务会议",)
    with pytest.raises(NotAllowedError):
        registers.delete_source(store, meeting)
    assert registers.sources(store, YEAR)[0].resting == 1


def test_sources_of_a_sealed_year_stay_as_they_are(
    store: Store, report: RecordId, investment: RecordId
) -> None:
    item = registers.items(store, YEAR, report)[1].id
    sealing.seal_year(store, YEAR)
    for attempt in (
        lambda: registers.link(store, (item,), (investment,)),
        lambda: registers.link(store, (report,), (investment,)),
        lambda: registers.change_item(store, item, text="改了"),
        lambda: registers.delete_items(store, (item,)),
        lambda: registers.add_source(store, YEAR, "又一个文件"),
    ):
        with pytest.raises(NotAllowedError, match="2020 年度已封存"):
            attempt()


def test_items_are_corrected_one_by_one(store: Store, report: RecordId) -> None:
    row = registers.items(store, YEAR, report)[5]
    registers.change_item(store, row.id, text="新增城镇就业3万人", lead="市人社局")
    again = registers.items(store, YEAR, report)[5]
    assert (again.text, again.lead) == ("新增城镇就业3万人", "市人社局")
    with pytest.raises(InputError):
        registers.change_item(store, row.id, text=" ")
    registers.change_source(store, report, name="政府工作报告(送审稿)", clear_date=True)
    assert registers.source(store, report).dated is None
    assert registers.items(store, YEAR, text="就业")[0].id == row.id
