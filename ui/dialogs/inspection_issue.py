"""印发: a paper with the next number of its register, or looked at without one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QRadioButton, QWidget

from mbo_desktop.services import numbering
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog


class IssueDialog(AskDialog):
    """Numbered or only a preview; `numbered` and `kind` are the answer."""

    def __init__(
        self, store: Store, year: int, title: str, sentence: str,
        kinds: Sequence[tuple[str, str]], parent: QWidget | None = None,
    ) -> None:
        """kinds: what may be made, with the register its number comes from."""
        super().__init__(parent, title, "预览")
        self._next: Callable[[], str]
        self._rows = {row.kind: row.next_text for row in numbering.series(store, year)}
        self.note(sentence)
        self.kinds = QComboBox()
        for name, register in kinds:
            self.kinds.addItem(name, register)
        if len(kinds) > 1:
            self.form.add(self.tr("种类"), self.kinds)
        self.look = QRadioButton(self.tr("只看样稿,不编号"))
        self.issue = QRadioButton()
        self.look.setChecked(True)
        self.form.add("", self.look)
        self.form.add("", self.issue)
        self.first_focus = self.look
        self.kinds.currentIndexChanged.connect(self._tell)
        self.issue.toggled.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        register = self.register
        number = self._rows.get(register, self.tr("第一个号"))
        self.issue.setText(self.tr("印发:从“{}”登记簿取号,自 {} 起(不能用 Ctrl+Z 撤销)").format(register, number))
        self.accept_button.setText(self.tr("编号印发") if self.issue.isChecked() else self.tr("预览"))

    @property
    def kind(self) -> str:
        """What is to be made."""
        return self.kinds.currentText()

    @property
    def register(self) -> str:
        """The register of its numbers."""
        return str(self.kinds.currentData())

    @property
    def numbered(self) -> bool:
        """Whether numbers are to be given out."""
        return self.issue.isChecked()

    def act(self) -> None:
        """Nothing is done here; the page makes the paper."""
