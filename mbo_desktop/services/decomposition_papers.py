"""The task breakdown sheet and the list of blanks on paper, from the records of a year."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.blanks import Severity
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.quantity import show
from mbo_desktop.errors import InputError
from mbo_desktop.services import session
from mbo_desktop.services.decomposition_walk import (
    Walk,
    WalkKind,
    WalkNode,
    WalkPerson,
    plan_amounts,
    walk,
)
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.decomposition_table import TaskPaper
    from mbo_desktop.documents.flat_table import FlatTable
    from mbo_desktop.documents.model import Document
    from mbo_desktop.services.blanks import BlankList


class Grouping(Choice):
    """What the bands of a task breakdown sheet name."""

    CATEGORY = "category", "按类别"
    UNIT = "unit", "按责任单位"
    NONE = "none", "不分组"


@dataclass(frozen=True, slots=True)
class TaskScope:
    """What a sheet holds and how: a branch (tree id, 0: all), within it one unit with those below it."""

    node: int = 0
    unit: RecordId | None = None
    grouping: Grouping = Grouping.CATEGORY
    periods: int = 4
    """4 quarters or 12 months."""
    levels: int = 0
    """So many levels from the top of the branch; 0: all."""
    paper: str = ""
    """"A4", "A3", or empty: by content."""


def task_paper(store: Store, year: int, scope: TaskScope | None = None) -> TaskPaper:
    """The texts of a task breakdown sheet; raises InputError when the scope holds no task."""
    from mbo_desktop.documents.decomposition_table import TaskLine, TaskPaper

    chosen = scope or TaskScope()
    found = walk(store, year)
    nodes = rows_of(found, chosen)
    if not nodes:
        raise InputError("所选范围内没有分解任务。", "请另选范围,或先在“目标分解”中分解。", "未写出任何文件。")
    stages = milestone_texts(store, nodes, year)
    places = numbered(found, nodes, chosen.grouping)
    lines = tuple(
        TaskLine(
            number=_short(place.number),
            title=place.title,
            value=node.value,
            lead=found.unit_label(node.target_unit),
            unit=node.unit_label,
            supporting="、".join(node.supporting_labels),
            leader=person_text(node.leader),
            responsible=person_text(node.responsible),
            handler=person_text(node.handler),
            due=deadline(node, year),
            plan=plan_texts(node, chosen.periods),
            milestones=stages.get(node.id, ""),
            depth=place.depth,
            group=place.group,
            is_heading=node.target is None,
        )
        for node, place in places
    )
    count = sum(node.is_row for node in nodes)
    notes = [f"注：共{count}项。"]
    unfilled = sum(not node.responsible for node in nodes if node.is_row and not node.undivided)
    if unfilled:
        notes[0] = f"注：共{count}项，其中尚未明确责任人{unfilled}项。"
    return TaskPaper(
        title=_title(store, found, chosen), lines=lines, office=session.office(store).name,
        date=show_date(clock.today()), periods=chosen.periods, notes=tuple(notes),
        paper=chosen.paper,
    )


def task_document(store: Store, year: int, scope: TaskScope | None = None) -> Document:
    """The task breakdown sheet laid out."""
    from mbo_desktop.documents.decomposition_table import task_document as laid_out

    return laid_out(task_paper(store, year, scope))


def task_flat(store: Store, year: int, scope: TaskScope | None = None) -> FlatTable:
    """The same sheet as plain rows, for `paper_files.write_paper` to .xlsx."""
    from mbo_desktop.documents.decomposition_table import task_flat as flat

    return flat(task_paper(store, year, scope))


def blanks_document(
    store: Store, year: int, blanks: BlankList, *, unit: RecordId | None = None,
    with_notes: bool = False,
) -> Document:
    """空白清单 of a list that `services.blanks` found, unit by unit in official order.

    unit: only what this unit and those below it have to mend; with_notes: what is only worth
    a look (提示) too, else it is but counted.
    """
    from mbo_desktop.documents.decomposition_blanks import BlankLine, BlanksPaper
    from mbo_desktop.documents.decomposition_blanks import blanks_document as laid_out

    found = walk(store, year)
    named = {node.id: node for node in found.nodes}
    order = {unit.id: unit.sort_path for unit in found.tree.units.values()}
    lines = []
    inside = None if unit is None else units_below(found, unit)
    chosen = [one for one in blanks.blanks if inside is None or one.unit in inside]
    listed = [one for one in chosen if with_notes or one.severity is not Severity.NOTE]
    ranked = sorted(
        listed, key=lambda one: "" if one.unit is None else order.get(one.unit, "~")
    )
    for one in ranked:
        node = named.get(one.node)
        lines.append(BlankLine(
            unit=found.unit_label(one.unit) or "本级",
            severity=f"{SEVERITY_SHAPES.get(one.severity.value, '○')}{one.severity.label}",
            kind=one.kind.label, text=one.text,
            task=one.place or ("" if node is None else node.title),
            people="" if node is None else person_text(node.responsible),
        ))
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.severity] = counts.get(line.severity, 0) + 1
    told = "，".join(f"{name}{count}项" for name, count in counts.items())
    note = f"注：共{len(lines)}项，{told}。" if lines else "注：检查范围内没有空白。"
    if len(chosen) > len(listed):
        note += f"另有提示{len(chosen) - len(listed)}项，未列入。"
    own = session.office(store)
    return laid_out(BlanksPaper(
        f"{own.government_name or own.name}{year}年度目标分解空白清单", tuple(lines), own.name,
        show_date(clock.today()), (note,),
    ))


blanks_paper = blanks_document

SEVERITY_SHAPES = {"blank": "■", "wrong": "▲", "note": "○"}
"""Shapes that tell the severities apart in black and white."""


def rows_of(found: Walk, scope: TaskScope) -> tuple[WalkNode, ...]:
    """The rows a scope takes in, in display order; raises InputError when its branch is gone."""
    nodes = found.branch(scope.node)
    if scope.levels and nodes:
        top = max(nodes[0].level, 1)
        nodes = tuple(node for node in nodes if node.level < top + scope.levels)
    nodes = tuple(node for node in nodes if node.kind is not WalkKind.CATEGORY)
    if scope.unit is not None:
        units = units_below(found, scope.unit)
        return tuple(node for node in nodes if node.unit in units)
    return nodes


def units_below(found: Walk, unit: RecordId) -> frozenset[RecordId]:
    """A unit and all units under it."""
    inside = {unit}
    for line in sorted(found.tree.units.values(), key=lambda one: one.sort_path):
        if line.superior in inside:
            inside.add(line.id)
    return frozenset(inside)


def milestone_texts(store: Store, nodes: Sequence[WalkNode], year: int) -> dict[int, str]:
    """By tree id: 「6月底：主体完工」 in lines, for nodes that have milestones."""
    with_stages = {
        node.allocation: node.id for node in nodes if node.milestones and node.allocation is not None
    }
    if not with_stages:
        return {}
    records = store.get_many(Allocation, list(with_stages))
    return {
        with_stages[record.id]: "\n".join(
            f"{due_text(stage.due, year)}：{stage.title}" if stage.due else stage.title
            for stage in record.milestones
        )
        for record in records.values()
    }


def due_text(day: date | None, year: int) -> str:
    """「6月底」, 「3月5日」; with the year where it is another."""
    if day is None:
        return ""
    last = calendar.monthrange(day.year, day.month)[1]
    text = f"{day.month}月底" if day.day == last else f"{day.month}月{day.day}日"
    return text if day.year == year else f"{day.year}年{text}"


def deadline(node: WalkNode, year: int) -> str:
    """The due date as printed; an annual amount without one is due by the end of the year."""
    if node.due is None and node.amount is not None:
        return "年底"
    return due_text(node.due, year)


def person_text(person: WalkPerson | None) -> str:
    """The name, or the vacant post; tables have no room for both."""
    if person is None:
        return ""
    return person.name or f"{person.title}（空缺）"


def plan_texts(node: WalkNode, periods: int) -> tuple[str, ...]:
    """The plan as printed; empty where nothing is planned at all."""
    if node.plan is None:
        return ()
    return tuple("" if one is None else show(one) for one in plan_amounts(node.plan, periods))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in its group: its number, how deep, and the words for its task."""

    number: str
    depth: int
    group: str
    title: str


