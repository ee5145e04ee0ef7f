"""The room 通报统计: the year's account, what was not met, who is commended or criticised, the circulars."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ui.pages.planning_views import ViewChoice
from ui.pages.room_view import RoomView
from ui.pages.views_page import ViewsPage
from ui.workspace import Workspace


def _account(workspace: Workspace) -> RoomView:
    from ui.pages.circulars_lists import AccountView

    return AccountView(workspace)


def _unmet(workspace: Workspace) -> RoomView:
    from ui.pages.circulars_lists import UnmetView

    return UnmetView(workspace)


def _awards(workspace: Workspace) -> RoomView:
    from ui.pages.circulars_lists import AwardsView

    return AwardsView(workspace)


def _leaders(workspace: Workspace) -> RoomView:
    from ui.pages.circulars_leaders import LeadersView

    return LeadersView(workspace)


def _text(workspace: Workspace) -> RoomView:
    from ui.pages.circulars_text import CircularView

    return CircularView(workspace)


VIEWS = (
    ViewChoice("account", "统计", _account), ViewChoice("unmet", "未完成", _unmet),
    ViewChoice("awards", "名单", _awards), ViewChoice("leaders", "领导名单", _leaders),
    ViewChoice("text", "文稿", _text),
)
"""In the order of the switch."""


class CircularsPage(ViewsPage):
    """The switch and one of the views with its own panel."""

    key = "circulars"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "通报统计")
        self.build_views(VIEWS)
        self.set_body(self.views)

    def show_view(self, key: str) -> None:
        """Show a view; lines of the account lead to what was not met."""
        super().show_view(key)
        asked = getattr(self.views.view, "unmet_asked", None)
        if asked is not None:
            asked.connect(self._show_unmet, Qt.ConnectionType.UniqueConnection)

    def _show_unmet(self, axis: object, name: str) -> None:
        """What was not met of a line of the account."""
        self.choose("unmet")
        show_part = getattr(self.views.view, "show_part", None)
        if show_part is not None:
            show_part((axis, name))
