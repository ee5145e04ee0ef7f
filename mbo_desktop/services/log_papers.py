"""The log on paper and in a workbook: the entries that fit, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.errors import Cancelled
from mbo_desktop.services import log, session
from mbo_desktop.services.log import LINE_HEADS, LogFilter, line_texts
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document

PRINTED = 3_000
"""Entries on paper at most; the rest is said to be left out."""
_PORTION = 200
Progress = Callable[[int, int, str], None]


def write_workbook(
    store: Store, path: Path, wanted: LogFilter, conditions: str = "",
    progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> int:
    """Write all entries that fit to an .xlsx; how many. Raises FileWriteError, Cancelled."""
    from mbo_desktop.spreadsheets.writer import write_table

    numbers = log.find(store, wanted, cancelled=cancelled)

    def rows() -> Iterator[tuple[str, ...]]:
        for start in range(0, len(numbers), _PORTION):
            if cancelled is not None and cancelled():
                raise Cancelled
            if progress is not None:
                progress(start, len(numbers), "正在写出日志")
            page = numbers[start : start + _PORTION]
            found = log.lines(store, page)
            yield from (line_texts(found[one]) for one in page if one in found)

    title = f"日志({conditions})" if conditions else "日志"
    return write_table(path, LINE_HEADS, rows(), title=title, sheet="日志")


def log_document(store: Store, wanted: LogFilter, conditions: str = "") -> Document:
    """The entries that fit as a list on sheets across, the newest 3,000 of them."""
    from mbo_desktop.documents.inspection_registers import (
        RegisterColumn,
        RegisterPaper,
        register_document,
    )

    numbers = log.find(store, wanted)
    notes = [f"条件:{conditions}。"] if conditions else []
    if len(numbers) > PRINTED:
        notes.append(f"共{len(numbers):,}条,只印最近{PRINTED:,}条;全部请导出Excel。")
        numbers = numbers[:PRINTED]
    rows = []
    for start in range(0, len(numbers), _PORTION):
        page = numbers[start : start + _PORTION]
        found = log.lines(store, page)
        for one in page:
            if one in found:
                texts = line_texts(found[one])
                rows.append((*texts[:5], texts[5]))
    office = session.office(store)
    return register_document(RegisterPaper(
        "日志", (
            RegisterColumn("时间", 24, 28), RegisterColumn("经办人", 14, 20),
            RegisterColumn("动作", 28, 44, wordy=True), RegisterColumn("对象", 34, 60, wordy=True),
            RegisterColumn("内容(原→新)", 60, 110, wordy=True), RegisterColumn("记录数", 12, 16),
        ),
        tuple(rows), office.name, show_date(clock.today()), tuple(notes),
    ))
