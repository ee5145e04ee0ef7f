"""Sort, filter, find, columns, memory of a table."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt

from ui.grids.columns import ColumnFilter, GridQuery, Light, Row
from ui.grids.find_bar import FindBar
from ui.grids.header_menu import FilterPopup, column_menu
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource, matches
from ui.jobs import DirectRunner
from ui.settings import Settings
from ui.workspace import Workspace

Key = Qt.Key


class NoStore:
    """Stands for a data folder that is not asked anything."""

    read_only = False
    undo_label = redo_label = None

    def subscribe(self, callback):
        self.callback = callback


def shown(table) -> list[int]:
    return [table.model.id_at(row) for row in range(table.model.rowCount())]


def click_header(table, key: str, part: float = 0.3) -> None:
    header = table.view.header
    section = table.model.column_of(key)
    x = header.sectionViewportPosition(section) + round(header.sectionSize(section) * part)
    table.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, header.height() - 8))


def test_header_sorts_up_down_and_back_to_the_official_order(table):
    table.book.records[1]["target"] = table.book.records[20]["target"] * 2
    table.book.records[5]["target"] = None
    table.model.source.reload()
    table.model.reload()
    official = shown(table)
    click_header(table, "target")
    assert shown(table)[0] == 2
    assert shown(table)[-2:] == [1, 5]
    click_header(table, "target")
    assert shown(table)[0] == 1
    assert shown(table)[-1] == 5, "empty cells stay at the end"
    click_header(table, "target")
    assert shown(table) == official


def test_names_sort_by_pinyin(table):
    for key, name in ((1, "长葛"), (2, "鞍山"), (3, "重庆")):
        table.book.records[key]["name"] = name
    table.model.source.reload()
    table.view.ask(GridQuery(sort="name"))
    order = shown(table)
    assert order.index(2) < order.index(1) < order.index(3)


def test_the_current_record_stays_current_through_a_sort(table):
    table.go(3, "target")
    click_header(table, "place")
    click_header(table, "place")
    assert table.view.current_id() == 4
    assert table.view.currentIndex().row() == 16


def test_filter_list_of_a_column(table, qtbot):
    popup = FilterPopup(table.view, table.model.column_of("name"))
    qtbot.addWidget(popup)
    popup.values.item(0).setCheckState(Qt.CheckState.Unchecked)
    for row in (3, 5):
        popup.values.item(row).setCheckState(Qt.CheckState.Checked)
    popup.accept()
    assert shown(table) == [3, 5]
    assert table.view.header.filtered == {0}
    table.view.ask(GridQuery())
    assert len(shown(table)) == 20


def test_filter_by_contained_text_and_by_the_field(table):
    table.view.ask(GridQuery(filters={"name": ColumnFilter(contains="标1")}))
    assert shown(table) == [1, *range(10, 20)]
    table.view.set_filter_text("190")
    assert shown(table) == [19]


def test_pinyin_initials_find_names():
    assert matches("sjw", "市交委")
    assert not matches("sjw", "市农委")


def test_columns_can_be_hidden_but_not_all(table):
    for section in range(6):
        table.view.show_column(section, False)
    assert len(table.view.sections()) == 1
    menu = column_menu(table.view, 0)
    names = [action.text() for action in menu.actions()]
    assert "恢复规定顺序" in names
    assert "显示的列" in names


def test_find_counts_and_goes_round(table, qtbot):
    bar = FindBar(table.view)
    qtbot.addWidget(bar)
    table.press(Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert not bar.isHidden()
    bar.field.setText("指标1")
    qtbot.waitUntil(lambda: bar.count.text() == "1/11")
    assert table.at() == (0, "name")
    for _ in range(2):
        bar.next()
    assert table.at() == (10, "name")
    bar.previous()
    bar.previous()
    bar.previous()
    assert bar.count.text() == "11/11"
    bar.field.setText("没有这个")
    qtbot.waitUntil(lambda: bar.count.text() == "没有找到")


def test_a_panel_remembers_how_it_was_left(qtbot, table):
    workspace = Workspace(NoStore(), DirectRunner(), Settings())
    first = GridPanel(workspace, ListSource(table.model.columns, table.book.rows))
    qtbot.addWidget(first)
    first.reload()
    first.view.setColumnWidth(2, 177)
    first.view.show_column(3, False)
    first.view.ask(GridQuery("指标", {"name": ColumnFilter(contains="1")}, "target", True))
    second = GridPanel(workspace, ListSource(table.model.columns, table.book.rows))
    qtbot.addWidget(second)
    second.restore_state(first.save_state())
    second.reload()
    assert second.view.columnWidth(2) == 177
    assert second.view.isColumnHidden(3)
    assert second.model.query == first.model.query
    assert second.model.rowCount() == first.model.rowCount() == 11
    assert second.view.header.sorted_section == 2


def test_a_panel_survives_a_memory_of_other_columns(qtbot, table):
    panel = GridPanel(
        Workspace(NoStore(), DirectRunner(), Settings()),
        ListSource(table.model.columns, table.book.rows),
    )
    qtbot.addWidget(panel)
    panel.restore_state({
        "widths": {"gone": 10, "name": "wide"}, "hidden": ["gone"], "sort": "gone",
        "filters": {"gone": {"values": ["x"]}},
    })
    panel.reload()
    assert panel.model.rowCount() == 20


def test_status_tells_rows_and_filtered_rows(qtbot, table):
    workspace = Workspace(NoStore(), DirectRunner(), Settings())
    said = {}
    workspace.status_changed.connect(said.__setitem__)
    panel = GridPanel(workspace, ListSource(table.model.columns, table.book.rows))
    qtbot.addWidget(panel)
    panel.show()
    panel.reload()
    assert said["rows"] == "20 行"
    panel.view.set_filter_text("指标2")
    assert said["rows"] == "20 行(筛选后 2)"


def test_a_light_paints_shape_and_word(table, qtbot):
    """Told apart without colour: the four shapes give four different pictures."""
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QImage, QPainter

    from ui.grids.delegate import draw_light

    pictures = set()
    for light in Light:
        image = QImage(20, 20, QImage.Format.Format_Grayscale8)
        image.fill(255)
        painter = QPainter(image)
        draw_light(painter, QRect(4, 4, 11, 11), light)
        painter.end()
        binary = bytes(1 if byte < 250 else 0 for byte in bytes(image.constBits()))
        pictures.add(binary)
    assert len(pictures) == 4
    assert Row(1, {"a": "x"}).cell("a").text == "x"


def test_selected_rows_stay_selected_when_the_rows_are_read_again(table):
    view, model = table.view, table.model
    view.select_cell(model.index(1, 1))
    flag = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in (2, 4):
        view.selectionModel().select(model.index(row, 0), flag)
    chosen, current = view.selected_ids(), view.current_id()
    assert len(chosen) == 3
    del table.book.records[model.id_at(0)]
    model.source.reload()
    model.reload()
    assert view.selected_ids() == chosen
    assert view.current_id() == current
    view.set_filter_text(model.index(2, model.column_of("name")).data())
    assert len(view.selected_ids()) <= 1, "another question: only the current record stays"
