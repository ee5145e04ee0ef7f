"""What every view of a room is built from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSplitter, QVBoxLayout, QWidget

from mbo_desktop.domain.rights import Act
from ui.grids.panel import GridPanel
from ui.rights import guard
from ui.theme import scaled
from ui.workspace import Workspace


class RoomView(QWidget):
    """A place of work with its own side panel; the room shows `tools` in its filter row.

    Subclasses build their widgets in `__init__` without reading, and read in `activate()`.
    A hidden view is only marked by the room and told `refresh(None)` when it is shown again.
    """

    figures_changed = Signal(str)
    """The line of figures under the room's title."""

    cell_asked = Signal(object, object)
    """Indicator and unit (None: the whole indicator) to be shown in the tables."""

    key = ""
    """As in the room's list of views; names the remembered state."""
    panel: GridPanel | None = None
    """The view's one table; views of several or none answer `shown`, `find` and `copy` themselves."""
    manual = "planning"
    """The manual's page for F1."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.store = workspace.store
        self.tools: list[tuple[QWidget, int]] = []
        """Filters and buttons with their stretch, to stand beside the room's switch."""
        self._unplaced = QWidget(self)
        self._unplaced.hide()
        self.body = QSplitter(Qt.Orientation.Horizontal)
        self.body.setChildrenCollapsible(False)
        self.body.setHandleWidth(scaled(10))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.body, 1)

    # Building -----------------------------------------------------------------

    def add_tool(self, widget: QWidget, stretch: int = 0) -> None:
        """A widget in the row of tools."""
        widget.setParent(self._unplaced)
        self.tools.append((widget, stretch))

    def add_tool_button(
        self, label: str, act: Callable[[], object], *, primary: bool = False, hint: str = "",
        needs: Act | None = None,
    ) -> QPushButton:
        """A button in the row of tools; act takes no argument; needs as of `Page.add_button`."""
        button = QPushButton(label)
        if primary:
            button.setProperty("role", "primary")
        if hint:
            button.setToolTip(hint)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(act)
        self.add_tool(button)
        if needs is not None:
            guard(button, self.workspace, needs)
        return button

    # Answering ----------------------------------------------------------------

    def show_record(self, record: int) -> None:
        """Make a record of the view's table current; views that are opened at none do nothing."""

    @property
    def year(self) -> int:
        """The year that is looked at."""
        return self.workspace.year

    def activate(self) -> None:
        """The view is shown for the first time, or the year changed: read and show."""

    def shown(self) -> None:
        """The view is shown again: its figures into the status bar, without any none of another's."""
        if self.panel is not None:
            self.panel.tell_status()
            return
        self.workspace.status("rows", "")
        self.workspace.status("summary", "")

    def refresh(self, changes: Any) -> None:
        """Records changed (a ChangeSet with ids_by_type; None: everything may have)."""
        self.activate()

    def show_hint(self) -> None:
        """Opened from a line of the 工作台: show what it counts."""

    def find(self) -> None:
        """Ctrl+F: open the find bar of the table."""
        if self.panel is not None:
            self.panel.find()

    def copy(self) -> None:
        """Menu 编辑→复制 when the table has no focus: the selected block."""
        if self.panel is not None:
            self.panel.view.copy()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """What to remember for next time, as JSON values."""
        return {}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered; called once before the first `activate()`."""


@dataclass(frozen=True, slots=True)
class ViewChoice:
    """A view that a room offers: its key, the word on the switch, what makes its widget."""

    key: str
    title: str
    make: Callable[[Workspace], RoomView]
