"""The ways into the import wizard: menu, button, files dropped on the window, the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QWidget

from ui.workspace import Workspace


def open_wizard(workspace: Workspace | None, parent: QWidget, paths: Sequence[Path] = ()) -> None:
    """The wizard, with files already chosen when there are any."""
    if workspace is None or not _may_write(workspace):
        return
    from ui.dialogs.import_wizard import ImportWizard

    ImportWizard(workspace, parent, paths=paths).open()


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

    ImportWizard(workspace, parent, pasted=(markup, text)).open()


def _may_write(workspace: Workspace) -> bool:
    if workspace.read_only:
        workspace.say(workspace.tr("现在是只读状态,不能导入。"), tone="amber")
        return False
    return True


def _files(urls: Sequence[object]) -> list[Path]:
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]  # type: ignore[attr-defined]
    return [path for path in paths if path.is_file()]


class FileDrop(QObject):
    """Takes files dropped on the window; lives as its child."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept files, hand them to the wizard."""
        if event.type() == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            if event.mimeData().hasUrls() and _files(event.mimeData().urls()):
                event.acceptProposedAction()
                return True
        elif event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            paths = _files(event.mimeData().urls())
            if paths:
                event.acceptProposedAction()
                open_wizard(getattr(self._window, "workspace", None), self._window, paths)
                return True
        return bool(super().eventFilter(watched, event))
