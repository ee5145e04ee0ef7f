"""What was read in 收件 outlives its widgets: another zoom makes the room anew, the list stays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mbo_desktop.services.received import Inbox, Received
from ui.workspace import Workspace

_PLACE = "exchange.inbox"


@dataclass(frozen=True, slots=True)
class KeptInbox:
    """The list with its ticks, and the import that was just done."""

    found: Inbox
    missing: tuple[str, ...]
    ticks: frozenset[int]
    paths: tuple[Path, ...]
    passwords: dict[str, str]
    result: Received | None
    """None while the list itself is shown."""


def keep(workspace: Workspace, kept: KeptInbox | None) -> None:
    """Keep it as long as the data folder is open; None forgets."""
    workspace.kept[_PLACE] = kept


def kept_of(workspace: Workspace) -> KeptInbox | None:
    """What was kept, None for nothing."""
    kept = workspace.kept.get(_PLACE)
    return kept if isinstance(kept, KeptInbox) else None
