"""One child process that makes papers and the line to it: orders out, answers in their order.

Started by `spawn` (safe in a frozen program, whose main calls
`multiprocessing.freeze_support`), it opens the fonts once and serves until told to end.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import traceback
from collections import deque
from dataclasses import dataclass
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path

from mbo_desktop.documents.font_files import FontSet
from mbo_desktop.documents.model import Bundle, Document, RenderResult
from mbo_desktop.documents.office_fill import OfficeFilling
from mbo_desktop.documents.output import put_file
from mbo_desktop.errors import FileWriteError, ProgramError

_STOP_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Order:
    """What the child is to make: a laid-out document or a filled template, and where it goes.

    path None: the bytes come back; word: as .docx instead of PDF.
    """

    content: Document | Bundle | OfficeFilling
    path: Path | None
    word: bool
    fonts: FontSet | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an order: a result, or a refusal told in three parts, or a fault of ours."""

    result: RenderResult | None = None
    data: bytes = b""
    refusal: tuple[str, str, str] | None = None
    fault: str = ""


class ChildLine:
    """A started child; `waiting` holds the numbers of the orders it has not answered."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, far = context.Pipe()
        self.process = context.Process(target=serve, args=(far,), daemon=True, name="papers")
        self.process.start()
        far.close()
        self.waiting: deque[int] = deque()

    def send(self, order: Order, number: int = 0) -> None:
        """Hand over an order; raises ChildGoneError."""
        try:
            self.line.send(order)
        except OSError as fault:
            raise ChildGoneError from fault
        self.waiting.append(number)

    def receive(self) -> Answer:
        """The answer to the oldest order; raises ProgramError, or RuntimeError for a fault of ours."""
        try:
            answer: Answer = self.line.recv()
        except (EOFError, OSError) as fault:
            raise ChildGoneError from fault
        self.waiting.popleft()
        if answer.refusal is not None:
            what, safe, todo = answer.refusal
            raise FileWriteError(what, todo, safe)
        if answer.fault:
            raise RuntimeError(answer.fault)
        return answer

    def drain(self) -> None:
        """Take the answers to orders that are no longer wanted."""
        while self.waiting and self.process.is_alive():
            with contextlib.suppress(ProgramError, RuntimeError):
                self.receive()

    def close(self) -> None:
        """End the child; one that does not answer is stopped."""
        # A child that is gone already is settled by joining it below.
        with contextlib.suppress(OSError):
            self.line.send(None)
        self.line.close()
        self.process.join(_STOP_SECONDS)
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(_STOP_SECONDS)
        self.process.close()


class ChildGoneError(FileWriteError):
    """The child ended by itself; nothing more comes from it."""

    def __init__(self) -> None:
        super().__init__("生成文件的进程意外退出,文件未能生成。", "请重试;如再次出现,请导出诊断信息。")


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


def _answer(order: Order) -> Answer:
    buffer = BytesIO()
    try:
        result = _made(order, buffer)
        if order.path is None:
            return Answer(result, buffer.getvalue())
        put_file(staged_at(order.path), buffer.getvalue(), shown=order.path)
        return Answer(result)
    except ProgramError as refusal:
        return Answer(refusal=(refusal.what, refusal.safe, refusal.todo))
    except Exception:  # noqa: BLE001 handed to the other side as it is, which raises it
        return Answer(fault=traceback.format_exc())


def _made(order: Order, buffer: BytesIO) -> RenderResult:
    if isinstance(order.content, OfficeFilling):
        from mbo_desktop.documents.office_render import fill_template

        return fill_template(order.content, buffer)
    if isinstance(order.content, Bundle):
        from mbo_desktop.documents.pdf import render_bundle

        return render_bundle(order.content, buffer, order.fonts)
    if order.word:
        from mbo_desktop.documents.word import render_docx

        return render_docx(order.content, buffer)
    from mbo_desktop.documents.pdf import render_pdf

    return render_pdf(order.content, buffer, order.fonts)
