"""Last year's ledger comes in, and this year's bases, 较上年, 未完成 and the speech rest on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target, YearState
from mbo_desktop.domain.results import Completion
from mbo_desktop.errors import Cancelled, InputError, NotAllowedError
from mbo_desktop.services import (
    continued_indicators,
    importing,
    planning_edits,
    planning_framework,
    planning_matrix,
    results,
    results_import,
    sealing,
    session,
    successions,
    unit_results_import,
)
from mbo_desktop.services.planning_edits import set_cell
from mbo_desktop.services.results import ResultField
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from tests.services.last_year import ROWS, write_ledger

LAST, NOW = 2005, 2006


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return write_ledger(tmp_path / "上年完成情况.xlsx", LAST)


@pytest.fixture
def both_years(six_counties: Store, ledger: Path) -> Store:
    """This year's ledger first, then last year's, as an office does that begins in January."""
    store = six_counties
    source = results_import.read_file(store, ledger, LAST)
    (proposal,) = source.proposals
    results_import.apply_results(store, proposal, results_import.plan_results(store, proposal, LAST))
    (table,) = source.unit_tables
    unit_results_import.apply_unit_results(
        store, unit_results_import.plan_unit_results(store, table, LAST)
    )
    return store


def unit_id(store: Store, year: int, name: str) -> RecordId:
    return next(c.unit for c in planning_matrix.columns(store, year) if c.heading == name)


def indicator_id(store: Store, year: int, name: str) -> RecordId:
    ids = planning_framework.indicator_ids(store, year)
    return next(r.id for r in planning_framework.indicator_rows(store, ids) if r.name == name)


def test_a_file_read_in_the_child_says_the_same(six_counties: Store, ledger: Path) -> None:
    told: list[str] = []
    found = results_import.read_file_in_child(
        six_counties, ledger, LAST, lambda _done, _total, text: told.append(text)
    )
    assert found == results_import.read_file(six_counties, ledger, LAST)
    assert len(found.unit_tables) == 1
    with pytest.raises(Cancelled):
        results_import.read_file_in_child(six_counties, ledger, LAST, is_cancelled=lambda: True)


def test_the_preview_says_everything_that_will_be_written(six_counties: Store, ledger: Path) -> None:
    source = results_import.read_file(six_counties, ledger, LAST)
    (proposal,) = source.proposals
    plan = results_import.plan_results(six_counties, proposal, LAST)
    assert plan.targets.opens_year
    assert not plan.undecided
    assert len(plan.records) == 46
    shown = {(r.indicator_name, r.unit_key, r.field): r.new for r in plan.results}
    assert shown["新增公共绿化面积", "常山县", "实绩"] == "4.2"
    assert shown["城乡规划管理", "常山县", "完成情况"] == "未完成"
    before = six_counties.change_count
    assert before == plan.targets.change_count
    outcome = results_import.apply_results(six_counties, proposal, plan)
    assert outcome.results == 46
    assert outcome.sentence == "已导入2005年度:指标8项,目标48项,结果46项;年度已封存。"
    assert six_counties.change_count == before + 1
    again = results_import.plan_results(six_counties, proposal, LAST)
    assert again.records == ()


def test_status_follows_from_actual_and_target_or_from_words(both_years: Store) -> None:
    found = {(r.indicator_name, r.unit_name): r for r in results.rows(both_years, LAST)}
    assert len(found) == 48
    assert found["中心村规划编制率", "柯城区"].completion is Completion.EXCEEDED
    assert found["中心村规划编制率", "衢江区"].completion is Completion.MET
    assert found["中心村规划编制率", "常山县"].completion is Completion.NOT_MET
    assert found["廉租住房保障", "柯城区"].completion is Completion.NOT_APPLICABLE
    assert found["城乡规划管理", "常山县"].is_recorded
    assert found["城乡规划管理", "龙游县"].completion is Completion.SUBSTANTIALLY_MET
    assert not results.undecided(both_years, LAST)


def test_the_speech_opens_with_the_account(both_years: Store) -> None:
    """常山 missed six, 龙游's 基本完成 does not count: 46 signed, 39 done."""
    account = results.account(both_years, LAST)
    assert account.sentence == (
        "2005年，市政府与县（区）共签订责任目标46项，完成和超额完成39项，占签订目标总项数的84.8%；"
        "未完成的7项，占总数的15.2%。"
    )
    assert account.remark == ""
    listed = {(r.indicator_name, r.unit_name) for r in results.unmet(both_years, LAST)}
    assert len(listed) == 7
    assert ("新增公共绿化面积", "常山县") in listed


def test_where_substantially_met_counts_is_a_setting(both_years: Store) -> None:
    with pytest.raises(NotAllowedError, match="已封存"):
        results.set_substantial_counts(both_years, LAST, as_met=True)
    sealing.unseal_year(both_years, LAST, "统计口径按市里通知执行")
    results.set_substantial_counts(both_years, LAST, as_met=True)
    assert "完成和超额完成40项" in results.account(both_years, LAST).sentence
    assert len(results.unmet(both_years, LAST)) == 6


