"""The room 数据交换: packages in and out, the register of them, the offices known, what is unsettled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mbo_desktop.services.inbox import held, quarantined
from ui.pages.exchange_inbox import InboxView
from ui.pages.exchange_offices import OfficesView
from ui.pages.exchange_pending import HELD_HINT, QUARANTINE_HINT
from ui.pages.exchange_sending import SendingView
from ui.pages.exchange_views import INBOX, VIEWS
from ui.pages.views_page import ViewsPage
from ui.workspace import Workspace


class ExchangePage(ViewsPage):
    """The switch and one of the views, each with its own panel."""

    key = "exchange"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "数据交换")
        self.build_views(VIEWS)
        self.set_body(self.views)

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
