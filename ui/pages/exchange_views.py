"""The views of the room 数据交换 in one list; the widgets are imported when they are first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.pages.planning_views import PlanningView

if TYPE_CHECKING:
    from ui.pages.season_view import SeasonView
    from ui.workspace import Workspace

INBOX, SENDING, REGISTER, OFFICES, PENDING = "inbox", "sending", "register", "offices", "pending"


def _inbox(workspace: Workspace) -> SeasonView:
    from ui.pages.exchange_inbox import InboxView

    return InboxView(workspace)


def _sending(workspace: Workspace) -> SeasonView:
    from ui.pages.exchange_sending import SendingView

    return SendingView(workspace)


def _register(workspace: Workspace) -> SeasonView:
    from ui.pages.exchange_register import RegisterView

    return RegisterView(workspace)


def _offices(workspace: Workspace) -> SeasonView:
    from ui.pages.exchange_offices import OfficesView

    return OfficesView(workspace)


def _pending(workspace: Workspace) -> SeasonView:
    from ui.pages.exchange_pending import PendingView

    return PendingView(workspace)


VIEWS = (
    PlanningView(INBOX, "收件", _inbox),
    PlanningView(SENDING, "发件", _sending),
    PlanningView(REGISTER, "登记", _register),
    PlanningView(OFFICES, "往来机关", _offices),
    PlanningView(PENDING, "待处理", _pending),
)
"""In the order of the switch; Ctrl+1 is the first."""