def test_units_have_rank_honours_and_veto(both_years: Store) -> None:
    rows = {row.name: row for row in results.unit_results(both_years, LAST)}
    assert rows["江山市"].honours == ("目标管理优秀单位", "城乡建设先进县")
    assert rows["衢江区"].score == Decimal("92.8")
    assert rows["衢江区"].rank == 5
    assert rows["常山县"].veto == "发生较大安全生产事故"
    assert rows["常山县"].honours == ()
    assert (rows["常山县"].met, rows["常山县"].not_met) == (2, 6)


def test_bases_are_taken_over_in_one_step(both_years: Store) -> None:
    """Seven of eight indicators go on by name; the new one has no base, N/A ones neither."""
    store = both_years
    before = store.change_count
    outcome = results.take_over_bases(store, NOW)
    assert outcome.taken == 5 * 6 + 6 + 4
    assert store.change_count == before + 1
    green = indicator_id(store, NOW, "新增公共绿化面积")
    unit = unit_id(store, NOW, "江山市")
    cell = planning_matrix.cell(store, green, unit)
    assert cell.last_year == "13"
    assert results.take_over_bases(store, NOW).taken == 0
    store.undo()
    assert planning_matrix.cell(store, green, unit).last_year == ""


def test_a_base_already_typed_is_left_unless_told(both_years: Store) -> None:
    store = both_years
    green, unit = indicator_id(store, NOW, "新增公共绿化面积"), unit_id(store, NOW, "江山市")
    set_cell(store, green, unit, TargetField.LAST_YEAR, "12.5")
    outcome = results.take_over_bases(store, NOW)
    assert outcome.kept == 1
    assert "1项原有基数不同,未改动" in outcome.sentence
    assert planning_matrix.cell(store, green, unit).last_year == "12.5"
    results.take_over_bases(store, NOW, overwrite=True)
    assert planning_matrix.cell(store, green, unit).last_year == "13"


def test_names_that_fit_several_units_wait_and_unknown_ones_are_told(store: Store) -> None:
    source = results_import.read_pasted(
        store, "", "2018年考核结果\n单位\t得分\t名次\n江山市\t98\t1\n衢江区\t90\t2\n", LAST
    )
    (table,) = source.unit_tables
    plan = unit_results_import.plan_unit_results(store, table, 2019)
    assert plan.unknown == ("衢江区",)
    assert plan.warnings == ("“衢江区”不在单位登记中,未导入", "表的标题写的是 2018 年,将导入 2019 年度")
    assert plan.opens_year
    assert unit_results_import.apply_unit_results(store, plan, seal=False) == 1
    assert not sealing.is_sealed(store, 2019)
    (row,) = results.unit_results(store, 2019)
    assert (row.name, row.rank) == ("江山市", 1)
    with pytest.raises(NotAllowedError, match="重新预览"):
        unit_results_import.apply_unit_results(store, plan)


def test_a_renamed_indicator_goes_on_with_what_it_is_told(both_years: Store) -> None:
    store = both_years
    record = planning_framework.add_indicator(store, NOW, "公园绿地面积(公顷)")
    unit = unit_id(store, NOW, "江山市")
    set_cell(store, record, unit, TargetField.VALUE, "20")
    assert (record, unit) not in results.bases(store, NOW)
    continued_indicators.set_continues(store, record, (indicator_id(store, LAST, "新增公共绿化面积"),))
    assert results.bases(store, NOW)[record, unit] == 13


def test_a_sealed_year_refuses_edits_until_unsealed(both_years: Store) -> None:
    store = both_years
    green, unit = indicator_id(store, LAST, "新增公共绿化面积"), unit_id(store, LAST, "江山市")
    refused = [
        lambda: set_cell(store, green, unit, TargetField.VALUE, "20"),
        lambda: planning_framework.add_indicator(store, LAST, "新指标"),
        lambda: planning_framework.delete_indicators(store, (green,), with_targets=True),
        lambda: planning_framework.add_category(store, LAST, "新类别"),
        lambda: session.set_declared_points(store, LAST, Decimal(50)),
        lambda: results.set_result(store, green, unit, ResultField.ACTUAL, "14"),
        lambda: results.set_unit_result(store, LAST, unit, score=Decimal(1)),
    ]
    before = store.change_count
    for edit in refused:
        with pytest.raises(NotAllowedError, match="2005 年度已封存"):
            edit()
    assert store.change_count == before
    with pytest.raises(InputError, match="理由"):
        sealing.unseal_year(store, LAST, " ")
    sealing.unseal_year(store, LAST, "统计局核定数有变")
    results.set_result(store, green, unit, ResultField.ACTUAL, "14")
    sealing.seal_year(store, LAST, "更正完毕")
    steps = sealing.seal_history(store, LAST)
    assert [step.state for step in steps] == [YearState.CLOSED, YearState.OPEN, YearState.CLOSED]
    assert steps[1].reason == "统计局核定数有变"
    assert steps[1].by == "刘敏"


