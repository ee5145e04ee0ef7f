"""A child process that works on a data folder and says on stdout what was acknowledged.

python -m tests.faults.worker edits FOLDER SEED
python -m tests.faults.worker restores FOLDER BACKUP BACKUP TURN
python -m tests.faults.worker repeats TEMPLATE ACT PLACE TURN   (an act of disturbed.py on copies)
python -m tests.faults.worker opens FOLDER   (says writer or reader, stays until the next line)
python -m tests.faults.worker fill FOLDER BYTES   (no file may grow beyond)

It begins when it reads a line on stdin.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.errors import StorageError
from mbo_desktop.store import attachments
from mbo_desktop.store.database import Store
from mbo_desktop.store.restore import restore

IMPORTED = 150
"""Rows of one import."""


def acknowledge(text: str) -> None:
    """Say that something is saved."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def rename_one(store: Store, chance: random.Random, label: str) -> None:
    unit = chance.choice(store.all(Unit))
    with store.change(label) as change:
        change.put(replace(unit, note=label))


def import_ledger(store: Store, chance: random.Random, label: str) -> None:
    unit = chance.choice(store.all(Unit)).id
    with store.change(label) as change:
        for number in range(IMPORTED // 2):
            indicator = change.new(Indicator)
            change.put(Indicator(id=indicator, year=2020, name=f"{label}第{number}项"))
            target = change.named(Target, indicator, unit)
            change.put(Target(id=target, indicator=indicator, unit=unit, note="备注" * 20))


def undo_last(store: Store, _: random.Random, label: str) -> None:
    if store.undo_label is not None:
        store.undo()
    with store.change(label) as change:
        change.put(Unit(id=change.new(Unit), name=label))


def attach(store: Store, chance: random.Random, label: str) -> None:
    attachments.add(store, chance.randbytes(20_000), label)
    rename_one(store, chance, label)


def edits(folder: Path, seed: int) -> None:
    """Work until killed; the label of each saved change is said after it."""
    chance = random.Random(seed)
    acts = [rename_one] * 5 + [import_ledger] * 3 + [undo_last, attach]
    with Store.open(folder, operator="张三") as store:
        turn = 0
        while True:
            turn += 1
            act = chance.choice(acts)
            label = f"{seed}-{turn}-{act.__name__}"
            act(store, chance, label)
            acknowledge(label)


def restores(folder: Path, backups: list[Path]) -> None:
    """Put one backup and the other in place until killed."""
    acknowledge("start")
    while True:
        for backup in backups:
            restore(folder, backup)
            acknowledge(backup.name)


def repeats(template: Path, act: str, place: Path) -> None:
    """Do the act on one copy after the other until killed; the number of each finished one is said."""
    from tests.faults.disturbed import ACTS

    turn = 0
    while True:
        turn += 1
        shutil.copytree(template, place / f"{turn}.new")
        (place / f"{turn}.new").rename(place / str(turn))
        if turn == 1:
            # The act, not the copying, is what is to be cut off.
            acknowledge("start")
        ACTS[act](place / str(turn))
        acknowledge(str(turn))


def opens(folder: Path) -> None:
    """Open, say whether it may write (and write once), stay until told to go."""
    with Store.open(folder, operator="李四") as store:
        if store.read_only:
            acknowledge(f"reader {store.read_only_reason}")
        else:
            rename_one(store, random.Random(1), f"写于{os.getpid()}")
            acknowledge("writer")
        sys.stdin.readline()


def fill(folder: Path, limit: int) -> None:
    """Write until the disk is full; say the error, then what is there."""
    import resource

    with Store.open(folder, operator="张三") as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        turn = 0
        try:
            while True:
                label = f"{turn}"
                with store.change(label) as change:
                    change.put(Unit(id=change.new(Unit), name=label, note="字" * 3000))
                acknowledge(label)
                turn += 1
        except StorageError as error:
            acknowledge(f"error {error.sentences()}")
            acknowledge(f"left {len(store.all(Unit))}")


def main(arguments: list[str]) -> None:
    """Wait for a line, then do what the command says."""
    command, place, *rest = arguments
    # Started ahead of time: the imports are done, the folder is not touched yet.
    if not sys.stdin.readline():
        return
    if command == "edits":
        edits(Path(place), int(rest[0]))
    elif command == "restores":
        restores(Path(place), [Path(one) for one in rest[:2]])
    elif command == "opens":
        opens(Path(place))
    elif command == "repeats":
        repeats(Path(place), rest[0], Path(rest[1]))
    else:
        fill(Path(place), int(rest[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
