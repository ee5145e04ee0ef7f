"""Questions about adjustments: what is asked, what was said to it, by which paper it is approved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QMenu, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.adjustments import AdjustmentCause, AdjustmentKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import AdjustmentWindow
from mbo_desktop.domain.registers import STARTING_PATTERNS
from mbo_desktop.errors import InputError
from mbo_desktop.services import adjustment_lists, adjustments, corrections, numbering
from mbo_desktop.services.adjustment_terms import AdjustmentInput
from mbo_desktop.services.adjustments import Approval, Approved
from mbo_desktop.services.corrections import CorrectedField
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.pages.season_origins import indicator_lookup, unit_lookup
from ui.theme import icon
from ui.widgets.fields import DateField, LongField, TextField
from ui.widgets.form import Form
from ui.widgets.picker import PickerEdit

LEVELS = ("目标办初审", "分管领导审核", "领导小组意见")
WINDOWS_SHOWN = 4
_OTHERS = frozenset(STARTING_PATTERNS) - {"文号", "调整通知"}
"""Registers of the usual kinds that no adjustment takes a number from; an office's own are offered."""


def offer_numbers(field: TextField, store: Store, year: int) -> None:
    """The next number of each register behind an icon in the field; it is given out with the act.

    year: the assessment year; after its end the registers of the running year are offered too.
    """
    menu = QMenu(field)

    def fill() -> None:
        menu.clear()
        years = sorted({year, max(year, clock.today().year)})
        for row in (one for number_year in years for one in numbering.series(store, number_year)):
            # 第N期 are of bulletins; agreements, inspections and dockets give out their own.
            if "{年}" not in row.pattern or row.kind in _OTHERS:
                continue
            menu.addAction(f"{row.kind}  {row.next_text}").setData(row.next_text)
        menu.popup(field.mapToGlobal(field.rect().bottomLeft()))

    def take(action: QAction) -> None:
        field.setText(str(action.data()))
        field.setFocus()

    menu.triggered.connect(take)
    pick = field.addAction(icon("stamp"), QLineEdit.ActionPosition.TrailingPosition)
    pick.setToolTip(field.tr("取登记簿的下一个号;办理时才编出"))
    pick.triggered.connect(fill)


class ApprovalFields:
    """Meeting, number, days and name of an approval, put into a form."""

    def __init__(self, form: Form, store: Store, year: int) -> None:
        tr = form.tr
        self.meeting = TextField(hint="如 市政府第3次常务会议")
        self.number = TextField(hint="如 示政〔2006〕12号")
        offer_numbers(self.number, store, year)
        self.day = DateField(clock.today(), year=year, required="请填写批准日期。")
        self.effective = DateField(year=year, hint="不填即批准日期")
        self.by = TextField()
        for label, field in (
            (tr("批准会议"), self.meeting), (tr("批准文号"), self.number), (tr("批准日期"), self.day),
            (tr("生效日期"), self.effective), (tr("批准人"), self.by),
        ):
            form.add(label, field)

    def value(self) -> Approval:
        """What was filled in; the service says what lacks."""
        day = self.day.value()
        assert isinstance(day, date)
        effective = self.effective.value()
        return Approval(
            day, str(self.meeting.value()), str(self.number.value()), str(self.by.value()),
            effective if isinstance(effective, date) else None,
        )


class _CellDialog(AskDialog):
    """A dialog about one unit's target: unit, indicator, and what stands now."""

    def __init__(
        self, store: Store, year: int, parent: QWidget | None, *,
        unit: RecordId | None = None, indicator: RecordId | None = None,
    ) -> None:
        super().__init__(parent, "", "", width=520)
        self._store, self._year = store, year
        units, indicators = unit_lookup(store), indicator_lookup(store, year)
        self.unit = PickerEdit(units)
        self.form.add(self.tr("责任单位"), self.unit)
        self.indicator = PickerEdit(indicators)
        self.form.add(self.tr("指标"), self.indicator)
        for field, found, wanted in ((self.unit, units, unit), (self.indicator, indicators, indicator)):
            field.setPlaceholderText(self.tr("名称或拼音首字母"))
            if wanted is not None:
                field.set_option(next((o for o in found("") if o.value == wanted), None))
            field.picked.connect(self.show_present)
        self.present = QLabel()
        self.present.setProperty("role", "muted")
        self.present.setWordWrap(True)
        self.form.add("", self.present)

    def cell(self) -> tuple[RecordId, RecordId]:
        """Indicator and unit; raises InputError when one is not chosen."""
        unit, indicator = self.unit.value(), self.indicator.value()
        if not isinstance(unit, int):
            raise InputError("没有选定责任单位。", "请输入名称或拼音首字母后选择。")
        if not isinstance(indicator, int):
            raise InputError("没有选定指标。", "请输入名称或拼音首字母后选择。")
        return RecordId(indicator), RecordId(unit)

    def show_present(self) -> None:
        """What stands now, and by which paper."""
        unit, indicator = self.unit.value(), self.indicator.value()
        if not isinstance(unit, int) or not isinstance(indicator, int):
            self.present.setText("")
            return
        now = adjustment_lists.effective(
            self._store, RecordId(indicator), RecordId(unit), clock.today()
        )
        self.present.setText(self.tr("现目标 {}({})").format(now.text or self.tr("(空)"), now.basis))


