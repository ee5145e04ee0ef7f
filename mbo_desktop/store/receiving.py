"""What packages bring: compared, taken in, withdrawn, taken back.

Editions only ever grow in number; which of them counts follows from the set alone, so
order, repetition and loss make no difference. What is shown of another office's record
is a revision written here, with exactly the body of the edition that counts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from mbo_desktop import clock
from mbo_desktop.domain.exchange import (
    EditionLine,
    Manifest,
    PackageState,
    PackageWithdrawal,
    heads,
    root_hash,
    winner,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.purging import MARK
from mbo_desktop.errors import FileReadError, InputError, NotAllowedError
from mbo_desktop.store import editions, packages
from mbo_desktop.store.changes import Change
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.comparing import Difference, DifferenceState, compare
from mbo_desktop.store.editions import Edition
from mbo_desktop.store.owners import own_office
from mbo_desktop.store.projections import heads_of
from mbo_desktop.store.purging import purged, without_purged

__all__ = [
    "Applied", "Difference", "DifferenceState", "apply", "compare", "release", "show", "take_back",
    "take_lines", "withdraw",
]


@dataclass(frozen=True, slots=True)
class Applied:
    """What a package changed here: records shown otherwise, forks among them."""

    package: str
    records: int
    forks: int
    known: bool = False
    """It had been taken in before; nothing was done."""


def apply(
    change: Change, manifest_text: str, manifest: Manifest, lines: Sequence[EditionLine],
    file_name: str = "",
) -> Applied:
    """Take a verified package in, within a change that is a barrier; a known one does nothing.

    FileReadError when a line contradicts what is known of an edition or record, or is of a
    type or schema this program does not know; NotAllowedError for a line of this office.
    """
    identity = packages.identity(manifest_text)
    known = packages.find(change.connection, identity)
    if known is not None and known[1] is not PackageState.HELD:
        return Applied(identity, 0, 0, known=True)
    change.flush()
    if known is None:
        touched = take_lines(change, lines, manifest.replica, own=False)
        packages.record(
            change, manifest_text, manifest, lines, state=PackageState.APPLIED, file_name=file_name
        )
    else:
        touched = _let_in(change, known[0], identity)
    for receipt in manifest.receipts:
        for name, hashed in receipt.heads:
            editions.note_hash(change, name, hashed)
    return _shown(change, identity, touched)


def hold(
    change: Change, manifest_text: str, manifest: Manifest, lines: Sequence[EditionLine],
    file_name: str = "",
) -> int:
    """Keep a package for the administrator (a closed year): known, but it does not count."""
    take_lines(change, lines, manifest.replica, own=False, counting=False)
    return packages.record(
        change, manifest_text, manifest, lines, state=PackageState.HELD, file_name=file_name
    )


def release(change: Change, package: str) -> Applied:
    """Let a held package count; InputError when it is not held."""
    known = packages.find(change.connection, package)
    if known is None or known[1] is not PackageState.HELD:
        raise InputError("这个数据包不在待处理之列。", "请刷新后再看。")
    return _shown(change, package, _let_in(change, known[0], package))


def withdraw(change: Change, package: str, reason: str) -> int:
    """A package taken in no longer counts; how many records are shown otherwise.

    InputError without a reason, for an unknown package and for one withdrawn already.
    """
    if not reason.strip():
        raise InputError("撤回导入要写明原因。", "请填写原因后再撤回。")
    number = _applied(change.connection, package)
    record = change.named(PackageWithdrawal, package)
    if change.find(PackageWithdrawal, record) is not None:
        raise InputError("这个数据包已经撤回。", "需要时可取消撤回。")
    change.put(PackageWithdrawal(
        id=record, package=package, reason=reason, by=change.operator, on=clock.today()
    ))
    return _counted_anew(change, number)


def take_back(change: Change, package: str) -> int:
    """A withdrawn package counts again; how many records are shown otherwise."""
    number = _applied(change.connection, package)
    record = change.named(PackageWithdrawal, package)
    if change.find(PackageWithdrawal, record) is None:
        raise InputError("这个数据包没有撤回过。", "请刷新后再看。")
    change.delete(record)
    return _counted_anew(change, number)


def _applied(connection: sqlite3.Connection, package: str) -> int:
    known = packages.find(connection, package)
    if known is None or known[1] is not PackageState.APPLIED:
        raise InputError("没有导入过这个数据包。", "请刷新后再看。")
    return known[0]


def _let_in(change: Change, number: int, identity: str) -> set[RecordId]:
    change.connection.execute(
        "UPDATE package SET state = ? WHERE id = ?", (PackageState.APPLIED.value, number)
    )
    change.take_package(number, bytes.fromhex(identity))
    touched = _records_of(change.connection, number)
    count_heads(change.connection, touched)
    return touched


def _counted_anew(change: Change, number: int) -> int:
    change.flush()
    touched = _records_of(change.connection, number)
    count_heads(change.connection, touched)
    return show(change, touched)


def _shown(change: Change, identity: str, touched: set[RecordId]) -> Applied:
    change.take_up(touched)
    records = show(change, touched)
    change.flush()
    forks = change.connection.execute(
        "SELECT count(*) FROM (SELECT record FROM edition_head "
        "WHERE record IN (SELECT value FROM json_each(?)) GROUP BY record HAVING count(*) > 1)",
        (json.dumps(sorted(touched)),),
    ).fetchone()[0]
    return Applied(identity, records, forks)


def take_lines(
    change: Change, lines: Sequence[EditionLine], replica: str, *, own: bool, counting: bool = True,
) -> set[RecordId]:
    """Keep editions; the records whose heads changed. own: lines of this office may be among them.

    counting False: the heads stay as they are (the package is held).
    """
    _require_readable(change, lines, own=own)
    lines, gone = without_purged(change.connection, lines), purged(change.connection)
    names = change.names.meet_all(line.name for line in lines)
    change.names.write()
    _require_types(change, lines, names)
    _require_same(change.connection, lines, names)
    change.connection.executemany(
        "INSERT INTO edition (record, e, hash, earlier, schema, deleted, body, replica) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET "
        "body = coalesce(body, excluded.body), e = excluded.e, earlier = excluded.earlier, "
        "schema = excluded.schema, deleted = excluded.deleted WHERE body IS NULL",
        [
            (
                names[line.name], len(line.earlier) + 1, bytes.fromhex(line.hash),
                " ".join(line.earlier), line.schema, int(line.deleted),
                MARK if line.hash in gone else line.body,
                bytes.fromhex(replica),
            )
            for line in lines
        ],
    )
    return _add_heads(change.connection, lines, names) if counting else set()


def _require_readable(change: Change, lines: Iterable[EditionLine], *, own: bool) -> None:
    for line in lines:
        codec = CODECS.get(line.type)
        if codec is None or line.schema > codec.schema:
            raise FileReadError(
                f"数据包中有本程序不认识的内容({line.type} 第{line.schema}版),由更新的版本制出。",
                "请安装新版程序后再导入。",
            )
        if not own and line.owner == change.owner:
            raise NotAllowedError(
                "数据包中有属于本机关的内容,其他机关不能改。", "请不要导入,并告知对方重新制包。"
            )


def _require_types(
    change: Change, lines: Sequence[EditionLine], names: dict[str, RecordId]
) -> None:
    types = editions.types_of(change.connection, names.values())
    rows = []
    for line in lines:
        record = names[line.name]
        if types[record] not in ("", line.type):
            raise _contradiction()
        if not types[record]:
            rows.append((line.type, record))
            types[record] = line.type
    change.connection.executemany("UPDATE record SET type = ? WHERE id = ?", rows)


def _require_same(
    connection: sqlite3.Connection, lines: Sequence[EditionLine], names: dict[str, RecordId]
) -> None:
    """One hash is one edition: FileReadError when lines say otherwise (only a liar's can)."""
    known = _known(connection, [line.hash for line in lines])
    for line in lines:
        facts = known.get(line.hash)
        if facts is None:
            continue
        record, earlier, deleted, schema = facts
        if record != names[line.name] or (
            schema and (earlier, deleted) != (" ".join(line.earlier), line.deleted)
        ):
            raise _contradiction()


def _contradiction() -> FileReadError:
    return FileReadError(
        "数据包的内容与以前收到的自相矛盾,可能被改动过。", "请不要使用,并告知对方重新制包。"
    )


def _known(
    connection: sqlite3.Connection, hashes: list[str]
) -> dict[str, tuple[RecordId, str, bool, int]]:
    found: dict[str, tuple[RecordId, str, bool, int]] = {}
    for start in range(0, len(hashes), _CHUNK):
        chunk = [bytes.fromhex(one) for one in hashes[start : start + _CHUNK]]
        marks = ", ".join("?" * len(chunk))
        for row in connection.execute(
            f"SELECT hash, record, earlier, deleted, schema FROM edition WHERE hash IN ({marks})",
            chunk,
        ).fetchall():
            found[row[0].hex()] = (RecordId(row[1]), row[2], bool(row[3]), row[4])
    return found


_CHUNK = 500


def _add_heads(
    connection: sqlite3.Connection, lines: Sequence[EditionLine], names: dict[str, RecordId]
) -> set[RecordId]:
    """Heads of the union of what counted and the lines: what none of them names as earlier.

    The records whose heads are others now, or are seen now.
    """
    before: dict[int, list[tuple[int, str, str, int]]] = {}
    for record, number, hashed, earlier, withheld in connection.execute(
        "SELECT h.record, e.id, lower(hex(e.hash)), e.earlier, h.withheld FROM edition_head h "
        "JOIN edition e ON e.id = h.edition WHERE h.record IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(set(names.values()))),),
    ).fetchall():
        before.setdefault(record, []).append((number, hashed, earlier, withheld))
    by_name: dict[str, list[EditionLine]] = {}
    for line in lines:
        by_name.setdefault(line.name, []).append(line)
    added: list[tuple[RecordId, int, bytes]] = []
    gone: list[tuple[RecordId, int]] = []
    for name, some in by_name.items():
        record = names[name]
        standing = before.get(record, ())
        passed = {one for line in some for one in line.earlier}
        passed.update(one for _, _, earlier, _ in standing for one in earlier.split())
        known = {hashed: withheld for _, hashed, _, withheld in standing}
        gone += [(record, number) for number, hashed, _, _ in standing if hashed in passed]
        added += [
            (record, int(line.body is None), bytes.fromhex(line.hash)) for line in some
            if line.hash not in passed and known.get(line.hash, 2) > int(line.body is None)
        ]
    connection.executemany("DELETE FROM edition_head WHERE record = ? AND edition = ?", gone)
    connection.executemany(
        "INSERT INTO edition_head (record, edition, withheld) SELECT ?, id, ? FROM edition "
        "WHERE hash = ? ON CONFLICT DO UPDATE SET withheld = min(withheld, excluded.withheld)", added,
    )
    return {one[0] for one in added} | {record for record, _ in gone}


def count_heads(connection: sqlite3.Connection, records: Collection[int]) -> None:
    """Find the heads of records anew from all packages that count."""
    listed = sorted(records)
    for start in range(0, len(listed), _CHUNK):
        chunk = json.dumps(listed[start : start + _CHUNK])
        connection.execute(
            "DELETE FROM edition_head WHERE record IN (SELECT value FROM json_each(?))", (chunk,)
        )
        connection.executemany(
            "INSERT INTO edition_head (record, edition, withheld) VALUES (?, ?, ?)",
            heads_found(connection, chunk),
        )


def heads_found(connection: sqlite3.Connection, records: str) -> list[tuple[int, int, int]]:
    """Record, edition, withheld of the heads of records (a JSON list), from all packages that count.

    For this office's records those it made count, for others' those it took in: that one was
    passed on does not keep it after the package that brought it was withdrawn.
    """
    by_record: dict[int, list[tuple[int, str, str, int]]] = {}
    own = bytes.fromhex(own_office(connection))
    for record, edition, hashed, earlier, withheld in connection.execute(
        "SELECT e.record, e.id, e.hash, e.earlier, e.body IS NULL OR e.body = :mark FROM edition e "
        "JOIN record r ON r.id = e.record "
        "WHERE e.record IN (SELECT value FROM json_each(:records)) AND r.owner = :own "
        "UNION ALL SELECT e.record, e.id, e.hash, e.earlier, max(min(x.withheld), coalesce(e.body = :mark, 0)) "
        "FROM edition e "
        "JOIN record r ON r.id = e.record "
        "JOIN package_edition x ON x.edition = e.id JOIN package p ON p.id = x.package "
        "WHERE e.record IN (SELECT value FROM json_each(:records)) AND r.owner <> :own "
        "AND p.state = 'applied' AND NOT EXISTS (SELECT 1 FROM package_withdrawal w "
        " WHERE w.deleted = 0 AND w.package = lower(hex(p.hash))) GROUP BY e.id",
        {"records": records, "own": own, "mark": MARK},
    ).fetchall():
        by_record.setdefault(record, []).append((edition, hashed.hex(), earlier, withheld))
    found = []
    for record, some in by_record.items():
        passed = {one for _, _, earlier, _ in some for one in earlier.split()}
        found += [
            (record, edition, withheld) for edition, hashed, _, withheld in some
            if hashed not in passed
        ]
    return found


def show(change: Change, records: Collection[RecordId]) -> int:
    """Let other offices' records show the edition that counts; how many were shown otherwise."""
    foreign = [
        one for one in sorted(records) if not change.names.name_of(one).startswith(change.owner)
    ]
    found = editions.heads_by_record(change.connection, foreign)
    states = heads_of(change.connection, foreign)
    types = editions.types_of(change.connection, foreign)
    count = 0
    for record in foreign:
        state, shown = states.get(record), counted(found.get(record, []))
        if shown is not None and shown.visible:
            same = state is not None and not state.deleted and state.text == shown.body
            if not same:
                codec = CODECS[types[record]]
                change.receive(record, codec, shown.body, shown.schema, deleted=False)
        else:
            same = state is None or state.deleted
            if not same:
                change.receive(record, CODECS[types[record]], None, 0, deleted=True)
        count += not same
    return count


def counted(found: Sequence[Edition]) -> Edition | None:
    """The head that counts: the greatest hash; None without any."""
    if not found:
        return None
    best = winner(one.hash for one in found)
    return next(one for one in found if one.hash == best)


def _records_of(connection: sqlite3.Connection, package: int) -> set[RecordId]:
    return {
        RecordId(row[0]) for row in connection.execute(
            "SELECT DISTINCT e.record FROM package_edition x JOIN edition e ON e.id = x.edition "
            "WHERE x.package = ?", (package,),
        ).fetchall()
    }


def roots(connection: Connection | sqlite3.Connection, owner: bytes) -> dict[str, str]:
    """By recipient (32 digits, see `packages.stream_of`): the root of an office's records for it.

    Over all its packages that count here, its own records only: equal at both ends once the
    last packages have arrived.
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for recipient, hashed, earlier in packages.driver(connection).execute(
        "SELECT DISTINCT p.recipient, e.hash, e.earlier FROM package p "
        "JOIN package_edition x ON x.package = p.id JOIN edition e ON e.id = x.edition "
        "JOIN record r ON r.id = e.record WHERE p.sender = ? AND r.owner = p.sender "
        "AND p.state <> 'held' AND NOT EXISTS (SELECT 1 FROM package_withdrawal w "
        " WHERE w.deleted = 0 AND w.package = lower(hex(p.hash)))", (owner,),
    ).fetchall():
        found.setdefault(recipient.hex(), {})[hashed.hex()] = tuple(earlier.split())
    return {one: root_hash(heads(some.items())) for one, some in found.items()}
