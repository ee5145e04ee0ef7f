"""The decomposition ledger as a workbook: a row for each target and part, and empty rows for new parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from mbo_desktop import clock
from mbo_desktop.domain.allocations import PlanPeriod
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.errors import InputError
from mbo_desktop.services import papers, session
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
)
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.decomposition_flat import PostLine, portable_names
from mbo_desktop.store.queries.decomposition_people import HeldPost

PURPOSE = "decomposition"
"""What the workbook says of itself, so that other forms are told from it."""
SHEET = "分解台账"
PLAN = "plan"
_QUARTERS = ("一季度", "二季度", "三季度", "四季度")
ISSUED = frozenset({"title", "unit", "form", "value", "unit_of_measure", "last_year", "due"})
"""What the issuer of a target set; in its row these are shown and locked."""
UPPER, OWN_NUMBER = "upper", "_number"
"""The column 上级序号, and under which name a row keeps its own number."""
NEW = "new/"
"""Begins the record names of the empty rows."""
SPARE = 30
"""Empty rows for new parts, and one more for every fifth row that there is."""
_GUIDE = (
    "填写说明：白色的格可以填写，灰色的格不要改；灰色的字沿用上级，需要另定时直接改写。计划填自年初起的累计数。"
    "要往下分解的，在表末“新增”各行填上级序号、工作任务等；不要增删、移动行列，不要合并单元格，填好后按原格式保存交回。"
)


@dataclass(frozen=True, slots=True)
class LedgerScope:
    """Whose ledger: a branch (tree id, 0: all), within it one unit with those below it."""

    node: int = 0
    unit: RecordId | None = None


def columns(periods: int = 4) -> tuple[FormColumn, ...]:
    """The columns of the ledger behind 序号, with 4 quarters or 12 months of the plan."""
    heads = _QUARTERS if periods == 4 else tuple(f"{month}月" for month in range(1, 13))
    return (
        FormColumn("title", "工作任务", width=42),
        FormColumn(UPPER, "上级序号", width=9, as_text=True),
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
            FormColumn(f"{PLAN}{place}", f"{head}累计", Kind.NUMBER, 10.5)
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
    spare = tuple(
        FormRow(f"{NEW}{number}", f"新增{number}", 1, {OWN_NUMBER: f"新增{number}"})
        for number in range(1, SPARE + len(rows) // 5 + 1)
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
        made, (*rows, *spare), guide=_GUIDE,
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
    # Its own number is kept with what stood in the row: new rows name it as the one above them.
    cells |= {UPPER: number.rpartition(".")[0], OWN_NUMBER: number}
    locked = {UPPER} if node.kind is WalkKind.ALLOCATION else {UPPER, *ISSUED}
    return FormRow(record, number, depth, cells, frozenset(locked), frozenset(inherited))


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
        cells[f"{PLAN}{place}"] = amount
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


