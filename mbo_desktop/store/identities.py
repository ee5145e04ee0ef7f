"""Record numbers of this file and the "owner/uuid" names that hold everywhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from hashlib import sha1
from json.encoder import encode_basestring  # what `dump` writes for a text, without its overhead
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import RecordMissingError, StorageError
from mbo_desktop.store.canonical import dump

_NATURAL = uuid5(NAMESPACE_OID, "mbo-desktop natural key")
_CACHED = 100_000
_CHUNK = 500


def natural_uuid(type_name: str, key: list[object]) -> UUID:
    """The uuid that follows from type and natural key, the same on every machine."""
    return UUID(bytes=_natural(type_name, key))


def natural_digits(type_name: str, key: list[object]) -> str:
    """The same as 32 hexadecimal digits, for thousands at once."""
    return _natural(type_name, key).hex()


def _natural(type_name: str, key: list[object]) -> bytes:
    """What `uuid5` gives (RFC 9562, 5.5), without making objects on the way."""
    listed = ",".join(
        encode_basestring(one) if one.__class__ is str else dump(one) for one in key
    )
    text = f"{type_name} [{listed}]".encode()
    made = bytearray(sha1(_NATURAL.bytes + text, usedforsecurity=False).digest()[:16])
    made[6] = made[6] & 0x0F | 0x50
    made[8] = made[8] & 0x3F | 0x80
    return bytes(made)


def split_name(name: str) -> tuple[bytes, bytes]:
    """Owner and uuid of an "owner/uuid"; ValueError for anything else."""
    owner, _, uuid = name.partition("/")
    if len(owner) != 32 or len(uuid) != 32:
        raise ValueError(f"not a record's name: {name!r}")
    return bytes.fromhex(owner), bytes.fromhex(uuid)


def is_name(text: str) -> bool:
    """Whether a text is an "owner/uuid"."""
    try:
        split_name(text)
    except ValueError:
        return False
    return True


def find_all(
    connection: sqlite3.Connection, owner: bytes, uuids: Sequence[bytes]
) -> dict[bytes, RecordId]:
    """The known ones among an office's records, by uuid."""
    found: dict[bytes, RecordId] = {}
    for start in range(0, len(uuids), _CHUNK):
        chunk = uuids[start : start + _CHUNK]
        marks = ", ".join("?" * len(chunk))
        for record, uuid in connection.execute(
            f"SELECT id, uuid FROM record WHERE owner = ? AND uuid IN ({marks})", [owner, *chunk]
        ).fetchall():
            found[uuid] = RecordId(record)
    return found


class NameCache:
    """Names of records looked up lately; shared by all threads, emptied on rollback."""

    def __init__(self) -> None:
        self.names: dict[RecordId, str] = {}
        self.numbers: dict[str, RecordId] = {}
        self.readings: dict[str, RecordId] | None = None
        """Names of other offices' units that are read as own ones; None: to be looked up."""
        self.reading = 0
        """Counts how often they became void, so that no late look-up keeps an old state."""

    def remember(self, record: RecordId, name: str) -> None:
        """Keep a pair that stands in the file."""
        if len(self.names) >= _CACHED:
            self.clear()
        self.names[record] = name
        self.numbers[name] = record

    def clear(self) -> None:
        """Forget everything."""
        self.names = {}
        self.numbers = {}

    def read_anew(self) -> None:
        """Bindings changed."""
        self.reading += 1
        self.readings = None


def readings_of(connection: sqlite3.Connection) -> dict[str, RecordId]:
    """Which own unit a name of another office's unit stands for, by this office's bindings.

    The other office's own unit is the one it is bound to, its unit for us is our own.
    """
    found: dict[str, RecordId] = {}
    for unit, theirs, ours, own in connection.execute(
        "SELECT b.unit, b.their_unit, b.our_unit, "
        "(SELECT o.unit FROM office o JOIN record s ON s.id = o.record "
        " WHERE o.deleted = 0 AND s.owner = r.owner ORDER BY o.record LIMIT 1) "
        "FROM binding b JOIN record r ON r.id = b.record WHERE b.deleted = 0 ORDER BY b.record"
    ).fetchall():
        pairs = [(theirs, unit), *((one, own) for one in ours.split())]
        found |= {
            name: RecordId(number) for name, number in pairs if is_name(name) and number is not None
        }
    return found


