"""Everything in plain tables: one per record type, references as names, for other programs.

An .xlsx with a sheet per type, or a folder of CSV files (UTF-8 with byte order mark).
Live records only; their history stays in the data folder and its backups.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_origin

from mbo_desktop import clock
from mbo_desktop.domain.accounts import is_secret
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import TargetValue
from mbo_desktop.errors import Cancelled, FileWriteError, InputError
from mbo_desktop.services.field_labels import label
from mbo_desktop.spreadsheets.table import CELL_LIMIT
from mbo_desktop.spreadsheets.writer import SheetTable, Value, write_tables
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.codecs.codec import canonical_decimal, stored_fields, without_none
from mbo_desktop.store.database import Store
from mbo_desktop.store.describe import TYPE_LABELS
from mbo_desktop.store.queries import plain_rows, portable

Progress = Callable[[int, int, str], None]
Name = Callable[[RecordId], str]
_Shower = Callable[[Any, Name], Value]
_DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_NOT_RECEIVED = "(未收到)"
_KEY = "记录编号"
_ABOUT = "说明"


@dataclass
class Exported:
    """What was written; `cut`: cells of the workbook whose text did not fit."""

    path: Path
    counts: dict[str, int] = field(default_factory=dict)
    """Records by type label, also the types of which there are none."""
    cut: int = 0

    @property
    def rows(self) -> int:
        """All records together."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    head: str
    show: _Shower
    refers: bool
    """Its values are called by names that must be looked up first."""