def numbered(
    found: Walk, nodes: Sequence[WalkNode], grouping: Grouping
) -> list[tuple[WalkNode, Place]]:
    """The rows group by group, numbered by where they stand below other rows of their group."""
    keys = {node.id: _group_of(found, node, grouping) for node in nodes}
    ordered = list(nodes)
    if grouping is Grouping.UNIT:
        units = found.tree.units
        ordered.sort(key=lambda node: units[node.unit].sort_path if node.unit in units else "~")
    depths: dict[int, int] = {}
    counters: dict[str, list[int]] = {}
    result = []
    for node in ordered:
        group = keys[node.id]
        above = next((one for one in found.above(node) if keys.get(one.id) == group), None)
        depth = 0 if above is None or above.id not in depths else depths[above.id] + 1
        depths[node.id] = depth
        numbers = counters.setdefault(group, [])
        del numbers[depth + 1 :]
        numbers += [0] * (depth + 1 - len(numbers))
        numbers[depth] += 1
        title = node.title
        if depth and above is not None and above.title == node.title and node.unit != above.unit:
            title = f"其中：{node.unit_label}"
        result.append((node, Place(".".join(map(str, numbers)), depth, group, title)))
    return result


_DEEP = 6


def _short(number: str) -> str:
    """「1.2.1.3.1.2」; deeper ones begin with … so that they stay on one line."""
    parts = number.split(".")
    return number if len(parts) <= _DEEP else "…" + ".".join(parts[-3:])


def _group_of(found: Walk, node: WalkNode, grouping: Grouping) -> str:
    if grouping is Grouping.UNIT:
        return node.unit_label or "未明确责任单位"
    if grouping is Grouping.NONE:
        return ""
    return _top(found.above(node), node).title


def _top(above: Iterable[WalkNode], node: WalkNode) -> WalkNode:
    last = node
    for one in above:
        last = one
    return last


def _title(store: Store, found: Walk, scope: TaskScope) -> str:
    own = session.office(store)
    government = own.government_name or own.name
    if scope.unit is not None:
        return f"{found.tree.units[scope.unit].name}{found.year}年度目标任务分解表"
    if scope.node:
        branch = found.branch(scope.node)[0]
        return f"{government}{found.year}年度{branch.title}任务分解表"
    return f"{government}{found.year}年度目标任务分解表"
