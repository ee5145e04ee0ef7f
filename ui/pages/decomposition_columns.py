"""The columns of the decomposition tree, and how a row of it is shown in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from mbo_desktop.domain import calendar
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.services.decomposition import BranchKind, BranchRow, PersonOnNode
from mbo_desktop.services.origins import Origin
from ui.grids.columns import Cell, Column, Kind, Light, Lookup, Option, Tone
from ui.grids.source import matches
from ui.grids.tree_model import TreeRow
from ui.pages.exchange_block import locked, mark_text

PEOPLE = ("leader", "responsible", "handler")
OF_TARGET = frozenset({
    "form", "value", "last_year", "due", "share", "weight", "plan", "points", "supporting", *PEOPLE,
})
"""What may be typed for a target: its figures and the carrier's side of it; names are the issuer's."""
EDITABLE = {
    BranchKind.CATEGORY: frozenset[str](),
    BranchKind.INDICATOR: OF_TARGET,
    BranchKind.TARGET: OF_TARGET,
    BranchKind.ALLOCATION: (OF_TARGET | {"title", "unit_of_measure", "unit"}) - {"points"},
}


def form_options(typed: str) -> Sequence[Option]:
    """Forms of targets for a picker."""
    return [
        Option(form, form.label) for form in TargetForm
        if form is not TargetForm.NOT_APPLICABLE and (not typed or matches(typed, form.label))
    ]


def branch_columns(
    units: Lookup, posts: Lookup, year: Callable[[], int]
) -> tuple[Column, ...]:
    """The columns; units and posts are looked up for the row being typed into."""

    def read_due(text: str) -> date:
        return calendar.read_deadline(text, year())

    return (
        Column("title", "目标和分解项", width=224, editable=True, read=str.strip, hint="F2 改名"),
        Column("form", "形式", Kind.CHOICE, width=64, editable=True, hidden=True, lookup=form_options,
               read=str.strip),
        Column("value", "目标值", width=92, editable=True, read=str.strip, align=_RIGHT),
        Column("unit_of_measure", "计量单位", width=72, editable=True, read=str.strip),
        Column("unit", "责任单位", Kind.CHOICE, width=112, editable=True, lookup=units, read=str.strip),
        Column("share", "份额%", Kind.NUMBER, width=54, editable=True, hidden=True),
        Column("weight", "权重", Kind.NUMBER, width=54, editable=True, hidden=True),
        Column("last_year", "上年", Kind.NUMBER, width=76, editable=True, hidden=True),
        Column("supporting", "配合单位", width=130, editable=True, hidden=True, read=str.strip),
        Column("leader", "责任领导", Kind.CHOICE, width=96, editable=True, hidden=True, lookup=posts,
               read=str.strip),
        Column("responsible", "责任人", Kind.CHOICE, width=82, editable=True, lookup=posts,
               read=str.strip),
        Column("handler", "经办人", Kind.CHOICE, width=82, editable=True, lookup=posts, read=str.strip),
        Column("due", "时限", Kind.DATE, width=58, editable=True, read=read_due),
        Column("plan", "计划", width=130, editable=True, hidden=True, read=str.strip,
               hint="填 序时,或各季累计数 25、50、75、100"),
        Column("points", "分值", Kind.NUMBER, width=50, editable=True, hidden=True),
        Column("blanks", "待补", width=104),
    )


_WORDED = (TargetForm.TEXT, TargetForm.MILESTONE, TargetForm.PROJECT, TargetForm.CONDITION)
_RIGHT = Column("", "", Kind.NUMBER).alignment


def tree_row(
    row: BranchRow, *, year: int, hit: bool, marks: Sequence[str], fields: frozenset[str],
    origin: Origin | None = None,
) -> TreeRow:
    """A row with its cells.

    hit: False for what only stands above the rows found; marks: words about its blanks, the
    worst first; fields: columns in which something is missing; origin: the other office whose it is.
    """
    cells = BranchCells(row, year, marks, fields, origin)
    if row.kind is BranchKind.CATEGORY:
        return TreeRow(row.id, cells, child_count=row.child_count, bold=True, band=True)
    return TreeRow(row.id, cells, child_count=row.child_count, tone=Tone.PLAIN if hit else Tone.MUTED)


class BranchCells(Mapping[str, "Cell | str"]):
    """Cells made when they are looked at: of 150 children of a branch a screen shows 20."""

    __slots__ = ("_allowed", "_fields", "_made", "_marks", "_origin", "_row", "_year")

    def __init__(
        self, row: BranchRow, year: int, marks: Sequence[str], fields: frozenset[str],
        origin: Origin | None = None,
    ) -> None:
        self._row, self._year, self._marks, self._fields = row, year, marks, fields
        self._origin = origin
        self._allowed = EDITABLE[row.kind] if row.target is not None else frozenset[str]()
        self._made: dict[str, Cell] = {}

    def __getitem__(self, key: str) -> Cell:
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(key)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_MAKERS)

    def __len__(self) -> int:
        return len(_MAKERS)

    def _make(self, key: str) -> Cell:
        if self._row.kind is BranchKind.CATEGORY:
            return Cell(self._row.title if key == "title" else "", editable=False)
        if key == "blanks":
            made = _blanks(self._row, self._marks)
        elif key == "due":
            made = _due_cell(self._row, self._year)
        else:
            made = _MAKERS[key](self._row)
        if key in self._fields and (not made.text or key == "due"):
            made = Cell("空白", light=Light.RED, tone=Tone.RED, edit_text="", note="尚未填写")
        made = _with_right(made, key in self._allowed)
        return made if self._origin is None else self._of_other(key, made, self._origin)

    def _of_other(self, key: str, cell: Cell, origin: Origin) -> Cell:
        """What another office gave: marked; a part that it cut itself takes nothing here."""
        if self._row.kind is BranchKind.ALLOCATION:
            cell = locked(cell, origin)
        if key != "title":
            return cell
        return replace(cell, text=mark_text(cell.text, origin), note="\n".join((cell.note, origin.sentence)).strip())


def _with_right(cell: Cell, editable: bool) -> Cell:
    # dataclasses.replace takes ten times as long, and a screen has some 300 cells.
    return Cell(cell.text, cell.value, cell.number, cell.tone, cell.light, cell.bold, cell.icon,
                cell.problem, cell.note, editable, cell.edit_text)


def _title(row: BranchRow) -> Cell:
    if not row.title_inherited:
        return Cell(row.title, note=row.title, edit_text=row.title)
    if row.unit_label and not row.unit_inherited:
        return Cell(row.unit_label, note=f"{row.title}:{row.unit_label}", edit_text="")
    return Cell(row.title, tone=Tone.MUTED, note=row.title, edit_text="")


def _value(row: BranchRow) -> Cell:
    notes = [row.adjusted, row.rest]
    return Cell(
        row.value, number=row.amount, edit_text=row.typed or row.value,
        icon="lock" if row.locked else "", note="\n".join(one for one in notes if one),
    )


def _measure(row: BranchRow) -> Cell:
    """Words have no unit of measure; one from above would only look like one."""
    if row.measure_inherited and row.form in _WORDED:
        return Cell()
    return Cell(row.unit_of_measure, tone=_muted(row.measure_inherited))


def _number(value: object) -> Cell:
    return Cell() if value is None else Cell(show(value), value)  # type: ignore[arg-type]


def person_cell(person: PersonOnNode) -> Cell:
    """Who it is; inherited ones are muted, a post without a holder says so."""
    if person.vacant:
        return Cell(person.label or "空缺", tone=Tone.AMBER, note="岗位目前空缺", edit_text=person.label)
    name = person.label.partition("(")[0]
    return Cell(name, tone=_muted(person.inherited), note=person.label, edit_text=person.label)


def _unit(row: BranchRow) -> Cell:
    return Cell(row.unit_label, tone=_muted(row.unit_inherited),
                note=row.principal and f"第一责任人 {row.principal}")


def _due_cell(row: BranchRow, year: int) -> Cell:
    if row.due is None:
        # 全年 targets are due at the year's end, unless they say otherwise.
        return Cell("12-31" if row.amount is not None else "", tone=Tone.MUTED, edit_text="", note="没有另定时限,按年底")
    day = row.due.isoformat()
    shown = f"{row.due:%m-%d}" if row.due.year == year else day
    return Cell(shown, tone=_muted(row.due_inherited), edit_text=day, note=day)


def _blanks(row: BranchRow, marks: Sequence[str]) -> Cell:
    words = list(marks)
    if row.redivide and not any("重新分解" in word for word in words):
        words.insert(0, "需重新分解")
    if row.undivided and not words:
        return Cell("不分解", tone=Tone.MUTED, note=row.undivided)
    if not words:
        return Cell()
    text = words[0] if len(words) == 1 else f"{words[0]}等{len(words)}处"
    return Cell(text, light=Light.AMBER, tone=Tone.AMBER, note="、".join(words[:12]))


def _muted(inherited: bool) -> Tone:
    return Tone.MUTED if inherited else Tone.PLAIN


_MAKERS: dict[str, Callable[[BranchRow], Cell]] = {
    "title": _title,
    "form": lambda row: Cell(row.form.label if row.form else "", tone=Tone.MUTED),
    "value": _value,
    "unit_of_measure": _measure,
    "unit": _unit,
    "share": lambda row: _number(row.share),
    "weight": lambda row: _number(row.weight),
    "last_year": lambda row: _number(row.last_year),
    "supporting": lambda row: Cell("、".join(name for _unit, name in row.supporting)),
    "leader": lambda row: person_cell(row.leader),
    "responsible": lambda row: person_cell(row.responsible),
    "handler": lambda row: person_cell(row.handler),
    "due": lambda row: _due_cell(row, 0),
    "plan": lambda row: Cell(row.plan_text, note=row.plan_text),
    "points": lambda row: _number(row.points),
    "blanks": lambda row: _blanks(row, ()),
}
"""What stands under each column; due and blanks also need the year and the marks."""
