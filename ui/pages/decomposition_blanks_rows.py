"""The table and the unit list of the view 空白清单."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.blanks import Blank, BlankKind, BlankList, Severity
from ui.grids.columns import Cell, Column, Light, Row
from ui.grids.source import ListSource
from ui.theme import scaled

COLUMNS = (
    Column("severity", "程度", width=74, frozen=True),
    Column("unit", "单位", width=84),
    Column("kind", "类别", width=102),
    Column("place", "位置", width=212),
    Column("text", "内容", width=310),
    Column("advice", "建议", width=182),
)
_LIGHTS = {Severity.BLANK: Light.RED, Severity.WRONG: Light.AMBER, Severity.NOTE: Light.GREY}
SERIOUS = frozenset({Severity.BLANK, Severity.WRONG})


class BlankSource(ListSource):
    """The rows of a list that pass severity, kind and unit; a row keeps its number over runs."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, self._read)
        self.found: BlankList | None = None
        self.severities = SERIOUS
        self.kind: BlankKind | None = None
        self.unit: object = ALL
        """A unit, None for the office's own rows, or `ALL`."""
        self.blanks: dict[int, Blank] = {}
        self._numbers: dict[tuple[object, ...], int] = {}

    def chosen(self, *, of_unit: bool = True) -> list[Blank]:
        """The rows that pass, in the order of the list."""
        return [] if self.found is None else [
            one for one in self.found.blanks
            if one.severity in self.severities and self.kind in (None, one.kind)
            and (not of_unit or self.unit is ALL or one.unit == self.unit)
        ]

    def _read(self) -> Sequence[Row]:
        self.blanks = {}
        for one in self.chosen():
            self.blanks[self._number(one)] = one
        labels = {} if self.found is None else dict(self.found.units)
        return [_row(number, one, labels) for number, one in self.blanks.items()]

    def _number(self, one: Blank) -> int:
        key = (one.kind, one.node, one.unit, one.person, one.record, one.field, one.place)
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        while number in self.blanks:
            # Two rows of one kind about one place (due date and milestone).
            key = (*key, one.text)
            number = self._numbers.setdefault(key, len(self._numbers) + 1)
        return number


ALL = object()
"""Stands for all units."""


def _row(number: int, one: Blank, labels: dict[RecordId, str]) -> Row:
    unit = "本级" if one.unit is None else labels.get(one.unit, "")
    return Row(number, {
        "severity": Cell(one.severity.label, light=_LIGHTS[one.severity]),
        "unit": unit, "kind": one.kind.label, "place": Cell(one.place, note=one.place),
        "text": Cell(one.text, note=one.text), "advice": Cell(one.advice, note=one.advice),
    })


class UnitList(QListWidget):
    """How many rows each unit has among those shown; the current one narrows the table."""

    unit_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("各单位空白数"))
        self.setStyleSheet(f"QListWidget::item {{ padding: {scaled(4)}px {scaled(8)}px; }}")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._units: list[object] = []
        self.currentRowChanged.connect(self._on_current)

    def show_counts(self, rows: Sequence[Blank], found: BlankList, chosen: object) -> bool:
        """Fill the list from rows of all units; False when the chosen unit has none any more."""
        counts: dict[RecordId | None, dict[Severity, int]] = {}
        for one in rows:
            of_unit = counts.setdefault(one.unit, dict.fromkeys(Severity, 0))
            of_unit[one.severity] += 1
        named: list[tuple[RecordId | None, str]] = [(None, self.tr("本级")), *found.units]
        self.blockSignals(True)
        self.clear()
        self._units = []
        self._add(ALL, self.tr("全部单位 {}").format(f"{len(rows):,}"), "")
        for unit, label in named:
            if unit in counts:
                told = [f"{one.label} {count}" for one, count in counts[unit].items() if count]
                self._add(unit, f"{label}  {sum(counts[unit].values()):,}", " · ".join(told))
        known = chosen in self._units
        self.setCurrentRow(self._units.index(chosen) if known else 0)
        self.blockSignals(False)
        return known

    def _add(self, unit: object, text: str, hint: str) -> None:
        item = QListWidgetItem(text)
        item.setToolTip(hint)
        self.addItem(item)
        self._units.append(unit)

    def _on_current(self, row: int) -> None:
        if 0 <= row < len(self._units):
            self.unit_chosen.emit(self._units[row])
