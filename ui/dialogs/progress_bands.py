"""The bands of a light rule as lines to change: light, from, to, whether the bounds count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from mbo_desktop.domain.lights import Band, Yardstick
from mbo_desktop.errors import InputError
from ui.grids.columns import Light as Shape
from ui.pages.progress_state import SHAPES
from ui.theme import scaled
from ui.widgets.chips import Chip
from ui.widgets.fields import NumberField

_UNITS = {
    Yardstick.GAP: "落后计划,百分点(负数为超前)", Yardstick.RATIO: "完成当期计划的 %",
    Yardstick.GROWTH: "比上年同期增长 %",
}


class BandEditor(QWidget):
    """One line per band; an empty bound is open."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(scaled(8))
        self._grid.setVerticalSpacing(scaled(4))
        self._grid.setColumnStretch(6, 1)
        self._bands: tuple[Band, ...] = ()
        self.lines: list[tuple[NumberField, QCheckBox, NumberField, QCheckBox]] = []

    def show_bands(self, bands: Sequence[Band], yardstick: Yardstick) -> None:
        """Other bands to change."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._bands, self.lines = tuple(bands), []
        head = QLabel(_UNITS[yardstick])
        head.setProperty("role", "muted")
        self._grid.addWidget(head, 0, 0, 1, 7)
        for row, band in enumerate(bands, 1):
            self._add_line(row, band)

    def _add_line(self, row: int, band: Band) -> None:
        lower, upper = NumberField(band.lower, hint=self.tr("不限")), NumberField(band.upper, hint=self.tr("不限"))
        counts = QCheckBox(self.tr("含")), QCheckBox(self.tr("含"))
        counts[0].setChecked(band.lower_counts)
        counts[1].setChecked(band.upper_counts)
        for field, word in ((lower, self.tr("从")), (upper, self.tr("到"))):
            field.setFixedWidth(scaled(74))
            field.setAccessibleName(f"{band.light.label} {word}")
            field.committed.connect(self.changed)
        for box, word in zip(counts, (self.tr("下限含本数"), self.tr("上限含本数")), strict=True):
            box.setToolTip(word)
            box.toggled.connect(self.changed)
        chip = Chip(band.light.label, SHAPES[band.light] or Shape.GREY)
        for place, widget in enumerate((chip, lower, counts[0], QLabel("—"), upper, counts[1])):
            self._grid.addWidget(widget, row, place)
        self.lines.append((lower, counts[0], upper, counts[1]))

    def bands(self) -> tuple[Band, ...]:
        """As typed; InputError for a number that is none or bounds the wrong way round."""
        made = []
        for band, (lower, low_counts, upper, high_counts) in zip(self._bands, self.lines, strict=True):
            new = replace(
                band, lower=_decimal(lower), lower_counts=low_counts.isChecked(),
                upper=_decimal(upper), upper_counts=high_counts.isChecked(),
            )
            if new.lower is not None and new.upper is not None and new.lower > new.upper:
                raise InputError(
                    f"“{band.light.label}”一档的下限{new.lower}大于上限{new.upper}。", "请对调或改正。"
                )
            made.append(new)
        return tuple(made)


def _decimal(field: NumberField) -> Decimal | None:
    value = field.value()
    return value if isinstance(value, Decimal) else None
