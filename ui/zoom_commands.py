"""Menu commands 放大, 缩小, 恢复 100%: the whole program follows at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.later import later
from ui.theme import next_zoom

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class ZoomCommands(QObject):
    """Scales text, icons, spaces and columns of the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._coming = 0
        """The zoom that is taken a turn later; 0: none."""

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
        zoom = next_zoom(self._coming or window.theme.zoom, direction)
        if zoom != (self._coming or window.theme.zoom):
            # Column widths are remembered as pixels of 100 %, so before the scale changes.
            window.stack.remember()
            # A running job tells its room when it is done, so that room must stay.
            idle = window.workspace is not None and not window.workspace.jobs.busy
            if idle or self._coming:
                # Room gone, style, room anew, a turn each: together they hold the window up
                # three times as long, and the style would be laid on pages about to go.
                window.stack.put_away()
                self._coming = zoom
                later(window, self._take_coming)
            else:
                window.theme.apply(zoom)
                window.set_zoom()
        window.messages.say(self.tr("显示比例 {}%").format(zoom))

    def _take_coming(self) -> None:
        zoom, self._coming = self._coming, 0
        if zoom:
            self._window.theme.apply(zoom)
            self._window.set_zoom()
            later(self._window, self._window.stack.make_anew)
