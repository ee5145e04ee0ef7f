"""What somebody was typing when the program ended: kept in the data folder's drafts/ until it is committed.

Beside the data, not on the machine: nothing of the office's work stays behind on a borrowed PC,
and the drafts travel with the folder. They are in no log, no package and no backup: a backup holds
what was committed, and its restore must not bring half a sentence of last month back.
"""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from mbo_desktop import clock
from mbo_desktop.store.folder import discard

FOLDER = "drafts"
KEPT_DAYS = 30
_MOST = 2_000_000
"""Bytes of one draft at most; longer ones are not ours."""
_log = logging.getLogger("mbo.storage")


@dataclass(frozen=True, slots=True)
class Draft:
    """Texts of one editor that were not committed."""

    key: str
    """Which editor; the same when it is opened again."""
    title: str
    """For the list: 「目标值 · 工业投资」."""
    who: str
    at: datetime
    texts: tuple[tuple[str, str, str], ...]
    """(field, its name on the screen, what was typed)."""
    is_given_up: bool = False
    """The editor was closed without being committed: offered when it is opened again, not at the start."""

    @property
    def words(self) -> str:
        """The beginning of what was typed."""
        text = next((text for _field, _name, text in self.texts if text.strip()), "")
        flat = " ".join(text.split())
        return flat if len(flat) <= 60 else f"{flat[:60]}…"


def keep(data_folder: Path, draft: Draft) -> bool:
    """Write a draft whole or not at all; False when it cannot be written (it is only a draft)."""
    folder = data_folder / FOLDER
    path = _path(folder, draft.key, draft.who)
    part = path.with_suffix(".part")
    said = {**asdict(draft), "at": draft.at.isoformat(timespec="seconds")}
    try:
        folder.mkdir(exist_ok=True)
        with part.open("w", encoding="utf-8") as out:
            json.dump(said, out, ensure_ascii=False)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        _log.info("draft not kept: %s", error.strerror)
        discard(part)
        return False
    return True


def drop(data_folder: Path, key: str, who: str) -> None:
    """The editor was committed, or this person's draft of it given up."""
    with suppress(OSError):
        _path(data_folder / FOLDER, key, who).unlink(missing_ok=True)


def drafts(data_folder: Path, who: str) -> tuple[Draft, ...]:
    """What this person left unfinished in the last 30 days, the newest first; unreadable files are left out."""
    found = []
    for path in (data_folder / FOLDER).glob("*.json"):
        draft = _read(path)
        if draft is None or draft.who != who:
            continue
        if (clock.now() - draft.at).days > KEPT_DAYS:
            with suppress(OSError):
                path.unlink()
            continue
        found.append(draft)
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _path(folder: Path, key: str, who: str) -> Path:
    """Each person has a draft of their own for the same editor."""
    name = sha256("\n".join((who, key)).encode()).hexdigest()
    return folder / f"{name[:32]}.json"


def _read(path: Path) -> Draft | None:
    try:
        if path.stat().st_size > _MOST:
            return None
        said = json.loads(path.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(said["at"])
        return Draft(
            str(said["key"]), str(said["title"]), str(said["who"]),
            at if at.tzinfo else at.astimezone(),
            tuple((str(field), str(name), str(text)) for field, name, text in said["texts"]),
            bool(said.get("is_given_up")),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