def export_workbook(
    store: Store, path: Path, *, progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Exported:
    """Write all tables to an .xlsx; raises FileWriteError, InputError for more than a sheet holds, Cancelled."""
    done = Exported(path, _counts(store))
    told = _Telling(done.rows, progress, cancelled)
    sheets = [SheetTable(("内容", "说明"), _about(store, done), sheet=_ABOUT)]
    for type_name in CODECS:
        name = _type_label(type_name)
        if done.counts[name]:
            heads, rows = _table(store, type_name, told)
            sheets.append(SheetTable(heads, _fitting(rows, done), sheet=name))
    write_tables(path, sheets)
    return done


def export_folder(
    store: Store, folder: Path, *, progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Exported:
    """Write all tables as CSV files into a new or empty folder, all or none.

    Raises InputError when something else stands there, FileWriteError, Cancelled.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"“{folder}”里已有其他文件。", "请写一个新的文件夹名。", "未写出任何文件。")
    done = Exported(folder, _counts(store))
    told = _Telling(done.rows, progress, cancelled)
    beside = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        _put_csv(beside / f"{_ABOUT}.csv", ("内容", "说明"), _about(store, done))
        for type_name in CODECS:
            name = _type_label(type_name)
            if done.counts[name]:
                heads, rows = _table(store, type_name, told)
                _put_csv(beside / f"{name}.csv", heads, rows)
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    except OSError as error:
        raise FileWriteError(
            f"写入“{folder}”时出错({error.strerror or error})。", "请检查磁盘剩余空间,或换一个位置后再导出。"
        ) from error
    finally:
        with suppress(OSError):
            shutil.rmtree(beside, ignore_errors=True)
    return done


class _Telling:
    """Tells how far the work is and stops it when asked."""

    def __init__(
        self, total: int, progress: Progress | None, cancelled: Callable[[], bool] | None
    ) -> None:
        self._done, self._total = 0, total
        self._progress, self._cancelled = progress, cancelled

    def page(self, rows: int, what: str) -> None:
        """So many more rows are done."""
        if self._cancelled is not None and self._cancelled():
            raise Cancelled
        self._done += rows
        if self._progress is not None:
            self._progress(self._done, self._total, what)


def _type_label(type_name: str) -> str:
    return TYPE_LABELS.get(type_name, type_name)


def _counts(store: Store) -> dict[str, int]:
    return {_type_label(name): plain_rows.live_count(store, name) for name in CODECS}


def _about(store: Store, done: Exported) -> list[tuple[str, Value]]:
    rows: list[tuple[str, Value]] = [
        ("导出时间", f"{clock.now():%Y-%m-%d %H:%M}"), ("数据文件夹", store.folder.name),
        ("引用", "写对方的名称;相同名称的用“记录编号”区分"),
        ("数值", "按原值,不四舍五入;超过15位的写成文本"),
        ("文字", "CSV中以 = + - @ 开头的文字前加一个单引号,以免被当作公式"),
    ]
    return [*rows, *((name, f"{count}条") for name, count in done.counts.items())]


def _table(
    store: Store, type_name: str, told: _Telling
) -> tuple[list[str], Iterator[list[Value]]]:
    """Heads, and rows that are read page by page as they are asked for."""
    columns = _columns(type_name)
    return [_KEY, *(one.head for one in columns)], _rows(store, type_name, columns, told)


def _rows(
    store: Store, type_name: str, columns: Sequence[_Column], told: _Telling
) -> Iterator[list[Value]]:
    kind = CODECS[type_name].kind
    names: dict[RecordId, str] = {}
    after = 0
    while page := plain_rows.live_page(store, type_name, after):
        after = page[-1]
        entities = store.get_many(kind, page)
        keys = portable.names_of(store, page)
        _look_up(store, names, columns, entities.values())
        for record, entity in entities.items():
            yield [
                keys.get(record, ""),
                *(one.show(getattr(entity, one.name), names.__getitem__) for one in columns),
            ]
        told.page(len(page), _type_label(type_name))


def _look_up(
    store: Store, names: dict[RecordId, str], columns: Sequence[_Column], entities: Collection[Any]
) -> None:
    """Add the names of all records that these entities refer to."""
    asked: set[RecordId] = set()

    def note(record: RecordId) -> str:
        asked.add(record)
        return ""

    for one in columns:
        if one.refers:
            for entity in entities:
                one.show(getattr(entity, one.name), note)
    wanted = sorted(asked - names.keys())
    found = plain_rows.names_of(store, wanted)
    names.update({one: found.get(one, _NOT_RECEIVED) for one in wanted})


def _columns(type_name: str) -> list[_Column]:
    hints = {
        name: hint for name, hint in stored_fields(CODECS[type_name].kind).items()
        if not is_secret(type_name, name)
    }
    heads = [label(type_name, name) for name in hints]
    return [
        _Column(
            name, head if heads.count(head) == 1 else f"{head}({name})", _shower(hint, type_name),
            _refers(hint),
        )
        for (name, hint), head in zip(hints.items(), heads, strict=True)
    ]


def _refers(hint: Any) -> bool:
    inner = without_none(hint)[0]
    if get_origin(inner) is tuple:
        return _refers(get_args(inner)[0])
    if is_dataclass(inner) and isinstance(inner, type):
        return any(_refers(one) for one in stored_fields(inner).values())
    return inner is RecordId


def _shower(hint: Any, type_name: str) -> _Shower:
    """How values of a type hint stand in a cell."""
    inner = without_none(hint)[0]
    show: _Shower
    if inner is RecordId:
        show = lambda value, name: name(value)  # noqa: E731
    elif inner is bool:
        show = lambda value, _: "是" if value else "否"  # noqa: E731
    elif get_origin(inner) is tuple:
        show = _list_shower(get_args(inner)[0], type_name)
    elif inner is TargetValue:
        show = lambda value, _: show_target(value)  # noqa: E731
    elif is_dataclass(inner) and isinstance(inner, type):
        show = _object_shower(inner, type_name)
    elif isinstance(inner, type) and issubclass(inner, Choice):
        show = lambda value, _: str(value.label)  # noqa: E731
    else:
        show = lambda value, _: value  # noqa: E731
    return lambda value, name: None if value is None else show(value, name)


def _list_shower(hint: Any, type_name: str) -> _Shower:
    one = _shower(hint, type_name)
    between = "\n" if is_dataclass(without_none(hint)[0]) else "、"
    return lambda value, name: between.join(_text(one(each, name)) for each in value)


def _object_shower(kind: type, type_name: str) -> _Shower:
    parts = [
        (name, label(type_name, name), _shower(hint, type_name))
        for name, hint in stored_fields(kind).items()
    ]

    def show(value: Any, name: Name) -> str:
        said = ((head, _text(one(getattr(value, key), name))) for key, head, one in parts)
        return ";".join(f"{head}:{text}" for head, text in said if text)

    return show


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return canonical_decimal(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _fitting(rows: Iterable[list[Value]], done: Exported) -> Iterator[list[Value]]:
    """Rows whose texts fit into cells; what is cut says so itself."""
    for row in rows:
        for place, value in enumerate(row):
            if isinstance(value, str) and len(value) > CELL_LIMIT:
                said = f"……(共{len(value):,}字,一格放不下,全文请用CSV导出)"
                row[place] = value[: CELL_LIMIT - len(said)] + said
                done.cut += 1
        yield row


def _put_csv(path: Path, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        for row in rows:
            writer.writerow([_csv_text(value) for value in row])


def _csv_text(value: Value) -> str:
    """Numbers as they are; a text that a program would compute gets a quotation mark before it."""
    text = _text(value)
    if isinstance(value, str) and text.startswith(_DANGEROUS):
        return f"'{text}"
    return text
