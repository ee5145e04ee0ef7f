"""The register of numbers: 文号, 期号, notices by kind and year; void ones stay with their reason."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import numbering
from mbo_desktop.services.numbering import NumberRow, SeriesRow
from ui.dialogs.ask import AskDialog
from ui.grids.columns import Cell, Column, Kind, Row, Tone
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.fields import DateField, LongField, TextField
from ui.widgets.message_bar import MessageBar
from ui.workspace import Workspace

ID_ROLE = Qt.ItemDataRole.UserRole


class NumberSource(ListSource):
    """The numbers of one register in order."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(
            (
                Column("number", "序号", Kind.NUMBER, width=50, sortable=False),
                Column("text", "编号", width=150), Column("title", "标题", width=210),
                Column("on", "印发日期", width=92), Column("state", "状态", width=180),
            ),
            self._read,
        )
        self._store, self._year = workspace.store, workspace.year
        self.kind = ""
        self.found: dict[int, NumberRow] = {}

    def _read(self) -> list[Row]:
        rows = numbering.issued_numbers(self._store, self.kind, self._year) if self.kind else ()
        self.found = {row.id: row for row in rows}
        return [
            Row(row.id, {
                "number": str(row.number), "text": row.text, "title": row.title,
                "on": row.issued_on.isoformat() if row.issued_on else "",
                "state": Cell(f"作废:{row.void_reason}", tone=Tone.RED, note=row.void_reason)
                if row.is_void else "",
            })
            for row in rows
        ]


class NumberingDialog(QDialog):
    """Registers at the left, the numbers of the chosen one at the right."""

    def __init__(self, workspace: Workspace, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("{} 年度文号期号登记").format(workspace.year))
        self._workspace = workspace
        self._series: list[SeriesRow] = []
        self.messages = MessageBar()
        self.listing = QListWidget()
        self.listing.setStyleSheet(f"QListWidget::item {{ padding: {scaled(5)}px {scaled(8)}px; }}")
        self.listing.currentRowChanged.connect(self._on_series)
        self.source = NumberSource(workspace)
        self.panel = GridPanel(workspace, self.source)
        self.panel.set_empty(EmptyPage(
            "stamp", self.tr("还没有编号"),
            self.tr("编号在公文印发时给出,连续不跳号;作废的号保留原因,不再使用。此前已在纸上编过的,用“起始号…”接着编。"),
        ))
        self.about = QLabel()
        self.about.setProperty("role", "muted")
        self.about.setWordWrap(True)
        foot = QHBoxLayout()
        self.buttons = [
            self._button(self.tr("新的种类…"), self._on_new), self._button(self.tr("编号格式…"), self._on_pattern),
            self._button(self.tr("起始号…"), self._on_start), self._button(self.tr("作废…"), self._on_void),
            self._button(self.tr("印发编号…"), self._on_issue),
        ]
        for button in self.buttons:
            button.setEnabled(not workspace.read_only)
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self._button(self.tr("关闭"), self.accept))
        right = QVBoxLayout()
        right.addWidget(self.about)
        right.addWidget(self.panel, 1)
        middle = QHBoxLayout()
        middle.addWidget(self.listing)
        middle.addLayout(right, 1)
        self.listing.setFixedWidth(scaled(210))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(16), scaled(14), scaled(16), scaled(12))
        layout.setSpacing(scaled(10))
        layout.addWidget(self.messages)
        layout.addLayout(middle, 1)
        layout.addLayout(foot)
        screen = self.screen().availableGeometry()
        self.resize(min(scaled(1000), screen.width() - 40), min(scaled(560), screen.height() - 60))
        self.reload()

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(act)  # type: ignore[arg-type]
        return button

    def reload(self, kind: str = "") -> None:
        """Read the registers again and choose one (default: the present one)."""
        wanted = kind or self.source.kind
        self._series = list(numbering.series(self._workspace.store, self._workspace.year))
        self.listing.blockSignals(True)
        self.listing.clear()
        for row in self._series:
            item = QListWidgetItem(self.tr("{}\n下一个 {}").format(row.kind, row.next_text))
            item.setData(ID_ROLE, row.kind)
            self.listing.addItem(item)
        self.listing.blockSignals(False)
        kinds = [row.kind for row in self._series]
        self.listing.setCurrentRow(kinds.index(wanted) if wanted in kinds else 0)

    @property
    def _chosen(self) -> SeriesRow | None:
        row = self.listing.currentRow()
        return self._series[row] if 0 <= row < len(self._series) else None

    def _on_series(self, _row: int) -> None:
        chosen = self._chosen
        self.source.kind = chosen.kind if chosen else ""
        self.source.reload()
        self.panel.model.refresh()
        if chosen is not None:
            void = sum(row.is_void for row in self.source.found.values())
            self.about.setText(self.tr("格式 {} · 已编到第 {} 号,其中作废 {} 个 · 下一个 {}").format(
                chosen.pattern, chosen.last, void, chosen.next_text))

    # Doing --------------------------------------------------------------------

    def _ask(self, dialog: AskDialog) -> None:
        dialog.accepted.connect(self.reload)
        self._asked = dialog
        dialog.open()

    def _on_new(self) -> None:
        self._ask(PatternDialog(self, self._workspace, None))

    def _on_pattern(self) -> None:
        if self._chosen is not None:
            self._ask(PatternDialog(self, self._workspace, self._chosen))

    def _on_start(self) -> None:
        if self._chosen is not None:
            self._ask(StartDialog(self, self._workspace, self._chosen))

    def _on_issue(self) -> None:
        if self._chosen is not None:
            self._ask(IssueDialog(self, self._workspace, self._chosen))

    def _on_void(self) -> None:
        row = self.source.found.get(self.panel.view.current_id())
        if row is None:
            self.messages.say(self.tr("没有选中编号。请先在右表选中要作废的号。"), "amber")
            return
        self.messages.hide()
        self._ask(VoidDialog(self, self._workspace, row))


