"""Signing in, locking and switching in the real window: what is half typed stays, nothing shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.accounts import Role
from mbo_desktop.domain.rights import Act
from mbo_desktop.services import accounts, passwords, session
from mbo_desktop.store import drafts
from mbo_desktop.store.database import Store
from ui.covering import Covers
from ui.dialogs.accounts import AccountsDialog, CodeDialog, GivenDialog
from ui.idle import IdleWatch
from ui.jobs import DirectRunner
from ui.main_window import MainWindow
from ui.navigation import Room
from ui.pages.base import Page
from ui.settings import Settings
from ui.sign_in import Asking, SignInForm
from ui.theme import Theme
from ui.widgets.fields import TextField
from ui.workspace import Workspace

BOSS, CLERK = "春风又绿江南岸1", "明月何时照我还2"


class Desk(Page):
    """A page with a line to type into."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "桌面")
        self.key = "desk"
        self.line = QLineEdit()
        self.finished: list[str] = []
        self.line.editingFinished.connect(lambda: self.finished.append(self.line.text()))
        self.read_only_told: list[bool] = []
        self.field = TextField("已存")
        self.field.committed.connect(self.finished.append)
        self.set_body(self.line, self.field)

    def set_read_only(self, read_only: bool) -> None:
        self.read_only_told.append(read_only)


@pytest.fixture(autouse=True)
def _light_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "PASSES", 1)


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Path:
    """An office with an administrator, a clerk and a leader."""
    with session.create_folder(tmp_path / "数据", office_name="示例市目标办", operators=["刘敏"]) as store:
        accounts.turn_on(store, name="刘敏", password=BOSS)
        for name, role in (("小王", Role.ENTRY), ("李局", Role.LEADER)):
            given = accounts.add(store, name, [role])
            accounts.enter(store, accounts.check(store, name, given))
            accounts.set_own_password(store, given, CLERK)
            accounts.enter(store, accounts.check(store, "刘敏", BOSS))
        accounts.add(store, "新来的", [Role.ENTRY])
    return tmp_path / "数据"


@pytest.fixture
def make_window(qtbot: QtBot, theme: Theme) -> Iterator[Callable[[Path], MainWindow]]:
    opened: list[tuple[MainWindow, Store]] = []

    def make(folder: Path) -> MainWindow:
        window = MainWindow(theme, Settings(), (Room("desk", "桌面", "target", Desk, "desk"),))
        qtbot.addWidget(window)
        window.resize(1000, 640)
        window.show()
        store = session.open_folder(folder)
        opened.append((window, store))
        window.attach(Workspace(store, DirectRunner(window), window.settings, window))
        window.activateWindow()
        return window

    yield make
    for window, store in opened:
        window.detach()
        store.close()


@pytest.fixture
def window(folder: Path, make_window: Callable[[Path], MainWindow]) -> MainWindow:
    return make_window(folder)


def form_of(window: MainWindow) -> SignInForm:
    form = window.account_commands.covers.form
    assert isinstance(form, SignInForm)
    return form


def sign_in(window: MainWindow, name: str, password: str) -> None:
    form = form_of(window)
    form.name.setCurrentText(name)
    form.password.setText(password)
    QTest.keyClick(form.password, Qt.Key.Key_Return)


def store_of(window: MainWindow) -> Store:
    assert window.workspace is not None
    return window.workspace.store


def line_of(window: MainWindow) -> QLineEdit:
    page = window.page
    assert isinstance(page, Desk)
    return page.line


def test_the_window_opens_covered_and_asks_who_it_is(window: MainWindow) -> None:
    form = form_of(window)
    assert form.asking is Asking.SIGN_IN
    names = [form.name.itemText(place) for place in range(form.name.count())]
    assert sorted(names) == sorted(["刘敏", "小王", "李局", "新来的"])
    cover = form.parentWidget()
    assert cover is not None and cover.geometry() == window.rect()
    window.resize(1100, 700)
    assert cover.geometry() == window.rect()
    sign_in(window, "刘敏", "不对")
    assert "不对" in form_of(window).problem.text()
    sign_in(window, "刘敏", BOSS)
    assert not window.account_commands.covered
    assert "刘敏(录入、审核、管理)" in window.top_bar.office.text()
    assert not store_of(window).read_only


