"""收表 and 发放模板 in the window: board, old beside new, one step, cancel, templates made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from mbo_desktop.domain.reports import Filing, ProgressReport
from mbo_desktop.services import templates
from mbo_desktop.services.collected import ReturnState
from mbo_desktop.services.templates import FormPurpose
from tests.services.returned_forms import fill
from tests.ui.planning_folder import YEAR, make_workspace
from tests.ui.progress_folder import Folder
from ui.dialogs.progress_collect import BOARD, CHANGES, DONE, SOURCE, CollectWizard
from ui.dialogs.progress_templates import TemplatesDialog
from ui.grids.columns import Edit


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Iterator[Folder]:
    made = Folder(tmp_path / "数据")
    yield made
    made.store.close()


@pytest.fixture
def workspace(folder, tmp_path):
    return make_workspace(folder.store, tmp_path)


@pytest.fixture
def forms(folder, tmp_path) -> dict[str, Path]:
    done = templates.make_templates(
        folder.store, YEAR, 2, FormPurpose.PROGRESS, (), tmp_path / "发"
    )
    return {path.stem.partition("-")[2]: path for path in done.files}


def opened(workspace, qtbot, *paths: Path) -> CollectWizard:
    wizard = CollectWizard(workspace, YEAR, 2, paths=paths)
    wizard.finished.disconnect()
    qtbot.addWidget(wizard)
    qtbot.held = [*getattr(qtbot, "held", []), wizard]
    wizard.show()
    return wizard


def step(wizard: CollectWizard) -> int:
    return wizard.stack.currentIndex()


def test_from_folder_to_figures_and_back(folder, workspace, forms, qtbot, tmp_path) -> None:
    fill(forms["柯城区"], {"工业投资": {"本月累计": 20, "存在问题": "征地受阻"}})
    wizard = opened(workspace, qtbot, tmp_path / "发")
    assert step(wizard) == BOARD
    assert [one.state for one in wizard.collection.files] == [ReturnState.GOOD, ReturnState.EMPTY]
    assert wizard.board.chosen == {0}
    assert "可收1" in wizard.board.headline.text()
    wizard.next_button.click()
    assert step(wizard) == CHANGES
    assert "将写入 2 格" in wizard.changes.headline.text()
    wizard.next_button.click()
    assert step(wizard) == DONE
    assert "已收1个文件" in wizard.report.sentence.text()
    assert len(folder.store.all(ProgressReport, month=2)) == 1
    assert len(folder.store.all(Filing, year=YEAR)) == 1
    wizard.report.undo_button.click()
    assert folder.store.all(ProgressReport, month=2) == []
    assert "已撤销" in wizard.report.sentence.text()


def test_a_field_that_is_not_ticked_stays_out(folder, workspace, forms, qtbot) -> None:
    fill(forms["柯城区"], {"工业投资": {"本月累计": 20}, "新增就业": {"本月累计": 300}})
    wizard = opened(workspace, qtbot, forms["柯城区"])
    wizard.next_button.click()
    row = wizard.changes.source.numbers[0]
    wizard.changes.source.write([Edit(row, "take", "", False)], "")
    wizard.next_button.click()
    (report,) = folder.store.all(ProgressReport, month=2)
    assert str(report.amount) == "300"


def test_one_click_ticks_and_unticks_a_file(folder, workspace, forms, qtbot) -> None:
    fill(forms["柯城区"], {"工业投资": {"本月累计": 20}})
    wizard = opened(workspace, qtbot, forms["柯城区"])
    view = wizard.board.view

    def click(column: int) -> None:
        place = view.visualRect(view.model().index(0, column)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    click(0)
    assert wizard.board.chosen == frozenset()
    assert not wizard.next_button.isEnabled()
    click(3)
    assert wizard.board.chosen == frozenset()
    click(0)
    assert wizard.board.chosen == {0}
    view.setCurrentIndex(view.model().index(0, 0))
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert wizard.board.chosen == frozenset()


def test_of_two_versions_only_one_can_be_ticked(folder, workspace, forms, qtbot, tmp_path) -> None:
    fill(forms["柯城区"], {"工业投资": {"本月累计": 20}})
    other = tmp_path / "李四.xlsx"
    other.write_bytes(forms["柯城区"].read_bytes())
    fill(other, {"工业投资": {"本月累计": 21}})
    wizard = opened(workspace, qtbot, forms["柯城区"], other)
    assert not wizard.next_button.isEnabled()
    wizard.board.source.write([Edit(1, "take", "", True)], "")
    wizard.board.source.write([Edit(2, "take", "", True)], "")
    assert wizard.board.chosen == {1}


def test_a_broken_file_cannot_be_ticked_and_a_folder_without_tables_is_told(
    folder, workspace, qtbot, tmp_path
) -> None:
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04")
    wizard = opened(workspace, qtbot, broken)
    assert wizard.board.source.write([Edit(1, "take", "", True)], "")
    assert wizard.board.chosen == frozenset()
    empty = tmp_path / "空"
    empty.mkdir()
    wizard = opened(workspace, qtbot, empty)
    assert step(wizard) == SOURCE
    assert "没有表格文件" in wizard.messages.label.text()


def test_another_table_is_read_by_the_names_of_the_indicators(folder, workspace, qtbot, tmp_path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["柯城区2月进度"])
    page.append(["序号", "指标名称", "单位", "累计完成", "进展情况"])
    page.append([1, "工业投资(亿元)", "亿元", "２1.5", "正在施工"])
    page.append([2, "自编的指标", "个", 3, ""])
    path = tmp_path / "柯城区进度.xlsx"
    book.save(path)
    wizard = opened(workspace, qtbot, path)
    assert wizard.collection.files[0].state is ReturnState.FOREIGN
    assert wizard.board.read_button.isVisible()
    wizard.board.read_button.click()
    assert wizard.board.chosen == {0}
    assert [(c.head, c.new) for c in wizard.collection.changes] == [("本月累计", "21.5"), ("进展情况", "正在施工")]
    assert "没有同名的目标" in wizard.collection.files[0].problems[0].sentence()
    wizard.next_button.click()
    wizard.next_button.click()
    assert step(wizard) == DONE
    (report,) = folder.store.all(ProgressReport, month=2)
    assert str(report.amount) == "21.5"


def test_such_a_table_beside_the_units_form_is_to_be_chosen_from(
    folder, workspace, forms, qtbot, tmp_path
) -> None:
    fill(forms["柯城区"], {"工业投资": {"本月累计": 20}})
    book = openpyxl.Workbook()
    book.active.append(["指标", "累计完成"])
    book.active.append(["工业投资", 25])
    path = tmp_path / "柯城区自编.xlsx"
    book.save(path)
    wizard = opened(workspace, qtbot, forms["柯城区"], path)
    assert wizard.board.chosen == {0}
    wizard.board.show_file(1)
    wizard.board.read_button.click()
    assert [one.state for one in wizard.collection.files] == [ReturnState.RIVAL, ReturnState.RIVAL]
    assert wizard.board.chosen == frozenset()


def test_the_list_for_the_phone_is_copied(folder, workspace, forms, qtbot) -> None:
    wizard = opened(workspace, qtbot, *forms.values())
    wizard.board.missing.click()
    assert "未报2个" in QGuiApplication.clipboard().text()


def test_templates_are_made_for_the_ticked_units(folder, workspace, qtbot, tmp_path) -> None:
    dialog = TemplatesDialog(workspace, YEAR, 3, units=[folder.units[0]])
    dialog.finished.disconnect()
    qtbot.addWidget(dialog)
    qtbot.held = [dialog]
    dialog.show()
    assert dialog.chosen_units == [folder.units[0]]
    dialog.make_into(tmp_path / "出")
    assert [path.name for path in (tmp_path / "出").iterdir()] == ["2020年3月进度-柯城区.xlsx"]
    assert "已生成1个文件" in dialog.messages.label.text()
    dialog.purpose.setCurrentIndex(1)
    dialog._fill_units()
    assert not dialog.make_button.isEnabled()
    assert "监考单位" in dialog.count.text()


def test_a_decomposition_ledger_among_the_files_goes_its_own_way(
    folder, workspace, qtbot, tmp_path, monkeypatch
) -> None:
    from ui.dialogs import decomposition_ledger

    made = templates.make_templates(
        folder.store, YEAR, 2, FormPurpose.DECOMPOSITION, [folder.units[0]], tmp_path / "台账"
    )
    asked = []
    monkeypatch.setattr(decomposition_ledger, "read_from", lambda _w, _page, path: asked.append(path))
    wizard = opened(workspace, qtbot, *made.files)
    assert wizard.collection.files[0].state is ReturnState.ELSEWHERE
    assert wizard.board.chosen == frozenset()
    assert "读回分解台账" in wizard.board.read_button.text()
    wizard.board.read_button.click()
    assert asked == list(made.files)
