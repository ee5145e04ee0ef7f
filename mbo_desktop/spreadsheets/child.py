"""Reading a file in a process of its own: the window stays quick, a monster can be stopped."""

from __future__ import annotations

import gc
import multiprocessing
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from mbo_desktop.errors import Cancelled, FileReadError, ProgramError
from mbo_desktop.spreadsheets.collector import resting
from mbo_desktop.spreadsheets.proposal import KnownUnit, Proposal
from mbo_desktop.spreadsheets.unit_results import UnitResultsTable

Progress = Callable[[int, int, str], None]
Task = tuple[str, int, tuple[KnownUnit, ...], dict[str, Any], bool]
"""Path, year, known units, remembered columns, whether results are read too."""
Answer = tuple[list[Proposal], tuple[UnitResultsTable, ...]]
_POLL = 0.05
_GAP = 0.05
"""Seconds between two progress messages; a pipe full of them would slow the reader."""


def read_in_child(
    path: Path,
    year: int,
    known_units: Sequence[KnownUnit] = (),
    mappings: Mapping[str, tuple[str, ...]] | None = None,
    progress: Progress | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> list[Proposal]:
    """The proposals of a file, read in a child process; call it from a worker thread.

    Raises FileReadError (also when the child dies) and Cancelled; the child is ended either way.
    """
    task = (str(path), year, tuple(known_units), dict(mappings or {}), False)
    return _run(task, path, progress, is_cancelled)[0]


def read_results_in_child(
    path: Path,
    year: int,
    known_units: Sequence[KnownUnit] = (),
    mappings: Mapping[str, tuple[str, ...]] | None = None,
    progress: Progress | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> tuple[list[Proposal], tuple[UnitResultsTable, ...]]:
    """The same for a file of last year's results, as `results_source.read_results` gives them."""
    task = (str(path), year, tuple(known_units), dict(mappings or {}), True)
    return _run(task, path, progress, is_cancelled)


def _run(
    task: Task, path: Path, progress: Progress | None, is_cancelled: Callable[[], bool] | None
) -> Answer:
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sending, task), daemon=True)
    process.start()
    sending.close()
    try:
        with resting():
            return _await(receiving, path, progress, is_cancelled)
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
    receiving: Connection,
    path: Path,
    progress: Progress | None,
    is_cancelled: Callable[[], bool] | None,
) -> Answer:
    from mbo_desktop.spreadsheets.transport import Unpacker

    unpacker = Unpacker()
    unit_tables: tuple[UnitResultsTable, ...] = ()
    while True:
        if is_cancelled is not None and is_cancelled():
            raise Cancelled
        if not receiving.poll(_POLL):
            continue
        try:
            kind, content = receiving.recv()
        except (EOFError, OSError) as error:
            raise FileReadError(
                f"读取“{path.name}”的进程意外中止,文件可能过大或已损坏。",
                "请在Excel或WPS中打开,另存为新的.xlsx文件后再导入。",
            ) from error
        if kind == "progress":
            if progress is not None:
                progress(*content)
        elif kind == "piece":
            proposals = unpacker.take(content)
            if proposals is not None:
                return proposals, unit_tables
        elif kind == "unit tables":
            unit_tables = content
        else:
            raise _as_error(content)


def _as_error(content: Any) -> Exception:
    """The error the child met: the user's as it was, ours with its traceback."""
    if content[0] == "user":
        return FileReadError(content[1], content[3], content[2])
    return RuntimeError(f"reading in the child failed:\n{content[1]}")


def _work(sending: Connection, task: Task) -> None:
    """What the child does; its only words are messages in the pipe."""
    path, year, known_units, mappings, with_results = task
    last = 0.0

    def tell(done: int, total: int, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _GAP:
            last = now
            sending.send(("progress", (done, total, text)))

    try:
        from mbo_desktop.spreadsheets.ledger import propose_all
        from mbo_desktop.spreadsheets.results_source import read_results
        from mbo_desktop.spreadsheets.source import read_source
        from mbo_desktop.spreadsheets.transport import packed

        # This process ends with its task: collecting garbage would only cost time.
        gc.disable()
        source = read_source(Path(path), tell)
        tell(0, 0, "分析表格")
        if with_results:
            proposals, unit_tables = read_results(source, year, known_units, mappings)
            sending.send(("unit tables", unit_tables))
        else:
            proposals = propose_all(source, year, known_units, mappings)
        for piece in packed(proposals):
            sending.send(("piece", piece))
    except ProgramError as error:
        sending.send(("error", ("user", error.what, error.safe, error.todo)))
    except MemoryError:
        name = Path(path).name
        sending.send(
            ("error", ("user", f"内存不足,无法读取“{name}”。", "未导入任何内容,原有数据未改动。",
                       "请关闭其他程序,或把文件拆小后再导入。"))
        )
    except Exception:  # noqa: BLE001 - handed to the parent, which raises it
        sending.send(("error", ("ours", traceback.format_exc())))
    finally:
        sending.close()
