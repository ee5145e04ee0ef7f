"""A process of its own that makes the papers, so that the window stays quick meanwhile.

The child is started by `spawn` (safe in a frozen program, whose main calls
`multiprocessing.freeze_support`), opens the fonts once and serves one order after another.
This side imports neither reportlab nor python-docx.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from mbo_desktop.documents.font_files import FontSet
from mbo_desktop.documents.model import Document, RenderResult
from mbo_desktop.documents.output import move_file, part_of, put_file, remove_quietly
from mbo_desktop.errors import Cancelled, FileWriteError, ProgramError

Progress = Callable[[int, int, str], None]
"""Called with (done, total, name of the paper)."""
_STOP_SECONDS = 5


@dataclass(frozen=True, slots=True)
class PaperJob:
    """A document and the file it becomes: .docx is written as Word, anything else as PDF."""

    document: Document
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


@dataclass(frozen=True, slots=True)
class _Order:
    document: Document
    path: Path | None
    word: bool
    fonts: FontSet | None


@dataclass(frozen=True, slots=True)
class _Answer:
    result: RenderResult | None = None
    data: bytes = b""
    refusal: tuple[str, str, str] | None = None
    fault: str = ""


class PaperProcess:
    """The child process; started with the first order, ended by `close` or a `with`."""

    def __init__(self, fonts: FontSet | None = None) -> None:
        """fonts: None takes the system's where they exist."""
        self._fonts = fonts
        self._child: BaseProcess | None = None
        self._line: Connection | None = None

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
        self._send(_Order(document, None, word=False, fonts=self._fonts))
        answer = self._receive()
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
        results: list[RenderResult] = []
        try:
            sent = 0
            for done in range(len(jobs)):
                if cancelled is not None and cancelled():
                    self._drain(sent - done)
                    raise Cancelled
                # One order ahead keeps the child busy while this side reports.
                while sent < len(jobs) and sent <= done + 1:
                    word = jobs[sent].path.suffix.lower() == ".docx"
                    self._send(_Order(jobs[sent].document, jobs[sent].path, word, self._fonts))
                    sent += 1
                try:
                    answer = self._receive()
                except (ProgramError, RuntimeError):
                    self._drain(sent - done - 1)
                    raise
                assert answer.result is not None
                results.append(answer.result)
                if progress is not None:
                    progress(done + 1, len(jobs), jobs[done].document.name)
            for path, job in zip(staged, jobs, strict=True):
                move_file(path, job.path)
        finally:
            for path in staged:
                remove_quietly(path)
                remove_quietly(part_of(path))
        return BatchResult(tuple(job.path for job in jobs), tuple(results))

    def close(self) -> None:
        """End the child; one that does not answer is stopped."""
        if self._line is not None:
            # A child that is gone already is settled by joining it below.
            with contextlib.suppress(OSError):
                self._line.send(None)
            self._line.close()
        if self._child is not None:
            self._child.join(_STOP_SECONDS)
            if self._child.is_alive():
                self._child.terminate()
                self._child.join(_STOP_SECONDS)
            self._child.close()
        self._child = self._line = None

    def _send(self, order: _Order) -> None:
        line = self._line or self._start()
        try:
            line.send(order)
        except OSError as fault:
            raise self._gone() from fault

    def _receive(self) -> _Answer:
        assert self._line is not None
        try:
            answer: _Answer = self._line.recv()
        except (EOFError, OSError) as fault:
            raise self._gone() from fault
        if answer.refusal is not None:
            what, safe, todo = answer.refusal
            raise FileWriteError(what, todo, safe)
        if answer.fault:
            raise RuntimeError(answer.fault)
        return answer

    def _drain(self, count: int) -> None:
        """Take the answers to orders that are no longer wanted."""
        for _ in range(count):
            if self._line is None:
                return
            try:
                self._receive()
            except (ProgramError, RuntimeError):
                continue

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        self._line, far = context.Pipe()
        self._child = context.Process(target=serve, args=(far,), daemon=True, name="papers")
        self._child.start()
        far.close()
        return self._line

    def _gone(self) -> FileWriteError:
        self.close()
        return FileWriteError("生成文件的进程意外退出,文件未能生成。", "请重试;如再次出现,请导出诊断信息。")


def staged_at(path: Path) -> Path:
    """Where a file of a batch waits until all are made."""
    return path.with_name(f".{path.name}.new")


def serve(line: Connection) -> None:
    """The child's loop: an order in, an answer out, until None or the line ends."""
    while True:
        try:
            order = line.recv()
        except EOFError:
            return
        if order is None:
            return
        line.send(_answer(order))


def _answer(order: _Order) -> _Answer:
    from mbo_desktop.documents.pdf import render_pdf
    from mbo_desktop.documents.word import render_docx

    buffer = BytesIO()
    try:
        if order.word:
            result = render_docx(order.document, buffer)
        else:
            result = render_pdf(order.document, buffer, order.fonts)
        if order.path is None:
            return _Answer(result, buffer.getvalue())
        put_file(staged_at(order.path), buffer.getvalue(), shown=order.path)
        return _Answer(result)
    except ProgramError as refusal:
        return _Answer(refusal=(refusal.what, refusal.safe, refusal.todo))
    except Exception:  # noqa: BLE001 handed to the other side as it is, which raises it
        return _Answer(fault=traceback.format_exc())
