"""The draft of a field of a side panel or a page: it is committed on leaving, so a draft lives while it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ui.draft_dialogs import _name, _text
from ui.grids.cell_records import known_names
from ui.grids.sheet import SheetView
from ui.later import later
from ui.pages.base import Page
from ui.widgets.fields import LongField, TextField

if TYPE_CHECKING:
    from ui.drafts import DraftWatch


def panel_field(widget: QWidget) -> bool:
    """Whether this is a field that saves what is typed (not a filter or a search)."""
    return isinstance(widget, TextField | LongField) and page_of(widget) is not None


def page_of(widget: QWidget) -> Page | None:
    """The room that a field stands in."""
    host = widget.parentWidget()
    while host is not None:
        if isinstance(host, Page):
            return host
        host = host.parentWidget()
    return None


class FieldDraft(QObject):
    """Follows one field while it has the focus."""

    def __init__(self, watch: DraftWatch, field: QWidget) -> None:
        super().__init__(field)
        self.widget = field
        self._watch = watch
        page = page_of(field)
        host = field.parentWidget()
        assert page is not None
        record = 0
        for view in page.findChildren(QWidget):
            if isinstance(view, SheetView) and view.isVisible():
                record = int(view.current_id())  # type: ignore[attr-defined]
                known_names(view)
                break
        label = _name(page, field)
        self.key = f"field|{page.key}|{page.workspace.year}|{type(host).__name__}|{record}|{label}"
        self._title = " · ".join(part for part in (label, page.windowTitle()) if part)
        self._name = label
        self._before = _text(field)
        self._is_over = False
        field.textChanged.connect(self._on_typed)  # type: ignore[attr-defined]
        field.installEventFilter(self)

    def entered(self) -> None:
        """The focus came back."""
        self._before = _text(self.widget)

    def _on_typed(self, _typed: object = None) -> None:
        if self.widget.hasFocus() and not self._is_over:
            self._watch.touched(self)

    def draft(self) -> tuple[str, tuple[tuple[str, str, str], ...]] | None:
        """What stands in the field, when it differs from what is saved."""
        if not isValid(self.widget):
            return None
        text = _text(self.widget)
        return None if text == self._before else (self._title, (("text", self._name, text),))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """After the focus left, and with it the text was committed or marked."""
        if event.type() == QEvent.Type.FocusOut:
            later(self, self._on_left)
        return bool(super().eventFilter(watched, event))

    def _on_left(self) -> None:
        field: Any = self.widget
        if not self._is_over and isValid(field) and not field.hasFocus() and not field.property("wrong"):
            self._watch.committed(self)

    def release(self) -> None:
        """The folder is closed, or somebody else goes on."""
        self._is_over = True
