"""What belongs to a scheme as a whole, as rows of a workbook: weights, grades, caps, ties, periods, steps; out and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.assessment import (
    AssessmentStep,
    BallotAnswer,
    BonusCategory,
    Component,
    EqualScores,
    GradeLine,
    Scheme,
    SchemeItem,
    TieBreak,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical, read_number
from mbo_desktop.errors import InputError
from mbo_desktop.services.scheme_parameters import read_parameters
from mbo_desktop.services.score_components import read_answers, show_answers
from mbo_desktop.services.score_periods import read_periods, show_periods
from mbo_desktop.spreadsheets.score_sheet import BEST_OF, BY_BEST, PARAMETERS, SETTINGS, read_best
from mbo_desktop.spreadsheets.table import Table
from mbo_desktop.spreadsheets.writer import SheetTable, Value

TERMS = "总则"
TERM_HEADS = ("项目", "名称", "值")
_YES = {"是": True, "否": False, "": False}


def term_rows(scheme: Scheme, names: dict[RecordId, str]) -> SheetTable:
    """The sheet 总则; names: of the indicators."""
    rows: list[Sequence[Value]] = [
        ("方案名称", "", scheme.name), ("依据", "", scheme.basis), ("目标权重%", "", scheme.target_weight),
        *(("组成部分%", one.name, one.weight) for one in scheme.components),
        *(("组成部分满分", one.name, one.full) for one in scheme.components if one.full is not None),
        *(("组成部分按最高分折算", one.name, "是") for one in scheme.components if one.by_best),
        *(("测评选项", one.name, show_answers(one.answers)) for one in scheme.components if one.answers),
        *(("名额", one.name, one.quota) for one in scheme.grades if one.quota is not None),
        *(("加减分类别上限", one.name, one.cap) for one in scheme.bonus_categories),
        ("考核时段", "", show_periods(scheme.periods)),
        *(("分期计分", names[one.indicator], "是") for one in scheme.items if one.by_period and one.indicator in names),
        ("同分比较", "", "、".join(one.label for one in scheme.ties)),
        ("不得并列打分", "", scheme.equal_given.label),
        *(("不得并列打分", names[one.indicator], one.equal.label) for one in scheme.items
          if one.equal is not None and one.indicator in names),
        ("调低的目标不加分", "", _said(scheme.lowered_without_bonus)),
        ("加分只比同分", "", _said(scheme.bonus_breaks_ties_only)), ("督查扣分计入", "", _said(scheme.inspections_count)),
        ("迟报每月扣", "", scheme.late_filing_points), ("未报每月扣", "", scheme.missed_filing_points),
        ("程序", "", "、".join(one.label for one in scheme.steps)),
    ]
    return SheetTable(TERM_HEADS, rows, sheet=TERMS)


def _said(value: bool) -> str:
    return "是" if value else "否"


def read_terms(tables: Sequence[Table], scheme: Scheme, names: dict[str, RecordId]) -> tuple[dict[str, Any], Callable[[SchemeItem], SchemeItem], list[str]]:
    """New facts of the scheme, how its items change (periods, equal points), and the cells that cannot be read.

    Sheets that are not there change nothing.
    """
    reading = _Reading(scheme, names)
    by_name = {table.sheet.strip(): table for table in tables}
    if SETTINGS in by_name:
        reading.settings(by_name[SETTINGS])
    if TERMS in by_name:
        reading.terms(by_name[TERMS])
    return reading.facts, reading.changed, reading.problems


class _Reading:
    def __init__(self, scheme: Scheme, names: dict[str, RecordId]) -> None:
        self.scheme, self.names = scheme, names
        self.facts: dict[str, Any] = {}
        self.by_period: frozenset[RecordId] | None = None
        self.equal: dict[RecordId, EqualScores] = {}
        self.weights: list[tuple[str, Decimal]] = []
        self.fulls: dict[str, Decimal] = {}
        self.best: dict[str, bool] = {}
        self.answers: dict[str, tuple[BallotAnswer, ...]] = {}
        self.kinds: list[BonusCategory] = []
        self.quotas: dict[str, int] = {}
        self.problems: list[str] = []

    def changed(self, item: SchemeItem) -> SchemeItem:
        """An item with what the sheet says of it beside its rule; what is not said stays."""
        if self.by_period is not None:
            item = replace(item, by_period=item.indicator in self.by_period)
        return replace(item, equal=self.equal.get(item.indicator)) if "equal_given" in self.facts else item

    def settings(self, table: Table) -> None:
        """The sheet 设置: full marks, digits, caps, grades."""
        grades: list[GradeLine] = []
        for place, (name, value, least, share) in _rows(table, 4):
            if name == "等次":
                grades.append(GradeLine(value, self._number(place, least), self._number(place, share)))
            elif name == "总分小数位数":
                number = self._number(place, value)
                self.facts["digits"] = int(number) if number is not None and number == int(number) else self.scheme.digits
            elif name == PARAMETERS:
                try:
                    self.facts["parameters"] = read_parameters(value)
                except InputError as error:
                    self.problems.append(f"{place}:{error.what}{error.todo}")
            elif name == BY_BEST:
                said = read_best(value)
                if said is None:
                    self.problems.append(f"{place}“{value}”:可填{'、'.join(BEST_OF)}")
                self.facts |= said or {}
            elif name in ("满分", "加分上限", "扣分上限"):
                key = {"满分": "scale", "加分上限": "bonus_cap", "扣分上限": "deduction_cap"}[name]
                self.facts[key] = self._number(place, value)
            else:
                self.problems.append(f"{place}“{name}”:不是可用的设置")
        if grades:
            self.facts["grades"] = tuple(grades)

    def terms(self, table: Table) -> None:
        """The sheet 总则."""
        readers: dict[str, Callable[[str, str], Any]] = {
            "方案名称": lambda _place, text: ("name", text), "依据": lambda _place, text: ("basis", text),
            "目标权重%": lambda place, text: ("target_weight", self._needed(place, text)),
            "考核时段": lambda _place, text: ("periods", read_periods(text)),
            "同分比较": lambda place, text: ("ties", self._listed(place, text, TieBreak)),
            "程序": lambda place, text: ("steps", self._listed(place, text, AssessmentStep)),
            "调低的目标不加分": lambda place, text: ("lowered_without_bonus", self._yes(place, text)),
            "加分只比同分": lambda place, text: ("bonus_breaks_ties_only", self._yes(place, text)),
            "督查扣分计入": lambda place, text: ("inspections_count", self._yes(place, text)),
            "迟报每月扣": lambda place, text: ("late_filing_points", self._number(place, text)),
            "未报每月扣": lambda place, text: ("missed_filing_points", self._number(place, text)),
        }
        named: dict[str, Callable[[str, str, str], object]] = {
            "组成部分%": lambda place, name, text: self.weights.append((name, self._needed(place, text))),
            "组成部分满分": lambda place, name, text: self.fulls.update({name: self._needed(place, text)}),
            "组成部分按最高分折算": lambda place, name, text: self.best.update({name: self._yes(place, text)}),
            "测评选项": lambda _place, name, text: self.answers.update({name: read_answers(text)}),
            "加减分类别上限": lambda place, name, text: self.kinds.append(BonusCategory(name, self._needed(place, text))),
            "名额": lambda place, name, text: self.quotas.update({name: int(self._needed(place, text))}),
            "不得并列打分": self._equal, "分期计分": self._periodic,
        }
        self.by_period = frozenset()
        for place, (item, name, value) in _rows(table, 3):
            try:
                if item in readers:
                    key, read = readers[item](place, value)
                    self.facts[key] = read
                elif item in named:
                    named[item](place, name, value)
                else:
                    self.problems.append(f"{place}“{item}”:不是可用的总则项目")
            except InputError as error:
                self.problems.append(f"{place}:{error.what}{error.todo}")
        self._put_together()

    def _put_together(self) -> None:
        """What several rows say of one part or grade."""
        self.facts["components"] = tuple(
            Component(name, weight, self.answers.get(name, ()), self.fulls.get(name), self.best.get(name, False))
            for name, weight in self.weights
        )
        self.facts["bonus_categories"] = tuple(self.kinds)
        grades: tuple[GradeLine, ...] = self.facts.get("grades", self.scheme.grades)
        self.facts["grades"] = tuple(
            GradeLine(one.name, one.least, None if one.name in self.quotas else one.quota_share, self.quotas.get(one.name))
            for one in grades
        )

    def _periodic(self, place: str, name: str, value: str) -> None:
        """An indicator that is scored by periods."""
        if name not in self.names:
            self.problems.append(f"{place}:本方案没有指标“{name}”")
        elif self._yes(place, value):
            self.by_period = (self.by_period or frozenset()) | {self.names[name]}

    def _equal(self, place: str, name: str, value: str) -> None:
        """For points that are given, or (with a name) for one indicator."""
        found = EqualScores.ALLOWED if not value else EqualScores.from_label(value)
        if found is None:
            self.problems.append(f"{place}“{value}”:可填{'、'.join(one.label for one in EqualScores)}")
        elif not name:
            self.facts["equal_given"] = found
        elif name not in self.names:
            self.problems.append(f"{place}:本方案没有指标“{name}”")
        else:
            self.equal[self.names[name]] = found

    def _number(self, place: str, text: str) -> Decimal | None:
        if not text:
            return None
        try:
            return read_number(text)
        except InputError as error:
            self.problems.append(f"{place}:{error.what}{error.todo}")
            return None

    def _needed(self, place: str, text: str) -> Decimal:
        number = self._number(place, text.removesuffix("%"))
        if number is None:
            raise InputError("没有填数。", "请填写。")
        return number

    def _listed(self, place: str, text: str, kind: Any) -> tuple[Any, ...]:
        found = []
        for word in filter(None, (one.strip() for one in text.replace(",", "、").replace("，", "、").split("、"))):
            one = kind.from_label(word)
            if one is None:
                labels = "、".join(other.label for other in kind)
                self.problems.append(f"{place}“{word}”:可填{labels}")
            else:
                found.append(one)
        return tuple(dict.fromkeys(found))

    def _yes(self, place: str, text: str) -> bool:
        if text not in _YES:
            self.problems.append(f"{place}“{text}”:请填“是”或“否”")
        return _YES.get(text, False)


def _rows(table: Table, width: int) -> list[tuple[str, tuple[str, ...]]]:
    """Rows below the head, each with its place and its first cells as texts."""
    found = []
    for row in range(1, len(table.rows)):
        cells = [table.cell(row, column) for column in range(width)]
        texts = tuple(
            canonical(one.value) if isinstance(one.value, Decimal) else one.text.strip() for one in cells
        )
        if any(texts):
            found.append((f"{table.sheet}!{table.place(row, 0)}", texts))
    return found
