"""Around the year's turn: what is open before, the way back after first use, the list on paper, the command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mbo_desktop import clock
from mbo_desktop.__main__ import main
from mbo_desktop.documents.flat_table import flat_tables
from mbo_desktop.documents.model import Paragraph
from mbo_desktop.domain.accounts import Role
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.assessment import Objection, Scheme
from mbo_desktop.domain.dockets import Docket, DocketAct, DocketStep
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator, Target, Year
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import (
    accounts,
    overview,
    paper_files,
    planning_framework,
    sealing,
    session,
    year_turn,
    year_turn_back,
    year_turn_checks,
    year_turn_papers,
)
from tests.services.conftest import Office
from tests.services.turning_year import LAST, NEXT, Turning

D = Decimal


@pytest.fixture(autouse=True)
def _january(_morning: None) -> Iterator[None]:
    """It is 20 January of the new year."""
    on(date(NEXT, 1, 20))
    yield
    clock.set_source(None)


def on(day: date) -> None:
    clock.set_source(lambda: datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC))


@pytest.fixture
def turning(office: Office) -> Turning:
    made = Turning(office.store, office.root)
    made.add_units(["甲县", "乙县"])
    made.add_indicators({"工业投资": "亿元"})
    made.set_targets("工业投资", {"甲县": "40亿元", "乙县": "30亿元"})
    made.set_results("工业投资", {"甲县": "42.5"})
    made.tree("工业投资", "甲县", ["园区", "项目"])
    return made


def turn(turning: Turning) -> year_turn.TurnPlan:
    plan = turning.plan()
    year_turn.apply_turn(turning.store, plan)
    return plan


def texts(turning: Turning) -> list[str]:
    reading = year_turn.read_turn(turning.store, LAST, NEXT)
    return [one.text for one in year_turn_checks.open_ends(turning.store, reading)]


def test_open_ends_of_last_year_are_told_in_order(turning: Turning) -> None:
    store = turning.store
    with store.change("未了") as change:
        change.put(Scheme(id=change.named(Scheme, LAST, "县区"), year=LAST, peer_group="县区"))
        change.put(Objection(id=change.new(Objection), year=LAST, unit=turning.units["甲县"], text="得分有误"))
        step = DocketStep(DocketAct.FILE, date(LAST, 11, 1))
        change.put(Docket(id=change.new(Docket), year=LAST, title="园区用地", steps=(step,)))
        change.put(Docket(id=change.new(Docket), year=LAST, title="拟办的不算"))
    assert texts(turning) == [
        "1项目标没有核定的实绩,不能转为基数", "1项目标的完成情况尚未认定", "1个考核分组的结果没有封存",
        "1件申诉没有复核结论", "1件督查事项没有办结,年度封存后不能再办理,在新年度列为“上年结转”", "2020年度还没有封存",
    ]


def test_a_settled_and_sealed_year_has_no_open_ends(turning: Turning) -> None:
    turning.set_results("工业投资", {"乙县": "30"})
    assert texts(turning) == ["2020年度还没有封存"]
    sealing.seal_year(turning.store, LAST)
    assert texts(turning) == []


def test_the_turn_is_offered_around_new_year_until_it_is_done(turning: Turning) -> None:
    store = turning.store
    assert year_turn_checks.offered(store, date(LAST, 11, 30)) is None
    assert year_turn_checks.offered(store, date(LAST, 12, 1)) == (LAST, NEXT)
    assert year_turn_checks.offered(store, date(NEXT, 3, 31)) == (LAST, NEXT)
    assert year_turn_checks.offered(store, date(NEXT, 4, 1)) is None
    said = [(step.text, step.filter_hint) for step in overview.next_steps(store, LAST)]
    assert ("年度结转:由2020年度建立2021年度", "year_turn") in said
    sealing.seal_year(store, LAST)
    assert "year_turn" in [step.filter_hint for step in overview.next_steps(store, LAST)], "of a sealed year too"
    turn(turning)
    assert year_turn_checks.offered(store, date(NEXT, 1, 20)) is None
    assert "year_turn" not in [step.filter_hint for step in overview.next_steps(store, LAST)]


def test_beside_the_turn_of_the_year_the_looked_at_year_suggests_it(turning: Turning) -> None:
    on(date(NEXT, 6, 1))
    store = turning.store
    assert year_turn_checks.suggested(store, LAST) == (LAST, NEXT)
    assert year_turn_checks.suggested(store, NEXT) == (LAST, NEXT), "an empty year begins from the one before"
    turn(turning)
    assert year_turn_checks.suggested(store, NEXT) == (NEXT, NEXT + 1)
    on(date(NEXT, 12, 5))
    assert year_turn_checks.suggested(store, LAST) == (NEXT, NEXT + 1)


def test_untouched_it_is_taken_back_whole_in_another_session(turning: Turning) -> None:
    folder = turning.store.folder
    turn(turning)
    turning.store.close()
    with session.open_folder(folder) as store:
        assert store.undo_label is None, "undo does not reach over sessions"
        found = year_turn_back.taking_back(store, LAST, NEXT)
        assert found.in_use == () and "都还没有使用" in found.sentence
        year_turn_back.take_back(store, LAST, NEXT)
        assert not store.all(Year, number=NEXT) and not store.all(Indicator, year=NEXT)
        assert not store.all(Docket, year=NEXT)
        assert store.undo_label == "撤回年度结转 2020→2021"
        with pytest.raises(NotAllowedError, match="没有2020年度到2021年度的结转"):
            year_turn_back.take_back(store, LAST, NEXT)
        plan = year_turn.plan_turn(store, LAST, NEXT)
        assert len(plan.targets) == 2 and len(plan.nodes) == 3, "it can be done anew"


def test_what_is_in_use_is_named_and_stays(turning: Turning) -> None:
    store = turning.store
    turn(turning)
    made = turning.new_targets("工业投资")
    with store.change("目标值") as change:
        change.put(replace(made["甲县"], value=read_target("45亿元", unit="亿元")))
    found = year_turn_back.taking_back(store, LAST, NEXT)
    assert found.in_use == ("类别1项已被引用", "指标1项已被引用", "目标1项已修改", "年度1项已在使用")
    with pytest.raises(NotAllowedError, match="目标1项已修改"):
        year_turn_back.take_back(store, LAST, NEXT)
    assert len(store.all(Target, indicator=made["甲县"].indicator)) == 2
    year_turn_back.take_back(store, LAST, NEXT, although=True)
    (left,) = store.all(Target, indicator=made["甲县"].indicator)
    assert left.id == made["甲县"].id and left.value is not None
    assert not store.all(Allocation, target=left.id), "the tree that nobody touched goes"


def test_a_target_worked_on_between_two_turns_is_in_use(turning: Turning) -> None:
    store = turning.store
    turn(turning)
    target = turning.new_targets("工业投资")["乙县"]
    with store.change("目标值") as change:
        change.put(replace(target, value=read_target("31亿元", unit="亿元")))
    turning.set_results("工业投资", {"乙县": "29.5"})
    turn(turning)
    assert turning.new_targets("工业投资")["乙县"].last_year == D("29.5")
    year_turn_back.take_back(store, LAST, NEXT, although=True)
    after = store.get(Target, target.id)
    assert after.value is not None and after.last_year == D("29.5")


def test_what_was_changed_and_brought_back_is_not_in_use(turning: Turning) -> None:
    store = turning.store
    turn(turning)
    target = turning.new_targets("工业投资")["乙县"]
    with store.change("目标值") as change:
        change.put(replace(target, value=read_target("31亿元", unit="亿元")))
    store.undo()
    assert year_turn_back.taking_back(store, LAST, NEXT).in_use == ()


def test_of_a_target_that_stood_before_only_the_base_is_taken_back(turning: Turning) -> None:
    store = turning.store
    session.open_year(store, NEXT)
    head = planning_framework.add_indicator(store, NEXT, "工业投资(亿元)")
    with store.change("目标") as change:
        record = change.named(Target, head, turning.units["甲县"])
        change.put(Target(id=record, indicator=head, unit=turning.units["甲县"], value=read_target("45亿元", unit="亿元")))
    turn(turning)
    assert store.get(Target, record).last_year == D("42.5")
    year_turn_back.take_back(store, LAST, NEXT)
    after = store.get(Target, record)
    assert after.value is not None and after.last_year is None
    assert [one.unit for one in store.all(Target, indicator=head)] == [turning.units["甲县"]]


def test_the_list_on_paper_says_what_the_plan_says(turning: Turning) -> None:
    plan = turning.plan()
    document = year_turn_papers.turn_paper(turning.store, plan)
    tables = {table.heads: table.rows for table in flat_tables(document)}
    counts = tables["内容", "数量", "说明"]
    assert [(row[0], int(row[1])) for row in counts] == [(name, many) for name, many, _said in plan.counts]
    bases = tables["指标", "单位", "上年实绩", "计量单位", "处理", "依据"]
    assert bases == (
        ("工业投资", "甲县", "42.5", "亿元", "转为基数", "年终结果"),
        ("工业投资", "乙县", "", "亿元", "没有核定数", "没有年终结果,12月没有核定数"),
    )
    assert paper_files.pdf_of(document).startswith(b"%PDF")


def test_very_many_bases_are_counted_and_only_the_others_printed(
    turning: Turning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(year_turn_papers, "LINES", 1)
    document = year_turn_papers.turn_paper(turning.store, turning.plan())
    tables = {table.heads: table.rows for table in flat_tables(document)}
    assert [row[1] for row in tables["指标", "单位", "上年实绩", "计量单位", "处理", "依据"]] == ["乙县"]
    said = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert any(text.startswith("1.另有1项实绩原数转为基数,清单从略") for text in said)


def test_the_command_tries_first_and_then_writes(turning: Turning, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = turning.store.folder
    turning.store.close()
    out = tmp_path / "清单.xlsx"
    order = ["roll-over", str(folder), "--from", str(LAST), "--to", str(NEXT)]
    assert main([*order, "--dry-run", "--out", str(out)]) == 1, "a base is missing"
    said = capsys.readouterr().out
    assert "上年未了:2020年度还没有封存" in said and "上年实绩(基数):1(没有核定数1项)" in said and "试算,未写入。" in said
    assert openpyxl.load_workbook(out).sheetnames == ["表1", "表2", "表3"]
    with session.open_folder(folder) as store:
        assert not store.all(Indicator, year=NEXT)
    assert main(order) == 1
    assert "已完成2020年度结转到2021年度:" in capsys.readouterr().out
    with session.open_folder(folder) as store:
        assert [one.name for one in store.all(Indicator, year=NEXT)] == ["工业投资"]
    assert main(order) == 1
    assert "没有需要新增的内容" in capsys.readouterr().out
    assert main(["roll-over", str(folder), "--from", "2015", "--to", str(NEXT)]) == 2


def test_record_numbers_below_zero_never_reach_the_file(turning: Turning) -> None:
    plan = turn(turning)
    assert any(one.id < 0 for one in plan.targets)
    every = [one.id for kind in (Target, Allocation, Indicator) for one in turning.store.all(kind)]
    assert min(every) > RecordId(0)


def test_with_accounts_a_reviewer_turns_the_year_and_takes_it_back(turning: Turning) -> None:
    store = turning.store
    accounts.turn_on(store, name="刘敏", password="liu-min-2020")
    codes = {role: accounts.add(store, name, [role]) for name, role in (("陈志远", Role.ENTRY), ("周婷", Role.REVIEW))}
    for name, role in (("陈志远", Role.ENTRY), ("周婷", Role.REVIEW)):
        accounts.enter(store, accounts.check(store, name, codes[role]))
        accounts.set_own_password(store, codes[role], f"own-password-{role.value}")
        if role is Role.ENTRY:
            with pytest.raises(NotAllowedError, match="建立考核年度"):
                turn(turning)
            assert not store.all(Indicator, year=NEXT)
            continue
        turn(turning)
        store.undo()
        assert not store.all(Year, number=NEXT)
        turn(turning)
        year_turn_back.take_back(store, LAST, NEXT)
        assert not store.all(Year, number=NEXT)
