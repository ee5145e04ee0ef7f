"""The views of the room 考核 in one list, all over the same group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.pages.room_view import RoomView, ViewChoice

if TYPE_CHECKING:
    from ui.pages.assessment_state import AssessmentState
    from ui.workspace import Workspace

BOARD, SCHEME = "board", "scheme"


def assessment_views(state: AssessmentState) -> tuple[ViewChoice, ...]:
    """In the order of the switch; the widgets are imported when they are first shown."""

    def board(_workspace: Workspace) -> RoomView:
        from ui.pages.assessment_board import BoardView

        return BoardView(state)

    def scheme(_workspace: Workspace) -> RoomView:
        from ui.pages.assessment_scheme import SchemeView

        return SchemeView(state)

    def steps(_workspace: Workspace) -> RoomView:
        from ui.pages.assessment_steps import StepsView

        return StepsView(state)

    def marks(_workspace: Workspace) -> RoomView:
        from ui.pages.assessment_marks import MarksView

        return MarksView(state)

    def groups(_workspace: Workspace) -> RoomView:
        from ui.pages.assessment_groups import GroupsView

        return GroupsView(state)

    def sealing(_workspace: Workspace) -> RoomView:
        from ui.pages.assessment_sealing import SealingView

        return SealingView(state)

    return (
        ViewChoice(BOARD, "评分表", board),
        ViewChoice(SCHEME, "考核办法", scheme),
        ViewChoice("steps", "程序", steps),
        ViewChoice("marks", "加减分与否决", marks),
        ViewChoice("groups", "各组对比", groups),
        ViewChoice("sealing", "审定封存", sealing),
    )
