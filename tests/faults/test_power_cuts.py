"""Power cuts, replayed from what the program wrote: nothing acknowledged is lost, nothing is half.

Every state that a disk may be in after the cut is made from a trace (tests/faults/disk.py),
opened, checked and compared with the promises made before. Kept traces need no compiler;
with one, the work of today's program and its recoveries are recorded and cut as well.
"""

from __future__ import annotations

import itertools
import random
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from mbo_desktop.domain.offices import Unit
from mbo_desktop.store import attachments, checkup
from mbo_desktop.store.checks.report import Severity
from mbo_desktop.store.database import Store
from mbo_desktop.store.restore import examine
from tests.faults import preload, recordings
from tests.faults.disk import Disk, Tree, write_tree
from tests.faults.recordings import Recording
from tests.faults.sessions import FOLDER

pytestmark = pytest.mark.timeout(300)
"""Every state costs a whole data check; a busy machine may take its time."""
HOT = 512
"""A journal longer than its header may have to be rolled back."""


def busy_places(one: Recording) -> list[int]:
    """The operations after which a cut can do something, or a promise was just made."""
    disk, found = Disk(one.start), []
    for place, op in enumerate(one.ops):
        disk.apply(op)
        if disk.unsynced() or op.kind in "SA":
            found.append(place)
    return found


def cut(one: Recording, places: list[int], chance: random.Random) -> tuple[Tree, list[str], int]:
    """A state after a cut at one of the places, the promises made until then, and where it was."""
    last = chance.choice(places)
    disk = Disk(one.start)
    for op in one.ops[:last + 1]:
        disk.apply(op)
    return disk.after_power_cut(chance), disk.said.decode().splitlines(), last


def labels(folder: Path) -> set[str]:
    """The labels of all log entries."""
    connection = sqlite3.connect(folder / "mbo.db")
    try:
        return {row[0] for row in connection.execute("SELECT label FROM change").fetchall()}
    finally:
        connection.close()


def look(root: Path, promises: list[str]) -> int:
    """Open what was left and hold it against the promises; the number of units."""
    folder = root / FOLDER
    with Store.open(folder, operator="查") as store:
        assert not store.read_only
        report = checkup.run(store)
        units = len(store.all(Unit))
    assert [one for one in report.findings if one.severity is Severity.DAMAGE] == []
    said = labels(folder)
    for promise in promises:
        kind, _, rest = promise.partition(" ")
        if kind == "log":
            assert rest in said, f"{rest} was acknowledged and is gone"
        elif kind == "file":
            attachments.verify(folder, rest)
        elif kind == "backup":
            examine(folder / "backups" / rest)
            for path in attachments.stored(folder):
                attachments.verify(folder / "backups", path.name)
        elif kind == "units":
            assert units == int(rest)
    return units


def replay(one: Recording, rounds: int, seed: int, place: Path) -> Counter[str]:
    """Cut that often, open, look; what was met, for a test to see that it tested something."""
    met: Counter[str] = Counter()
    places = busy_places(one)
    for turn in range(rounds):
        chance = random.Random(f"{one.name}-{seed}-{turn}")
        state, promises, last = cut(one, places, chance)
        shutil.rmtree(place, ignore_errors=True)
        write_tree(place, state)
        journal = state.get(f"{FOLDER}/mbo.db-journal") or b""
        met["hot" if len(journal) > HOT else "cold"] += 1
        try:
            units = look(place, promises)
        except Exception as fault:
            fault.add_note(f"{one.name}: seed {seed}, turn {turn}, cut after operation {last}")
            raise
        if one.name == "restoring":
            assert units in (20, 21)
            met[f"{units} units"] += 1
    return met


def kept(name: str) -> Recording:
    return recordings.load(recordings.KEPT / f"{name}.tar.xz")


@pytest.mark.parametrize(("name", "rounds"), [
    ("edits", 38), ("backups", 20), ("restoring", 20), ("migrating", 10),
])
def test_a_hundred_power_cuts(name: str, rounds: int, tmp_path: Path) -> None:
    met = replay(kept(name), rounds, 1, tmp_path / "盘")
    if name in ("edits", "migrating"):
        assert met["hot"] > rounds // 8
    if name == "restoring":
        assert met["20 units"] and met["21 units"]


def test_a_lost_write_would_be_noticed(tmp_path: Path) -> None:
    """The test of the test: without syncs that count, promises are broken."""
    one = kept("edits")
    lazy = Recording(one.name, one.start, [op for op in one.ops if op.kind != "S"])
    with pytest.raises((AssertionError, Exception)):
        replay(lazy, 40, 1, tmp_path / "盘")


def test_states_are_made_as_a_disk_would() -> None:
    """What was synced stands, the rest may be missing or cut at a sector."""
    write = preload.Op
    ops = [
        write("O", 3, 0o101, b"d/a", b""), write("W", 3, 0, b"x" * 1024, b""), write("S", 3, 0, b"", b""),
        write("O", 4, 0, b"d", b""), write("S", 4, 0, b"", b""), write("W", 3, 0, b"y" * 1024, b""),
        write("R", -1, 0, b"d/a", b"d/b"),
    ]
    seen = set()
    for seed in range(600):
        disk = Disk({"d": None})
        for op in ops:
            disk.apply(op)
        state = disk.after_power_cut(random.Random(seed))
        (name,) = set(state) - {"d"}
        seen.add((name, state[name]))
    x, y = b"x" * 512, b"y" * 512
    assert seen == set(itertools.product(("d/a", "d/b"), (x + x, y + y, y + x, x + y)))


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", recordings.NAMES)
def test_thousands_of_power_cuts(name: str, tmp_path: Path) -> None:
    if preload.library() is None:
        pytest.skip("no C compiler to record a trace with")
    rounds = {"edits": 1500, "backups": 700, "restoring": 500, "migrating": 300}[name]
    replay(recordings.fresh(name, tmp_path), rounds, 2, tmp_path / "盘")


def hot_states(one: Recording, count: int) -> list[tuple[Tree, list[str]]]:
    """States whose opening has something to roll back, with what was promised."""
    found: list[tuple[Tree, list[str]]] = []
    places = busy_places(one)
    for turn in range(400):
        state, promises, _ = cut(one, places, random.Random(f"hot-{turn}"))
        if len(state.get(f"{FOLDER}/mbo.db-journal") or b"") > HOT:
            found.append((state, promises))
        if len(found) == count:
            break
    return found


def cut_recoveries(name: str, states: int, rounds: int, tmp_path: Path) -> None:
    if preload.library() is None:
        pytest.skip("no C compiler to record a trace with")
    for number, (state, promises) in enumerate(hot_states(kept(name), states)):
        one = recordings.record("opening", state, tmp_path)
        said = "".join(f"{promise}\n" for promise in promises).encode()
        ahead = preload.Op("A", 1, 0, said, b"")
        replay(Recording(one.name, one.start, [ahead, *one.ops]), rounds, number, tmp_path / "盘")


def test_power_cuts_during_recovery(tmp_path: Path) -> None:
    cut_recoveries("edits", 2, 6, tmp_path)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", ["edits", "migrating"])
def test_a_thousand_power_cuts_during_recovery(name: str, tmp_path: Path) -> None:
    cut_recoveries(name, 20, 25, tmp_path)
