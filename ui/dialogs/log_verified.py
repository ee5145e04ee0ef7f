"""What the verification of the log found: the sentence, each copy's chain, everything that is broken."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.services.log_check import ChainReport
from ui.theme import scaled


class VerifiedDialog(QDialog):
    """Text that can be copied; nothing to decide."""

    def __init__(self, report: ChainReport, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.finished.connect(self.deleteLater)
        self.setWindowTitle(self.tr("日志校验结果"))
        self.setMinimumWidth(scaled(620))
        words = QLabel(report.sentence())
        words.setWordWrap(True)
        lines = []
        for number, one in enumerate(report.chains, 1):
            here = self.tr("(本机现用)") if one.is_here else ""
            lines.append(self.tr("第{}份数据{}:{} 条,{:%Y-%m-%d %H:%M} 至 {:%Y-%m-%d %H:%M},末尾校验码 {}").format(
                number, here, f"{one.entries:,}", one.since.astimezone(), one.until.astimezone(), one.last[:16]))
        for found in report.findings:
            lines += ["", f"【{found.severity.label}】{found.where}", found.what, found.todo]
        self.text = QPlainTextEdit("\n".join(lines))
        self.text.setReadOnly(True)
        self.text.setMinimumHeight(scaled(200))
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        layout.setSpacing(scaled(10))
        layout.addWidget(words)
        layout.addWidget(self.text, 1)
        layout.addLayout(foot)
