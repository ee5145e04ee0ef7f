"""Blocks of the matrix: paste, fill down, clear, sums."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import planning_edits, planning_matrix
from mbo_desktop.services import planning_framework as framework
from mbo_desktop.services.planning_edits import GridColumn
from mbo_desktop.services.planning_framework import IndicatorField
from mbo_desktop.services.target_cells import CellState, TargetField
from tests.services.conftest import YEAR, Office

NAME = GridColumn(IndicatorField.NAME)
MEASURE = GridColumn(IndicatorField.UNIT_OF_MEASURE)


class Grid:
    """Three rows and the columns of two counties."""

    def __init__(self, office: Office) -> None:
        self.store = office.store
        self.rows = [
            framework.add_indicator(self.store, YEAR, name)
            for name in ("工业投资(亿元)", "中心村规划编制率(%)", "重点工作")
        ]
        self.units = [office.units["柯城区"], office.units["江山市"]]
        self.columns = [GridColumn(TargetField.VALUE, unit) for unit in self.units]

    def paste(self, texts: list[list[str]], **more: object) -> planning_edits.BlockOutcome:
        return planning_edits.paste_block(
            self.store, YEAR, self.rows, self.columns, texts, **more  # type: ignore[arg-type]
        )

    @property
    def texts(self) -> list[list[str]]:
        cells = planning_matrix.cells(self.store, self.rows, self.units)
        return [
            [cells[row, unit].value if (row, unit) in cells else "" for unit in self.units]
            for row in self.rows
        ]


@pytest.fixture
def grid(office: Office) -> Grid:
    return Grid(office)


def test_a_block_from_excel_lands_cell_by_cell_as_one_step(grid: Grid) -> None:
    outcome = grid.paste([["52", "1,046.5"], ["90%", "/"], ["各建制镇", ""]])
    assert grid.texts == [["52", "1,046.5"], ["90", "/"], ["各建制镇", ""]]
    assert (outcome.changed, outcome.kept, outcome.left_out) == (5, (), "")
    grid.store.undo()
    assert grid.texts == [["", ""]] * 3


def test_unreadable_numbers_are_kept_and_told(grid: Grid) -> None:
    grid.columns = [
        GridColumn(TargetField.LAST_YEAR, grid.units[0]), GridColumn(TargetField.VALUE, grid.units[0]),
    ]
    outcome = grid.paste([["约3成", "大幅提高"], ["88", "90"]])
    assert [(kept.place, kept.text, kept.kept) for kept in outcome.kept] == [
        ("工业投资 · 柯城区 · 上年实绩", "约3成", "写入备注"),
        ("工业投资 · 柯城区 · 目标值", "大幅提高", "保留为文字"),
    ]
    cell = planning_matrix.cell(grid.store, grid.rows[0], grid.units[0])
    assert (cell.note, cell.value) == ("上年实绩原文:约3成", "大幅提高")
    assert planning_matrix.cell(grid.store, grid.rows[1], grid.units[0]).last_year == "88"


def test_one_cell_fills_the_selection(grid: Grid) -> None:
    grid.paste([["5"]], selection=(3, 2))
    assert grid.texts == [["5", "5"]] * 3


def test_rows_below_the_last_become_indicators_when_they_bring_a_name(grid: Grid) -> None:
    grid.columns = [NAME, MEASURE, *grid.columns]
    grid.rows = grid.rows[2:]
    outcome = grid.paste([["重点工作", "", "完成", "完成"], ["粮食总产量", "万吨", "18.6", "20.2"], ["", "", "1", "2"]])
    (added,) = outcome.added
    (row,) = framework.indicator_rows(grid.store, [added])
    assert (row.name, row.unit_of_measure) == ("粮食总产量", "万吨")
    assert planning_matrix.cell(grid.store, added, grid.units[1]).value == "20.2"
    assert outcome.left_out == "下方1行超出表格,未粘贴"
    grid.store.undo()
    assert len(framework.indicator_ids(grid.store, YEAR)) == 3


def test_what_does_not_fit_is_said(grid: Grid) -> None:
    outcome = grid.paste([["1", "2", "3"], ["4"], ["5"], ["6"]])
    assert outcome.left_out == "右侧1列超出表格、下方1行超出表格,未粘贴"
    assert grid.texts == [["1", "2"], ["4", ""], ["5", ""]]


def test_a_new_unit_of_measure_decides_how_the_numbers_beside_it_are_read(grid: Grid) -> None:
    grid.columns = [MEASURE, grid.columns[0]]
    grid.paste([["万元", "5亿元"]])
    cell = planning_matrix.cell(grid.store, grid.rows[0], grid.units[0])
    assert cell.amount == Decimal(50000)


def test_fill_down_repeats_what_was_typed(grid: Grid) -> None:
    grid.paste([["约50", "75亿元,增长25%"]])
    planning_edits.fill_down(grid.store, grid.rows, grid.columns)
    assert [row[0] for row in grid.texts] == ["约50", "约50", "约50"]
    assert grid.store.undo_label == "向下填充"


def test_clearing_empties_values_and_never_names(grid: Grid) -> None:
    grid.paste([["1", "2"], ["3", "4"]])
    planning_edits.clear(grid.store, grid.rows, [NAME, grid.columns[0]])
    assert grid.texts == [["", "2"], ["", "4"], ["", ""]]
    names = [row.name for row in framework.indicator_rows(grid.store, grid.rows)]
    assert names == ["工业投资", "中心村规划编制率", "重点工作"]
    assert planning_edits.remove_targets(grid.store, grid.rows, grid.units) == 2
    assert grid.texts == [["", ""]] * 3


def test_cells_of_a_row_deleted_meanwhile_are_told(grid: Grid) -> None:
    framework.delete_indicators(grid.store, grid.rows[:1])
    outcome = grid.paste([["1", "2"], ["3", "4"]])
    assert outcome.warnings == ("有2格所在的指标已被删除,未写入",)
    assert grid.texts[1] == ["3", "4"]


def test_sums_add_what_can_be_added(grid: Grid) -> None:
    grid.paste([["0.1", "0.2"], ["90%", "85%"], ["/", "各镇"]])
    planning_edits.set_cell(
        grid.store, grid.rows[0], grid.units[0], TargetField.POINTS, "0.5"
    )
    sums = planning_matrix.row_totals(grid.store, grid.rows, grid.units)
    assert sums[grid.rows[0]].amount == Decimal("0.3")
    assert sums[grid.rows[1]].amount is None, "rates are not added"
    last = sums[grid.rows[2]]
    assert (last.numeric, last.texts, last.not_applicable) == (0, 1, 1)
    totals = planning_matrix.unit_totals(grid.store, YEAR, grid.units)
    first = totals[grid.units[0]]
    assert (first.allotted, first.not_applicable, first.points) == (2, 1, Decimal("0.5"))


def test_columns_are_the_units_with_targets_in_official_order(grid: Grid) -> None:
    def headings(**more: object) -> list[str]:
        found = planning_matrix.columns(grid.store, YEAR, **more)  # type: ignore[arg-type]
        return [column.heading for column in found]

    assert headings() == []
    assert headings(with_empty=True) == ["柯城区", "江山市", "高新区", "市交委"]
    grid.paste([["", "2"]])
    assert headings() == ["江山市"]


def test_pages_keep_the_order_and_count_all(grid: Grid) -> None:
    grid.paste([["1", "2"], ["3", "4"], ["5", "6"]])
    page = planning_matrix.matrix_page(grid.store, YEAR, grid.units, offset=1, limit=1)
    assert (page.total, [row.id for row in page.rows]) == (3, [grid.rows[1]])
    assert page.cell(grid.rows[1], grid.units[1]).value == "4"
    other = RecordId(999_999)
    assert page.cell(grid.rows[1], other).state is CellState.NOT_ALLOTTED
