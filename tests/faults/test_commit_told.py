"""COMMIT reports an error though the write stands: the program says what is true."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import StorageError
from mbo_desktop.store import checkup, committing
from mbo_desktop.store.database import Store
from tests.faults.test_kills import new_folder


class Lying:
    """A driver connection that commits and reports an error all the same."""

    def __init__(self, real: sqlite3.Connection, *, works: bool) -> None:
        self.real, self.works = real, works

    @property
    def in_transaction(self) -> bool:
        return self.real.in_transaction

    def execute(self, statement: str) -> None:
        self.real.execute(statement if self.works else "ROLLBACK")
        raise sqlite3.OperationalError("disk I/O error")


def write(store: Store, name: str) -> None:
    with store.change("写") as change:
        change.put(Unit(id=change.new(Unit), name=name))


def lie(monkeypatch: pytest.MonkeyPatch, *, works: bool) -> None:
    real = committing.raw
    monkeypatch.setattr(committing, "raw", lambda writer: Lying(real(writer), works=works))


@pytest.mark.expects_warnings
def test_what_stands_counts_as_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(new_folder(tmp_path / "数据"), operator="张三") as store:
        with monkeypatch.context() as patch:
            lie(patch, works=True)
            write(store, "成了")
        assert store.undo_label == "写"
        write(store, "再写")
        assert {"成了", "再写"} <= {one.name for one in store.all(Unit)}
        assert checkup.run(store).is_clean


@pytest.mark.expects_warnings
def test_what_may_be_lost_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Path) -> None:
        raise OSError(5, "Input/output error")

    with Store.open(new_folder(tmp_path / "数据"), operator="张三") as store:
        with monkeypatch.context() as patch:
            lie(patch, works=True)
            patch.setattr(committing, "sync_file", fails)
            with pytest.raises(StorageError) as told:
                write(store, "也许")
        assert "断电时可能丢失" in told.value.safe
        assert "也许" in {one.name for one in store.all(Unit)}


def test_what_does_not_stand_is_told_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(new_folder(tmp_path / "数据"), operator="张三") as store:
        with monkeypatch.context() as patch:
            lie(patch, works=False)
            with pytest.raises(StorageError) as told:
                write(store, "没成")
        assert "未写入任何内容" in told.value.safe
        assert "没成" not in {one.name for one in store.all(Unit)}
        write(store, "又成")
        assert checkup.run(store).is_clean


@pytest.mark.expects_warnings
def test_a_disk_that_cannot_be_asked_leaves_it_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: Path) -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    with Store.open(new_folder(tmp_path / "数据"), operator="张三") as store:
        lie(monkeypatch, works=True)
        monkeypatch.setattr(committing, "open_raw", gone)
        with pytest.raises(StorageError, match="不能确定这一步是否已保存"):
            write(store, "谁知道")