class RequestDialog(_CellDialog):
    """A unit's request, or the issuer's decision about one target."""

    def __init__(
        self, store: Store, year: int, parent: QWidget | None = None, *, issuer: bool = False,
        unit: RecordId | None = None, indicator: RecordId | None = None,
    ) -> None:
        super().__init__(store, year, parent, unit=unit, indicator=indicator)
        self.setWindowTitle(self.tr("上级决定调整") if issuer else self.tr("登记调整申请"))
        self.accept_button.setText(self.tr("批准并调整") if issuer else self.tr("登记"))
        self.outcome: Approved | None = None
        self.kind = QComboBox()
        for kind in AdjustmentKind:
            self.kind.addItem(kind.label, kind.value)
        # Units ask for less, the issuer for more.
        usual = AdjustmentKind.RAISE if issuer else AdjustmentKind.LOWER
        self.kind.setCurrentIndex(self.kind.findData(usual.value))
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.form.add(self.tr("调整类型"), self.kind)
        self.text = TextField()
        self.form.add(self.tr("调整后"), self.text)
        self.cause = QComboBox()
        for cause in AdjustmentCause:
            self.cause.addItem(cause.label, cause.value)
        self.cause.setCurrentIndex(self.cause.findData(
            (AdjustmentCause.PRESSURE if issuer else AdjustmentCause.OTHER).value
        ))
        self.form.add(self.tr("原因"), self.cause)
        self.reason = LongField(lines=2)
        self.form.add(self.tr("理由"), self.reason)
        self.approval = ApprovalFields(self.form, store, year) if issuer else None
        self.day = DateField(clock.today(), year=year, required=self.tr("请填写申请日期。"))
        self.outside = TextField(hint=self.tr("受理期外申请的,写明为何受理"))
        if not issuer:
            self.form.add(self.tr("申请日期"), self.day)
            self.form.add(self.tr("期外受理"), self.outside)
            spans = ";".join(
                f"{one.name} {one.opens:%m-%d}至{one.closes:%m-%d}"
                for one in adjustments.windows(store, year)
            )
            self.note(self.tr("受理期:{}").format(spans))
        self._on_kind()
        self.show_present()

    def _on_kind(self) -> None:
        kind = AdjustmentKind(self.kind.currentData())
        self.form.show_field(self.text, kind is not AdjustmentKind.WITHDRAW)
        hints = {
            AdjustmentKind.DEADLINE: self.tr("如 9月底前、2020-10-31"),
            AdjustmentKind.POINTS: self.tr("新的分值"),
            AdjustmentKind.PERSON: self.tr("新的责任人姓名、职务"),
        }
        self.text.setPlaceholderText(hints.get(kind, self.tr("新的目标值,写法与下达矩阵相同")))

    def act(self) -> None:
        """Record the request, or decide."""
        indicator, unit = self.cell()
        asked = AdjustmentInput(
            indicator, unit, AdjustmentKind(self.kind.currentData()), str(self.text.value()),
            self.reason.value(), AdjustmentCause(self.cause.currentData()),
        )
        if self.approval is not None:
            self.outcome = adjustments.decide_by_issuer(self._store, [asked], self.approval.value())
            if self.outcome.refused:
                raise InputError(self.outcome.refused[0].reason, "")
            return
        day = self.day.value()
        assert isinstance(day, date)
        adjustments.request(
            self._store, [asked], requested_on=day, outside_window=str(self.outside.value())
        )


class ApproveDialog(AskDialog):
    """By which meeting and paper requests are approved: a formal act with a counter-act."""

    def __init__(
        self, store: Store, year: int, chosen: Sequence[RecordId], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, "", "")
        self.setWindowTitle(self.tr("批准调整"))
        self.accept_button.setText(self.tr("批准 {} 项").format(len(chosen)))
        self._store, self._chosen = store, tuple(chosen)
        self.outcome: Approved | None = None
        self.note(self.tr("批准后目标按生效日期改用新值,责任书原文不变。不能用 Ctrl+Z 撤销,可“撤回批准”并写明原因。"))
        self.approval = ApprovalFields(self.form, store, year)

    def act(self) -> None:
        """Approve."""
        self.outcome = adjustments.approve(self._store, self._chosen, self.approval.value())
        refuse_nothing_done(self.outcome)


