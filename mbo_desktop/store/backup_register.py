"""备份登记: where backups outside the data folder go, how often, and what became of backups and drills.

It stands beside the backups (登记.json), not in the data file: a restore must not forget it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mbo_desktop import clock
from mbo_desktop.domain.identity import Choice
from mbo_desktop.store.folder import BACKUPS, write_durably

NAME = "登记.json"
USUAL_DAYS = 7
_KEPT = 200


class Deed(Choice):
    """What is entered."""

    OUTSIDE = "outside", "外部备份"
    DRILL = "drill", "演练"
    REPAIR = "repair", "修复"


@dataclass(frozen=True, slots=True)
class Entry:
    """One backup made elsewhere, drill or repair: when, how it went, in words."""

    deed: Deed
    at: datetime
    ok: bool
    text: str
    place: str = ""
    """The folder or file it was about."""


@dataclass(frozen=True, slots=True)
class Register:
    """The register as it stands; days 0: no reminders."""

    target: str = ""
    days: int = USUAL_DAYS
    entries: tuple[Entry, ...] = ()
    """The newest first."""

    def last(self, deed: Deed, *, ok: bool = True) -> Entry | None:
        """The newest entry of a kind (that went well); None without any."""
        return next((one for one in self.entries if one.deed is deed and (one.ok or not ok)), None)


def read(data_folder: Path) -> Register:
    """The register of a data folder; an empty one where there is none or it cannot be read."""
    try:
        said = json.loads((data_folder / BACKUPS / NAME).read_text(encoding="utf-8"))
        entries = tuple(
            Entry(
                Deed.of(one["deed"]), datetime.fromisoformat(one["at"]), bool(one["ok"]),
                str(one["text"]), str(one.get("place", "")),
            ) for one in said.get("entries", ())
        )
        return Register(str(said.get("target", "")), int(said.get("days", USUAL_DAYS)), entries)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Register()


def note(data_folder: Path, deed: Deed, text: str, *, ok: bool = True, place: str = "") -> None:
    """Enter a deed; StorageError when the folder cannot be written."""
    known = read(data_folder)
    entry = Entry(deed, clock.now(), ok, text, place)
    _write(data_folder, Register(known.target, known.days, (entry, *known.entries)[:_KEPT]))


def set_target(data_folder: Path, target: str, days: int) -> None:
    """Where backups outside go and after how many days without one to remind (0: never)."""
    _write(data_folder, Register(target, max(0, days), read(data_folder).entries))


def _write(data_folder: Path, register: Register) -> None:
    folder = data_folder / BACKUPS
    folder.mkdir(exist_ok=True)
    said = {
        "target": register.target, "days": register.days,
        "entries": [
            {"deed": one.deed.value, "at": one.at.isoformat(timespec="seconds"), "ok": one.ok,
             "text": one.text, "place": one.place} for one in register.entries
        ],
    }
    write_durably(folder / NAME, json.dumps(said, ensure_ascii=False, indent=1).encode())
