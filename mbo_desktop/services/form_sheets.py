"""What stands in the forms that go out: the targets of a unit, of an indicator, of a month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.assessment import GivenScore, ScoreKind
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import CauseKind, FigureKind
from mbo_desktop.domain.target_text import show_part, show_target
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.errors import InputError
from mbo_desktop.services import session
from mbo_desktop.services.given_rules import given_indicators
from mbo_desktop.services.progress_lights import planned_amount
from mbo_desktop.services.progress_standing import Known, known
from mbo_desktop.services.reporting_rules import deadline, rules_of
from mbo_desktop.spreadsheets.form_kinds import (
    GUIDE,
    LISTS,
    SIGNERS,
    FormPurpose,
    columns_of,
)
from mbo_desktop.spreadsheets.form_layout import FormBook, FormRow, FormSheet, Value
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as reads
from mbo_desktop.store.queries.portable import names_of
from mbo_desktop.store.queries.progress import Figure, Sought, Subject

if TYPE_CHECKING:
    from mbo_desktop.services.collecting_self import SelfStanding

Check = Callable[[], None]
_OWN = (FigureKind.PROXY, FigureKind.OWN)


@dataclass(frozen=True, slots=True)
class FormRequest:
    """Which form of which month (0: of the year)."""

    year: int
    month: int
    purpose: FormPurpose

    @property
    def title(self) -> str:
        """「2020年6月进度」."""
        when = f"{self.year}年{self.month}月" if self.purpose.is_monthly else f"{self.year}年"
        return f"{when}{self.purpose.label}"


class FormMaker:
    """Reads a year's targets once and makes each unit's form from them."""

    def __init__(
        self, store: Store, request: FormRequest, check: Check | None = None, *,
        with_nodes: bool | None = None,
    ) -> None:
        """check may raise to stop the reading; with_nodes (usually: of monthly forms) for given nodes too."""
        self.store, self.request = store, request
        if request.purpose.is_monthly and not 1 <= request.month <= 12:
            raise InputError(f"没有{request.month}月。", "月份请填1到12。")
        self._check = check or (lambda: None)
        self.subjects = self._subjects(request.purpose.is_monthly if with_nodes is None else with_nodes)
        self.by_unit: dict[RecordId, list[Subject]] = defaultdict(list)
        for one in self.subjects.values():
            self.by_unit[one.unit].append(one)
        self._now = clock.now().strftime("%Y-%m-%d %H:%M")
        self._known, self._before = self._figures()
        self._names = names_of(store, [*self.subjects, *self.by_unit])
        self._office = session.office(store).name
        self._rows = self._indicators()
        self._self: SelfStanding | None = None
        self._own_scores: dict[RecordId, GivenScore] = {}
        self._given_rules: frozenset[RecordId] | None = None

    def units(self) -> tuple[RecordId, ...]:
        """Whose forms can be made, in official order: carriers, or certifying offices."""
        if self.request.purpose not in _FOR_CERTIFIERS:
            # The own government's targets are those of the whole city: nobody hands them in.
            own = session.office(self.store).unit
            return tuple(one for one in self.by_unit if one != own or len(self.by_unit) == 1)
        found: dict[RecordId, None] = {}
        for row in self._rows.values():
            if self._wants_scores(row):
                found.update(dict.fromkeys(row.certifying_units))
        return tuple(found)

    def book(self, unit: RecordId) -> FormBook | None:
        """A unit's form; None when nothing of the year concerns it."""
        if self.request.purpose in _FOR_CERTIFIERS:
            sheets = self._source_sheets(unit)
        else:
            sheets = self._unit_sheets(unit)
        return FormBook(self.request.purpose.value, tuple(sheets), LISTS) if sheets else None

    def _subjects(self, with_nodes: bool) -> dict[RecordId, Subject]:
        sought = Sought(with_own=True, with_nodes=with_nodes)
        ids = reads.subject_ids(self.store, self.request.year, sought)
        found: dict[RecordId, Subject] = {}
        for start in range(0, len(ids), 2000):
            self._check()
            page = reads.subjects(self.store, ids[start : start + 2000])
            # The order of `ids` is the official one.
            found.update({one: page[one] for one in ids[start : start + 2000] if one in page})
        return {
            one.id: one for one in found.values()
            if not one.is_not_applicable and one.form is not TargetForm.NOT_APPLICABLE
        }

    def _figures(
        self,
    ) -> tuple[dict[RecordId, Known], dict[tuple[RecordId, int], list[Figure]]]:
        month, ids = self.request.month, list(self.subjects)
        if not self.request.purpose.is_monthly:
            return {}, {}
        rules = rules_of(self.store, self.request.year)
        now: dict[RecordId, Known] = {}
        for start in range(0, len(ids), 2000):
            self._check()
            now.update(known(self.store, rules, month, ids[start : start + 2000]))
        return now, reads.figures(self.store, ids, (month - 1,)) if month > 1 else {}

    def _indicators(self) -> dict[RecordId, Indicator]:
        ids = dict.fromkeys(one.indicator for one in self.subjects.values())
        return self.store.get_many(Indicator, list(ids))

    def _facts(self, unit: Unit) -> dict[str, str | int]:
        name = self._names.get(unit.id) or names_of(self.store, [unit.id])[unit.id]
        return {
            "year": self.request.year, "month": self.request.month, "unit": name,
            "unit_name": unit.name, "office": self.store.owner.hex, "made": self._now,
        }

    def _facts_line(self, unit: Unit) -> str:
        line = f"填报单位：{unit.name}"
        if self.request.purpose.is_monthly:
            until = deadline(rules_of(self.store, self.request.year), self.request.month)
            line += f"　　报送截止：{show_date(until)}"
            if self.request.purpose is FormPurpose.SOURCE:
                return line
        return f"{line}　　{self._office} {self._now[:10]} 制发"

    def _unit_sheets(self, unit: RecordId) -> list[FormSheet]:
        subjects = self.by_unit.get(unit, [])
        if not subjects:
            return []
        party = self.store.get(Unit, unit)
        targets = self._targets(subjects)
        rows = tuple(
            FormRow(self._names[one.id], str(place), 1, self._cells(one, targets))
            for place, one in enumerate(subjects, 1)
        )
        titles = {
            FormPurpose.PROGRESS: f"{party.name}{self.request.year}年{self.request.month}月目标进度报表",
            FormPurpose.PROPOSALS: f"{party.name}{self.request.year}年度目标建议表",
            FormPurpose.SELF_SCORE: f"{party.name}{self.request.year}年度目标完成情况自评表",
        }
        return [FormSheet(
            self.request.purpose.label, titles[self.request.purpose], self._facts_line(party),
            self._facts(party), columns_of(self.request.purpose), rows,
            *((SIGNERS, GUIDE) if self.request.purpose is FormPurpose.PROGRESS else (SIGNERS[:1], _SELF_GUIDE if self.request.purpose is FormPurpose.SELF_SCORE else _GUIDE)),
        )]

    def _source_sheets(self, unit: RecordId) -> list[FormSheet]:
        """One sheet an indicator that the office certifies, with all units that have it."""
        party = self.store.get(Unit, unit)
        of: dict[RecordId, list[Subject]] = defaultdict(list)
        for one in self.subjects.values():
            of[one.indicator].append(one)
        named = [
            row for row in self._rows.values()
            if unit in row.certifying_units and of.get(row.id) and self._wants_scores(row)
        ]
        names = names_of(self.store, [row.id for row in named])
        sheets = []
        for place, row in enumerate(named, 1):
            rows = tuple(
                FormRow(self._names[one.id], str(number), 1, self._source_cells(one))
                for number, one in enumerate(of[row.id], 1)
            )
            sheets.append(FormSheet(
                _sheet_name(f"{place}.{row.name}"),
                f"{row.name} {self.request.year}年{self.request.month}月数据" if self.request.purpose is FormPurpose.SOURCE
                else f"{row.name} {self.request.year}年度核定评分表",
                self._facts_line(party).replace(
                    "填报单位", "数据来源单位" if self.request.purpose is FormPurpose.SOURCE else "核定单位"),
                {**self._facts(party), "indicator": names[row.id], "indicator_name": row.name},
                columns_of(self.request.purpose), rows, SIGNERS[:1],
                GUIDE if self.request.purpose is FormPurpose.SOURCE else _SCORES_GUIDE,
            ))
        return sheets

    def _targets(self, subjects: Sequence[Subject]) -> Mapping[RecordId, Target]:
        if self.request.purpose.is_monthly:
            return {}
        return self.store.get_many(Target, [one.id for one in subjects])

    def _cells(self, one: Subject, targets: Mapping[RecordId, Target]) -> dict[str, Value]:
        cells: dict[str, Value] = {
            "title": one.title, "unit_of_measure": measure_of(one),
        }
        if self.request.purpose is FormPurpose.PROGRESS:
            now = self._known[one.id]
            cells |= {
                "target": in_effect(now), "planned": planned_amount(now),
                "before": self._before_of(one.id),
            }
            return cells | report_cells(side_of(now.figures.values()))
        target = targets[one.id]
        cells["target"] = show_target(target.value, unit_shown_in_header=measure_of(one))
        if self.request.purpose is FormPurpose.PROPOSALS:
            cells["last_year"] = target.last_year
        else:
            of_indicator = self._rows[one.indicator].points
            cells["points"] = of_indicator if target.points is None else target.points
            cells |= self._self_standing().cells(one.id)
        return cells

    def _self_standing(self) -> SelfStanding:
        """What is known of the year already stands in the form, to be looked at and completed."""
        from mbo_desktop.services.collecting_self import SelfStanding

        if self._self is None:
            self._self = SelfStanding(self.store, self.request.year, list(self.subjects))
        return self._self

    def _wants_scores(self, row: Indicator) -> bool:
        """Whether an indicator goes to its certifiers: for scores only those whose rule rests on what they say."""
        if self.request.purpose is FormPurpose.SOURCE:
            return True
        if self._given_rules is None:
            self._given_rules = given_indicators(self.store, self.request.year)
        return row.id in self._given_rules if self._given_rules else row.form in _WORDED

    def _score_cells(self, one: Subject) -> dict[str, Value]:
        from mbo_desktop.services.collecting_self import SelfStanding, given_self

        if self._self is None:
            self._self = SelfStanding(self.store, self.request.year, list(self.subjects), ScoreKind.CERTIFIED)
            self._own_scores = given_self(self.store, list(self.subjects))
        cells, own = self._self.cells(one.id), self._own_scores.get(one.id)
        return {
            "title": one.unit_label, "target": self._self.target_text(one), "points": self._self.full.get(one.id),
            "own": None if own is None else own.points,
            "word": cells["word"], "score": cells["score"], "note": cells["note"],
        }

    def _source_cells(self, one: Subject) -> dict[str, Value]:
        if self.request.purpose is FormPurpose.SCORES:
            return self._score_cells(one)
        now = self._known[one.id]
        said = now.figures.get(FigureKind.CERTIFIED)
        return {
            "title": one.unit_label, "unit_of_measure": measure_of(one),
            "target": in_effect(now), "before": self._before_of(one.id),
            "amount": None if said is None else said.amount if said.amount is not None else said.typed,
            "note": "" if said is None else said.note,
        }

    def _before_of(self, subject: RecordId) -> Decimal | None:
        """The figure of the month before, as the receiver of the form gave it."""
        said = self._before.get((subject, self.request.month - 1), [])
        if self.request.purpose is FormPurpose.SOURCE:
            return next((one.amount for one in said if one.kind is FigureKind.CERTIFIED), None)
        own = side_of(said)
        return None if own is None else own.amount


