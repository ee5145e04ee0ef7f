"""A field for several units, targets or people: type to find one, Enter takes it, × takes it out again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.grids.columns import Lookup, Option
from ui.theme import scaled
from ui.widgets.flow import FlowRow
from ui.widgets.picker import PickerEdit


class ManyPicker(QWidget):
    """The chosen ones stand as buttons below the line; pressing one takes it out."""

    changed = Signal()
    left = Signal()
    """Enter in the empty line: a form goes on."""

    def __init__(
        self, lookup: Lookup, chosen: Sequence[Option] = (), parent: QWidget | None = None, *,
        hint: str = "",
    ) -> None:
        super().__init__(parent)
        self.edit = PickerEdit(lookup)
        self.edit.setPlaceholderText(hint or self.tr("名称或拼音首字母,回车加入"))
        self.edit.picked.connect(self._on_picked)
        self.edit.returnPressed.connect(self._on_enter)
        self.setFocusProxy(self.edit)
        self._chosen: list[Option] = []
        self._holder = QWidget()
        self._row = FlowRow(scaled(4))
        self._holder.setLayout(self._row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(4))
        layout.addWidget(self.edit)
        layout.addWidget(self._holder)
        self.set_options(chosen)

    def set_options(self, chosen: Sequence[Option]) -> None:
        """Other choices; doubles are taken once."""
        self._chosen = []
        for one in chosen:
            if all(known.value != one.value for known in self._chosen):
                self._chosen.append(one)
        self._show()

    def options(self) -> tuple[Option, ...]:
        """The chosen ones in the order they were taken."""
        return tuple(self._chosen)

    def values(self) -> tuple[object, ...]:
        """What the chosen ones stand for."""
        return tuple(one.value for one in self._chosen)

    def commit(self) -> bool:
        """Take what stands in the line when it means one thing."""
        option = self.edit.option()
        if option is not None:
            self._on_picked(option)
        return True

    def _on_picked(self, option: object) -> None:
        self.edit.set_option(None)
        if isinstance(option, Option) and all(one.value != option.value for one in self._chosen):
            self._chosen.append(option)
            self._show()
            self.changed.emit()

    def _on_enter(self) -> None:
        if not self.edit.text().strip():
            self.left.emit()

    def _show(self) -> None:
        while self._row.count():
            item = self._row.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        for place, one in enumerate(self._chosen):
            button = QPushButton(f"{one.label} ×")
            button.setAutoDefault(False)
            button.setProperty("role", "chip")
            button.setProperty("place", place)
            button.setToolTip(self.tr("按一下去掉“{}”").format(one.label))
            button.clicked.connect(self._on_remove)
            self._row.add(button)
        self._holder.setVisible(bool(self._chosen))
        self.updateGeometry()

    def _on_remove(self) -> None:
        self._chosen.pop(int(self.sender().property("place")))
        self._show()
        self.edit.setFocus()
        self.changed.emit()
