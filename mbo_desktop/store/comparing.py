"""What lines of a package would change here, found by reading only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from mbo_desktop.domain.exchange import EditionLine, heads, winner
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.store.canonical import Body, load
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.editions import Edition, heads_by_record, lineage
from mbo_desktop.store.identities import find_all, split_name
from mbo_desktop.store.packages import driver
from mbo_desktop.store.purging import without_purged


class DifferenceState(Choice):
    """What taking a record's lines in does to what is shown of it."""

    NEW = "new", "新增"
    CHANGED = "changed", "修改"
    DELETED = "deleted", "删除"
    WITHHELD = "withheld", "不再归本单位"
    BACK = "back", "重新归本单位"
    KNOWN = "known", "已有"
    OLDER = "older", "较早"
    FORK = "fork", "冲突"


@dataclass(frozen=True, slots=True)
class Difference:
    """One record of a package: what is shown of it now, what will be."""

    name: str
    """Its "owner/uuid"."""
    type: str
    record: RecordId | None
    """None while nothing here knows it."""
    state: DifferenceState
    before_text: str | None
    after_text: str | None
    before_schema: int = 0
    after_schema: int = 0

    @property
    def before(self) -> Body | None:
        """The body shown now, in today's schema; None when nothing is shown."""
        return _body(self.type, self.before_text, self.before_schema)

    @property
    def after(self) -> Body | None:
        """The body shown afterwards, in today's schema; None when nothing is."""
        return _body(self.type, self.after_text, self.after_schema)


def _body(type_name: str, text: str | None, schema: int) -> Body | None:
    return None if text is None else CODECS[type_name].upgraded(load(text), schema)


def compare(
    connection: Connection | sqlite3.Connection, lines: Sequence[EditionLine]
) -> tuple[Difference, ...]:
    """What each record of the lines (of one or several packages) will show; nothing is written."""
    plain = driver(connection)
    by_name: dict[str, list[EditionLine]] = {}
    for line in without_purged(plain, lines):
        by_name.setdefault(line.name, []).append(line)
    records = find_names(plain, by_name)
    standing = heads_by_record(plain, records.values())
    found: list[Difference] = []
    unclear: list[tuple[int, RecordId]] = []
    for name, some in by_name.items():
        record = records.get(name)
        difference = _difference(name, some, record, standing.get(record, []) if record else [])
        if record is not None and difference.state is DifferenceState.NEW:
            unclear.append((len(found), record))
        found.append(difference)
    # A record that was here once and is shown no more (withdrawn, withheld) comes back.
    known = lineage(plain, [record for _, record in unclear])
    for place, record in unclear:
        if record in known:
            one = found[place]
            found[place] = Difference(
                one.name, one.type, record, DifferenceState.BACK, None, one.after_text, 0,
                one.after_schema,
            )
    return tuple(found)


def _difference(
    name: str, lines: list[EditionLine], record: RecordId | None, standing: list[Edition]
) -> Difference:
    if not standing and len(lines) == 1:
        return _of_new(name, lines[0], record)
    before = _shown(standing)
    union = {head.hash: head for head in standing}
    for line in lines:
        known = union.get(line.hash)
        if known is None or known.withheld:
            union[line.hash] = Edition(
                0, record or RecordId(0), line.hash, line.earlier, line.schema, line.deleted,
                line.body, line.body is None,
            )
    left = heads((one.hash, one.earlier) for one in union.values())
    best = union[winner(left)]
    after = best if best.visible else None
    state = _state(lines, standing, union, left, best, before)
    return Difference(
        name, lines[0].type, record, state,
        None if before is None else before.body, None if after is None else after.body,
        0 if before is None else before.schema, 0 if after is None else after.schema,
    )


def _of_new(name: str, line: EditionLine, record: RecordId | None) -> Difference:
    """The only edition ever heard of; most lines of a first package are such ones."""
    if line.deleted or line.body is None:
        return Difference(name, line.type, record, DifferenceState.OLDER, None, None)
    return Difference(
        name, line.type, record, DifferenceState.NEW, None, line.body, 0, line.schema
    )


def _state(
    lines: list[EditionLine], standing: list[Edition], union: dict[str, Edition],
    left: frozenset[str], best: Edition, before: Edition | None,
) -> DifferenceState:
    known = {head.hash: head.withheld for head in standing}
    news = [
        line for line in lines
        if line.hash in left and (line.hash not in known or (known[line.hash] and line.body is not None))
    ]
    if not news:
        return DifferenceState.KNOWN if any(one.hash in known for one in lines) else DifferenceState.OLDER
    if len(left) > 1:
        return DifferenceState.FORK
    if best.visible:
        if before is not None:
            return DifferenceState.CHANGED
        return DifferenceState.BACK if standing else DifferenceState.NEW
    if best.deleted:
        return DifferenceState.DELETED if before is not None else DifferenceState.OLDER
    return DifferenceState.WITHHELD if before is not None else DifferenceState.OLDER


def _shown(standing: list[Edition]) -> Edition | None:
    if not standing:
        return None
    best = winner(one.hash for one in standing)
    return next((one for one in standing if one.hash == best and one.visible), None)


def find_names(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, RecordId]:
    """Record numbers of those of the names that are known, whatever they are read as."""
    by_owner: dict[bytes, list[bytes]] = {}
    for name in names:
        owner, uuid = split_name(name)
        by_owner.setdefault(owner, []).append(uuid)
    return {
        f"{owner.hex()}/{uuid.hex()}": record for owner, uuids in by_owner.items()
        for uuid, record in find_all(connection, owner, uuids).items()
    }


def unknown_to(
    connection: Connection | sqlite3.Connection, sender: str, lines: Sequence[EditionLine]
) -> tuple[tuple[str, str], ...]:
    """(name, hash) of the sender's editions held here that its package does not know of.

    Heads of its records that neither stand in the lines nor are named as earlier there: what
    an office lost with a restored backup. They go into the next receipt.
    """
    plain = driver(connection)
    own = [line for line in lines if line.owner == sender]
    known = {line.hash for line in own} | {one for line in own for one in line.earlier}
    names = find_names(plain, {line.name for line in own})
    by_record = {record: name for name, record in names.items()}
    return tuple(sorted(
        (by_record[record], head.hash)
        for record, some in heads_by_record(plain, by_record).items()
        for head in some if head.hash not in known
    ))


def unissued(
    connection: Connection | sqlite3.Connection, records: Sequence[RecordId]
) -> frozenset[RecordId]:
    """Own records that were issued or reported and changed since (未印发的修改)."""
    return frozenset(
        RecordId(row[0]) for row in driver(connection).execute(
            "SELECT h.record FROM edition_head h JOIN edition e ON e.id = h.edition "
            "JOIN revision v ON v.id = (SELECT id FROM revision WHERE record = h.record "
            " ORDER BY n DESC, hash DESC LIMIT 1) "
            "WHERE h.record IN (SELECT value FROM json_each(?)) "
            "AND (v.body <> e.body OR v.deleted <> e.deleted OR e.body IS NULL)",
            (json.dumps(sorted(records)),),
        ).fetchall()
    )
