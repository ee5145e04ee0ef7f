"""The offline manual: contents and search at the left, the page at the right, the whole as a PDF."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QUrl
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.errors import ProgramError
from ui import manual_text
from ui.jobs import JobRunner, Runner
from ui.later import later
from ui.manual_text import CONTENTS, FOLDER, Hit
from ui.theme import scaled

_MARGIN = 24
"""Pixels the page keeps free beside its pictures: document margin and scroll bar."""
_REDRAW = 120
"""Milliseconds after the last change of size; laying a page out anew takes some."""


class ManualPage(QTextBrowser):
    """A page whose pictures are as wide as the window, never wider than they were taken."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setSearchPaths([str(FOLDER)])
        self._shown = ""
        self._width = 0
        self._waiting = False

    def show_text(self, text: str) -> None:
        """Show a page's Markdown."""
        self._shown = text
        self._width = self.viewport().width()
        self.document().setBaseUrl(QUrl.fromLocalFile(str(FOLDER) + "/"))
        self.setMarkdown(text)

    def loadResource(self, kind: int, name: QUrl) -> Any:
        """A picture made as small as the page is narrow."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, name)
        image = QImage(str(FOLDER / name.path().lstrip("/"))) if name.isRelative() else QImage(name.toLocalFile())
        room = max(self.viewport().width() - scaled(_MARGIN), scaled(120))
        dense = self.devicePixelRatioF()
        if image.width() > room * dense:
            image = image.scaledToWidth(round(room * dense), Qt.TransformationMode.SmoothTransformation)
            image.setDevicePixelRatio(dense)
        return image

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pictures follow, once the size has settled."""
        super().resizeEvent(event)
        if self._shown and self.viewport().width() != self._width and not self._waiting:
            self._waiting = True
            later(self, self._fit, _REDRAW)

    def _fit(self) -> None:
        self._waiting = False
        if self.viewport().width() == self._width:
            return
        cursor, bar = self.textCursor(), self.verticalScrollBar()
        place = bar.value() / max(bar.maximum(), 1)
        start, end = cursor.anchor(), cursor.position()
        self.show_text(self._shown)
        self.select(start, end)
        bar.setValue(round(place * bar.maximum()))

    def select(self, start: int, end: int) -> None:
        """Mark a stretch and bring it into sight."""
        cursor = self.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()


