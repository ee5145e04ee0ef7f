"""The offline manual: one page per room, written in Markdown."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from ui.theme import RESOURCES, scaled

FOLDER = RESOURCES / "manual"


class ManualWindow(QDialog):
    """Shows a page of resources/manual; links lead to other pages, nothing leaves the machine."""

    def __init__(self, page: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("使用说明"))
        self.resize(scaled(760), scaled(640))
        self.browser = QTextBrowser()
        self.browser.setSearchPaths([str(FOLDER)])
        self.browser.setOpenLinks(False)
        self.browser.anchorClicked.connect(self._on_anchor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.browser)
        self.open_page(page)

    def open_page(self, page: str) -> None:
        """Show a page by its file name without ending."""
        path = FOLDER / f"{Path(page).stem}.md"
        if not path.exists():
            self.browser.setMarkdown(self.tr("这一页的说明还没有写。"))
            return
        self.browser.document().setBaseUrl(QUrl.fromLocalFile(str(FOLDER) + "/"))
        self.browser.setMarkdown(path.read_text("utf-8"))

    def _on_anchor(self, link: QUrl) -> None:
        if link.fileName().endswith(".md"):
            self.open_page(link.fileName())
        elif link.hasFragment():
            self.browser.scrollToAnchor(link.fragment())
