"""Small questions of the room 进度: a problem, how it was settled, why a paper is refused, a paper without file."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QWidget

from mbo_desktop.domain.reports import CauseKind
from ui.dialogs.ask import AskDialog
from ui.widgets.fields import LongField

ProblemDeed = Callable[[str, CauseKind | None, str, str], object]
"""Takes text, cause, own effort and what is wanted of whom."""


class ProblemDialog(AskDialog):
    """A problem met with a target."""

    def __init__(
        self, title: str, deed: ProblemDeed, parent: QWidget | None = None, *, text: str = "",
        cause: CauseKind | None = None, own_effort: str = "", wanted: str = "",
    ) -> None:
        super().__init__(parent, title, "保存", width=480)
        self._deed = deed
        self.text = LongField(text, lines=3, hint=self.tr("遇到什么问题"))
        self.cause = QComboBox()
        self.cause.addItem(self.tr("未分类"), "")
        for one in CauseKind:
            self.cause.addItem(one.label, one.value)
        self.cause.setCurrentIndex(max(self.cause.findData(cause.value if cause else ""), 0))
        self.effort = LongField(own_effort, lines=2, hint=self.tr("本单位已经做了什么"))
        self.wanted = LongField(wanted, lines=2, hint=self.tr("需要谁协调解决什么"))
        self.form.add(self.tr("问题"), self.text)
        self.form.add(self.tr("原因类别"), self.cause)
        self.form.add(self.tr("已做工作"), self.effort)
        self.form.add(self.tr("需协调"), self.wanted)

    def act(self) -> None:
        """Save it."""
        cause = self.cause.currentData()
        self._deed(
            self.text.value(), CauseKind.of(cause) if cause else None,
            self.effort.value(), self.wanted.value(),
        )


class WordsDialog(AskDialog):
    """One sentence that a deed asks for."""

    def __init__(
        self, title: str, label: str, button: str, deed: Callable[[str], object],
        parent: QWidget | None = None, *, note: str = "", text: str = "",
    ) -> None:
        super().__init__(parent, title, button, width=440)
        self._deed = deed
        self.words = LongField(text, lines=2)
        if note:
            self.note(note)
        self.form.add(label, self.words)

    def act(self) -> None:
        """Hand the words on."""
        self._deed(self.words.value())
