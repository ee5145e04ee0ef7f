"""What a rule needs beside amounts: how often something happened, node states, votes, raters' marks, a grade in a word."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QComboBox, QWidget

from mbo_desktop.domain.assessment import ScoreKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical, read_number
from mbo_desktop.domain.scoring.rule import parts_of
from mbo_desktop.domain.scoring.tallies import Events, Grade, Milestones, Raters, Vote
from mbo_desktop.errors import InputError
from mbo_desktop.services import given_scores
from mbo_desktop.services.score_board import ScoreBoard
from mbo_desktop.services.scoring_facts import read_counts
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.widgets.fields import NumberField, TextField


def needs_of(rule: Any) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """(what is counted, words to choose from, whether raters' marks are asked for) of a rule with its parts."""
    counted: list[str] = []
    words: list[str] = []
    raters = False
    if rule is not None:
        if isinstance(rule, Events | Milestones | Vote):
            counted += [name for name, _points in rule.rows]
        elif isinstance(rule, Grade):
            words += [word for word, _points in rule.rows]
        raters = isinstance(rule, Raters)
        for part in parts_of(rule):
            more, others, marks = needs_of(part)
            counted += more
            words += others
            raters = raters or marks
    return tuple(dict.fromkeys(counted)), tuple(dict.fromkeys(words)), raters


class CountsDialog(AskDialog):
    """One unit's counts or word for one indicator, as the certifier reports them."""

    def __init__(
        self, store: Store, board: ScoreBoard, unit: RecordId, indicator: RecordId, parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, self.tr("核报次数、等次"), self.tr("记入"))
        self._store, self._scheme, self._unit, self._indicator = store, board.scheme.id, unit, indicator
        rule = board.book.rules.get(indicator)
        names, words, self._has_raters = needs_of(rule)
        old = board.book.given.get((indicator, unit), {}).get(ScoreKind.CERTIFIED)
        counts = {} if old is None else read_counts(old.counts)
        self.note(self.tr("{} · {}").format(board.unit(unit).label, board.book.heads[indicator].name))
        if rule is not None:
            self.note(rule.sentence())
        self.numbers = {name: NumberField(counts.get(name)) for name in names}
        for name, number in self.numbers.items():
            self.form.add(name, number)
        self.marks = TextField(" ".join(canonical(value) for value in counts.values()) if self._has_raters else "",
                               hint=self.tr("各评委分数,中间空格,如 92 88 95"))
        self.form.add(self.tr("评委分数"), self.marks)
        self.form.show_field(self.marks, self._has_raters)
        self.word = QComboBox()
        self.word.addItems(["", *words])
        self.word.setCurrentText("" if old is None else old.word)
        self.form.add(self.tr("等次、状态"), self.word)
        self.form.show_field(self.word, bool(words))
        self._words = bool(words)
        self.basis = TextField("" if old is None else old.basis, hint=self.tr("核报的依据"))
        self.form.add(self.tr("依据"), self.basis)
        if names and not self._has_raters:
            self.note(self.tr("都没有发生的,各填 0。"))

    def act(self) -> None:
        """Save; nothing typed at all is refused."""
        counts = self._counts()
        basis = self.basis.text()
        if counts is None and not (self._words and self.word.currentText()):
            raise InputError("没有填任何内容。", "请填次数,没有发生的填0。")
        if counts is not None:
            given_scores.set_counts(self._store, self._scheme, self._unit, self._indicator, counts, basis=basis)
        if self._words and self.word.currentText():
            given_scores.set_word(self._store, self._scheme, self._unit, self._indicator, self.word.currentText(), basis=basis)

    def _counts(self) -> dict[str, Decimal | int] | None:
        found: dict[str, Decimal | int] = {}
        for name, number in self.numbers.items():
            value = number.value()
            if isinstance(value, Decimal):
                found[name] = value
        if self._has_raters and self.marks.text().strip():
            for place, text in enumerate(self.marks.text().replace("、", " ").replace(",", " ").replace("，", " ").split(), 1):
                found[f"评委{place}"] = read_number(text)
        return found or None
