"""牵头与配合: the supporting units of one target, their duty, share and answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.joint import Consent
from mbo_desktop.domain.quantity import canonical, read_number
from mbo_desktop.errors import InputError, ProgramError
from mbo_desktop.services import joint_targets
from mbo_desktop.services.joint_targets import JointPart
from ui.dialogs.joint_parts import PartsTable, SavingField
from ui.grids.columns import Option
from ui.pages.season_origins import unit_lookup
from ui.theme import scaled
from ui.widgets.fields import DateField, TextField
from ui.widgets.form import Form
from ui.widgets.message_bar import MessageBar
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace


class JointTargetDialog(QDialog):
    """The supporting units of a target; everything done here is saved at once and can be undone."""

    def __init__(
        self, workspace: Workspace, indicator: RecordId, lead: RecordId, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("牵头与配合"))
        self.finished.connect(self.deleteLater)
        self._workspace, self._store = workspace, workspace.store
        self._place = (indicator, lead)
        self._parts: Sequence[JointPart] = ()
        self._shown: RecordId | None = None
        self._held = False
        """Whether the message says that the dialog cannot be closed."""
        self._told = ""
        """The reason as recorded for the part that is shown."""
        self.messages = MessageBar()
        self.head = QLabel()
        self.head.setWordWrap(True)
        self._lookup = unit_lookup(self._store)
        self.picker = PickerEdit(self._free_units)
        self.picker.setPlaceholderText(self.tr("添加配合单位:名称或拼音首字母"))
        self.picker.picked.connect(self._on_picked)
        self.picker.returnPressed.connect(self._on_enter)
        self.table = PartsTable()
        self.table.currentCellChanged.connect(self._on_row)
        self.table.remove_asked.connect(self._on_remove)
        self.table.move_asked.connect(self._move)
        self._build_form()
        self._build_layout()
        workspace.changed.connect(self.refresh)
        workspace.said.connect(self.messages.say)
        workspace.read_only_changed.connect(self.refresh)
        self.refresh()
        self.picker.setFocus()

    # Building -----------------------------------------------------------------

    def _build_form(self) -> None:
        self.form = Form(label_width=76)
        self.duty = SavingField(self._save_duty, hint=self.tr("如 资金保障、道路建设"))
        self.share = SavingField(
            self._save_share, hint=self.tr("百分数,如 30;不分份额的不填"), read=read_number)
        self.day = DateField(clock.today(), year=self._workspace.year)
        self.reason = TextField(hint=self.tr("不同意的必须写明理由"))
        for label, field in ((self.tr("职责"), self.duty), (self.tr("份额 %"), self.share),
                             (self.tr("答复日期"), self.day), (self.tr("理由"), self.reason)):
            self.form.add(label, field)
        for field in (self.duty, self.share):
            field.complained.connect(self._on_complained)
        self.given = self._button(self.tr("登记同意"), self._on_given)
        self.refused = self._button(self.tr("登记不同意"), self._on_refused)
        self.open_again = self._button(self.tr("改回待答复"), self._on_open_again)
        self.up = self._button(self.tr("上移"), self._on_up, hint=self.tr("在责任书中靠前  Alt+↑"))
        self.down = self._button(self.tr("下移"), self._on_down, hint=self.tr("在责任书中靠后  Alt+↓"))
        self.remove = self._button(self.tr("移除"), self._on_remove)
        self.undo = self._button(self.tr("撤销"), self._workspace.undo)
        self.close_button = self._button(self.tr("关闭"), self.accept)

    def _button(self, text: str, act: Callable[[], object], *, hint: str = "") -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(hint)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _build_layout(self) -> None:
        answers, foot = QHBoxLayout(), QHBoxLayout()
        for button in (self.given, self.refused, self.open_again):
            answers.addWidget(button)
        answers.addStretch(1)
        for button in (self.up, self.down, self.remove):
            answers.addWidget(button)
        foot.addWidget(self.undo)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        body = QVBoxLayout(self)
        body.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        body.setSpacing(scaled(10))
        for widget in (self.messages, self.head, self.picker):
            body.addWidget(widget)
        body.addWidget(self.table, 1)
        body.addWidget(self.form)
        body.addLayout(answers)
        body.addLayout(foot)
        room = self.screen().availableGeometry()
        self.resize(min(scaled(760), room.width() - 40), min(scaled(560), room.height() - 40))

    # Showing ------------------------------------------------------------------

    def refresh(self, _changes: object = None) -> None:
        """Read the units anew; the selected one stays selected."""
        found = joint_targets.joint_target(self._store, *self._place)
        words = self.tr("{} · 牵头单位 {} · 目标 {}").format(
            found.indicator_name, found.lead_name, found.target or self.tr("(已取消)"))
        if found.lead_share is not None:
            words += self.tr(" · 牵头份额 {}%").format(canonical(found.lead_share))
        self.head.setText(words)
        self._parts = found.parts
        self.table.show_parts(found.parts)
        ids = [part.id for part in found.parts]
        row = ids.index(self._shown) if self._shown in ids else min(0, len(ids) - 1)
        self.table.setCurrentCell(row, 0)
        self._show_part()

    def _on_row(self) -> None:
        part = self.part()
        lost = [field.text() for field in (self.duty, self.share) if field.unsaved]
        if self._untold_reason():
            lost.append(self.reason.text())
        if lost and part is not None and part.id != self._shown:
            self.messages.say(self.tr("“{}”没有保存。其余内容未受影响。请回到该单位重新填写。").format(
                "、".join(lost)), "amber")
        self._show_part()

    def part(self) -> JointPart | None:
        """The selected supporting unit's part."""
        row = self.table.currentRow()
        return self._parts[row] if 0 <= row < len(self._parts) else None

    def _show_part(self) -> None:
        part, writable = self.part(), not self._workspace.read_only
        other = part is None or part.id != self._shown
        self._shown = None if part is None else part.id
        for field, text in ((self.duty, part.duty if part else ""),
                            (self.share, canonical(part.share) if part and part.share is not None else "")):
            if other or not field.property("wrong"):
                field.set_text(text)
        self.day.set_value(part.consent_on if part and part.consent_on else clock.today())
        if other or not self._untold_reason():
            self.reason.set_text(part.consent_reason if part else "")
        self._told = part.consent_reason if part else ""
        self.picker.setEnabled(writable)
        for widget in (self.form, self.given, self.refused, self.remove):
            widget.setEnabled(writable and part is not None)
        row = self.table.currentRow()
        self.up.setEnabled(writable and row > 0)
        self.down.setEnabled(writable and part is not None and row < len(self._parts) - 1)
        self.open_again.setEnabled(writable and part is not None and part.consent is not Consent.OPEN)
        label = self._store.undo_label
        self.undo.setEnabled(writable and bool(label))
        self.undo.setText(self.tr("撤销“{}”").format(label) if label else self.tr("撤销"))

    # Doing --------------------------------------------------------------------

    def _free_units(self, typed: str) -> Sequence[Option]:
        taken = {self._place[1], *(part.unit for part in self._parts)}
        return [option for option in self._lookup(typed) if option.value not in taken]

    def _on_enter(self) -> None:
        option = self.picker.option()
        if option is not None:
            self._on_picked(option)
        elif self.picker.text().strip():
            self.messages.say(self.tr("没有找到可添加的单位“{}”。未添加。请从列表中选取。").format(
                self.picker.text()), "amber")

    def _on_picked(self, option: Option) -> None:
        unit = RecordId(int(str(option.value)))
        self.picker.set_option(None)
        made = self._workspace.perform(
            lambda: joint_targets.add_support(self._store, *self._place, [unit]))
        if made:
            self.select(made[0])
            self.duty.setFocus()

    def select(self, record: RecordId) -> None:
        """Make a part the current one."""
        ids = [part.id for part in self._parts]
        if record in ids:
            self.table.setCurrentCell(ids.index(record), 0)

    def _save_duty(self, value: object) -> None:
        if self._shown is not None:
            joint_targets.set_support(self._store, self._shown, duty=str(value or ""))

    def _save_share(self, value: object) -> None:
        if self._shown is not None:
            share = value if isinstance(value, Decimal) else None
            joint_targets.set_support(self._store, self._shown, share=share)

    def _on_given(self) -> None:
        self._answer(Consent.GIVEN)

    def _on_refused(self) -> None:
        self._answer(Consent.REFUSED)

    def _on_open_again(self) -> None:
        self._answer(Consent.OPEN)

    def _answer(self, consent: Consent) -> None:
        part = self.part()
        if part is None or not self.form.commit():
            return
        reason = "" if consent is Consent.OPEN else self.reason.text()
        day = self.day.value()
        try:
            joint_targets.answer(self._store, part.id, consent, on=day, reason=reason)  # type: ignore[arg-type]
            self.reason.set_text(reason)
            self._told = reason.strip()
        except InputError as error:
            self.reason.setFocus()
            self.reason.set_problem(f"{error.what}{error.todo}")
        except ProgramError as error:
            self._workspace.report(error)

    def _on_remove(self) -> None:
        part = self.part()
        if part is not None and not self._workspace.read_only:
            self._workspace.perform(lambda: joint_targets.remove_support(self._store, part.id))

    def _on_up(self) -> None:
        self._move(-1)

    def _on_down(self) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        """The selected unit one place up or down; it stays selected."""
        part = self.part()
        if part is not None and not self._workspace.read_only:
            self._workspace.perform(lambda: joint_targets.move_support(self._store, part.id, step))

    # Closing ------------------------------------------------------------------

    def _untold_reason(self) -> bool:
        """Whether a reason stands there that no answer was recorded with."""
        return self.reason.text().strip() not in ("", self._told)

    def _nothing_lost(self) -> bool:
        """Whether all that was typed is saved; what is not keeps its sentence and has the focus."""
        if self._shown is None or self._workspace.read_only:
            return True
        for field in (self.duty, self.share):
            if not field.commit():
                field.setFocus()
                self._held = True
                self.messages.say(self.tr(
                    "“{}”没有保存,窗口未关闭。请改正,或在这一栏按 Esc 恢复原来的内容后再关闭。"
                ).format(field.text()), "amber")
                return False
        if self._untold_reason():
            self.reason.setFocus()
            self.reason.set_problem(self.tr("理由还没有登记。请点“登记同意”或“登记不同意”,不登记的请清空。"))
            return False
        return True

    def _on_complained(self, text: str) -> None:
        if not text and self._held:
            self._held = False
            self.messages.hide()

    def accept(self) -> None:
        """Close, unless something typed would be lost."""
        if self._nothing_lost():
            super().accept()

    def reject(self) -> None:
        """Esc and the window's cross: the same."""
        if self._nothing_lost():
            super().reject()
