"""Many forms written or read in a child process: the window stays quick, and the work can be stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from mbo_desktop.errors import FileReadError, FileWriteError, ProgramError
from mbo_desktop.spreadsheets.child_process import Progress, run_child, speak
from mbo_desktop.spreadsheets.form_layout import FormBook
from mbo_desktop.spreadsheets.form_return import ReturnedSheet

Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What one returned file holds."""

    path: Path
    digest: str = ""
    """SHA-256 of the file; "" when it could not be opened."""
    sheets: tuple[ReturnedSheet, ...] = ()
    """Those that are forms; empty for any other table."""
    failure: tuple[str, str] = ("", "")
    """What happened and what to do when it could not be read."""
    tables: int = 0
    """How many tables the file holds at all."""


def read_files(
    paths: Sequence[Path], progress: Progress | None = None, is_cancelled: Cancelled | None = None
) -> list[ReadFile]:
    """Read files in a child process, in the given order; call it from a worker thread.

    A file that cannot be read is among them with its failure. Raises Cancelled, and
    FileReadError when the child dies.
    """
    found: list[ReadFile] = []

    def take(kind: str, content: Any) -> bool:
        if kind == "file":
            found.append(content)
        return kind == "end"

    gone = FileReadError(
        "读取表格的进程意外中止,可能是某个文件过大或已损坏。",
        "请把文件分成几批,或移走最大的一个后再收。",
    )
    run_child(
        _read_all, [str(path) for path in paths], take, gone=gone, progress=progress,
        is_cancelled=is_cancelled,
    )
    return found


def read_one(path: Path) -> ReadFile:
    """Read one file in this process."""
    from mbo_desktop.spreadsheets.form_kinds import columns_by_facts
    from mbo_desktop.spreadsheets.form_return import form_tables, read_sheet
    from mbo_desktop.spreadsheets.source import read_tables

    digest = ""
    try:
        tables = read_tables(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        sheets = tuple(
            read_sheet(path.name, one, columns)
            if (columns := columns_by_facts(one.facts))
            else ReturnedSheet(path.name, one.table.sheet, one.facts, (), (), (), {}, {})
            for one in form_tables(tables)
        )
    except ProgramError as error:
        return ReadFile(path, digest, failure=(error.what, error.todo))
    except OSError as error:
        return ReadFile(path, digest, failure=(
            f"读取“{path.name}”时出错({error.strerror or error})。", "请把文件复制到本机硬盘后再收。"
        ))
    return ReadFile(path, digest, sheets, tables=len(tables))


def _read_all(sending: Connection, task: Any) -> None:
    """The child: files one after the other."""

    def work(tell: Progress, send: Callable[[str, Any], None]) -> None:
        for place, name in enumerate(task):
            path = Path(name)
            tell(place, len(task), path.name)
            send("file", read_one(path))
        send("end", None)

    speak(sending, "收到的表格", work)


def make_books(
    books: Sequence[FormBook], keep: Callable[[int, bytes], None],
    is_cancelled: Cancelled | None = None,
) -> None:
    """Make workbooks in a child process; keep(place, bytes) gets each as it is ready.

    Raises Cancelled, FileWriteError, and what `keep` raises.
    """

    def take(kind: str, content: Any) -> bool:
        if kind == "book":
            keep(*content)
        return kind == "end"

    gone = FileWriteError("写出表格的进程意外中止。", "请检查内存和磁盘剩余空间后再试。")
    try:
        run_child(_make_all, list(books), take, gone=gone, is_cancelled=is_cancelled)
    except FileReadError as error:
        raise FileWriteError(error.what, error.todo) from error


def _make_all(sending: Connection, task: Any) -> None:
    """The child: one workbook after the other."""

    def work(_tell: Progress, send: Callable[[str, Any], None]) -> None:
        from mbo_desktop.spreadsheets.form_book import book_bytes

        for place, book in enumerate(task):
            send("book", (place, book_bytes(book)))
        send("end", None)

    speak(sending, "模板", work)