class Names:
    """Translates names and numbers over one connection (a codec's `References`)."""

    def __init__(self, connection: sqlite3.Connection, cache: NameCache) -> None:
        self._connection = connection
        self._cache = cache

    def name_of(self, record: RecordId) -> str:
        """The "owner/uuid" of a record; RecordMissingError when the file has no such number."""
        name = self._cache.names.get(record)
        if name is None:
            row = self._connection.execute(
                "SELECT owner, uuid FROM record WHERE id = ?", (record,)
            ).fetchone()
            if row is None:
                raise RecordMissingError(f"引用的内容(编号{record})不在本数据文件中。")
            name = f"{row[0].hex()}/{row[1].hex()}"
            self._cache.remember(record, name)
        return name

    def number_of(self, name: str) -> RecordId:
        """The record of an "owner/uuid"; StorageError when the file does not know it.

        Another office's unit that is bound to an own one is read as the own one.
        """
        record = self.readings().get(name) or self._cache.numbers.get(name)
        if record is None:
            record = self.find(*split_name(name))
            if record is None:
                raise StorageError(
                    f"数据文件中的一处引用({name})没有对应的记录,文件可能已损坏。",
                    "数据文件未被改动。",
                    "请运行数据体检;如报告损坏,请从备份恢复。",
                )
            self._cache.remember(record, name)
        return record

    def readings(self) -> dict[str, RecordId]:
        """Names of other offices' units with the own units that they are read as."""
        found, reading = self._cache.readings, self._cache.reading
        if found is None:
            found = readings_of(self._connection)
            if reading == self._cache.reading:
                self._cache.readings = found
        return found

    def read_anew(self) -> tuple[dict[str, RecordId], dict[str, RecordId]]:
        """Look the readings up again after bindings changed: before and now."""
        before = self.readings()
        self._cache.read_anew()
        return before, self.readings()

    def find(self, owner: bytes, uuid: bytes) -> RecordId | None:
        """The record with this owner and uuid, None when there is none."""
        row = self._connection.execute(
            "SELECT id FROM record WHERE owner = ? AND uuid = ?", (owner, uuid)
        ).fetchone()
        return None if row is None else RecordId(row[0])


class NewNames(Names):
    """Names within a change: makes records for new things and stubs for what is only referred to."""

    def __init__(self, connection: sqlite3.Connection, cache: NameCache, owner: bytes) -> None:
        super().__init__(connection, cache)
        self._owner = owner
        self._next = 0
        self._rows: list[tuple[int, bytes, bytes, str | None, int]] = []
        self._names: dict[RecordId, str] = {}
        self._numbers: dict[str, RecordId] = {}
        self._readings: dict[str, RecordId] | None = None
        self.types: dict[RecordId, str | None] = {}
        """Records made in this change; None for a stub."""

    def new(self, type_name: str) -> RecordId:
        """A record with a random uuid, owned by this office."""
        return self._create(self._owner, uuid4().bytes, type_name)

    def named(self, type_name: str, key: list[object]) -> RecordId:
        """The record with this natural key, made when there is none yet."""
        return self._meet(self._owner, natural_uuid(type_name, key).bytes, type_name)

    def name_of(self, record: RecordId) -> str:
        """The "owner/uuid" of a record; RecordMissingError when the file has no such number."""
        return self._names.get(record) or super().name_of(record)

    def number_of(self, name: str) -> RecordId:
        """The record of an "owner/uuid"; one not yet received becomes a stub."""
        return self.readings().get(name) or self._meet(*split_name(name), None)

    def readings(self) -> dict[str, RecordId]:
        """As they are in this change."""
        if self._readings is None:
            self._readings = readings_of(self._connection)
        return self._readings

    def read_anew(self) -> tuple[dict[str, RecordId], dict[str, RecordId]]:
        """Look the readings up again after bindings changed: before and now."""
        before, self._readings = self.readings(), None
        return before, self.readings()

    def meet(self, name: str) -> RecordId:
        """The very record of an "owner/uuid", whatever it is read as; made when there is none."""
        return self._meet(*split_name(name), None)

    def meet_all(self, names: Iterable[str]) -> dict[str, RecordId]:
        """The very records of many names, looked up together; made where there are none."""
        found: dict[str, RecordId] = {}
        unknown: dict[bytes, list[bytes]] = {}
        for name in dict.fromkeys(names):
            record = self._numbers.get(name) or self._cache.numbers.get(name)
            if record is None:
                owner, uuid = split_name(name)
                unknown.setdefault(owner, []).append(uuid)
            else:
                found[name] = record
        for owner, uuids in unknown.items():
            known = find_all(self._connection, owner, uuids)
            for uuid in uuids:
                name = f"{owner.hex()}/{uuid.hex()}"
                if uuid in known:
                    found[name] = known[uuid]
                    self._cache.remember(known[uuid], name)
                else:
                    found[name] = self._create(owner, uuid, None)
        return found

    def write(self) -> None:
        """Insert the records made since the last call."""
        if self._rows:
            self._connection.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?)", self._rows)
            self._rows = []

    def _meet(self, owner: bytes, uuid: bytes, type_name: str | None) -> RecordId:
        name = f"{owner.hex()}/{uuid.hex()}"
        record = self._numbers.get(name) or self._cache.numbers.get(name)
        if record is None:
            record = self.find(owner, uuid)
            if record is None:
                return self._create(owner, uuid, type_name)
            self._cache.remember(record, name)
        return record

    def _create(self, owner: bytes, uuid: bytes, type_name: str | None) -> RecordId:
        if not self._next:
            last = self._connection.execute("SELECT max(id) FROM record").fetchone()[0]
            self._next = (last or 0) + 1
        record = RecordId(self._next)
        self._next += 1
        self._rows.append((record, owner, uuid, type_name, int(type_name is None)))
        name = f"{owner.hex()}/{uuid.hex()}"
        self.types[record], self._names[record], self._numbers[name] = type_name, name, record
        return record
