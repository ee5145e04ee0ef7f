"""A scoring rule as a form: its kind, its parameters, and the rules inside it, each again a form."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Union, get_args, get_origin, get_type_hints

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.quantity import canonical, read_number
from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.domain.scoring.rule import DEEPEST, REGISTRY, parts_of
from mbo_desktop.errors import InputError
from ui.dialogs.assessment_rule_words import (
    CHOICES,
    FIGURE_FIELDS,
    FIGURES,
    HINTS,
    figure_code,
    figure_word,
    fresh,
    label_of,
)
from ui.theme import scaled
from ui.widgets.fields import LongField, NumberField, TextField
from ui.widgets.form import Form

Reader = Callable[[], Any]
WRAPPERS = ("limits", "proven", "not_worse", "when", "sum", "either")
"""Kinds that are put around a rule."""


class RulePart(QFrame):
    """One rule: choosing another kind keeps the present rule inside where the kind has an inside."""

    changed = Signal()

    def __init__(self, rule: Any, depth: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._depth = depth
        self._readers: dict[str, Reader] = {}
        self.kinds = QComboBox()
        for code, kind in REGISTRY.items():
            self.kinds.addItem(kind.label, code)
        self.kinds.setMaxVisibleItems(24)
        self.kinds.activated.connect(self._on_kind)
        self.unwrap = QPushButton(self.tr("去掉这一层"))
        self.unwrap.setProperty("role", "link")
        self.unwrap.setAutoDefault(False)
        self.unwrap.setToolTip(self.tr("只留下里面的第一条规则"))
        self.unwrap.clicked.connect(self._on_unwrap)
        head = QHBoxLayout()
        head.addWidget(self.kinds, 1)
        head.addWidget(self._wrapper())
        head.addWidget(self.unwrap)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(scaled(12) if depth else 0, scaled(4), 0, scaled(4))
        self._layout.setSpacing(scaled(6))
        self._layout.addLayout(head)
        self._body: QWidget | None = None
        self.set_rule(rule)

    def set_rule(self, rule: Any) -> None:
        """Show a rule with its parameters."""
        self._rule = rule
        self.kinds.setCurrentIndex(self.kinds.findData(rule.code))
        self.unwrap.setVisible(bool(parts_of(rule)))
        self._readers = {}
        if self._body is not None:
            self._layout.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        body = Form(label_width=120)
        hints = get_type_hints(type(rule))
        for field in dataclasses.fields(rule):
            self._add(body, field.name, hints[field.name], getattr(rule, field.name))
        self._body = body
        self._layout.addWidget(body)

    def rule(self) -> Any:
        """The rule as it stands; InputError for what cannot be read."""
        return type(self._rule)(**{name: read() for name, read in self._readers.items()})

    # Building -----------------------------------------------------------------

    def _wrapper(self) -> QPushButton:
        button = QPushButton(self.tr("外面再套"))
        button.setToolTip(self.tr("现有规则不变,外面再加一层:封顶、佐证、条件、与别的规则相加或取高低"))
        button.setAutoDefault(False)
        menu = QMenu(button)
        for code in WRAPPERS:
            menu.addAction(REGISTRY[code].label).setData(code)
        menu.triggered.connect(lambda action: self._wrap(action.data()))
        button.setMenu(menu)
        return button

    def _add(self, form: Form, name: str, hint: Any, value: Any) -> None:
        label = label_of(self._rule.code, name)
        if get_origin(hint) in (Union, types.UnionType):
            (hint,) = [one for one in get_args(hint) if one is not type(None)]
            self._number(form, name, label, value, needed=False)
        elif hint in (Decimal, int):
            self._number(form, name, label, value, needed=True, whole=hint is int)
        elif hint is bool:
            box = QCheckBox()
            box.setChecked(value)
            box.toggled.connect(self.changed)
            form.add(label, box, hint=HINTS.get(name, ""))
            self._readers[name] = box.isChecked
        elif hint is str:
            self._text(form, name, label, value)
        elif name == "parts":
            self._parts(form, name, value)
        elif name == "rows":
            self._rows(form, name, label, value, get_args(get_args(hint)[0])[0])
        else:
            self._part(form, name, label, value)

    def _number(
        self, form: Form, name: str, label: str, value: Any, *, needed: bool, whole: bool = False
    ) -> None:
        field = NumberField(None if value is None else Decimal(value))
        if value is not None:
            field.set_text(canonical(Decimal(value)))
        field.textChanged.connect(self.changed)
        form.add(label, field, hint=HINTS.get(name, ""))

        def read() -> Any:
            found = field.value()
            if found is None and needed:
                raise InputError(f"“{label}”没有填。", "请填一个数。")
            if whole and isinstance(found, Decimal):
                return int(found)
            return found

        self._readers[name] = read

    def _text(self, form: Form, name: str, label: str, value: str) -> None:
        field: QComboBox | LongField | TextField
        if name in CHOICES:
            field = QComboBox()
            for code, word in CHOICES[name]:
                field.addItem(word, code)
            field.setCurrentIndex(max(field.findData(value), 0))
            field.currentIndexChanged.connect(self.changed)
            self._readers[name] = field.currentData
        elif name in FIGURE_FIELDS:
            field = QComboBox()
            field.setEditable(True)
            field.addItems([figure_word(code) for code in (*(("group",) if name == "mean" else ()), *FIGURES)])
            field.setCurrentText(figure_word(value))
            field.currentTextChanged.connect(self.changed)
            self._readers[name] = lambda: figure_code(field.currentText())
        elif name == "text":
            field = LongField(value, lines=3)
            field.textChanged.connect(self.changed)
            self._readers[name] = field.value
        else:
            field = TextField(value)
            field.textChanged.connect(self.changed)
            self._readers[name] = lambda: field.text().strip()
        form.add(label, field, hint=HINTS.get(name, ""))
        if name in ("text", "mean"):
            note = QLabel(HINTS[name])
            note.setProperty("role", "muted")
            note.setWordWrap(True)
            form.add_wide(note)

    def _rows(self, form: Form, name: str, label: str, value: Any, key: Any) -> None:
        text = "\n".join(f"{one if isinstance(one, str) else canonical(Decimal(one))} {canonical(points)}" for one, points in value)
        field = LongField(text, lines=min(max(len(value) + 1, 3), 7))
        field.textChanged.connect(self.changed)
        form.add(label, field, hint=HINTS["rows"])
        self._readers[name] = lambda: tuple(_row(line, key, label) for line in field.value().splitlines() if line.strip())

    def _part(self, form: Form, name: str, label: str, value: Any) -> None:
        """A rule inside; where none is needed it can be left out."""
        optional = name in ("no", "part") and self._rule.code in ("when", "rank")
        if value is None:
            add = QPushButton(self.tr("另设规则…"))
            add.setAutoDefault(False)
            add.clicked.connect(lambda: self._replace(name, Ratio()))
            form.add(label, add)
            self._readers[name] = lambda: None
            return
        title = QLabel(label)
        title.setProperty("role", "subheading")
        form.add_wide(title)
        self._readers[name] = self._inner(form, value).rule
        if optional:
            self._link(form, self.tr("不设这条规则"), lambda: self._replace(name, None))

    def _parts(self, form: Form, name: str, value: Any) -> None:
        weighted = self._rule.code == "sum"
        shares: list[NumberField] = []
        inner: list[RulePart] = []
        for place, one in enumerate(value, 1):
            title = QLabel(self.tr("第 {} 部分").format(place))
            title.setProperty("role", "subheading")
            form.add_wide(title)
            if weighted:
                share = NumberField(one[0])
                share.set_text(canonical(one[0]))
                share.textChanged.connect(self.changed)
                form.add(self.tr("占基本分的比例"), share, hint=self.tr("1 为全部基本分,0.7 为七成"))
                shares.append(share)
            inner.append(self._inner(form, one[1] if weighted else one))
            if len(value) > 1:
                self._link(form, self.tr("去掉这一部分"), lambda at=place - 1: self._drop(at))
        self._link(form, self.tr("加一部分"), self._more)

        def read() -> Any:
            rules = [one.rule() for one in inner]
            if not weighted:
                return tuple(rules)
            found = []
            for share, rule in zip(shares, rules, strict=True):
                amount = share.value()
                if amount is None:
                    raise InputError("有一部分没有填占基本分的比例。", "1 为全部基本分。")
                found.append((amount, rule))
            return tuple(found)

        self._readers[name] = read

    def _inner(self, form: Form, rule: Any) -> RulePart:
        part = RulePart(rule, self._depth + 1)
        part.changed.connect(self.changed)
        form.add_wide(part)
        return part

    def _link(self, form: Form, text: str, act: Callable[[], object]) -> None:
        button = QPushButton(text)
        button.setProperty("role", "link")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: act())
        form.add_wide(button)

    # Changing -----------------------------------------------------------------

    def _present(self) -> Any:
        """As typed, or as it was where something cannot be read just now."""
        try:
            return self.rule()
        except InputError:
            return self._rule

    def _on_kind(self) -> None:
        code = self.kinds.currentData()
        if code == self._rule.code:
            return
        inner = self._present() if self._depth + 2 < DEEPEST else None
        held = parts_of(inner) if inner is not None else []
        self.set_rule(fresh(code, held[0] if held else inner))
        self.changed.emit()

    def _wrap(self, code: str) -> None:
        self.set_rule(fresh(code, self._present()))
        self.changed.emit()

    def _on_unwrap(self) -> None:
        held = parts_of(self._present())
        if held:
            self.set_rule(held[0])
            self.changed.emit()

    def _replace(self, name: str, value: Any) -> None:
        self.set_rule(dataclasses.replace(self._present(), **{name: value}))
        self.changed.emit()

    def _more(self) -> None:
        present = self._present()
        added: Any = (Decimal(1), Ratio()) if present.code == "sum" else Ratio()
        self._replace("parts", (*present.parts, added))

    def _drop(self, place: int) -> None:
        present = self._present()
        self._replace("parts", (*present.parts[:place], *present.parts[place + 1:]))


def _row(line: str, key: Any, label: str) -> tuple[Any, Decimal]:
    """「90 36」, 「省级=2」: the last figure is the points."""
    words = line.replace("=", " ").replace("：", " ").replace(":", " ").replace(",", " ").replace("，", " ").split()
    if len(words) < 2:
        raise InputError(f"“{label}”的一行“{line.strip()[:20]}”只有一项。", "每行写两项,中间空一格,如“90 36”。")
    points = read_number(words[-1])
    name = " ".join(words[:-1])
    if key is str:
        return name, points
    figure = read_number(name)
    return (int(figure) if key is int else figure), points
