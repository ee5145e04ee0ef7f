"""One piece of work of the import at a time, with its bar and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from ui.jobs import Job, Work
from ui.workspace import Workspace


class JobLine(QWidget):
    """Title, bar and 停止读取 while something runs; hidden otherwise."""

    busy_changed = Signal(bool)
    failed = Signal(object)
    """The error of the work."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._job: Job | None = None
        self._running = False
        self._stoppable = True
        self._done: Callable[[Any], None] | None = None
        self.label = QLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.stop_button = QPushButton(self.tr("停止读取"))
        self.stop_button.setAutoDefault(False)
        # Focus would jump here when the other buttons are disabled, and Enter would stop the reading.
        self.stop_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.stop_button.setToolTip("Esc")
        self.stop_button.clicked.connect(self.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label)
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop_button)
        workspace.jobs.progressed.connect(self._on_progress)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether something runs."""
        return self._running

    def run(
        self, title: str, work: Work, done: Callable[[Any], None], *, writes: bool = False,
        stop: str = "",
    ) -> None:
        """Do work beside the window, then done(result); nothing when something runs already.

        stop: the word of the button under which writing, too, can be given up as a whole.
        """
        if self._running:
            return
        self._done = done
        self._running = True
        self.label.setText(title)
        self.bar.setRange(0, 0)
        self._stoppable = not writes or bool(stop)
        self.stop_button.setText(stop or self.tr("停止读取"))
        self.stop_button.setVisible(self._stoppable)
        self.show()
        self.busy_changed.emit(True)
        job = self._workspace.jobs.run(
            title, work, done=self._on_done, failed=self._on_failed, owner=self, writes=writes
        )
        # A runner that works at once has ended it when it comes back.
        if self._running:
            self._job = job

    def stop(self) -> None:
        """Ask what runs to stop; what is being written goes on to its end unless it may be given up."""
        if self._job is not None and self._stoppable:
            self._job.control.cancel()

    def _on_progress(self, job: Job) -> None:
        if job is self._job:
            done, total, text = job.control.state
            self.bar.setRange(0, total)
            self.bar.setValue(done)
            self.label.setText(f"{job.title} {text}".strip())

    def _on_done(self, result: Any) -> None:
        done = self._done
        self._end()
        if done is not None:
            done(result)

    def _on_failed(self, error: BaseException) -> None:
        self._end()
        self.failed.emit(error)

    def _end(self) -> None:
        self._job = None
        self._running = False
        self.hide()
        self.busy_changed.emit(False)
