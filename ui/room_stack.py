"""The pages of the rooms: made when first shown, told what they missed, remembered."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from ui.navigation import Room
from ui.pages.base import Page
from ui.settings import Settings
from ui.workspace import Workspace


class RoomStack(QStackedWidget):
    """Shows one page at a time; pages that are not shown only note that something changed."""

    room_shown = Signal(str)

    def __init__(self, rooms: tuple[Room, ...], settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rooms = {room.key: room for room in rooms}
        self._settings = settings
        self._workspace: Workspace | None = None
        self._pages: dict[str, Page] = {}
        self._missed: dict[str, list[Any]] = {}
        self._away = ""
        waiting = QLabel(self.tr("正在打开…"), alignment=Qt.AlignmentFlag.AlignCenter)
        waiting.setProperty("role", "muted")
        self.addWidget(waiting)

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        current = self.currentWidget()
        return current if isinstance(current, Page) else None

    def attach(self, workspace: Workspace) -> None:
        """Work in a data folder; the page of last time is shown."""
        self._workspace = workspace
        last = self._settings.get("last_page")
        self.show_room(last if last in self.rooms else next(iter(self.rooms)))

    def detach(self) -> None:
        """Remember the pages' state and drop them."""
        self.remember()
        self._drop_pages()
        self._workspace = None

    def _drop_pages(self) -> None:
        for page in self._pages.values():
            self.removeWidget(page)
            page.deleteLater()
        self._pages = {}
        self._missed = {}

    def drop_hidden(self) -> bool:
        """Drop the pages that are not shown, to be made again when they are; False: there are none.

        They were remembered before.
        """
        hidden = [key for key, page in self._pages.items() if page is not self.page]
        for key in hidden:
            page = self._pages.pop(key)
            self.removeWidget(page)
            page.deleteLater()
            self._missed.pop(key, None)
        return bool(hidden)

    def put_away(self) -> None:
        """Drop the pages, to `make_anew` the one that was shown; they were remembered before."""
        shown = next((key for key, page in self._pages.items() if page is self.page), "")
        self._away = shown or self._away
        self._drop_pages()

    def make_anew(self) -> None:
        """Make the page that was put away again; the others when they are shown."""
        key, self._away = self._away, ""
        if self.page is None:
            self.show_room(key)

    def remember(self) -> None:
        """Keep what the pages want to find again."""
        for key, page in self._pages.items():
            self._settings.set_page_state(key, page.save_state())

    def show_room(self, key: str) -> None:
        """Show a room; its page is made when it is first shown."""
        if self._workspace is None or key not in self.rooms:
            return
        page = self._pages.get(key)
        fresh = page is None
        if page is None:
            page = self.rooms[key].make(self._workspace)
            self._pages[key] = page
            self.addWidget(page)
            page.set_read_only(self._workspace.read_only)
            page.restore_state(self._settings.page_state(key))
        self.setCurrentWidget(page)
        if fresh:
            page.activate()
        elif key in self._missed:
            self._catch_up(key, page)
        self._settings.set("last_page", key)
        self.room_shown.emit(key)
        page.shown()
        page.setFocus()

    def _catch_up(self, key: str, page: Page) -> None:
        missed = self._missed.pop(key)
        page.refresh(missed[0] if len(missed) == 1 else None)

    def refresh(self, changes: Any) -> None:
        """The shown page refreshes, the others do when they are shown again."""
        for key, page in self._pages.items():
            if page is self.page:
                page.refresh(changes)
            else:
                self._missed.setdefault(key, []).append(changes)

    def activate(self) -> None:
        """Another year: the shown page reads anew, the others when they are shown again."""
        for key, page in self._pages.items():
            if page is self.page:
                page.activate()
            else:
                self._missed[key] = [None]

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes on all pages."""
        for page in self._pages.values():
            page.set_read_only(read_only)
