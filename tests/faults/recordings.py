"""Traces of the program's work: recorded with the preload library, kept in tests/data/io-traces.

python -m tests.faults.recordings   writes the kept ones anew (they may be of any age:
a state of an older program must open as well).
"""

from __future__ import annotations

import gzip
import io
import lzma
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mbo_desktop.domain.offices import Unit
from mbo_desktop.store import backup
from mbo_desktop.store.database import Store
from tests.faults import preload
from tests.faults.disk import Tree, read_tree, write_tree
from tests.faults.preload import Op
from tests.faults.sessions import FOLDER

KEPT = Path(__file__).parents[1] / "data" / "io-traces"
OLD_SCHEMA = Path(__file__).parents[1] / "data" / "schemas" / "m0001.db.gz"
NAMES = ("edits", "backups", "restoring", "migrating")


@dataclass(frozen=True, slots=True)
class Recording:
    """Where a piece of work began and every operation it did."""

    name: str
    start: Tree
    ops: list[Op]


def beginning(name: str, root: Path) -> None:
    """Make the state in which the work of this name begins."""
    with Store.create(root / FOLDER, operator="张三") as store:
        with store.change("起点") as change:
            for number in range(20):
                change.put(Unit(id=change.new(Unit), name=f"单位{number}"))
        if name == "restoring":
            backup.make_backup(store, "甲", into=root / "备份")
            with store.change("多一个") as change:
                change.put(Unit(id=change.new(Unit), name="多出来的"))
    if name == "migrating":
        unpack(OLD_SCHEMA, root / FOLDER / "mbo.db")


def unpack(kept: Path, target: Path) -> None:
    """Write a data file that was kept packed."""
    with gzip.open(kept) as packed, target.open("wb") as file:
        shutil.copyfileobj(packed, file)


def record(name: str, start: Tree, scratch: Path) -> Recording:
    """Do the work from this state and write its operations down."""
    root, trace = scratch / "disk", scratch / "trace"
    shutil.rmtree(root, ignore_errors=True)
    trace.unlink(missing_ok=True)
    root.mkdir()
    write_tree(root, start)
    preload.run("tests.faults.sessions", name, root, root=root, trace=trace)
    prefix = f"{root}/".encode()
    ops = [
        Op(op.kind, op.fd, op.number, op.first.removeprefix(prefix), op.second.removeprefix(prefix))
        if op.kind in "ORUMD" else op
        for op in preload.operations(trace.read_bytes())
    ]
    return Recording(name, {**start, "tmp": None}, ops)


def fresh(name: str, scratch: Path) -> Recording:
    """The work of this name by today's program."""
    root = scratch / "start"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    beginning(name, root)
    return record(name, read_tree(root), scratch)


def save(one: Recording, path: Path) -> None:
    """Keep a recording, packed."""
    with tarfile.open(path, "w:xz", preset=9) as archive:
        trace = preload.as_bytes(one.ops)
        for member, content in [("trace", trace), *((f"start/{k}", v) for k, v in one.start.items())]:
            info = tarfile.TarInfo(member)
            info.type = tarfile.DIRTYPE if content is None else tarfile.REGTYPE
            info.size = len(content or b"")
            archive.addfile(info, io.BytesIO(content or b""))


def load(path: Path) -> Recording:
    """A recording that was kept."""
    start: Tree = {}
    ops: list[Op] = []
    with lzma.open(path) as unpacked, tarfile.open(fileobj=unpacked) as archive:
        for info in archive:
            file = archive.extractfile(info)
            content = file.read() if file is not None else None
            if info.name == "trace":
                ops = list(preload.operations(content or b""))
            else:
                start[info.name.removeprefix("start/")] = content
    return Recording(path.name.split(".")[0], start, ops)


def _keep_all() -> None:
    KEPT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name in NAMES:
            save(fresh(name, Path(scratch)), KEPT / f"{name}.tar.xz")


if __name__ == "__main__":
    _keep_all()
