"""The ways into the import wizard: menu, button, files dropped on the window, the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from ui.later import later
from ui.workspace import Workspace

if TYPE_CHECKING:
    from ui.main_window import MainWindow

DOOR_ENDING = ".zrd"


def open_wizard(workspace: Workspace | None, parent: QWidget, paths: Sequence[Path] = ()) -> None:
    """The wizard, with files already chosen when there are any."""
    if workspace is None or not _may_write(workspace):
        return
    from ui.dialogs.import_wizard import ImportWizard

    _open(ImportWizard(workspace, parent, paths=paths), parent)


def open_pasted(workspace: Workspace, parent: QWidget) -> None:
    """The wizard over what was copied in Excel, WPS or Word."""
    mime = QGuiApplication.clipboard().mimeData()
    paths = _files(mime.urls()) if mime.hasUrls() else []
    text = mime.text() if mime.hasText() else ""
    markup = mime.html() if mime.hasHtml() else ""
    if paths:
        open_wizard(workspace, parent, paths)
        return
    if not text.strip() and not markup.strip():
        workspace.say(
            workspace.tr("剪贴板里没有表格或文字。先在 Excel、WPS 或 Word 中选中并复制,再按 Ctrl+V。"), tone="amber"
        )
        return
    if not _may_write(workspace):
        return
    from ui.dialogs.import_wizard import ImportWizard

    _open(ImportWizard(workspace, parent, pasted=(markup, text)), parent)


def _open(wizard: QDialog, parent: QWidget) -> None:
    """Show it; afterwards the keys belong to the room, whose empty page may have made way for a table."""
    stack = getattr(parent.window(), "stack", None)
    if stack is not None:
        wizard.finished.connect(lambda _result: later(stack, lambda: stack.page.setFocus()))
    wizard.open()


def _may_write(workspace: Workspace) -> bool:
    return workspace.may_write(workspace.tr("导入"))


def _paths(urls: Sequence[object]) -> list[Path]:
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]  # type: ignore[attr-defined]


def _files(urls: Sequence[object]) -> list[Path]:
    return [path for path in _paths(urls) if path.is_file()]


class FileDrop(QObject):
    """Takes files dropped on the window; lives as its child.

    A 打开.zrd opens its data folder, packages and folders with packages go to 数据交换, other
    files to the wizard; other folders are refused in words.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept what comes from this machine's disks."""
        if event.type() == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            if any(url.isLocalFile() for url in event.mimeData().urls()):
                event.acceptProposedAction()
                return True
        elif event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            urls = event.mimeData().urls()
            if any(url.isLocalFile() for url in urls):
                event.acceptProposedAction()
                paths = _paths(urls)
                # A turn later: the file manager waits for the drop to end.
                later(self, lambda: self.take(paths))
                return True
        return bool(super().eventFilter(watched, event))

    def take(self, paths: Sequence[Path]) -> None:
        """Open or import what was dropped."""
        doors = [path for path in paths if path.suffix.lower() == DOOR_ENDING]
        if doors:
            self._window.folder_asked.emit(doors[0])
        elif self._window.workspace is None:
            self._window.messages.say(self.tr("还没有打开数据文件夹,不能导入。"), "amber")
        elif self._window.exchange_commands.takes(paths):
            self._window.exchange_commands.receive(paths)
        elif not (paths := [path for path in paths if path.is_file()]):
            self._window.messages.say(
                self.tr("没有导入:拖入的不是文件。请打开文件夹,选中其中的台账文件再拖入。"), "amber"
            )
        else:
            open_wizard(self._window.workspace, self._window, paths)
