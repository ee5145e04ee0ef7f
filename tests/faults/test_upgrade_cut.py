"""An upgrade that ends at any of its statements; backups made by older programs."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from mbo_desktop.errors import StorageError
from mbo_desktop.store import backup, checkup
from mbo_desktop.store.database import Store
from mbo_desktop.store.migrations import runner
from mbo_desktop.store.restore import examine, restore
from tests.faults.recordings import unpack

pytestmark = pytest.mark.timeout(300)
OLD = sorted((Path(__file__).parents[1] / "data" / "schemas").glob("m*.db.gz"))


class PowerGone(BaseException):
    """The process is no more; nothing catches this."""


def old_folder(kept: Path, place: Path) -> Path:
    """A data folder that an older program left."""
    (place / "backups").mkdir(parents=True)
    unpack(kept, place / "mbo.db")
    return place


def content(path: Path) -> list[str]:
    """Everything in a data file, as text; without the key that an upgrade draws by lot."""
    connection = sqlite3.connect(path)
    try:
        lines = [line for line in connection.iterdump() if "'signing_key'" not in line]
        return [str(connection.execute("PRAGMA user_version").fetchone()), *lines]
    finally:
        connection.close()


def upgrade_until(folder: Path, statement: int, fault: BaseException) -> int:
    """Upgrade with a fault at this statement (0: none); how many statements there were."""
    seen = 0

    def count(_: str) -> None:
        nonlocal seen
        seen += 1

    real = runner.open_raw

    class Counted(sqlite3.Connection):
        def execute(self, *given: object) -> sqlite3.Cursor:  # type: ignore[override]
            count("")
            if seen == statement:
                raise fault
            return super().execute(*given)  # type: ignore[arg-type]

    def counted(path: Path, *, writer: bool = False) -> sqlite3.Connection:
        if not writer:
            return real(path)
        connection = sqlite3.connect(path, isolation_level=None, factory=Counted)
        sqlite3.Connection.execute(connection, "PRAGMA journal_mode=TRUNCATE")
        return connection

    runner.open_raw = counted
    try:
        runner.migrate(folder / "mbo.db")
    finally:
        runner.open_raw = real
    return seen


def every_statement(kept: Path, tmp_path: Path, step: int) -> int:
    """Let the upgrade fail at each step-th statement; how many failures that were."""
    template = old_folder(kept, tmp_path / "旧")
    before = content(template / "mbo.db")
    total = upgrade_until(Path(shutil.copytree(template, tmp_path / "一次")), 0, PowerGone())
    after = content(tmp_path / "一次" / "mbo.db")
    assert total > 100
    assert after != before
    failures = 0
    for statement in [*range(1, total + 1, step), total]:
        folder = Path(shutil.copytree(template, tmp_path / "数据"))
        full = statement % 2 == 0
        fault = sqlite3.OperationalError("database or disk is full") if full else PowerGone()
        with pytest.raises(StorageError if full else PowerGone) as raised:
            upgrade_until(folder, statement, fault)
        if isinstance(raised.value, StorageError):
            assert "升级前" in raised.value.safe
        assert content(folder / "mbo.db") == before
        assert runner.migrate(folder / "mbo.db") is not None
        assert content(folder / "mbo.db") == after
        shutil.rmtree(folder)
        failures += 1
    return failures


@pytest.mark.parametrize("kept", OLD, ids=lambda path: path.name)
def test_an_upgrade_that_fails_at_some_statements(kept: Path, tmp_path: Path) -> None:
    assert every_statement(kept, tmp_path, 15) > 8


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kept", OLD, ids=lambda path: path.name)
def test_an_upgrade_that_fails_at_every_statement(kept: Path, tmp_path: Path) -> None:
    assert every_statement(kept, tmp_path, 1) > 100


@pytest.mark.parametrize("kept", OLD, ids=lambda path: path.name)
def test_a_backup_made_by_an_older_program_takes_the_place(kept: Path, tmp_path: Path) -> None:
    folder = old_folder(kept, tmp_path / "旧")
    with Store.open(folder, operator="刘敏") as store, store.change("升级后的修改"):
        pass
    (before,) = backup.list_backups(folder)
    assert "升级前" in before.label
    examine(before.path)
    restore(folder, before.path, operator="刘敏")
    with Store.open(folder, operator="刘敏") as store:
        # The office's key was drawn anew, which the check mentions; nothing is damaged.
        assert checkup.run(store).damage == ()
        assert store.change_count
    restore(tmp_path / "新电脑", before.path)
