"""The decomposition ledger out to a workbook and back: what a unit filled in, previewed cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.allocations import PlanPeriod
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.errors import FileReadError, InputError
from mbo_desktop.services import papers, session
from mbo_desktop.services.decomposition_edits import FieldEdit, write_fields
from mbo_desktop.services.decomposition_papers import Grouping, TaskScope, numbered, rows_of
from mbo_desktop.services.decomposition_people import label_of
from mbo_desktop.services.decomposition_walk import (
    Walk,
    WalkKind,
    WalkNode,
    WalkPerson,
    plan_amounts,
    walk,
)
from mbo_desktop.spreadsheets.form_book import book_bytes
from mbo_desktop.spreadsheets.form_layout import (
    FormBook,
    FormColumn,
    FormRow,
    FormSheet,
    Kind,
    Value,
    plain_value,
)
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.decomposition_flat import PostLine, portable_names
from mbo_desktop.store.queries.decomposition_people import HeldPost

if TYPE_CHECKING:
    from mbo_desktop.spreadsheets.form_return import ChangedCell, ReturnedSheet
    from mbo_desktop.spreadsheets.table import Problem

PURPOSE = "decomposition"
"""What the workbook says of itself, so that other forms are told from it."""
SHEET = "分解台账"
_PLAN = "plan"
_QUARTERS = ("一季度", "二季度", "三季度", "四季度")
_SAFE = "未写入任何内容,原有数据未改动。"
_ISSUED = frozenset({"title", "unit", "form", "value", "unit_of_measure", "last_year", "due"})
"""What the issuer of a target set; in its row these are shown and locked."""


@dataclass(frozen=True, slots=True)
class LedgerScope:
    """Whose ledger: a branch (tree id, 0: all), within it one unit with those below it."""

    node: int = 0
    unit: RecordId | None = None


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """A cell that will be written: where it stands in the file, which row of the tree, old and new."""

    place: str
    node: int
    key: str
    """The column of the ledger; plan columns are plan1, plan2 …"""
    head: str
    task: str
    unit: str
    old: str
    """What stands in the program now."""
    new: str
    value: Value
    doubt: str = ""
    """Changed in the program since the file was made, or probably a slip of the hand."""


@dataclass(frozen=True, slots=True)
class LedgerPreview:
    """What reading a ledger back would do; nothing is written yet."""

    source: str
    year: int
    unit: str
    """Whose ledger it is, as the file says."""
    made: str
    """When the file was made."""
    rows: int
    changes: tuple[LedgerChange, ...]
    problems: tuple[Problem, ...]
    periods: int = 4

    @property
    def doubtful(self) -> int:
        """How many changes should be looked at before they are written."""
        return sum(bool(one.doubt) for one in self.changes)


@dataclass(frozen=True, slots=True)
class LedgerResult:
    """What was written, and the cells that were refused with place and reason."""

    written: int
    refused: tuple[tuple[str, str], ...]


def columns(periods: int = 4) -> tuple[FormColumn, ...]:
    """The columns of the ledger behind 序号, with 4 quarters or 12 months of the plan."""
    heads = _QUARTERS if periods == 4 else tuple(f"{month}月" for month in range(1, 13))
    return (
        FormColumn("title", "工作任务", width=42),
        FormColumn("unit", "责任单位", width=16, choices="单位", strict=True),
        FormColumn("form", "目标形式", width=10, choices="目标形式", strict=True),
        FormColumn("value", "目标值", width=14),
        FormColumn("unit_of_measure", "计量单位", width=9),
        FormColumn("last_year", "上年实绩", Kind.NUMBER, 11),
        FormColumn("share", "份额(%)", Kind.NUMBER, 8, sign="%"),
        FormColumn("supporting", "配合单位", width=20),
        FormColumn("leader", "责任领导", width=18, choices="人员"),
        FormColumn("responsible", "责任人", width=18, choices="人员"),
        FormColumn("handler", "经办人", width=18, choices="人员"),
        FormColumn("due", "完成时限", Kind.DATE, 12),
        *(
            FormColumn(f"{_PLAN}{place}", f"{head}累计", Kind.NUMBER, 10.5)
            for place, head in enumerate(heads, start=1)
        ),
        FormColumn("difficulties", "攻坚难点", width=24),
        FormColumn("measures", "措施办法", width=24),
        FormColumn("undivided", "不分解的理由", width=18),
    )


def ledger_book(store: Store, year: int, scope: LedgerScope) -> FormBook:
    """The ledger's content; raises InputError when the scope holds nothing."""
    found = walk(store, year)
    chosen = TaskScope(node=scope.node, unit=scope.unit, grouping=Grouping.NONE)
    nodes = tuple(node for node in rows_of(found, chosen) if node.is_row)
    if not nodes:
        raise InputError("所选范围内没有分解任务,没有可导出的台账。", "请另选范围。", "未写出任何文件。")
    periods = 12 if any(
        node.plan is not None and node.plan.period is PlanPeriod.MONTH for node in nodes
    ) else 4
    names = portable_names(store, [record_of(node) for node in nodes])
    made = columns(periods)
    places = numbered(found, nodes, Grouping.NONE)
    rows = tuple(
        _row(found, node, names[record_of(node)], place.number, place.depth, periods)
        for node, place in places
    )
    unit = None if scope.unit is None else found.tree.units[scope.unit]
    own = session.office(store)
    whose = own.government_name or own.name if unit is None else unit.name
    now = clock.now().strftime("%Y-%m-%d %H:%M")
    facts: dict[str, str | int] = {
        "year": year, "office": store.owner.hex, "made": now, "periods": periods,
        "unit": "" if unit is None else portable_names(store, [unit.id])[unit.id],
        "unit_name": whose,
    }
    sheet = FormSheet(
        SHEET, f"{whose}{year}年度目标分解台账", f"{own.name}　{now} 导出　共{len(rows)}项", facts,
        made, rows,
    )
    return FormBook(PURPOSE, (sheet,), _lists(found, scope, nodes), paper="A3")


