"""The views of the room 进度 in one list, all over the same month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.pages.room_view import RoomView, ViewChoice

if TYPE_CHECKING:
    from ui.pages.progress_state import MonthState
    from ui.workspace import Workspace

MONTH = "month"
"""Key of 月度填报, which the room begins with."""


def progress_views(state: MonthState) -> tuple[ViewChoice, ...]:
    """In the order of the switch; the widgets are imported when they are first shown."""

    def month(_workspace: Workspace) -> RoomView:
        from ui.pages.progress_month import MonthView

        return MonthView(state)

    def certifying(_workspace: Workspace) -> RoomView:
        from ui.pages.progress_certifying import CertifyingView

        return CertifyingView(state)

    def lights(_workspace: Workspace) -> RoomView:
        from ui.pages.progress_lights import LightsView

        return LightsView(state)

    def board(_workspace: Workspace) -> RoomView:
        from ui.pages.progress_board import BoardView

        return BoardView(state)

    def causes(_workspace: Workspace) -> RoomView:
        from ui.pages.progress_causes import CausesView

        return CausesView(state)

    return (
        ViewChoice(MONTH, "月度填报", month),
        ViewChoice("certifying", "来源部门", certifying),
        ViewChoice("lights", "亮灯总览", lights),
        ViewChoice("board", "收表", board),
        ViewChoice("causes", "问题原因", causes),
    )
