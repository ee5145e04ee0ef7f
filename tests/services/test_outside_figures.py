"""Outside figures typed and pasted, compared, and targets that rest on them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.outside import Standing
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.results import Completion
from mbo_desktop.domain.targets import OutsideBound
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    comparison,
    history,
    importing,
    offices,
    outside_figures,
    planning_checks,
    planning_framework,
    registers,
    results,
    sealing,
    session,
)
from mbo_desktop.services.comparison import OwnKind
from mbo_desktop.services.outside_figures import OutsideColumn, OutsideField
from mbo_desktop.services.planning_edits import set_cell
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office

AVERAGE = OutsideColumn(OutsideField.PROVINCE_AVERAGE, "2020")
TARGET = OutsideColumn(OutsideField.PROVINCE_TARGET, "2020")
RANK = OutsideColumn(OutsideField.RANK, "2020")
OWN = OutsideColumn(OutsideField.OWN, "2020")
QUZHOU = OutsideColumn(OutsideField.NEIGHBOURS, "2020", "衢州")


@pytest.fixture
def three(store: Store) -> list[RecordId]:
    return [
        planning_framework.add_indicator(store, YEAR, name)
        for name in ("地区生产总值(亿元)", "城镇登记失业率(%)", "工业投资(亿元)")
    ]


def test_a_block_is_one_step_and_what_cannot_be_read_is_kept(
    store: Store, three: list[RecordId]
) -> None:
    columns = [TARGET, AVERAGE, RANK, QUZHOU]
    block = [["增长8%", "7.6%", "3/11", "8.2%"], ["", "约4.5左右吧", "第5位", ""], ["60", "x", "0", "7"]]
    before = store.change_count
    outcome = outside_figures.paste_block(store, three, columns, block)
    assert store.change_count == before + 1
    texts = outside_figures.texts(store, three, columns)
    assert texts[three[0], TARGET] == "增长8%"
    assert texts[three[0], RANK] == "3/11"
    assert texts[three[0], QUZHOU] == "8.2%"
    assert texts[three[1], RANK] == "5"
    kept = {(k.indicator, k.text): k for k in outcome.kept}
    assert set(kept) == {(three[1], "约4.5左右吧"), (three[2], "x"), (three[2], "0")}
    assert kept[three[2], "x"].place == "工业投资 · 2020年 全省平均"
    figure = outside_figures.figure(store, three[2], "2020")
    assert figure is not None
    assert figure.note == "全省平均原文:x;本市位次原文:0"
    store.undo()
    assert outside_figures.texts(store, three, columns) == {}


def test_what_does_not_fit_the_grid_is_told(store: Store, three: list[RecordId]) -> None:
    outcome = outside_figures.paste_block(store, three[2:], [AVERAGE], [["1", "2"], ["3", "4"]])
    assert outcome.left_out == "右侧1列超出表格、下方1行超出表格,未粘贴"
    assert outcome.changed == 1


def test_one_typed_cell_that_cannot_be_read_is_refused(store: Store, three: list[RecordId]) -> None:
    with pytest.raises(InputError, match="位次"):
        outside_figures.set_figure(store, three[0], RANK, "12/11")
    assert outside_figures.figure(store, three[0], "2020") is None
    outside_figures.set_figure(store, three[0], RANK, "3/11")
    outside_figures.clear(store, three, [RANK])
    assert outside_figures.figure(store, three[0], "2020") is None


def test_the_table_sets_own_against_outside(office: Office, three: list[RecordId]) -> None:
    """市定增长7.5% < 省定8%: the problem the speech discusses."""
    store, (gdp, jobless, investment) = office.store, three
    root = offices.root_unit(store)
    assert root is not None
    set_cell(store, gdp, root, TargetField.VALUE, "1505")
    outside_figures.set_figure(store, gdp, OutsideColumn(OutsideField.OWN, "2019"), "1400")
    outside_figures.set_figure(store, gdp, TARGET, "增长8%")
    outside_figures.set_figure(store, gdp, AVERAGE, "7%")
    outside_figures.set_figure(store, gdp, OutsideColumn(OutsideField.NEIGHBOURS, "2020"), "衢州8.2%、丽水7.9%")
    planning_framework.set_indicator_field(
        store, jobless, planning_framework.IndicatorField.DIRECTION, "反向"
    )
    outside_figures.set_figure(store, jobless, OWN, "3.1")
    outside_figures.set_figure(store, jobless, AVERAGE, "3.4")
    set_cell(store, investment, office.units["柯城区"], TargetField.VALUE, "60")
    set_cell(store, investment, office.units["江山市"], TargetField.VALUE, "45")
    rows = {row.indicator: row for row in comparison.rows(store, YEAR)}
    row = rows[gdp]
    assert (row.own, row.own_kind, row.own_growth) == ("1,505", OwnKind.CITY_TARGET, "7.5%")
    assert row.is_behind
    assert row.gap_text == (
        "低于省定目标0.5个百分点;高于全省平均0.5个百分点;低于衢州0.7个百分点"
    )
    assert rows[jobless].average_gap is not None
    assert rows[jobless].average_gap.standing is Standing.AHEAD
    assert rows[jobless].gap_text == "低于全省平均0.3个百分点"
    assert (rows[investment].own, rows[investment].own_kind) == ("105", OwnKind.UNIT_SUM)
    assert rows[investment].target_gap is None


def test_what_falls_short_of_the_province_is_found_before_signing(
    office: Office, three: list[RecordId]
) -> None:
    store, gdp = office.store, three[0]
    root = offices.root_unit(store)
    assert root is not None
    set_cell(store, gdp, root, TargetField.VALUE, "增长7.5%")
    outside_figures.set_figure(store, gdp, TARGET, "增长8%")
    source = registers.add_source(store, YEAR, "省责任书")
    registers.add_items_from_text(store, source, "1.城镇登记失业率控制在4.5%以内\n2.粮食产量稳定")
    said = [finding.what for finding in planning_checks.findings(store, YEAR)]
    assert "地区生产总值:市定目标低于省定目标0.5个百分点" in said
    assert "省责任书 2.粮食产量稳定:尚未落实到目标" in said
    outside_figures.set_figure(store, gdp, TARGET, "增长7.5%")
    assert not [f for f in planning_checks.findings(store, YEAR) if "低于省定" in f.what]


def test_history_is_linked_across_years_by_name(store: Store, three: list[RecordId]) -> None:
    gdp = three[0]
    session.open_year(store, 2019)
    earlier = planning_framework.add_indicator(store, 2019, "地区生产总值 (亿元)")
    outside_figures.set_figure(store, earlier, OutsideColumn(OutsideField.OWN, "2019"), "1400")
    outside_figures.set_figure(store, earlier, OutsideColumn(OutsideField.RANK, "2019"), "4/11")
    outside_figures.set_figure(store, gdp, OutsideColumn(OutsideField.OWN, "2017"), "1200")
    row = next(r for r in comparison.rows(store, YEAR, years=4) if r.indicator == gdp)
    assert [(p.year, p.own, p.rank) for p in row.history] == [
        (2016, "", ""), (2017, "1200", ""), (2018, "", ""), (2019, "1400", "4/11"),
    ]


def test_a_sealed_years_figures_stay(store: Store, three: list[RecordId]) -> None:
    sealing.seal_year(store, YEAR)
    with pytest.raises(NotAllowedError, match="已封存"):
        outside_figures.set_figure(store, three[0], AVERAGE, "7%")


def test_the_ledger_of_jingyang_rests_on_the_provinces_average(
    store: Store, data_files: Path
) -> None:
    """Seven of its targets read 年终根据全省平均水平综合考核: the bound comes when the average does."""
    (proposal,) = importing.read_file(store, data_files / "任务分解台账-旌阳区-2016.xlsx", 2016)
    if proposal.has_open_target:
        proposal = proposal.for_unit(importing.known_units(store)[0])
    importing.apply_import(store, proposal, importing.plan_import(store, proposal, 2016))
    bound = outside_figures.bound_targets(store, 2016)
    assert len(bound) == 7
    assert {row.bound for row in bound} == {OutsideBound.PROVINCE_AVERAGE}
    one = next(row for row in bound if row.indicator_name == "地区生产总值增长率")
    assert one.note == "全省平均:尚未录入"
    outside_figures.set_figure(
        store, one.indicator, OutsideColumn(OutsideField.PROVINCE_AVERAGE, "2016"), "7.7%"
    )
    again = next(r for r in outside_figures.bound_targets(store, 2016) if r.target == one.target)
    assert again.note == "全省平均:7.7%"
    assert again.amount is not None
    assert again.amount.value == Decimal("7.7")


def test_a_bound_target_is_met_when_the_average_is_reached(
    office: Office, three: list[RecordId]
) -> None:
    store, jobless = office.store, three[1]
    planning_framework.set_indicator_field(
        store, jobless, planning_framework.IndicatorField.DIRECTION, "反向"
    )
    unit = office.units["柯城区"]
    set_cell(store, jobless, unit, TargetField.VALUE, "不高于全省平均水平")
    results.set_result(store, jobless, unit, results.ResultField.ACTUAL, "3.5")
    (row,) = results.rows(store, YEAR)
    assert row.completion is None
    outside_figures.set_figure(store, jobless, AVERAGE, "3.4%")
    (row,) = results.rows(store, YEAR)
    assert row.completion is Completion.NOT_MET
    results.set_result(store, jobless, unit, results.ResultField.ACTUAL, "3.4")
    (row,) = results.rows(store, YEAR)
    assert row.completion is Completion.MET


def test_what_a_target_rests_on_can_be_said_outright(
    office: Office, three: list[RecordId]
) -> None:
    store, gdp, unit = office.store, three[0], office.units["柯城区"]
    set_cell(store, gdp, unit, TargetField.VALUE, "完成上级下达任务")
    assert outside_figures.bound_targets(store, YEAR) == ()
    (target,) = [t.id for t in store.all(Target, indicator=gdp)]
    assert outside_figures.set_bound(store, (target,), OutsideBound.PROVINCE_TARGET) == 1
    (row,) = outside_figures.bound_targets(store, YEAR)
    assert row.note == "省定目标:尚未录入"
    outside_figures.set_bound(store, (target,), OutsideBound.STATED)
    assert outside_figures.bound_targets(store, YEAR) == ()


def test_the_history_of_a_figure_is_told_in_words(store: Store, three: list[RecordId]) -> None:
    outside_figures.set_figure(store, three[0], RANK, "3/11")
    outside_figures.set_figure(store, three[0], QUZHOU, "8.2%")
    outside_figures.set_figure(store, three[0], AVERAGE, "7.6%")
    figure = outside_figures.figure(store, three[0], "2020")
    assert figure is not None
    told = {c.label: c.new for row in history.history(store, figure.id) for c in row.changes}
    assert (told["位次"], told["参评总数"]) == ("3", "11")
    assert (told["周边市"], told["全省平均"]) == ("衢州8.2%", "7.6%")


def test_a_rate_of_decrease_is_compared_as_it_is_counted(office: Office) -> None:
    store, root = office.store, office.root
    row = planning_framework.add_indicator(store, YEAR, "单位生产总值能耗降低率(%)")
    set_cell(store, row, root, TargetField.VALUE, "降低2.8%")
    outside_figures.set_figure(store, row, TARGET, "降低3%")
    outside_figures.set_figure(store, row, AVERAGE, "2.5")
    (found,) = comparison.rows(store, YEAR)
    assert (found.own, found.own_growth) == ("2.8", "")
    assert "低于省定目标0.2" in found.gap_text and "高于全省平均0.3" in found.gap_text
    assert found.is_behind
