"""What is being typed survives a kill, is offered again, and goes when it is committed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from shiboken6 import isValid

from mbo_desktop import clock
from mbo_desktop.errors import InputError
from mbo_desktop.services import session
from mbo_desktop.store import backup, drafts
from mbo_desktop.store.database import Store
from mbo_desktop.store.drafts import Draft
from tests.ui.draft_worker import FindingDialog, make_view
from ui.dialogs.ask import AskDialog
from ui.dialogs.drafts import DraftsDialog
from ui.drafts import DraftWatch, finish_typing
from ui.grids.columns import Column, Row
from ui.grids.model import GridModel
from ui.grids.source import ListSource
from ui.grids.view import GridView

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafts") / "data"
    session.create_folder(folder, office_name="示例市目标办", operators=["刘敏"], year=2020).close()
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "数据"))


@pytest.fixture
def watch(folder: Path, qapp: QApplication) -> Iterator[DraftWatch]:
    made = DraftWatch(folder, lambda: "刘敏", qapp)
    yield made
    made.stop()
    made.deleteLater()


def left(folder: Path) -> list[str]:
    return [text for one in drafts.drafts(folder, "刘敏") for _field, _name, text in one.texts]


@pytest.mark.parametrize(("where", "expected"), [
    ("cell", "123.4"), ("dialog", "checked on site, 项目未按节点推进,现场无人施工。"),
])
def test_a_kill_two_seconds_after_the_last_key_loses_nothing(folder: Path, where: str, expected: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(ROOT / "tests/ui/draft_worker.py"), str(folder), where]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            assert b"typed" in iter(process.stdout.readline, b"").__next__()
            until = monotonic() + 20
            while not left(folder) and monotonic() < until:
                sleep(0.1)
        finally:
            process.send_signal(signal.SIGKILL)
    assert left(folder) == [expected]
    with Store.open(folder, operator="刘敏") as store:
        assert not store.read_only


def shown(qtbot: Any, widget: Any) -> Any:
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return widget


def type_into_cell(qtbot: Any, view: GridView, text: str) -> QLineEdit:
    view.setCurrentIndex(view.grid.index(0, 1))
    view.start_editing()
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.setText(text)
    return editor


def test_a_half_typed_cell_is_offered_when_it_is_opened_again(qtbot: Any, folder: Path, watch: DraftWatch) -> None:
    view = shown(qtbot, make_view())
    type_into_cell(qtbot, view, "123.4")
    watch.write()
    assert left(folder) == ["123.4"]
    again = DraftWatch(folder, lambda: "刘敏", QApplication.instance())
    other = shown(qtbot, make_view())
    other.setCurrentIndex(other.grid.index(0, 1))
    other.start_editing()
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit) and
                    QApplication.focusWidget().window() is other)
    assert QApplication.focusWidget().text() == "123.4"  # type: ignore[union-attr]
    assert "已保留" in other._message.text()
    again.stop()


def test_enter_and_escape_end_the_draft(qtbot: Any, folder: Path, watch: DraftWatch) -> None:
    view = shown(qtbot, make_view())
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        type_into_cell(qtbot, view, "55")
        watch.write()
        assert left(folder) == ["55"]
        qtbot.keyClick(QApplication.focusWidget(), key)
        qtbot.waitUntil(lambda: not left(folder))


def refuse(text: str) -> object:
    raise InputError(f"“{text}”不是数字。", "请改为 30。")


def unreadable_view() -> GridView:
    model = GridModel(ListSource(
        (Column("name", "指标"), Column("value", "目标值", editable=True, read=refuse)),
        lambda: [Row(1, {"name": "工业投资", "value": "10"})],
    ))
    view = GridView(model)
    model.reload()
    return view


def test_a_cell_that_cannot_be_read_stays_a_draft(qtbot: Any, folder: Path, watch: DraftWatch) -> None:
    view = shown(qtbot, unreadable_view())
    type_into_cell(qtbot, view, "约3成")
    finish_typing()
    qtbot.waitUntil(lambda: left(folder) == ["约3成"])


def test_on_exit_a_readable_cell_is_committed(qtbot: Any, folder: Path, watch: DraftWatch) -> None:
    rows = {1: "10"}

    def write(edits: Any, _label: str) -> None:
        rows[edits[0].row] = edits[0].text

    model = GridModel(ListSource(
        (Column("name", "指标"), Column("value", "目标值", editable=True)),
        lambda: [Row(1, {"name": "工业投资", "value": rows[1]})], write,
    ))
    view = GridView(model)
    model.reload()
    shown(qtbot, view)
    type_into_cell(qtbot, view, "66")
    finish_typing()
    qtbot.waitUntil(lambda: rows[1] == "66" and left(folder) == [])


def fill(qtbot: Any, dialog: FindingDialog, text: str) -> None:
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and QApplication.focusWidget().window() is dialog)
    dialog.text.setFocus()
    dialog.text.setPlainText(text)


def test_a_dialog_is_offered_again_and_filled(qtbot: Any, folder: Path, watch: DraftWatch) -> None:
    first = FindingDialog()
    qtbot.addWidget(first)
    fill(qtbot, first, "现场无人施工,进度与上报不符。")
    watch.write()
    watch._watched.clear()
    second = FindingDialog()
    qtbot.addWidget(second)
    second.open()
    second.activateWindow()
    second.text.setFocus()
    qtbot.waitUntil(lambda: second.layout().itemAt(0).widget().__class__.__name__ == "MessageBar")
    assert second.text.toPlainText() == ""
    second.layout().itemAt(0).widget()._buttons[0].click()
    assert second.text.toPlainText() == "现场无人施工,进度与上报不符。"
    second.accept()
    assert left(folder) == []


def test_a_dialog_given_up_is_not_told_at_the_start(qtbot: Any, folder: Path, watch: DraftWatch) -> None:
    dialog = FindingDialog()
    qtbot.addWidget(dialog)
    fill(qtbot, dialog, "现场无人施工,进度与上报不符。")
    watch.write()
    dialog.reject()
    assert left(folder) == ["现场无人施工,进度与上报不符。"]
    assert watch.left_over() == ()


class SecretDialog(AskDialog):
    """Asks a password and a note."""

    def __init__(self) -> None:
        super().__init__(None, "口令", "好")
        self.secret = QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.note_field = QLineEdit()
        self.form.add("口令", self.secret)
        self.form.add("说明", self.note_field)

    def act(self) -> None:
        """Nothing."""


def test_a_password_is_never_kept_even_when_it_is_shown(
    qtbot: Any, folder: Path, watch: DraftWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SecretDialog, "__module__", "ui.dialogs.exchange_send")
    dialog = SecretDialog()
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and QApplication.focusWidget().window() is dialog)
    dialog.secret.setText("canary-password")
    dialog.secret.setEchoMode(QLineEdit.EchoMode.Normal)
    dialog.note_field.setText("交给张三带去")
    watch.write()
    assert left(folder) == ["交给张三带去"]
    assert not any(b"canary" in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_cell_that_is_handed_over_keeps_its_draft(qtbot: Any, folder: Path, qapp: QApplication) -> None:
    """Each person has a draft of their own for the same cell; ending one leaves the other."""
    who = ["刘敏"]
    watch = DraftWatch(folder, lambda: who[0], qapp)
    view = make_view()
    view.show()
    view.activateWindow()
    editor = type_into_cell(qtbot, view, "123.4")
    watch.hand_over()
    who[0] = "小王"
    editor.setText("typed on")
    view.deleteLater()
    qtbot.waitUntil(lambda: not isValid(view))
    other = shown(qtbot, make_view())
    mine = type_into_cell(qtbot, other, "9")
    watch.write()
    assert [one.words for one in drafts.drafts(folder, "小王")] == ["9"]
    assert left(folder) == ["123.4"]
    qtbot.keyClick(mine, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: drafts.drafts(folder, "小王") == ())
    assert left(folder) == ["123.4"]
    watch.stop()
    watch.deleteLater()


def test_another_person_is_not_offered_them(folder: Path) -> None:
    drafts.keep(folder, Draft("a", "目标值", "刘敏", clock.now(), (("text", "目标值", "12"),)))
    assert drafts.drafts(folder, "陈志远") == ()
    assert len(drafts.drafts(folder, "刘敏")) == 1


def test_old_and_broken_ones_are_left_out(folder: Path) -> None:
    old = clock.now() - timedelta(days=drafts.KEPT_DAYS + 2)
    drafts.keep(folder, Draft("a", "目标值", "刘敏", old, (("text", "目标值", "12"),)))
    (folder / drafts.FOLDER / "x.json").write_text("{")
    assert drafts.drafts(folder, "刘敏") == ()


def test_drafts_are_in_no_backup(folder: Path) -> None:
    drafts.keep(folder, Draft("a", "目标值", "刘敏", clock.now(), (("text", "目标值", "canary-draft"),)))
    with Store.open(folder, operator="刘敏") as store:
        made = backup.make_backup(store)
    assert b"canary-draft" not in made.read_bytes()
    assert not list((folder / "backups").rglob("*.json"))


def test_the_list_shows_and_gives_up(qtbot: Any, folder: Path, watch: DraftWatch) -> None:
    for key in ("a", "b"):
        drafts.keep(folder, Draft(key, f"目标值{key}", "刘敏", clock.now(), (("text", "目标值", "12"),)))
    dialog = DraftsDialog(watch, None)
    qtbot.addWidget(dialog)
    assert len(watch.left_over()) == 2
    dialog._on_every()
    assert left(folder) == []


def test_what_was_typed_at_the_first_start_waits_beside_the_logs(qtbot: Any, tmp_path: Path, qapp: QApplication) -> None:
    watch = DraftWatch(tmp_path, str, qapp)
    dialog = FindingDialog()
    qtbot.addWidget(dialog)
    fill(qtbot, dialog, "示例市人民政府目标管理办公室")
    watch.write()
    assert len(drafts.drafts(tmp_path, "")) == 1
    dialog.accept()
    assert drafts.drafts(tmp_path, "") == ()
    watch.stop()
    watch.deleteLater()
