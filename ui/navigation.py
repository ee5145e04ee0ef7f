"""The rooms of the window in one list; a room that is not built is not shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ui import colors
from ui.theme import pixmap, scaled

if TYPE_CHECKING:
    from ui.pages.base import Page
    from ui.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Room:
    """A room: its key, title, icon, page, and the manual's page (resources/manual/<manual>.md)."""

    key: str
    title: str
    icon: str
    make: Callable[[Workspace], Page]
    manual: str


# The pages are imported when they are first shown, so that the window is there at once.

def _overview(workspace: Workspace) -> Page:
    from ui.pages.overview import OverviewPage

    return OverviewPage(workspace)


def _planning(workspace: Workspace) -> Page:
    from ui.pages.planning import PlanningPage

    return PlanningPage(workspace)


def _agreements(workspace: Workspace) -> Page:
    from ui.pages.agreements import AgreementsPage

    return AgreementsPage(workspace)


def _decomposition(workspace: Workspace) -> Page:
    from ui.pages.decomposition import DecompositionPage

    return DecompositionPage(workspace)


def _progress(workspace: Workspace) -> Page:
    from ui.pages.progress import ProgressPage

    return ProgressPage(workspace)


def _inspections(workspace: Workspace) -> Page:
    from ui.pages.inspections import InspectionsPage

    return InspectionsPage(workspace)


def _accountability(workspace: Workspace) -> Page:
    from ui.pages.accountability import AccountabilityPage

    return AccountabilityPage(workspace)


def _assessment(workspace: Workspace) -> Page:
    from ui.pages.assessment import AssessmentPage

    return AssessmentPage(workspace)


def _circulars(workspace: Workspace) -> Page:
    from ui.pages.circulars import CircularsPage

    return CircularsPage(workspace)


def _exchange(workspace: Workspace) -> Page:
    from ui.pages.exchange import ExchangePage

    return ExchangePage(workspace)


def _offices(workspace: Workspace) -> Page:
    from ui.pages.offices import OfficesPage

    return OfficesPage(workspace)


ROOMS: tuple[Room, ...] = (
    Room("overview", "工作台", "layout-dashboard", _overview, "overview"),
    Room("planning", "目标体系", "target", _planning, "planning"),
    Room("agreements", "责任书", "file-pen-line", _agreements, "agreements"),
    Room("decomposition", "目标分解", "list-tree", _decomposition, "decomposition"),
    Room("progress", "进度", "trending-up", _progress, "progress"),
    Room("inspections", "督查", "eye", _inspections, "inspections"),
    Room("assessment", "考核", "award", _assessment, "assessment"),
    Room("circulars", "通报统计", "megaphone", _circulars, "circulars"),
    Room("accountability", "效能问责", "flag", _accountability, "accountability"),
    Room("exchange", "数据交换", "arrow-left-right", _exchange, "exchange"),
    Room("offices", "单位人员", "users", _offices, "offices"),
)
"""In the order of the navigation; Alt+1 is the first."""


def room_key(number: int) -> str:
    """The key of the room in a place from 1: Alt+1 to Alt+9, Alt+0, then the key beside it, Alt+-."""
    return f"Alt+{number % 10}" if number <= 10 else "Alt+-" if number == 11 else ""


class NavigationList(QListWidget):
    """The rooms at the left; asks for a page by its key."""

    room_chosen = Signal(str)

    def __init__(self, rooms: tuple[Room, ...] = ROOMS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self.setAccessibleName(self.tr("页面"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._keys = [room.key for room in rooms]
        self._icons = [room.icon for room in rooms]
        self._drawn_in = colors.in_use()
        for number, room in enumerate(rooms, 1):
            item = QListWidgetItem(_room_icon(room.icon), room.title)
            item.setToolTip(f"{room.title}  {room_key(number)}".rstrip())
            self.addItem(item)
        self.currentRowChanged.connect(self._on_row_changed)
        self.set_zoom()

    def set_zoom(self) -> None:
        """Take sizes of the present zoom."""
        self.setIconSize(QSize(scaled(18), scaled(18)))
        self.setFixedWidth(scaled(146))
        for row in range(self.count()):
            self.item(row).setSizeHint(QSize(0, scaled(36)))

    def changeEvent(self, event: QEvent) -> None:
        """Another palette comes as another style."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._drawn_in is not colors.in_use():
            self._drawn_in = colors.in_use()
            for row, name in enumerate(self._icons[: self.count()]):
                self.item(row).setIcon(_room_icon(name))

    def show_room(self, key: str) -> None:
        """Highlight a room without asking for it."""
        self.blockSignals(True)
        self.setCurrentRow(self._keys.index(key))
        self.blockSignals(False)

    def _on_row_changed(self, row: int) -> None:
        if row >= 0:
            self.room_chosen.emit(self._keys[row])


def _room_icon(name: str) -> QIcon:
    made = QIcon()
    for size in (18, 24, 36):
        made.addPixmap(pixmap(name, size, "ink"), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, size, "accent"), QIcon.Mode.Selected)
    return made
