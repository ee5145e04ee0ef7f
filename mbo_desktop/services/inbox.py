"""收件: files of a stick are copied in, read, verified and judged; nothing of them is applied here."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from mbo_desktop import clock
from mbo_desktop.errors import (
    Cancelled,
    InputError,
    PackageError,
    PackagePasswordError,
    PackageTooNewError,
    ProgramError,
)
from mbo_desktop.exchange import frame
from mbo_desktop.exchange.limits import LIMITS, SUFFIX
from mbo_desktop.exchange.records import Understood
from mbo_desktop.services import collecting, inbox_sweep, package_register
from mbo_desktop.services.collected import Collection
from mbo_desktop.services.judging import Judge, Judged, news, refusal
from mbo_desktop.services.received import (
    QUARANTINED,
    Brief,
    Inbox,
    InboxRow,
    OpenedPackage,
    RowState,
)
from mbo_desktop.services.without_collector import resting_collector
from mbo_desktop.store.database import Store
from mbo_desktop.store.faults import told_of_system

Progress = Callable[[int, int, str], None]
FOLDER, QUARANTINE, HELD = "inbox", "quarantine", "held"
_PACKAGES = frozenset({SUFFIX, ".zip"})
_NOTE = ".json"


@dataclass(frozen=True, slots=True)
class QuarantinedFile:
    """A file in 隔离区: kept as it came, with the sentence to read out to the sender."""

    path: Path
    name: str
    since: date
    sentence: str
    is_other_key: bool = False
    """Signed with a key that is not the sender's registered one: to be asked about, not to be read out."""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A package of a sealed year: kept as it came until the year is unsealed."""

    path: Path
    name: str
    since: date
    office: str
    """Name of the office that sent it."""
    year: int


