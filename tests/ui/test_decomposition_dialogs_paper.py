"""Papers, ledger and network of the decomposition from their dialogs."""

from __future__ import annotations

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from mbo_desktop.documents.pages import Pages
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.services import decomposition_ledger, offices
from mbo_desktop.services.decomposition_ledger import LedgerScope
from mbo_desktop.services.decomposition_network import NetworkScope
from tests.services.decomposed_year import decompose
from tests.ui.planning_folder import YEAR, make_store, make_workspace
from ui.dialogs import decomposition_ledger as ledger_dialogs
from ui.dialogs import decomposition_paper as papers
from ui.dialogs.decomposition_ledger import LedgerDialog
from ui.dialogs.decomposition_network import show_network
from ui.dialogs.decomposition_paper import PaperDialog, PaperKind
from ui.dialogs.print_preview import PrintPreview


class Desk:
    """A small decomposed year, the page that asks, and what is shown."""

    def __init__(self, folder, qtbot):
        self.store = make_store(folder / "data")
        self.made = decompose(self.store, YEAR, offices.root_unit(self.store), children=4)
        self.workspace = make_workspace(self.store, folder)
        self.said = []
        self.workspace.said.connect(lambda text, tone, actions: self.said.append((text, tone)))
        self.page = QWidget()
        qtbot.addWidget(self.page)

    def shown(self, kind):
        found = [w for w in self.page.findChildren(kind) if w.isVisible()]
        assert len(found) == 1, found
        return found[0]


@pytest.fixture
def desk(tmp_path, qtbot):
    made = Desk(tmp_path, qtbot)
    yield made
    made.store.close()


def text_of(preview: PrintPreview) -> list[str]:
    with Pages(preview._pdf) as pages:
        return [pages.text(i) for i in range(len(pages))]


def test_the_breakdown_of_a_branch_is_previewed(desk):
    dialog = PaperDialog(desk.workspace, desk.page, node=int(desk.made.indicators[0]), title="工业")
    dialog.show()
    assert dialog.scope.currentText() == "所选分支“工业”"
    dialog.try_to_accept()
    preview = desk.shown(PrintPreview)
    text = "".join(text_of(preview))
    assert "规模以上工业增加值1任务分解表" in text
    assert "规模以上工业增加值2" not in text.replace("规模以上工业增加值1", "")
    assert preview._excel is not None
    preview.close()


def test_only_what_suits_the_paper_is_asked(desk):
    dialog = PaperDialog(desk.workspace, desk.page)
    dialog.show()
    assert dialog.grouping.isVisible()
    assert not dialog.files_button.isVisible()
    dialog.kind.setCurrentIndex(dialog.kind.findData(PaperKind.PEOPLE))
    assert dialog.person.isVisible()
    assert dialog.files_button.isVisible()
    assert not dialog.grouping.isVisible()
    dialog.kind.setCurrentIndex(dialog.kind.findData(PaperKind.NETWORK))
    assert dialog.sheet.findData("A1") > 0
    dialog.reject()


def test_a_unit_that_does_not_exist_is_said_in_the_dialog(desk):
    dialog = PaperDialog(desk.workspace, desk.page, kind=PaperKind.UNITS)
    dialog.show()
    dialog.unit.setText("没有的局")
    dialog.try_to_accept()
    assert dialog.isVisible()
    assert "没有名为“没有的局”的单位" in dialog.problem.text()
    dialog.reject()


def test_a_page_for_every_unit_with_a_signature_line(desk):
    papers.preview_carriers(desk.workspace, desk.page, PaperKind.UNITS, None)
    preview = desk.shown(PrintPreview)
    texts = text_of(preview)
    assert len(texts) == 3, "one page for each"
    assert all("单位主要负责人（签字）" in text for text in texts)
    assert "第1县人民政府2020年度目标任务承担表" in texts[0]
    assert preview._word()[:2] == preview._excel()[:2] == b"PK"
    preview.close()


def test_a_file_for_every_person(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *a: str(tmp_path / "表"))
    dialog = PaperDialog(desk.workspace, desk.page, kind=PaperKind.PEOPLE)
    dialog.show()
    dialog.write_files()
    files = sorted(path.name for path in (tmp_path / "表").iterdir())
    assert len(files) == 7
    assert files[0] == "01 王建国 承担表.pdf"
    assert "已导出 7 个文件" in desk.said[-1][0]


