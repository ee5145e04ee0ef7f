"""From records to paper: agreements and the allotment table as PDF and Word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.database import Store

Progress = Callable[[int, int, str], None]
"""done, total, what."""
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class PrintedFiles:
    """What was written: files in official order, and what to tell about them."""

    files: tuple[Path, ...]
    warnings: tuple[str, ...] = ()
    """Characters no font has, units without a signatory …"""


def agreement_pdf(store: Store, agreement: RecordId) -> bytes:
    """One agreement as PDF, for preview and print (a draft from live records, else the snapshot)."""


def agreement_word(store: Store, agreement: RecordId) -> bytes:
    """The same text as a Word file."""


def write_agreements(
    store: Store,
    year: int,
    folder: Path,
    *,
    agreements: Sequence[RecordId] | None = None,
    word: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> PrintedFiles:
    """Agreements (None: all of the year) in official order as 「01 柯城区 责任书.pdf」, Word beside it when asked.

    Raises errors.Cancelled when stopped: files written so far are removed. An issued
    agreement's PDF is kept in the attachments and its hash in the snapshot.
    """


def allotment_pdf(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> bytes:
    """The allotment table of the year as PDF."""


def allotment_word(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> bytes:
    """The allotment table of the year as a Word file."""


def safe_file_name(text: str) -> str:
    """A name that Windows accepts: no reserved characters or device names, at most 80 characters."""
