"""The last page of 发件: what was written, and to pull the stick out safely."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from mbo_desktop.services.issued import IssuedFile
from ui.widgets.outcome import OutcomePage


class SentPane(OutcomePage):
    """Sentence, files, and the ways on: slips, folder, close."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.detail.setText(self.tr(
            "每个文件都写完后重新读出、核对一致。请安全弹出U盘后再拔。文件丢了、拔早了,都可以在“登记”中原样重写一份。"))
        self.slips_button = self.asking(self.tr("打印交接单…"), "slips")
        self.folder_button = self.asking(self.tr("打开所在文件夹"), "folder")
        self.close_button = self.asking(self.tr("完成"), "close")
        self.close_button.setProperty("role", "primary")
        self.lay_out((self.slips_button, self.folder_button, self.close_button))

    def show_files(self, files: Sequence[IssuedFile]) -> None:
        """What was written."""
        self.picture.show_icon("circle-check", 32, "green_shape")
        self.sentence.setText(self.tr("已写入 {} 个数据包,请安全弹出U盘。").format(len(files)))
        self.listing.clear()
        self.listing.addItems([self.tr("{}　第{}包　{}").format(one.name, one.seq, one.path.name) for one in files])
