"""Somebody edits the data file past the program: rows changed, taken out, swapped, hashed anew.

Not tried here: taking out the newest entries, which only a head kept elsewhere shows.
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from mbo_desktop.domain.canonical import dump
from mbo_desktop.domain.exchange import edition_hash
from mbo_desktop.errors import StorageError
from mbo_desktop.store.canonical import revision_hash
from tests.faults import exchanged_folder as office

pytestmark = pytest.mark.timeout(300)
KEPT = {
    "change": ("replica", "seq", "label", "who", "at", "machine", "barrier", "prev", "hash"),
    "revision": ("record", "n", "parents", "hash", "schema", "deleted", "body", "change"),
    "edition": ("record", "hash", "earlier", "schema", "deleted", "body"),
    "package": ("hash", "manifest"),
    "record": ("owner", "uuid", "type"),
}
"""Columns that say what was done; edition.e, package.kept_at and the like only order or note."""


def another(value: object, chance: random.Random, *, flag: bool = False) -> object:
    """A value of the same kind that is not this one."""
    if flag:
        return 0 if value else 1
    if isinstance(value, bytes):
        place = chance.randrange(len(value))
        return value[:place] + bytes([value[place] ^ 1 << chance.randrange(8)]) + value[place + 1:]
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 5])
    text = str(value or "")
    if text and chance.random() < 0.8:
        place = chance.randrange(len(text))
        put = chance.choice([one for one in "0123456789改abc" if one != text[place]])
        return text[:place] + put + text[place + 1:]
    return text + "x"


def change_a_cell(connection: sqlite3.Connection, chance: random.Random) -> str:
    table = chance.choice(list(KEPT))
    column = chance.choice(KEPT[table])
    row, value = chance.choice(connection.execute(f"SELECT id, {column} FROM {table}").fetchall())
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (
        another(value, chance, flag=column in ("barrier", "deleted")), row,
    ))
    return f"{table}.{column} of {row}: {value!r}"


def take_a_row_out(connection: sqlite3.Connection, chance: random.Random) -> str:
    table = chance.choice(["change", "revision", "edition", "package"])
    rows = [row[0] for row in connection.execute(f"SELECT id FROM {table} ORDER BY id").fetchall()]
    row = chance.choice(rows[:-1])
    if table == "change":
        # A careful hand takes its work out as well.
        connection.execute("DELETE FROM revision WHERE change = ?", (row,))
        connection.execute("DELETE FROM package_change WHERE change = ?", (row,))
    if table == "edition":
        connection.execute("DELETE FROM package_edition WHERE edition = ?", (row,))
        connection.execute("DELETE FROM edition_head WHERE edition = ?", (row,))
    connection.execute(f"DELETE FROM {table} WHERE id = ?", (row,))
    return f"{table} {row} out"


def swap_two_rows(connection: sqlite3.Connection, chance: random.Random) -> str:
    table = chance.choice(["change", "revision"])
    one, other = chance.sample(
        [row[0] for row in connection.execute(f"SELECT id FROM {table}").fetchall()], 2
    )
    column = chance.choice(["label", "at", "seq"] if table == "change" else ["body", "change", "n"])
    asked = f"SELECT {column} FROM {table} WHERE id = ?"
    first = connection.execute(asked, (one,)).fetchone()[0]
    second = connection.execute(asked, (other,)).fetchone()[0]
    if column == "seq":
        connection.execute("UPDATE change SET seq = -1 WHERE id = ?", (one,))
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (first, other))
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (second, one))
    return "" if first == second else f"{table}.{column}: {one} and {other} swapped"


def forged(body: str, chance: random.Random) -> str:
    """The body with something else in one of its fields, canonical."""
    content = json.loads(body)
    name = chance.choice(list(content))
    content[name] = "伪造" if not isinstance(content[name], str) else content[name] + "伪"
    return dump(content)


def hash_anew(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Forge a body and give it the hash that fits."""
    table = chance.choice(["revision", "edition"])
    row, record, schema, deleted, body = chance.choice(connection.execute(
        f"SELECT id, record, schema, deleted, body FROM {table} WHERE body LIKE '{{%:%'"
    ).fetchall())
    owner, uuid, type_name = connection.execute(
        "SELECT owner, uuid, type FROM record WHERE id = ?", (record,)
    ).fetchone()
    text = forged(body, chance)
    same = {"type_name": type_name, "uuid": uuid.hex(), "owner": owner.hex(), "schema": schema,
            "deleted": bool(deleted), "body": text}
    if table == "revision":
        n, parents = connection.execute(
            "SELECT n, parents FROM revision WHERE id = ?", (row,)
        ).fetchone()
        hashed = revision_hash(n=n, parents=parents.split(), **same)
    else:
        earlier = connection.execute("SELECT earlier FROM edition WHERE id = ?", (row,)).fetchone()[0]
        hashed = bytes.fromhex(edition_hash(earlier=earlier.split(), **same))
    connection.execute(f"UPDATE {table} SET body = ?, hash = ? WHERE id = ?", (text, hashed, row))
    return f"{table} {row} hashed anew: {text[:60]}"


WAYS: list[Callable[[sqlite3.Connection, random.Random], str]] = [
    change_a_cell, change_a_cell, take_a_row_out, swap_two_rows, hash_anew,
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed data folder; never opened, only copied."""
    return office.make(tmp_path_factory.mktemp("tampered"))


def tamper(template: Path, place: Path, rounds: int, seed: int) -> Counter[str]:
    """Tamper that often; each time it is reported or refused. How often in which way."""
    folder = Path(shutil.copytree(template, place))
    assert office.damage(folder) == []
    original = (folder / "mbo.db").read_bytes()
    done: Counter[str] = Counter()
    turn = 0
    while done.total() - done["refused"] < rounds:
        turn += 1
        chance = random.Random(f"{seed}-{turn}")
        (folder / "mbo.db").write_bytes(original)
        connection = sqlite3.connect(folder / "mbo.db", isolation_level=None)
        way = chance.choice(WAYS)
        try:
            what = way(connection, chance)
        except sqlite3.IntegrityError:
            what = ""
        finally:
            connection.close()
        if not what:
            continue
        done[way.__name__] += 1
        try:
            assert office.damage(folder), f"{seed}-{turn}: not found: {what}"
        except StorageError as refused:
            done["refused"] += all((refused.what, refused.safe, refused.todo))
        except Exception as fault:
            fault.add_note(f"{seed}-{turn}: {what}")
            raise
    return done


def test_some_tampering_is_found(template: Path, tmp_path: Path) -> None:
    done = tamper(template, tmp_path / "数据", 25, 1)
    assert {way.__name__ for way in WAYS} <= done.keys()


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(2, 7))
def test_a_hundred_tamperings_are_found(template: Path, tmp_path: Path, seed: int) -> None:
    tamper(template, tmp_path / "数据", 100, seed)
