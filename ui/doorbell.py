"""A package opened while a window already works with the data folder is handed to that window.

By a file in the folder for this user's own files (no local socket: nothing then listens, and
nothing of it can be kept from working by a firewall or a policy): the second start writes
which files it was given, the running window takes the note away, and that is the answer.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

from PySide6.QtCore import QObject, QTimer, Signal

from mbo_desktop.errors import ProgramError
from mbo_desktop.store import folder, lock
from ui import places

log = logging.getLogger("mbo.ui")

LOOK_MS = 500
"""Between two looks for notes: one listing of a folder that is nearly always empty."""
WAIT_S = 15.0
"""How long a second start waits: the first one may have begun a moment ago itself."""
_STEP_S = 0.05
_LARGEST = 64_000
"""Bytes of a note; longer ones are nobody's."""


def ring(data_folder: Path, paths: Sequence[Path], wait: float = WAIT_S) -> bool:
    """Hand files to the window that has a data folder open; False: there is none, or it did not answer."""
    try:
        if not lock.is_held(folder.resolve(data_folder)):
            return False
        place = _place(data_folder)
        place.mkdir(parents=True, exist_ok=True)
        note = place / f"{uuid4().hex}.json"
        folder.write_durably(note, json.dumps([str(path.absolute()) for path in paths]).encode())
    except (OSError, ProgramError) as error:
        # Whatever keeps it from being handed over, the program starts as ever and says what it finds.
        log.info("not handed over: %s", type(error).__name__)
        return False
    _let_come_to_front()
    end = monotonic() + wait
    while note.exists() and monotonic() < end:
        sleep(_STEP_S)
    try:
        note.unlink()
    except OSError:
        return True
    log.info("not handed over: no answer")
    return False


class Doorbell(QObject):
    """Looks for notes of later starts and gives their files on once the window can show them."""

    rung = Signal()
    """Files came: the window is wanted in front."""
    handed = Signal(object)
    """list[Path]: files to show now."""

    def __init__(self, data_folder: Path, is_free: Callable[[], bool], parent: QObject | None = None) -> None:
        """is_free: whether files could be shown at this moment."""
        super().__init__(parent)
        self._place = _place(data_folder)
        self._is_free = is_free
        self.waiting: list[Path] = []
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Take up what was left, and give on what waits."""
        came = [path for path in self._notes() if path not in self.waiting]
        if came:
            self.waiting += came
            self.rung.emit()
        if self.waiting and self._is_free():
            waiting, self.waiting = self.waiting, []
            self.handed.emit(waiting)

    def stop(self) -> None:
        """The folder is let go."""
        self._timer.stop()

    def _notes(self) -> Iterator[Path]:
        for note in sorted(self._place.glob("*.json")):
            text = b""
            with suppress(OSError):
                if note.stat().st_size <= _LARGEST:
                    text = note.read_bytes()
            try:
                note.unlink()
            except OSError:
                # Taken back by who left it, or not to be removed at all: then it would come again and again.
                continue
            yield from _paths_in(text)


def _paths_in(text: bytes) -> list[Path]:
    try:
        said = json.loads(text)
    except ValueError:
        return []
    names = said if isinstance(said, list) else []
    return [Path(one) for one in names if isinstance(one, str) and Path(one).is_absolute() and Path(one).is_file()]


def _place(data_folder: Path) -> Path:
    """Where notes for the window of a data folder lie, whatever the folder is called."""
    resolved = str(folder.resolve(data_folder))
    return places.state_folder() / "handed" / sha256(resolved.encode()).hexdigest()[:16]


def _let_come_to_front() -> None:
    """Windows lets only the program that was just started bring a window forward; it may pass that on."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)