def write_ledger(
    store: Store, year: int, scope: LedgerScope, path: Path,
    progress: papers.Progress | None = None,
) -> papers.PrintedFiles:
    """Write the ledger as .xlsx, whole or not at all; raises InputError, FileWriteError."""
    from mbo_desktop.documents.output import put_file

    book = ledger_book(store, year, scope)
    papers.make_folder(path.parent)
    put_file(path, book_bytes(book, progress))
    return papers.PrintedFiles((path,))


def read_ledger(
    store: Store, year: int, path: Path, *, unit: RecordId | None = None
) -> LedgerPreview:
    """What a ledger that came back would change; unit: whose it is expected to be.

    Raises FileReadError for another file, another year, another office or another unit.
    """
    from mbo_desktop.spreadsheets.form_return import read_form

    returned = read_form(
        path, PURPOSE, lambda facts: columns(12 if facts.get("periods") == 12 else 4), SHEET
    )
    _refuse_foreign(store, year, returned, unit)
    return _Preview(store, year, returned).made()


def apply_ledger(
    store: Store, preview: LedgerPreview, *, with_doubtful: bool = False,
    leave_out: frozenset[str] = frozenset(),
) -> LedgerResult:
    """Write the changes as one undo step: doubtful ones only when asked for, none of `leave_out` (places).

    Raises NotAllowedError in a sealed year.
    """
    chosen = [
        one for one in preview.changes
        if (with_doubtful or not one.doubt) and one.place not in leave_out
    ]
    found = walk(store, preview.year)
    nodes = {node.id: node for node in found.nodes}
    edits: list[FieldEdit] = []
    plans: dict[int, dict[int, Value]] = {}
    places: dict[tuple[int, str], list[str]] = {}
    for one in chosen:
        if one.node not in nodes:
            continue
        if one.key.startswith(_PLAN):
            plans.setdefault(one.node, {})[int(one.key.removeprefix(_PLAN)) - 1] = one.value
            places.setdefault((one.node, _PLAN), []).append(one.place)
        else:
            edits.append(FieldEdit(one.node, one.key, one.value))
            places[one.node, one.key] = [one.place]
    for node, amounts in plans.items():
        edits.append(FieldEdit(node, _PLAN, _plan_text(nodes[node], amounts, preview.periods)))
    if not edits:
        return LedgerResult(0, ())
    refused = write_fields(store, preview.year, edits, f"读回分解台账 {preview.unit}")
    told = tuple(
        (place, reason) for (node, key), reason in refused.items()
        for place in places.get((node, str(key)), ["?"])
    )
    return LedgerResult(sum(map(len, places.values())) - len(told), told)


