"""Numbered steps of the data file's schema, in order; `user_version` is the last one's number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from sqlite3 import Connection

from mbo_desktop.store.migrations import (
    m0001_initial,
    m0002_argued_and_adjusted,
    m0003_origins_and_results,
    m0004_decomposition,
    m0005_progress,
    m0006_inspection,
    m0007_assessment,
    m0008_circulars,
    m0009_exchange,
    m0010_purges,
    m0011_accounts,
    m0012_gap_dismissals,
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: brings a file from version - 1 to version, inside the runner's transaction."""

    version: int
    upgrade: Callable[[Connection], None]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, m0001_initial.upgrade),
    Migration(2, m0002_argued_and_adjusted.upgrade),
    Migration(3, m0003_origins_and_results.upgrade),
    Migration(4, m0004_decomposition.upgrade),
    Migration(5, m0005_progress.upgrade),
    Migration(6, m0006_inspection.upgrade),
    Migration(7, m0007_assessment.upgrade),
    Migration(8, m0008_circulars.upgrade),
    Migration(9, m0009_exchange.upgrade),
    Migration(10, m0010_purges.upgrade),
    Migration(11, m0011_accounts.upgrade),
    Migration(12, m0012_gap_dismissals.upgrade),
)
