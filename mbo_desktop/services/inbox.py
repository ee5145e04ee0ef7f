"""收件: files of a stick are copied in, read, verified and judged; nothing of them is applied here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mbo_desktop.services.received import Inbox
from mbo_desktop.store.database import Store

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class QuarantinedFile:
    """A file in 隔离区: kept as it came, with the sentence to read out to the sender."""

    path: Path
    name: str
    since: date
    sentence: str


def take(
    store: Store, paths: Sequence[Path], *, year: int = 0, month: int = 0,
    passwords: Mapping[str, str] | None = None,
    progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> Inbox:
    """Look at files and folders (packages and returned workbooks); the data stay as they are.

    passwords: by file name, "" for all others. year, month: for workbooks; 0: as most of them
    say. Raises InputError when there is nothing to look at, Cancelled.
    """
    raise NotImplementedError


def judge_again(store: Store, inbox: Inbox) -> Inbox:
    """The same files judged anew, after an acceptance or an import; nothing is read again."""
    raise NotImplementedError


def quarantined(store: Store) -> tuple[QuarantinedFile, ...]:
    """What lies in 隔离区, newest first."""
    raise NotImplementedError


def discard_quarantined(store: Store, path: Path) -> None:
    """Remove a file from 隔离区 for good."""
    raise NotImplementedError
