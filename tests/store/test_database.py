"""Opening, locking and refusing data folders."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import NotAllowedError, ProgramError, StorageError
from mbo_desktop.store import folder as folders
from mbo_desktop.store.connections import APPLICATION_ID, open_raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.migrations import runner
from tests.store.conftest import sql
from tests.store.examples import new_unit


def all_bytes(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "mbo.lock"
    }


def told(error: ProgramError) -> str:
    """The sentences; all three parts must be there."""
    assert error.what
    assert error.safe
    assert error.todo
    return error.sentences()


def test_a_new_folder_holds_what_it_should(tmp_path: Path) -> None:
    with Store.create(tmp_path / "目标办" / "数据", operator="张三") as store:
        assert not store.read_only
        assert store.operator == "张三"
    names = {path.name for path in (tmp_path / "目标办" / "数据").iterdir()}
    assert names == {"mbo.db", "mbo.db-journal", "打开.zrd", "attachments", "backups", "mbo.lock"}
    assert json.loads((store.folder / "打开.zrd").read_bytes())["format"] == "mbo-data-folder"


def test_the_opener_and_the_file_lead_to_the_folder(folder: Path) -> None:
    for path in (folder, folder / "打开.zrd", folder / "mbo.db"):
        with Store.open(path) as store:
            assert store.folder == folder


def test_foreign_folders_are_left_alone(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "文件.txt").write_text("我的")
    with pytest.raises(NotAllowedError) as refused:
        Store.create(tmp_path, operator="")
    assert "其他文件" in told(refused.value)
    with pytest.raises(NotAllowedError) as refused:
        Store.create(folder, operator="")
    assert "已经是" in told(refused.value)
    with pytest.raises(StorageError) as missing:
        Store.open(tmp_path)
    assert "打开.zrd" in told(missing.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["数据", "文件.txt"]


def test_the_settings_that_keep_the_file_safe(store: Store) -> None:
    wanted = {
        "journal_mode": "truncate", "synchronous": 3, "foreign_keys": 1, "trusted_schema": 0,
        "cell_size_check": 1, "mmap_size": 0, "cache_spill": 0,
    }
    connection = store._raw_writer()
    assert {one: connection.execute(f"PRAGMA {one}").fetchone()[0] for one in wanted} == wanted
    assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    assert connection.execute("PRAGMA user_version").fetchone()[0] == runner.latest()
    reader = open_raw(store.path)
    assert reader.execute("PRAGMA synchronous").fetchone()[0] == 3
    with pytest.raises(sqlite3.OperationalError):
        reader.execute("DELETE FROM setting")
    reader.close()


def test_a_second_start_may_only_look(store: Store) -> None:
    unit = new_unit(store)
    with Store.open(store.folder, operator="李四") as second:
        assert second.read_only
        assert "只能查看" in second.read_only_reason
        assert second.get(Unit, unit).name == "柯城区"
        new_unit(store, "后来的")
        assert len(second.all(Unit)) == 2
        with pytest.raises(NotAllowedError), second.change("改"):
            pass
    assert not store.read_only
    new_unit(store, "仍可写")


def test_the_reason_names_who_has_it(folder: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from mbo_desktop.store.database import Store\n"
        "store = Store.open(Path(sys.argv[1]))\nprint('open', flush=True)\nsys.stdin.read()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}, text=True,
    )
    assert child.stdin
    assert child.stdout
    try:
        assert child.stdout.readline() == "open\n"
        with Store.open(folder) as second:
            assert second.read_only
            assert folders.machine_name() in second.read_only_reason
        content = json.loads((folder / "mbo.lock").read_bytes())
        assert content["pid"] == child.pid
        child.kill()
        child.wait()
        assert json.loads((folder / "mbo.lock").read_bytes())["pid"] == child.pid
        with Store.open(folder) as third:
            assert not third.read_only, "a lock left by a dead start is taken over"
    finally:
        child.kill()
        child.communicate()


def test_a_lock_file_of_another_machine_does_not_lock_a_copied_folder(folder: Path) -> None:
    (folder / "mbo.lock").write_text('{"host": "别的电脑", "user": "王五", "pid": 1, "since": "x"}')
    with Store.open(folder) as store:
        assert not store.read_only
    (folder / "mbo.lock").write_bytes(b"\xff\x00 no json")
    with Store.open(folder) as store, Store.open(folder) as second:
        assert not store.read_only
        assert second.read_only


def test_asked_to_only_look(folder: Path) -> None:
    with Store.open(folder, read_only=True) as store, Store.open(folder) as other:
        assert store.read_only
        assert "只读" in store.read_only_reason
        assert not other.read_only


def test_the_replica_is_new_at_another_place(store: Store, tmp_path: Path) -> None:
    replica, owner = store.replica, store.owner
    unit = new_unit(store)
    store.close()
    with Store.open(store.folder) as again:
        assert again.replica == replica
    copied = Path(shutil.copytree(store.folder, tmp_path / "另一处"))
    with Store.open(copied, operator="李四") as copy:
        assert copy.replica != replica
        assert copy.owner == owner
        new_unit(copy, "副本里的")
        assert copy.get(Unit, unit).name == "柯城区"
    log = sql(copied, "SELECT replica, seq, prev, hash FROM change ORDER BY id")
    assert [(row[0] == replica.bytes, row[1]) for row in log] == [(True, 1), (False, 1)]
    assert log[1][2] == log[0][3], "its log goes on from the last hash"


@pytest.mark.parametrize(("spoil", "word"), [
    (lambda file: file.write_bytes(b""), "损坏"),
    (lambda file: file.write_bytes(b"PK\x03\x04" + bytes(5000)), "不是数据文件"),
    (lambda file: file.write_bytes(file.read_bytes()[:-4096]), "不完整"),
])
def test_damaged_files_are_refused_unchanged(folder: Path, spoil: object, word: str) -> None:
    spoil(folder / "mbo.db")  # type: ignore[operator]
    before = all_bytes(folder)
    with pytest.raises(StorageError) as refused:
        Store.open(folder)
    assert word in told(refused.value)
    assert all_bytes(folder) == before


def test_a_file_of_another_program_is_refused(folder: Path) -> None:
    (folder / "mbo.db").unlink()
    sql(folder, "CREATE TABLE theirs (x)")
    before = all_bytes(folder)
    with pytest.raises(StorageError, match="不是目标责任制管理系统的数据文件"):
        Store.open(folder)
    assert all_bytes(folder) == before


def test_a_newer_file_is_refused_unchanged_and_names_the_version(folder: Path) -> None:
    sql(folder, "PRAGMA user_version=999")
    before = all_bytes(folder)
    for read_only in (False, True):
        with pytest.raises(StorageError) as refused:
            Store.open(folder, read_only=read_only)
        assert "第999版" in told(refused.value)
    assert all_bytes(folder) == before


MOUNTS = (
    "/dev/sda1 / ext4 rw 0 0\n//server/share /mnt/my\\040share cifs rw 0 0\n"
    "server:/x /home/nfs nfs4 rw 0 0\ntmpfs /home/nfs/local tmpfs rw 0 0\n"
)


@pytest.mark.parametrize(("path", "kind"), [
    ("/home/user/data", "ext4"), ("/mnt/my share/data", "cifs"), ("/home/nfs/a", "nfs4"),
    ("/home/nfs/local/a", "tmpfs"), ("/mnt/my shared", "ext4"),
])
def test_the_kind_of_file_system_is_told(path: str, kind: str) -> None:
    assert folders.file_system(Path(path), MOUNTS) == kind


def test_network_shares_are_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "on_network", lambda _: True)
    for act in (lambda: Store.open(folder), lambda: Store.create(tmp_path / "新", operator="")):
        with pytest.raises(StorageError) as refused:
            act()
        assert "网络共享" in told(refused.value)
    assert not (tmp_path / "新").exists()


def test_closing_gives_the_folder_back(folder: Path) -> None:
    first = Store.open(folder)
    first.close()
    first.close()
    with Store.open(folder) as second:
        assert not second.read_only
    assert (folder / "mbo.lock").read_bytes() == b""


def test_failing_to_create_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders, "write_opener", full)
    with pytest.raises(StorageError) as refused:
        Store.create(tmp_path / "新", operator="")
    assert "磁盘空间已满" in told(refused.value)
    assert list((tmp_path / "新").iterdir()) == []
