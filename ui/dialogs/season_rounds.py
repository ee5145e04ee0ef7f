"""Questions about rounds of proposals: a new one, what one is called, and why a value is (not) taken."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rounds import RoundSide
from mbo_desktop.services import rounds
from mbo_desktop.services.rounds import RoundRow
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.widgets.fields import DateField, LongField, TextField


class RoundDialog(AskDialog):
    """Open a round (`row` None) or change what one is called."""

    made: RecordId | None = None

    def __init__(
        self, store: Store, year: int, row: RoundRow | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, "", "")
        self.setWindowTitle(self.tr("修改轮次") if row else self.tr("新建一轮"))
        self.accept_button.setText(self.tr("保存") if row else self.tr("新建"))
        self._store, self._year, self._row = store, year, row
        self.side = QComboBox()
        for side in RoundSide:
            self.side.addItem(side.label, side.value)
        self.form.add(self.tr("谁提出"), self.side)
        self.name = TextField(hint=self.tr("不填则按轮次和提出方命名"))
        self.form.add(self.tr("名称"), self.name)
        self.day = DateField(clock.today(), year=year, required=self.tr("请填写日期。"))
        self.form.add(self.tr("日期"), self.day)
        self.remark = TextField()
        self.form.add(self.tr("说明"), self.remark)
        if row is not None:
            self.side.setCurrentIndex(self.side.findData(row.side.value))
            self.side.setEnabled(False)
            self.name.set_text(row.title)
            self.day.set_value(row.on)
            self.remark.set_text(row.note)

    def act(self) -> None:
        """Save."""
        name, note = str(self.name.value()), str(self.remark.value())
        day = self.day.value()
        if self._row is None:
            self.made = rounds.add_round(
                self._store, self._year, RoundSide(self.side.currentData()), name=name,
                on=day, note=note,  # type: ignore[arg-type]
            )
        else:
            rounds.change_round(self._store, self._row.id, name=name, on=day, note=note)  # type: ignore[arg-type]


class ReasonDialog(AskDialog):
    """A sentence, a reason, and the deed that takes it."""

    def __init__(
        self, title: str, sentence: str, button: str, deed: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, title, button)
        self._deed = deed
        self.note(sentence)
        self.reason = LongField(lines=3)
        self.form.add(self.tr("理由"), self.reason)

    def act(self) -> None:
        """Do it; what is refused is told in the dialog."""
        self._deed(self.reason.value())
