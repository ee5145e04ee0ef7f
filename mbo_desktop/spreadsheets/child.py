"""Reading a file in a process of its own: the window stays quick, a monster can be stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from mbo_desktop.errors import FileReadError
from mbo_desktop.spreadsheets.child_process import Progress, run_child, speak
from mbo_desktop.spreadsheets.proposal import KnownUnit, Proposal
from mbo_desktop.spreadsheets.unit_results import UnitResultsTable

Task = tuple[str, int, tuple[KnownUnit, ...], dict[str, Any], bool]
"""Path, year, known units, remembered columns, whether results are read too."""
Answer = tuple[list[Proposal], tuple[UnitResultsTable, ...]]


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
    from mbo_desktop.spreadsheets.transport import Unpacker

    unpacker = Unpacker()
    unit_tables: tuple[UnitResultsTable, ...] = ()
    found: list[Proposal] = []

    def take(kind: str, content: Any) -> bool:
        nonlocal unit_tables
        if kind == "unit tables":
            unit_tables = content
            return False
        proposals = unpacker.take(content)
        if proposals is None:
            return False
        found.extend(proposals)
        return True

    gone = FileReadError(
        f"读取“{path.name}”的进程意外中止,文件可能过大或已损坏。",
        "请在Excel或WPS中打开,另存为新的.xlsx文件后再导入。",
    )
    run_child(_work, task, take, gone=gone, progress=progress, is_cancelled=is_cancelled)
    return found, unit_tables


def _work(sending: Connection, task: Task) -> None:
    """What the child does; its only words are messages in the pipe."""
    path, year, known_units, mappings, with_results = task

    def read(tell: Progress, send: Callable[[str, Any], None]) -> None:
        from mbo_desktop.spreadsheets.ledger import propose_all
        from mbo_desktop.spreadsheets.results_source import read_results
        from mbo_desktop.spreadsheets.source import read_source
        from mbo_desktop.spreadsheets.transport import packed

        source = read_source(Path(path), tell)
        tell(0, 0, "分析表格")
        if with_results:
            proposals, unit_tables = read_results(source, year, known_units, mappings)
            send("unit tables", unit_tables)
        else:
            proposals = propose_all(source, year, known_units, mappings)
        for piece in packed(proposals):
            send("piece", piece)

    speak(sending, Path(path).name, read)