def test_a_colleague_is_chosen_with_the_mouse(window: MainWindow) -> None:
    form = form_of(window)
    QTest.mouseClick(form.name, Qt.MouseButton.LeftButton)
    names = form.name.view()
    assert names.isVisible(), "the list of names is part of the form"
    place = names.model().index(form.name.findText("李局"), 0)
    QTest.mouseMove(names.viewport(), names.visualRect(place).center())
    # The combo box takes a release for the end of the opening click for a while.
    QTest.qWait(QApplication.doubleClickInterval() + 50)
    QTest.mouseClick(names.viewport(), Qt.MouseButton.LeftButton, pos=names.visualRect(place).center())
    assert form.name.currentText() == "李局"
    assert QApplication.activePopupWidget() is None


def test_after_three_wrong_ones_the_button_counts_down(window: MainWindow) -> None:
    for _try in range(3):
        sign_in(window, "刘敏", "wrong")
    form = form_of(window)
    assert not form.go.isEnabled() and "秒后可再试" in form.go.text()
    form.name.setCurrentText("小王")
    assert form.go.isEnabled()
    form.name.setCurrentText("刘敏")
    assert not form.go.isEnabled()


def test_a_lock_keeps_what_is_half_typed(window: MainWindow, qtbot: QtBot) -> None:
    sign_in(window, "刘敏", BOSS)
    line = line_of(window)
    line.setFocus()
    QTest.keyClicks(line, "87.")
    line.setCursorPosition(2)
    window.account_commands.lock()
    form = form_of(window)
    assert form.asking is Asking.LOCKED and not form.name.isEnabled()
    assert form.password.hasFocus()
    # Keys, clicks, menus and shortcuts go nowhere but to the form.
    QTest.keyClicks(line, "999")
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(window.menuBar(), Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert QApplication.activePopupWidget() is None
    page = window.page
    assert isinstance(page, Desk)
    assert line.text() == "87." and page.finished == []
    sign_in(window, "刘敏", "不对")
    assert window.account_commands.covered
    sign_in(window, "刘敏", BOSS)
    assert not window.account_commands.covered
    assert page.finished == [] and line.hasFocus() and not line.hasSelectedText()
    QTest.keyClicks(line, "5")
    assert line.text() == "875."


def test_open_dialogs_are_covered_and_stay_as_they_were(window: MainWindow, qtbot: QtBot) -> None:
    sign_in(window, "刘敏", BOSS)
    tool, dialog = QDialog(window), QDialog(window)
    for one in (tool, dialog):
        field, press = QLineEdit(), QPushButton("确定")
        press.clicked.connect(one.accept)
        layout = QVBoxLayout(one)
        layout.addWidget(field)
        layout.addWidget(press)
        one.setWindowTitle("柯城区")
    tool.show()
    dialog.resize(220, 120)
    dialog.open()
    before = dialog.size()
    field = dialog.findChild(QLineEdit)
    field.setFocus()
    QTest.keyClicks(field, "half")
    window.account_commands.lock()
    form = form_of(window)
    # Seated where the keys go, and readable there.
    assert form.window() is dialog and dialog.width() >= form.minimumWidth()
    assert tool.windowTitle() == dialog.windowTitle() == "已锁定"
    QTest.mouseClick(dialog.findChild(QPushButton), Qt.MouseButton.LeftButton)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert dialog.isVisible() and tool.isVisible()
    # What a job opens meanwhile is covered as it appears.
    late = QDialog(window)
    QVBoxLayout(late).addWidget(QLabel("打印好了"))
    late.open()
    assert form_of(window).window() is late
    late.done(0)
    qtbot.waitUntil(lambda: form_of(window).window() is dialog)
    sign_in(window, "刘敏", BOSS)
    assert not window.account_commands.covered
    assert field.text() == "half" and dialog.isVisible()
    assert dialog.size() == before and dialog.windowTitle() == "柯城区"
    dialog.done(0)
    tool.close()


def test_another_person_signs_in_at_a_locked_window(window: MainWindow, qtbot: QtBot) -> None:
    """What the first one had half typed is neither saved nor lost: it waits as a draft of the first one."""
    sign_in(window, "刘敏", BOSS)
    page = window.page
    assert isinstance(page, Desk)
    page.field.setFocus()
    page.field.setText("half typed")
    dialog = QDialog(window)
    dialog.open()
    qtbot.waitUntil(dialog.isVisible)
    window.account_commands.lock()
    form_of(window).other.click()
    form = form_of(window)
    assert form.asking is Asking.SWITCH and "刘敏的草稿" in form.findChildren(QLabel)[2].text()
    assert form.forgot.isHidden()
    form.back.click()
    assert form_of(window).asking is Asking.LOCKED, "the window stays locked"
    form_of(window).other.click()
    sign_in(window, "小王", "不对")
    assert window.account_commands.covered and page.field.text() == "half typed"
    sign_in(window, "小王", CLERK)
    assert not window.account_commands.covered and store_of(window).operator == "小王"
    assert not dialog.isVisible()
    assert page.finished == [], "nothing of the first one is written by the second"
    assert isinstance(window.page, Desk) and window.page is not page
    assert window.page.field.text() == "已存"
    folder = store_of(window).folder
    assert [one.words for one in drafts.drafts(folder, "刘敏")] == ["half typed"]
    assert drafts.drafts(folder, "小王") == ()
    window.page.field.setFocus()
    window.page.field.setText("of the second")
    QTest.keyClick(window.page.field, Qt.Key.Key_Return)
    assert window.page.finished == ["of the second"]
    assert [one.words for one in drafts.drafts(folder, "刘敏")] == ["half typed"]
    window.account_commands.lock()
    form_of(window).other.click()
    sign_in(window, "刘敏", BOSS)
    assert "已保留:1 处" in window.messages.label.text(), "the first one is told"


def test_the_same_person_by_the_other_way_closes_nothing(window: MainWindow) -> None:
    sign_in(window, "刘敏", BOSS)
    page = window.page
    assert isinstance(page, Desk)
    page.field.setFocus()
    page.field.setText("half typed")
    window.account_commands.lock()
    form_of(window).other.click()
    sign_in(window, "刘敏", BOSS)
    assert not window.account_commands.covered and window.page is page
    assert page.field.text() == "half typed" and page.finished == []


def test_idleness_locks_and_keys_keep_it_open(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(window, "刘敏", BOSS)
    watch = window.account_commands.idle
    now = [1000.0]
    monkeypatch.setattr("ui.idle.monotonic", lambda: now[0])
    watch.set_minutes(10)
    now[0] += 599
    handle = window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_F9)
    now[0] += 599
    watch._on_look()
    assert not window.account_commands.covered
    now[0] += 2
    watch._on_look()
    assert form_of(window).asking is Asking.LOCKED


def test_single_mode_is_never_locked(tmp_path: Path, set_clock: None, make_window: Callable[[Path], MainWindow]) -> None:
    session.create_folder(tmp_path / "单人", office_name="示例市目标办", operators=["刘敏"]).close()
    window = make_window(tmp_path / "单人")
    said: list[str] = []
    assert window.workspace is not None
    window.workspace.said.connect(lambda text, *_: said.append(text))
    window.account_commands.lock()
    assert not window.account_commands.covered and "单人模式" in said[0]
    assert window.account_commands.idle._seconds == 0
    assert window.actions_by_name["office"].isEnabled()


def test_a_reader_sees_and_cannot_write(window: MainWindow) -> None:
    sign_in(window, "李局", CLERK)
    page = window.page
    assert isinstance(page, Desk)
    assert page.read_only_told[-1] is True
    assert "只能查看" in window.read_only_bar.text()
    for name in ("import", "office", "exchange_issue", "seal_year"):
        action = window.actions_by_name[name]
        assert not action.isEnabled() and "需要" in action.toolTip()
    window.account_commands.switch()
    assert form_of(window).asking is Asking.SWITCH
    QTest.keyClick(form_of(window).password, Qt.Key.Key_Escape)
    assert not window.account_commands.covered and store_of(window).operator == "李局"
    window.account_commands.switch()
    sign_in(window, "刘敏", BOSS)
    assert page.read_only_told[-1] is False
    assert window.actions_by_name["office"].isEnabled()


def test_a_one_time_password_leads_to_an_own_one(folder: Path, make_window: Callable[[Path], MainWindow]) -> None:
    with session.open_folder(folder) as store:
        accounts.enter(store, accounts.check(store, "刘敏", BOSS))
        row = next(one for one in accounts.listed(store) if one.name == "新来的")
        given = accounts.reset(store, row.id)
    window = make_window(folder)
    sign_in(window, "新来的", given)
    form = form_of(window)
    assert form.asking is Asking.FRESH
    form.fresh.setText("明月几时有把酒3")
    form.again.setText("明月几时有把酒4")
    form.submit()
    assert "不一样" in form.problem.text()
    form.again.setText("明月几时有把酒3")
    form.submit()
    assert not window.account_commands.covered
    assert not store_of(window).read_only


def test_the_recovery_code_lets_in_and_shows_the_next(
    folder: Path, make_window: Callable[[Path], MainWindow]
) -> None:
    with session.open_folder(folder) as store:
        accounts.enter(store, accounts.check(store, "刘敏", BOSS))
        code = accounts.new_recovery_code(store)
    window = make_window(folder)
    form_of(window).forgot.click()
    form = form_of(window)
    assert form.asking is Asking.RECOVER
    form.back.click()
    assert form_of(window).asking is Asking.SIGN_IN
    form_of(window).forgot.click()
    form = form_of(window)
    form.name.setCurrentText("刘敏")
    form.code.setText(code.lower())
    form.fresh.setText("明月几时有把酒3")
    form.again.setText("明月几时有把酒3")
    form.submit()
    assert not window.account_commands.covered
    dialog = window.findChild(CodeDialog)
    assert dialog is not None and dialog.shown.text() != code
    dialog.reject()
    assert dialog.isVisible(), "what is shown once does not go by Esc"
    dialog.accept_button.click()


def test_what_was_asked_for_waits_for_the_sign_in(window: MainWindow) -> None:
    done: list[str] = []
    window.account_commands.when_signed_in(lambda: done.append("收件"))
    assert done == []
    sign_in(window, "刘敏", BOSS)
    assert done == ["收件"]
    window.account_commands.when_signed_in(lambda: done.append("再收"))
    assert done == ["收件", "再收"]


def test_a_locked_window_with_a_running_job_does_not_close(window: MainWindow) -> None:
    sign_in(window, "刘敏", BOSS)
    assert window.workspace is not None
    window.account_commands.lock()
    window.workspace.jobs.busy = True  # type: ignore[misc]
    assert not window.close()
    window.workspace.jobs.busy = False  # type: ignore[misc]


def test_accounts_are_managed_in_one_dialog(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(window, "刘敏", BOSS)
    assert window.workspace is not None
    store = store_of(window)
    told: list[Any] = []
    dialog = AccountsDialog(window.workspace, lambda: told.append(1), window)
    qtbot.addWidget(dialog)
    dialog.show()
    names = [dialog.tree.topLevelItem(n).text(0) for n in range(dialog.tree.topLevelItemCount())]
    assert "刘敏" in names

    def choose(name: str) -> None:
        for n in range(dialog.tree.topLevelItemCount()):
            if dialog.tree.topLevelItem(n).text(0) == name:
                dialog.tree.setCurrentItem(dialog.tree.topLevelItem(n))

    choose("刘敏")
    dialog.active_button.click()
    assert "最后一位管理员" in dialog.problem.text()
    choose("小王")
    dialog.active_button.click()
    assert "小王" not in accounts.names(store) and told
    choose("小王")
    assert dialog.active_button.text() == "重新启用"
    dialog.active_button.click()
    choose("小王")
    dialog.reset_button.click()
    given = dialog.findChild(GivenDialog)
    assert given is not None and len(given.shown.text()) == 11
    given.accept_button.click()
    dialog.minutes.setValue(30)
    dialog.minutes.editingFinished.emit()
    assert accounts.mode(store).lock_minutes == 30
    dialog.old.setText("不对")
    dialog.fresh.setText("明月几时有把酒3")
    dialog.again.setText("明月几时有把酒3")
    dialog.own_button.click()
    assert "不对" in dialog.problem.text()
    assert accounts.refusal(store, Act.ACCOUNTS) == ""


def test_covers_leave_no_filter_behind(window: MainWindow) -> None:
    sign_in(window, "刘敏", BOSS)
    covers = window.account_commands.covers
    assert isinstance(covers, Covers) and covers.form is None and not covers._covers
    line = line_of(window)
    QTest.keyClicks(line, "12")
    assert line.text() == "12"
    assert isinstance(window.account_commands.idle, IdleWatch)
