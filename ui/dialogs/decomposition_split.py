"""Splitting a value over the children: rule, total, 加压, locks; nothing is written before 采用."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QPushButton, QWidget

from mbo_desktop.domain.cascade import SumRule, coverage
from mbo_desktop.domain.quantity import show
from mbo_desktop.errors import InputError, ProgramError
from mbo_desktop.services import splitting
from mbo_desktop.services.decomposition import BranchRow
from mbo_desktop.services.splitting import SplitPart, SplitPreview, SplitRule
from ui.dialogs.ask import AskDialog
from ui.grids.columns import Cell, Column, Edit, Kind, Row, Tone
from ui.grids.model import GridModel
from ui.grids.source import ListSource
from ui.grids.view import GridView
from ui.theme import scaled
from ui.widgets.fields import NumberField
from ui.widgets.tinted import set_tone
from ui.widgets.view_switch import ViewSwitch
from ui.workspace import Workspace

REST_MS = 200
_MEASURES = {
    SplitRule.EVEN: "", SplitRule.LAST_YEAR: "上年实绩", SplitRule.WEIGHT: "权重", SplitRule.SHARE: "份额%",
}


class SplitDialog(AskDialog):
    """The table is the preview: every amount may be typed over, the remainder is always shown."""

    def __init__(self, workspace: Workspace, row: BranchRow, parent: QWidget | None = None) -> None:
        super().__init__(parent, "拆分到下级", "采用这个拆分", width=680)
        self._workspace, self._row = workspace, row
        self.preview: SplitPreview | None = None
        self._fixed: dict[int, Decimal] = {}
        """Amounts typed or locked here; a new reckoning leaves them alone."""
        self._locks: dict[int, bool] = {}
        """Locks ticked or taken off here; written with the split."""
        self._measures: dict[int, Decimal] = {}
        value = f"{row.value} {row.unit_of_measure}".strip()
        self.note(self.tr("把“{}”的 {} 拆给 {} 个下级。直接改拆分值,余数随时显示;改过的和打勾锁定的,重算时不变。").format(
            row.name, value or self.tr("总数"), row.child_count))
        self.rules = ViewSwitch(tuple((rule.value, rule.label) for rule in SplitRule))
        self.total = NumberField(row.amount)
        self.pressure = NumberField(Decimal(0), hint="0")
        self.decimals = NumberField(None, hint=self.tr("自动"))
        self.form.add(self.tr("办法"), self.rules)
        self.form.add(self.tr("总数"), self._line(
            (self.total, row.unit_of_measure), (QLabel(self.tr("加压")), ""), (self.pressure, "%"),
            (QLabel(self.tr("小数位")), ""), (self.decimals, ""),
        ))
        self.source = ListSource(self._columns(), self._rows, self._write)
        self.model = GridModel(self.source)
        self.view = GridView(self.model)
        self.view.setMinimumHeight(scaled(250))
        self.view.horizontalHeader().setSectionResizeMode(
            self.model.column_of("label"), QHeaderView.ResizeMode.Stretch)
        self.view.setAccessibleName(self.tr("拆分结果"))
        self.form.add_wide(self.view)
        self.sums = QLabel()
        self.sums.setWordWrap(True)
        self.form.add_wide(self.sums)
        self.again = QPushButton(self.tr("重算其余  F9"))
        self.again.setShortcut("F9")
        self.again.setAutoDefault(False)
        self.again.clicked.connect(self._reckon)
        self.foot.insertWidget(0, self.again)
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self._reckon)
        self.rules.switched.connect(self._on_rule)
        for field in (self.total, self.pressure, self.decimals):
            field.textChanged.connect(self._timer.start)
        self.first_focus = self.view
        self.rules.set_view(self._likely_rule().value)
        self._reckon()
        if self.model.rowCount():
            self.view.select_cell(self.model.index(0, self.model.column_of("new")))

    def _line(self, *parts: tuple[QWidget, str]) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        for widget, unit in parts:
            line.addWidget(widget, 1 if isinstance(widget, NumberField) else 0)
            if unit:
                line.addWidget(QLabel(unit))
        return holder

    def _likely_rule(self) -> SplitRule:
        """The rule whose figures are there already."""
        for rule in (SplitRule.SHARE, SplitRule.WEIGHT, SplitRule.LAST_YEAR):
            try:
                found = self._ask(rule)
            except ProgramError:
                continue
            free = [part for part in found.parts if not part.locked]
            if free and all(_measure(part, rule) is not None for part in free):
                return rule
        return SplitRule.EVEN

    @property
    def rule(self) -> SplitRule:
        """What the parts are measured by."""
        return SplitRule(self.rules.view)

    # Reckoning ------------------------------------------------------------------

    def _ask(self, rule: SplitRule) -> SplitPreview:
        decimals = self.decimals.value()
        return splitting.split_preview(
            self._workspace.store, self._workspace.year, self._row.id, rule,
            total=_decimal(self.total.value()), pressure=_decimal(self.pressure.value()) or Decimal(0),
            decimals=None if decimals is None else int(str(decimals)), typed=dict(self._fixed),
            weights=dict(self._measures) if rule is SplitRule.WEIGHT else None,
            shares=dict(self._measures) if rule is SplitRule.SHARE else None,
            locked={part: False for part, locked in self._locks.items() if not locked},
        )

    def _on_rule(self, _rule: str) -> None:
        self._measures.clear()
        self._reckon()

    def _reckon(self) -> None:
        """Split anew; what was typed or locked stays."""
        self._timer.stop()

        def reckon() -> None:
            self.preview = self._ask(self.rule)

        self.attempt(reckon)
        self._show()

    def _show(self) -> None:
        self.source.reload()
        self.model.reload()
        self.model.columns = self.source.columns = self._columns()
        self.view.header.set_columns(self.model.columns)
        self.view.setColumnHidden(self.model.column_of("measure"), not _MEASURES[self.rule])
        self._show_sums()

    def _show_sums(self) -> None:
        found = self.preview
        self.accept_button.setEnabled(found is not None and found.can_apply and self.problem.isHidden())
        if found is None:
            self.sums.setText("")
            return
        unit, tone = found.unit_of_measure, "green"
        words = []
        if found.given is not None:
            words.append(self.tr("已分解 {}{}").format(show(found.given), unit))
        if found.reason_not:
            words.append(found.reason_not)
            tone = "secondary"
        elif found.rest:
            word = self.tr("未分解 {}{}") if found.rest > 0 else self.tr("超出总数 {}{}")
            words.append(word.format(show(abs(found.rest)), unit))
            tone = "red" if found.rest > 0 else "amber"
        else:
            words.append(self.tr("与总数相符"))
        if found.words and found.words not in words:
            words.append(found.words)
        self.sums.setText(" · ".join(words))
        set_tone(self.sums, tone, strong=True)

    # The table ------------------------------------------------------------------

    def _columns(self) -> tuple[Column, ...]:
        plain = {"sortable": False, "filterable": False}
        return (
            Column("locked", "锁定", Kind.CHECK, width=48, editable=True, **plain),
            Column("label", "下级", width=246, **plain),
            Column("measure", _MEASURES[self.rule] or "依据", Kind.NUMBER, width=92, editable=True, **plain),
            Column("old", "原值", Kind.NUMBER, width=92, **plain),
            Column("new", "拆分值", Kind.NUMBER, width=104, editable=True, **plain),
            Column("change", "增减", Kind.NUMBER, width=82, **plain),
        )

    def _rows(self) -> Sequence[Row]:
        found = self.preview
        return [] if found is None else [self._row_of(part, found) for part in found.parts]

    def _row_of(self, part: SplitPart, found: SplitPreview) -> Row:
        measure = _measure(part, self.rule)
        strange = part.unit_of_measure and part.unit_of_measure != found.unit_of_measure
        label = f"{part.label}({part.unit_of_measure})" if strange else part.label
        typed, settled = part.id in self._fixed, self._is_settled(part)
        locked = typed or part.locked
        change = part.new - part.old if part.new is not None and part.old is not None else None
        return Row(part.id, {
            "locked": Cell("是" if locked else "", locked, note=part.why_locked, editable=not settled),
            "label": Cell(label, note=label),
            "measure": Cell("" if measure is None else show(measure), measure, note=_MEASURES[self.rule],
                            editable=self.rule in (SplitRule.WEIGHT, SplitRule.SHARE) and not settled),
            "old": Cell("" if part.old is None else show(part.old), part.old, tone=Tone.MUTED),
            "new": Cell("" if part.new is None else show(part.new), part.new, bold=typed,
                        tone=Tone.MUTED if settled else Tone.PLAIN, editable=not settled,
                        note=part.why_locked),
            "change": Cell("" if not change else f"{'+' if change > 0 else ''}{show(change)}",
                           change, tone=Tone.MUTED),
        })

    def _is_settled(self, part: SplitPart) -> bool:
        """Signed, adjusted, a text: not a lock that may be taken off here."""
        return bool(part.why_locked) and part.why_locked not in ("已锁定", "已填写") and part.id not in self._fixed

    def _write(self, edits: Sequence[Edit], _label: str) -> None:
        """Typed amounts hold and show what is left; a typed basis or an untied lock reckons anew."""
        anew = False
        for edit in edits:
            value = edit.value if isinstance(edit.value, Decimal) else None
            if edit.key == "locked":
                anew |= self._lock(edit.row, bool(edit.value))
            elif edit.key == "measure":
                anew = True
                if value is None:
                    self._measures.pop(edit.row, None)
                else:
                    self._measures[edit.row] = value
            elif value is None:
                anew |= self._fixed.pop(edit.row, None) is not None
            else:
                self._fixed[edit.row] = value
                self._put_in(edit.row, value)
        if anew:
            self._reckon()
        self._show_sums()

    def _lock(self, part: int, locked: bool) -> bool:
        """A part locked here keeps the amount it shows; untied it is reckoned anew (True)."""
        self._locks[part] = locked
        if not locked:
            self._fixed.pop(part, None)
            return True
        parts = self.preview.parts if self.preview is not None else ()
        shown = next((one.new for one in parts if one.id == part), None)
        if shown is not None:
            self._fixed[part] = shown
        return False

    def _put_in(self, part: int, amount: Decimal) -> None:
        """One amount in the preview, the others as they are, and what is left now."""
        found = self.preview
        if found is None or found.total is None:
            return
        parts = tuple(replace(one, new=amount) if one.id == part else one for one in found.parts)
        found = replace(found, parts=parts)
        if found.additive:
            sums = coverage(found.total, found.unit_of_measure,
                            [(one.new, one.unit_of_measure) for one in parts], SumRule.SUM)
            found = replace(found, given=sums.given, rest=sums.rest, words=sums.words)
        self.preview = found
        self.problem.hide()

    def act(self) -> None:
        """Write amounts, locks and typed bases as one step."""
        if self.preview is None:
            raise InputError("还没有可以采用的拆分。", "请先改正上面的提示。")
        changed = splitting.apply_split(
            self._workspace.store, self._workspace.year, self.preview, locks=dict(self._locks))
        said = self.tr("已拆分到 {} 个下级,改动 {} 项,可以撤销。").format(len(self.preview.parts), changed)
        if self.preview.words:
            said += self.preview.words + "。"
        self._workspace.say(said, tone="green")


def _measure(part: SplitPart, rule: SplitRule) -> Decimal | None:
    return {
        SplitRule.EVEN: None, SplitRule.LAST_YEAR: part.last_year, SplitRule.WEIGHT: part.weight,
        SplitRule.SHARE: part.share,
    }[rule]


def _decimal(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
