"""The text of agreements: the year's clauses for all units, or one unit's own."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.agreements import AgreementTemplate
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import ProgramError
from mbo_desktop.services import agreement_texts, agreement_wording, agreements, clause_text
from ui.screens import size_within_screen
from ui.theme import scaled
from ui.widgets.fields import DateField
from ui.widgets.form import Form
from ui.widgets.message_bar import MessageBar
from ui.workspace import Workspace


class AgreementTextDialog(QDialog):
    """Title, 依据, copies and clauses; `agreement` None edits the year's, which drafts follow."""

    def __init__(
        self, workspace: Workspace, agreement: RecordId | None, parent: QWidget | None = None,
        *, personal: bool = False,
    ) -> None:
        """personal: the clauses of the agreements with people."""
        super().__init__(parent)
        self._personal = personal
        self._store = workspace.store
        self._year = workspace.year
        self._agreement = agreement
        self.setWindowTitle(self.tr("责任书条款"))
        size_within_screen(self, 820, 640)
        self.messages = MessageBar()
        self.form = Form(label_width=84)
        self.title = self.form.add(self.tr("标题"), QLineEdit())
        self.basis = self.form.add(self.tr("依据"), QLineEdit())
        self.basis.setPlaceholderText(self.tr("文件名称和文号,多个用分号隔开;不填用通用说法"))
        self.copies = self.form.add(self.tr("一式几份"), QLineEdit())
        self.copies.setPlaceholderText(self.tr("由谁持有,例如 甲方、乙方、目标办备案"))
        self.term_from = self.form.add(self.tr("期限自"), DateField(year=workspace.year))
        self.term_until = self.form.add(self.tr("期限至"), DateField(year=workspace.year))
        self.clauses = QPlainTextEdit()
        self.clauses.setTabChangesFocus(True)
        note = QLabel(
            self.tr("“一、…”单独成行是条目标题,序号自动编排。可用占位符:{}").format(
                " ".join(f"{{{name}}}" for name in clause_text.BLANKS)
            )
        )
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        layout.setSpacing(scaled(10))
        self._scope = QLabel()
        self._scope.setWordWrap(True)
        layout.addWidget(self._scope)
        layout.addWidget(self.messages)
        layout.addWidget(self.form)
        layout.addWidget(self.clauses, 1)
        layout.addWidget(note)
        layout.addLayout(self._foot())
        self._fill()

    def _foot(self) -> QHBoxLayout:
        self.reset = QPushButton(self.tr("恢复范本"))
        self.reset.setAutoDefault(False)
        self.reset.clicked.connect(self._on_reset)
        buttons = QDialogButtonBox()
        self.save = buttons.addButton(self.tr("保存条款"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setProperty("role", "primary")
        self.save.setAutoDefault(False)
        close = buttons.addButton(self.tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setAutoDefault(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.reset)
        foot.addStretch(1)
        foot.addWidget(buttons)
        return foot

    def _fill(self) -> None:
        template = self._template()
        if self._agreement is None:
            text = (
                self.tr("{} 年度个人责任书条款:未印发的个人责任书都按此排版,已印发的不变。") if self._personal
                else self.tr("{} 年度通用条款:各单位未印发的责任书都按此排版,已印发的不变。")
            )
            self._scope.setText(text.format(self._year))
            self.title.setText(template.title)
            self.copies.setText("、".join(template.copies))
            self.clauses.setPlainText(clause_text.as_text(template.clauses))
            self.form.show_field(self.term_from, False)
            self.form.show_field(self.term_until, False)
            self.basis.setText(";".join(agreement_wording.common_basis(
                self._store, self._year, personal=self._personal)))
            return
        found = agreements.details(self._store, self._agreement)
        fixed = found.record.snapshot is not None
        record = found.record
        own = template.clauses if record.clauses is None else record.clauses
        self._scope.setText(
            self.tr("{} 的责任书已印发,文本不能再改。").format(found.unit_name) if fixed
            else self.tr("只改 {} 的责任书;其他单位仍用通用条款。").format(found.unit_name)
        )
        self.title.setText(found.title if fixed else record.title or template.title)
        self.basis.setText(";".join(record.basis))
        self.copies.setText("、".join(copy.holder for copy in record.copies))
        for field, day in zip((self.term_from, self.term_until), agreements.term_of(record), strict=True):
            field.set_value(day)
            field.setReadOnly(fixed)
        self.clauses.setPlainText(clause_text.as_text(found.clauses if fixed else own))
        for field in (self.title, self.basis, self.copies, self.clauses):
            field.setReadOnly(fixed)
        self.save.setVisible(not fixed)
        self.reset.setVisible(not fixed)

    def _on_reset(self) -> None:
        """Put the starting text (or the year's, for one unit) into the field; nothing is saved yet."""
        if self._agreement is None:
            clauses = (
                agreement_texts.PERSONAL_CLAUSES if self._personal
                else agreement_texts.STARTING_CLAUSES
            )
        else:
            clauses = self._template().clauses
        self.clauses.setPlainText(clause_text.as_text(clauses))

    def _template(self) -> AgreementTemplate:
        return agreements.template(self._store, self._year, personal=self._personal)

    def _term(self) -> tuple[date, date] | None:
        """The two days; None where they are the year's own, which then stays unset."""
        first, last = self.term_from.value(), self.term_until.value()
        if first is None or last is None:
            return None
        return first, last

    def accept(self) -> None:
        """Save; what cannot be saved is said in the dialog and nothing is lost."""
        if not self.form.commit():
            return
        try:
            self._save()
        except ProgramError as error:
            self.messages.say(error.sentences(), "red")
            return
        super().accept()

    def _save(self) -> None:
        clauses = clause_text.from_text(self.clauses.toPlainText())
        clause_text.check_blanks(self.title.text())
        basis = [part.strip() for part in self.basis.text().replace("；", ";").split(";")]
        copies = [part.strip() for part in self.copies.text().replace(",", "、").replace("，", "、").split("、")]
        if self._agreement is None:
            agreement_wording.set_year_text(
                self._store, self._year, title=self.title.text(), clauses=clauses,
                copies=copies, basis=basis, personal=self._personal,
            )
            return
        template = self._template()
        title = self.title.text().strip()
        agreement_wording.set_own_text(
            self._store, self._agreement,
            title="" if title == template.title else title,
            clauses=None if clauses == template.clauses else clauses,
            copies=copies, basis=basis, term=self._term(),
        )