def record_of(node: WalkNode) -> RecordId:
    """The record a row of the ledger stands for: the target, or the allocation."""
    record = node.allocation if node.kind is WalkKind.ALLOCATION else node.target
    assert record is not None
    return record


def _row(
    found: Walk, node: WalkNode, record: str, number: str, depth: int, periods: int
) -> FormRow:
    cells = cells_of(found, node, periods)
    inherited = {
        key for key, own in (
            ("title", bool(node.title_own)), ("unit", node.unit_own), ("due", node.due_own),
            *(
                (key, person is None or not person.inherited)
                for key, person in (
                    ("leader", node.leader), ("responsible", node.responsible),
                    ("handler", node.handler),
                )
            ),
        ) if not own
    }
    locked = _ISSUED if node.kind is not WalkKind.ALLOCATION else frozenset()
    return FormRow(record, number, depth, cells, locked, frozenset(inherited))


def cells_of(found: Walk, node: WalkNode, periods: int) -> dict[str, Value]:
    """What the ledger shows of a row, by column."""
    line = found.tree.roots.get(node.target) if node.target is not None else None
    if node.kind is WalkKind.ALLOCATION and node.allocation is not None:
        line = found.lines.get(node.allocation)
    cells: dict[str, Value] = {
        "title": node.title, "unit": node.unit_label,
        "form": "" if node.form is None else node.form.label,
        "value": _number_or_text(node.typed), "unit_of_measure": node.unit_of_measure,
        "last_year": node.last_year, "share": node.share,
        "supporting": "、".join(node.supporting_labels),
        "leader": person_label(found, node.leader, node.unit),
        "responsible": person_label(found, node.responsible, node.unit),
        "handler": person_label(found, node.handler, node.unit), "due": node.due,
        "difficulties": "" if line is None else line.difficulties,
        "measures": "" if line is None else line.measures, "undivided": node.undivided,
    }
    for place, amount in enumerate(plan_amounts(node.plan, periods), start=1):
        cells[f"{_PLAN}{place}"] = amount
    return cells


def _number_or_text(typed: str) -> Value:
    """A plain number as a number, so that the sheet can add it up."""
    text = typed.strip()
    plain = text.lstrip("-").replace(".", "", 1)
    if plain.isascii() and plain.isdigit() and canonical(Decimal(text)) == text:
        return Decimal(text)
    return text


def person_label(found: Walk, person: WalkPerson | None, unit: RecordId | None) -> str:
    """A post as the tree shows it in a unit's row, so that it is understood when typed back."""
    post = None if person is None else found.tree.posts.get(person.post)
    return "" if post is None else _label(found, post, unit)


def _label(found: Walk, post: PostLine, unit: RecordId | None) -> str:
    of = found.tree.units.get(post.unit)
    label = "" if of is None else of.label
    held = HeldPost(
        post.id, post.title, post.role, post.unit, label, label, "", post.person, post.name
    )
    return label_of(held, unit or 0)


def _lists(
    found: Walk, scope: LedgerScope, nodes: Sequence[WalkNode]
) -> Mapping[str, Sequence[str]]:
    """Names to pick from: units in official order, people of the units concerned, forms."""
    units = sorted(found.tree.units.values(), key=lambda line: line.sort_path)
    concerned = {node.unit for node in nodes if node.unit is not None}
    for line in units:
        if line.superior in concerned:
            concerned.add(line.id)
    main = scope.unit
    if main is None and len(concerned) == 1:
        main = next(iter(concerned))
    people = [
        _label(found, post, main) for post in found.tree.posts.values()
        if post.unit in concerned and (post.name or post.role != PostRole.LIAISON.value)
    ]
    used = [_label(found, found.tree.posts[p.post], main) for n in nodes
            for p in (n.leader, n.responsible, n.handler) if p is not None]
    return {
        "单位": tuple(dict.fromkeys(line.label for line in units)),
        "人员": tuple(dict.fromkeys([*people, *used])),
        "目标形式": tuple(form.label for form in TargetForm),
    }


def _refuse_foreign(
    store: Store, year: int, returned: ReturnedSheet, unit: RecordId | None
) -> None:
    """Another office's, another year's or another unit's file is not read."""
    facts, source = returned.facts, returned.source
    if facts.get("office") != store.owner.hex:
        raise FileReadError(
            f"“{source}”是由别的单位的程序导出的台账。", "请打开导出它的数据文件夹后再读回。", _SAFE
        )
    if facts.get("year") != year:
        raise FileReadError(
            f"“{source}”是 {facts.get('year')} 年度的台账,现在是 {year} 年度。",
            f"请先把年度切换到 {facts.get('year')}。", _SAFE,
        )
    if unit is not None:
        wanted = portable_names(store, [unit])[unit]
        if facts.get("unit") != wanted:
            raise FileReadError(
                f"“{source}”是{facts.get('unit_name') or '全部单位'}的台账,不是所选单位的。",
                "请核对文件,或改选单位。", _SAFE,
            )


