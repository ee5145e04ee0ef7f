"""What is on the disk after a disturbed or killed act of disturbed.py, held against what was said."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from mbo_desktop.errors import ProgramError
from mbo_desktop.exchange import frame
from mbo_desktop.store import attachments, checkup
from mbo_desktop.store.checks.history import check_history
from mbo_desktop.store.checks.report import Collector, Finding, Severity
from mbo_desktop.store.database import Store
from mbo_desktop.store.faults import UNCHANGED
from mbo_desktop.store.restore import examine


class Wrong(Exception):
    """What a round found wrong."""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """A folder that an act worked in, the log as it was before, and how many CSV files the act makes."""

    act: str
    work: Path
    before: list[str]
    tables: int = 0
    whole_check: bool = True
    killed: bool = False

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.work / ("旧" if self.act == "migrate" else "数据")


def log_of(folder: Path) -> list[str]:
    """The labels of the log; rolls back what was half written."""
    connection = sqlite3.connect(folder / "mbo.db")
    try:
        return [row[0] for row in connection.execute("SELECT label FROM change ORDER BY id")]
    finally:
        connection.close()


def whole(path: Path) -> None:
    """Wrong when a written file is not whole."""
    if path.suffix == ".xlsx":
        openpyxl.load_workbook(path).close()
    elif path.suffix == ".pdf":
        if not path.read_bytes().rstrip().endswith(b"%%EOF"):
            raise Wrong("half a PDF")
    elif path.suffix == ".zrb":
        frame.read_package(path)
    elif path.suffix == ".csv":
        if not path.read_bytes().endswith(b"\n"):
            raise Wrong("half a CSV")
    else:
        raise Wrong(f"{path.name} was left behind")


def damage(folder: Path, *, whole_check: bool) -> list[Finding]:
    """What is damaged; without the whole check that of pages, history and log only."""
    with Store.open(folder, operator="查") as store:
        if whole_check:
            return [one for one in checkup.run(store).findings if one.severity is Severity.DAMAGE]
    found = Collector()
    connection = sqlite3.connect(folder / "mbo.db")
    try:
        check_history(connection, found)
    finally:
        connection.close()
    return list(found.report().damage)


def look(left: Aftermath, fault: ProgramError | None) -> None:
    """Hold what is on the disk against what was said (fault None: done); raises Wrong."""
    if fault is not None and not left.killed:
        for part in (fault.what, fault.safe, fault.todo):
            if not part.strip().endswith(("。", "”", ")")):
                raise Wrong(f"no sentence: {part!r} in {fault.sentences()}")
    _log(left, fault)
    if found := damage(left.folder, whole_check=left.whole_check):
        raise Wrong(f"the data check: {found[0]}")
    _files(left, fault)
    _backups(left, fault)


def _log(left: Aftermath, fault: ProgramError | None) -> None:
    after = log_of(left.folder)
    if left.act != "restore" and after[:len(left.before)] != left.before:
        raise Wrong("the log is shorter than before")
    if left.act == "edit":
        there = "改名" in after
        if fault is None and not there:
            raise Wrong("saved, it was said, and it is not there")
        if fault is not None and fault.safe == UNCHANGED and there:
            raise Wrong("nothing was written, it was said, and it is there")


def _files(left: Aftermath, fault: ProgramError | None) -> None:
    made = [path for path in (left.work / "出").rglob("*") if path.is_file()]
    if fault is not None:
        # Nobody could tidy up; what bears its final name must be whole all the same.
        made = [path for path in made if ".part" not in str(path.relative_to(left.work))]
    for path in made:
        whole(path)
    if fault is None and left.act in ("workbook", "tables", "paper", "package") and not made:
        raise Wrong("written, it was said, and there is nothing")
    if left.act == "tables" and made and left.tables and len(made) != left.tables:
        raise Wrong(f"{len(made)} tables of {left.tables}")


def _backups(left: Aftermath, fault: ProgramError | None) -> None:
    kept = left.folder / "backups"
    made = list(kept.glob("*.db"))
    for path in made:
        examine(path)
    parts = [path.name for path in kept.rglob("*.part*")]
    if fault is None and parts:
        raise Wrong(f"left behind: {parts}")
    if left.act == "backup" and fault is None:
        if not made:
            raise Wrong("backed up, it was said, and there is nothing")
        for path in attachments.stored(left.folder):
            attachments.verify(kept, path.name)
