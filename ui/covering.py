"""Covers over every window of the program: nothing beneath can be seen, typed into or lost.

Editors stay open with what was half typed: the focus goes to the cover without their knowing,
and comes back when it is lifted. Windows that open meanwhile are covered as they appear.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.later import later
from ui.theme import scaled

_INPUT = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride,
    QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.ContextMenu, QEvent.Type.InputMethod,
    QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop, QEvent.Type.ToolTip,
    QEvent.Type.HoverMove, QEvent.Type.HoverEnter, QEvent.Type.TabletPress,
})
_LEAST = (420, 300)
"""A window smaller than the form grows while it is covered."""


class Cover(QWidget):
    """Lies over the whole of one window, menus included."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("cover")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAutoFillBackground(True)
        self.covered = window
        self._title = window.windowTitle()
        if window.parentWidget() is not None:
            window.setWindowTitle(self.tr("已锁定"))
        self._size, self._least = window.size(), window.minimumSize()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        window.installEventFilter(self)
        self.follow()
        self.show()
        self.raise_()

    def seat(self, form: QWidget) -> None:
        """Show the form in this window."""
        wanted = QSize(scaled(_LEAST[0]), scaled(_LEAST[1]))
        if self.covered.width() < wanted.width() or self.covered.height() < wanted.height():
            self.covered.setMinimumSize(wanted.expandedTo(self._least))
            self.covered.resize(self.covered.size().expandedTo(wanted))
        self._layout.addWidget(form, 0, Qt.AlignmentFlag.AlignCenter)
        form.show()
        self.follow()

    def follow(self) -> None:
        """Take the size of the window."""
        self.setGeometry(self.covered.rect())
        self.raise_()

    def lift(self) -> None:
        """Give the window back as it was."""
        self.covered.removeEventFilter(self)
        if self.covered.minimumSize() != self._least:
            self.covered.setMinimumSize(self._least)
            self.covered.resize(self._size)
        if self.covered.parentWidget() is not None:
            self.covered.setWindowTitle(self._title)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size; stay above what it adds."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.ChildAdded):
            self.follow()
        return False


class Covers(QObject):
    """All covers together, with one form in the window that takes the keys."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._covers: dict[QWidget, Cover] = {}
        self._form: QWidget | None = None
        self._focus: QWidget | None = None
        self._keeps_editors = False

    @property
    def form(self) -> QWidget | None:
        """The form that is shown; None while nothing is covered."""
        return self._form

    def lower(self, form: QWidget, *, keeps_editors: bool) -> None:
        """Cover everything and show the form.

        keeps_editors: what is open stays open and knows nothing of it; else what was typed is
        committed first, as when one clicks elsewhere.
        """
        self._focus = QApplication.focusWidget()
        self._keeps_editors = keeps_editors
        if self._focus is not None and not keeps_editors:
            self._focus.clearFocus()
        self._form = form
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        self._close_popups()
        for window in QApplication.topLevelWidgets():
            if window.isVisible():
                self._cover(window)
        self._seat()

    def forget_focus(self) -> None:
        """What had the focus is not worked in any more."""
        self._focus = None

    def exchange(self, form: QWidget) -> None:
        """Show another form in the place of the present one."""
        before, self._form = self._form, form
        self._seat()
        if before is not None:
            # Only now: hiding what has the focus would send it to what lies beneath.
            before.hide()
            before.deleteLater()

    def lift(self) -> None:
        """Uncover everything; the focus goes back to where it was."""
        application = QApplication.instance()
        if self._form is None or application is None:
            return
        form, self._form = self._form, None
        focus, self._focus = self._focus, None
        if focus is not None and isValid(focus):
            # Before the form goes, or Qt would look for the next field and select its text.
            focus.window().activateWindow()
            focus.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        form.hide()
        form.setParent(None)
        form.deleteLater()
        for cover in self._covers.values():
            if isValid(cover) and isValid(cover.covered):
                cover.lift()
        self._covers = {}
        application.removeEventFilter(self)

    def _close_popups(self) -> None:
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.hide()
            if QApplication.activePopupWidget() is popup:
                return

    def _cover(self, window: QWidget) -> None:
        if window in self._covers or isinstance(window, QMenu):
            return
        if window.windowType() in (
            Qt.WindowType.ToolTip, Qt.WindowType.Popup, Qt.WindowType.SplashScreen, Qt.WindowType.Desktop,
        ):
            window.hide()
            return
        self._covers[window] = Cover(window)

    def _seat(self, place: QWidget | None = None) -> None:
        """Show the form where the keys go: the dialog that waits for an answer, else the main window."""
        if self._form is None:
            return
        waiting = QApplication.activeModalWidget()
        wanted = (place, waiting, self._window)
        cover = next((self._covers[one] for one in wanted if one is not None and one in self._covers), None)
        if cover is None or not isValid(cover):
            return
        if self._form.parentWidget() is not cover:
            cover.seat(self._form)
        cover.covered.activateWindow()
        take = getattr(self._form, "take_focus", None)
        if take is not None:
            take()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While covered: nothing reaches what lies beneath, and what opens is covered too."""
        if self._form is None:
            return False
        kind = event.type()
        if kind == QEvent.Type.Shortcut:
            return not self._is_ours(watched)
        if not isinstance(watched, QWidget):
            return False
        if kind in _INPUT:
            return not self._is_ours(watched)
        if kind in (QEvent.Type.FocusOut, QEvent.Type.FocusAboutToChange):
            return self._keeps_editors and not self._is_ours(watched)
        if kind == QEvent.Type.Show and watched.isWindow() and not self._is_ours(watched):
            self._cover(watched)
            self._seat(watched if watched.isModal() else None)
        elif kind in (QEvent.Type.Hide, QEvent.Type.Close) and watched in self._covers \
                and watched is not self._window:
            self._leave(watched)
        return False

    def _leave(self, window: QWidget) -> None:
        """A covered window went by itself (a job's end): the form must not go with it."""
        cover = self._covers.pop(window)
        if self._form is not None and self._form.parentWidget() is cover:
            self._form.setParent(self._covers[self._window])
            self._seat()
            # Which dialog waits now is known only when this one has gone.
            later(self, self._seat)
        cover.lift()

    def _is_ours(self, watched: QObject) -> bool:
        form = self._form
        if form is None:
            return False
        if not isinstance(watched, QWidget):
            owner = watched.parent()
            return isinstance(owner, QWidget) and (owner is form or form.isAncestorOf(owner))
        window = watched.window()
        return (
            watched is form or form.isAncestorOf(watched)
            # The list of a choice in the form is a window of its own.
            or (window is not watched and window.parentWidget() is not None and form.isAncestorOf(window.parentWidget()))
            or (window.parentWidget() is not None and form.isAncestorOf(window.parentWidget()))
        )
