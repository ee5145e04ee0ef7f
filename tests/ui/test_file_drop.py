"""Files dropped on the window: one, many, wrong ones, folders, a data folder's door."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from mbo_desktop.services import session
from ui import import_commands
from ui.jobs import JobRunner
from ui.main_window import MainWindow
from ui.settings import Settings
from ui.workspace import Workspace


@pytest.fixture
def window(qtbot, theme, tmp_path):
    made = MainWindow(theme, Settings())
    qtbot.addWidget(made)
    jobs = JobRunner()
    store = session.create_folder(tmp_path / "数据", office_name="市目标办", operators=["刘敏"], year=2020)
    made.attach(Workspace(store, jobs, made.settings))
    made.workspace.set_year(2020)
    made.show()
    yield made
    jobs.stop()
    made.detach()
    store.close()


@pytest.fixture
def opened(monkeypatch) -> list[list[Path]]:
    wizards: list[list[Path]] = []
    monkeypatch.setattr(
        import_commands, "open_wizard", lambda _workspace, _parent, paths=(): wizards.append(list(paths))
    )
    return wizards


def drop(window: MainWindow, *paths: Path, url: str = "") -> bool:
    """Drag over and drop; whether the window took it."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths] + ([QUrl(url)] if url else []))
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(400, 300).toPoint(), copy, mime, left, none)
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(window, QDropEvent(QPointF(400, 300), copy, mime, left, none))
    return True


def test_fifty_files_go_to_one_wizard(window, qtbot, tmp_path, opened):
    files = [tmp_path / f"台账{n}.xlsx" for n in range(50)]
    for file in files:
        file.write_bytes(b"PK")
    assert drop(window, *files)
    qtbot.waitUntil(lambda: opened == [files])


def test_a_folder_is_refused_in_words(window, qtbot, tmp_path, opened):
    assert drop(window, tmp_path)
    qtbot.waitUntil(lambda: "拖入的不是文件" in window.messages.label.text())
    assert opened == []


def test_a_link_from_a_browser_is_not_taken(window, opened):
    assert not drop(window, url="https://example.invalid/a.xlsx")


def test_a_door_file_opens_its_folder(window, qtbot, tmp_path, opened):
    door = tmp_path / "数据" / "打开.zrd"
    with qtbot.waitSignal(window.folder_asked) as asked:
        drop(window, door)
    assert asked.args == [door]
    assert opened == []


def test_without_a_data_folder_nothing_is_imported(qtbot, theme, tmp_path, opened):
    bare = MainWindow(theme, Settings())
    qtbot.addWidget(bare)
    bare.show()
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"PK")
    drop(bare, file)
    qtbot.waitUntil(lambda: "还没有打开数据文件夹" in bare.messages.label.text())
    assert opened == []


def test_a_wrong_file_is_told_in_the_wizard(window, qtbot, tmp_path):
    from ui.dialogs.import_wizard import ImportWizard

    file = tmp_path / "照片.jpg"
    file.write_bytes(b"\xff\xd8\xff\xe0nothing")
    drop(window, file)
    qtbot.waitUntil(lambda: bool(window.findChildren(ImportWizard)))
    wizard = window.findChildren(ImportWizard)[0]
    qtbot.waitUntil(lambda: not window.workspace.jobs.busy, timeout=20_000)
    qtbot.waitUntil(lambda: bool(wizard.messages.label.text()), timeout=5_000)
    wizard.reject()
