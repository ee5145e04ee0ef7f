"""The views of the room 督查 in one list; the widgets are imported when they are first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.pages.room_view import RoomView, ViewChoice

if TYPE_CHECKING:
    from ui.workspace import Workspace

DOCKETS, LOG, ATTENTION, HONESTY = "dockets", "log", "attention", "honesty"


def _dockets(workspace: Workspace) -> RoomView:
    from ui.pages.inspection_dockets import DocketsView

    return DocketsView(workspace)


def _log(workspace: Workspace) -> RoomView:
    from ui.pages.inspection_log import LogView

    return LogView(workspace)


def _attention(workspace: Workspace) -> RoomView:
    from ui.pages.inspection_attention import AttentionView

    return AttentionView(workspace)


def _honesty(workspace: Workspace) -> RoomView:
    from ui.pages.inspection_honesty import HonestyView

    return HonestyView(workspace)


VIEWS = (
    ViewChoice(DOCKETS, "督查事项", _dockets),
    ViewChoice(LOG, "督查台账", _log),
    ViewChoice(ATTENTION, "领导过问", _attention),
    ViewChoice(HONESTY, "数据核实", _honesty),
)
"""In the order of the switch; Ctrl+1 is the first."""
