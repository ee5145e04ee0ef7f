"""备份与恢复, the look before going back, 数据体检 with its repairs, 清除误录内容: as a person meets them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QInputDialog, QLabel
from pytestqt.qtbot import QtBot

from mbo_desktop import clock
from mbo_desktop.domain.offices import Unit
from mbo_desktop.services import drills, duties, offices, purge, session, stick_backups
from mbo_desktop.store import backup, backup_register, checkup
from mbo_desktop.store.checkup import Finding, Report, Severity
from mbo_desktop.store.database import Store
from ui.data_commands import backup_words
from ui.dialogs.backup_preview import PreviewDialog
from ui.dialogs.backup_stick import StickDialog
from ui.dialogs.backups import BackupsDialog
from ui.dialogs.checkup import CheckupDialog, RepairDialog
from ui.dialogs.print_preview import PrintPreview
from ui.dialogs.purge import PurgeDialog
from ui.grids.columns import Edit
from ui.jobs import DirectRunner
from ui.safety_commands import SafetyCommands, open_purge
from ui.settings import Settings
from ui.workspace import Workspace

CANARY = "330802199001017777"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with session.create_folder(
        tmp_path / "data", office_name="示例市目标办", government_name="示例市人民政府",
        operators=["刘敏"], year=2020,
    ) as made:
        made.operator = "刘敏"
        offices.add_unit(made, "市教育局", superior=offices.root_unit(made))
        yield made


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    path = tmp_path / "U盘"
    path.mkdir()
    return path


class Window(QDialog):
    """As much of the window as the commands use."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.workspace = Workspace(store, DirectRunner(self), Settings(), self)
        self.page = None
        self.asked: list[object] = []
        self.told = 0
        self.data_commands = self
        self.stack = self
        self.restore_asked = self

    def emit(self, order: object) -> None:
        self.asked.append(order)

    def tell_backup(self) -> None:
        self.told += 1

    def refresh(self, _changes: object) -> None:
        self.told += 1


@pytest.fixture
def window(qtbot: QtBot, store: Store) -> Window:
    made = Window(store)
    qtbot.addWidget(made)
    made.said = []
    made.workspace.said.connect(lambda text, *_: made.said.append(text))
    return made


def shown(window: Window, kind: type) -> object:
    (found,) = [one for one in window.findChildren(kind) if not one.isHidden()]
    return found


def unit(store: Store) -> Unit:
    return next(one for one in store.all(Unit) if one.name.startswith("市教育局"))


def test_the_list_says_what_there_is_and_what_was_tried(window: Window, store: Store, stick: Path) -> None:
    commands = SafetyCommands(window)
    commands.show_backups()
    dialog = shown(window, BackupsDialog)
    assert dialog.table.rowCount() == 0
    assert not dialog.look_button.isEnabled()
    assert "还没有备份到U盘" in dialog.state.text()
    dialog.make_button.click()
    assert dialog.table.rowCount() == 1
    assert dialog.table.item(0, 2).text() == "本机"
    dialog.drill_button.click()
    assert "可以恢复" in dialog.drilled.text()
    assert "可以恢复" in window.said[-1]
    backup_register.set_target(store.folder, str(stick), 7)
    stick_backups.make(store, stick, password="三月春风 2020")
    dialog.reload()
    places = {dialog.table.item(row, 2).text() for row in range(2)}
    assert places == {"本机", str(stick)}
    assert "U盘备份(有口令)" in {dialog.table.item(row, 1).text() for row in range(2)}


def test_a_stick_is_chosen_once_and_remembered(window: Window, store: Store, stick: Path) -> None:
    dialog = StickDialog(None, store)
    dialog.folder.field.setText(str(stick))
    assert "还没有本机关的备份" in dialog.there.text()
    dialog.password_field.setText("12345")
    dialog.again.setText("12345")
    assert not dialog.attempt(dialog.act)
    assert "太短" in dialog.problem.text()
    dialog.again.setText("123456")
    assert not dialog.attempt(dialog.act)
    assert "不同" in dialog.problem.text()
    dialog.password_field.setText("")
    dialog.again.setText("")
    dialog.days.setValue(3)
    assert dialog.attempt(dialog.act)
    assert (dialog.target, dialog.password) == (stick, "")
    again = StickDialog(None, store)
    assert (again.folder.field.text(), again.days.value()) == (str(stick), 3)
    assert "同一块硬盘" in again.there.text()


def test_a_reminder_stands_in_the_status_bar_and_among_the_duties(store: Store, stick: Path) -> None:
    now = clock.now()
    try:
        assert duties.outside_backup_duty(store, clock.today()) is None, "a new folder is not nagged about"
        stick_backups.make(store, stick)
        clock.set_source(lambda: now + timedelta(days=7))
        due = duties.outside_backup_duty(store, clock.today())
        assert due is not None
        assert (due.text, due.is_late) == ("已7天没有备份到U盘", False)
        assert backup_words(store).endswith("· 已7天没有备份到U盘")
        backup_register.set_target(store.folder, str(stick), 0)
        assert duties.outside_backup_duty(store, clock.today()) is None
        backup_register.set_target(store.folder, str(stick), 3)
        late = duties.outside_backup_duty(store, clock.today())
        assert late is not None
        assert late.is_late
    finally:
        clock.set_source(None)


