"""Lists with a row per indicator and unit, in the window and on the command line alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt

from mbo_desktop.__main__ import DONE, main
from mbo_desktop.services import (
    offices,
    planning_framework,
    planning_matrix,
    results,
    session,
    target_owners,
)
from mbo_desktop.services.import_matching import RowAction
from mbo_desktop.services.target_owners import BY_ROWS
from mbo_desktop.spreadsheets import child
from mbo_desktop.spreadsheets.ledger import propose_all
from mbo_desktop.spreadsheets.results_source import read_results
from mbo_desktop.spreadsheets.source import read_source
from tests.ui.planning_folder import YEAR, make_store, make_workspace
from ui.dialogs.import_wizard import MAPPING, PREVIEW, REPORT, ImportWizard
from ui.dialogs.results_wizard import ResultsWizard

PAIRS = (
    ("序号", "指标名称", "计量单位", "责任单位", "目标值", "分值"),
    (1, "工业投资", "亿元", "柯城", 40, 5), (2, None, "亿元", "龙游县", 20, 5), (None, None, None, "合计", 60, None),
    (3, "新增就业", "人", "柯城区人民政府", 3000, 5), (4, None, "人", "龙游县", 2000, 5),
    ("合计", None, None, None, None, 20),
)
MERGES = ("B2:B4", "B5:B6")
EXPECTED = {
    ("工业投资", "柯城区"): "40", ("工业投资", "龙游县"): "20",
    ("新增就业", "柯城区"): "3,000", ("新增就业", "龙游县"): "2,000",
}
BUREAUS = (
    ("工作任务", "目标值", "承担单位"), ("新建公路(公里)", 12, "市交通局"), ("新增就业(人)", 500, "市人社局"),
)
OFFICES = (
    ("旌阳区2020年目标任务分解表",), ("工作任务", "目标值", "责任单位"),
    ("新建公路(公里)", 12, "区交通局"), ("新增就业(人)", 500, "区人社局"),
)
OWN = (("示例市2020年目标任务分解表",), *BUREAUS)
HALF = (*BUREAUS, ("工业投资(亿元)", 20, None))


def saved(path: Path, rows: tuple[tuple[object, ...], ...], merges: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merges:
        book.active.merge_cells(area)
    book.save(path)
    return path


@pytest.fixture
def store(tmp_path: Path) -> Iterator:
    made = make_store(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _in_process(monkeypatch):
    """Files are read in this process, so that each test does not start another interpreter."""

    def read(path, year, known_units=(), mappings=None, progress=None, is_cancelled=None):
        return propose_all(read_source(path), year, known_units, mappings)

    def read_last(path, year, known_units=(), mappings=None, progress=None, is_cancelled=None):
        return read_results(read_source(path), year, known_units, mappings)

    monkeypatch.setattr(child, "read_in_child", read)
    monkeypatch.setattr(child, "read_results_in_child", read_last)


def opened(store, tmp_path, qtbot, path) -> ImportWizard:
    wizard = ImportWizard(make_workspace(store, tmp_path), None, paths=[path])
    wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(wizard)
    qtbot.held = [*getattr(qtbot, "held", []), wizard]
    wizard.show()
    return wizard


def step(wizard) -> int:
    return wizard.stack.currentIndex()


def targets(store, year=YEAR) -> dict[tuple[str, str], str]:
    found = {}
    units = planning_matrix.columns(store, year)
    for row in planning_framework.indicator_rows(store, planning_framework.indicator_ids(store, year)):
        for unit in units:
            cell = planning_matrix.cells(store, [row.id], [unit.unit]).get((row.id, unit.unit))
            if cell is not None:
                found[row.name, unit.heading] = cell.value
    return found


def pick(wizard, value) -> None:
    """Choose an option of the owner's picker as the user does."""
    owner = wizard.mapping.owner
    owner._choose(next(o for o in owner._lookup("") if o.value == value))


def test_each_row_goes_to_its_unit_without_being_told(store, tmp_path, qtbot):
    wizard = opened(store, tmp_path, qtbot, saved(tmp_path / "清单.xlsx", PAIRS, MERGES))
    assert step(wizard) == MAPPING
    assert wizard.mapping.roles.cellWidget(0, 3).currentText() == "被考核单位"
    assert wizard.mapping.owner.text() == "按各行的责任单位"
    assert wizard.mapping.units.rowCount() == 2 and wizard.mapping.units.new_count == 0
    wizard._on_next()
    assert step(wizard) == PREVIEW
    assert not wizard.preview.plan.warnings
    wizard._on_next()
    assert targets(store) == EXPECTED
    again = opened(store, tmp_path, qtbot, tmp_path / "清单.xlsx")
    assert again._sheets[0].proposal.is_remembered and again._sheets[0].proposal.is_by_row


