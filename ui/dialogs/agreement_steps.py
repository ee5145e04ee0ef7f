"""Questions about the way of agreements: which state from which day, and why one goes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.agreements import AgreementState
from ui.theme import scaled
from ui.widgets.fields import DateField, LongField
from ui.widgets.form import Form


class _Question(QDialog):
    """A sentence, a form, and the two buttons."""

    def __init__(self, title: str, sentence: str, accept: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(scaled(460))
        words = QLabel(sentence)
        words.setWordWrap(True)
        self.form = Form(label_width=84)
        self.buttons = QDialogButtonBox()
        self.accept_button = self.buttons.addButton(accept, QDialogButtonBox.ButtonRole.AcceptRole)
        self.accept_button.setProperty("role", "primary")
        self.accept_button.setAutoDefault(False)
        cancel = self.buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setAutoDefault(False)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        layout.setSpacing(scaled(12))
        layout.addWidget(words)
        layout.addWidget(self.form)
        layout.addWidget(self.buttons)

    def accept(self) -> None:
        """Close only when every field can be read."""
        if self.form.commit() and self.is_complete():
            super().accept()

    def is_complete(self) -> bool:
        """Whether what must be given is given; marks the field that lacks it."""
        return True


def _number_box(question: _Question, number: tuple[str, bool]) -> QCheckBox | None:
    """Whether drafts get numbers when they are issued; None where none is waiting."""
    text, in_use = number
    if not text:
        return None
    box = QCheckBox(question.tr("印发时依次编文号,从 {} 起").format(text))
    box.setToolTip(question.tr("文号印在标题下;格式和起始号在“工具→文号期号登记”里改"))
    box.setChecked(in_use)
    question.form.add(question.tr("文号"), box)
    return box


class StepQuestion(_Question):
    """To which state, from which day, which copies, numbered or not."""

    def __init__(
        self, sentence: str, states: Sequence[AgreementState], holders: Sequence[str],
        today: date, parent: QWidget | None = None, number: tuple[str, bool] = ("", False),
    ) -> None:
        """number: the next 文号 for drafts and whether the office numbers them (`signing.next_number`)."""
        super().__init__(parent=parent, title="", sentence=sentence, accept="")
        self.setWindowTitle(self.tr("登记责任书状态"))
        self.accept_button.setText(self.tr("登记"))
        self.states = QComboBox()
        for state in states:
            self.states.addItem(state.label, state.value)
        self.form.add(self.tr("改为"), self.states)
        self.day = DateField(year=today.year)
        self.day.set_value(today)
        self.form.add(self.tr("日期"), self.day)
        self.numbers = _number_box(self, number)
        self.holders = [QCheckBox(self.tr("{}份").format(holder)) for holder in holders]
        for place, (box, holder) in enumerate(zip(self.holders, holders, strict=True)):
            box.setChecked(True)
            box.setProperty("holder", holder)
            self.form.add(self.tr("哪几份") if place == 0 else "", box)

    @property
    def state(self) -> AgreementState:
        """The state that was chosen."""
        return AgreementState(self.states.currentData())

    @property
    def numbered(self) -> bool:
        """Whether what is issued gets a number."""
        return self.numbers is not None and self.numbers.isChecked()

    def chosen_holders(self) -> tuple[str, ...] | None:
        """Holders of the ticked copies; None: all."""
        ticked = tuple(box.property("holder") for box in self.holders if box.isChecked())
        return None if len(ticked) == len(self.holders) else ticked

    def is_complete(self) -> bool:
        """A day and at least one copy."""
        if self.day.value() is None:
            self.day.set_problem(self.tr("请填写日期,例如 3.12 或 今天。"))
            self.day.setFocus()
            return False
        return not self.holders or any(box.isChecked() for box in self.holders)


class MeetingQuestion(_Question):
    """On which day everything is signed at the meeting."""

    def __init__(
        self, count: int, today: date, concerns: Sequence[str] = (), parent: QWidget | None = None,
        number: tuple[str, bool] = ("", False),
    ) -> None:
        super().__init__(parent=parent, title="", sentence="", accept="")
        self.setWindowTitle(self.tr("会上集中签订"))
        self.accept_button.setText(self.tr("登记签订"))
        sentence = self.layout().itemAt(0).widget()
        assert isinstance(sentence, QLabel)
        sentence.setText(
            self.tr(
                "把 {} 份责任书的各份一并登记为“甲方已签章”。尚未印发的按现行目标印发,"
                "文本随即固定;登记错了可逐份退回并写明原因。"
            ).format(count)
        )
        self.day = DateField(year=today.year)
        self.day.set_value(today)
        self.form.add(self.tr("签订日期"), self.day)
        self.numbers = _number_box(self, number)
        if concerns:
            words = QLabel(self.tr("请先核对:\n{}").format("\n".join(f"▲ {one}" for one in concerns)))
            words.setProperty("role", "error")
            words.setWordWrap(True)
            self.form.add_wide(words)

    @property
    def numbered(self) -> bool:
        """Whether what is issued gets a number."""
        return self.numbers is not None and self.numbers.isChecked()

    def is_complete(self) -> bool:
        """A day."""
        if self.day.value() is None:
            self.day.set_problem(self.tr("请填写日期,例如 3.12 或 今天。"))
            self.day.setFocus()
            return False
        return True


class ReasonQuestion(_Question):
    """Why a step is taken back; without a reason there is no going back."""

    def __init__(self, title: str, sentence: str, accept: str, parent: QWidget | None = None) -> None:
        super().__init__(title, sentence, accept, parent)
        self.reason = LongField(lines=3)
        self.form.add(self.tr("原因"), self.reason)
        self.reason.setFocus()

    def is_complete(self) -> bool:
        """A reason."""
        if self.reason.value():
            return True
        self.reason.set_problem(self.tr("请写明原因,原因记入办理记录。"))
        self.reason.setFocus()
        return False
