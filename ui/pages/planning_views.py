"""The views of the room 目标体系 besides its two tables, in one list; what is not finished is not listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.pages.season_view import SeasonView
    from ui.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PlanningView:
    """A view: its key, the word on the switch, what makes its widget."""

    key: str
    title: str
    make: Callable[[Workspace], SeasonView]


# The widgets are imported when they are first shown, so that the room is there at once.

def _sources(workspace: Workspace) -> SeasonView:
    from ui.pages.season_sources import SourcesView

    return SourcesView(workspace)


def _comparison(workspace: Workspace) -> SeasonView:
    from ui.pages.season_comparison import ComparisonView

    return ComparisonView(workspace)


def _desk(workspace: Workspace) -> SeasonView:
    from ui.pages.season_desk import DeskView

    return DeskView(workspace)


def _rounds(workspace: Workspace) -> SeasonView:
    from ui.pages.season_rounds import RoundsView

    return RoundsView(workspace)


def _last_year(workspace: Workspace) -> SeasonView:
    from ui.pages.season_last_year import LastYearView

    return LastYearView(workspace)


VIEWS: tuple[PlanningView, ...] = (
    PlanningView("sources", "来源", _sources),
    PlanningView("comparison", "对比", _comparison),
    PlanningView("last_year", "上年", _last_year),
    PlanningView("desk", "测算", _desk),
    PlanningView("rounds", "商议", _rounds),
)
"""In the order of the switch, behind 下达矩阵 and 指标表."""
