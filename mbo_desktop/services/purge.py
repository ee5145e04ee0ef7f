"""清除误录内容: what holds a text, what removing it touches, and the act itself.

A classified matter or an ID number typed by mistake: the record is corrected, all its other
states, what was issued or received of it, attachments and copies lose their content for good;
hashes and log stay, so that every check still passes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mbo_desktop import clock
from mbo_desktop.domain.exchange import PackageKind, PackageState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.purging import REPLACEMENT, Purge, replaced
from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import InputError, NotAllowedError, StorageError
from mbo_desktop.services import package_files, package_register, purge_places
from mbo_desktop.services.body_words import LABELS, BodyWords, type_label
from mbo_desktop.store import (
    attachments,
    backup,
    backup_register,
    purge_rest,
    purging,
    receiving,
    scratch,
)
from mbo_desktop.store.backup_register import Deed
from mbo_desktop.store.changes import Change
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.database import Store
from mbo_desktop.store.folder import BACKUPS, discard
from mbo_desktop.store.history import entity_of
from mbo_desktop.store.projections import Head
from mbo_desktop.store.purge_rest import Rest
from mbo_desktop.store.queries import purging as reads
from mbo_desktop.store.queries.portable import names_of
from mbo_desktop.store.queries.purging import Place
from mbo_desktop.store.text import clean

Progress = Callable[[int, int, str], None]
Stop = Callable[[], bool]
_LEAST = 2
_NAMED = 2000
"""Hashes named by one purge record; a larger act is written as several."""
_log = logging.getLogger("mbo.purge")


@dataclass(frozen=True, slots=True)
class Match:
    """A record of which some state holds the text."""

    record: RecordId
    type_label: str
    title: str
    """With the unit and month it is about: of twenty units each has a target of the same name."""
    fields: tuple[str, ...]
    """Chinese names of the fields in which it stands, over all states."""
    versions: int
    """States of it here that hold the text."""
    editions: int
    """States of it that were issued or received."""
    first: datetime | None
    last: datetime | None
    who: str
    is_own: bool
    in_head: bool
    """It still stands in the newest state: that is corrected as part of the act."""
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class PurgeFile:
    """An attachment that chosen records name."""

    digest: str
    name: str
    holds_text: bool
    """The text was found in it; in scans and pictures it cannot be found."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What the newest state of a record says now and will say."""

    record: RecordId
    title: str
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PurgePlan:
    """Everything that the act touches; nothing is written yet."""

    text: str
    replacement: str
    matches: tuple[Match, ...]
    hashes: frozenset[str]
    """Of the revisions, editions and log entries that lose their content."""
    log_entries: int
    corrections: tuple[Correction, ...]
    hidden: tuple[str, ...]
    """Other offices' records that are shown no more until their owner sends a corrected one."""
    files: tuple[PurgeFile, ...]
    copies: tuple[Path, ...]
    """Copies of received packages and other files of the data folder that are deleted."""
    backups: tuple[Path, ...]
    """Backups of this folder that hold the text."""
    handed_on: tuple[str, ...]
    """Who was given it, for information and destruction."""
    left: tuple[str, ...]
    """Where it stands and cannot be removed."""
    change_count: int = 0
    states: tuple[Head, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Purged:
    """What the act did."""

    sentence: str
    purges: tuple[RecordId, ...]
    backup: Path | None
    left: tuple[str, ...]


def search(
    store: Store, text: str, progress: Progress | None = None, cancelled: Stop | None = None
) -> tuple[Match, ...]:
    """All records of which any state holds the text, the latest first; InputError when it is too short."""
    sought = _sought(text)
    places = reads.places(store, sought, progress, cancelled)
    by_record: dict[RecordId, list[Place]] = {}
    for one in places:
        by_record.setdefault(one.record, []).append(one)
    heads, names = reads.heads(store, by_record), names_of(store, list(by_record))
    words = BodyWords(store, {})
    found = [
        _match(record, some, heads.get(record), names[record][:32] == store.owner.hex, words, sought)
        for record, some in by_record.items()
        if heads.get(record) is None or heads[record].type_name != Purge.type_name
    ]
    return tuple(sorted(found, key=lambda one: (one.last is not None, one.last or 0), reverse=True))


def _sought(text: str) -> str:
    sought = clean(text).strip()
    if len(sought) < _LEAST:
        raise InputError(
            "要清除的文字太短。", "请输入至少2个字,最好是整个号码、整句话。", "没有清除任何内容。"
        )
    return sought


def _match(
    record: RecordId, places: Sequence[Place], head: Head | None, is_own: bool, words: BodyWords,
    text: str,
) -> Match:
    bodies = [json.loads(one.body) for one in places]
    kind = "" if head is None else head.type_name
    fields = dict.fromkeys(
        LABELS.get(key, key) for body in bodies for key, value in body.items() if _in(value, text)
    )
    moments = sorted(one.at for one in places if one.at is not None)
    latest = max((one for one in places if one.n), key=lambda one: one.n, default=None)
    return Match(
        record, type_label(kind) if kind else "未收到的记录",
        words.place(head.body() if head is not None and head.text != purging.MARK else bodies[-1]),
        tuple(fields), sum(one.n > 0 for one in places), sum(one.n == 0 for one in places),
        moments[0] if moments else None, moments[-1] if moments else None,
        "" if latest is None else latest.who, is_own,
        head is not None and _in(head.body() if head.text != purging.MARK else {}, text),
        head is not None and head.deleted,
    )


def _in(value: Any, text: str) -> bool:
    return bool(replaced(value, text, "") != value)


def plan(
    store: Store, text: str, records: Collection[RecordId], *, replacement: str = REPLACEMENT,
    progress: Progress | None = None, cancelled: Stop | None = None,
) -> PurgePlan:
    """What removing the text from these records touches; InputError when nothing is chosen."""
    sought, chosen = _sought(text), set(records)
    matches = tuple(one for one in search(store, sought, progress, cancelled) if one.record in chosen)
    if not matches:
        raise InputError("没有选择要清除的记录。", "请在查到的记录中勾选。", "没有清除任何内容。")
    if sought in replacement:
        raise InputError("替换文字里又含有要清除的文字。", "请换一个替换文字。", "没有清除任何内容。")
    places = [one for one in reads.places(store, sought) if one.record in chosen]
    entries = reads.log_entries(store, sought)
    heads = reads.heads(store, chosen)
    states = tuple(heads[one.record] for one in matches if one.in_head)
    own = {one.record for one in matches if one.is_own}
    _refuse_unfit(store, [one for one in states if one.record in own], sought, replacement)
    editions = [one.hash for one in places if not one.n]
    since = min((one.at for one in places if one.at is not None), default=None)
    return PurgePlan(
        sought, replacement, matches, frozenset([*(one.hash for one in places), *entries]),
        len(entries), _corrections(store, states, own, sought, replacement),
        tuple(one.title.replace(sought, replacement) for one in matches if not one.is_own and one.in_head),
        _files(store, chosen, sought), purge_places.other_files(store.folder, sought),
        _backups(store, sought, since), _handed_on(store, editions, since),
        tuple(f"数据包登记“{one}”中的附件名或说明" for one in reads.manifests_with(store, sought)),
        store.change_count, states,
    )


def _corrections(
    store: Store, states: Sequence[Head], own: Collection[RecordId], text: str, replacement: str
) -> tuple[Correction, ...]:
    words, found = BodyWords(store, {}), []
    for state in states:
        if state.record not in own:
            continue
        before, after = state.body(), replaced(state.body(), text, replacement)
        title = words.place(after)
        found += [
            Correction(state.record, title, label, old, new)
            for label, old, new in words.changes(state.type_name, before, after)
        ]
    return tuple(found)


def _files(store: Store, records: Collection[RecordId], text: str) -> tuple[PurgeFile, ...]:
    names: dict[str, str] = {}
    for body in reads.bodies_of(store, records):
        for digest, name in package_files.named_in(json.loads(body)):
            names[digest] = names.get(digest) or name
    found = []
    for digest, name in names.items():
        path = attachments.blob_path(store.folder, digest)
        if path.is_file():
            found.append(PurgeFile(digest, name or f"附件{digest[:8]}", purge_places.holds(path, text)))
    return tuple(found)


def _backups(store: Store, text: str, since: datetime | None) -> tuple[Path, ...]:
    """Backups made after the text came in, and those in which it is found (a clock may have gone wrong)."""
    return tuple(
        one.path for one in backup.list_backups(store.folder)
        if since is None or one.made_at >= since.astimezone().replace(tzinfo=None, microsecond=0)
        or purge_places.holds(one.path, text)
    )


def _handed_on(store: Store, editions: Collection[str], since: datetime | None) -> tuple[str, ...]:
    """Who has it: recipients and senders of packages, other PCs, backups elsewhere."""
    carried = set(reads.carrying(store, editions))
    found = []
    for one in package_register.packages(store):
        is_copy = one.kind is PackageKind.REPLICA and one.state is PackageState.ISSUED and (
            since is None or (one.on is not None and one.on >= since.date())
        )
        if one.package not in carried and not is_copy:
            continue
        day = "" if one.on is None else f"({one.on:%Y-%m-%d})"
        if is_copy:
            found.append(f"本机关另一台电脑:合并第{one.seq}包{day}")
        elif one.state is PackageState.ISSUED:
            found.append(f"{one.recipient_name}:{one.kind.label}第{one.seq}包{day}")
        else:
            found.append(f"{one.sender_name}:发来的{one.kind.label}第{one.seq}包{day}")
    found += [
        f"外部备份({entry.at:%Y-%m-%d %H:%M},{entry.place})"
        for entry in reversed(backup_register.read(store.folder).entries)
        if entry.deed is Deed.OUTSIDE and entry.ok and (since is None or entry.at >= since)
    ]
    return tuple(found)


def purge(
    store: Store, given: PurgePlan, *, reason: str, approved_by: str = "",
    files: Collection[str] = (), delete_backups: bool = True, others: Sequence[str] = (),
    progress: Progress | None = None,
) -> Purged:
    """Remove what was planned for good, in one barrier change; then the copies and old backups.

    files: digests of the attachments to remove. others: further holders for the record of the
    act. InputError without a reason or where a correction does not fit a field;
    NotAllowedError when the data changed since the plan was made.
    """
    if not reason.strip():
        raise InputError("没有写明清除的原因。", "请写明原因,不要写出被清除的内容本身。", "没有清除任何内容。")
    if given.text in reason:
        raise InputError("原因里写出了要清除的内容。", "请改写,不要写出内容本身。", "没有清除任何内容。")
    if store.change_count != given.change_count:
        raise NotAllowedError("查找之后数据又有改动。", "请重新查找后再清除。")
    kept = tuple(f"备份 {one.name}" for one in given.backups) if not delete_backups else ()
    with store.change("清除误录内容", barrier=True, act=Act.PURGE) as change:
        _correct(change, given)
        hashes = given.hashes | frozenset(files)
        purging.mark(change, hashes)
        purges = _record(
            store, change, given, sorted(hashes), reason.strip(), approved_by.strip(),
            (*given.handed_on, *others, *kept),
        )
        touched = {RecordId(one) for one in purging.records_with(change.connection, given.hashes)}
        change.flush()
        receiving.count_heads(change.connection, touched)
        receiving.show(change, touched)
        change.take_up({one.record for one in given.matches})
        backups = given.backups if delete_backups else ()
        purge_rest.note(change, store.folder, Rest(tuple(files), given.copies, backups))
    made, left = _remove_rest(store, progress)
    _log.info("purged %d hashes, %d files", len(hashes), len(files))
    return Purged(
        f"已清除{len(given.matches)}条记录中的误录内容,数据文件已整理。", purges, made, (*given.left, *left)
    )


def finish(store: Store) -> bool:
    """Carry a purge to its end that was cut off after its commit; False when none was."""
    if store.opened_to_look or store.gate.refusal(Act.PURGE) or purge_rest.of(store) is None:
        return False
    _remove_rest(store)
    return True


def _remove_rest(store: Store, progress: Progress | None = None) -> tuple[Path, list[str]]:
    """Remove what the committed purge listed, in an order that leaves a sound backup at any time."""
    rest = purge_rest.of(store) or Rest((), (), ())
    if progress is not None:
        progress(1, 4, "正在删除副本")
    left = [*remove_files(store, rest.files), *_remove(rest.copies)]
    if progress is not None:
        progress(2, 4, "正在整理数据文件")
    store.compact()
    # Copies that a killed drill or check left behind hold it too.
    scratch.sweep()
    if progress is not None:
        progress(3, 4, "正在做新的备份")
    made = backup.make_backup(store, "清除后")
    left += _remove(rest.backups)
    if rest.backups:
        for digest in rest.files:
            discard(attachments.blob_path(store.folder / BACKUPS, digest))
    purge_rest.done(store)
    return made, left


def _correct(change: Change, given: PurgePlan) -> None:
    """The newest states without the text: own ones corrected, others' shown no more."""
    own = {one.record for one in given.matches if one.is_own}
    for state in given.states:
        codec = CODECS[state.type_name]
        body = replaced(state.body(), given.text, given.replacement)
        try:
            if state.record in own:
                change.put_state(state.record, codec, body, deleted=state.deleted)
            else:
                change.receive(
                    state.record, codec, purging.dump(body), codec.schema, deleted=True
                )
        except (ValueError, ArithmeticError, KeyError, StorageError) as error:
            raise _unfit(state) from error
    change.flush()


def _unfit(state: Head) -> InputError:
    return InputError(
        f"“{type_label(state.type_name)}”中这段文字在日期、数字或选项栏里,不能自动更正。",
        "请先手工改正或清空这一格,再来清除。", "没有清除任何内容。",
    )


def _refuse_unfit(store: Store, states: Sequence[Head], text: str, replacement: str) -> None:
    """InputError where a record could not hold the replacement: said before the preview promises it."""
    for state in states:
        try:
            entity_of(store, state.record, state.type_name, replaced(state.body(), text, replacement))
        except (ValueError, ArithmeticError, KeyError, StorageError) as error:
            raise _unfit(state) from error


def _record(
    store: Store, change: Change, given: PurgePlan, hashes: Sequence[str], reason: str,
    approved_by: str, handed_on: tuple[str, ...],
) -> tuple[RecordId, ...]:
    subjects = tuple(
        f"{one.type_label}「{one.title.replace(given.text, given.replacement)}」{one.versions}版"
        for one in given.matches
    )
    made = []
    for start in range(0, max(len(hashes), 1), _NAMED):
        record = change.new(Purge)
        change.put(Purge(
            id=record, reason=reason, by=store.operator, approved_by=approved_by, on=clock.today(),
            hashes=tuple(hashes[start : start + _NAMED]), subjects=subjects, handed_on=handed_on,
        ))
        made.append(record)
    return tuple(made)


def remove_files(store: Store, digests: Collection[str]) -> list[str]:
    """Delete purged attachments; what could not be deleted, in words."""
    return _remove(tuple(
        path for one in digests if (path := attachments.blob_path(store.folder, one)).exists()
    ))


def _remove(paths: Sequence[Path]) -> list[str]:
    left = []
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            left.append(f"文件“{path}”未能删除({error.strerror or error}),请手工删除")
    return left


def acts(store: Store) -> tuple[Purge, ...]:
    """The acts so far, the newest first."""
    return tuple(sorted(store.all(Purge), key=lambda one: one.id, reverse=True))
