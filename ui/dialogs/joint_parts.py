"""Parts of the dialog 牵头与配合: the list of supporting units, and a field that saves itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from mbo_desktop.domain.quantity import canonical
from mbo_desktop.errors import ProgramError
from mbo_desktop.services.joint_targets import JointPart
from ui.theme import scaled
from ui.widgets.fields import TextField


class SavingField(TextField):
    """Saves what was typed when it is left; a refusal stands below it and the text stays."""

    def __init__(
        self, save: Callable[[object], None], *, hint: str = "",
        read: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(hint=hint, read=read)
        self._save = save

    @property
    def unsaved(self) -> bool:
        """Whether something stands here that is not saved."""
        return self.text() != self._kept

    def commit(self) -> bool:
        """Read and save; False when it was refused (the reason is shown)."""
        if self.composing:
            return False
        if self.unsaved:
            try:
                self._save(self.value())
            except ProgramError as error:
                self.set_problem(f"{error.what}{error.todo}")
                return False
            self._kept = self.text()
        self.set_problem("")
        return True


def answer_text(part: JointPart) -> str:
    """「不同意(2020-03-02):不属本辖区」."""
    day = f"({part.consent_on.isoformat()})" if part.consent_on else ""
    reason = f":{part.consent_reason}" if part.consent_reason else ""
    return f"{part.consent.label}{day}{reason}"


class PartsTable(QTableWidget):
    """Supporting units with duty, share and answer; Delete asks to take the selected one off,
    Alt+↑ and Alt+↓ to move it.
    """

    remove_asked = Signal()
    move_asked = Signal(int)
    """-1 up, +1 down."""

    def __init__(self) -> None:
        super().__init__(0, 4)
        self.setAccessibleName(self.tr("配合单位"))
        self.setHorizontalHeaderLabels(
            [self.tr("配合单位"), self.tr("职责"), self.tr("份额"), self.tr("答复")])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column in (0, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.setMinimumHeight(scaled(150))
        for keys, act in (("Del", self.remove_asked.emit), ("Alt+Up", self._on_up), ("Alt+Down", self._on_down)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)

    def _on_up(self) -> None:
        self.move_asked.emit(-1)

    def _on_down(self) -> None:
        self.move_asked.emit(1)

    def show_parts(self, parts: Sequence[JointPart]) -> None:
        """Fill the rows; no row is announced as chosen meanwhile."""
        self.blockSignals(True)
        self.setRowCount(len(parts))
        for row, part in enumerate(parts):
            share = "" if part.share is None else f"{canonical(part.share)}%"
            for column, text in enumerate((part.unit_name, part.duty, share, answer_text(part))):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.setItem(row, column, item)
        self.resizeRowsToContents()
        self.blockSignals(False)
