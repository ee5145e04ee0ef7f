"""Forms damaged in any way: nothing breaks, and no figure reaches another row's record."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbo_desktop.errors import FileReadError
from mbo_desktop.spreadsheets.form_book import book_bytes
from mbo_desktop.spreadsheets.form_child import make_books, read_files
from mbo_desktop.spreadsheets.form_kinds import FormPurpose, columns_by_facts, columns_of
from mbo_desktop.spreadsheets.form_layout import FIRST_ROW, FormBook, FormRow, FormSheet
from mbo_desktop.spreadsheets.form_return import ReturnedSheet, form_tables, read_sheet
from mbo_desktop.spreadsheets.source import read_tables
from mbo_desktop.spreadsheets.table import EMPTY, Cell, Merge, Table

ROWS = 6
AMOUNT = 6
"""Column of 本月累计, counted from 0."""
COLUMNS = len(columns_of(FormPurpose.PROGRESS)) + 4


def form(rows: int = ROWS) -> FormBook:
    """A progress form; row n has the target 100 + n."""
    lines = tuple(
        FormRow(f"aa/{number:02x}", str(number), 1, {
            "title": f"指标{number}", "unit_of_measure": "亿元", "target": str(100 + number),
            "planned": Decimal(50 + number), "before": Decimal(40 + number),
        })
        for number in range(1, rows + 1)
    )
    sheet = FormSheet(
        "进度", "某县2020年6月目标进度报表", "填报单位:某县", {"year": 2020, "month": 6, "unit": "aa/ff"},
        columns_of(FormPurpose.PROGRESS), lines, ("填报人",),
    )
    return FormBook(FormPurpose.PROGRESS.value, (sheet,))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """The form as read, with 10, 20 … filled in as figures of the rows."""
    path = tmp_path_factory.mktemp("form") / "表.xlsx"
    path.write_bytes(book_bytes(form()))
    (read,) = read_tables(path)
    rows = [list(row) for row in read.rows]
    for number in range(ROWS):
        rows[FIRST_ROW - 1 + number][AMOUNT] = Cell(Decimal(10 * (number + 1)), str(10 * (number + 1)))
    return Table(read.source, read.sheet, tuple(map(tuple, rows)))


CELLS = st.tuples(st.integers(0, FIRST_ROW + ROWS), st.integers(0, COLUMNS))
DAMAGE = st.lists(
    st.one_of(
        st.tuples(st.just("blank"), CELLS, CELLS), st.tuples(st.just("swap"), CELLS, CELLS),
        st.tuples(st.just("copy"), CELLS, CELLS), st.tuples(st.just("rows"), CELLS, CELLS),
        st.tuples(st.just("down"), CELLS, CELLS), st.tuples(st.just("merge"), CELLS, CELLS),
        st.tuples(st.just("column"), CELLS, CELLS),
    ), min_size=1, max_size=4,
)


def damaged(table: Table, damage: list[tuple[str, tuple[int, int], tuple[int, int]]]) -> Table:
    """Cells blanked, swapped, copied; rows swapped; a column pushed down or inserted; cells merged."""
    width = table.width
    rows = [list(row) + [EMPTY] * (width + 8 - len(row)) for row in table.rows]
    rows += [[EMPTY] * (width + 8) for _ in range(FIRST_ROW + ROWS + 2 - len(rows))]
    merges = []
    for kind, (row, column), (other_row, other_column) in damage:
        if kind == "blank":
            rows[row][column] = EMPTY
        elif kind == "copy":
            rows[other_row][other_column] = rows[row][column]
        elif kind == "swap":
            here, there = rows[row][column], rows[other_row][other_column]
            rows[row][column], rows[other_row][other_column] = there, here
        elif kind == "rows":
            rows[row], rows[other_row] = rows[other_row], rows[row]
        elif kind == "down":
            for line in range(len(rows) - 1, row, -1):
                rows[line][column] = rows[line - 1][column]
        elif kind == "column":
            for line in rows:
                line.insert(column, EMPTY)
        else:
            merges.append(Merge(
                min(row, other_row), min(column, other_column), max(row, other_row), max(column, other_column)
            ))
    return Table(table.source, table.sheet, tuple(map(tuple, rows)), tuple(merges))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=DAMAGE)
def test_any_damage_is_read_or_refused_in_words(
    table: Table, damage: list[tuple[str, tuple[int, int], tuple[int, int]]]
) -> None:
    broken = damaged(table, damage)
    for found in form_tables([broken]):
        try:
            read = read_sheet("表.xlsx", found, columns_by_facts(found.facts))
        except FileReadError:
            # Refused as a whole, with what to do.
            continue
        assert len(set(read.records)) == len(read.records) <= ROWS
        touched = {column for _kind, *places in damage for _row, column in places}
        moved = any(kind in ("swap", "copy", "down", "merge") for kind, *_places in damage)
        for change in read.changes:
            if change.key == "amount" and not change.doubt and not (moved and touched):
                number = int(change.record.partition("/")[2], 16)
                assert change.text in (str(10 * number), "")
        for problem in read.problems:
            assert problem.sentence().endswith("。")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(ROWS)))
def test_whole_rows_may_be_sorted(table: Table, order: list[int]) -> None:
    rows = list(table.rows)
    rows[FIRST_ROW - 1 :] = [rows[FIRST_ROW - 1 + place] for place in order]
    (found,) = form_tables([Table(table.source, table.sheet, tuple(rows))])
    read = read_sheet("表.xlsx", found, columns_by_facts(found.facts))
    assert read.problems == ()
    assert {one.record: one.text for one in read.changes} == {
        f"aa/{number:02x}": str(10 * number) for number in range(1, ROWS + 1)
    }


def test_a_cell_pushed_down_beside_its_rows_is_doubted_or_refused(table: Table) -> None:
    """Everything but the hidden columns moves by one row: no figure goes in."""
    rows = [list(row) for row in table.rows]
    first = FIRST_ROW - 1
    for line in range(len(rows) - 1, first, -1):
        rows[line][1 : AMOUNT + 8] = rows[line - 1][1 : AMOUNT + 8]
    (found,) = form_tables([Table(table.source, table.sheet, tuple(map(tuple, rows)))])
    read = read_sheet("表.xlsx", found, columns_by_facts(found.facts))
    assert [one.record for one in read.changes] == ["aa/01"]
    assert sum("错位" in problem.reason for problem in read.problems) == ROWS - 1


def test_a_child_makes_and_reads_many(tmp_path: Path) -> None:
    made: dict[int, bytes] = {}
    make_books([form(2) for _ in range(5)], made.__setitem__)
    assert sorted(made) == [0, 1, 2, 3, 4]
    paths = []
    for place, data in made.items():
        assert openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].protection.sheet
        path = tmp_path / f"{place}.xlsx"
        path.write_bytes(data if place else b"")
        paths.append(path)
    read = read_files([*paths, tmp_path / "没有.xlsx"])
    assert [bool(one.failure[0]) for one in read] == [True, False, False, False, False, True]
    assert "空文件" in read[0].failure[0]
    assert len(read[1].sheets[0].records) == 2
    assert len(read[1].digest) == 64


def returned(tmp_path: Path, typed: str, **facts: str) -> ReturnedSheet:
    """A form of one row with these facts, as read back with a text in 本月累计."""
    sheet = replace(form(1).sheets[0], rows=(FormRow("aa/01", "1", 1, facts),))
    path = tmp_path / "表.xlsx"
    path.write_bytes(book_bytes(FormBook(FormPurpose.PROGRESS.value, (sheet,))))
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(FIRST_ROW, AMOUNT + 1).value = typed
    book.save(path)
    (found,) = form_tables(read_tables(path))
    return read_sheet("表.xlsx", found, columns_by_facts(found.facts))


@pytest.mark.parametrize(("title", "measure", "target", "typed", "amount"), [
    ("单位GDP能耗下降率", "%", "下降3.2", "下降3.1%", "3.1"),
    ("工业增加值增速", "%", "8", "下降1.2%", "-1.2"),
    ("固定资产投资", "亿元", "7.6", "38500万元", "3.85"),
    ("森林防火", "", "不发生", "未发生", "未发生"),
    ("防汛责任落实", "", "6月底前", "已完成", "已完成"),
    ("防汛责任落实", "", "2020.6.20", "已完成", "已完成"),
    ("信访位次", "", "前3名", "5", "5"),
])
def test_what_was_done_is_read_as_people_write_it(
    tmp_path: Path, title: str, measure: str, target: str, typed: str, amount: str
) -> None:
    read = returned(tmp_path, typed, title=title, unit_of_measure=measure, target=target)
    assert [change.text for change in read.changes] == [amount], read.problems


@pytest.mark.parametrize(("target", "typed"), [("3.1", "约1.4"), ("前3名", "靠前")])
def test_words_where_a_number_is_wanted_are_told(tmp_path: Path, target: str, typed: str) -> None:
    read = returned(tmp_path, typed, title="生猪出栏", unit_of_measure="", target=target)
    assert read.changes == ()
    assert [problem.text for problem in read.problems] == [typed]
