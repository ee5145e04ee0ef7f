"""The views of the room 进度 in one list, all over the same month."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from ui.pages.planning_views import PlanningView

if TYPE_CHECKING:
    from ui.pages.progress_state import MonthState
    from ui.pages.season_view import SeasonView
    from ui.workspace import Workspace

MONTH = "month"
"""Key of 月度填报, which the room begins with."""


def progress_views(state: MonthState) -> tuple[PlanningView, ...]:
    """In the order of the switch; the widgets are imported when they are first shown."""

    def month(_workspace: Workspace) -> SeasonView:
        from ui.pages.progress_month import MonthView

        return MonthView(state)

    def certifying(_workspace: Workspace) -> SeasonView:
        from ui.pages.progress_certifying import CertifyingView

        return CertifyingView(state)

    def lights(_workspace: Workspace) -> SeasonView:
        from ui.pages.progress_lights import LightsView

        return LightsView(state)

    def board(_workspace: Workspace) -> SeasonView:
        from ui.pages.progress_board import BoardView

        return BoardView(state)

    def causes(_workspace: Workspace) -> SeasonView:
        from ui.pages.progress_causes import CausesView

        return CausesView(state)

    return tuple(
        view for module, view in (
            ("progress_month", PlanningView(MONTH, "月度填报", month)),
            ("progress_certifying", PlanningView("certifying", "来源部门", certifying)),
            ("progress_lights", PlanningView("lights", "亮灯总览", lights)),
            ("progress_board", PlanningView("board", "收表", board)),
            ("progress_causes", PlanningView("causes", "问题原因", causes)),
        )
        if find_spec(f"ui.pages.{module}") is not None
    )