class PatternDialog(AskDialog):
    """How the numbers of a kind look."""

    def __init__(self, parent: QWidget | None, workspace: Workspace, series: SeriesRow | None) -> None:
        super().__init__(parent, "编号格式", "确定")
        self._workspace = workspace
        self.kind = TextField(series.kind if series else "", hint=self.tr("如 督查通报"), required=self.tr("请填写种类。"))
        self.kind.setReadOnly(series is not None)
        self.pattern = TextField(series.pattern if series else "第{号}期", required=self.tr("请填写格式。"))
        self.form.add(self.tr("种类"), self.kind)
        self.form.add(self.tr("格式"), self.pattern)
        self.note(self.tr("格式中用 {年} 代表年份,用 {号} 代表序号,如 府办发〔{年}〕{号}号。已编出的号不变。"))

    def act(self) -> None:
        """Write the pattern."""
        numbering.set_pattern(
            self._workspace.store, self.kind.text(), self._workspace.year, self.pattern.text())


class StartDialog(AskDialog):
    """Up to which number was given out on paper."""

    def __init__(self, parent: QWidget | None, workspace: Workspace, series: SeriesRow) -> None:
        super().__init__(parent, "起始号", "确定")
        self._workspace, self._series = workspace, series
        self.last = TextField(str(series.last), required=self.tr("请填写序号。"))
        self.form.add(self.tr("已编到"), self.last)
        self.note(self.tr("此前在纸上编到第几号,就填几;程序从下一号接着编。"))

    def act(self) -> None:
        """Write it."""
        text = self.last.text().strip()
        if not text.isdecimal():
            raise InputError(f"“{text}”不是序号。", "请填 0 或更大的整数。")
        numbering.start_after(self._workspace.store, self._series.kind, self._workspace.year, int(text))


class IssueDialog(AskDialog):
    """The next number for a document made outside the program."""

    def __init__(self, parent: QWidget | None, workspace: Workspace, series: SeriesRow) -> None:
        super().__init__(parent, f"印发编号 {series.next_text}", "编号")
        self._workspace, self._series = workspace, series
        self.title = TextField(hint=self.tr("公文标题"), required=self.tr("请填写公文标题。"))
        self.day = DateField(clock.today(), year=workspace.year, required=self.tr("请填写印发日期。"))
        self.form.add(self.tr("标题"), self.title)
        self.form.add(self.tr("印发日期"), self.day)
        self.note(self.tr("公文印发时才编号,编出后不能撤销,编错的作废并写明原因。责任书、调整的文号在印发、批准时自动登记在这里。"))

    def act(self) -> None:
        """Give the number out."""
        day = self.day.value()
        assert isinstance(day, date)
        numbering.issue(
            self._workspace.store, self._series.kind, self._workspace.year,
            title=self.title.text(), on=day,
        )


class VoidDialog(AskDialog):
    """Why a number is void."""

    def __init__(self, parent: QWidget | None, workspace: Workspace, row: NumberRow) -> None:
        super().__init__(parent, f"作废 {row.text}", "作废")
        self._workspace, self._row = workspace, row
        self.reason = LongField(lines=2, hint=self.tr("必须写明"))
        self.form.add(self.tr("原因"), self.reason)
        self.note(self.tr("作废的号留在登记簿里,不再编给别的公文;作废不能撤销。"))

    def act(self) -> None:
        """Void the number."""
        numbering.void_number(
            self._workspace.store, RecordId(self._row.id), self.reason.toPlainText())
