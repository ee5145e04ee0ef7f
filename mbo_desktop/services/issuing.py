"""发件: who can be sent what, what a package would hold, making it, and the hand-over register."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from mbo_desktop.domain.exchange import PackageKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.issued import Contents, IssuedFile, Recipient, RegisterRow
from mbo_desktop.store.database import Store

Progress = Callable[[int, int, str], None]


def recipients(store: Store, year: int, kind: PackageKind) -> tuple[Recipient, ...]:
    """Everybody such a package can be made for: units below the own one (下发), superiors (上报), both (回执)."""
    raise NotImplementedError


def preview(store: Store, recipient: RecordId, kind: PackageKind, year: int) -> Contents:
    """What the package would hold against the last one; nothing is written."""
    raise NotImplementedError


def issue(
    store: Store, keys: Sequence[RecordId], kind: PackageKind, year: int, folder: Path, *,
    password: str = "", cleared: bool, carrier: str = "", medium: str = "", note: str = "",
    progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> tuple[IssuedFile, ...]:
    """Make a package for each recipient and write it to the folder; each is one barrier change.

    keys: `Recipient.key`. InputError unless 非涉密 is confirmed (`cleared`); FileWriteError
    when the stick is full: what was made can be written again. Raises Cancelled between two.
    """
    raise NotImplementedError


def write_again(store: Store, package: str, folder: Path, *, password: str = "") -> Path:
    """Write a package made before once more, with the same content."""
    raise NotImplementedError


def register(store: Store, year: int | None = None) -> tuple[RegisterRow, ...]:
    """The hand-over register, newest first."""
    raise NotImplementedError


def hand_over(
    store: Store, package: str, *, carrier: str, medium: str = "", on: date | None = None,
    cleared: bool = True, note: str = "",
) -> None:
    """Enter or correct who carried a package; InputError for a package that is not here."""
    raise NotImplementedError
