"""The bar below the menus: year, office and operator, global search, undo and redo."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from ui.grids.columns import Option
from ui.theme import icon, scaled
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace

PAGE_OF_KIND = {
    "unit": "offices", "person": "offices", "indicator": "planning", "agreement": "agreements",
}


class TopBar(QFrame):
    """Shows what is worked in and finds things in it."""

    year_chosen = Signal(int)

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        """actions: shown as icons at the right (undo, redo, help)."""
        super().__init__(parent)
        self.setObjectName("topBar")
        self._workspace: Workspace | None = None
        self.years = QComboBox()
        self.years.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.years.setMinimumWidth(scaled(104))
        self.years.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.years.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.years.activated.connect(self._on_year_activated)
        self.office = QLabel()
        self.office.setObjectName("office")
        self.search = PickerEdit(self._look_up)
        self.search.setPlaceholderText(self.tr("搜索 目标、单位、人员、责任书… Ctrl+K"))
        self.search.addAction(icon("search"), PickerEdit.ActionPosition.LeadingPosition)
        self.search.setFixedWidth(scaled(330))
        self.search.picked.connect(self._on_picked)
        row = QHBoxLayout(self)
        row.setContentsMargins(scaled(13), scaled(7), scaled(13), scaled(7))
        row.setSpacing(scaled(8))
        row.addWidget(self.years)
        row.addSpacing(scaled(8))
        row.addWidget(self.office, 1)
        row.addWidget(self.search)
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setIconSize(QSize(scaled(17), scaled(17)))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)

    def attach(self, workspace: Workspace) -> None:
        """Show another data folder's office and years."""
        self._workspace = workspace
        self.reload()

    def reload(self) -> None:
        """Read office, operator and years again."""
        from mbo_desktop.services import session

        if self._workspace is None:
            return
        store = self._workspace.store
        office = session.office(store)
        parts = [office.name]
        if store.operator:
            parts.append(self.tr("经办 {}").format(store.operator))
        self.office.setText(" · ".join(parts))
        self.years.clear()
        for row in session.years(store):
            self.years.addItem(self.tr("{} 年度").format(row.number), row.number)
        self.years.setCurrentIndex(max(self.years.findData(self._workspace.year), 0))

    def show_year(self, year: int) -> None:
        """Show the year that is looked at."""
        self.years.setCurrentIndex(max(self.years.findData(year), 0))

    def _on_year_activated(self, place: int) -> None:
        self.year_chosen.emit(int(self.years.itemData(place)))

    def _look_up(self, typed: str) -> Sequence[Option]:
        if self._workspace is None or not typed.strip():
            return []
        from mbo_desktop.services import search

        hits = search.search(self._workspace.store, typed, year=self._workspace.year, limit=20)
        return [Option(hit, hit.text, f"{hit.kind.label} · {hit.context}") for hit in hits]

    def _on_picked(self, option: Option) -> None:
        hit = option.value
        self.search.set_option(None)
        if self._workspace is None:
            return
        kind = str(hit.kind.value)  # type: ignore[attr-defined]
        self._workspace.go(PAGE_OF_KIND[kind], hit.id, kind)  # type: ignore[attr-defined]
