"""Long work beside the window: one lane, progress polled every 100 ms, cancel, callbacks."""

from __future__ import annotations

import itertools
import logging
import queue
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from mbo_desktop.errors import Cancelled

log = logging.getLogger("mbo.ui.jobs")

POLL_MS = 100
HAND_OVER_S = 0.001
"""After so long the interpreter passes from the work to the window; five times as often as usual."""


class JobControl:
    """What a job's work gets: report progress, look at the cancel flag. Any thread."""

    def __init__(self) -> None:
        self._cancel = threading.Event()
        self.state: tuple[int, int, str] = (0, 0, "")

    def progress(self, done: int, total: int, text: str = "") -> None:
        """So many of so many (total 0: unknown), and on what; costs next to nothing."""
        self.state = (done, total, text)

    def cancelled(self) -> bool:
        """Whether 取消 was pressed."""
        return self._cancel.is_set()

    def check(self) -> None:
        """Raise `Cancelled` when 取消 was pressed."""
        if self._cancel.is_set():
            raise Cancelled

    def cancel(self) -> None:
        """Ask the work to stop."""
        self._cancel.set()


Work = Callable[[JobControl], Any]


@dataclass(eq=False, slots=True)
class Job:
    """One piece of long work, as the job bar shows it. Callbacks run in the GUI thread."""

    title: str
    work: Work
    done: Callable[[Any], None] | None = None
    failed: Callable[[BaseException], None] | None = None
    owner: QObject | None = None
    writes: bool = False
    quiet: bool = False
    number: int = 0
    control: JobControl = field(default_factory=JobControl)
    started: float = 0.0

    def seconds_left(self) -> float | None:
        """Time left by the share done so far; None while it cannot be told."""
        done, total, _text = self.control.state
        spent = monotonic() - self.started
        return None if not done or not total or spent < 1 else spent / done * (total - done)


class Runner(Protocol):
    """How pages start long work: `JobRunner` in the program, `DirectRunner` in tests."""

    def run(
        self, title: str, work: Work, *,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        owner: QObject | None = None, writes: bool = False,
    ) -> Job:
        """Do work(control) beside the window, then done(result) in the GUI thread.

        Without failed(error) the window presents errors. Callbacks are dropped when the
        owner no longer exists. writes: rooms are read-only until it ends.
        """
        ...

    def read(
        self, work: Callable[[], Any], done: Callable[[Any], None],
        owner: QObject | None = None,
    ) -> None:
        """A quiet read beside the window, without a bar."""
        ...

    def quietly(
        self, work: Callable[[], Any], done: Callable[[Any], None],
        owner: QObject | None = None,
    ) -> None:
        """Longer work without a bar (a backup), which reads do not wait for."""
        ...


class JobRunner(QObject):
    """One thread for jobs with a bar, one for quiet reads.

    Signals: started(Job), progressed(Job), ended(Job), errors nobody took: unhandled(error).
    """

    started = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)
    unhandled = Signal(object)
    _arrived = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = itertools.count(1)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._reads: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self.current: list[Job] = []
        # Emitted from the lanes, delivered here in the GUI thread: a signal owned by a
        # short-lived job object would be lost.
        self._arrived.connect(self._on_arrived)
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._on_poll)

    def run(
        self, title: str, work: Work, *,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        owner: QObject | None = None, writes: bool = False,
    ) -> Job:
        """Queue a job; see `Runner.run`."""
        job = Job(title, work, done, failed, owner, writes, number=next(self._numbers))
        job.started = monotonic()
        self.current.append(job)
        self._ensure_lanes()
        self._jobs.put(job)
        self._timer.start()
        self.started.emit(job)
        return job

    def read(
        self, work: Callable[[], Any], done: Callable[[Any], None],
        owner: QObject | None = None,
    ) -> None:
        """Queue a quiet read."""
        self._ensure_lanes()
        self._reads.put(Job("", lambda _control: work(), done, owner=owner, quiet=True))

    def quietly(
        self, work: Callable[[], Any], done: Callable[[Any], None],
        owner: QObject | None = None,
    ) -> None:
        """Queue longer work without a bar in the lane of the jobs."""
        self._ensure_lanes()
        self._jobs.put(Job("", lambda _control: work(), done, owner=owner, quiet=True))

    @property
    def busy(self) -> bool:
        """Whether a job is under way or waiting."""
        return bool(self.current)

    @property
    def writing(self) -> bool:
        """Whether a job that writes is under way or waiting."""
        return any(job.writes for job in self.current)

    def stop(self, timeout: float = 10.0) -> bool:
        """Cancel everything and end the lanes; False when one did not end in time."""
        for job in self.current:
            job.control.cancel()
        if self._threads:
            for lane in (self._jobs, self._reads):
                lane.put(None)
        for thread in self._threads:
            thread.join(timeout)
        alive = any(thread.is_alive() for thread in self._threads)
        self._threads = []
        self._timer.stop()
        return not alive

    def _ensure_lanes(self) -> None:
        if not self._threads:
            sys.setswitchinterval(HAND_OVER_S)
            for name, lane in (("jobs", self._jobs), ("reads", self._reads)):
                thread = threading.Thread(target=self._lane, args=(lane,), name=name, daemon=True)
                thread.start()
                self._threads.append(thread)

    def _lane(self, lane: queue.SimpleQueue[Job | None]) -> None:
        while (job := lane.get()) is not None:
            result, error = None, None
            try:
                job.control.check()
                result = job.work(job.control)
            except BaseException as caught:  # noqa: BLE001 - carried to the GUI thread
                error = caught
            if isValid(self):
                self._arrived.emit(job, result, error)

    def _on_poll(self) -> None:
        for job in self.current:
            self.progressed.emit(job)

    def _on_arrived(self, job: Job, result: object, error: BaseException | None) -> None:
        if job in self.current:
            self.current.remove(job)
            log.info("job %d ended after %.1f s", job.number, monotonic() - job.started)
        if not self.current:
            self._timer.stop()
        if not job.quiet:
            self.ended.emit(job)
        finish(job, result, error, self.unhandled.emit)


class DirectRunner(QObject):
    """Does everything at once in the calling thread, for tests of screens."""

    started = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)
    unhandled = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.current: list[Job] = []
        self.busy = False
        self.writing = False

    def run(
        self, title: str, work: Work, *,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        owner: QObject | None = None, writes: bool = False,
    ) -> Job:
        """Do the work now."""
        job = Job(title, work, done, failed, owner, writes)
        self._do(job)
        return job

    def read(
        self, work: Callable[[], Any], done: Callable[[Any], None],
        owner: QObject | None = None,
    ) -> None:
        """Read now."""
        self._do(Job("", lambda _control: work(), done, owner=owner, quiet=True))

    quietly = read

    def _do(self, job: Job) -> None:
        result, error = None, None
        try:
            result = job.work(job.control)
        except Exception as caught:  # noqa: BLE001 - handed on like the real runner does
            error = caught
        finish(job, result, error, self.unhandled.emit)

    def stop(self, timeout: float = 10.0) -> bool:
        """Nothing runs."""
        return True


def finish(
    job: Job, result: object, error: BaseException | None,
    unhandled: Callable[[BaseException], None],
) -> None:
    """Call a job's own callback, or hand an error that nobody takes to the window."""
    if job.owner is not None and not isValid(job.owner):
        return
    if error is None:
        if job.done is not None:
            job.done(result)
    elif job.failed is not None:
        job.failed(error)
    elif not isinstance(error, Cancelled):
        unhandled(error)
