"""清除误录内容 in the store: marks that are named pass every check, and nothing ever fills them again."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.purging import MARK, Purge
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.store import attachments, backup, checkup, purging, receiving, replicas
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.restore import restore
from mbo_desktop.store.undo import SkipReason
from tests.store.conftest import sql
from tests.store.examples import add_unit, new_unit, rename
from tests.store.exchanging import name_of, number_of, open_office, pack, take

CANARY = "绝密金丝雀三三零八"


def holds(folder: Path) -> list[str]:
    """Files of a folder in which the bytes stand."""
    return [
        path.name for path in folder.rglob("*")
        if path.is_file() and CANARY.encode() in path.read_bytes()
    ]


def enter(store: Store) -> RecordId:
    """A unit that holds the text; the words of the log do not."""
    with store.change("新增单位") as change:
        return add_unit(change, CANARY)


def clear(store: Store, record: RecordId) -> frozenset[str]:
    """Correct a unit and purge all its states that hold the text."""
    with store.change("清除", barrier=True) as change:
        change.put(replace(change.get(Unit, record), name="柯城区", note=""))
        change.flush()
        hashes = frozenset(row[0].hex() for table in ("revision", "edition")
                           for row in change.connection.execute(
            f"SELECT hash FROM {table} WHERE record = ? AND instr(body, ?)", (record, CANARY)).fetchall())
        purging.mark(change, hashes)
        touched = purging.records_with(change.connection, hashes)
        change.put(Purge(id=change.new(Purge), reason="误录", hashes=tuple(sorted(hashes))))
        change.flush()
        receiving.count_heads(change.connection, touched)
    store.compact()
    return hashes


def test_nothing_of_it_stays_in_the_file_and_every_check_passes(store: Store) -> None:
    unit = enter(store)
    rename(store, unit, f"{CANARY}二", label="改")
    with store.change("删") as change:
        change.delete(unit)
    store.restore_revision(unit, 2)
    assert holds(store.folder)
    hashes = clear(store, unit)
    assert len(hashes) == 4
    assert holds(store.folder) == []
    assert checkup.run(store).is_clean
    assert [one.purged for one in store.history(unit)] == [False, True, True, True, True]
    assert store.history(unit)[1].entity is None


def test_a_mark_that_nobody_named_is_damage(store: Store) -> None:
    unit = new_unit(store)
    rename(store, unit, "别名")
    sql(store.folder, "UPDATE revision SET body = ? WHERE n = 1", MARK)
    assert any(one.kind == "revision" for one in checkup.run(store).damage)


def test_undo_and_history_do_not_bring_it_back(store: Store) -> None:
    unit = enter(store)
    rename(store, unit, "柯城区", label="改")
    with store.change("清除", barrier=True) as change:
        (hashed,) = change.connection.execute("SELECT hash FROM revision WHERE n = 1").fetchone()
        purging.mark(change, [hashed.hex()])
        change.put(Purge(id=change.new(Purge), reason="误录", hashes=(hashed.hex(),)))
    outcome = store.undo()
    assert [one.reason for one in outcome.skipped] == [SkipReason.PURGED]
    assert store.undo_skipped(outcome, [unit]).restored == 0
    assert store.get(Unit, unit).name == "柯城区"
    with pytest.raises(NotAllowedError, match="已清除"):
        store.restore_revision(unit, 1)


def test_a_purged_file_is_not_taken_again(store: Store) -> None:
    digest = attachments.add(store, CANARY.encode(), "甲.txt")
    with store.change("清除", barrier=True) as change:
        change.put(Purge(id=change.new(Purge), reason="误录", hashes=(digest,)))
    (left,) = checkup.run(store).findings
    assert left.kind == "purged_file"
    attachments.blob_path(store.folder, digest).unlink()
    assert checkup.run(store).is_clean
    with pytest.raises(NotAllowedError, match="清除"):
        attachments.add(store, CANARY.encode(), "乙.txt")


def test_old_packages_do_not_bring_it_back(tmp_path: Path) -> None:
    """The receiver purges what came, and the sender's old package comes once more."""
    city, county_unit = open_office(tmp_path / "city", "市")
    county, _ = open_office(tmp_path / "county", "县")
    with city, county:
        unit = enter(city)
        first = pack(city, [unit], county_unit)
        take(county, first)
        there = number_of(county, name_of(city, unit))
        assert there is not None
        with county.change("清除", barrier=True) as change:
            hashes = {row[0].hex() for table in ("revision", "edition") for row in change.connection.execute(
                f"SELECT hash FROM {table} WHERE record = ?", (there,)).fetchall()}
            head = purging.dump({"name": "柯城区"})
            change.receive(there, CODECS["unit"], head, CODECS["unit"].schema, deleted=True)
            purging.mark(change, hashes)
            change.put(Purge(id=change.new(Purge), reason="误录", hashes=tuple(sorted(hashes))))
            change.flush()
            receiving.count_heads(change.connection, {there})
            assert receiving.show(change, {there}) == 0
        county.compact()
        assert county.find(Unit, there) is None
        assert checkup.run(county).is_clean
        again = pack(city, [unit], county_unit)
        with county.read() as connection:
            before = receiving.compare(connection, again.lines)
        assert all(one.after_text is None for one in before)
        take(county, again)
        assert county.find(Unit, there) is None
        assert holds(county.folder) == []
        # The owner corrects it: the new edition is shown.
        clear(city, unit)
        take(county, pack(city, [unit], county_unit))
        assert county.get(Unit, there).name == "柯城区"
        for store in (city, county):
            assert checkup.run(store).is_clean
            assert holds(store.folder) == []


def test_the_other_pc_of_the_office_forgets_it_too(tmp_path: Path) -> None:
    one, _ = open_office(tmp_path / "one", "市")
    unit = enter(one)
    pack(one, [unit], unit)
    one.close()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    with Store.open(tmp_path / "one", operator="甲") as one, Store.open(tmp_path / "two", operator="乙") as two:
        with two.change("另一处") as change:
            indicator = change.new(Indicator)
            change.put(Indicator(id=indicator, year=2020, name="投资"))
        clear(one, unit)
        for source, target in ((one, two), (two, one)):
            with source.read() as connection:
                lines = json.loads(json.dumps(list(replicas.export(connection))))
            with target.change("合并", barrier=True) as change:
                done = replicas.merge(change, lines)
            target.compact()
            assert bool(done.purged) is (target is two)
        for store in (one, two):
            assert store.get(Unit, unit).name == "柯城区"
            assert [found.kind for found in checkup.run(store).damage] == []
            with store.read() as connection:
                assert raw(connection).execute(
                    "SELECT count(*) FROM revision WHERE instr(body, ?)", (CANARY,)).fetchone() == (0,)


def test_an_old_backup_does_not_bring_it_back(store: Store) -> None:
    unit = enter(store)
    path = backup.make_backup(store, "旧")
    rename(store, unit, "后来", label="改")
    clear(store, unit)
    store.close()
    restore(store.folder, path)
    with Store.open(store.folder) as again:
        assert again.get(Unit, unit).name == "柯城区"
        assert checkup.run(again).is_clean
        bodies = [row[0] for row in sql(store.folder, "SELECT body FROM revision ORDER BY id")]
    assert not any(CANARY in str(one) for one in bodies)
