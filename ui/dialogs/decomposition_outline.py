"""An outline from Word, WPS or Excel, shown as it will stand before it is taken in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHeaderView, QLabel, QTreeWidget, QTreeWidgetItem, QWidget

from mbo_desktop.domain.target_text import show_target
from mbo_desktop.errors import ProgramError
from mbo_desktop.services import decomposition_paste
from mbo_desktop.services.decomposition import BranchRow
from mbo_desktop.services.decomposition_paste import PastedLine, PasteResult
from ui.dialogs.ask import AskDialog
from ui.theme import scaled
from ui.widgets.fields import LongField
from ui.widgets.tinted import set_tone
from ui.workspace import Workspace

REST_MS = 250
AT_ONCE = 300
"""So many items are written at once; more are long work with a bar."""
SHOWN_AT_MOST = 2_000
WARNINGS_SHOWN = 6


class OutlineDialog(AskDialog):
    """The text can still be changed; the tree below it is exactly what will be written."""

    def __init__(
        self, workspace: Workspace, row: BranchRow, parent: QWidget | None = None, *,
        text: str = "", html: str = "",
    ) -> None:
        super().__init__(parent, "粘贴大纲", "写入", width=720)
        self._workspace, self._row = workspace, row
        self._html = html
        self._lines: tuple[PastedLine, ...] = ()
        self.made = 0
        if not text:
            mime = QGuiApplication.clipboard().mimeData()
            text, self._html = mime.text(), mime.html() if mime.hasHtml() else ""
        self.note(self.tr(
            "写到“{}”下面。层级按 一、(一)1.(1)、缩进或表格的编号列判断;没有列出的内容不会写入。").format(row.name))
        self.text = LongField(text, lines=6, hint=self.tr("从 Word、WPS、Excel 复制后粘贴到这里"))
        self.form.add(self.tr("原文"), self.text)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("将要写入的分解项"))
        self.tree.setColumnCount(5)
        self.tree.setHeaderLabels([
            self.tr("分解项"), self.tr("目标值"), self.tr("责任单位"), self.tr("责任人"), self.tr("时限")])
        self.tree.setUniformRowHeights(True)
        self.tree.setMinimumHeight(scaled(240))
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for section, width in ((1, 120), (2, 92), (3, 84), (4, 84)):
            self.tree.setColumnWidth(section, scaled(width))
        self.tree.setStyleSheet(f"QTreeWidget::item {{ min-height: {scaled(24)}px; }}")
        self.form.add_wide(self.tree)
        self.notices = QLabel()
        self.notices.setWordWrap(True)
        self.form.add_wide(self.notices)
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self._read)
        self.text.textChanged.connect(self._on_text)
        self.first_focus = self.accept_button if text.strip() else self.text
        self._read()

    def _on_text(self) -> None:
        # What is typed here has no longer the layout that came with the clipboard.
        self._html = ""
        self._timer.start()

    def _read(self) -> None:
        self._timer.stop()
        self._lines, said = (), []
        try:
            found, said = decomposition_paste.read_lines(
                self.text.toPlainText(), self._html, self._workspace.year)
            self._lines = tuple(found)
        except ProgramError as error:
            said = [f"{error.what}{error.todo}"]
        self._show_lines()
        count = len(self._lines)
        self.accept_button.setEnabled(bool(count))
        self.accept_button.setText(self.tr("写入 {} 项").format(count) if count else self.tr("写入"))
        self._show_notices(said)

    def _show_lines(self) -> None:
        self.tree.clear()
        way: list[tuple[int, QTreeWidgetItem]] = []
        for line in self._lines[:SHOWN_AT_MOST]:
            while way and way[-1][0] >= line.level:
                way.pop()
            parent = way[-1][1] if way else self.tree.invisibleRootItem()
            value = show_target(line.value) or (line.value.text if line.value is not None else "")
            item = QTreeWidgetItem(parent, [line.title, value, _units(line), _people(line), line.due])
            for column in range(5):
                item.setToolTip(column, item.text(column))
            way.append((line.level, item))
        self.tree.expandAll()

    def _show_notices(self, told: Sequence[str]) -> None:
        said = list(told[:WARNINGS_SHOWN])
        if len(told) > WARNINGS_SHOWN:
            said.append(self.tr("另有 {} 处提醒。").format(len(told) - WARNINGS_SHOWN))
        if len(self._lines) > SHOWN_AT_MOST:
            said.append(self.tr("这里只列出前 {} 项,写入的是全部 {} 项。").format(SHOWN_AT_MOST, len(self._lines)))
        self.notices.setText("\n".join(said))
        set_tone(self.notices, "amber")
        self.notices.setVisible(bool(said))
        # A label of several lines asks for no height of its own: the buttons would be pushed out.
        self.notices.setMinimumHeight(self.notices.heightForWidth(self.tree.width()) if said else 0)

    def act(self) -> None:
        """Write what is shown, as one step; long outlines beside the window."""
        self._read()
        store, year, node = self._workspace.store, self._workspace.year, self._row.id
        text, html, workspace = self.text.toPlainText(), self._html, self._workspace

        def paste() -> PasteResult:
            return decomposition_paste.paste_outline(store, year, node, text, html=html)

        if len(self._lines) > AT_ONCE:
            workspace.jobs.run(
                self.tr("粘贴大纲 {} 项").format(len(self._lines)), lambda _control: paste(),
                done=lambda result: tell(workspace, result), owner=workspace, writes=True,
            )
            return
        result = paste()
        self.made = result.top_ids[0] if result.top_ids else node
        tell(workspace, result)


def _units(line: PastedLine) -> str:
    return f"{line.unit}(配合:{line.supporting})" if line.supporting else line.unit


def _people(line: PastedLine) -> str:
    named = dict.fromkeys(one for one in (line.responsible, line.handler) if one)
    return "、".join([*([f"责任领导 {line.leader}"] if line.leader else []), *named])


def tell(workspace: Workspace, result: PasteResult) -> None:
    """How many were written, and what of it needs a look."""
    said = workspace.tr("已写入 {} 项,可以撤销。").format(result.count)
    warnings = list(result.warnings)
    if warnings:
        said += workspace.tr("请注意:") + ";".join(one.rstrip("。") for one in warnings[:3]) + "。"
        if len(warnings) > 3:
            said += workspace.tr("共 {} 处。").format(len(warnings))
    workspace.say(said, tone="amber" if warnings else "green")
