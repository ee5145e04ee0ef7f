"""A process of its own for work on spreadsheets, its words in a pipe: the window stays quick meanwhile."""

from __future__ import annotations

import gc
import multiprocessing
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from mbo_desktop.errors import Cancelled, FileReadError, ProgramError
from mbo_desktop.spreadsheets.collector import resting

Progress = Callable[[int, int, str], None]
Take = Callable[[str, Any], bool]
"""Gets each message of the child; True once it was the last."""
Work = Callable[[Progress, Callable[[str, Any], None]], None]
"""What the child does; it gets a way to tell progress and a way to send messages."""
_POLL = 0.05
_GAP = 0.05
"""Seconds between two progress messages; a pipe full of them would slow the child."""


def run_child(
    target: Callable[[Connection, Any], None], task: Any, take: Take, *, gone: ProgramError,
    progress: Progress | None = None, is_cancelled: Callable[[], bool] | None = None,
) -> None:
    """Let a child do the task and take its messages; call it from a worker thread.

    Raises `gone` when the child dies, the error it met, and Cancelled; it is ended either way.
    """
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(sending, task), daemon=True)
    process.start()
    sending.close()
    try:
        with resting():
            _await(receiving, take, gone, progress, is_cancelled)
    finally:
        receiving.close()
        if process.is_alive():
            process.join(0.2)
        if process.is_alive():
            process.terminate()
        process.join(5)
        if process.is_alive():
            process.kill()
            process.join()
        process.close()


def _await(
    receiving: Connection, take: Take, gone: ProgramError, progress: Progress | None,
    is_cancelled: Callable[[], bool] | None,
) -> None:
    while True:
        if is_cancelled is not None and is_cancelled():
            raise Cancelled
        if not receiving.poll(_POLL):
            continue
        try:
            kind, content = receiving.recv()
        except (EOFError, OSError) as error:
            raise gone from error
        if kind == "progress":
            if progress is not None:
                progress(*content)
        elif kind == "error":
            raise _as_error(content)
        elif take(kind, content):
            return


def _as_error(content: Any) -> Exception:
    """The error the child met: the user's as it was, ours with its traceback."""
    if content[0] == "user":
        return FileReadError(content[1], content[3], content[2])
    return RuntimeError(f"the work in the child failed:\n{content[1]}")


def speak(sending: Connection, name: str, work: Work) -> None:
    """The body of a child: do the work, send what comes, and the error where it fails.

    name: of the file or files, for the message when memory runs out.
    """
    last = 0.0

    def tell(done: int, total: int, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _GAP:
            last = now
            sending.send(("progress", (done, total, text)))

    try:
        # This process ends with its task: collecting garbage would only cost time.
        gc.disable()
        work(tell, lambda kind, content: sending.send((kind, content)))
    except ProgramError as error:
        sending.send(("error", ("user", error.what, error.safe, error.todo)))
    except MemoryError:
        sending.send(
            ("error", ("user", f"内存不足,无法读取“{name}”。", "未导入任何内容,原有数据未改动。",
                       "请关闭其他程序,或把文件拆小后再导入。"))
        )
    except Exception:  # noqa: BLE001 - handed to the parent, which raises it
        sending.send(("error", ("ours", traceback.format_exc())))
    finally:
        sending.close()
