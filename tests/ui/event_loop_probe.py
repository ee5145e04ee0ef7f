"""How long the event loop was ever held up: a timer that looks at the clock."""

from __future__ import annotations

from time import perf_counter
from types import TracebackType

from PySide6.QtCore import QTimer

BEAT_MS = 5


class EventLoopProbe:
    """In a `with`: beats every 5 ms; `longest_ms` is the longest gap beyond a beat."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._timer = QTimer(interval=BEAT_MS)
        self._timer.timeout.connect(self._on_beat)
        self._last = 0.0

    def __enter__(self) -> EventLoopProbe:
        self._last = perf_counter()
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._on_beat()
        self._timer.stop()

    def _on_beat(self) -> None:
        now = perf_counter()
        self.gaps.append((now - self._last) * 1000 - BEAT_MS)
        self._last = now

    @property
    def longest_ms(self) -> float:
        return max(self.gaps, default=0.0)
