"""The last page of 收件: what was taken in, what was left out, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from mbo_desktop.services.received import InboxRow, Received
from ui.pages.exchange_inbox_rows import period, state_word
from ui.widgets.outcome import OutcomePage

LISTED = 500


class ReceivedPane(OutcomePage):
    """Sentence and list, with 撤回, receipts, and the way on: withdraw, receipts, again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.withdraw_button = self.asking(self.tr("撤回本次导入…"), "withdraw")
        self.receipts_button = self.asking(self.tr("打印接收回执…"), "receipts")
        self.close_button = self.asking(self.tr("继续收件"), "again")
        self.close_button.setProperty("role", "primary")
        self.lay_out((self.receipts_button, self.withdraw_button, self.close_button))

    def show_result(
        self, result: Received, taken: Sequence[InboxRow], left: Sequence[InboxRow]
    ) -> None:
        """What was taken in and what was not."""
        self.picture.show_icon("circle-check", 32, "green_shape")
        self.sentence.setText(result.sentence)
        detail = self.tr("导入前已自动备份{}。以后任何一天都可以在“登记”中撤回某一个数据包。")
        name = self.tr("({})").format(result.backup.name) if result.backup is not None else ""
        self.detail.setText(detail.format(name))
        self.listing.clear()
        lines = [f"■ {text}" for text in result.refused]
        if result.forks:
            lines.append(self.tr("▲ {} 条内容有两个版本,暂按其中一个计,标“未定”,在“待处理”中查看。").format(result.forks))
        lines += [
            self.tr("✓ {} {} {}").format(row.unit_label or row.office_name, period(row), row.name)
            for row in taken
        ]
        lines += [
            self.tr("· 未导入 {}({}):{}").format(row.name, state_word(row), row.sentence) for row in left
        ]
        self.listing.addItems(lines[:LISTED])
        if len(lines) > LISTED:
            self.listing.addItem(self.tr("另有 {} 条,未在此列出").format(len(lines) - LISTED))
        packages = any(row.package for row in taken)
        self.withdraw_button.setEnabled(packages)
        self.receipts_button.setEnabled(packages)

    def show_merged(self, sentence: str) -> None:
        """Another PC's data are in."""
        self.picture.show_icon("git-merge", 32, "green_shape")
        self.sentence.setText(sentence)
        self.detail.setText(self.tr("合并前已自动备份。要让另一台电脑也一样,请在本机制作数据包,到另一台再合并一次。"))
        self.listing.clear()
        self.withdraw_button.setEnabled(False)
        self.receipts_button.setEnabled(False)

    def show_withdrawn(self, records: int) -> None:
        """The import was taken back."""
        self.picture.show_icon("undo-2", 32, "secondary")
        self.sentence.setText(self.tr("已撤回本次导入,{} 条内容恢复到导入以前。").format(records))
        self.detail.setText(self.tr("数据包仍保存在“登记”中,撤错了可以取消撤回。"))
        self.listing.clear()
        self.withdraw_button.setEnabled(False)
        self.receipts_button.setEnabled(False)
