"""Numbered steps: all of them or none, with a backup before."""

from __future__ import annotations

import gzip
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite as dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Year
from mbo_desktop.domain.rounds import ProposalRound, RoundSide
from mbo_desktop.errors import StorageError
from mbo_desktop.store import checkup, tables
from mbo_desktop.store.database import Store
from mbo_desktop.store.migrations import MIGRATIONS, Migration, runner
from tests.store.conftest import sql
from tests.store.examples import new_unit


def dump(path: Path) -> list[str]:
    """The whole content of a database file as text, with its version."""
    connection = sqlite3.connect(path)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()
        return [str(version), *connection.iterdump()]
    finally:
        connection.close()


def add_column(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE unit ADD COLUMN phone TEXT NOT NULL DEFAULT ''")
    connection.execute("CREATE TABLE extra (id INTEGER PRIMARY KEY)")


def fail(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE half (id INTEGER PRIMARY KEY)")
    connection.execute("DELETE FROM unit")
    raise RuntimeError("in the middle")


def point_nowhere(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE unit SET superior = 4711")


LAST = MIGRATIONS[-1].version
NEXT = Migration(LAST + 1, add_column)


def test_the_steps_are_numbered_without_gaps() -> None:
    assert [one.version for one in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_the_migrated_schema_is_the_one_in_tables(folder: Path) -> None:
    def normal(statement: str) -> str:
        return re.sub(r"\s+", " ", statement).replace("( ", "(").replace(" )", ")").strip()

    wanted = set()
    for table in tables.metadata.sorted_tables:
        wanted.add(normal(str(CreateTable(table).compile(dialect=dialect.dialect()))))
        for index in table.indexes:
            wanted.add(normal(str(CreateIndex(index).compile(dialect=dialect.dialect()))))
    rows = sql(folder, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    assert {normal(str(row[0])) for row in rows} == wanted


def test_an_older_file_is_brought_up_after_a_backup(store: Store) -> None:
    unit = new_unit(store)
    store.close()
    before = dump(store.path)
    backup = runner.migrate(store.path, [*MIGRATIONS, NEXT])
    assert backup is not None
    assert f"升级前第{LAST}版" in backup.name
    assert dump(backup) == before
    assert runner.read_header(store.path).user_version == LAST + 1
    assert sql(store.folder, "SELECT phone FROM unit") == [("",)]
    assert sql(store.folder, "SELECT * FROM extra") == []
    with pytest.raises(StorageError, match=f"第{LAST + 1}版"):
        Store.open(store.folder)
    assert unit


def test_a_current_file_is_left_alone(folder: Path) -> None:
    before = (folder / "mbo.db").read_bytes()
    assert runner.migrate(folder / "mbo.db") is None
    assert (folder / "mbo.db").read_bytes() == before
    assert list((folder / "backups").iterdir()) == []


@pytest.mark.parametrize("steps", [
    [Migration(LAST + 1, fail)], [NEXT, Migration(LAST + 2, fail)],
    [NEXT, Migration(LAST + 2, point_nowhere)],
])
def test_a_failure_in_the_middle_leaves_the_old_state(store: Store, steps: list[Migration]) -> None:
    unit = new_unit(store)
    store.close()
    before = dump(store.path)
    with pytest.raises(RuntimeError):
        runner.migrate(store.path, [*MIGRATIONS, *steps])
    assert dump(store.path) == before
    assert [one.suffix for one in (store.folder / "backups").iterdir()] == [".db"]
    with Store.open(store.folder) as again:
        assert again.get(Unit, unit).name == "柯城区"


def test_a_disk_fault_during_the_upgrade_is_told(store: Store) -> None:
    store.close()

    def full(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(StorageError) as refused:
        runner.migrate(store.path, [*MIGRATIONS, Migration(LAST + 1, full)])
    assert "磁盘空间已满" in refused.value.what
    assert "升级前" in refused.value.safe


def test_an_older_file_is_not_upgraded_by_one_that_may_only_look(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "MIGRATIONS", (*MIGRATIONS, NEXT))
    monkeypatch.setattr(runner, "latest", lambda *_: LAST + 1)
    with pytest.raises(StorageError, match="升级"):
        Store.open(folder, read_only=True)
    assert runner.read_header(folder / "mbo.db").user_version == LAST


@pytest.mark.parametrize("version", [1])
def test_a_file_kept_from_an_older_version_is_brought_up_and_whole(
    version: int, data_files: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "数据"
    Store.create(folder, operator="刘敏").close()
    kept = data_files / "schemas" / f"m{version:04d}.db.gz"
    with gzip.open(kept, "rb") as packed, (folder / "mbo.db").open("wb") as file:
        shutil.copyfileobj(packed, file)
    with Store.open(folder, operator="刘敏") as store:
        assert runner.read_header(store.path).user_version == LAST
        assert not checkup.run(store).findings
        assert [one.number for one in store.all(Year)] == [2006]
        signed = [one for one in store.all(Agreement) if one.snapshot is not None]
        assert len(signed) == 2
        # What came later can be written at once.
        with store.change("新建轮次") as change:
            record = change.new(ProposalRound)
            change.put(ProposalRound(id=record, year=2006, number=1, side=RoundSide.UNIT))
        assert store.get(ProposalRound, record).title == "第1轮 单位自报"
