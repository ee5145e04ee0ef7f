"""What every room of the window is built from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.rights import Act
from ui.rights import guard
from ui.theme import scaled
from ui.widgets.flow import FlowRow
from ui.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable


class Page(QWidget):
    """A room: header (title, one line of figures, buttons), filters, body with side panel.

    Subclasses build their widgets in `__init__` (quick: no reading), read in `activate()`,
    and answer changes in `refresh()`. A page that is not shown is only marked; the window
    calls `refresh()` with what changed meanwhile (None: everything) when it is shown again.
    """

    key = ""
    """As in `ui.navigation.ROOMS`; names the remembered state."""

    def __init__(self, workspace: Workspace, title: str) -> None:
        super().__init__()
        self.setObjectName("page")
        # What a screen reader says of the tables in it.
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.workspace = workspace
        self.store = workspace.store
        switch = QShortcut(QKeySequence(Qt.Key.Key_F6), self)
        switch.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        switch.activated.connect(self.switch_side)
        self._title = QLabel(title)
        self._title.setProperty("role", "title")
        self._figures = QLabel()
        self._figures.setProperty("role", "figures")
        self._figures.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(scaled(2))
        words.addWidget(self._title)
        words.addWidget(self._figures)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(scaled(8))
        head = QHBoxLayout()
        head.addLayout(words, 1)
        head.addLayout(self._buttons)
        self._filters = FlowRow(scaled(8))
        self.body = QSplitter(Qt.Orientation.Horizontal)
        self.body.setChildrenCollapsible(False)
        self.body.setHandleWidth(scaled(10))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(18), scaled(14), scaled(18), scaled(12))
        layout.setSpacing(scaled(10))
        layout.addLayout(head)
        layout.addLayout(self._filters)
        layout.addWidget(self.body, 1)

    # Building -----------------------------------------------------------------

    def set_figures(self, text: str) -> None:
        """The line under the title."""
        self._figures.setText(text)

    def explain_figures(self, text: str) -> None:
        """What the numbers of the line count, for the pointer and the screen reader."""
        self._figures.setToolTip(text)
        self._figures.setAccessibleDescription(text)

    def add_button(
        self, label: str, act: Callable[[], object], *, primary: bool = False, hint: str = "",
        needs: Act | None = None,
    ) -> QPushButton:
        """A button at the right of the header; at most one is primary. act takes no argument.

        needs: the right without which it is grey where accounts are on.
        """
        button = QPushButton(label)
        if primary:
            button.setProperty("role", "primary")
        if hint:
            button.setToolTip(hint)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(act)
        self._buttons.addWidget(button)
        if needs is not None:
            guard(button, self.workspace, needs)
        return button

    def add_filter(self, widget: QWidget, stretch: int = 0) -> None:
        """A widget in the filter row."""
        self._filters.add(widget, stretch)

    def end_filters(self) -> None:
        """Keep the filters at the left."""
        self._filters.add(QWidget(), 1)

    def set_body(self, main: QWidget, side: QWidget | None = None, side_width: int = 312) -> None:
        """The place of work and the side panel beside it (width in pixels at 100 %)."""
        self.body.addWidget(main)
        self.setFocusProxy(main)
        self.body.setStretchFactor(0, 1)
        if side is not None:
            self.body.addWidget(side)
            self.body.setStretchFactor(1, 0)
            side.setMinimumWidth(scaled(240))
            self.body.setSizes([scaled(10_000), scaled(side_width)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as the space bar does."""
        button = QApplication.focusWidget()
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and isinstance(button, QPushButton) and self.isAncestorOf(button):
            button.click()
            event.accept()
            return
        super().keyPressEvent(event)

    def side_widget(self) -> QWidget | None:
        """The side panel that is shown; None when there is none."""
        return self.body.widget(1) if self.body.count() > 1 else None

    def manual_page(self) -> str:
        """The manual's chapter of what is shown now; "" for the room's own."""
        return ""

    def switch_side(self) -> None:
        """F6: from the table into the side panel and back (Tab stays in the table)."""
        side = self.side_widget()
        focused = QApplication.focusWidget()
        if side is None or (focused is not None and side.isAncestorOf(focused)):
            self.setFocus()
            return
        for field in side.findChildren(QWidget):
            takes = field.focusPolicy() & Qt.FocusPolicy.TabFocus and field.focusProxy() is None
            inner = isinstance(field, QLineEdit | QAbstractButton | QComboBox | QPlainTextEdit)
            if inner and takes and field.isVisible() and field.isEnabled():
                field.setFocus(Qt.FocusReason.TabFocusReason)
                return

    # Answering ----------------------------------------------------------------

    def activate(self) -> None:
        """The page is shown for the first time, or the year changed: read and show."""

    def shown(self) -> None:
        """The page is shown again: put its figures into the status bar."""

    def refresh(self, changes: Any) -> None:
        """Records changed (a ChangeSet with ids_by_type; None: everything may have)."""
        self.activate()

    def show_record(self, record: int, kind: str) -> None:
        """Make a record of a type ("unit", "person", …) visible (from the search or another page)."""

    def show_hint(self, hint: str) -> None:
        """Show what a next step of the 工作台 is about (its filter_hint); unknown ones show all."""

    def find(self) -> None:
        """Ctrl+F: open the page's find bar."""

    def copy(self) -> None:
        """Menu 编辑→复制 when the table has no focus."""

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """What to remember for next time, as JSON values: filters, widths, scroll, selection."""
        return {}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered; called once before the first `activate()`."""