class _Preview:
    """Compares what came back with what the program holds now."""

    def __init__(self, store: Store, year: int, returned: ReturnedSheet) -> None:
        self.year, self.returned = year, returned
        self.periods = 12 if returned.facts.get("periods") == 12 else 4
        self.found = walk(store, year)
        rows = [node for node in self.found.nodes if node.is_row]
        names = portable_names(store, [record_of(node) for node in rows])
        self.by_name = {names[record_of(node)]: node for node in rows}
        self.problems = list(returned.problems)
        self.now: dict[int, dict[str, Value]] = {}
        self.lost: set[str] = set()
        self.lost_cells = 0

    def made(self) -> LedgerPreview:
        """The preview."""
        from mbo_desktop.spreadsheets.table import Problem

        changes = [made for one in self.returned.changes if (made := self._change(one)) is not None]
        if self.lost:
            self.problems.append(Problem(
                "", "", f"有{len(self.lost)}项在导出后已从程序中删除", f"其中改动的{self.lost_cells}格没有读入"
            ))
        facts = self.returned.facts
        return LedgerPreview(
            self.returned.source, self.year, str(facts.get("unit_name") or ""),
            str(facts.get("made") or ""), len(self.returned.records), tuple(changes),
            tuple(self.problems), self.periods,
        )

    def _change(self, one: ChangedCell) -> LedgerChange | None:
        from mbo_desktop.spreadsheets.form_return import same
        from mbo_desktop.spreadsheets.table import Problem

        node = self.by_name.get(one.record)
        if node is None:
            self.lost.add(one.record)
            self.lost_cells += 1
            return None
        if node.kind is not WalkKind.ALLOCATION and one.key in _ISSUED:
            self.problems.append(Problem(
                one.place, one.text, f"目标的{one.head}由下达决定,台账中不能改", "保持原值"
            ))
            return None
        if node.id not in self.now:
            self.now[node.id] = cells_of(self.found, node, self.periods)
        now = plain_value(self.now[node.id].get(one.key))
        if same(one.text, now):
            return None
        doubt = one.doubt
        if not same(now, one.base):
            doubt = f"导出台账后程序里已改过(导出时为“{one.base}”)" if one.base else "导出台账后程序里已填写"
        elif not one.text and self._is_inherited(node, one.key):
            doubt = "这一格沿用上级,清空后仍沿用"
        return LedgerChange(
            one.place, node.id, one.key, one.head, self._task(node), node.unit_label, now, one.text,
            one.value, doubt,
        )

    def _task(self, node: WalkNode) -> str:
        """「工业投资 · 第1部分」: parts of different tasks often have the same name."""
        above = next((one for one in self.found.above(node) if one.is_row), None)
        return node.title if above is None or above.title == node.title else f"{above.title} · {node.title}"

    def _is_inherited(self, node: WalkNode, key: str) -> bool:
        if key in ("leader", "responsible", "handler"):
            person = getattr(node, key)
            return person is not None and bool(person.inherited)
        own = {"title": bool(node.title_own), "unit": node.unit_own, "due": node.due_own}
        return key in own and not own[key]


def _plan_text(node: WalkNode, changed: Mapping[int, Value], periods: int) -> str:
    """The whole plan with the changed amounts, as it would be typed into one cell."""
    amounts = [plain_value(one) for one in plan_amounts(node.plan, periods)]
    if node.plan is not None and len(node.plan.amounts) == 12 and periods == 4:
        # Months between the quarters' ends are kept.
        amounts = [plain_value(one) for one in node.plan.amounts]
        changed = {place * 3 + 2: value for place, value in changed.items()}
    for place, value in changed.items():
        amounts[place] = plain_value(value)
    if len(amounts) == 12 and not any(
        text for place, text in enumerate(amounts) if place % 3 != 2
    ):
        amounts = amounts[2::3]
    if not any(amounts):
        return ""
    return "、".join(text or "—" for text in amounts)
