"""Backups, their rotation, and the way back."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import NotAllowedError, StorageError
from mbo_desktop.store import attachments, backup, checkup
from mbo_desktop.store.database import Store
from mbo_desktop.store.restore import restore
from tests.store.conftest import sql
from tests.store.examples import add_unit, new_unit, rename


def test_a_backup_is_the_whole_data_folder(store: Store, tmp_path: Path) -> None:
    unit = new_unit(store)
    digest = attachments.add(store, b"abc", "甲.txt")
    stick = tmp_path / "U盘"
    path = backup.make_backup(store, "手动/一", into=stick)
    assert path.parent == stick
    assert path.name.endswith("-手动 一.db")
    assert attachments.blob_path(stick, digest).read_bytes() == b"abc"
    assert [one.label for one in backup.list_backups(stick)] == ["手动 一"]
    assert not list(stick.rglob("*.part"))
    rename(store, unit, "后来")
    restored = tmp_path / "新电脑"
    restore(restored, path, operator="李四")
    with Store.open(restored) as other:
        assert other.get(Unit, unit).name == "柯城区"
        assert attachments.open_path(other, digest).read_bytes() == b"abc"
        assert other.owner == store.owner
        assert checkup.run(other).is_clean


def test_two_backups_in_a_second_do_not_overwrite(store: Store, set_clock: None) -> None:
    assert backup.make_backup(store) != backup.make_backup(store)
    assert len(backup.list_backups(store.folder)) == 2


def test_a_backup_while_others_write(store: Store) -> None:
    with store.change("许多") as change:
        for number in range(3000):
            add_unit(change, f"单位{number}", note="备注" * 40)
    stop = threading.Event()

    def write() -> None:
        turn = 0
        while not stop.is_set():
            rename(store, RecordId(1), f"改{turn}")
            turn += 1

    writer = threading.Thread(target=write)
    writer.start()
    seen: list[int] = []
    try:
        path = backup.make_backup(store, progress=lambda done, total, _: seen.append(total))
    finally:
        stop.set()
        writer.join()
    assert seen
    restored = store.folder.parent / "另一处"
    restore(restored, path)
    with Store.open(restored) as other:
        assert len(other.all(Unit)) == 3000
        assert checkup.run(other).is_clean


def test_once_a_day(store: Store) -> None:
    day = datetime(2020, 3, 12, 9, tzinfo=UTC)
    try:
        clock.set_source(lambda: day)
        assert backup.daily(store) is not None
        assert backup.daily(store) is None
        clock.set_source(lambda: day + timedelta(days=1))
        assert backup.daily(store) is not None
    finally:
        clock.set_source(None)
    assert [one.label for one in backup.list_backups(store.folder)] == ["每日", "每日"]


def test_rotation_keeps_days_weeks_months_and_what_was_made_for_a_reason(folder: Path) -> None:
    made = folder / "backups"
    start = datetime(2019, 1, 1, 8, tzinfo=UTC)
    for day in range(500):
        (made / f"{start + timedelta(days=day):%Y%m%d-%H%M%S}-每日.db").write_bytes(b"x")
    for number in range(14):
        (made / f"20190101-{number:06}-升级前.db").write_bytes(b"x")
    (made / "我的备份.db").write_bytes(b"x")
    backup.rotate(folder)
    kept = backup.list_backups(folder)
    assert sum(one.label == "升级前" for one in kept) == 10
    days = sorted(one.made_at.date() for one in kept if one.label == "每日")
    last = (start + timedelta(days=499)).date()
    assert days[-7:] == [last - timedelta(days=back) for back in range(6, -1, -1)]
    assert len({(day.year, day.month) for day in days}) == 12
    assert len(days) <= 7 + 4 + 12
    assert (made / "我的备份.db").exists(), "files of others are never deleted"


def test_going_back_keeps_the_present_first(store: Store) -> None:
    unit = new_unit(store)
    path = backup.make_backup(store)
    rename(store, unit, "后来")
    replica = store.replica
    store.close()
    kept = restore(store.folder, path, operator="李四")
    with Store.open(store.folder) as again:
        assert again.get(Unit, unit).name == "柯城区"
        assert again.replica != replica
        assert again.undo_label is None
        assert checkup.run(again).is_clean
    assert sql(store.folder, "SELECT label, who FROM change ORDER BY id DESC LIMIT 1") == [
        (f"恢复到备份:{path.stem}", "李四")
    ]
    assert kept is not None
    assert "恢复前" in kept.name
    restore(store.folder, kept)
    with Store.open(store.folder) as again:
        assert again.get(Unit, unit).name == "后来"


def test_an_open_folder_is_not_replaced(store: Store) -> None:
    unit = new_unit(store)
    path = backup.make_backup(store)
    rename(store, unit, "后来")
    with pytest.raises(NotAllowedError, match="使用"):
        restore(store.folder, path)
    assert store.get(Unit, unit).name == "后来"
    assert not list(store.folder.glob("*.part"))


def spoil(path: Path, before: str) -> None:
    """Change the unit's name where it follows this text in the file."""
    content = path.read_bytes()
    place = content.index(f"{before}柯城区".encode()) + len(before.encode())
    path.write_bytes(content[:place] + "坷城区".encode() + content[place + 9 :])


@pytest.mark.parametrize("damage", [
    lambda path: spoil(path, '"name":"'),
    lambda path: path.write_bytes(path.read_bytes()[:-8192]),
    lambda path: path.write_bytes(b"no database" * 100),
    lambda path: path.unlink(),
])
def test_a_damaged_backup_is_refused(store: Store, damage: object) -> None:
    unit = new_unit(store)
    path = backup.make_backup(store)
    rename(store, unit, "后来")
    store.close()
    before = store.path.read_bytes()
    damage(path)  # type: ignore[operator]
    with pytest.raises(StorageError) as refused:
        restore(store.folder, path)
    assert "备份" in refused.value.what
    assert "未被改动" in refused.value.safe
    assert store.path.read_bytes() == before
    with Store.open(store.folder) as again:
        assert again.get(Unit, unit).name == "后来"


def test_lists_damaged_in_a_backup_are_rebuilt(store: Store) -> None:
    unit = new_unit(store)
    path = backup.make_backup(store)
    store.close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE unit SET name = '坷城区'")
    connection.commit()
    connection.close()
    restore(store.folder, path)
    with Store.open(store.folder) as again:
        assert checkup.run(again).is_clean
        assert again.get(Unit, unit).name == "柯城区"


def test_a_newer_backup_is_refused(store: Store) -> None:
    path = backup.make_backup(store)
    store.close()
    content = bytearray(path.read_bytes())
    content[60:64] = (99).to_bytes(4)
    path.write_bytes(bytes(content))
    with pytest.raises(StorageError, match="第99版"):
        restore(store.folder, path)


def test_a_damaged_present_is_kept_as_it_is(store: Store) -> None:
    unit = new_unit(store)
    path = backup.make_backup(store)
    store.close()
    store.path.write_bytes(b"broken")
    kept = restore(store.folder, path)
    assert kept is not None
    assert kept.read_bytes() == b"broken"
    with Store.open(store.folder) as again:
        assert again.get(Unit, unit).name == "柯城区"


def test_a_full_stick_leaves_no_half_backup(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "sync_file", full)
    with pytest.raises(StorageError, match="磁盘空间已满"):
        backup.make_backup(store)
    assert list((store.folder / "backups").iterdir()) == []
