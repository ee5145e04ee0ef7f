"""What returned forms would change: each field against what the program holds now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from mbo_desktop.domain.column_shift import slipped
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.reports import CauseKind, FigureKind, ProgressProblem, ProgressReport
from mbo_desktop.domain.rounds import ProposalRound, RoundSide, TargetProposal
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.services.collected import FieldChange, ReturnedFile, as_amount
from mbo_desktop.services.collecting_self import KIND_GIVEN, SelfStanding
from mbo_desktop.services.form_sheets import in_effect, measure_of, report_cells, side_of
from mbo_desktop.services.progress_entry import doubt_of
from mbo_desktop.services.progress_standing import Known, known
from mbo_desktop.services.reporting_rules import rules_of
from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.form_kinds import FormPurpose
from mbo_desktop.spreadsheets.form_layout import Value, plain_value
from mbo_desktop.spreadsheets.form_return import ChangedCell, ReturnedSheet, same
from mbo_desktop.spreadsheets.table import Problem
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress_side as side
from mbo_desktop.store.queries.portable import by_names
from mbo_desktop.store.queries.progress import Figure, Sought, Subject, subject_ids

_PAGE = 2_000
KIND_OF = {
    FormPurpose.PROGRESS: FigureKind.PROXY, FormPurpose.SOURCE: FigureKind.CERTIFIED,
    FormPurpose.SELF_SCORE: FigureKind.PROXY,
}
"""Whose figures a form brings."""


class Comparison:
    """What stands now of all targets that the returned forms speak of."""

    def __init__(self, store: Store, year: int, month: int) -> None:
        self.store, self.year, self.month = store, year, month
        self.records: dict[str, RecordId] = {}
        self.known: dict[RecordId, Known] = {}
        self.indicators: dict[RecordId, Indicator] = {}
        self.problems: dict[RecordId, list[str]] = {}
        self.proposed: dict[RecordId, TargetProposal] = {}
        self.carried: dict[RecordId, set[RecordId]] = defaultdict(set)
        """Targets of each unit that a form of today would hold."""
        self.given: dict[FormPurpose, SelfStanding] = {}
        """What stands of the scores that forms bring, by their purpose."""

    def prepare(self, sheets: Sequence[tuple[ReturnedFile, ReturnedSheet]]) -> None:
        """Read what these sheets are compared with, in few large reads."""
        if not sheets:
            return
        names = [record for _file, sheet in sheets for record in sheet.records]
        self.records = by_names(self.store, names)
        rules = rules_of(self.store, self.year)
        # All of the year: what is new since the forms were made is told as well.
        ids = list(subject_ids(self.store, self.year, Sought(with_own=True)))
        for start in range(0, len(ids), _PAGE):
            self.known.update(known(self.store, rules, self.month, ids[start : start + _PAGE]))
        for record, one in self.known.items():
            if not one.subject.is_not_applicable:
                self.carried[one.subject.unit].add(record)
        purposes = {one.purpose for one, _sheet in sheets}
        if purposes & {FormPurpose.SOURCE, FormPurpose.SCORES}:
            wanted = {one.subject.indicator for one in self.known.values()}
            self.indicators = self.store.get_many(Indicator, list(wanted))
        if FormPurpose.PROGRESS in purposes:
            self.problems = open_problems(self.store, self.year)
        if FormPurpose.PROPOSALS in purposes:
            self.proposed = self._latest_proposals()
        for purpose, kind in KIND_GIVEN.items():
            if purpose in purposes:
                self.given[purpose] = SelfStanding(self.store, self.year, list(self.known), kind)

    def _latest_proposals(self) -> dict[RecordId, TargetProposal]:
        """By target what its unit proposed last."""
        rounds = sorted(
            (one for one in self.store.all(ProposalRound, year=self.year)
             if one.side is RoundSide.UNIT), key=lambda one: one.number,
        )
        by_cell = {
            (one.indicator, one.unit): one
            for of_round in rounds for one in self.store.all(TargetProposal, round=of_round.id)
        }
        return {
            record: by_cell[cell] for record, one in self.known.items()
            if (cell := (one.subject.indicator, one.subject.unit)) in by_cell
        }

    def changes(
        self, place: int, one: ReturnedFile, sheets: Sequence[ReturnedSheet]
    ) -> tuple[list[FieldChange], list[Problem]]:
        """What a file would change, and what of it cannot be taken."""
        made: list[FieldChange] = []
        problems: list[Problem] = []
        for sheet in sheets:
            prefix = f"{sheet.sheet}!" if len(sheets) > 1 else ""
            problems += self._aged(one, sheet)
            cells, slip = _told_slipped(sheet)
            if slip is not None:
                problems.append(replace(slip, place=prefix + slip.place))
            for cell in cells:
                change = self._change(place, one, sheet, cell, prefix)
                if isinstance(change, FieldChange):
                    made.append(change)
                elif change is not None:
                    problems.append(change)
        return made, problems

    def _aged(self, one: ReturnedFile, sheet: ReturnedSheet) -> list[Problem]:
        """What became of the targets since the form was made."""
        here = {record for name in sheet.records if (record := self.records.get(name)) in self.known}
        told = []
        gone = len(sheet.records) - len(here)
        if gone:
            told.append(Problem("", "", f"有{gone}项目标在模板发出后已从程序中删除", "这些行没有读入"))
        if one.purpose in (FormPurpose.PROGRESS, FormPurpose.SELF_SCORE) and one.unit is not None:
            new = [record for record in self.carried[one.unit] - here
                   if len(sheet.records) == sheet.facts.get("rows")
                   and (one.purpose.is_monthly or not self.known[record].subject.is_node)]
            if new:
                told.append(Problem(
                    "", "", f"模板发出后又增加了{len(new)}项目标,表里没有", "请单独收报", is_notice=True
                ))
        if one.purpose is not FormPurpose.PROPOSALS:
            moved = sum(
                flat(self._target_text(one, self.known[record])) != flat(sheet.bases[name].get("target", ""))
                for name in sheet.records if (record := self.records.get(name)) in self.known
                and record is not None
            )
            if moved:
                told.append(Problem(
                    "", "", f"模板发出后有{moved}项年度目标有变动", "按现在的目标计算", is_notice=True
                ))
        return told

    def _target_text(self, one: ReturnedFile, now: Known) -> str:
        given = self._given(one.purpose)
        return in_effect(now) if given is None else given.target_text(now.subject)

    def _given(self, purpose: FormPurpose | None) -> SelfStanding | None:
        return None if purpose is None else self.given.get(purpose)

    def _change(
        self, place: int, one: ReturnedFile, sheet: ReturnedSheet, cell: ChangedCell, prefix: str
    ) -> FieldChange | Problem | None:
        where = prefix + cell.place
        record = self.records.get(cell.record)
        now = None if record is None else self.known.get(record)
        if now is None or record is None:
            return None
        refusal = self._refusal(one, now.subject, cell)
        if refusal:
            return Problem(where, cell.text, refusal, "没有读入")
        old, standing = self._standing(one.purpose, now, cell.key)
        new = cell.text
        if same(new, old) or (cell.key == "problem" and flat(new) in map(flat, old.split(";"))):
            return None
        doubt = cell.doubt or self._own_doubt(one, record, cell)
        if not new:
            doubt = "原有内容在表中被清空"
        elif cell.key != "problem" and not same(standing, cell.base):
            then = f"发出时为“{cell.base}”" if cell.base else "发出时为空"
            doubt = f"模板发出后程序里已改为“{standing}”({then})" if standing else "模板发出后程序里已清空"
        return FieldChange(
            place, record, cell.key, where, now.subject.unit_label, now.subject.title, cell.head,
            old, new, self._note(one.purpose, now, cell, sheet.bases[cell.record]), doubt,
        )

    def _own_doubt(self, one: ReturnedFile, record: RecordId, cell: ChangedCell) -> str:
        given = self._given(one.purpose)
        return "" if given is None else given.doubt(record, cell.key, cell.text)

    def _refusal(self, one: ReturnedFile, subject: Subject, cell: ChangedCell) -> str:
        if one.purpose in (FormPurpose.SOURCE, FormPurpose.SCORES):
            row = self.indicators.get(subject.indicator)
            if row is None or one.unit not in row.certifying_units:
                return f"“{subject.title}”现在没有委托“{one.unit_label}”提供数据"
        elif subject.unit != one.unit:
            return f"这一项是“{subject.unit_label}”的目标"
        if cell.key == "cause" and cell.text and CauseKind.from_label(cell.text.removesuffix("原因")) is None:
            return "原因类别只能填“客观”或“主观”"
        given = self._given(one.purpose)
        return "" if given is None else given.refusal(subject, cell.key, cell.text)

    def _standing(self, purpose: FormPurpose | None, now: Known, key: str) -> tuple[str, str]:
        """What would be written over, and what a form made now would show."""
        if key == "problem":
            texts = ";".join(self.problems.get(now.subject.id, ()))
            return texts, ""
        if purpose is FormPurpose.PROPOSALS:
            text = self._proposed_text(now, key)
            return text, ""
        given = self._given(purpose)
        if given is not None:
            text = given.standing(now.subject.id, key)
            return text, text
        if purpose is FormPurpose.SOURCE:
            text = plain_value(source_cells(now.figures.get(FigureKind.CERTIFIED)).get(key))
            return text, text
        typed = now.figures.get(FigureKind.PROXY)
        seen = side_of(now.figures.values())
        return plain_value(report_cells(typed).get(key)), plain_value(report_cells(seen).get(key))

    def _proposed_text(self, now: Known, key: str) -> str:
        one = self.proposed.get(now.subject.id)
        if one is None:
            return ""
        if key == "reason":
            return one.reason
        return show_target(one.value, unit_shown_in_header=measure_of(now.subject))

    def _note(
        self, purpose: FormPurpose | None, now: Known, cell: ChangedCell, base: Mapping[str, str]
    ) -> str:
        if cell.key != "amount":
            return ""
        notes = []
        own = now.figures.get(FigureKind.OWN)
        if purpose is FormPurpose.PROGRESS and own is not None and own.amount is not None:
            notes.append(f"该单位已自报{plain_value(own.amount)},代录并列保存,以自报为准")
        amount = as_amount(cell.text)
        if amount is not None and purpose in KIND_OF:
            report = ProgressReport(
                id=RecordId(0), subject=now.subject.id, month=self.month, amount=amount
            )
            doubt = doubt_of(report, now.subject, _number(base.get("before", "")))
            if doubt:
                notes.append(doubt.rstrip("。"))
        return ";".join(notes)


def source_cells(figure: Figure | None) -> dict[str, Value]:
    """A certifying office's figure as the cells of its form."""
    if figure is None:
        return {}
    return {
        "amount": figure.amount if figure.amount is not None else figure.typed,
        "note": figure.note,
    }