_FOR_CERTIFIERS = (FormPurpose.SOURCE, FormPurpose.SCORES)
_WORDED = (TargetForm.TEXT, TargetForm.CONDITION, TargetForm.MILESTONE, TargetForm.PROJECT)
_SCORES_GUIDE = (
    "白色的格填写，灰色的格不要改；按考核办法填核定分，不承担的单位不在表内；认定填“完成”“超额完成”“基本完成”“未完成”，写明依据和扣分理由。"
    "不要增删、移动行列，不要合并单元格；填好后按原格式保存交回。"
)
_SELF_GUIDE = (
    "白色的格填写，灰色的格不要改；实绩填全年数，没有数值的目标填“完成”“基本完成”“未完成”；佐证材料写名称，每份一行或用分号隔开，材料另附。"
    "不要增删、移动行列，不要合并单元格；填好后按原格式保存交回。"
)
_GUIDE = "白色的格填写，灰色的格不要改；不要增删、移动行列，不要合并单元格；填好后按原格式保存交回。"


def side_of(figures: Iterable[Figure]) -> Figure | None:
    """What was reported by the unit itself, else what was typed for it."""
    by_kind = {one.kind: one for one in figures if one.kind in _OWN}
    return by_kind.get(FigureKind.OWN) or by_kind.get(FigureKind.PROXY)


def report_cells(figure: Figure | None) -> dict[str, Value]:
    """A month's report as the cells of the progress form."""
    if figure is None:
        return {}
    amount: Value = figure.amount
    if figure.amount is None:
        amount = "未启动" if figure.started is False else figure.typed
    return {
        "amount": amount, "physical": figure.physical, "text": figure.text,
        "cause": _cause(figure.cause), "cause_text": figure.cause_text,
        "own_effort": figure.own_effort, "measure": figure.measure,
    }


def _cause(code: str) -> str:
    return CauseKind.of(code).label if code else ""


def in_effect(now: Known) -> str:
    """The year's target in effect, without the unit that stands beside it."""
    return now.subject.shown if now.value is None else show_part(now.value, measure_of(now.subject))


def measure_of(one: Subject) -> str:
    """The unit in which amounts of a target are reported."""
    return one.amount_unit or one.unit_of_measure


def _sheet_name(text: str) -> str:
    kept = "".join("_" if letter in "\\/?*:[]'" else letter for letter in text)
    return kept[:31]
