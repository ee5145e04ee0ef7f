"""测评票: which part of the total, which answers, how many copies; nothing on them tells who votes."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import QComboBox, QWidget

from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.scoring.tallies import Vote
from mbo_desktop.errors import InputError
from mbo_desktop.services import assessment_papers
from mbo_desktop.services.score_components import forms_of
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.widgets.fields import NumberField


class BallotsDialog(AskDialog):
    """`chosen` is the answer: the part's name, the ballot, the copies."""

    def __init__(self, store: Store, scheme: RecordId, parent: QWidget | None = None) -> None:
        super().__init__(parent, self.tr("测评票"), self.tr("预览"))
        self.note(self.tr("不记名票,每张列出本组全部单位。收回后按选项计票,在“程序”中录入各单位票数。"))
        self.parts = QComboBox()
        self.parts.setEditable(True)
        self._components = {one.name: one for one in store.get(Scheme, scheme).components}
        names = list(self._components)
        self.parts.addItems(names or [self.tr("民主测评")])
        self.form.add(self.tr("用于"), self.parts)
        self.forms = QComboBox()
        self.parts.currentTextChanged.connect(self._on_part)
        self._on_part()
        self.form.add(self.tr("选项"), self.forms)
        self.copies = NumberField(Decimal(30), required=self.tr("请填份数。"))
        self.form.add(self.tr("份数"), self.copies)
        self.chosen: tuple[str, Vote, int] = ("", assessment_papers.ballot_forms()[0][1], 1)

    def _on_part(self) -> None:
        """The part's own ballot, else the usual ones."""
        self.forms.clear()
        for form in forms_of(self._components.get(self.parts.currentText().strip())):
            self.forms.addItem("、".join(word for word, _points in form.rows), form)

    def act(self) -> None:
        """Take the answer; the page makes the paper."""
        copies = self.copies.value()
        if not isinstance(copies, Decimal) or copies != int(copies) or not 1 <= copies <= assessment_papers.MOST_BALLOTS:
            raise InputError(f"份数应是1到{assessment_papers.MOST_BALLOTS}的整数。", "更多的份数请在打印时选择。")
        self.chosen = (self.parts.currentText().strip(), self.forms.currentData(), int(copies))
