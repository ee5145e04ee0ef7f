"""撤回年度结转: what would go, what is in use and stays."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QListWidget, QWidget

from mbo_desktop.services import year_turn_back
from mbo_desktop.services.year_turn_back import TakingBack
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.theme import scaled


class TakeBackDialog(AskDialog):
    """Shows what the roll-over into a year left behind and takes back what nobody uses."""

    def __init__(self, parent: QWidget | None, store: Store, year: int) -> None:
        super().__init__(parent, f"撤回年度结转:{year - 1} → {year}", "撤回", width=540)
        self._store, self._year = store, year
        self.found: TakingBack = year_turn_back.taking_back(store, year - 1, year)
        self.done_with: TakingBack | None = None
        self.although = QCheckBox(self.tr("保留已在使用的,只撤回其余的"))
        self.listing = QListWidget()
        self.listing.setMaximumHeight(scaled(160))
        self.listing.setAccessibleName(self.tr("已在使用的内容"))
        if self.found.is_nothing:
            self.note(self.found.sentence)
            self.accept_button.setEnabled(False)
            return
        self.note(self.tr("撤回把结转建立的、没有人改过也没有引用的内容去掉,本身也可以撤销。可撤回 {} 条。").format(
            len(self.found.removable)))
        if self.found.in_use:
            self.note(self.tr("已在使用、予以保留的:"))
            self.listing.addItems(list(self.found.in_use))
            self.form.add_wide(self.listing)
            self.form.add_wide(self.although)
            self.first_focus = self.although

    def act(self) -> None:
        """Take it back."""
        self.done_with = year_turn_back.take_back(
            self._store, self._year - 1, self._year, although=self.although.isChecked()
        )
