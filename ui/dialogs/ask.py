"""The frame of small dialogs: a form, its error in words, and two buttons; Enter moves on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.errors import ProgramError
from ui.later import later
from ui.screens import FRAME
from ui.theme import scaled
from ui.widgets.form import Form
from ui.widgets.still_wheel import keep_choices_still


class AskDialog(QDialog):
    """Subclasses fill `form` and do their deed in `act()`; an error stands above the buttons.

    The dialog closes only when `act()` went through, so nothing typed is lost.
    """

    def __init__(self, parent: QWidget | None, title: str, button: str, *, width: int = 460) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.finished.connect(self.deleteLater)
        self.setMinimumWidth(scaled(width))
        self.form = Form(label_width=76)
        self.problem = QLabel()
        self.problem.setProperty("role", "error")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.accept_button = QPushButton(button)
        self.accept_button.setProperty("role", "primary")
        self.accept_button.setAutoDefault(False)
        self.accept_button.clicked.connect(self.try_to_accept)
        self.cancel_button = QPushButton(self.tr("取消"))
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.reject)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self.try_to_accept)
        self.foot = QHBoxLayout()
        self.foot.addStretch(1)
        self.foot.addWidget(self.accept_button)
        self.foot.addWidget(self.cancel_button)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        self.body.setSpacing(scaled(10))
        self.body.addWidget(self.form)
        self.body.addWidget(self.problem)
        self.first_focus: QWidget | None = None
        """What has the focus at first; None: the first field."""
        self._complete = False

    def note(self, text: str) -> QLabel:
        """A muted sentence over the whole width of the form."""
        label = QLabel(text)
        label.setProperty("role", "muted")
        label.setWordWrap(True)
        self.form.add_wide(label)
        return label

    def setVisible(self, visible: bool) -> None:
        """The buttons are put in last, so that Tab reaches them behind all fields."""
        if visible and not self._complete:
            self._complete = True
            keep_choices_still(self)
            if not any(self.body.stretch(place) for place in range(self.body.count())):
                # A list that takes the room is not to share it with empty space.
                self.body.addStretch(1)
            self.body.addLayout(self.foot)
            if self.first_focus is not None:
                self.first_focus.setFocus()
            elif self.focusWidget() is None:
                self._focus_first()
        super().setVisible(visible)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fields that ask for more than the screen has push the window beyond it, here first."""
        super().resizeEvent(event)
        if event.size().height() > self._room():
            later(self, self._keep_on_screen)

    def _room(self) -> int:
        return self.screen().availableGeometry().height() - FRAME[1]

    def _keep_on_screen(self) -> None:
        """Where large letters would push the buttons off a small screen the form scrolls instead."""
        place = self.body.indexOf(self.form)
        if place < 0 or self.height() <= self._room():
            return
        focused = self.focusWidget()
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidgetResizable(True)
        area.setMinimumHeight(scaled(120))
        self.body.removeWidget(self.form)
        area.setWidget(self.form)
        area.setMinimumWidth(self.form.minimumSizeHint().width() + area.verticalScrollBar().sizeHint().width())
        self.body.insertWidget(place, area, 1)
        self.body.activate()
        self.resize(self.width(), self._room())
        if focused is not None:
            focused.setFocus()

    def _focus_first(self) -> None:
        widget = self.nextInFocusChain()
        while widget is not self:
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabledTo(self):
                widget.setFocus()
                return
            widget = widget.nextInFocusChain()

    def act(self) -> None:
        """Do what the dialog is for; raises ProgramError, whose sentences are shown here."""
        raise NotImplementedError

    def try_to_accept(self) -> None:
        """Read the form, do the deed, close."""
        if not self.form.commit():
            return
        if self.attempt(self.act):
            self.accept()

    def attempt(self, deed: Callable[[], object]) -> bool:
        """Do a deed; False when it was refused, and the reason stands in the dialog."""
        self.problem.hide()
        try:
            deed()
        except ProgramError as error:
            self.problem.setText(f"{error.what}{error.todo}")
            self.problem.show()
            self._make_room()
            return False
        return True

    def _make_room(self) -> None:
        """Grow for the sentence, so that it does not squeeze wrapped text above it."""
        self.body.activate()
        needed = min(self.body.totalHeightForWidth(self.width()), self._room())
        if needed > self.height():
            self.resize(self.width(), needed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter never presses a button that has no focus; Ctrl+Enter is the main button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            button = self.focusWidget()
            if isinstance(button, QPushButton):
                button.click()
            elif isinstance(button, QRadioButton):
                self.try_to_accept()
            event.accept()
            return
        super().keyPressEvent(event)
