"""The preview of paper: the PDF's own pages, to look at, print, save and open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QImage, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.documents.output import put_file
from mbo_desktop.documents.pages import PageImage, Pages
from mbo_desktop.errors import ProgramError
from mbo_desktop.store import scratch
from ui import folder_commands
from ui.dialogs.printing import print_pages
from ui.screens import size_within_screen
from ui.theme import icon, scaled
from ui.widgets.message_bar import MessageBar

ZOOMS = (50, 75, 100, 125, 150, 200, 300)


def to_image(picture: PageImage) -> QImage:
    """A page's picture as Qt paints it (a copy that owns its bytes)."""
    return QImage(
        picture.rgba, picture.width, picture.height, picture.stride, QImage.Format.Format_RGBA8888
    ).copy()


class PrintPreview(QDialog):
    """Shows a finished PDF page by page.

    pdf: the bytes, which are exactly what is printed and saved; name: proposed file name
    without ending; word, excel: make that file's bytes when asked for (None: no such button);
    printed(pages, copies) tells the page that paper was made.
    """

    printed = Signal(int, int)

    def __init__(
        self, pdf: bytes, name: str, parent: QWidget | None = None, *,
        word: Callable[[], bytes] | None = None, excel: Callable[[], bytes] | None = None,
        save_folder: str = "",
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("打印预览 — {}").format(name))
        self._pdf = pdf
        self._name = name
        self._word = word
        self._excel = excel
        self._save_folder = save_folder
        self.saved_in: Callable[[Path], object] = lambda _folder: None
        """Told in which folder a file was saved."""
        self._zoom = 0
        """Percent; 0 fits the width."""
        self.pages = Pages(pdf)
        self.messages = MessageBar()
        self.picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.area = QScrollArea()
        self.area.setWidget(self.picture)
        self.area.setWidgetResizable(True)
        self.area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.number = QSpinBox()
        self.number.setRange(1, max(len(self.pages), 1))
        self.number.valueChanged.connect(self._on_number_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(10), scaled(10), scaled(10), scaled(10))
        layout.addLayout(self._tools())
        layout.addWidget(self.messages)
        layout.addWidget(self.area, 1)
        size_within_screen(self, 920, 700)

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(scaled(6))
        row.addWidget(self._tool("chevron-left", self.tr("上一页 PageUp"), "PgUp", self.previous))
        row.addWidget(self.number)
        row.addWidget(QLabel(self.tr("/ {} 页").format(len(self.pages))))
        row.addWidget(self._tool("chevron-right", self.tr("下一页 PageDown"), "PgDown", self.next))
        row.addSpacing(scaled(10))
        row.addWidget(self._tool("zoom-out", self.tr("缩小 Ctrl+-"), "Ctrl+-", self.zoom_out))
        self.zoom_label = QToolButton()
        self.zoom_label.setText(self.tr("适合宽度"))
        self.zoom_label.setToolTip(self.tr("适合宽度"))
        self.zoom_label.clicked.connect(self.fit_width)
        row.addWidget(self.zoom_label)
        row.addWidget(self._tool("zoom-in", self.tr("放大 Ctrl++"), "Ctrl++", self.zoom_in))
        row.addStretch(1)
        buttons: list[tuple[str, Callable[[], object], bool]] = [
            (self.tr("打开PDF"), self.open_pdf, False), (self.tr("另存PDF…"), self.save_pdf, False),
        ]
        if self._word is not None:
            buttons.append((self.tr("另存Word…"), self.save_word, False))
        if self._excel is not None:
            buttons.append((self.tr("另存Excel…"), self.save_excel, False))
        buttons.append((self.tr("打印…"), self.print_now, True))
        for label, act, primary in buttons:
            button = QPushButton(label)
            button.setAutoDefault(False)
            if primary:
                button.setProperty("role", "primary")
            button.clicked.connect(act)
            row.addWidget(button)
        return row

    def _tool(self, name: str, hint: str, key: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name))
        button.setToolTip(hint)
        button.setShortcut(key)
        button.clicked.connect(act)
        return button

    # Looking ------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """The first page, fitted."""
        super().showEvent(event)
        self.show_page()

    def show_page(self) -> None:
        """Paint the page at the present zoom, sharp on scaled screens."""
        if not len(self.pages):
            return
        page = self.number.value() - 1
        ratio = self.devicePixelRatioF()
        width, _height = self.pages.size(page)
        if self._zoom:
            scale = self._zoom / 100 * self.logicalDpiX() / 72
        else:
            # The scroll bar's room is left free always, so that pages do not jump in size.
            bar = self.area.verticalScrollBar().sizeHint().width()
            scale = max(self.area.width() - bar - scaled(24), 200) / width
        picture = QPixmap.fromImage(to_image(self.pages.image(page, scale * ratio)))
        picture.setDevicePixelRatio(ratio)
        self.picture.setPixmap(picture)

    def _on_number_changed(self, _number: int) -> None:
        self.show_page()
        self.area.verticalScrollBar().setValue(0)

    def next(self) -> None:
        """One page on."""
        self.number.setValue(self.number.value() + 1)

    def previous(self) -> None:
        """One page back."""
        self.number.setValue(self.number.value() - 1)

    def zoom_in(self) -> None:
        """One step larger."""
        present = self._zoom or 100
        self._set_zoom(next((z for z in ZOOMS if z > present), ZOOMS[-1]))

    def zoom_out(self) -> None:
        """One step smaller."""
        present = self._zoom or 100
        self._set_zoom(next((z for z in reversed(ZOOMS) if z < present), ZOOMS[0]))

    def fit_width(self) -> None:
        """As wide as the window."""
        self._set_zoom(0)

    def _set_zoom(self, zoom: int) -> None:
        self._zoom = zoom
        self.zoom_label.setText(f"{zoom}%" if zoom else self.tr("适合宽度"))
        self.show_page()

    # Doing --------------------------------------------------------------------

    def print_now(self) -> None:
        """Ask for printer, range and copies, and print exactly these pages."""
        try:
            done = print_pages(self, self.pages, self._name)
        except ProgramError as error:
            self.messages.say(error.sentences(), "red")
            return
        if done is not None:
            pages, copies = done
            self.printed.emit(pages, copies)
            self.messages.say(self.tr("已送往打印机:{} 页,{} 份。").format(pages, copies), "green")

    def save_pdf(self) -> None:
        """Save what is shown."""
        self._save(self.tr("另存PDF"), "pdf", self.tr("PDF 文件 (*.pdf)"), lambda: self._pdf)

    def save_word(self) -> None:
        """Save the same text as a Word file."""
        if self._word is not None:
            self._save(self.tr("另存Word"), "docx", self.tr("Word 文件 (*.docx)"), self._word)

    def save_excel(self) -> None:
        """Save the paper's tables as a spreadsheet."""
        if self._excel is not None:
            self._save(self.tr("另存Excel"), "xlsx", self.tr("Excel 文件 (*.xlsx)"), self._excel)

    def _save(self, title: str, ending: str, kinds: str, make: Callable[[], bytes]) -> None:
        proposal = str(Path(self._save_folder) / f"{self._name}.{ending}")
        chosen, _kind = QFileDialog.getSaveFileName(self, title, proposal, kinds)
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != f".{ending}":
            path = path.with_name(f"{path.name}.{ending}")
        self.save_to(path, make)

    def save_to(self, path: Path, make: Callable[[], bytes]) -> bool:
        """Write a file as a whole or not at all; says where it is or why it could not be written."""
        try:
            put_file(path, make())
        except ProgramError as error:
            self.messages.say(error.sentences(), "red")
            return False
        self._save_folder = str(path.parent)
        self.saved_in(path.parent)
        self.messages.say(
            self.tr("已保存“{}”。").format(path.name), "green",
            [(self.tr("打开所在文件夹"), _ShowFolder(path.parent))],
        )
        return True

    def open_pdf(self) -> None:
        """Open the PDF with the program the desktop has for it."""
        try:
            path = scratch.lasting_folder() / f"{self._name}.pdf"
            put_file(path, self._pdf)
        except ProgramError as error:
            self.messages.say(error.sentences(), "red")
            return
        if not folder_commands.open_file(path):
            self.messages.say(
                self.tr("这台电脑没有可打开PDF的程序。文件未受影响;可用“另存PDF”保存后拷贝到其他电脑打开。"),
                "amber",
            )

    def closeEvent(self, event: QCloseEvent) -> None:
        """Free the PDF."""
        self.picture.clear()
        self.pages.close()
        super().closeEvent(event)


class _ShowFolder:
    """Shows a folder when its button is pressed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self) -> None:
        folder_commands.show_folder(self._folder)
