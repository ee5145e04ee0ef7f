"""校验日志: every entry against what it wrote and the one before, per copy of the data, told in sentences."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mbo_desktop.store import log_heads
from mbo_desktop.store.backup import copy_database
from mbo_desktop.store.checks.history import check_history
from mbo_desktop.store.checks.report import Collector, Finding, Severity
from mbo_desktop.store.database import Store
from mbo_desktop.store.faults import storage_faults
from mbo_desktop.store.scratch import scratch_folder

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class ChainLine:
    """The chain of one copy of the data."""

    replica: str
    is_here: bool
    """The copy that is open."""
    entries: int
    since: datetime
    until: datetime
    last: str
    """Hash of its newest entry."""


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found."""

    chains: tuple[ChainLine, ...]
    findings: tuple[Finding, ...]
    heads: int
    """Ends of the log noted outside the file, and in packages, that were compared."""

    @property
    def entries(self) -> int:
        """Entries of all chains."""
        return sum(one.entries for one in self.chains)

    @property
    def is_unbroken(self) -> bool:
        """Whether nothing was found that is damage."""
        return all(one.severity is not Severity.DAMAGE for one in self.findings)

    def sentence(self) -> str:
        """The result in one sentence."""
        if not self.chains:
            return "日志中还没有条目。"
        since = min(one.since for one in self.chains).astimezone()
        until = max(one.until for one in self.chains).astimezone()
        span = f"{since:%Y-%m-%d %H:%M}至{until:%Y-%m-%d %H:%M}"
        if self.is_unbroken:
            return (
                f"日志共{self.entries:,}条,{span},逐条校验连续、未被改动;"
                f"与留存的{self.heads}个日志末尾一致。"
            )
        damage = [one for one in self.findings if one.severity is Severity.DAMAGE]
        first = damage[0]
        more = f"另有{len(damage) - 1}处,见下。" if len(damage) > 1 else ""
        return f"日志共{self.entries:,}条,{span},校验未通过:{first.where}:{first.what}{more}"


def verify(
    store: Store, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
) -> ChainReport:
    """Verify all entries on a copy, so that the office can go on working; raises Cancelled."""
    found = Collector()
    with scratch_folder("log") as scratch:
        copy = scratch / "copy.db"
        with storage_faults("数据文件未被改动。"):
            copy_database(store.path, copy, progress)
        connection = sqlite3.connect(copy, isolation_level=None)
        try:
            check_history(connection, found, progress, cancelled)
            heads = log_heads.check(connection, store.folder, found)
            rows = connection.execute(
                "SELECT c.replica, count(*), min(c.at), max(c.at), "
                "(SELECT hash FROM change l WHERE l.replica = c.replica ORDER BY seq DESC LIMIT 1) "
                "FROM change c GROUP BY c.replica ORDER BY min(c.id)"
            ).fetchall()
        finally:
            connection.close()
    chains = tuple(
        ChainLine(
            row[0].hex(), row[0] == store.replica.bytes, row[1], datetime.fromisoformat(row[2]),
            datetime.fromisoformat(row[3]), row[4].hex(),
        )
        for row in rows
    )
    return ChainReport(chains, found.report().findings, heads)
