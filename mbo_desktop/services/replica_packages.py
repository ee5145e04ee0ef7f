"""Several PCs of one office (你录农业,我录工业): a package with everything, merged on the other PC."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mbo_desktop import __version__, clock
from mbo_desktop.domain.canonical import dump
from mbo_desktop.domain.exchange import (
    BlobEntry,
    HandOver,
    HandOverWay,
    Manifest,
    OfficeCard,
    PackageKind,
    PackageState,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.exchange import cover, frame, manifest, records, signing
from mbo_desktop.exchange.frame import PackageContent, ReadPackage
from mbo_desktop.exchange.limits import MEGABYTE, READER, SUFFIX
from mbo_desktop.exchange.writing import safe_name
from mbo_desktop.services import package_files, package_making, purge, session, trust
from mbo_desktop.services.body_words import BodyWords, type_label
from mbo_desktop.services.exchange_state import Side, sides_of
from mbo_desktop.services.issued import IssuedFile
from mbo_desktop.services.received import Inbox, RowState
from mbo_desktop.store import attachments, backup, packages, replicas
from mbo_desktop.store.database import Store
from mbo_desktop.store.replicas import Conflict, Version
from mbo_desktop.store.signing_key import signing_key

WITHOUT = "-"
"""Given as the password: knowingly without one."""
_FILES = 200 * MEGABYTE
"""Attachments beyond this are left out: a package with password is handled in memory."""
_NUMBERS = "issued_number"


@dataclass(frozen=True, slots=True)
class ReplicaConflict:
    """A record that was changed on both PCs since they last met: asked once."""

    record: RecordId | None
    name: str
    """The record's "owner/uuid"."""
    type_label: str
    title: str
    here: Side
    there: Side


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did."""

    sentence: str
    records: int
    """Records that changed here."""
    conflicts: int
    doubled_numbers: tuple[str, ...]
    """Document numbers that were given out on both."""
    backup: Path | None = None


def make(
    store: Store, folder: Path, *, password: str, carrier: str = "", medium: str = ""
) -> IssuedFile:
    """Write everything of this copy for another PC of the own office.

    InputError without a password: it holds drafts (pass "-" to do without knowingly).
    """
    if not password.strip():
        raise InputError(
            "没有设口令。", "合并包含有未印发的内容,请设口令;确不需要的,请明确选择不设。", "未制出任何包。"
        )
    card = trust.own_card(store)
    with store.change("制出合并包", barrier=True) as change:
        with store.read() as connection:
            log = [dump(line) for line in replicas.export(connection)]
            seq, prev = packages.next_place(connection, store.replica.bytes, store.owner.bytes)
            log_head = packages.log_head(connection, store.replica.bytes)
        blobs, left = _attachments(store)
        said = _manifest(store, card, log, blobs, seq, prev, log_head)
        text = manifest.to_text(said)
        identity = manifest.identity(text)
        name = safe_name(f"{card.name}-合并-第{seq}包") + SUFFIX
        packages.record(change, text, said, (), state=PackageState.ISSUED, file_name=name)
        change.put(HandOver(
            id=change.new(HandOver), package=identity, way=HandOverWay.OUT, carrier=carrier.strip(),
            medium=medium.strip(), on=clock.today(), by=store.operator, cleared=True, note=left,
        ))
    content = PackageContent(
        text, signing.sign(signing_key(store), text), (), package_files.paths(store, said.blobs),
        cover.render(said, identity, []), log,
    )
    path = frame.write_package(
        folder / name, content, password="" if password == WITHOUT else password
    )
    return IssuedFile(path, identity, seq, None, card.name, left)


def _manifest(
    store: Store, card: OfficeCard, log: list[str], blobs: tuple[BlobEntry, ...], seq: int, prev: str,
    log_head: str,
) -> Manifest:
    measured = records.measure(())
    log_hash, log_size = records.measure_log(log)
    return Manifest(
        schema=package_making.SCHEMA, min_reader=READER, app=f"目标责任制管理系统 {__version__}",
        kind=PackageKind.REPLICA, year=session.year_at_work(store) or clock.today().year, sender=card,
        recipient=store.owner.hex, recipient_unit="", recipient_name=card.name,
        replica=store.replica.hex, seq=seq, prev=prev, log_head=log_head, root=measured.root,
        count=measured.count, records_hash=measured.records_hash,
        records_size=measured.records_size, log_hash=log_hash, log_size=log_size, blobs=blobs,
        made_at=clock.now().isoformat(timespec="seconds"), made_by=store.operator,
    )


def _attachments(store: Store) -> tuple[tuple[BlobEntry, ...], str]:
    """The kept files, the newest first as far as there is room, and what is left out in words."""
    found, total, left = [], 0, 0
    kept = sorted(attachments.stored(store.folder), key=lambda one: (-one.stat().st_mtime, one.name))
    for path in kept:
        size = path.stat().st_size
        if total + size > _FILES:
            left += 1
            continue
        total += size
        found.append(BlobEntry(path.name, size, f"附件{path.name[:8]}"))
    said = f"另有{left}个附件因总量过大未带,请复制数据文件夹中的attachments。" if left else ""
    return tuple(sorted(found, key=lambda one: one.sha256)), said


def conflicts(store: Store, inbox: Inbox, row: int) -> tuple[ReplicaConflict, ...]:
    """Records changed on both sides, both versions side by side; nothing is written."""
    read = _opened(inbox, row)
    with store.read() as connection:
        found = replicas.conflicts(connection, read.log_entries())
    return _shown(store, found)


def _shown(store: Store, found: Iterable[Conflict]) -> tuple[ReplicaConflict, ...]:
    words = BodyWords(store, {})
    rows = []
    for one in found:
        bodies = [json.loads(one.here.text), json.loads(one.there.text)]
        here, there = sides_of(words, one.type, bodies)
        rows.append(ReplicaConflict(
            one.record, one.name, type_label(one.type), words.place(bodies[0]) or words.place(bodies[1]),
            _side(one.here, here, counts=True), _side(one.there, there, counts=False),
        ))
    return tuple(rows)


def _side(version: Version, shown: list[tuple[str, str]], *, counts: bool) -> Side:
    return Side(version.hash, tuple(shown), counts, version.deleted)


def merge(store: Store, inbox: Inbox, row: int, *, theirs: frozenset[str] = frozenset()) -> Merged:
    """Merge another PC's copy in one barrier, a backup before.

    theirs: names of the records in conflict for which the other side's version counts;
    for the others this side's does.
    """
    read = _opened(inbox, row)
    with store.read() as connection:
        found = replicas.conflicts(connection, read.log_entries())
    doubled = tuple(
        str(json.loads(one.here.text).get("text", "")) for one in found if one.type == _NUMBERS
    )
    made = backup.make_backup(store, "合并前")
    package_files.copy_in(store, read)
    with store.change("合并本机关另一台电脑的数据", barrier=True) as change:
        done = replicas.merge(change, read.log_entries(), theirs=theirs)
        if packages.find(change.connection, read.identity) is None:
            packages.record(
                change, read.manifest_text, read.manifest, (), state=PackageState.APPLIED,
                file_name=inbox.rows[row].name,
            )
            change.put(HandOver(
                id=change.new(HandOver), package=read.identity, way=HandOverWay.IN, on=clock.today(),
                by=store.operator, cleared=True,
            ))
    if done.purged:
        purge.remove_files(store, done.purged)
        store.compact()
    said = [f"已合并另一台电脑的{done.changes}步修改,{done.records}条内容有变化"]
    if done.conflicts:
        said.append(f"{done.conflicts}条两边都改过,已按选定的一版")
    if doubled:
        said.append(f"文号重复:{'、'.join(doubled)},请改用新号")
    return Merged(";".join(said) + "。", done.records, done.conflicts, doubled, made)


def _opened(inbox: Inbox, row: int) -> ReadPackage:
    opened = inbox.opened[row]
    if inbox.rows[row].state is not RowState.REPLICA or opened is None:
        raise InputError("这个文件不是本机关另一台电脑的合并包。", "请选择合并包。", "未合并任何内容。")
    return opened.read
