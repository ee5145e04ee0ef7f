"""Menu commands 浅色界面, 深色界面, 界面跟随系统: everything that is open follows at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication

from ui.later import later

if TYPE_CHECKING:
    from ui.main_window import MainWindow

CHOICES = {"colors_light": "light", "colors_dark": "dark", "colors_system": "system"}
"""Menu command → the choice as it is remembered."""


class ColorCommands(QObject):
    """Changes the palette of the program and remembers the choice on this machine."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._coming = ""
        """The choice that is taken a turn later; "": none."""
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    def deeds(self) -> dict[str, Callable[[], object]]:
        """By the names of the menu commands."""
        return {
            "colors_light": lambda: self.choose("light"), "colors_dark": lambda: self.choose("dark"),
            "colors_system": lambda: self.choose("system"),
        }

    def mark(self, actions: Mapping[str, QAction]) -> None:
        """Show in the menu which of the three is chosen."""
        group = QActionGroup(self)
        for name, choice in CHOICES.items():
            actions[name].setCheckable(True)
            actions[name].setChecked(choice == self._window.theme.choice)
            group.addAction(actions[name])

    def choose(self, choice: str) -> None:
        """Take light, dark or system; the page that is shown stays as it is, whatever is open in it."""
        window = self._window
        window.settings.set("colors", choice)
        window.stack.remember()
        window.settings.save()
        self._coming = choice
        # A style is laid on each widget: pages nobody sees are cheaper made again when wanted.
        # But a running job tells its room when it is done, so then all stay.
        idle = window.workspace is not None and not window.workspace.jobs.busy
        if idle and window.stack.drop_hidden():
            later(window, self._take_coming)
        else:
            self._take_coming()

    def _take_coming(self) -> None:
        choice, self._coming = self._coming, ""
        if choice:
            self._window.theme.take_colors(choice)

    def _on_system_changed(self, _scheme: Qt.ColorScheme) -> None:
        # Nobody asked for it now, so nothing is put away for it.
        if self._window.theme.choice == "system":
            self._window.theme.take_colors("system")