def open_problems(store: Store, year: int) -> dict[RecordId, list[str]]:
    """The texts of the year's unsettled problems, by target."""
    found: dict[RecordId, list[str]] = defaultdict(list)
    records = side.problems_of_year(store, year)
    for one in store.get_many(ProgressProblem, records).values():
        if one.settled_on is None:
            found[one.subject].append(one.text)
    return found


def _told_slipped(sheet: ReturnedSheet) -> tuple[Sequence[ChangedCell], Problem | None]:
    """The sheet's changes, those doubted that fit their neighbour's last month, and that they do."""
    typed = {cell.record: as_amount(cell.text) for cell in sheet.changes if cell.key == "amount"}
    step, places = slipped(
        [typed.get(record) for record in sheet.records],
        [_number(sheet.bases[record].get("before", "")) for record in sheet.records],
    )
    if not step:
        return sheet.changes, None
    records = {sheet.records[place] for place in places}
    rows = [cell.place for cell in sheet.changes if cell.key == "amount" and cell.record in records]
    where, near = f"{rows[0]}:{rows[-1]}", "上" if step < 0 else "下"
    said = f"与{near}一行的上月累计相近,像是整列错了一行"
    doubted = [
        cell._replace(doubt=cell.doubt or f"{where}{said}")
        if cell.key == "amount" and cell.record in records else cell for cell in sheet.changes
    ]
    return doubted, Problem(where, "", said, "这些格默认不写入,核对后可勾选")


def _number(text: str) -> Decimal | None:
    return as_amount(text) if text else None
