"""封存与解封: what was settled in a year is no longer changed, unless it is unsealed with a reason."""

from __future__ import annotations

from PySide6.QtWidgets import QListWidget, QWidget

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.planning import YearState
from mbo_desktop.services import sealing
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.theme import scaled
from ui.widgets.fields import LongField


class SealDialog(AskDialog):
    """Seals an open year or unseals a sealed one; shows who did so before and why."""

    def __init__(self, parent: QWidget | None, store: Store, year: int) -> None:
        self._sealed = sealing.is_sealed(store, year)
        title = f"解封 {year} 年度" if self._sealed else f"封存 {year} 年度"
        super().__init__(parent, title, "解封" if self._sealed else "封存", width=520)
        self._store, self._year = store, year
        self.sentence = title
        if self._sealed:
            self.note(self.tr("{} 年度已封存,目标、来源、结果都不能修改。解封后可以修改,理由留存;改完请再封存。").format(year))
        else:
            self.note(self.tr("封存后,{} 年度的目标、来源、外部数据和结果都不能修改,此前的操作也不能再撤销。随时可以写明理由解封。").format(year))
        self.reason = LongField(lines=2, hint=self.tr("必须写明") if self._sealed else self.tr("如 年度考核结果已通报;可不填"))
        self.form.add(self.tr("理由"), self.reason)
        self.first_focus = self.reason
        steps = sealing.seal_history(store, year)
        if steps:
            listing = QListWidget()
            listing.setWordWrap(True)
            listing.setMaximumHeight(scaled(130))
            for step in reversed(steps):
                word = self.tr("封存") if step.state is YearState.CLOSED else self.tr("解封")
                parts = [show_date(step.on, "dots") if step.on else "", step.by, word, step.reason]
                listing.addItem(" · ".join(part for part in parts if part))
            self.note(self.tr("以往的封存与解封:"))
            self.form.add_wide(listing)

    def act(self) -> None:
        """Do the step; what is missing is said in the dialog."""
        reason = self.reason.toPlainText()
        if self._sealed:
            sealing.unseal_year(self._store, self._year, reason)
        else:
            sealing.seal_year(self._store, self._year, reason)
