"""The views of the room 目标体系 besides its two tables in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.pages.room_view import RoomView, ViewChoice

if TYPE_CHECKING:
    from ui.workspace import Workspace

# The widgets are imported when they are first shown, so that the room is there at once.

def _sources(workspace: Workspace) -> RoomView:
    from ui.pages.season_sources import SourcesView

    return SourcesView(workspace)


def _comparison(workspace: Workspace) -> RoomView:
    from ui.pages.season_comparison import ComparisonView

    return ComparisonView(workspace)


def _desk(workspace: Workspace) -> RoomView:
    from ui.pages.season_desk import DeskView

    return DeskView(workspace)


def _rounds(workspace: Workspace) -> RoomView:
    from ui.pages.season_rounds import RoundsView

    return RoundsView(workspace)


def _last_year(workspace: Workspace) -> RoomView:
    from ui.pages.season_last_year import LastYearView

    return LastYearView(workspace)


VIEWS: tuple[ViewChoice, ...] = (
    ViewChoice("sources", "来源", _sources),
    ViewChoice("comparison", "对比", _comparison),
    ViewChoice("last_year", "上年", _last_year),
    ViewChoice("desk", "测算", _desk),
    ViewChoice("rounds", "商议", _rounds),
)
"""In the order of the switch, behind 下达矩阵 and 指标表."""