def test_all_rows_can_be_given_to_one_unit_and_back(store, tmp_path, qtbot):
    wizard = opened(store, tmp_path, qtbot, saved(tmp_path / "清单.xlsx", PAIRS, MERGES))
    unit = offices.search_units(store, "龙游")[0].id
    pick(wizard, unit)
    assert wizard.mapping.roles.cellWidget(0, 3).currentText() == "牵头单位"
    assert wizard.mapping.owner.text() == "龙游县" and not wizard.mapping.units_holder.isVisible()
    assert "同名" in wizard.mapping.problems.item(0).text()
    pick(wizard, BY_ROWS)
    assert wizard.mapping.roles.cellWidget(0, 3).currentText() == "被考核单位"
    assert wizard.mapping.units.rowCount() == 2
    wizard._on_next()
    wizard._on_next()
    assert targets(store) == EXPECTED


def test_the_units_of_the_rows_are_offered_for_matching(store, tmp_path, qtbot):
    """Units that nobody registered: 市交通局 is to be 柯城区 here, 市人社局 is left out."""
    wizard = opened(store, tmp_path, qtbot, saved(tmp_path / "任务.xlsx", BUREAUS))
    assert wizard.mapping.owner.text() == "按各行的承担单位"
    table = wizard.mapping.units
    assert [table.item(n, 0).text() for n in range(2)] == ["市交通局", "市人社局"]
    for row, value in ((0, int(offices.search_units(store, "柯城")[0].id)), (1, "leave_out")):
        which, _kind = table._combos(row)
        which.setCurrentIndex(which.findData(value))
    table._on_activated()
    wizard._on_next()
    wizard._on_next()
    assert targets(store) == {("新建公路", "柯城区"): "12"}


@pytest.mark.parametrize(("rows", "units"), [
    (PAIRS, {"柯城区", "龙游县"}), (BUREAUS, {"市交通局", "市人社局"}), (OWN, {"市交通局", "市人社局"}),
    (OFFICES, {"旌阳区"}),
])
def test_the_command_line_means_the_same_as_the_window(store, tmp_path, qtbot, capsys, rows, units):
    path = saved(tmp_path / "清单.xlsx", rows, MERGES if rows is PAIRS else ())
    make_store(tmp_path / "other").close()
    assert main(["import", str(tmp_path / "other"), str(path), "--year", str(YEAR)]) == DONE
    said = capsys.readouterr().out
    assert ("目标按各行的" in said) is (len(units) == 2)
    wizard = opened(store, tmp_path, qtbot, path)
    wizard._on_next()
    wizard._on_next()
    assert step(wizard) == REPORT
    with session.open_folder(tmp_path / "other", read_only=True) as other:
        assert targets(other) == targets(store)
    assert {unit for _name, unit in targets(store)} == units


def test_the_unit_told_to_the_command_line_takes_all_rows(store, tmp_path, capsys):
    path = saved(tmp_path / "清单.xlsx", BUREAUS)
    store.close()
    folder = str(tmp_path / "data")
    assert main(["import", folder, str(path), "--year", str(YEAR), "--unit", "柯城"]) == DONE
    assert "目标记在" not in capsys.readouterr().out
    with session.open_folder(tmp_path / "data", read_only=True) as again:
        assert {unit for _name, unit in targets(again)} == {"柯城区"}


def test_rows_that_name_nobody_wait_for_a_unit(store, tmp_path, qtbot):
    rows = (*PAIRS[:2], (2, "工业投资", "亿元", "龙游县", 20, 5), (3, "新增就业", "人", None, 3000, 5))
    wizard = opened(store, tmp_path, qtbot, saved(tmp_path / "清单.xlsx", rows))
    assert wizard.mapping.owner_label.text() == "没有写明单位的行"
    wizard._on_next()
    assert "没有写明单位的行" in wizard.messages.label.text()
    assert not any(o.value is BY_ROWS for o in wizard.mapping.owner._lookup(""))
    pick(wizard, offices.search_units(store, "柯城")[0].id)
    assert wizard.messages.isHidden(), "the sentence goes with its cause"
    wizard._on_next()
    assert wizard.preview.plan.kept == (), "what was settled is not asked again"
    assert [n.sentence() for n in wizard._planned.notices] == [
        "B4 “新增就业”:该行没有写明单位,记在“柯城区”名下。"
    ]
    assert wizard.preview.plan.count_targets(RowAction.NEW) == 3
    wizard._on_next()
    assert targets(store) == {
        ("工业投资", "柯城区"): "40", ("工业投资", "龙游县"): "20", ("新增就业", "柯城区"): "3,000",
    }


def test_some_rows_without_a_unit_are_asked_about_as_a_whole(store, tmp_path):
    path = saved(tmp_path / "清单.xlsx", HALF)
    (proposal,) = propose_all(read_source(path), YEAR, ())
    assert target_owners.suggested_owner(store, proposal) is None
    assert target_owners.settled(store, proposal) is proposal


def test_an_error_goes_when_its_cause_is_mended(store, tmp_path, qtbot):
    wizard = opened(store, tmp_path, qtbot, saved(tmp_path / "清单.xlsx", PAIRS, MERGES))
    wizard._on_role(1, "")
    wizard._on_next()
    assert "没有读到任何指标" in wizard.messages.label.text() and wizard.messages.isVisible()
    wizard._on_role(1, "name")
    assert not wizard.messages.isVisible()


