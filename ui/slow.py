"""A watch over the window: when it does not answer for 0.3 s, the log says in which function."""

from __future__ import annotations

import faulthandler
import re
import tempfile
import threading
from time import monotonic, sleep

from PySide6.QtCore import QObject, QTimer

from mbo_desktop.store import slow

HELD_SECONDS = 0.3
BEAT_MS = 100
_LOOK_SECONDS = 0.1
_ASLEEP_SECONDS = 30.0
"""Longer than that the machine slept, or a debugger held it."""
_THREAD = re.compile(r"(?:Current thread|Thread) 0x")
_FRAME = re.compile(r'File "([^"]*)", line \d+ in (\S+)')
_OWN = ("/ui/", "/mbo_desktop/")


class WindowWatch(QObject):
    """Beats in the GUI thread; a thread beside it looks whether the beat comes."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._beat = monotonic()
        self._gui = threading.get_ident()
        self._stop = threading.Event()
        self._timer = QTimer(self, interval=BEAT_MS)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start()
        self._thread = threading.Thread(target=self._look, name="window watch", daemon=True)
        self._thread.start()

    def _on_beat(self) -> None:
        self._beat = monotonic()

    def _look(self) -> None:
        place, told = "", 0.0
        while not self._stop.is_set():
            sleep(_LOOK_SECONDS)
            beat = self._beat
            held = monotonic() - beat
            if held < HELD_SECONDS:
                if place and told < _ASLEEP_SECONDS:
                    slow.tell(f"window held for {told * 1000:.0f} ms in {place}", f"window {place}")
                place, told = "", 0.0
                continue
            found = where(self._gui)
            # The first place seen is what held it; where Qt itself waits nothing of ours stands.
            place, told = place or found, held

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()
        self._stop.set()
        self._thread.join(2 * _LOOK_SECONDS + 1)


def where(thread: int) -> str:
    """The innermost functions of this program that a thread stands in: 「writing.py:write < view.py:paste」.

    Read off the dump of faulthandler: holding the frames themselves could let the last
    reference to a widget go in this thread.
    """
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        text = file.read().decode("utf-8", "replace")
    names: list[str] = []
    for part in _THREAD.split(text)[1:]:
        number, _, lines = part.partition(" ")
        if int(number, 16) == thread:
            for path, function in _FRAME.findall(lines):
                path = path.replace("\\", "/")
                if any(one in path for one in _OWN) and not path.endswith("/slow.py"):
                    names.append(f"{path.rsplit('/', 1)[-1]}:{function}")
    # Only the loop itself: Qt was at work, or a dialog of the system was open.
    return "" if names in ([], ["application.py:main"]) else " < ".join(names[:3])
