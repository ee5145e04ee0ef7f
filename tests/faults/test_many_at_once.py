"""Backups made while others write, and many starts of one folder: one writer."""

from __future__ import annotations

import random
import subprocess
import threading
from pathlib import Path

import pytest

from mbo_desktop.store import backup, checkup
from mbo_desktop.store.database import Store
from mbo_desktop.store.restore import restore
from tests.faults import worker
from tests.faults.aftermath import log_of
from tests.faults.test_kills import new_folder, start

pytestmark = pytest.mark.timeout(300)


def backups_while_writing(tmp_path: Path, count: int) -> int:
    """Make backups while a thread writes, restore each; how many different states they hold."""
    folder = new_folder(tmp_path / "数据")
    stop = threading.Event()
    failed: list[BaseException] = []
    with Store.open(folder, operator="张三") as store:
        def write() -> None:
            chance, turn = random.Random(5), 0
            try:
                while not stop.is_set():
                    turn += 1
                    act = chance.choice([worker.rename_one, worker.rename_one, worker.import_ledger])
                    act(store, chance, f"{turn}-{act.__name__}")
            except BaseException as fault:  # noqa: BLE001 told by the test
                failed.append(fault)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            kept = [backup.make_backup(store, "手动", into=tmp_path / "U盘") for _ in range(count)]
        finally:
            stop.set()
            writer.join()
    assert failed == []
    whole = log_of(folder)
    lengths = set()
    for number, path in enumerate(kept):
        new = tmp_path / f"新{number}"
        restore(new, path, operator="李四")
        with Store.open(new, operator="李四") as store:
            assert checkup.run(store).is_clean
        log = log_of(new)[:-1]
        assert log == whole[:len(log)], "a backup is the state at one moment"
        lengths.add(len(log))
    return len(lengths)


def test_five_backups_made_while_writing(tmp_path: Path) -> None:
    assert backups_while_writing(tmp_path, 5) > 2


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_a_hundred_backups_made_while_writing(tmp_path: Path) -> None:
    assert backups_while_writing(tmp_path, 100) > 50


def tell(child: subprocess.Popen[str]) -> None:
    """Let a worker go on."""
    assert child.stdin is not None
    child.stdin.write("go\n")
    child.stdin.flush()


def starts_at_once(folder: Path, count: int) -> None:
    """Start that often at the same moment: one writes, the others say who has it."""
    before = len(log_of(folder))
    children = [start("opens", folder) for _ in range(count)]
    try:
        for child in children:
            tell(child)
        said = [child.stdout.readline() for child in children if child.stdout is not None]
        assert sorted(one.split(" ")[0].strip() for one in said) == ["reader"] * (count - 1) + ["writer"]
        for one in said:
            assert one == "writer\n" or "使用" in one
        for child in children:
            tell(child)
            child.wait(60)
    finally:
        for child in children:
            child.kill()
            child.communicate()
    assert len(log_of(folder)) == before + 1


def test_eight_starts_at_once(tmp_path: Path) -> None:
    starts_at_once(new_folder(tmp_path / "数据"), 8)


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_two_hundred_starts(tmp_path: Path) -> None:
    folder = new_folder(tmp_path / "数据")
    for _ in range(25):
        starts_at_once(folder, 8)
    with Store.open(folder) as store:
        assert checkup.run(store).is_clean
