"""The rows of one indicator for several units become one indicator with a cell for each unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from mbo_desktop.spreadsheets.proposal import ProposedCell, ProposedIndicator
from mbo_desktop.spreadsheets.row_cells import settled

Say = Callable[[str, str, str, str], None]
"""Tells a problem to the user: place, reason, what became of it, the text that stands there."""

_FIRST_STANDS = (
    ("code", "编号"), ("definition", "指标说明"), ("scoring_text", "评分标准"),
    ("data_source", "数据来源"), ("certifying_text", "考核部门"), ("lead", "牵头单位"),
)
"""What belongs to the indicator: where rows differ, the first stands and the others are noted."""
_EACH_OWN = (("note", ""), ("person", "责任人"), ("supporting", "配合单位"), ("due_text", "完成时限"))
"""What may be each unit's own: where rows differ, every unit keeps its own in its note."""


def joined_by_indicator(rows: Iterable[ProposedIndicator], say: Say) -> list[ProposedIndicator]:
    """One indicator for the rows of the same category, name and unit of measure.

    The same indicator twice for one unit is said, and the second is kept as another indicator.
    """
    groups: dict[tuple[str, str], list[_Group]] = {}
    order: list[_Group] = []
    for row in rows:
        known = groups.setdefault((row.category, row.name), [])
        fitting = [group for group in known if group.has_measure_of(row)]
        group = next((one for one in fitting if not one.clash(row)), None)
        if group is None:
            if fitting:
                key = fitting[0].clash(row)[0]
                place = fitting[0].places[key]
                said = f"“{key}”的这项指标与 {place} 重复" if key else f"与 {place} 同名,都没有写明单位"
                say(row.place, said, "两行都已保留,作为两项指标", row.name)
            group = _Group()
            known.append(group)
            order.append(group)
        group.add(row)
    return [_one(group.rows) for group in order]


@dataclass(slots=True)
class _Group:
    """The rows of one indicator, no unit twice."""

    rows: list[ProposedIndicator] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    """Where each unit of the group stands."""
    measure: str = ""

    def has_measure_of(self, row: ProposedIndicator) -> bool:
        return not self.measure or row.unit_of_measure in ("", self.measure)

    def clash(self, row: ProposedIndicator) -> list[str]:
        """The units of a row that the group has already."""
        return [key for key in row.cells if key in self.places]

    def add(self, row: ProposedIndicator) -> None:
        self.rows.append(row)
        self.measure = self.measure or row.unit_of_measure
        self.places.update((key, cell.place or row.place) for key, cell in row.cells.items())


def _one(group: list[ProposedIndicator]) -> ProposedIndicator:
    first = group[0]
    if len(group) == 1:
        return first
    points = next((row.points for row in group if row.points is not None), None)
    measure = next((row.unit_of_measure for row in group if row.unit_of_measure), "")
    changes: dict[str, Any] = {}
    notes: list[list[str]] = [[] for _row in group]
    for name, label in _FIRST_STANDS:
        text = next((getattr(row, name) for row in group if getattr(row, name)), "")
        changes[name] = text
        for row, noted in zip(group, notes, strict=True):
            if (own := getattr(row, name)) and own != text:
                noted.append(f"{label}:{own}")
    dues = {(row.due, row.due_text) for row in group}
    for name, label in _EACH_OWN:
        values = {getattr(row, name) for row in group}
        if len(values) == 1:
            continue
        changes[name] = type(getattr(first, name))()
        for row, noted in zip(group, notes, strict=True):
            own = getattr(row, name)
            if own and not (name == "due_text" and row.due is not None):
                text = own if isinstance(own, str) else "、".join(own)
                noted.append(f"{label}:{text}" if label else text)
    if len(dues) > 1:
        changes |= {"due": None, "due_text": ""}
    cells: dict[str, ProposedCell] = {}
    for row, noted in zip(group, notes, strict=True):
        for key, cell in row.cells.items():
            own_points = row.points if row.points is not None and row.points != points else None
            cells[key] = replace(
                cell,
                points=own_points if cell.points is None else cell.points,
                due=cell.due or (row.due if len(dues) > 1 else None),
                note=";".join(part for part in (cell.note, *noted) if part),
            )
    form, direction, measure = settled(cells.values(), measure)
    certifying = next((row.certifying for row in group if row.certifying), ())
    return replace(
        first, points=points, certifying=certifying, cells=cells, form=form, direction=direction,
        unit_of_measure=measure, **changes,
    )
