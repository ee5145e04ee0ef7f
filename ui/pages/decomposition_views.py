"""The views of the room 目标分解 besides its tree, in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.pages.room_view import RoomView, ViewChoice

if TYPE_CHECKING:
    from ui.workspace import Workspace

TREE = "tree"
"""Key of the tree itself on the switch."""


# The widgets are imported when they are first shown, so that the room is there at once.

def _carriers(workspace: Workspace) -> RoomView:
    from ui.pages.decomposition_carriers import CarriersView

    return CarriersView(workspace)


def _blanks(workspace: Workspace) -> RoomView:
    from ui.pages.decomposition_blanks import BlanksView

    return BlanksView(workspace)


VIEWS: tuple[ViewChoice, ...] = (
    ViewChoice("carriers", "按单位人员", _carriers),
    ViewChoice("blanks", "空白清单", _blanks),
)
"""In the order of the switch, behind 按目标."""
