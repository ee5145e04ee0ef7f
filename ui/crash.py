"""Faults of ours: logged, shown once at a time, without business data; the program goes on."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.errors import Cancelled, ProgramError
from ui.diagnostics import FAULT_NOTE
from ui.scrub import fold, scrub_line
from ui.theme import scaled
from ui.widgets.tinted import IconLabel

log = logging.getLogger("mbo.crash")

Trouble = tuple[type[BaseException], BaseException, TracebackType | None]


def describe(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """Where it happened, without what was being worked on: no values, no messages of data."""
    lines = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]
    own = str(error) if issubclass(kind, NameError | AttributeError | ImportError | TypeError) else ""
    return "\n".join([*fold(lines), f"{kind.__name__} {scrub_line(own)}".strip()])


class CrashDialog(QDialog):
    """What happened, that the last saved step is safe, what to do; details folded."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("程序遇到问题"))
        picture = IconLabel("triangle-alert", 36, "amber_shape")
        picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = QLabel(self.tr(
            "刚才这一步没有完成。最近一次保存的内容是安全的,没有完成的这一步未写入。\n"
            "可以继续使用;如再次出现,请重新启动程序,并把“帮助→诊断信息”中的日志交给维护人员。"
        ))
        words.setWordWrap(True)
        words.setMinimumWidth(scaled(420))
        top = QHBoxLayout()
        top.setSpacing(scaled(14))
        top.addWidget(picture)
        top.addWidget(words, 1)
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setMinimumHeight(scaled(160))
        self.details.hide()
        self.times = QLabel()
        self.times.setProperty("role", "muted")
        self.times.hide()
        self.fold = QPushButton(self.tr("显示详情"))
        self.fold.clicked.connect(self._on_fold)
        copy = QPushButton(self.tr("复制详情"))
        copy.clicked.connect(self._on_copy)
        go_on = QPushButton(self.tr("继续"))
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self.fold)
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(go_on)
        layout = QVBoxLayout(self)
        layout.setSpacing(scaled(12))
        layout.addLayout(top)
        layout.addWidget(self.times)
        layout.addWidget(self.details)
        layout.addLayout(buttons)

    def count(self, times: int) -> None:
        """The same fault came again."""
        self.times.setText(self.tr("同一问题已出现 {} 次。").format(times))
        self.times.setVisible(times > 1)

    def _on_fold(self) -> None:
        shown = self.details.isHidden()
        self.details.setVisible(shown)
        self.fold.setText(self.tr("收起详情") if shown else self.tr("显示详情"))
        self.adjustSize()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())


class CrashHook(QObject):
    """Takes what nobody caught, in any thread; shows one dialog at a time, each fault once.

    present(error): shows an expected error (ProgramError) that surfaced in a slot.
    """

    _caught = Signal(object)

    def __init__(
        self, present: Callable[[ProgramError], None] | None = None, *, exit_on_fault: bool = False
    ) -> None:
        super().__init__()
        self.present = present
        self.dialog: CrashDialog | None = None
        self.seen: Counter[str] = Counter()
        self._told: set[str] = set()
        self._shown = ""
        self._exit = exit_on_fault
        self._before: tuple[Any, Any, Any] | None = None
        self._caught.connect(self._on_caught)

    def install(self) -> None:
        """Take over the hooks of the interpreter, of threads and of unraisable errors."""
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable

    def remove(self) -> None:
        """Give the hooks back."""
        if self._before:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
            self._before = None

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self._take((kind, error, trace))

    def _on_thread(self, info: threading.ExceptHookArgs) -> None:
        if info.exc_value is not None:
            self._take((info.exc_type, info.exc_value, info.exc_traceback))

    def _on_unraisable(self, info: Any) -> None:
        if info.exc_value is not None:
            self._take((info.exc_type, info.exc_value, info.exc_traceback))

    def _take(self, trouble: Trouble) -> None:
        kind, error, trace = trouble
        if issubclass(kind, KeyboardInterrupt | SystemExit | Cancelled):
            return
        details = describe(kind, error, trace)
        self.seen[details] += 1
        if isinstance(error, ProgramError) and self.present is not None:
            self._caught.emit(error)
            return
        # A fault in painting comes again with each repaint: logged and shown once.
        if self.seen[details] == 1:
            log.error("fault: %s", details)
            if self._exit:
                sys.exit(1)
        elif self.seen[details] in (10, 100, 1000, 10_000):
            log.error("fault %d times: %s", self.seen[details], details.splitlines()[-1])
        self._caught.emit(details)

    def _on_caught(self, what: object) -> None:
        if isinstance(what, ProgramError):
            if self.present is not None:
                self.present(what)
            return
        details = str(what)
        if self.dialog is not None:
            if details == self._shown:
                self.dialog.count(self.seen[details])
            return
        if details in self._told:
            return
        self._told.add(details)
        self._shown = details
        self.dialog = CrashDialog(details)
        self.dialog.finished.connect(self._on_closed)
        self.dialog.show()

    def _on_closed(self) -> None:
        self.dialog = None


def open_fault_file(folder: Path) -> IO[str] | None:
    """Let hard crashes write where they happened; the file must stay open.

    None where the folder cannot be written: the program runs without the note.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / FAULT_NOTE).open("a", encoding="utf-8")
    except OSError as error:
        log.info("no file for hard crashes: %s", error.strerror)
        return None
    faulthandler.enable(file)
    return file
