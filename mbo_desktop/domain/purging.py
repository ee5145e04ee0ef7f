"""清除误录内容: what says that content was removed for good, and how the removed places look."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from mbo_desktop.domain.identity import Entity

MARK = '{"purged":true}'
"""Stands where a body was; a mark that a purge names passes every check, any other is damage."""
MARKED_LABEL = "(已清除)"
"""Stands where the words of a log entry held what was removed."""
_NAME = re.compile(r"[0-9a-f]{32}/[0-9a-f]{32}|[0-9a-f]{64}").fullmatch
"""References and hashes are no text."""
REPLACEMENT = "[已清除]"
"""What stands in the record itself instead of the text, when nothing else was chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge(Entity):
    """An act of removal: which hashes it names, why, who decided. Never taken back.

    Only this office's own ones count, in all its copies; they are never sent to others.
    """

    type_name: ClassVar[str] = "purge"

    reason: str
    by: str = ""
    approved_by: str = ""
    """Who decided it."""
    on: date | None = None
    hashes: tuple[str, ...] = ()
    """Revisions, editions and log entries, 64 hexadecimal digits each, and files (their SHA-256)."""
    subjects: tuple[str, ...] = ()
    """What was cleared, in words that do not say it."""
    handed_on: tuple[str, ...] = ()
    """Who and what still holds it and is to be told or destroyed."""


def replaced(value: Any, text: str, by: str) -> Any:
    """A body with a text replaced in all its strings, at whatever depth."""
    if isinstance(value, str):
        return value if _NAME(value) else value.replace(text, by)
    if isinstance(value, list):
        return [replaced(one, text, by) for one in value]
    if isinstance(value, dict):
        return {key: replaced(one, text, by) for key, one in value.items()}
    return value
