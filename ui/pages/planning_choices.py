"""The two menus of the matrix: which units stand over it, and which fields each unit shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.services import office_words, offices, planning_matrix
from mbo_desktop.services.planning_matrix import TargetField
from ui.pages.planning_tables import UnitChoice
from ui.theme import icon, scaled
from ui.workspace import Workspace

if TYPE_CHECKING:
    from ui.pages.planning_tables import FrameworkTables

FIELDS = (
    TargetField.LAST_YEAR, TargetField.GROWTH, TargetField.VALUE, TargetField.STRETCH,
    TargetField.POINTS,
)


class MatrixChoices(QWidget):
    """Buttons 单位:… and 列; a choice rebuilds the matrix and is then told."""

    chosen = Signal()

    def __init__(self, workspace: Workspace, tables: FrameworkTables) -> None:
        super().__init__()
        self._workspace = workspace
        self._tables = tables
        self.units_button = self._menu_button(self._fill_units)
        self.fields_button = self._menu_button(self._fill_fields)
        self.fields_button.setText(self.tr("列"))
        self.fields_button.setIcon(icon("columns-3"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scaled(8))
        row.addWidget(self.units_button)
        row.addWidget(self.fields_button)

    def show_choice(self) -> None:
        """Name the present choice on the button."""
        choice = self._tables.choice
        word = self._modes().get(choice.mode) or office_words.group(self._workspace.store, choice.group) or self.tr("选定的单位")
        self.units_button.setText(self.tr("单位:{}").format(word))

    def _menu_button(self, fill: Callable[[], None]) -> QPushButton:
        button = QPushButton()
        menu = QMenu(button)
        menu.aboutToShow.connect(fill)
        menu.triggered.connect(self._on_menu)
        button.setMenu(menu)
        return button

    def _modes(self) -> dict[str, str]:
        return {
            "targets": self.tr("有目标的单位"), "counties": self.tr("县区、开发区"),
            "departments": office_words.departments(self._workspace.store), "townships": UnitKind.TOWNSHIP.label,
            "all": self.tr("全部单位"),
        }

    def _fill_units(self) -> None:
        menu = self.units_button.menu()
        menu.clear()
        choice = self._tables.choice
        for mode, word in self._modes().items():
            _add(menu, word, ("units", mode, ""), ticked=choice.mode == mode)
        groups = menu.addMenu(self.tr("考核分组"))
        for group in offices.peer_groups(self._workspace.store):
            ticked = choice.mode == "group" and choice.group == group
            _add(groups, office_words.group(self._workspace.store, group), ("units", "group", group), ticked=ticked)
        menu.addSeparator()
        _add(menu, self.tr("选定单位…"), ("listed", "", ""), ticked=choice.mode == "listed")

    def _fill_fields(self) -> None:
        menu = self.fields_button.menu()
        menu.clear()
        for one in FIELDS:
            _add(menu, one.label, ("field", one.value, ""), ticked=one in self._tables.fields)

    def _on_menu(self, action: QAction) -> None:
        what, which, more = action.data()
        if what == "listed":
            if not self._choose_listed():
                return
        elif what == "units":
            self._tables.choice = UnitChoice(which, more)
        else:
            wanted = {one.value for one in self._tables.fields} ^ {which}
            fields = tuple(one for one in FIELDS if one.value in wanted)
            self._tables.fields = fields or (TargetField.VALUE,)
        self._tables.rebuild()
        self.show_choice()
        self.chosen.emit()

    def _choose_listed(self) -> bool:
        from ui.dialogs.matrix_units import UnitsDialog

        every = planning_matrix.columns(
            self._workspace.store, self._workspace.year, with_empty=True
        )
        every = tuple(
            replace(one, peer_group=office_words.group(self._workspace.store, one.peer_group)) for one in every
        )
        dialog = UnitsDialog(every, {column.unit for column in self._tables.units}, self.window())
        units = dialog.chosen() if dialog.exec() else ()
        dialog.deleteLater()
        if units:
            self._tables.choice = UnitChoice("listed", "", units)
        return bool(units)


def _add(menu: QMenu, text: str, data: tuple[str, str, str], *, ticked: bool) -> None:
    action = menu.addAction(text)
    action.setCheckable(True)
    action.setChecked(ticked)
    action.setData(data)