def test_differences_are_shown_before_anything_is_done(window: Window, store: Store) -> None:
    path = backup.make_backup(store)
    with store.change("改名") as change:
        change.put(replace(unit(store), name="市教育局(误)"))
    with store.change("新增") as change:
        change.put(Unit(id=change.new(Unit), name="市体育局", superior=offices.root_unit(store)))
    commands = SafetyCommands(window)
    commands.look(path)
    dialog = shown(window, PreviewDialog)
    assert "步修改将不在数据中" in dialog.headline.text()
    assert dialog.lost.rowCount() >= 2
    rows = dialog.source.rows(range(1, dialog.preview.records + 1))
    kinds = {str(row.cells["kind"]) for row in rows.values()}
    assert kinds == {"将消失", "将改回"}
    dialog.take_back()
    assert "没有打勾" in dialog.messages.label.text()
    number = next(n for n, row in rows.items() if "市教育局" in str(row.cells["title"]))
    dialog.source.write([Edit(number, "back", "", True)], "")
    dialog.take_back()
    assert unit(store).name == "市教育局"
    assert window.said[-1] == "已找回1条内容。"


def test_going_back_as_a_whole_is_handed_to_the_program(window: Window, store: Store, stick: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    word = "三月春风 2020"
    made = stick_backups.make(store, stick, password=word)
    commands = SafetyCommands(window)
    commands.show_backups()
    dialog = shown(window, BackupsDialog)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: (word, True))
    dialog._ask(made.path, dialog.look_asked)
    preview = shown(window, PreviewDialog)
    assert "与现在的数据相同" in preview.headline.text() or "不在数据中" in preview.headline.text()
    preview.restore_button.click()
    assert window.asked == [(made.path, word)]


def test_a_clean_check_says_so_and_findings_say_what_to_do(qtbot: QtBot, store: Store) -> None:
    clean = CheckupDialog(None, checkup.run(store))
    assert "没有发现问题" in clean.summary.text()
    assert clean.repair_button.isHidden()
    bad = CheckupDialog(None, Report((Finding(Severity.DAMAGE, "附件损坏", "批复.pdf", "从备份恢复"),), {"附件": 1}))
    assert "损坏 1 处" in bad.summary.text()
    assert bad.table.item(0, 3).text() == "从备份恢复"
    assert bad.repair_button.isHidden()
    assert not bad.restore_button.isHidden()


def test_findings_are_dealt_with_after_a_look_at_what_that_means(
    window: Window, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (store.folder / "我的文件.txt").write_text("x", encoding="utf-8")
    with store.change("坏", barrier=True) as change:
        change.connection.execute("UPDATE unit SET name = '别的'")
    commands = SafetyCommands(window)
    commands.check()
    dialog = shown(window, CheckupDialog)
    assert dialog.table.rowCount() >= 2
    seen: list[str] = []

    def accept(self: RepairDialog) -> int:
        seen.extend(label.text() for label in self.findChildren(QLabel))
        for tick, _step in self.ticks:
            tick.setChecked(True)
        self.act()
        return 1

    monkeypatch.setattr(RepairDialog, "exec", accept)
    dialog.repair_button.click()
    assert any("不会丢失" in one for one in seen)
    assert checkup.run(store).is_clean
    assert not (store.folder / "我的文件.txt").exists()
    assert any("处理前的数据保存为备份" in one for one in window.said)


def test_what_was_typed_by_mistake_is_found_shown_and_removed(window: Window, store: Store) -> None:
    with store.change("改备注") as change:
        change.put(replace(unit(store), note=f"联系人 {CANARY}"))
    backup.make_backup(store)
    dialog = open_purge(window.workspace, window, unit(store).id)
    dialog.text.setText(CANARY)
    dialog.search()
    assert dialog.found.count() == 1
    assert "现在仍在" in dialog.found.item(0).text()
    dialog.go_on()
    assert "联系人 [已清除]" in dialog.view.toPlainText()
    assert "本机备份" in dialog.view.toPlainText()
    dialog.go_on()
    assert "原因" in dialog.messages.label.text()
    dialog.reason.setText("误录身份证号")
    dialog.approved.setText("王主任")
    dialog.go_on()
    assert "已清除1条" in dialog.result.toPlainText()
    assert dialog.text.text() == ""
    assert CANARY not in dialog.view.toPlainText()
    assert unit(store).note == "联系人 [已清除]"
    assert purge.search(store, CANARY) == ()
    (act,) = purge.acts(store)
    assert (act.reason, act.approved_by, act.by) == ("误录身份证号", "王主任", "刘敏")
    assert drills.drill(store).ok
    dialog.print_button.click()
    shown_pdf = shown(dialog, PrintPreview)
    assert shown_pdf.windowTitle().endswith("误录内容清除记录")
    shown_pdf.close()
    assert checkup.run(store).is_clean


def test_nothing_found_goes_no_further(window: Window, store: Store) -> None:
    dialog = PurgeDialog(window.workspace, window)
    dialog.text.setText("不存在的文字")
    dialog.search()
    assert "没有这段文字" in dialog.found_note.text()
    assert not dialog.next_button.isEnabled()
    dialog.text.setText("短"[:1])
    dialog.search()
    assert "太短" in dialog.messages.label.text()
    assert dialog.found.count() == 0


def test_esc_leaves_the_purge(window: Window, qtbot: QtBot) -> None:
    dialog = PurgeDialog(window.workspace, window)
    dialog.open()
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
