"""The only place that asks the machine for the time; tests set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime


def _system_time() -> datetime:
    return datetime.now(UTC).astimezone()


_source: Callable[[], datetime] = _system_time


def now() -> datetime:
    """The present moment with the local zone."""
    return _source()


def today() -> date:
    """The local date."""
    return _source().date()


def set_source(source: Callable[[], datetime] | None) -> None:
    """Let tests and the sample city state the time; None goes back to the machine's."""
    global _source
    _source = source or _system_time
