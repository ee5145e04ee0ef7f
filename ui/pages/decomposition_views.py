"""The views of the room 目标分解 besides its tree; what is not there is not listed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from ui.pages.planning_views import PlanningView

if TYPE_CHECKING:
    from ui.pages.season_view import SeasonView
    from ui.workspace import Workspace

TREE = "tree"
"""Key of the tree itself on the switch."""


# The widgets are imported when they are first shown, so that the room is there at once.

def _carriers(workspace: Workspace) -> SeasonView:
    from ui.pages.decomposition_carriers import CarriersView

    return CarriersView(workspace)


def _blanks(workspace: Workspace) -> SeasonView:
    from ui.pages.decomposition_blanks import BlanksView

    return BlanksView(workspace)


VIEWS: tuple[PlanningView, ...] = tuple(
    view for module, view in (
        ("decomposition_carriers", PlanningView("carriers", "按单位人员", _carriers)),
        ("decomposition_blanks", PlanningView("blanks", "空白清单", _blanks)),
    )
    if find_spec(f"ui.pages.{module}") is not None
)
"""In the order of the switch, behind 按目标."""
