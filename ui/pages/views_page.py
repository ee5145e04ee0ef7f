"""A room that consists of views, one of them shown: what 进度, 督查, 考核, 通报统计 and 数据交换 share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.pages.base import Page
from ui.pages.room_view import ViewChoice
from ui.pages.view_host import ViewHost
from ui.widgets.view_switch import ViewSwitch
from ui.workspace import Workspace


class ViewsPage(Page):
    """The switch in the filter row (Ctrl+1, Ctrl+2 …) and the views, each with its own side panel.

    Subclasses call `build_views` once in `__init__` and put `views` into the body.
    """

    def __init__(self, workspace: Workspace, title: str) -> None:
        super().__init__(workspace, title)
        self._state: Mapping[str, Any] = {}
        self._first = ""
        self._year = -1
        """The year that was read; -1 before the first showing."""

    def build_views(self, choices: Sequence[ViewChoice]) -> None:
        """choices: in the order of the switch; the room begins with the first."""
        self.switch = ViewSwitch([(one.key, one.title) for one in choices])
        self.switch.take_keys(self)
        self.switch.switched.connect(self.choose)
        self.add_filter(self.switch)
        self.views = ViewHost(self, choices)
        self.views.figures_changed.connect(self.show_figures)
        self._first = choices[0].key

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Show the view of last time; another year is read anew."""
        another = self._year not in (-1, self.workspace.year)
        self._year = self.workspace.year
        if another and self.views.view is not None:
            self.views.view.activate()
            return
        self.show_view(self.views.key or self._first)

    def choose(self, key: str) -> None:
        """Show a view from the switch and stand in it."""
        self.show_view(key)
        self.setFocus()

    def show_view(self, key: str) -> None:
        """Show a view; the focus stays where it is."""
        self.switch.set_view(key)
        self.views.show_view(key)
        self.setFocusProxy(self.views)

    def show_figures(self, text: str) -> None:
        """The shown view's figures, under the title."""
        self.set_figures(text)

    def shown(self) -> None:
        """Rows and sum into the status bar."""
        if self.views.view is not None:
            self.views.view.shown()

    def refresh(self, changes: Any) -> None:
        """Records changed; the shown view reads again what they touch."""
        if self.views.view is None:
            self.activate()
        else:
            self.views.refresh(changes)

    def show_hint(self, hint: str) -> None:
        """A view by its key."""
        if self.views.knows(hint):
            self.choose(hint)

    # What the window asks -----------------------------------------------------

    def side_widget(self) -> QWidget | None:
        """The panel of the view that is shown."""
        return self.views.side()

    def find(self) -> None:
        """The find bar of the view's table."""
        if self.views.view is not None:
            self.views.view.find()

    def copy(self) -> None:
        """The selected block."""
        if self.views.view is not None:
            self.views.view.copy()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        self.views.set_read_only(read_only)

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """The view, and what each remembers."""
        return self._state if self._year < 0 else {"views": self.views.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self._state = state
        self._first = self.views.restore_state(state.get("views", {})) or self._first
