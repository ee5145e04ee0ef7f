"""The last page of 收表: what was written, what was left out, and the ways on."""

from __future__ import annotations

from collections.abc import Collection as Collection_

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from mbo_desktop.services.collected import Collection, CollectResult
from ui.widgets.outcome import OutcomePage

LISTED = 500


class DoneStep(OutcomePage):
    """Counts, what was not written and what is unlikely, and the ways on."""

    undo_asked = Signal()
    missing_asked = Signal()
    folder_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.undo_button = QPushButton(self.tr("撤销本次收表"))
        self.undo_button.clicked.connect(self.undo_asked)
        self.missing_button = QPushButton(self.tr("复制未报名单"))
        self.missing_button.clicked.connect(self.missing_asked)
        self.folder_button = QPushButton(self.tr("打开所在文件夹"))
        self.folder_button.clicked.connect(self.folder_asked)
        self.lay_out((self.folder_button, self.missing_button, self.undo_button))

    def show_result(
        self, result: CollectResult, found: Collection, files: frozenset[int],
        take: Collection_[int] | None = None,
    ) -> None:
        """What was written, and what was left out; take: places of the changes that were ticked."""
        self.picture.show_icon("circle-check", 32, "green_shape")
        self.sentence.setText(result.sentence)
        self.detail.setText(
            self.tr("{}年{}月 · 整个收表是一步,可撤销;原表已存入附件。").format(found.year, found.month)
        )
        self.listing.clear()
        lines = [f"■ {kept.sentence}" for kept in result.refused]
        lines += [f"▲ {text}" for text in result.doubts]
        lines += self._left_cells(found, files, take)
        lines += [
            self.tr("· 未收 {} {}:{}").format(one.state.label, one.name, one.words)
            for place, one in enumerate(found.files) if place not in files
        ]
        self.listing.addItems(lines[:LISTED])
        if len(lines) > LISTED:
            self.listing.addItem(self.tr("另有 {} 条,未在此列出").format(len(lines) - LISTED))
        if not lines:
            self.listing.addItem(self.tr("全部收入,没有需要处理的地方。"))
        self.undo_button.setEnabled(True)

    def _left_cells(
        self, found: Collection, files: frozenset[int], take: Collection_[int] | None
    ) -> list[str]:
        """What of the files taken in was not read, or not ticked."""
        lines = [
            self.tr("· 没有读入 {} {}").format(found.files[place].name, problem.sentence())
            for place in sorted(files) for problem in found.files[place].problems
            if not problem.is_notice
        ]
        if take is not None:
            lines += [
                self.tr("· 没有写入 {} {} {} {}“{}”").format(
                    one.place, one.unit_label, one.title, one.head, one.new
                )
                for place, one in enumerate(found.changes) if one.file in files and place not in take
            ]
        return lines

    def show_undone(self) -> None:
        """The step was taken back."""
        self.picture.show_icon("undo-2", 32, "secondary")
        self.sentence.setText(self.tr("已撤销本次收表,数据恢复到收表之前。"))
        self.detail.setText("")
        self.listing.clear()
        self.undo_button.setEnabled(False)
