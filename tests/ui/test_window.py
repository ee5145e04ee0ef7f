"""The window: rooms, year, undo, messages, zoom, search, reading only."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFileSystemModel,
    QLabel,
    QMessageBox,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)

from ui import help_commands
from ui.actions import COMMANDS
from ui.application import GapTranslator, make_application
from ui.data_commands import DataCommands
from ui.dialogs.manual import ManualWindow
from ui.jobs import JobRunner
from ui.main_window import NOTICE, MainWindow
from ui.navigation import ROOMS, Room
from ui.pages.base import Page
from ui.settings import Settings
from ui.theme import RESOURCES, ZOOM_STEPS, icon, style_sheet
from ui.top_bar import TopBar
from ui.widgets.flow import FlowRow
from ui.workspace import Workspace


class Store:
    """A data folder as far as the window looks at it."""

    read_only = False
    read_only_reason = ""
    operator = "刘敏"
    folder = Path("folder")
    last_saved_at = datetime(2020, 3, 12, 10, 21, tzinfo=UTC)
    undo_label: str | None = None
    redo_label: str | None = None
    undo_records = redo_records = 1

    def subscribe(self, callback: Any) -> None:
        self.announce = callback


class Diary(Page):
    """A page that writes down what it was told."""

    def __init__(self, workspace: Workspace, key: str) -> None:
        super().__init__(workspace, f"房间{key}")
        self.key = key
        self.told: list[Any] = []
        self.set_body(QLabel(key))

    def activate(self) -> None:
        self.told.append(("activate", self.workspace.year))

    def refresh(self, changes: Any) -> None:
        self.told.append(("refresh", changes))

    def show_record(self, record: int, kind: str) -> None:
        self.told.append(("record", record, kind))

    def find(self) -> None:
        self.told.append("find")

    def set_read_only(self, read_only: bool) -> None:
        self.told.append(("read only", read_only))

    def save_state(self) -> dict[str, Any]:
        return {"key": self.key}

    def restore_state(self, state: Any) -> None:
        self.told.append(("state", dict(state)))


def make_room(key: str) -> Room:
    return Room(key, f"房间{key}", "target", lambda workspace: Diary(workspace, key), key)


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def window(qtbot, theme, settings, monkeypatch):
    monkeypatch.setattr(TopBar, "reload", lambda self: None)
    monkeypatch.setattr(DataCommands, "begin_day", lambda self: None)
    made = MainWindow(theme, settings, tuple(make_room(key) for key in "ab"))
    qtbot.addWidget(made)
    jobs = JobRunner()
    made.attach(Workspace(Store(), jobs, settings))
    made.workspace.set_year(2020)
    made.show()
    made.activateWindow()
    yield made
    jobs.stop()
    theme.apply(100)


def change(**ids: Any) -> SimpleNamespace:
    return SimpleNamespace(label="x", ids_by_type=ids, undo=False, change_id=1)


def test_the_notice_stands_in_the_title(window):
    assert NOTICE == "本软件不得存储、处理、传输国家秘密"
    assert NOTICE in window.windowTitle()


def test_pages_are_made_when_first_shown(window, qtbot):
    assert window.page.key == "a"
    assert window.stack.count() == 2
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.page.key == "b"
    assert window.navigation.currentRow() == 1
    assert window.settings.get("last_page") == "b"


def test_other_colours_leave_the_page_that_is_shown_and_drop_the_rest(window, qtbot, theme):
    first = window.page
    window.show_room("b")
    shown = window.page
    try:
        window.actions_by_name["colors_dark"].trigger()
        qtbot.waitUntil(lambda: theme.choice == "dark")
        assert window.page is shown
        assert window.settings.page_state("a") == {"key": "a"}
        window.show_room("a")
        assert window.page is not first
        assert ("state", {"key": "a"}) in window.page.told
        window.show_room("b")
        assert window.page is shown
    finally:
        theme.take_colors("light")


def test_a_page_not_shown_hears_of_changes_when_shown_again(window):
    first = window.page
    window.show_room("b")
    one = change(unit=frozenset({1}))
    window.workspace.store.announce(one)
    assert ("refresh", one) in window.page.told
    assert not any(t[0] == "refresh" for t in first.told)
    window.show_room("a")
    assert first.told[-1] == ("refresh", one)
    window.show_room("b")
    window.workspace.store.announce(one)
    window.workspace.store.announce(one)
    window.show_room("a")
    assert first.told[-1] == ("refresh", None)


def test_another_year_is_read_by_the_shown_page(window):
    page = window.page
    window.workspace.set_year(2021)
    assert page.told[-1] == ("activate", 2021)


def test_a_year_that_was_undone_is_left(window, monkeypatch):
    from mbo_desktop.services import session

    monkeypatch.setattr(session, "years", lambda store: (SimpleNamespace(number=2020),))
    monkeypatch.setattr(session, "year_at_work", lambda store: 2020)
    window.workspace.set_year(2021)
    window.workspace.store.announce(change(target={1}))
    assert window.workspace.year == 2021
    window.workspace.store.announce(change(year={1}))
    assert window.workspace.year == 2020
    assert [told for told in window.page.told if told[0] == "activate"][-1] == ("activate", 2020)


def test_undo_is_named_and_enabled_by_the_store(window):
    action = window.actions_by_name["undo"]
    assert (action.text(), action.isEnabled()) == ("撤销", False)
    window.workspace.store.undo_label = "修改目标值"
    window.workspace.store.announce(change())
    assert (action.text(), action.isEnabled()) == ("撤销 修改目标值", True)
    assert window.status.text("saved") == "已保存 10:21"


def test_messages_and_figures_have_their_places(window):
    window.workspace.say("已导入 212 行", tone="green")
    assert window.messages.label.text() == "已导入 212 行"
    window.workspace.status("backup", "上次备份 昨天")
    assert window.status.text("backup") == "上次备份 昨天"
    window.actions_by_name["save"].trigger()
    assert window.messages.label.text().startswith("已自动保存")


def test_escape_closes_a_message_without_the_mouse(window, qtbot):
    window.messages.say("3 格无法识别", "amber")
    qtbot.keyClick(window.page.add_button("打开", lambda: None), Qt.Key.Key_Escape)
    assert not window.messages.isVisible()


def test_another_page_is_asked_for_a_record(window):
    window.workspace.go("b", 7, "unit")
    assert window.page.key == "b"
    assert window.page.told[-1] == ("record", 7, "unit")


def test_reading_only_is_told_and_shown(window):
    window.workspace.store.read_only = True
    window.workspace.store.read_only_reason = "另一个窗口正在使用这个数据文件夹,此处只读。"
    window.workspace.read_only_changed.emit(True)
    assert not window.read_only_bar.isHidden()
    assert "只读" in window.read_only_bar.text()
    assert window.page.told[-1] == ("read only", True)


def test_zoom_goes_in_steps_and_stays_in_its_bounds(window, theme, qtbot):
    for _ in range(10):
        window.actions_by_name["zoom_in"].trigger()
    qtbot.waitUntil(lambda: theme.zoom == ZOOM_STEPS[-1] == 150)
    assert round(QApplication.font().pointSizeF(), 2) == 15.75
    for _ in range(10):
        window.actions_by_name["zoom_out"].trigger()
    qtbot.waitUntil(lambda: theme.zoom == 85)
    window.actions_by_name["zoom_reset"].trigger()
    qtbot.waitUntil(lambda: theme.zoom == 100 and window.page is not None)


def test_a_table_grows_with_the_zoom(table, theme):
    before = (table.view.rowHeight(0), table.view.columnWidth(2))
    theme.apply(150)
    after = (table.view.rowHeight(0), table.view.columnWidth(2))
    theme.apply(100)
    assert after[0] > 1.3 * before[0]
    assert after[1] == round(1.5 * before[1])


def test_rooms_are_made_anew_at_another_zoom_with_what_they_remembered(window, theme, qtbot):
    window.show_room("b")
    before = window.page
    height, width = window.status.sizeHint().height(), window.top_bar.search.width()
    window.actions_by_name["zoom_in"].trigger()
    qtbot.waitUntil(lambda: window.page is not None)
    assert window.page is not before
    assert window.page.key == "b"
    assert window.page.told[1] == ("state", {"key": "b"})
    assert window.status.sizeHint().height() > height
    assert window.top_bar.search.minimumWidth() > width
    window.actions_by_name["zoom_reset"].trigger()
    qtbot.waitUntil(lambda: window.top_bar.search.minimumWidth() == width)


def test_a_room_stays_while_its_job_runs(window, qtbot):
    import threading

    release = threading.Event()
    page = window.page
    window.workspace.jobs.run("导入", lambda c: release.wait(5))
    window.actions_by_name["zoom_in"].trigger()
    assert window.page is page
    release.set()
    qtbot.waitUntil(lambda: not window.workspace.jobs.busy)


def test_spaces_of_the_style_sheet_grow_but_fine_lines_stay():
    assert "5px 12px" in style_sheet(100)
    assert "5px 12px" not in style_sheet(150)
    assert "border: 1px solid" in style_sheet(150)


def test_a_year_is_never_cut(qtbot, theme):
    bar = TopBar([])
    qtbot.addWidget(bar)
    for zoom in ZOOM_STEPS:
        theme.apply(zoom)
        bar.years.clear()
        bar.years.addItem("2026 年度", 2026)
        bar.set_zoom()
        bar.resize(500, 60)
        bar.show()
        QApplication.processEvents()
        option = QStyleOptionComboBox()
        bar.years.initStyleOption(option)
        field = bar.years.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option,
            QStyle.SubControl.SC_ComboBoxEditField, bar.years,
        )
        assert field.width() >= bar.years.fontMetrics().horizontalAdvance("2026 年度"), zoom
    theme.apply(100)


def test_filters_go_into_a_second_line_where_it_is_narrow(qtbot, theme):
    page = QWidget()
    qtbot.addWidget(page)
    row = FlowRow(8)
    outer = QVBoxLayout(page)
    outer.addLayout(row)
    outer.addStretch(1)
    buttons = [QPushButton(f"筛选按钮{n}") for n in range(4)]
    for button in buttons:
        row.add(button)
    rest = QLabel("x")
    row.add(rest, 1)
    page.resize(900, 200)
    page.show()
    assert len({button.geometry().center().y() for button in buttons}) == 1
    assert rest.width() > 300
    page.resize(250, 200)
    qtbot.waitUntil(lambda: len({button.geometry().center().y() for button in buttons}) > 1)
    assert all(button.geometry().right() < 250 for button in buttons)
    assert page.minimumSizeHint().width() < 250


def test_state_is_remembered_on_closing(window, settings, monkeypatch):
    window.show_room("b")
    assert window.close()
    assert settings.page_state("a") == {"key": "a"}
    assert settings.page_state("b") == {"key": "b"}
    assert settings.get("last_year") == 2020


def test_closing_asks_while_a_job_runs(window, monkeypatch, qtbot):
    import threading

    release = threading.Event()
    window.workspace.jobs.run("导入", lambda c: release.wait(5))
    monkeypatch.setattr(help_commands, "ask_to_stop_job", lambda parent: False)
    assert not window.close()
    release.set()
    qtbot.waitUntil(lambda: not window.workspace.jobs.busy)
    assert window.close()


def test_ctrl_f_reaches_the_page(window):
    window.actions_by_name["find"].trigger()
    assert window.page.told[-1] == "find"


def test_detaching_lets_go_of_the_pages(window):
    window.detach()
    assert window.workspace is None
    assert window.page is None
    assert window.stack.count() == 1


def test_every_command_has_one_key_and_words():
    names = [c.name for c in COMMANDS if c.name]
    keys = [key for c in COMMANDS for key in c.keys]
    assert len(set(names)) == len(names)
    assert len(set(keys)) == len(keys)


def test_rooms_have_icons_and_one_key_each():
    assert len({room.key for room in ROOMS}) == len(ROOMS)
    for room in ROOMS:
        assert (RESOURCES / "icons" / f"{room.icon}.svg").exists()


def test_every_icon_draws_something():
    for path in (RESOURCES / "icons").glob("*.svg"):
        image = icon(path.stem).pixmap(24, 24).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), path.stem


def test_the_style_sheet_has_no_gap():
    assert "$" not in style_sheet(100)
    assert "pt" in style_sheet(150)


def test_dialog_buttons_are_chinese(qtbot):
    make_application()
    box = QMessageBox()
    qtbot.addWidget(box)
    words = {box.addButton(kind).text().split("(")[0] for kind in (
        QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Save,
        QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Discard,
    )}
    assert words <= {"取消", "保存", "是", "丢弃", "放弃", "不保存"}
    assert GapTranslator().translate("QPlatformTheme", "Cancel") == "取消"


def test_dialogs_of_qt_are_chinese(qtbot, tmp_path):
    """Files and printing too; what neither translation knows stays as it is."""
    make_application()
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.xlsx").write_text("x")
    dialog = QFileDialog(None, "打开", str(tmp_path))
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    dialog.show()
    model = dialog.findChild(QFileSystemModel)
    root = model.index(str(tmp_path))
    qtbot.waitUntil(lambda: model.rowCount(root) == 2)
    kinds = {model.index(row, 2, root).data() for row in range(2)}
    assert "文件夹" in kinds
    assert not any("Fi" in kind or "Fo" in kind for kind in kinds)
    texts = [w.text() for kind in (QLabel, QPushButton) for w in dialog.findChildren(kind)]
    assert any("打开" in text for text in texts)
    for text in texts:
        assert not re.search("[A-Za-z]{2}", text), text
    assert QCoreApplication.translate("QFileDialog", "no such text") == "no such text"


def test_the_manual_shows_a_page_and_says_when_there_is_none(qtbot):
    window = ManualWindow("nothing")
    qtbot.addWidget(window)
    assert "还没有写" in window.browser.toPlainText()


def test_versions_name_no_person():
    assert "Qt" in help_commands.versions()


def test_every_kind_of_hit_opens_its_room(qtbot) -> None:
    from mbo_desktop.domain.identity import RecordId
    from mbo_desktop.services.search import Hit, HitKind
    from ui.grids.columns import Option

    bar = TopBar([])
    qtbot.addWidget(bar)
    went: list[tuple[str, int, str]] = []

    class Space:
        def go(self, page: str, record: int, kind: str) -> None:
            went.append((page, record, kind))

    bar._workspace = Space()  # type: ignore[assignment]
    keys = {room.key for room in ROOMS}
    for kind in HitKind:
        bar._on_picked(Option(Hit(kind, RecordId(7), "甲", "乙", RecordId(9)), "甲"))
        assert went[-1][0] in keys and went[-1][1:] == ((9, "unit") if kind is HitKind.POST else (7, kind.value))
