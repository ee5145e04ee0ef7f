"""Last step of the import: what was written, what was kept as text, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from mbo_desktop.services.importing import ImportPlan, ImportResult
from mbo_desktop.spreadsheets.table import Problem
from ui.widgets.outcome import OutcomePage

LISTED = 2_000


class ReportStep(OutcomePage):
    """Counts, the list of cells kept as text with place and reason, 撤销本次导入."""

    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.listing.setAccessibleName(self.tr("保留为文字的格和提醒"))
        self.undo_button = QPushButton(self.tr("撤销本次导入"))
        self.undo_button.clicked.connect(self.undo_asked)
        self.lay_out((self.undo_button,))

    def show_result(
        self, result: ImportResult, plan: ImportPlan, notices: Sequence[Problem] = ()
    ) -> None:
        """What was written."""
        self.picture.show_icon("circle-check", 32, "green_shape")
        self.sentence.setText(result.sentence)
        parts = [self.tr("{} 年度").format(plan.year)]
        if result.new_categories:
            parts.append(self.tr("新类别 {} 个").format(result.new_categories))
        parts.append(self.tr("整个导入是一步,可撤销;列的对应关系已记住,下次同样的表直接套用。"))
        self.detail.setText(" · ".join(parts))
        self.listing.clear()
        lines = [
            *(f"■ {kept.sentence}" for kept in result.kept),
            *(f"▲ {warning}" for warning in result.warnings),
            *(f"· {notice.sentence()}" for notice in notices),
        ]
        self.listing.addItems(lines[:LISTED])
        if len(lines) > LISTED:
            self.listing.addItem(self.tr("另有 {} 处,可在目标体系的“检查”中查看").format(len(lines) - LISTED))
        if not self.listing.count():
            self.listing.addItem(self.tr("全部读出,没有需要处理的地方。"))
        self.undo_button.setEnabled(True)

    def show_undone(self) -> None:
        """The import was taken back."""
        self.picture.show_icon("undo-2", 32, "secondary")
        self.sentence.setText(self.tr("已撤销本次导入,数据恢复到导入之前。"))
        self.detail.setText("")
        self.listing.clear()
        self.undo_button.setEnabled(False)
