"""The announced table of units: lines matched by hand, left out, and never two for one unit."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from mbo_desktop.domain.planning import ImportMapping
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import importing, results, results_import, unit_results_import
from mbo_desktop.services.import_matching import RowAction
from mbo_desktop.spreadsheets.unit_results import UnitResultsTable
from tests.services.conftest import YEAR, Office

PAST = YEAR - 1


@pytest.fixture
def table(office: Office, tmp_path: Path) -> UnitResultsTable:
    book = openpyxl.Workbook()
    for row in (
        ("2019年度考核结果",), ("单位", "得分", "名次"), ("柯城", 98, 1), ("江山市", 95, 2),
        ("智造新城", 90, 3), ("合计", 283, None),
    ):
        book.active.append(row)
    path = tmp_path / "结果.xlsx"
    book.save(path)
    (found,) = results_import.read_file(office.store, path, PAST).unit_tables
    return found


def test_a_line_is_matched_by_hand(office: Office, table: UnitResultsTable) -> None:
    open_plan = unit_results_import.plan_unit_results(office.store, table, PAST)
    assert [row.is_open for row in open_plan.rows] == [False, False, True]
    assert open_plan.unknown == ("智造新城",)
    zone = office.units["高新区"]
    plan = unit_results_import.plan_unit_results(office.store, table, PAST, lines={2: zone})
    assert not plan.unknown
    assert not plan.warnings
    assert unit_results_import.apply_unit_results(office.store, plan) == 3
    rows = {row.unit: row.rank for row in results.unit_results(office.store, PAST)}
    assert rows[zone] == 3


def test_a_line_left_out_knowingly_asks_nothing(office: Office, table: UnitResultsTable) -> None:
    plan = unit_results_import.plan_unit_results(office.store, table, PAST, lines={2: None, 0: None})
    assert [row.action for row in plan.rows] == [RowAction.LEFT_OUT, RowAction.NEW, RowAction.LEFT_OUT]
    assert not any(row.is_open for row in plan.rows)
    assert not plan.unknown
    assert unit_results_import.apply_unit_results(office.store, plan) == 1


def test_two_lines_for_one_unit_are_refused(office: Office, table: UnitResultsTable) -> None:
    before = office.store.change_count
    plan = unit_results_import.plan_unit_results(
        office.store, table, PAST, lines={2: office.units["柯城区"]}
    )
    assert plan.twice == ("A3“柯城”和 A5“智造新城”都对应“柯城区”",)
    with pytest.raises(NotAllowedError, match="都对应"):
        unit_results_import.apply_unit_results(office.store, plan)
    assert office.store.change_count == before


def test_columns_of_results_are_remembered_apart_from_those_of_targets(
    office: Office, tmp_path: Path
) -> None:
    store = office.store
    book = openpyxl.Workbook()
    for row in (
        ("指标名称", "责任单位", "目标值", "本级核定"), ("工业投资(亿元)", "柯城区", 40, 42),
        ("工业投资(亿元)", "江山市", 60, 55),
    ):
        book.active.append(row)
    path = tmp_path / "上年.xlsx"
    book.save(path)
    (proposal,) = results_import.read_file(store, path, PAST, sender="统计局").proposals
    chosen = proposal.with_column(3, "actual")
    plan = results_import.plan_results(store, chosen, PAST)
    assert plan.with_actual == 2
    results_import.apply_results(store, chosen, plan, sender="统计局")
    (again,) = results_import.read_file(store, path, PAST, sender="统计局").proposals
    assert again.is_remembered
    assert again.mapping == ("name", "unit", "target", "actual")
    (child,) = results_import.read_file_in_child(store, path, PAST, sender="统计局").proposals
    assert child.mapping == again.mapping
    (ordinary,) = importing.read_file(store, path, YEAR, sender="统计局")
    assert not ordinary.is_remembered, "the ordinary import leaves 本级核定 out"
    (kept,) = store.all(ImportMapping)
    assert kept.sender == "统计局"
    same = results_import.plan_results(store, again, PAST)
    assert (same.records, same.warnings) == ((), ()), "nothing new is not the same as nothing read"
    store.undo()
    assert not store.all(ImportMapping)