def refuse_nothing_done(outcome: Approved) -> None:
    """Raise InputError when every one was refused: the dialog stays, and what was typed with it."""
    if outcome.refused and not outcome.done:
        raise InputError(outcome.sentence, outcome.refused[0].reason)


class OpinionDialog(AskDialog):
    """What one level said to requests."""

    def __init__(
        self, store: Store, year: int, chosen: Sequence[RecordId], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, "", "")
        self.setWindowTitle(self.tr("登记意见"))
        self.accept_button.setText(self.tr("登记"))
        self._store, self._chosen = store, tuple(chosen)
        self.level = QComboBox()
        self.level.setEditable(True)
        self.level.addItems(LEVELS)
        self.form.add(self.tr("哪一级"), self.level)
        self.agrees = QCheckBox(self.tr("同意"))
        self.agrees.setChecked(True)
        self.form.add("", self.agrees)
        self.text = LongField(lines=2)
        self.form.add(self.tr("意见"), self.text)
        self.by = TextField()
        self.form.add(self.tr("签署人"), self.by)
        self.day = DateField(clock.today(), year=year, required=self.tr("请填写日期。"))
        self.form.add(self.tr("日期"), self.day)

    def act(self) -> None:
        """Record."""
        day = self.day.value()
        assert isinstance(day, date)
        adjustments.add_opinion(
            self._store, self._chosen, self.level.currentText(), self.text.value(), on=day,
            by=str(self.by.value()), agrees=self.agrees.isChecked(),
        )


class CorrectionDialog(_CellDialog):
    """更正 of a typo after issuing: both texts are kept; no adjustment."""

    def __init__(
        self, store: Store, year: int, parent: QWidget | None = None, *,
        unit: RecordId | None = None, indicator: RecordId | None = None,
    ) -> None:
        super().__init__(store, year, parent, unit=unit, indicator=indicator)
        self.setWindowTitle(self.tr("更正笔误"))
        self.accept_button.setText(self.tr("更正"))
        self.field = QComboBox()
        for one in CorrectedField:
            self.field.addItem(one.label, one.value)
        self.form.add(self.tr("更正什么"), self.field)
        self.text = TextField()
        self.form.add(self.tr("更正为"), self.text)
        self.reason = LongField(lines=2)
        self.form.add(self.tr("理由"), self.reason)
        self.by = TextField()
        self.form.add(self.tr("批准人"), self.by)
        self.number = TextField()
        offer_numbers(self.number, store, year)
        self.form.add(self.tr("文号"), self.number)
        self.day = DateField(clock.today(), year=year, required=self.tr("请填写日期。"))
        self.form.add(self.tr("日期"), self.day)
        self.note(self.tr("只用于印错、填错。改变目标要求的,请走调整。更正前后两种文字都保留。"))
        self.show_present()

    def act(self) -> None:
        """Correct."""
        indicator, unit = self.cell()
        day = self.day.value()
        assert isinstance(day, date)
        corrections.correct(
            self._store, indicator, unit, CorrectedField(self.field.currentData()),
            str(self.text.value()), reason=self.reason.value(), approved_by=str(self.by.value()),
            on=day, number=str(self.number.value()),
        )


class WindowsDialog(AskDialog):
    """The days between which units may ask for adjustments."""

    def __init__(self, store: Store, year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, "", "")
        self.setWindowTitle(self.tr("调整受理期"))
        self.accept_button.setText(self.tr("保存"))
        self._store, self._year = store, year
        self.note(self.tr("单位在受理期内申请调整;期外申请须写明受理的理由。上级决定的调整不受限制。名称清空即去掉该期,全部清空恢复 7 月和 10 月。"))
        present = adjustments.windows(store, year)
        self.lines: list[tuple[TextField, DateField, DateField]] = []
        for number in range(WINDOWS_SHOWN):
            one = present[number] if number < len(present) else None
            name = TextField(one.name if one else "")
            opens = DateField(one.opens if one else None, year=year)
            closes = DateField(one.closes if one else None, year=year)
            self.form.add(self.tr("第 {} 期").format(number + 1), name)
            self.form.add(self.tr("起"), opens)
            self.form.add(self.tr("止"), closes)
            self.lines.append((name, opens, closes))

    def act(self) -> None:
        """Save."""
        chosen = []
        for name, opens, closes in self.lines:
            title = str(name.value())
            if not title:
                continue
            begin, end = opens.value(), closes.value()
            if not isinstance(begin, date) or not isinstance(end, date):
                raise InputError(f"“{title}”没有填全起止日期。", "请填写起日和止日。")
            chosen.append(AdjustmentWindow(title, begin, end))
        adjustments.set_windows(self._store, self._year, chosen)
