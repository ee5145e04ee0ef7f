"""The room 数据交换: packages in and out, the register of them, the offices known, what is unsettled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from mbo_desktop.services.inbox import held, quarantined
from ui.pages.base import Page
from ui.pages.exchange_inbox import InboxView
from ui.pages.exchange_offices import OfficesView
from ui.pages.exchange_pending import HELD_HINT, QUARANTINE_HINT
from ui.pages.exchange_sending import SendingView
from ui.pages.exchange_views import INBOX, VIEWS
from ui.pages.planning_filters import ViewSwitch
from ui.pages.planning_host import ViewHost
from ui.workspace import Workspace


class ExchangePage(Page):
    """The switch and one of the views, each with its own panel."""

    key = "exchange"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "数据交换")
        self.switch = ViewSwitch(first=[(one.key, one.title) for one in VIEWS])
        self.switch.switched.connect(self.choose)
        self.add_filter(self.switch)
        self.views = ViewHost(self, VIEWS)
        self.views.figures_changed.connect(self.set_figures)
        self.set_body(self.views)
        self._first = INBOX
        self._year = -1
        for number, view in enumerate(VIEWS, 1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._chooser(view.key))

    def _chooser(self, key: str) -> Callable[[], None]:
        def choose() -> None:
            self.choose(key)

        return choose

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Show the view of last time; another year is read anew."""
        another = self._year not in (-1, self.workspace.year)
        self._year = self.workspace.year
        if another and self.views.view is not None:
            self.views.view.activate()
            return
        self._show(self.views.key or self._first)

    def choose(self, key: str) -> None:
        """Show a view from the switch."""
        self._show(key)
        self.setFocus()

    def _show(self, key: str) -> None:
        self.switch.set_view(key)
        self.views.show_view(key)
        self.setFocusProxy(self.views)

    def shown(self) -> None:
        """Rows into the status bar."""
        if self.views.view is not None:
            self.views.view.shown()

    def refresh(self, changes: Any) -> None:
        """Records changed."""
        if self.views.view is None:
            self.activate()
        else:
            self.views.refresh(changes)

    # Asked for ------------------------------------------------------------------

    def receive(self, paths: Sequence[Path]) -> None:
        """Read packages, workbooks and folders of them: dropped, chosen, or given at the start."""
        self.choose(INBOX)
        self.inbox.read(paths)

    @property
    def inbox(self) -> InboxView:
        """收件, while it is shown."""
        view = self.views.view
        assert isinstance(view, InboxView)
        return view

    @property
    def sending(self) -> SendingView:
        """发件, while it is shown."""
        view = self.views.view
        assert isinstance(view, SendingView)
        return view

    @property
    def offices(self) -> OfficesView:
        """往来机关, while it is shown."""
        view = self.views.view
        assert isinstance(view, OfficesView)
        return view

    def show_hint(self, hint: str) -> None:
        """A view by its key; files: choose files to read; held, quarantined: read what is kept here once more; what the 工作台 counts stands in 待处理."""
        if hint == "files":
            self.choose(INBOX)
            self.inbox.choose_files()
        elif hint in (HELD_HINT, QUARANTINE_HINT):
            self.receive([one.path for one in (held if hint == HELD_HINT else quarantined)(self.store)])
        elif self.views.knows(hint):
            self.choose(hint)

    # What the window asks -------------------------------------------------------

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
        """The view, and what each remembers."""
        return {"views": self.views.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self._first = self.views.restore_state(state.get("views", {})) or INBOX