def test_the_list_of_blanks_of_one_unit(desk):
    papers.preview_blanks(desk.workspace, desk.page, unit=desk.made.units[1])
    preview = desk.shown(PrintPreview)
    text = "".join(text_of(preview))
    assert "第2县" in text
    assert "第3县（" not in text
    preview.close()


def ledger_file(desk, tmp_path, *edits):
    path = tmp_path / "台账.xlsx"
    decomposition_ledger.write_ledger(desk.store, YEAR, LedgerScope(unit=desk.made.units[0]), path)
    book = openpyxl.load_workbook(path)
    for address, value in edits:
        book["分解台账"][address].value = value
    book.save(path)
    return path


def test_a_ledger_is_exported_where_asked(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(tmp_path / "县台账"), ""))
    ledger_dialogs.export_ledger(desk.workspace, desk.page, unit=desk.made.units[0], name="第1县")
    assert (tmp_path / "县台账.xlsx").exists()
    assert desk.said[-1][1] == "green"


def test_a_ledger_read_back_is_shown_before_it_is_written(desk, tmp_path):
    path = ledger_file(desk, tmp_path, ("B6", "新任务"), ("I7", "三成"), ("D8", "没有的局"))
    ledger_dialogs.read_from(desk.workspace, desk.page, path)
    dialog = desk.shown(LedgerDialog)
    assert "改动 2 处" in dialog.facts.text()
    assert "没有读入 1 处" in dialog.facts.text()
    rows = {row.cells["place"] if isinstance(row.cells["place"], str) else row.cells["place"].text: row
            for row in dialog._rows()}
    assert rows["B6"].cells["old"].text == "分解任务1"
    assert rows["B6"].cells["new"].text == "新任务"
    assert "不是数字" in rows["I7"].cells["note"].text
    assert dialog.write_button.text() == "写入 2 处"
    assert desk.store.get(Allocation, desk.made.nodes[0]).title == "分解任务1"
    dialog.write_button.click()
    assert desk.store.get(Allocation, desk.made.nodes[0]).title == "新任务"
    text, tone = desk.said[-1]
    assert tone == "amber"
    assert "写入 1 处。未写入 1 处:D8 没有名为“没有的局”的单位" in text
    desk.workspace.undo()
    assert desk.store.get(Allocation, desk.made.nodes[0]).title == "分解任务1"


def test_doubtful_cells_wait_for_a_tick(desk, tmp_path):
    path = ledger_file(desk, tmp_path, ("B7", "分解任务1"), ("B8", "分解任务2"), ("B9", "分解任务3"))
    ledger_dialogs.read_from(desk.workspace, desk.page, path)
    dialog = desk.shown(LedgerDialog)
    assert dialog.doubtful.text() == "有疑问的 3 处也写入"
    assert not dialog.write_button.isEnabled()
    dialog.doubtful.setChecked(True)
    assert dialog.write_button.text() == "写入 3 处"
    dialog.reject()


def test_the_network_is_walked_by_keyboard(desk, qtbot):
    opened = []
    dialog = show_network(desk.workspace, desk.page, NetworkScope(), opened.append)
    view = dialog.view
    dialog.activateWindow()
    qtbot.waitUntil(view.hasFocus)
    assert "有空白" in dialog.figures.text()
    first = view.blanks[0]
    qtbot.keyClick(view, Qt.Key.Key_B)
    assert view.current == view._items[first].box.id
    qtbot.keyClick(view, Qt.Key.Key_Home)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened == [], "the office's own box is no row of the tree"
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Right)
    depth = view._items[view._current].box.depth
    assert depth == 3
    here = view.current
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view._items[view._current].box.depth == depth
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.current == here
    qtbot.keyClick(view, Qt.Key.Key_0)
    fitted = view.zoom
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoom > fitted
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.zoom == pytest.approx(fitted)
    qtbot.keyClick(view, Qt.Key.Key_B)
    spot = view.current
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened == [spot]
    assert not dialog.isVisible(), "the row is not hidden behind the picture"


def test_fewer_levels_count_what_they_hide(desk):
    dialog = show_network(desk.workspace, desk.page, NetworkScope(levels=4))
    boxes = dialog.view.picture.boxes
    assert max(box.depth for box in boxes) == 3
    assert any("下级4项" in line.text for box in boxes for line in box.lines)
    dialog.print_picture()
    preview = desk.shown(PrintPreview)
    assert "责任网络图" in text_of(preview)[0]
    preview.close()
    dialog.close()
