"""Reads that hold a connection too long, written to the program's log: where, how long, never what.

In the journal mode of the data file a reader holds up the writer, so no read lives longer than
50 ms. A place is told once in ten minutes; a slow machine must not fill the log.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, perf_counter
from types import FrameType

READ_SECONDS = 0.05
AGAIN_SECONDS = 600.0
_log = logging.getLogger("mbo.slow")
_told: dict[str, float] = {}
_OWN = ("slow.py", "database.py", "contextlib.py")


@contextmanager
def watched_read() -> Iterator[None]:
    """Measure what stands within."""
    start = perf_counter()
    yield
    spent = perf_counter() - start
    if spent > READ_SECONDS:
        tell(f"read of {spent * 1000:.0f} ms in {_place()}", _place())


def tell(sentence: str, place: str) -> bool:
    """Write a sentence to the log unless this place was told within ten minutes."""
    now = monotonic()
    if now - _told.get(place, -AGAIN_SECONDS) < AGAIN_SECONDS:
        return False
    _told[place] = now
    _log.warning("%s", sentence)
    return True


def _place() -> str:
    """The innermost function outside of this module and the store's door."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the only way to name the caller
    while frame is not None:
        name = frame.f_code.co_filename.replace("\\", "/").rsplit("/", 1)[-1]
        if name not in _OWN:
            return f"{name}:{frame.f_code.co_name}"
        frame = frame.f_back
    return "?"
