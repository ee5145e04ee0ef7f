"""The panel of 收件: what the selected file is, in a sentence, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from mbo_desktop.services.inbox import QUARANTINE
from mbo_desktop.services.received import QUARANTINED, InboxRow, RowState
from ui.pages.exchange_inbox_rows import light_of, may_be_ticked, period, state_word
from ui.widgets.chips import Chip
from ui.widgets.fingerprint import FingerprintView
from ui.widgets.side_panel import SidePanel

_DEEDS = {
    RowState.STRANGER: ("accept", "当面接收…"), RowState.OTHER_KEY: ("accept", "当面接收…"),
    RowState.PASSWORD: ("password", "输入口令…"), RowState.REPLICA: ("merge", "合并…"),
    RowState.WORKBOOK: ("check", "逐格核对…"),
}


class InboxPanel(SidePanel):
    """Sentence, advice, facts and the deed that fits the state."""

    wanted = Signal(str)
    """accept, password, merge, check, copy, missing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: InboxRow | None = None
        self.deed = QPushButton()
        self.deed.setProperty("role", "primary")
        self.deed.clicked.connect(self._on_deed)
        self.foot.addWidget(self.deed)
        self.deed.hide()
        self._asks = ""

    def show_row(self, row: InboxRow | None, name: str, *, read_only: bool = False) -> None:
        """A file; None with a name: a unit of which nothing came."""
        self.clear()
        self.row = row
        self._asks, words = _DEEDS.get(row.state, ("", "")) if row is not None else ("", "")
        self.deed.setVisible(bool(self._asks))
        self.deed.setToolTip("Enter")
        self.deed.setText(words)
        self.deed.setEnabled(not read_only)
        if row is None:
            self.set_title(name or self.tr("没有选中"), self.tr("未报") if name else "")
            if name:
                self.add_text(self.tr("还没有收到这个单位本月的数据包。收到后随时可以再读一次,已导入的不会重复。"))
                self.add_buttons([(self.tr("复制未报名单"), self._asker("missing"))])
            return
        self.set_title(row.unit_label or row.office_name or row.name,
                       row.office_name if row.unit_label and row.office_name != row.unit_label else "")
        self.add(Chip(state_word(row), light_of(row)))
        self.add_text(row.sentence)
        if row.advice:
            aloud = row.state in QUARANTINED and row.state is not RowState.OTHER_KEY
            self.add_heading(self.tr("念给对方") if aloud else self.tr("怎么办"))
            self.add_text(row.advice)
        if row.state in QUARANTINED:
            # A stick that was pulled out, or a file too large, left nothing to put apart.
            apart = row.path.parent.name == QUARANTINE
            self.add_text(self.tr("文件已原样放入隔离区,数据没有改动。") if apart else self.tr("数据没有改动。"), muted=True)
            if row.state is not RowState.OTHER_KEY:
                self.add_buttons([(self.tr("复制这句话"), self._asker("copy"))])
        if row.is_mass:
            self.add_heading(self.tr("变化很大"))
            self.add_text(f"▲ {row.mass_sentence}")
        self._add_facts(row)
        if row.fingerprint and row.state in (RowState.STRANGER, RowState.OTHER_KEY):
            self.add_heading(self.tr("指纹"))
            self.add(FingerprintView(row.fingerprint, points=11.5))

    def _add_facts(self, row: InboxRow) -> None:
        facts = [(name, text) for name, text in (
            (self.tr("机关"), row.office_name), (self.tr("种类"), row.kind.label if row.kind else ""),
            (self.tr("年月"), period(row)), (self.tr("包号"), self.tr("第{}包").format(row.seq) if row.seq else ""),
            (self.tr("变化"), self.tr("{} 条").format(f"{row.changes:,}") if may_be_ticked(row) else ""),
            (self.tr("文件"), row.name),
        ) if text]
        self.add_heading(self.tr("这个文件"))
        self.add_facts(facts)

    def _asker(self, what: str):  # type: ignore[no-untyped-def]
        def ask() -> None:
            self.wanted.emit(what)

        return ask

    def _on_deed(self) -> None:
        self.wanted.emit(self._asks)
