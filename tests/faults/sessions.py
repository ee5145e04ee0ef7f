"""Short pieces of work on a data folder whose every operation is written down by iotrace.c.

python -m tests.faults.sessions NAME ROOT
Works on ROOT/数据; each line said is a promise: "log LABEL" stands in the log,
"file SHA" is among the attachments, "backup NAME" is a whole backup, "units N" are there.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

from mbo_desktop.domain.offices import Unit
from mbo_desktop.store import attachments, backup
from mbo_desktop.store.database import Store
from mbo_desktop.store.restore import restore
from tests.faults import worker
from tests.faults.worker import acknowledge

FOLDER = "数据"


def edits(root: Path) -> None:
    """Ordinary work: names, an import, steps taken back, files."""
    chance = random.Random(7)
    acts: list[Callable[[Store, random.Random, str], None]] = [
        worker.rename_one, worker.import_ledger, worker.undo_last, worker.rename_one,
        worker.rename_one, worker.undo_last,
    ]
    with Store.open(root / FOLDER, operator="张三") as store:
        for turn, act in enumerate(acts):
            label = f"{turn}-{act.__name__}"
            act(store, chance, label)
            acknowledge(f"log {label}")
            if turn % 3 == 0:
                acknowledge("file " + attachments.add(store, chance.randbytes(3000), f"{turn}.pdf"))


def backups(root: Path) -> None:
    """A backup between edits, with an attachment to mirror."""
    chance = random.Random(8)
    with Store.open(root / FOLDER, operator="张三") as store:
        acknowledge("file " + attachments.add(store, b"abc" * 500, "甲.pdf"))
        worker.rename_one(store, chance, "前")
        acknowledge("log 前")
        acknowledge("backup " + backup.make_backup(store, "手动").name)
        worker.rename_one(store, chance, "后")
        acknowledge("log 后")


def restoring(root: Path) -> None:
    """The only backup beside the folder takes its place: 20 units instead of 21."""
    (one,) = (root / "备份").glob("*.db")
    restore(root / FOLDER, one, operator="张三")
    acknowledge("units 20")


def opening(root: Path) -> None:
    """Open what was left (roll back, bring up to date) and write once."""
    with Store.open(root / FOLDER, operator="张三") as store:
        acknowledge("opened")
        with store.change("又写") as change:
            change.put(Unit(id=change.new(Unit), name="又写"))
        acknowledge("log 又写")


SESSIONS = {
    "edits": edits, "backups": backups, "restoring": restoring, "opening": opening,
    "migrating": opening,
}

if __name__ == "__main__":
    SESSIONS[sys.argv[1]](Path(sys.argv[2]))
