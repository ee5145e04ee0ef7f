"""Shows the views of a room: made when first shown, told of changes, remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

if TYPE_CHECKING:
    from ui.pages.base import Page
    from ui.pages.room_view import RoomView, ViewChoice


class ViewHost(QStackedWidget):
    """Holds the views; their tools stand in the room's filter row while they are shown."""

    figures_changed = Signal(str)
    """The shown view's line of figures."""
    cell_asked = Signal(object, object)
    """A view wants an indicator and unit (None: the whole indicator) shown in the tables."""

    def __init__(self, page: Page, choices: Sequence[ViewChoice]) -> None:
        super().__init__()
        self._page = page
        self._choices = choices
        self._views: dict[str, RoomView] = {}
        self._state: dict[str, Any] = {}
        self._read_only = False
        self.key = ""
        """Of the view that is shown; "" while the room shows its tables."""

    @property
    def view(self) -> RoomView | None:
        """The view that is shown."""
        return self._views.get(self.key)

    def knows(self, key: str) -> bool:
        """Whether a key names a view of the list."""
        return any(view.key == key for view in self._choices)

    def show_view(self, key: str) -> None:
        """Show a view, made now when it is the first time."""
        self._hide_tools()
        self.key = key
        fresh = key not in self._views
        if fresh:
            self._make(key)
        view = self._views[key]
        self.setCurrentWidget(view)
        self.setFocusProxy(view)
        for widget, _stretch in view.tools:
            widget.setVisible(True)
        view.set_read_only(self._read_only)
        if fresh:
            view.activate()
        else:
            view.refresh(None)
        view.shown()

    def show_hint(self) -> None:
        """The shown view was opened from the 工作台 and shows what was counted there."""
        if self.view is not None:
            self.view.show_hint()

    def leave(self) -> None:
        """The room shows its tables again."""
        self._hide_tools()
        self.key = ""

    def _make(self, key: str) -> None:
        choice = next(one for one in self._choices if one.key == key)
        view = choice.make(self._page.workspace)
        # What a screen reader says of the tables in it.
        view.setWindowTitle(choice.title)
        self._views[key] = view
        view.figures_changed.connect(self._on_figures)
        view.cell_asked.connect(self.cell_asked)
        view.restore_state(self._state.get(key, {}))
        self.addWidget(view)
        for widget, stretch in view.tools:
            self._page.add_filter(widget, stretch)

    def _hide_tools(self) -> None:
        if self.view is not None:
            for widget, _stretch in self.view.tools:
                widget.setVisible(False)

    def _on_figures(self, text: str) -> None:
        if self.sender() is self.view:
            self.figures_changed.emit(text)

    def refresh(self, changes: Any) -> None:
        """Tell the shown view what changed; the others read again when they are shown."""
        if self.view is not None:
            self.view.refresh(changes)

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes in all views."""
        self._read_only = read_only
        for view in self._views.values():
            view.set_read_only(read_only)

    def side(self) -> QWidget | None:
        """The shown view's panel at the right, for F6."""
        view = self.view
        if view is None or view.body.count() < 2:
            return None
        return view.body.widget(view.body.count() - 1)

    def save_state(self) -> dict[str, Any]:
        """The shown view and what each remembers."""
        return {**self._state, **{key: dict(view.save_state()) for key, view in self._views.items()},
                "shown": self.key}

    def restore_state(self, state: Mapping[str, Any]) -> str:
        """Take up what was remembered; the key of the view that was shown, "" for the tables."""
        self._state = dict(state)
        shown = str(state.get("shown", ""))
        return shown if self.knows(shown) else ""