def take(
    store: Store, paths: Sequence[Path], *, year: int = 0, month: int = 0,
    passwords: Mapping[str, str] | None = None,
    progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> Inbox:
    """Look at files and folders (packages and returned workbooks); the data stay as they are.

    passwords: by file name, "" for all others. year, month: for workbooks; 0: as most of them
    say. Raises InputError when there is nothing to look at, Cancelled.
    """
    packages, workbooks = _sorted_out(paths)
    if not packages and not workbooks:
        raise InputError(
            "选中的位置没有数据包(.zrb)和工作簿。", "请选择U盘上的文件或它们所在的文件夹。", "未导入任何内容。"
        )
    keys = passwords or {}
    judge = Judge.of(store)
    rows: list[InboxRow] = []
    opened: list[OpenedPackage | None] = []
    briefs: list[Brief] = []
    with resting_collector():
        for place, path in enumerate(packages):
            if cancelled is not None and cancelled():
                raise Cancelled
            if progress is not None:
                progress(place, len(packages), f"读取{path.name}")
            row, package, lines = _read(store, path, keys.get(path.name, keys.get("", "")))
            judged = Judged(row) if package is None else judge.judge(row, package, lines)
            rows.append(_kept(store, judged.row))
            if package is not None and package.password and rows[-1].path.parent == store.folder / FOLDER:
                inbox_sweep.note_sealed(rows[-1].path, rows[-1].package)
            opened.append(package)
            briefs.append(judged.brief)
    inbox = _among_themselves(Inbox(
        tuple(rows), tuple(opened), change_count=store.change_count, briefs=tuple(briefs)
    ))
    if workbooks:
        inbox = _with_workbooks(store, inbox, workbooks, year, month, progress, cancelled)
    return inbox


def judge_again(store: Store, inbox: Inbox) -> Inbox:
    """The same files judged anew, after an acceptance or an import; nothing is read again."""
    inbox = _workbooks_again(store, inbox)
    judge = Judge.of(store)
    rows, briefs = list(inbox.rows), [Brief()] * len(inbox.rows)
    with resting_collector():
        for place, package in enumerate(inbox.opened):
            if package is None:
                continue
            blank = InboxRow(rows[place].path, rows[place].name, RowState.NEW, "")
            judged = judge.judge(blank, package)
            rows[place], briefs[place] = _kept(store, judged.row), judged.brief
    return _among_themselves(replace(
        inbox, rows=tuple(rows), briefs=tuple(briefs), change_count=store.change_count
    ))


def quarantined(store: Store) -> tuple[QuarantinedFile, ...]:
    """What lies in 隔离区, newest first."""
    found = []
    for path in sorted((store.folder / FOLDER / QUARANTINE).glob(f"*{SUFFIX}")):
        said = _note_beside(path)
        since = date.fromisoformat(said["since"]) if "since" in said else clock.today()
        found.append(QuarantinedFile(
            path, said.get("name", path.name), since, said.get("sentence", ""),
            said.get("state") == RowState.OTHER_KEY.value,
        ))
    return tuple(sorted(found, key=lambda one: (one.since, one.name), reverse=True))


def held(store: Store) -> tuple[HeldFile, ...]:
    """Packages of sealed years that wait here until their year is unsealed, newest first.

    What was taken in since, from here or from a stick, is in the answer no more.
    """
    known = {one.package for one in package_register.packages(store)}
    found = []
    for path in sorted((store.folder / FOLDER / HELD).glob(f"*{SUFFIX}")):
        said = _note_beside(path)
        if said.get("package", "") not in known:
            found.append(HeldFile(
                path, said.get("name", path.name), date.fromisoformat(said["since"]) if "since" in said else clock.today(),
                said.get("office", ""), int(said.get("year", 0)),
            ))
    return tuple(sorted(found, key=lambda one: (one.since, one.name), reverse=True))


def discard_held(store: Store, path: Path) -> None:
    """Give up a package that waits for its year; InputError for one that does not lie there."""
    _discard(store, path, HELD, f"“{path.name}”不在待处理中。")


def discard_quarantined(store: Store, path: Path) -> None:
    """Remove a file from 隔离区 for good; InputError for one that does not lie there."""
    _discard(store, path, QUARANTINE, f"“{path.name}”不在隔离区。")


def _discard(store: Store, path: Path, place: str, elsewhere: str) -> None:
    if path.parent != store.folder / FOLDER / place:
        raise InputError(elsewhere, "请在“待处理”的列表中选择。")
    path.unlink(missing_ok=True)
    path.with_suffix(_NOTE).unlink(missing_ok=True)


def _sorted_out(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Packages and workbooks among files and folders, folders with all below them, each once."""
    packages: dict[Path, None] = {}
    others: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for one in inside:
            if one.suffix.lower() in _PACKAGES and one.is_file() and not one.name.startswith("."):
                packages[one] = None
        if path.is_dir() or path.suffix.lower() not in _PACKAGES:
            others.append(path)
    try:
        workbooks = list(collecting.files_in(others)) if others else []
    except InputError:
        workbooks = []
    return list(packages), workbooks


def _read(
    store: Store, path: Path, password: str
) -> tuple[InboxRow, OpenedPackage | None, list[Understood]]:
    """Copy a file into the inbox and read it, its lines too; None with the row of a file that is refused."""
    lines: list[Understood] = []
    row = InboxRow(path, _name_of(store, path), RowState.DAMAGED, "")
    try:
        row = replace(row, path=_copied(store, path))
        found = frame.read_package(row.path, password=password, understood=lines)
    except PackagePasswordError as error:
        said = "口令不对,请重新输入。" if error.wrong else "这个包设有口令。"
        return replace(row, state=RowState.PASSWORD, sentence=said, advice="请向送件人问清口令后输入。"), None, []
    except PackageTooNewError as error:
        return refusal(row, error, RowState.NEWER_PROGRAM), None, []
    except (PackageError, ProgramError) as error:
        return refusal(row, error, RowState.DAMAGED), None, []
    except OSError:
        return replace(
            row, sentence=f"“{path.name}”读不出来,U盘可能已拔出或损坏。", advice="请重新插好U盘再读一次。"
        ), None, []
    return row, OpenedPackage(found.manifest_text, found.manifest, found.signature, password, found), lines


def _name_of(store: Store, path: Path) -> str:
    """The file's own name; one that is kept here is named by its content and has its name beside it."""
    if not _lies_here(store, path):
        return path.name
    return str(_note_beside(path).get("name", path.name))


def _note_beside(path: Path) -> dict[str, Any]:
    """What was written down of a kept file; nothing where the note is missing or was cut short."""
    try:
        said = json.loads(path.with_suffix(_NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _lies_here(store: Store, path: Path) -> bool:
    """Whether a file is one that was kept: in 隔离区, or waiting for its year."""
    return path.parent.name in (HELD, QUARANTINE) and path.parent.parent == store.folder / FOLDER


def _copied(store: Store, path: Path) -> Path:
    """The file's copy in the inbox, named by its content; the file itself where nothing may be written."""
    if store.read_only or _lies_here(store, path):
        return path
    size = path.stat().st_size
    if size > LIMITS.file:
        raise InputError(f"“{path.name}”太大({size // 1_000_000}MB)。", "数据包不会这样大,请核对文件。", "未导入任何内容。")
    digest = sha256()
    folder = store.folder / FOLDER
    folder.mkdir(exist_ok=True)
    # Not by its own name: with ".part" behind it that can be longer than the file system allows.
    part = folder / "reading.part"
    try:
        with path.open("rb") as source, part.open("wb") as target:
            while block := source.read(1 << 20):
                digest.update(block)
                target.write(block)
        copy = folder / f"{digest.hexdigest()[:32]}{SUFFIX}"
        part.replace(copy)
    finally:
        part.unlink(missing_ok=True)
    return copy


def _kept(store: Store, row: InboxRow) -> InboxRow:
    """A bad file goes to 隔离区 unchanged, one of a sealed year waits; a good one stays where it is."""
    folder = store.folder / FOLDER
    if store.read_only or row.path.parent not in (folder, folder / QUARANTINE):
        return row
    apart = QUARANTINE if row.state in QUARANTINED else HELD if row.state is RowState.SEALED_YEAR else ""
    target = folder / apart / row.path.name
    try:
        _put_apart(row, folder, target, apart)
    except OSError as error:
        raise told_of_system(error, target, "未导入任何内容,原有数据未改动。") from error
    return replace(row, path=target)


def _put_apart(row: InboxRow, folder: Path, target: Path, apart: str) -> None:
    if apart:
        target.parent.mkdir(exist_ok=True)
    if target != row.path:
        shutil.move(row.path, target)
        if not apart:
            row.path.with_suffix(_NOTE).unlink(missing_ok=True)
    if apart != QUARANTINE:
        # The same file came again and is good now: what lay in 隔离区 of it is told no more.
        before = folder / QUARANTINE / row.path.name
        before.unlink(missing_ok=True)
        before.with_suffix(_NOTE).unlink(missing_ok=True)
    if apart:
        said = {
            "name": row.name, "since": clock.today().isoformat(), "sentence": f"{row.sentence}{row.advice}",
            "state": row.state.value, "package": row.package, "office": row.office_name, "year": row.year,
        }
        target.with_suffix(_NOTE).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def _among_themselves(inbox: Inbox) -> Inbox:
    """Files of the list against each other: the same package twice, gaps that others of the list fill."""
    seen: dict[str, int] = {}
    rows = list(inbox.rows)
    here = {(row.office, one.manifest.replica, row.seq) for row, one in _pairs(inbox)}
    for place, row in enumerate(rows):
        package = inbox.opened[place]
        if package is None or not row.package:
            continue
        first = seen.setdefault(row.package, place)
        if first != place and row.can_be_taken:
            rows[place] = replace(
                row, state=RowState.REPEATED, sentence=f"与“{rows[first].name}”是同一个包。",
                advice="只导入一份。", changes=0,
            )
        elif row.state is RowState.GAP and (row.office, package.manifest.replica, row.seq - 1) in here:
            rows[place] = replace(row, state=RowState.NEW, sentence=news(row.changes), advice="")
    return replace(inbox, rows=tuple(rows))


def _pairs(inbox: Inbox) -> Iterable[tuple[InboxRow, OpenedPackage]]:
    for row, package in zip(inbox.rows, inbox.opened, strict=True):
        if package is not None:
            yield row, package


def _with_workbooks(
    store: Store, inbox: Inbox, paths: Sequence[Path], year: int, month: int,
    progress: Progress | None, cancelled: Callable[[], bool] | None,
) -> Inbox:
    """The list with the returned workbooks behind the packages; 收表 says what they are."""
    read = collecting.read_all(paths, progress, cancelled)
    usual = collecting.usual_month(read)
    at = (year or (usual[0] if usual else clock.today().year), month or (usual[1] if usual else clock.today().month))
    try:
        collection = collecting.look_at(store, *at, read, cancelled)
    except ProgramError as error:
        rows = [InboxRow(path, path.name, RowState.SEALED_YEAR, error.what, error.todo) for path in paths]
        return replace(
            inbox, rows=(*inbox.rows, *rows), opened=(*inbox.opened, *[None] * len(rows)),
            briefs=(*inbox.briefs, *[Brief()] * len(rows)),
        )
    rows = [_workbook_row(collection, place) for place in range(len(collection.files))]
    start = len(inbox.rows)
    return replace(
        inbox, rows=(*inbox.rows, *rows), opened=(*inbox.opened, *[None] * len(rows)),
        briefs=(*inbox.briefs, *[Brief()] * len(rows)), workbooks=collection, returned=tuple(read),
        workbook_rows={start + place: place for place in range(len(rows))},
    )


def _workbooks_again(store: Store, inbox: Inbox) -> Inbox:
    """The workbooks of the list compared with the data as they are now."""
    books = inbox.workbooks
    if books is None:
        return inbox
    rows = list(inbox.rows)
    try:
        books = collecting.look_at(store, books.year, books.month, inbox.returned)
    except ProgramError as error:
        for place in inbox.workbook_rows:
            rows[place] = replace(
                rows[place], state=RowState.SEALED_YEAR, sentence=error.what, advice=error.todo)
        return replace(inbox, rows=tuple(rows))
    for place, file in inbox.workbook_rows.items():
        rows[place] = _workbook_row(books, file)
    return replace(inbox, rows=tuple(rows), workbooks=books)


def _workbook_row(collection: Collection, place: int) -> InboxRow:
    one = collection.files[place]
    made = [change for change in collection.changes if change.file == place]
    doubted = sum(bool(change.doubt) for change in made)
    state = RowState.WORKBOOK if one.can_be_taken else RowState.UNFIT_WORKBOOK
    if one.state in (collecting.ReturnState.KNOWN, collecting.ReturnState.DUPLICATE):
        state = RowState.REPEATED
    said = one.words or one.state.label
    if doubted and one.can_be_taken:
        said = f"{said.rstrip('。')}。{doubted}格存疑,不会写入;要写入的,请逐格核对。"
    return InboxRow(
        one.path, one.name, state, said, unit=one.unit, unit_label=one.unit_label,
        office_name=one.unit_label, year=collection.year, month=collection.month,
        changes=len(made) - doubted,
    )
