"""计分规则: a preset or a rule of one's own, its sentence and a worked example that follow each key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.scoring.facts import Facts
from mbo_desktop.domain.scoring.item import Item, explain
from mbo_desktop.domain.scoring.presets import PRESETS
from mbo_desktop.domain.scoring.reading import propose
from mbo_desktop.errors import InputError
from ui.dialogs.ask import AskDialog
from ui.dialogs.assessment_rule_form import RulePart
from ui.screens import size_within_screen
from ui.theme import scaled
from ui.widgets.fields import LongField, NumberField
from ui.widgets.form import Form

FOLLOW_MS = 120


@dataclass(frozen=True, slots=True)
class RuleSubject:
    """Whose rule it is: the indicator, its points, what the office wrote, the group's figures."""

    indicator: str
    full: Decimal
    unit_of_measure: str
    scoring_text: str
    rule: Any
    samples: Sequence[Facts]
    """Figures of the group's units; the first is worked as the example."""
    digits: int = 2
    cap: Decimal | None = None
    others: int = 0
    """Further items selected in the table, which may take the same rule."""
    parameters: Mapping[str, Decimal] = field(default_factory=dict)
    """Figures of the scheme that a formula may use by their names."""


class RuleDialog(AskDialog):
    """Saves by `save(rule)` only what can be read and worked; text proposals wait for 采用."""

    def __init__(self, subject: RuleSubject, save: Callable[[Any], object], parent: QWidget | None = None) -> None:
        super().__init__(parent, self.tr("计分规则"), self.tr("确认规则"), width=880)
        self._subject, self._save = subject, save
        self._proposed: Any = None
        self._supposed = False
        self.form.hide()
        size_within_screen(self, 980, 600)
        title = QLabel(self.tr("{} · 分值 {:f}").format(subject.indicator, subject.full))
        title.setProperty("role", "heading")
        title.setWordWrap(True)
        self.body.insertWidget(0, title)
        self.to_others = QCheckBox(self.tr("选中的另外 {} 项也用这条规则").format(subject.others))
        self.to_others.setVisible(subject.others > 0)
        columns = QHBoxLayout()
        columns.setSpacing(scaled(16))
        columns.addLayout(self._left(), 3)
        columns.addWidget(self._right(), 2)
        self.body.insertLayout(1, columns, 100)
        self.body.insertWidget(2, self.to_others)
        self._timer = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._timer.timeout.connect(self.follow)
        self.part.changed.connect(self._timer.start)
        self.first_focus = self.presets
        self.follow()

    # Building -----------------------------------------------------------------

    def _left(self) -> QVBoxLayout:
        self.presets = QComboBox()
        self.presets.addItem(self.tr("从常用办法中选…"), "")
        for one in PRESETS:
            self.presets.addItem(f"{one.name}", one.code)
            self.presets.setItemData(
                self.presets.count() - 1, self.tr("需要:{}").format(one.needs), Qt.ItemDataRole.ToolTipRole
            )
        self.presets.setMaxVisibleItems(20)
        self.presets.activated.connect(self._on_preset)
        self.part = RulePart(self._subject.rule)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, scaled(8), 0)
        inside.addWidget(self.part)
        inside.addStretch(1)
        area.setWidget(holder)
        layout = QVBoxLayout()
        layout.addWidget(self.presets)
        layout.addWidget(area, 1)
        return layout

    def _right(self) -> QWidget:
        holder = QFrame()
        holder.setObjectName("card")
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(scaled(14), scaled(12), scaled(14), scaled(12))
        layout.setSpacing(scaled(6))
        layout.addWidget(_small_head(self.tr("这条规则说的是")))
        self.sentence = _wrapped()
        layout.addWidget(self.sentence)
        layout.addWidget(_small_head(self.tr("试算一例")))
        layout.addWidget(self._example_form())
        self.working = _wrapped()
        layout.addWidget(self.working)
        layout.addWidget(_small_head(self.tr("单位的评分标准文字")))
        self.text = LongField(self._subject.scoring_text, lines=3, hint=self.tr("如:完成得基本分;每增加1%加0.5分,每少1%扣1分,扣完为止"))
        layout.addWidget(self.text)
        self.read = QPushButton(self.tr("按文字提出规则"))
        self.read.setAutoDefault(False)
        self.read.clicked.connect(self.propose)
        layout.addWidget(self.read)
        self.proposal = _wrapped()
        layout.addWidget(self.proposal)
        self.adopt = QPushButton(self.tr("采用这条规则"))
        self.adopt.setAutoDefault(False)
        self.adopt.clicked.connect(self._on_adopt)
        self.adopt.hide()
        layout.addWidget(self.adopt)
        layout.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(holder)
        return area

    def _example_form(self) -> Form:
        first = self._subject.samples[0] if self._subject.samples else None
        form = Form(label_width=60)
        self.figures: dict[str, NumberField] = {}
        usual = {"target": Decimal(100), "actual": Decimal(110), "base": Decimal(90)}
        for name, word in (("target", self.tr("目标")), ("actual", self.tr("实绩")), ("base", self.tr("上年"))):
            known = usual[name] if first is None else getattr(first, name)
            if name == "actual" and known is None and first is not None:
                # Before the year's figures are in, the example stands on a supposed one.
                self._supposed, known = True, (first.target or usual["target"]) * Decimal("1.1")
            typed = NumberField(known)
            typed.textChanged.connect(lambda: self._timer.start())
            self.figures[name] = typed
            form.add(word, typed)
        return form

    # Following ----------------------------------------------------------------

    def follow(self) -> None:
        """Sentence and example of the rule as it stands; what cannot be read is said there."""
        try:
            rule = self.part.rule()
            self.sentence.setText(rule.sentence())
        except InputError as error:
            self.sentence.setText(f"{error.what}{error.todo}")
            self.sentence.setProperty("role", "error")
            self.working.setText("")
            self._restyle(self.sentence)
            return
        self.sentence.setProperty("role", "")
        self._restyle(self.sentence)
        try:
            facts = self._facts()
            others = self._others()
            item = Item(rule, self._subject.digits, cap=self._subject.cap)
            whose = facts.label or self.tr("假设的单位")
            if self._supposed and facts.label:
                whose = self.tr("{}(假设的实绩)").format(facts.label)
            self.working.setText(self.tr("{}:{}").format(whose, explain(item, facts, [facts, *others])))
        except InputError as error:
            self.working.setText(f"{error.what}{error.todo}")

    def _others(self) -> list[Facts]:
        """The other units of the group, for rules that compare."""
        return [replace(one, named={**one.named, **self._subject.parameters}) for one in self._subject.samples[1:]]

    @staticmethod
    def _restyle(label: QLabel) -> None:
        label.style().unpolish(label)
        label.style().polish(label)

    def _facts(self) -> Facts:
        values: dict[str, Decimal | None] = {}
        for name, typed in self.figures.items():
            value = typed.value()
            values[name] = value if isinstance(value, Decimal) else None
        first = self._subject.samples[0] if self._subject.samples else Facts(self._subject.full)
        return Facts(
            self._subject.full, values["target"], values["actual"], values["base"], upper=first.upper,
            unit=first.unit, label=first.label, unit_of_measure=self._subject.unit_of_measure,
            is_rate=first.is_rate, lower_is_better=first.lower_is_better, named={**first.named, **self._subject.parameters},
            counts=first.counts, votes=first.votes, scores=first.scores, word=first.word,
            given=first.given, proven=first.proven,
        )

    # Deciding -----------------------------------------------------------------

    def _on_preset(self) -> None:
        code = self.presets.currentData()
        if code:
            self.part.set_rule(next(one.rule for one in PRESETS if one.code == code))
            self.follow()

    def propose(self) -> None:
        """Read the office's words; the proposal is shown beside them and taken by 采用 only."""
        found = propose(
            self.text.value(), self._subject.full, self._subject.unit_of_measure, self._subject.indicator
        )
        self._proposed = found.rule
        self.adopt.setVisible(found.rule is not None)
        said = [self.tr("读出:{}").format(found.sentence)] if found.rule is not None else [self.tr("没有读出规则,请在左边选择。")]
        if found.unread:
            said.append(self.tr("没有读懂的文字:{}").format(found.unread))
        said += [self.tr("注意:{}").format(one) for one in (*found.doubts, *self._direction(found.below_is_better))]
        self.proposal.setText("\n".join(said))

    def _direction(self, below_is_better: bool | None) -> list[str]:
        """Words that reward the other direction than the indicator's are never right as they stand."""
        lower = bool(self._subject.samples) and self._subject.samples[0].lower_is_better
        if below_is_better is None or not self._subject.samples or below_is_better is lower:
            return []
        words = self.tr("越低越好") if below_is_better else self.tr("越高越好")
        return [self.tr("文字是{}的说法,与指标的方向不符,请先核对指标的方向").format(words)]

    def _on_adopt(self) -> None:
        if self._proposed is not None:
            self.part.set_rule(self._proposed)
            self.adopt.hide()
            self.follow()

    def act(self) -> None:
        """Hand the rule over; it is worked once first, so that a broken formula is refused here."""
        rule = self.part.rule()
        facts = self._facts()
        explain(Item(rule), facts, [facts, *self._others()])
        self._save(rule)


def _small_head(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "subheading")
    return label


def _wrapped() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
