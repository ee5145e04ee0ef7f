"""The views of the room 数据交换 in one list; the widgets are imported when they are first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.pages.room_view import RoomView, ViewChoice

if TYPE_CHECKING:
    from ui.workspace import Workspace

INBOX, SENDING, REGISTER, OFFICES, PENDING = "inbox", "sending", "register", "offices", "pending"


def _inbox(workspace: Workspace) -> RoomView:
    from ui.pages.exchange_inbox import InboxView

    return InboxView(workspace)


def _sending(workspace: Workspace) -> RoomView:
    from ui.pages.exchange_sending import SendingView

    return SendingView(workspace)


def _register(workspace: Workspace) -> RoomView:
    from ui.pages.exchange_register import RegisterView

    return RegisterView(workspace)


def _offices(workspace: Workspace) -> RoomView:
    from ui.pages.exchange_offices import OfficesView

    return OfficesView(workspace)


def _pending(workspace: Workspace) -> RoomView:
    from ui.pages.exchange_pending import PendingView

    return PendingView(workspace)


VIEWS = (
    ViewChoice(INBOX, "收件", _inbox),
    ViewChoice(SENDING, "发件", _sending),
    ViewChoice(REGISTER, "登记", _register),
    ViewChoice(OFFICES, "往来机关", _offices),
    ViewChoice(PENDING, "待处理", _pending),
)
"""In the order of the switch; Ctrl+1 is the first."""
