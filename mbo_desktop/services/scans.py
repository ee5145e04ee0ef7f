"""Scans of signed agreements: kept among the attachments, listed, opened, taken away again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from mbo_desktop import clock
from mbo_desktop.domain.agreements import Agreement, SignedScan
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import FileReadError, InputError, NotAllowedError
from mbo_desktop.store import attachments
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import agreements as reads

SUFFIXES = (".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp")
"""Kinds of files a scan may be."""
SIZE_LIMIT = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ScanMatch:
    """A file of a folder and the agreement its name tells, None when it tells none or several."""

    path: Path
    agreement: RecordId | None
    unit_name: str


def scans_of(store: Store, agreement: RecordId) -> tuple[SignedScan, ...]:
    """The scans of an agreement in the order they were added."""
    return store.get(Agreement, agreement).scans


def add_scans(
    store: Store,
    agreement: RecordId,
    paths: Sequence[Path],
    *,
    holder: str = "",
    on: date | None = None,
) -> int:
    """Keep scans with an agreement, one undo step; returns how many were new to it.

    Raises NotAllowedError for a draft, FileReadError for a file that is no scan.
    """
    for path in paths:
        _check_file(path)
    day = on or clock.today()
    _issued(store, store.get(Agreement, agreement))
    kept = [
        SignedScan(attachments.add(store, path, path.name), path.name, day, holder)
        for path in paths
    ]
    with store.change("添加签字扫描件") as change:
        record = _issued(store, change.get(Agreement, agreement))
        scans = {scan.file_hash: scan for scan in record.scans}
        for scan in kept:
            scans.setdefault(scan.file_hash, scan)
        change.put(replace(record, scans=tuple(scans.values())))
    return len(scans) - len(record.scans)


def remove_scan(store: Store, agreement: RecordId, file_hash: str) -> None:
    """Take a scan off an agreement; the file stays among the attachments, so undo brings it back."""
    with store.change("移除签字扫描件") as change:
        record = change.get(Agreement, agreement)
        left = tuple(scan for scan in record.scans if scan.file_hash != file_hash)
        change.put(replace(record, scans=left))


def open_scan(store: Store, agreement: RecordId, file_hash: str) -> Path:
    """A read-only copy under the scan's own name; raises StorageError when it is missing or damaged."""
    for scan in store.get(Agreement, agreement).scans:
        if scan.file_hash == file_hash:
            return attachments.open_path(store, file_hash, scan.name)
    raise InputError("这份责任书没有这个扫描件。", "请刷新后再试。")


def match_files(store: Store, year: int, paths: Sequence[Path]) -> tuple[ScanMatch, ...]:
    """For each file the agreement whose unit its name contains (the longest name found wins)."""
    records = store.get_many(Agreement, reads.agreement_ids(store, year, has_snapshot=True))
    units = store.get_many(Unit, [record.unit for record in records.values()])
    names = [
        (name, record.id, units[record.unit].name)
        for record in records.values()
        for name in {units[record.unit].name, units[record.unit].short_name} - {""}
    ]
    return tuple(_matched(path, names) for path in paths)


def add_matched(store: Store, matches: Sequence[ScanMatch]) -> int:
    """Keep the files whose agreement is known, all of them as one undo step; how many were new.

    Raises as `add_scans`; nothing is added then.
    """
    known = [one for one in matches if one.agreement is not None]
    for one in known:
        _check_file(one.path)
    kept = [(one, attachments.add(store, one.path, one.path.name)) for one in known]
    added = 0
    with store.change(f"添加 {len(known)} 个签字扫描件") as change:
        for one, digest in kept:
            assert one.agreement is not None
            record = _issued(store, change.get(Agreement, one.agreement))
            if any(scan.file_hash == digest for scan in record.scans):
                continue
            scan = SignedScan(digest, one.path.name, clock.today(), "")
            change.put(replace(record, scans=(*record.scans, scan)))
            added += 1
    return added


def _matched(path: Path, names: Sequence[tuple[str, RecordId, str]]) -> ScanMatch:
    found = [entry for entry in names if entry[0] in path.stem]
    if not found:
        return ScanMatch(path, None, "")
    longest = max(len(name) for name, _, _ in found)
    best = {(record, full) for name, record, full in found if len(name) == longest}
    if len(best) > 1:
        return ScanMatch(path, None, "")
    record, full = best.pop()
    return ScanMatch(path, record, full)


def _issued(store: Store, record: Agreement) -> Agreement:
    if record.snapshot is None:
        name = store.get(Unit, record.unit).name
        raise NotAllowedError(f"{name}的责任书还没有印发,不能添加签字扫描件。", "请先登记印发或签订。")
    return record


def _check_file(path: Path) -> None:
    safe = "未添加任何扫描件,原有数据未改动。"
    if path.suffix.lower() not in SUFFIXES:
        raise FileReadError(
            f"“{path.name}”不是扫描件常用的格式。", "请选择PDF、OFD或图片(JPG、PNG、TIF、BMP)文件。", safe
        )
    try:
        size = path.stat().st_size
    except OSError as error:
        raise FileReadError(
            f"“{path.name}”打不开({error.strerror or error})。", "请检查文件是否还在原来的位置。", safe
        ) from error
    if size == 0:
        raise FileReadError(f"“{path.name}”是空文件。", "请重新扫描或重新复制后再添加。", safe)
    if size > SIZE_LIMIT:
        raise FileReadError(
            f"“{path.name}”有 {size // 1024 // 1024} MB,超过 {SIZE_LIMIT // 1024 // 1024} MB。",
            "请用较低的分辨率(200–300 dpi)重新扫描。", safe,
        )
