"""A full or read-only disk: a sentence in Chinese, the data as before or after, never between."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import ProgramError, StorageError
from mbo_desktop.store import attachments, backup, checkup
from mbo_desktop.store.database import Store
from tests.faults.test_kills import new_folder, start


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    place = tmp_path / "小盘"
    place.mkdir()
    mount = shutil.which("mount")
    if os.name == "nt" or mount is None or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("mounting is not allowed here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def write_units(store: Store, note: str, upto: int) -> None:
    for number in range(upto):
        with store.change(f"单位{number}") as change:
            change.put(Unit(id=change.new(Unit), name=f"单位{number}", note=note))


def sound(error: ProgramError) -> str:
    """The first part, with all three there."""
    assert error.what
    assert error.safe
    assert error.todo
    return error.what


def test_edits_on_a_full_disk(small_disk: Path) -> None:
    folder = new_folder(small_disk / "数据")
    with Store.open(folder, operator="张三") as store:
        with pytest.raises(StorageError) as refused:
            write_units(store, "字" * 20_000, 200)
        assert "磁盘空间已满" in sound(refused.value)
        assert "未写入任何内容" in refused.value.safe
        saved = store.change_count
        units = store.all(Unit)
        assert len(units) == 20 + saved - 1
        assert checkup.run(store).is_clean
        with pytest.raises(StorageError):
            write_units(store, "字" * 20_000, 1)
        assert store.all(Unit) == units
    with Store.open(folder) as again:
        assert again.all(Unit) == units


def test_after_making_room_work_goes_on(small_disk: Path) -> None:
    folder = new_folder(small_disk / "数据")
    ballast = small_disk / "压舱"
    with Store.open(folder, operator="张三") as store:
        ballast.write_bytes(bytes(1_500_000))
        with pytest.raises(StorageError):
            write_units(store, "字" * 20_000, 200)
        count = len(store.all(Unit))
        ballast.unlink()
        write_units(store, "短", 3)
        assert len(store.all(Unit)) == count + 3
        store.undo()
        assert checkup.run(store).is_clean


def test_an_import_that_does_not_fit_leaves_nothing(small_disk: Path) -> None:
    folder = new_folder(small_disk / "数据")
    with Store.open(folder, operator="张三") as store:
        with pytest.raises(StorageError), store.change("导入台账") as change:
            change.put_all(
                Unit(id=change.new(Unit), name=f"导入{number}", note="字" * 5000)
                for number in range(400)
            )
        assert len(store.all(Unit)) == 20
        assert store.undo_label is None
        assert checkup.run(store).is_clean


def test_backups_and_attachments_that_do_not_fit_leave_nothing(small_disk: Path) -> None:
    folder = new_folder(small_disk / "数据")
    with Store.open(folder, operator="张三") as store:
        with pytest.raises(StorageError) as refused:
            attachments.add(store, bytes(4_000_000), "大附件.pdf")
        assert "磁盘空间已满" in sound(refused.value)
        free = shutil.disk_usage(small_disk).free
        (small_disk / "压舱").write_bytes(bytes(max(0, free - 100_000)))
        with pytest.raises(StorageError) as refused:
            backup.make_backup(store)
        assert "磁盘空间已满" in sound(refused.value)
        assert list((folder / "backups").rglob("*")) == []
        assert list((folder / "attachments").rglob("*")) == []
        assert checkup.run(store).is_clean


def test_the_daily_backup_that_does_not_fit_is_named(small_disk: Path) -> None:
    """Nobody did a step that could be repeated: it is said that it was the day's backup."""
    folder = new_folder(small_disk / "数据")
    with Store.open(folder, operator="张三") as store:
        (small_disk / "压舱").write_bytes(bytes(max(0, shutil.disk_usage(small_disk).free - 100_000)))
        with pytest.raises(StorageError) as refused:
            backup.daily(store)
        assert sound(refused.value) == "今天的自动备份没有做成:磁盘空间已满。"
        assert "数据文件未受影响" in refused.value.safe
        assert "重试这一步" not in refused.value.todo
        (small_disk / "压舱").unlink()
        assert backup.daily(store) is not None


def test_no_room_to_begin_with(small_disk: Path) -> None:
    free = shutil.disk_usage(small_disk).free
    (small_disk / "压舱").write_bytes(bytes(free - 40_000))
    with pytest.raises(StorageError) as refused:
        Store.create(small_disk / "数据", operator="张三")
    assert "磁盘空间已满" in sound(refused.value)
    assert not (small_disk / "数据" / "mbo.db").exists()


def test_a_read_only_disk_is_told(small_disk: Path) -> None:
    folder = new_folder(small_disk / "数据")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StorageError) as refused:
        Store.open(folder)
    assert "只读" in sound(refused.value)
    with pytest.raises(StorageError) as refused:
        Store.create(small_disk / "新", operator="")
    assert "只读" in sound(refused.value)
    with Store.open(folder, read_only=True) as store:
        assert len(store.all(Unit)) == 20
        assert checkup.run(store).is_clean


def test_a_disk_that_turns_read_only_is_told(small_disk: Path) -> None:
    folder = new_folder(small_disk / "数据")
    with Store.open(folder, operator="张三") as store:
        write_units(store, "写", 1)
        store.close()
    store = Store.open(folder, operator="张三")
    # Readers and the lock file keep the disk busy, so only the journal's file is taken away.
    (folder / "mbo.db-journal").unlink()
    (folder / "mbo.db-journal").mkdir()
    with pytest.raises(StorageError) as refused:
        write_units(store, "再写", 1)
    assert sound(refused.value)
    (folder / "mbo.db-journal").rmdir()
    write_units(store, "又能写", 1)
    assert checkup.run(store).is_clean
    store.close()


def test_a_limit_on_file_size_counts_as_full(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("no file size limit on Windows")
    folder = new_folder(tmp_path / "数据")
    child = start("fill", folder, str((folder / "mbo.db").stat().st_size + 300_000))
    said, _ = child.communicate("go\n", timeout=60)
    *saved, error, left = said.splitlines()
    assert error.startswith("error ")
    assert "无法保存" in error
    assert int(left.removeprefix("left ")) == len(saved) + 20
    with Store.open(folder) as store:
        assert len(store.all(Unit)) == len(saved) + 20
        assert checkup.run(store).is_clean
