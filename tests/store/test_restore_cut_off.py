"""A restore that is cut off once the file has taken its place is carried to its end at the next opening."""

from __future__ import annotations

from pathlib import Path

import pytest

from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import StorageError
from mbo_desktop.store import attachments, backup, checkup
from mbo_desktop.store import restore as restoring
from mbo_desktop.store.database import Store
from tests.store.conftest import sql
from tests.store.examples import new_unit, rename
from tests.store.test_purging import clear, enter, holds


class Cut(BaseException):
    """The plug."""


def restore_halfway(monkeypatch: pytest.MonkeyPatch, folder: Path, path: Path, operator: str = "") -> None:
    """Restore until the file has taken its place."""
    take_place = restoring._take_place

    def pull_the_plug(folder: Path, part: Path) -> None:
        take_place(folder, part)
        raise Cut

    with monkeypatch.context() as cut:
        cut.setattr(restoring, "_take_place", pull_the_plug)
        with pytest.raises(Cut):
            restoring.restore(folder, path, operator=operator)


def test_a_restore_cut_off_is_logged_at_the_next_opening(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = new_unit(store)
    path = backup.make_backup(store)
    rename(store, unit, "后来")
    store.close()
    restore_halfway(monkeypatch, store.folder, path, "李四")
    with Store.open(store.folder, operator="王五") as again:
        assert again.get(Unit, unit).name == "柯城区"
        assert again.operator == "王五"
        assert not checkup.run(again).damage, "that the log is shorter is explained in it"
    said = "SELECT label, who FROM change WHERE label LIKE '恢复到备份%'"
    assert sql(store.folder, said) == [(f"恢复到备份:{path.stem}", "李四")]
    Store.open(store.folder).close()
    assert len(sql(store.folder, said)) == 1, "once"


def test_what_was_purged_stays_away_when_the_restore_was_cut_off(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = enter(store)
    path = backup.make_backup(store)
    clear(store, unit)
    store.close()
    outside = store.folder.parent / path.name
    path.replace(outside)
    restore_halfway(monkeypatch, store.folder, outside)
    with Store.open(store.folder) as again:
        assert again.get(Unit, unit).name == "柯城区"
        assert checkup.run(again).is_clean
    assert holds(store.folder) == []


def test_no_space_for_the_attachments_leaves_the_present_data(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = new_unit(store)
    path = backup.make_backup(store)
    rename(store, unit, "后来")
    store.close()

    def full(source: Path, target: Path, **_more: object) -> int:
        if target == store.folder:
            raise OSError(28, "No space left on device")
        return 0

    monkeypatch.setattr(attachments, "mirror", full)
    with pytest.raises(StorageError) as told:
        restoring.restore(store.folder, path)
    assert told.value.safe == "当前数据未被改动。"
    with Store.open(store.folder) as again:
        assert again.get(Unit, unit).name == "后来"
