"""The line at the bottom: saved when, rows, sum, last backup, and the job bar."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from ui.jobs import Job
from ui.theme import scaled


class JobBar(QWidget):
    """What runs, how far, how long still, and 取消; hidden while nothing runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self.label = QLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.cancel = QPushButton(self.tr("取消"))
        self.cancel.setProperty("role", "link")
        self.cancel.clicked.connect(self._on_cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label)
        row.addWidget(self.bar)
        row.addWidget(self.cancel)
        self.hide()

    def show_job(self, job: Job) -> None:
        """Show the state of a job."""
        if job is not self._job:
            self._job = job
            self.cancel.setEnabled(True)
        done, total, text = job.control.state
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        parts = [job.title]
        if total:
            parts.append(f"{done:,}/{total:,}")
        if text:
            parts.append(text[:24])
        left = job.seconds_left()
        if left is not None and left >= 2:
            parts.append(self.tr("约剩 {} 秒").format(round(left)))
        self.label.setText(" · ".join(parts))
        self.show()

    def end_job(self, job: Job) -> None:
        """Hide when the shown job ended."""
        if job is self._job:
            self._job = None
            self.hide()

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._job.control.cancel()
            self.cancel.setEnabled(False)
            self.label.setText(self.tr("正在取消…"))


class StatusBar(QFrame):
    """Texts by place: saved, rows, summary at the left; job and backup at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self._labels = {name: QLabel() for name in ("saved", "rows", "summary", "backup")}
        self.jobs = JobBar()
        self._row = QHBoxLayout(self)
        for name in ("saved", "rows", "summary"):
            self._row.addWidget(self._labels[name])
        self._row.addStretch(1)
        self._row.addWidget(self.jobs)
        self._row.addWidget(self._labels["backup"])
        for label in self._labels.values():
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.set_zoom()

    def set_zoom(self) -> None:
        """Take sizes of the present zoom."""
        self._row.setContentsMargins(scaled(13), scaled(3), scaled(13), scaled(3))
        self._row.setSpacing(scaled(26))
        self.jobs.bar.setFixedWidth(scaled(140))

    def show_text(self, place: str, text: str) -> None:
        """Show a text in its place; raises KeyError for an unknown place."""
        self._labels[place].setText(text)

    def text(self, place: str) -> str:
        """What stands in a place."""
        return self._labels[place].text()

    def show_saved(self, moment: datetime | None) -> None:
        """When the last change was saved."""
        text = self.tr("已保存 {}").format(moment.strftime("%H:%M")) if moment else self.tr("已保存")
        self.show_text("saved", text)
