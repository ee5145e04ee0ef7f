"""Processes of their own that make the papers, so that the window stays quick meanwhile.

One child serves previews and small batches, a second one helps with large batches where the
machine has the cores. This side imports neither reportlab nor python-docx.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from types import TracebackType
from typing import Self

from mbo_desktop.documents.child_line import Answer, ChildGoneError, ChildLine, Order, staged_at
from mbo_desktop.documents.font_files import FontSet
from mbo_desktop.documents.model import Bundle, Document, RenderResult
from mbo_desktop.documents.office_fill import OfficeFilling
from mbo_desktop.documents.output import move_file, part_of, remove_quietly
from mbo_desktop.errors import Cancelled

Progress = Callable[[int, int, str], None]
"""Called with (done, total, name of the paper)."""
_WORTH_TWO = 12
"""From so many papers on a second child repays its start of about a second."""
_AHEAD = 2
"""Orders a child holds, so that it is busy while this side reports."""


@dataclass(frozen=True, slots=True)
class PaperJob:
    """A document and the file it becomes: .docx is written as Word, anything else as PDF.

    A filled office template is always Word, a bundle always PDF.
    """

    document: Document | Bundle | OfficeFilling
    path: Path


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Files made in the order of the jobs, and for each what it holds (Word: no page count)."""

    paths: tuple[Path, ...]
    results: tuple[RenderResult, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """All characters no font has, each once."""
        return tuple(dict.fromkeys(char for result in self.results for char in result.missing))


class PaperProcess:
    """The child processes; started with the first order, ended by `close` or a `with`."""

    def __init__(self, fonts: FontSet | None = None) -> None:
        """fonts: None takes the system's where they exist."""
        self._fonts = fonts
        self._children: list[ChildLine] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def render(self, document: Document) -> tuple[bytes, RenderResult]:
        """The document as PDF bytes, for the preview."""
        child = self._started(1)[0]
        with self._ended_when_gone():
            child.send(Order(document, None, word=False, fonts=self._fonts))
            answer = child.receive()
        assert answer.result is not None
        return answer.data, answer.result

    def render_files(
        self,
        jobs: Sequence[PaperJob],
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> BatchResult:
        """Make all files or none: each is written beside its place, all are moved at the end.

        Raises Cancelled, or FileWriteError; in both cases files made so far are removed.
        """
        staged = [staged_at(job.path) for job in jobs]
        try:
            results = self._make(jobs, progress, cancelled)
            for path, job in zip(staged, jobs, strict=True):
                move_file(path, job.path)
        finally:
            for path in staged:
                remove_quietly(path)
                remove_quietly(part_of(path))
        return BatchResult(tuple(job.path for job in jobs), results)

    def close(self) -> None:
        """End the children."""
        children, self._children = self._children, []
        for child in children:
            child.close()

    def _make(
        self,
        jobs: Sequence[PaperJob],
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
    ) -> tuple[RenderResult, ...]:
        """Hand the jobs out to the children and take what comes back."""
        two = len(jobs) >= _WORTH_TWO and (os.cpu_count() or 1) > 1
        children = self._started(2 if two else 1)
        results: dict[int, RenderResult] = {}
        sent = 0
        try:
            with self._ended_when_gone():
                while len(results) < len(jobs):
                    if cancelled is not None and cancelled():
                        raise Cancelled
                    for child in children:
                        while sent < len(jobs) and len(child.waiting) < _AHEAD:
                            child.send(self._order(jobs[sent]), sent)
                            sent += 1
                    number, answer = _next_answer(children)
                    assert answer.result is not None
                    results[number] = answer.result
                    if progress is not None:
                        progress(len(results), len(jobs), jobs[number].document.name)
        finally:
            for child in self._children:
                child.drain()
        return tuple(results[number] for number in range(len(jobs)))

    def _order(self, job: PaperJob) -> Order:
        return Order(job.document, job.path, job.path.suffix.lower() == ".docx", self._fonts)

    def _started(self, count: int) -> list[ChildLine]:
        while len(self._children) < count:
            self._children.append(ChildLine())
        return self._children[:count]

    @contextlib.contextmanager
    def _ended_when_gone(self) -> Iterator[None]:
        """A child that died takes the other with it: the next order starts afresh."""
        try:
            yield
        except ChildGoneError:
            self.close()
            raise


def _next_answer(children: Sequence[ChildLine]) -> tuple[int, Answer]:
    """The answer that comes first, with the number of its order."""
    busy = {child.line: child for child in children if child.waiting}
    ready = wait(list(busy))
    child = busy[ready[0]]  # type: ignore[index]
    number = child.waiting[0]
    return number, child.receive()
