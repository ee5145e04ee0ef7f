"""The views of the room 考核 in one list, all over the same group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.pages.planning_views import PlanningView

if TYPE_CHECKING:
    from ui.pages.assessment_state import AssessmentState
    from ui.pages.season_view import SeasonView
    from ui.workspace import Workspace

BOARD, SCHEME = "board", "scheme"


def assessment_views(state: AssessmentState) -> tuple[PlanningView, ...]:
    """In the order of the switch; the widgets are imported when they are first shown."""

    def board(_workspace: Workspace) -> SeasonView:
        from ui.pages.assessment_board import BoardView

        return BoardView(state)

    def scheme(_workspace: Workspace) -> SeasonView:
        from ui.pages.assessment_scheme import SchemeView

        return SchemeView(state)

    def steps(_workspace: Workspace) -> SeasonView:
        from ui.pages.assessment_steps import StepsView

        return StepsView(state)

    def marks(_workspace: Workspace) -> SeasonView:
        from ui.pages.assessment_marks import MarksView

        return MarksView(state)

    def groups(_workspace: Workspace) -> SeasonView:
        from ui.pages.assessment_groups import GroupsView

        return GroupsView(state)

    def sealing(_workspace: Workspace) -> SeasonView:
        from ui.pages.assessment_sealing import SealingView

        return SealingView(state)

    return (
        PlanningView(BOARD, "评分表", board),
        PlanningView(SCHEME, "考核办法", scheme),
        PlanningView("steps", "程序", steps),
        PlanningView("marks", "加减分与否决", marks),
        PlanningView("groups", "各组对比", groups),
        PlanningView("sealing", "审定封存", sealing),
    )
