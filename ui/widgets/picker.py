"""A field that finds units, people, indicators by name, code or pinyin initials."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from ui.grids.columns import Lookup, Option


class PickerEdit(QLineEdit):
    """A line that offers what fits; Down or a click shows all.

    lookup(typed) gives the options in the order they are to be shown ("" for all).
    """

    picked = Signal(object)
    """The `Option` that was chosen."""
    left = Signal()
    """A row of the open list was taken: a form goes on to its next field."""

    def __init__(self, lookup: Lookup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.composing = False
        self._lookup = lookup
        self._options: list[Option] = []
        self._chosen: Option | None = None
        self._texts = QStringListModel(self)
        completer = QCompleter(self._texts, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(12)
        # The completer would put the whole line (label and detail) into the field.
        completer.activated[QModelIndex].connect(self._on_completer_activated)
        self._completer = completer
        completer.setWidget(self)
        self.textEdited.connect(self._on_text_edited)

    @property
    def options(self) -> Sequence[Option]:
        """What is offered at this moment."""
        return self._options

    def set_option(self, option: Option | None) -> None:
        """Show a choice that was made before."""
        self._chosen = option
        self.setText(option.label if option else "")

    def option(self) -> Option | None:
        """The choice: what was picked, or the only or exactly named option for the text."""
        typed = self.text().strip()
        if not typed:
            return None
        if self._chosen is not None and self._chosen.label == typed:
            return self._chosen
        found = list(self._lookup(typed))
        exact = [option for option in found if option.label == typed]
        if exact:
            return exact[0]
        return found[0] if len(found) == 1 else None

    def value(self) -> object:
        """The value of the choice; None when nothing or nothing fitting stands there."""
        option = self.option()
        return None if option is None else option.value

    def show_options(self, typed: str | None = None) -> None:
        """Open the list for a text (default: what stands in the field)."""
        self._options = list(self._lookup(self.text() if typed is None else typed))[:200]
        lines = [f"{o.label}   {o.detail}" if o.detail else o.label for o in self._options]
        self._texts.setStringList(lines)
        if not lines:
            self._completer.popup().hide()
            return
        popup = self._completer.popup()
        width = max(self.width(), popup.sizeHintForColumn(0) + 32)
        self._completer.complete(self.rect().adjusted(0, 0, width - self.width(), 0))
        if typed != "":
            popup.setCurrentIndex(self._texts.index(0, 0))

    def _on_text_edited(self, text: str) -> None:
        self._chosen = None
        self.show_options(text)

    def _on_completer_activated(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self._options):
            self._choose(self._options[index.row()])
            self.left.emit()

    def _choose(self, option: Option) -> None:
        self._chosen = option
        self.setText(option.label)
        self.picked.emit(option)

    def take_highlighted(self) -> bool:
        """Choose the highlighted row of an open list; False when no list is open."""
        popup = self._completer.popup()
        row = popup.currentIndex().row()
        if not popup.isVisible() or not 0 <= row < len(self._options):
            return False
        popup.hide()
        self._choose(self._options[row])
        return True

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether the input method still composes."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down shows all options; Enter takes the highlighted one."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.take_highlighted():
            # The open list hands its keys over past every event filter, the form's too.
            event.accept()
            self.left.emit()
            return
        if event.key() == Qt.Key.Key_Down and not self._completer.popup().isVisible():
            self.show_options("")
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click into the empty field shows all options."""
        super().mousePressEvent(event)
        if not self.text() and not self.isReadOnly():
            self.show_options("")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Complete a text that has only one meaning."""
        super().focusOutEvent(event)
        option = self.option()
        if option is not None and option is not self._chosen:
            self._choose(option)
