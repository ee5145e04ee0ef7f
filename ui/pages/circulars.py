"""The room 通报统计: the year's account, what was not met, who is commended or criticised, the circulars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ui.pages.base import Page
from ui.pages.planning_filters import ViewSwitch
from ui.pages.planning_host import ViewHost
from ui.pages.planning_views import PlanningView
from ui.pages.season_view import SeasonView
from ui.workspace import Workspace

FIRST = "account"


def _account(workspace: Workspace) -> SeasonView:
    from ui.pages.circulars_lists import AccountView

    return AccountView(workspace)


def _unmet(workspace: Workspace) -> SeasonView:
    from ui.pages.circulars_lists import UnmetView

    return UnmetView(workspace)


def _awards(workspace: Workspace) -> SeasonView:
    from ui.pages.circulars_lists import AwardsView

    return AwardsView(workspace)


def _leaders(workspace: Workspace) -> SeasonView:
    from ui.pages.circulars_leaders import LeadersView

    return LeadersView(workspace)


def _text(workspace: Workspace) -> SeasonView:
    from ui.pages.circulars_text import CircularView

    return CircularView(workspace)


VIEWS = (
    PlanningView("account", "统计", _account), PlanningView("unmet", "未完成", _unmet),
    PlanningView("awards", "名单", _awards), PlanningView("leaders", "领导名单", _leaders),
    PlanningView("text", "文稿", _text),
)
"""In the order of the switch."""


class CircularsPage(Page):
    """The switch and one of the views with its own panel."""

    key = "circulars"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "通报统计")
        self.switch = ViewSwitch(first=[(one.key, one.title) for one in VIEWS])
        self.switch.switched.connect(self.choose)
        self.add_filter(self.switch)
        self.views = ViewHost(self, VIEWS)
        self.views.figures_changed.connect(self.set_figures)
        self.set_body(self.views)
        for number, one in enumerate(VIEWS, 1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda key=one.key: self.choose(key))
        self._state: Mapping[str, Any] = {}
        self._first = FIRST
        self._year = -1

    def activate(self) -> None:
        """The view of last time; another year is read anew."""
        another, self._year = self._year not in (-1, self.workspace.year), self.workspace.year
        if another and self.views.view is not None:
            self.views.view.activate()
            return
        self._show(self.views.key or self._first)

    def _show(self, key: str) -> None:
        self.switch.set_view(key)
        self.views.show_view(key)
        asked = getattr(self.views.view, "unmet_asked", None)
        if asked is not None:
            asked.connect(self._show_unmet, Qt.ConnectionType.UniqueConnection)
        self.setFocusProxy(self.views)

    def _show_unmet(self, axis: object, name: str) -> None:
        """What was not met of a line of the account."""
        self.choose("unmet")
        show_part = getattr(self.views.view, "show_part", None)
        if show_part is not None:
            show_part((axis, name))

    def choose(self, key: str) -> None:
        """Show a view from the switch."""
        self._show(key)
        self.setFocus()

    def shown(self) -> None:
        """Rows and sum into the status bar."""
        if self.views.view is not None:
            self.views.view.shown()

    def refresh(self, changes: Any) -> None:
        """Records changed: the shown view works its figures out again."""
        if changes is None:
            self.activate()
        self.views.refresh(changes)

    def show_hint(self, hint: str) -> None:
        """A view by its key."""
        if self.views.knows(hint):
            self.choose(hint)

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

    def save_state(self) -> Mapping[str, Any]:
        """View, and what each view remembers."""
        return self._state if self._year < 0 else {"views": self.views.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self._state = state
        self._first = self.views.restore_state(state.get("views", {})) or FIRST
