"""The two places of work of the room 责任书: 签订 (the board) and 调整 (adjustments)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.widgets.view_switch import ViewSwitch

if TYPE_CHECKING:
    from ui.pages.base import Page
    from ui.pages.season_adjustments import AdjustmentsView

SIGNING, ADJUSTING = "signing", "adjusting"


class AgreementViews(QStackedWidget):
    """Shows the board or the adjustments; the tools of the other one are hidden."""

    def __init__(self, page: Page, board: QWidget, panel: QWidget) -> None:
        super().__init__()
        self._page, self._board, self._panel = page, board, panel
        self._signing: list[QWidget] = []
        self._states: dict[QWidget, bool] = {}
        self._state: dict[str, Any] = {}
        self._read_only = False
        self.adjustments: AdjustmentsView | None = None
        self.switch = ViewSwitch((
            (SIGNING, self.tr("签订")), (ADJUSTING, self.tr("调整")),
        ))
        self.switch.take_keys(page)
        self.switch.switched.connect(self.choose)
        self.addWidget(board)
        self.setFocusProxy(board)

    def set_signing_tools(self, widgets: Sequence[QWidget]) -> None:
        """Buttons and filters that belong to the board."""
        self._signing = list(widgets)

    @property
    def is_adjusting(self) -> bool:
        """Whether the adjustments are shown."""
        return self.adjustments is not None and self.currentWidget() is self.adjustments

    def choose(self, key: str) -> None:
        """Show one of the two; the page reads what it needs."""
        self.switch.set_view(key)
        if key == ADJUSTING:
            self._show_adjustments()
        elif self.is_adjusting:
            self._show_board()

    def _show_adjustments(self) -> None:
        if self.is_adjusting:
            return
        view = self._made()
        # Chips without a count are hidden on the board and stay so.
        self._states = {widget: not widget.isHidden() for widget in self._signing}
        for widget in (*self._signing, self._panel):
            widget.setVisible(False)
        self.setCurrentWidget(view)
        self.setFocusProxy(view)
        for widget, _stretch in view.tools:
            widget.setVisible(True)
        view.set_read_only(self._read_only)
        view.activate()
        view.shown()
        view.setFocus()

    def _show_board(self) -> None:
        assert self.adjustments is not None
        for widget, _stretch in self.adjustments.tools:
            widget.setVisible(False)
        self.setCurrentWidget(self._board)
        self.setFocusProxy(self._board)
        for widget, was_shown in self._states.items():
            widget.setVisible(was_shown)
        self._panel.setVisible(True)
        self._page.activate()
        self._page.shown()

    def _made(self) -> AdjustmentsView:
        if self.adjustments is None:
            from ui.pages.season_adjustments import AdjustmentsView

            self.adjustments = AdjustmentsView(self._page.workspace)
            self.adjustments.figures_changed.connect(self._page.set_figures)
            self.adjustments.restore_state(self._state)
            self.addWidget(self.adjustments)
            for widget, stretch in self.adjustments.tools:
                self._page.add_filter(widget, stretch)
        return self.adjustments

    def side(self) -> QWidget:
        """The panel beside the place of work that is shown, for F6."""
        return self.adjustments.side if self.is_adjusting and self.adjustments else self._panel

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        self._read_only = read_only
        if self.adjustments is not None:
            self.adjustments.set_read_only(read_only)

    def save_state(self) -> dict[str, Any]:
        """What the adjustments remember."""
        return self._state if self.adjustments is None else dict(self.adjustments.save_state())

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take up what was remembered, when the adjustments are first shown."""
        self._state = state
