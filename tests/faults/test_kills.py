"""kill -9 at any moment: what was acknowledged is there, nothing is half there."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mbo_desktop.domain.offices import Unit
from mbo_desktop.store import backup, checkup
from mbo_desktop.store.database import Store
from tests.faults import nursery
from tests.faults.nursery import Forked
from tests.faults.worker import IMPORTED

ROOT = Path(__file__).parents[2]


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """A worker process that has imported everything and waits for a line."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.worker", *map(str, arguments)], cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )


def workers(
    rounds: int, seed: int, command: str, *arguments: str | Path
) -> Iterator[subprocess.Popen[str] | Forked]:
    """That many workers one after the other, each started while the one before is looked at."""
    ready = nursery.forked if nursery.can_fork() else start
    first = seed * 1000
    following = ready(command, *arguments, str(first))
    try:
        for turn in range(rounds):
            child, following = following, ready(command, *arguments, str(first + turn + 1))
            yield child
    finally:
        following.kill()
        following.communicate()


def run_and_kill(child: subprocess.Popen[str] | Forked, seconds: float) -> list[str]:
    """Let a worker run this long after its first word, kill it; the lines it got out whole."""
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write("go\n")
        child.stdin.flush()
        first = child.stdout.readline()
        assert first, "the worker ended before it said anything"
        time.sleep(seconds)
        assert child.poll() is None, "the worker ended by itself"
    finally:
        child.kill()
    said = first + child.stdout.read()
    child.wait()
    child.stdout.close()
    child.stdin.close()
    # A line without its end was cut off while being said: the commit before it stands.
    return said.split("\n")[:-1]


def log_of(folder: Path) -> dict[str, int]:
    """Number of revisions by label of the log entry."""
    connection = sqlite3.connect(folder / "mbo.db")
    try:
        return dict(connection.execute(
            "SELECT c.label, count(v.id) FROM change c LEFT JOIN revision v ON v.change = c.id "
            "GROUP BY c.id"
        ).fetchall())
    finally:
        connection.close()


def new_folder(path: Path) -> Path:
    with Store.create(path, operator="张三") as store, store.change("起点") as change:
        for number in range(20):
            change.put(Unit(id=change.new(Unit), name=f"单位{number}"))
    return path


def kill_rounds(folder: Path, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    said_before: set[str] = set()
    for child in workers(rounds, seed, "edits", folder):
        said = run_and_kill(child, chance.uniform(0.0, 0.2))
        with Store.open(folder, operator="查") as store:
            assert not store.read_only, "the lock of the dead is taken over"
            report = checkup.run(store)
        assert [one for one in report.findings if one.severity != "note"] == []
        log = log_of(folder)
        assert said_before | set(said) <= log.keys(), "an acknowledged change is missing"
        for label, count in log.items():
            if label.endswith("import_ledger") and not label.startswith("撤销"):
                assert count == IMPORTED // 2 * 2, "an import is all there or not at all"
        said_before |= set(said)


def test_twenty_kills_lose_nothing_acknowledged(tmp_path: Path) -> None:
    kill_rounds(new_folder(tmp_path / "数据"), 20, seed=1)


@pytest.mark.full
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(2, 10))
def test_two_hundred_kills_lose_nothing_acknowledged(tmp_path: Path, seed: int) -> None:
    kill_rounds(new_folder(tmp_path / "数据"), 25, seed)


def restore_rounds(tmp_path: Path, rounds: int, seed: int) -> None:
    folder = new_folder(tmp_path / "数据")
    with Store.open(folder) as store:
        one = backup.make_backup(store, "甲", into=tmp_path / "备份")
        with store.change("多一个") as change:
            change.put(Unit(id=change.new(Unit), name="多出来的"))
        other = backup.make_backup(store, "乙", into=tmp_path / "备份")
    chance = random.Random(seed)
    seen = set()
    for child in workers(rounds, seed, "restores", folder, one, other):
        run_and_kill(child, chance.uniform(0.0, 0.4))
        with Store.open(folder, operator="查") as store:
            seen.add(len(store.all(Unit)))
            assert checkup.run(store).is_clean
    assert seen <= {20, 21}


def test_kills_while_restoring_leave_one_state_or_the_other(tmp_path: Path) -> None:
    restore_rounds(tmp_path, 6, seed=3)


@pytest.mark.full
@pytest.mark.timeout(600)
def test_many_kills_while_restoring(tmp_path: Path) -> None:
    restore_rounds(tmp_path, 40, seed=4)
