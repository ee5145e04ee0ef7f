"""Which unit of the register each name of a ledger is; new ones with their kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.unit_names import usual_full_name, usual_short_name
from mbo_desktop.services.import_matching import NewUnit, UnitChoice, suggested_unit
from mbo_desktop.spreadsheets.proposal import KnownUnit, UnitGuess
from ui.grids.delegate import row_height
from ui.theme import scaled

NEW, LEAVE_OUT = "new", "leave_out"


class UnitsTable(QTableWidget):
    """A row per name: 台账中的名称, 对应单位 (one of the register, 新建, 不导入), 类型 of a new one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self.setHorizontalHeaderLabels([self.tr("台账中的名称"), self.tr("对应单位"), self.tr("类型")])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.setAccessibleName(self.tr("台账中的单位"))
        self._keys: list[str] = []
        self._kinds: dict[str, UnitKind] = {}
        self._departments = UnitKind.DEPARTMENT.label

    def show_units(
        self, guesses: Sequence[UnitGuess], known: Sequence[KnownUnit],
        chosen: Mapping[str, UnitChoice], departments: str = UnitKind.DEPARTMENT.label,
    ) -> None:
        """departments: what this office calls its departments. The names of a ledger with what was chosen for them before."""
        names = {unit.id: unit.short_name or unit.name for unit in known}
        self._keys = [guess.key for guess in guesses]
        self._departments = departments
        self.setRowCount(len(guesses))
        self.verticalHeader().setDefaultSectionSize(row_height(self) + scaled(6))
        self.setColumnWidth(0, scaled(130))
        self.setColumnWidth(2, scaled(120))
        for row, guess in enumerate(guesses):
            self.setItem(row, 0, QTableWidgetItem(guess.key))
            self._show_row(row, guess, names, chosen.get(guess.key, _UNCHOSEN))

    def _show_row(
        self, row: int, guess: UnitGuess, names: Mapping[int, str], before: object
    ) -> None:
        new = before if isinstance(before, NewUnit) else suggested_unit(guess.key)
        self._kinds[guess.key] = new.kind
        which, kind = QComboBox(), QComboBox()
        offered = (guess.id,) if guess.id is not None and guess.id in names else guess.candidates
        if guess.candidates and before is _UNCHOSEN:
            which.addItem(self.tr("请选择…"), None)
        for number in offered:
            which.addItem(names.get(number, guess.key), number)
        which.addItem(self.tr("新建:{}").format(new.name), NEW)
        if guess.id is None or guess.id not in names:
            for number, name in names.items():
                if number not in offered and len(names) <= 400:
                    which.addItem(name, number)
        which.addItem(self.tr("不导入这个单位"), LEAVE_OUT)
        wanted = (
            0 if before is _UNCHOSEN else which.findData(LEAVE_OUT) if before is None
            else which.findData(NEW if isinstance(before, NewUnit) else before)
        )
        which.setCurrentIndex(max(wanted, 0))
        for one in UnitKind:
            kind.addItem(self._departments if one is UnitKind.DEPARTMENT else one.label, one.value)
        kind.setCurrentIndex(kind.findData(new.kind.value))
        kind.setEnabled(which.currentData() == NEW)
        which.activated.connect(self._on_activated)
        kind.activated.connect(self._on_activated)
        self.setCellWidget(row, 1, which)
        self.setCellWidget(row, 2, kind)

    def choices(self) -> dict[str, UnitChoice]:
        """What each name stands for; names still to be decided are left out."""
        found: dict[str, UnitChoice] = {}
        for row, key in enumerate(self._keys):
            which, kind = self._combos(row)
            value = which.currentData()
            if value == NEW:
                chosen = UnitKind.of(kind.currentData())
                name = usual_full_name(key, chosen)
                found[key] = replace(
                    suggested_unit(key), name=name, short_name=usual_short_name(name), kind=chosen
                )
            elif value == LEAVE_OUT:
                found[key] = None
            elif value is not None:
                found[key] = RecordId(value)
        return found

    @property
    def new_count(self) -> int:
        """How many will be made."""
        return sum(isinstance(choice, NewUnit) for choice in self.choices().values())

    def _combos(self, row: int) -> tuple[QComboBox, QComboBox]:
        which, kind = self.cellWidget(row, 1), self.cellWidget(row, 2)
        assert isinstance(which, QComboBox)
        assert isinstance(kind, QComboBox)
        return which, kind

    def _on_activated(self) -> None:
        for row, key in enumerate(self._keys):
            which, kind = self._combos(row)
            is_new = which.currentData() == NEW
            kind.setEnabled(is_new)
            if is_new:
                name = usual_full_name(key, UnitKind.of(kind.currentData()))
                which.setItemText(which.findData(NEW), self.tr("新建:{}").format(name))
        self.changed.emit()


_UNCHOSEN = object()