class ManualWindow(QDialog):
    """Shows a page of resources/manual; links lead to other pages, nothing leaves the machine."""

    def __init__(self, page: str, parent: QWidget | None = None, runner: Runner | None = None) -> None:
        super().__init__(parent)
        self._runner = runner or JobRunner(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("使用说明"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        screen = self.screen().availableGeometry()
        self.resize(min(scaled(1040), screen.width() - 40), min(scaled(680), screen.height() - 60))
        self.page = ""
        """File name of what is shown, without ending."""
        self._hits: tuple[Hit, ...] = ()
        self._searching = False
        self._back: list[tuple[str, int]] = []
        self._build()
        self._lay_out()
        self._show_contents()
        self.open_page(page)
        self.browser.setFocus()

    # Building -----------------------------------------------------------------

    def _build(self) -> None:
        self.browser = ManualPage()
        self.browser.anchorClicked.connect(self._on_anchor)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("搜索全部说明  Ctrl+F"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._on_typed)
        self.field.installEventFilter(self)
        self.found = QLabel()
        self.found.setProperty("role", "muted")
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._on_row)
        self.list.itemActivated.connect(self.browser.setFocus)
        self.back = _button(self.tr("后退"), self.go_back, "Alt+←")
        self.contents = _button(self.tr("目录"), self._on_contents, "Alt+Home")
        self.pdf = _button(self.tr("另存为PDF…"), self.save_pdf, "Ctrl+S")
        for keys, deed in (
            ("Ctrl+F", self.start_search), ("F3", self.next_hit), ("Shift+F3", self.previous_hit),
            ("Alt+Left", self.go_back), ("Alt+Home", self._on_contents), ("Ctrl+S", self.save_pdf),
            ("F6", self._switch),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(deed)

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(scaled(10), scaled(10), 0, scaled(10))
        column.addWidget(self.field)
        column.addWidget(self.found)
        column.addWidget(self.list, 1)
        tools = QHBoxLayout()
        for button in (self.back, self.contents):
            tools.addWidget(button)
        tools.addStretch(1)
        tools.addWidget(self.pdf)
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, scaled(10), scaled(10), scaled(10))
        beside.addLayout(tools)
        beside.addWidget(self.browser, 1)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([scaled(230), scaled(810)])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)

    # Pages --------------------------------------------------------------------

    def open_page(self, page: str) -> None:
        """Show a page by its file name without ending."""
        if self.page:
            self._back.append((self.page, self.browser.verticalScrollBar().value()))
        self._show(page)

    def turn_to(self, page: str) -> None:
        """The manual stands open: a page is asked for from the program."""
        self.field.clear()
        if page != self.page:
            self.open_page(page)
        self.raise_()
        self.activateWindow()

    def _show(self, page: str) -> None:
        path = manual_text.path_of(page)
        self.page = path.stem
        self.back.setEnabled(bool(self._back))
        if path.exists():
            self.browser.show_text(path.read_text("utf-8"))
        else:
            self.browser.show_text(self.tr("这一页的说明还没有写。"))
        if not self._hits:
            self._mark_page()

    def go_back(self) -> None:
        """To the page before."""
        if self._back:
            page, place = self._back.pop()
            self._show(page)
            self.browser.verticalScrollBar().setValue(place)

    def _on_contents(self) -> None:
        self.field.clear()
        self.open_page(CONTENTS)

    def _on_anchor(self, link: QUrl) -> None:
        if link.fileName().endswith(".md"):
            self.open_page(link.fileName())
        elif link.hasFragment():
            self.browser.scrollToAnchor(link.fragment())

    def _switch(self) -> None:
        """F6: from the list to the page and back."""
        (self.list if self.browser.hasFocus() else self.browser).setFocus()

    # Contents and search --------------------------------------------------------

    def _show_contents(self) -> None:
        self._hits = ()
        self.found.setText(self.tr("{} 章").format(len(manual_text.chapters())))
        self.list.blockSignals(True)
        self.list.clear()
        part = ""
        for chapter in manual_text.chapters():
            if chapter.part != part:
                part = chapter.part
                self._add_part(part)
            item = QListWidgetItem(f"    {chapter.title}")
            item.setData(Qt.ItemDataRole.UserRole, chapter.name)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._mark_page()

    def _add_part(self, part: str) -> None:
        item = QListWidgetItem(part)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.addItem(item)

    def _mark_page(self) -> None:
        names = [self.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.list.count())]
        self.list.blockSignals(True)
        self.list.setCurrentRow(names.index(self.page) if self.page in names else -1)
        self.list.blockSignals(False)

    def start_search(self) -> None:
        """Ctrl+F: into the field."""
        self.field.setFocus()
        self.field.selectAll()

    def _on_typed(self, text: str) -> None:
        if not text.strip():
            self._searching = False
            self._show_contents()
            return
        self._hits = manual_text.search(text)
        self.found.setText(
            self.tr("{} 处,Enter 到下一处").format(len(self._hits)) if self._hits
            else self.tr("没有找到,请换一个词。"))
        self.list.blockSignals(True)
        self.list.clear()
        for hit in self._hits:
            self.list.addItem(QListWidgetItem(f"{hit.chapter.title}\n…{hit.before}【{hit.found}】{hit.after}…"))
        self.list.blockSignals(False)
        if self._hits:
            self.list.setCurrentRow(0)

    def next_hit(self) -> None:
        """Enter in the field: the next place, after the last one the first."""
        self._step(1)

    def previous_hit(self) -> None:
        """The place before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self._hits:
            self.list.setCurrentRow((self.list.currentRow() + by) % len(self._hits))

    def _on_row(self, row: int) -> None:
        if self._hits and 0 <= row < len(self._hits):
            hit = self._hits[row]
            if hit.chapter.name != self.page:
                # Back leads to where the search began, not through all the hits.
                (self._show if self._searching else self.open_page)(hit.chapter.name)
            self._searching = True
            self.browser.select(hit.place, hit.place + len(hit.found))
            return
        name = self.list.item(row).data(Qt.ItemDataRole.UserRole) if row >= 0 else None
        if name:
            self.open_page(name)

    # PDF ----------------------------------------------------------------------

    def save_pdf(self) -> None:
        """The whole manual as a PDF, to be looked at, saved and printed."""
        from ui.dialogs.manual_pdf import book_bytes

        self.pdf.setEnabled(False)
        self.pdf.setText(self.tr("正在制作…"))
        self._runner.run(
            self.tr("制作使用说明PDF"), lambda _control: book_bytes(), done=self._on_pdf, failed=self._on_pdf_failed,
            owner=self,
        )

    def _on_pdf(self, data: bytes) -> None:
        from ui.dialogs.manual_pdf import show_book

        self._show_pdf_button()
        show_book(data, self)

    def _on_pdf_failed(self, error: BaseException) -> None:
        self._show_pdf_button()
        self.found.setText(error.sentences() if isinstance(error, ProgramError) else self.tr("PDF没有制成,数据未受影响;请用“帮助→诊断信息”告知维护人员。"))
        if not isinstance(error, ProgramError):
            raise error

    def _show_pdf_button(self) -> None:
        self.pdf.setEnabled(True)
        self.pdf.setText(self.tr("另存为PDF…"))

    def done(self, result: int) -> None:
        """Nothing goes on behind a closed window."""
        self._runner.stop(0)
        super().done(result)

    # Keys ---------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search field Enter goes to the next place, the arrows through the list."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                (self.previous_hit if shift else self.next_hit)()
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
        return super().eventFilter(watched, event)


def _button(text: str, deed: Any, keys: str) -> QPushButton:
    made = QPushButton(text)
    made.setAutoDefault(False)
    made.setToolTip(keys)
    made.clicked.connect(deed)
    return made
