"""First run from a superior's package: a new data folder whose office and unit the package tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class FirstPackage:
    """What a superior's package says for a first start."""

    path: Path
    superior_name: str
    fingerprint: str
    office_name: str
    """As the superior names the recipient; can be changed before the folder is made."""
    unit_name: str
    year: int
    targets: int
    sentence: str


def look(path: Path, *, password: str = "") -> FirstPackage:
    """Read a package before there is a data folder; the errors of packages, InputError for a kind that does not go down."""
    raise NotImplementedError


def create(
    folder: Path, first: FirstPackage, *, office_name: str, operators: Sequence[str] = (),
    password: str = "",
) -> Store:
    """Make the data folder, accept the superior (当面接收) and take the package in; open.

    Nothing stays of the folder when any of it fails.
    """
    raise NotImplementedError
