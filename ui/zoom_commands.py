"""Menu commands 放大, 缩小, 恢复 100%: the whole program follows at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.later import later

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class ZoomCommands(QObject):
    """Scales text, icons, spaces and columns of the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def deeds(self) -> dict[str, Callable[[], object]]:
        """By the names of the menu commands."""
        return {"zoom_in": self.enlarge, "zoom_out": self.reduce, "zoom_reset": self.reset}

    def enlarge(self) -> None:
        """One step larger."""
        self._step(1)

    def reduce(self) -> None:
        """One step smaller."""
        self._step(-1)

    def reset(self) -> None:
        """Back to 100 %."""
        self._step(0)

    def _step(self, direction: int) -> None:
        window = self._window
        changes = window.theme.next_zoom(direction) != window.theme.zoom
        # Column widths are remembered as pixels of 100 %, so before the scale changes.
        window.stack.remember()
        # A running job tells its room when it is done, so that room must stay.
        anew = changes and window.workspace is not None and not window.workspace.jobs.busy
        if anew:
            window.stack.put_away()
        zoom = window.theme.step(direction)
        if changes:
            window.set_zoom()
        if anew:
            # A turn later: style and room together would hold the window up twice as long.
            later(window, window.stack.make_anew)
        window.messages.say(self.tr("显示比例 {}%").format(zoom))