def test_as_many_lines_as_are_counted(store, tmp_path, qtbot):
    rows = (*PAIRS[:-1], (5, "工业投资", "亿元", "柯城区", 41, 5), ("注:含技改",))
    wizard = opened(store, tmp_path, qtbot, saved(tmp_path / "清单.xlsx", rows, MERGES))
    mapping = wizard.mapping
    assert mapping.problems_label.text() == f"需要核对 {mapping.problems.count()} 处" == "需要核对 1 处"
    assert mapping.remarks_label.text() == f"供参考 {mapping.remarks.count()} 条" == "供参考 2 条"
    assert "“柯城”" in mapping.problems.item(0).text() and "重复" in mapping.problems.item(0).text()
    wizard._on_next()
    assert len(wizard.preview.plan.rows) == 3, "nothing is dropped"
    wizard._on_next()
    assert "保留为文字" not in wizard.report.sentence.text()
    assert wizard.report.sentence.text().endswith(";1处须核对。")
    plain = opened(store, tmp_path, qtbot, saved(tmp_path / "二.xlsx", PAIRS[:3], ("B2:B3",)))
    assert plain.mapping.problems_label.text() == "没有需要核对的地方"
    assert plain.mapping.problems.isHidden()


def test_last_years_list_goes_row_by_row_too(store, tmp_path, qtbot):
    rows = (
        ("示例市2019年度目标完成情况",), ("指标名称", "单位", "目标值", "责任单位", "实绩", "得分", "未完成原因"),
        ("工业投资", "亿元", 40, "柯城", 42, 5, None), ("工业投资", "亿元", 20, "龙游县", 18, 4.5, "征地受阻"),
        ("新增就业", "人", 3000, "柯城", 3100, 5, None), ("新增就业", "人", 2000, "龙游县", 2100, 5, None),
        ("合计", None, None, None, None, 19.5, None),
    )
    path = saved(tmp_path / "上年.xlsx", rows, ("A1:G1",))
    wizard = ResultsWizard(make_workspace(store, tmp_path), None, YEAR - 1)
    wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(wizard)
    wizard.show()
    wizard.read_files([path])
    assert wizard.mapping.owner.text() == "按各行的责任单位"
    wizard._on_next()
    assert "同时写入 2019 年结果 4 项" in wizard.messages.label.text()
    wizard._on_next()
    found = {(r.indicator_name, r.unit_name): (r.actual, r.score) for r in results.rows(store, YEAR - 1)}
    assert found == {
        ("工业投资", "柯城区"): ("42", "5"), ("工业投资", "龙游县"): ("18", "4.5"),
        ("新增就业", "柯城区"): ("3,100", "5"), ("新增就业", "龙游县"): ("2,100", "5"),
    }
    assert [one.reason for one in results.rows(store, YEAR - 1) if one.reason] == ["征地受阻"]


def test_each_table_keeps_the_unit_chosen_for_it(store, tmp_path, qtbot):
    path = tmp_path / "两张.xlsx"
    book = openpyxl.Workbook()
    for sheet, name in ((book.active, "工业投资(亿元)"), (book.create_sheet("第二张"), "新增就业(人)")):
        sheet.append(("指标名称", "目标值"))
        sheet.append((name, 12))
    book.save(path)
    wizard = opened(store, tmp_path, qtbot, path)
    for number, name in ((0, "柯城"), (1, "龙游")):
        wizard._on_sheet(number)
        pick(wizard, offices.search_units(store, name)[0].id)
    wizard._on_sheet(0)
    assert wizard.mapping.owner.text() == "柯城区"
    wizard._on_next()
    wizard._on_next()
    assert targets(store) == {("工业投资", "柯城区"): "12"}


def test_a_name_that_fits_two_units_is_chosen_once_and_not_asked_again(store, tmp_path, qtbot):
    root = offices.root_unit(store)
    first, _second = (
        offices.add_unit(store, f"{city}鼓楼区人民政府", short_name="鼓楼区", superior=root)
        for city in ("甲市", "乙市")
    )
    rows = (("指标名称", "责任单位", "目标值"), ("工业投资(亿元)", "鼓楼区", 12), ("工业投资(亿元)", "柯城区", 20))
    wizard = opened(store, tmp_path, qtbot, saved(tmp_path / "清单.xlsx", rows))
    wizard._on_next()
    assert "“鼓楼区”在单位登记中对应多个单位" in wizard.messages.label.text()
    which, _kind = wizard.mapping.units._combos(0)
    which.setCurrentIndex(which.findData(int(first)))
    wizard.mapping.units._on_activated()
    assert wizard.messages.isHidden()
    wizard._on_next()
    assert (step(wizard), wizard.preview.plan.kept) == (PREVIEW, ())
    wizard._on_next()
    assert targets(store) == {("工业投资", "鼓楼区"): "12", ("工业投资", "柯城区"): "20"}


def test_a_file_without_indicators_is_not_called_in_order(store, tmp_path, qtbot):
    path = tmp_path / "错.txt"
    path.write_text("not a ledger", encoding="utf-8")
    wizard = opened(store, tmp_path, qtbot, path)
    assert step(wizard) == MAPPING
    assert wizard.mapping.problems_label.text().startswith("没有读到任何指标")