def test_undo_does_not_reach_into_a_sealed_year(both_years: Store) -> None:
    store = both_years
    sealing.unseal_year(store, LAST, "更正")
    green, unit = indicator_id(store, LAST, "新增公共绿化面积"), unit_id(store, LAST, "江山市")
    set_cell(store, green, unit, TargetField.VALUE, "21")
    sealing.seal_year(store, LAST)
    store.undo()
    (target,) = [t for t in store.all(Target, indicator=green) if t.unit == unit]
    assert target.value is not None
    assert target.value.counted.amount == 21


def test_a_ledger_of_this_year_is_refused_into_a_sealed_one(
    both_years: Store, data_files: Path
) -> None:
    store = both_years
    (proposal,) = importing.read_file(store, data_files / "考核目标-六县市区-建设工作.xlsx", LAST)
    plan = importing.plan_import(store, proposal, LAST)
    with pytest.raises(NotAllowedError, match="已封存"):
        importing.apply_import(store, proposal, plan)


def test_an_ordinary_import_leaves_results_out_and_says_so(store: Store, ledger: Path) -> None:
    proposals = importing.read_file(store, ledger, LAST)
    cells = [cell for p in proposals for row in p.rows for cell in row.cells.values()]
    assert not any(cell.has_result for cell in cells)
    said = " ".join(problem.reason for p in proposals for problem in p.problems)
    assert "实绩" in said


def test_corrected_results_come_in_again_and_only_they_change(
    both_years: Store, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = both_years
    name, targets, actuals = ROWS[4]
    fixed = (*actuals[:4], 5.1, *actuals[5:])
    monkeypatch.setattr(
        "tests.services.last_year.ROWS", (*ROWS[:4], (name, targets, fixed), *ROWS[5:])
    )
    write_ledger(ledger, LAST)
    (proposal,) = results_import.read_file(store, ledger, LAST).proposals
    plan = results_import.plan_results(store, proposal, LAST)
    assert [(r.indicator_name, r.unit_name, r.old, r.new) for r in plan.results if r.old != r.new] == [
        ("新增公共绿化面积", "常山县", "4.2", "5.1")
    ]
    results_import.apply_results(store, proposal, plan)
    assert len(results.unmet(store, LAST)) == 6
    assert next(y.state for y in session.years(store) if y.number == LAST) is YearState.CLOSED
    store.undo()
    assert len(results.unmet(store, LAST)) == 7


def merged(store: Store, *names: str, into: str = "", new_name: str = "") -> RecordId:
    return successions.merge_units(
        store, [unit_id(store, LAST, name) for name in names],
        into=unit_id(store, LAST, into) if into else None, new_name=new_name,
        effective_on=date(LAST, 12, 20),
    )


def allot(store: Store, indicator: str, unit: RecordId, text: str) -> RecordId:
    record = indicator_id(store, NOW, indicator)
    set_cell(store, record, unit, TargetField.VALUE, text)
    return record


def test_a_merged_unit_takes_the_sum_and_rates_are_left_to_the_office(both_years: Store) -> None:
    store = both_years
    for name in ("新增公共绿化面积", "中心村规划编制率"):
        planning_edits.remove_targets(
            store, [indicator_id(store, NOW, name)],
            [unit_id(store, NOW, "柯城区"), unit_id(store, NOW, "衢江区")],
        )
    heir = merged(store, "柯城区", "衢江区", new_name="衢柯区人民政府")
    green = allot(store, "新增公共绿化面积", heir, "5")
    rate = allot(store, "中心村规划编制率", heir, "90%")
    known = results.bases(store, NOW)
    assert known[green, heir] == Decimal("3.5"), "1.5 and 2"
    assert (rate, heir) not in known
    outcome = results.take_over_bases(store, NOW)
    assert planning_matrix.cell(store, green, heir).last_year == "3.5"
    (said,) = outcome.left_out
    assert said.startswith("中心村规划编制率 · 衢柯区")
    assert said.endswith(":由多个单位合并,上年实绩不能相加")
    assert "1项因机构撤并须另行核定(中心村规划编制率" in outcome.sentence


def test_a_unit_that_still_carries_the_target_keeps_its_own_base(both_years: Store) -> None:
    store = both_years
    heir = merged(store, "柯城区", "衢江区", into="衢江区")
    green = indicator_id(store, NOW, "新增公共绿化面积")
    known = results.bases(store, NOW)
    assert (known[green, heir], known[green, unit_id(store, LAST, "柯城区")]) == (2, Decimal("1.5"))


def test_what_a_split_leaves_to_whom_is_not_guessed(both_years: Store) -> None:
    store = both_years
    part, _rest = successions.split_unit(
        store, unit_id(store, LAST, "江山市"), new_names=("江南区", "江北区"),
        effective_on=date(NOW, 1, 10),
    )
    green = allot(store, "新增公共绿化面积", part, "8")
    assert (green, part) not in results.bases(store, NOW)
    (said,) = results.take_over_bases(store, NOW).left_out[:1]
    assert "由原单位拆分,上年实绩须另行核定" in said
