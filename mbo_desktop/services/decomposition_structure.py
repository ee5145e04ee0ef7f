"""The shape of the decomposition tree: adding, moving, deleting and copying branches, each one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from mbo_desktop.domain import ordering
from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.quantity import split_unit
from mbo_desktop.domain.registers import SourceLink
from mbo_desktop.errors import InputError, NotAllowedError, RecordMissingError
from mbo_desktop.services import decomposition, sealing
from mbo_desktop.services.decomposition_rows import BranchKind, BranchRow
from mbo_desktop.services.target_cells import TargetField, with_target_field
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition as reads
from mbo_desktop.store.queries import decomposition_rest as rest_reads
from mbo_desktop.store.queries import framework as framework_reads

DEEPEST = 60
"""Levels below a target; paper and screen end long before."""
_WORDS = {
    "progress_report": "条进度", "evidence": "份佐证材料", "progress_problem": "个问题",
    "source_link": "条任务来源", "issued_number": "个文号",
}


def add_child(store: Store, year: int, parent: int) -> int:
    """A new node, last below a row; what it does not state comes from above."""
    with store.change("添加分解项") as change:
        above = place_for_children(store, change, year, parent)
        record = change.new(Allocation)
        key = ordering.between(reads.last_ord(store, above), "")
        change.put(Allocation(id=record, parent=above, ord=key))
    return record


def add_sibling(store: Store, year: int, node: int) -> int:
    """A new node right behind one; NotAllowedError for rows that are no allocations."""
    with store.change("添加分解项") as change:
        sealing.refuse_sealed(store, year)
        row = _row(store, year, node)
        if row.kind is not BranchKind.ALLOCATION:
            raise NotAllowedError(
                f"“{row.name}”旁边不能添加分解项。", "请添加下级,或用“新建上级下达目标”。"
            )
        old = change.get(Allocation, RecordId(node))
        assert old.parent is not None
        pairs = reads.sibling_ords(store, old.parent)
        index = [one for one, _key in pairs].index(old.id) + 1
        key = ordering.between(*ordering.gap([key for _one, key in pairs], index))
        record = change.new(Allocation)
        change.put(Allocation(id=record, parent=old.parent, ord=key))
    return record


def place_for_children(store: Store, change: Change, year: int, parent: int) -> RecordId:
    """The allocation under which children of a row stand, a target's root made if need be.

    A statement that the row is not decomposed further is taken back. NotAllowedError where
    nothing can stand below, or the year is sealed.
    """
    sealing.refuse_sealed(store, year)
    row = _row(store, year, parent)
    if row.kind is BranchKind.CATEGORY:
        raise NotAllowedError("类别下面先要有目标。", "请用“新建上级下达目标”,或在“目标体系”中下达。")
    if row.target is None:
        raise NotAllowedError(
            f"“{row.name}”没有自己的目标值,不能直接分解。", "请在下面某个单位的行中分解,或先填写全市目标。"
        )
    if len(decomposition.path_to(store, year, parent)) > DEEPEST:
        raise NotAllowedError(f"分解已到第{DEEPEST}层,不能再往下分。", "请把下级移到上面几层。")
    record = row.allocation or change.named(Allocation, row.target)
    node = change.find(Allocation, record)
    if node is None:
        change.put(Allocation(id=record, target=row.target))
    elif node.undivided:
        change.put(replace(node, undivided=""))
    return record


def move(
    store: Store, year: int, ids: Sequence[int], parent: int, before: int | None = None
) -> None:
    """Put branches, in this order, below a row before one of its nodes (None: last); one revision each.

    Title and unit of measure that would come from elsewhere now are written out. Raises
    NotAllowedError for targets and indicators, and for a branch below itself.
    """
    with store.change("移动分解项") as change:
        tops = _tops(store, year, ids, "移动")
        _refuse_below_itself(store, year, tops, parent)
        above = place_for_children(store, change, year, parent)
        _refuse_depth(store, year, tops, parent)
        moving = {row.id for row in tops}
        pairs = [pair for pair in reads.sibling_ords(store, above) if pair[0] not in moving]
        place = next((i for i, pair in enumerate(pairs) if pair[0] == before), len(pairs))
        keys = ordering.spread(len(tops), *ordering.gap([key for _one, key in pairs], place))
        goal = _row(store, year, parent)
        nodes = store.get_many(Allocation, [RecordId(row.id) for row in tops])
        for row, key in zip(tops, keys, strict=True):
            node = nodes[RecordId(row.id)]
            if node.parent != above:
                node = _kept(node, row, goal)
            change.put(replace(node, parent=above, ord=key))


def _kept(node: Allocation, row: BranchRow, goal: BranchRow) -> Allocation:
    """The node with what it took from its former place and would not find at the new one."""
    title = goal.title if goal.kind is BranchKind.ALLOCATION else goal.indicator_name
    if row.title_inherited and row.title != title:
        node = replace(node, title=row.title)
    if row.measure_inherited and row.unit_of_measure != goal.unit_of_measure:
        node = replace(node, unit_of_measure=row.unit_of_measure)
    return node


def _refuse_below_itself(store: Store, year: int, tops: Sequence[BranchRow], parent: int) -> None:
    way = set(decomposition.path_to(store, year, parent))
    for row in tops:
        if row.id in way:
            raise NotAllowedError(
                f"“{row.name}”不能放到自己或自己的下级之下。", "请选择其他位置。"
            )


def _refuse_depth(store: Store, year: int, tops: Sequence[BranchRow], parent: int) -> None:
    depth = len(decomposition.path_to(store, year, parent))
    if any(depth + reads.depth_below(store, row.id) > DEEPEST for row in tops):
        raise NotAllowedError(f"移动后会超过{DEEPEST}层。", "请先把下级移到上面几层。")


def remove(store: Store, year: int, ids: Sequence[int]) -> int:
    """Delete branches, one tombstone each; how many nodes went with them.

    NotAllowedError for targets and indicators, and where reports or issued agreements rest
    on a node of the branch.
    """
    with store.change("删除分解项") as change:
        sealing.refuse_sealed(store, year)
        tops = _tops(store, year, ids, "删除")
        nodes = reads.below(store, [row.id for row in tops])
        _refuse_rested(store, year, tops, nodes)
        for row in tops:
            change.delete(RecordId(row.id))
    return len(nodes)


def removal_question(store: Store, year: int, ids: Sequence[int]) -> str:
    """What to ask before deleting: names and how many stand below."""
    tops = _tops(store, year, ids, "删除")
    names = "、".join(f"“{row.name}”" for row in tops[:3])
    if len(tops) > 3:
        names += f"等{len(tops)}项"
    below = len(reads.below(store, [row.id for row in tops])) - len(tops)
    along = f"其下的{below}项一并删除。" if below else ""
    return f"删除{names}?{along}可以撤销。"


def _refuse_rested(
    store: Store, year: int, tops: Sequence[BranchRow], nodes: Sequence[int]
) -> None:
    named = f"“{tops[0].name}”" if len(tops) == 1 else f"这{len(tops)}项"
    resting = [
        f"{number}{_WORDS.get(name, '条相关记录')}"
        for name, number in rest_reads.subjects(store, nodes).items()
    ]
    if resting:
        raise NotAllowedError(
            f"不能删除{named}:已有{'、'.join(resting)}。", "不再要求完成的,请把目标标为不适用,或改由他人承担。"
        )
    issued = store.get_many(Agreement, rest_reads.issued_agreements(store, year, nodes))
    if not issued:
        return
    titles = rest_reads.titles(store, nodes)
    for one in issued.values():
        if one.snapshot is not None and any(row.indicator in titles for row in one.snapshot.rows):
            raise NotAllowedError(
                f"不能删除{named}:已写入印发的责任书“{one.snapshot.title}”。",
                "先撤回该责任书的印发,或用“目标调整”中的撤销。",
            )


def copy_branch(
    store: Store, year: int, node: int, units: Sequence[RecordId], *, with_values: bool = False
) -> int:
    """Give a branch to other units; how many nodes were made.

    A node is copied beside itself, once per unit; what stands below a target is copied below
    the same indicator's targets of the units. Titles, structure, due dates, measures and
    milestones go along, values, shares, weights and plans when told to; people only within the
    same unit. InputError when a unit has no target of the indicator.
    """
    with store.change("复制分解") as change:
        sealing.refuse_sealed(store, year)
        row = _row(store, year, node)
        if row.target is None or row.indicator is None:
            raise NotAllowedError(f"“{row.name}”下面没有可复制的分解。", "请选择目标或分解项。")
        if not units:
            raise InputError("没有选择单位。", "请选择要复制到的单位。")
        source = [] if row.allocation is None else reads.below(store, [row.allocation])
        branch = store.get_many(Allocation, [RecordId(one) for one in source])
        copier = _Copier(change, branch, values=with_values)
        if row.kind is BranchKind.ALLOCATION:
            return _copy_beside(store, copier, row, units)
        if len(branch) < 2:
            raise NotAllowedError(f"“{row.name}”还没有分解。", "请先添加下级再复制。")
        return _copy_below_targets(store, change, year, copier, row, units)


def _copy_beside(
    store: Store, copier: _Copier, row: BranchRow, units: Sequence[RecordId]
) -> int:
    top = copier.branch[RecordId(row.id)]
    assert top.parent is not None
    pairs = reads.sibling_ords(store, top.parent)
    index = [one for one, _key in pairs].index(top.id) + 1
    keys = ordering.spread(len(units), *ordering.gap([key for _one, key in pairs], index))
    before = len(copier.made)
    for unit, key in zip(dict.fromkeys(units), keys, strict=False):
        copier.copy(top, top.parent, key, unit, same_unit=unit == row.unit, is_top=True)
    return len(copier.made) - before


def _copy_below_targets(
    store: Store, change: Change, year: int, copier: _Copier, row: BranchRow, units: Sequence[RecordId]
) -> int:
    assert row.indicator is not None
    held = {one.unit: one for one in store.all(Target, indicator=row.indicator)}
    lacking = [unit for unit in units if unit not in held]
    if lacking:
        names = "、".join(one.short_name or one.name for one in store.get_many(Unit, lacking).values())
        raise InputError(f"{names}没有“{row.indicator_name}”这项目标。", "请先下达目标,或不选这些单位。")
    for unit in dict.fromkeys(units):
        root = place_for_children(store, change, year, held[unit].id)
        last = reads.last_ord(store, root)
        tops = copier.children(row.allocation)
        for top, key in zip(tops, ordering.spread(len(tops), last), strict=True):
            copier.copy(top, root, key, None, same_unit=unit == row.unit, is_top=False)
    return len(copier.made)


class _Copier:
    """Writes copies of a branch's nodes."""

    def __init__(
        self, change: Change, branch: Mapping[RecordId, Allocation], *, values: bool
    ) -> None:
        self.branch, self.made = branch, set[RecordId]()
        self._change, self._values = change, values
        self._below: dict[RecordId | None, list[Allocation]] = {}
        for one in sorted(branch.values(), key=lambda one: (one.ord, one.id)):
            self._below.setdefault(one.parent, []).append(one)

    def children(self, parent: RecordId | None) -> list[Allocation]:
        """The nodes below one, in order."""
        return self._below.get(parent, [])

    def copy(
        self, top: Allocation, parent: RecordId, key: str, unit: RecordId | None, *,
        same_unit: bool, is_top: bool,
    ) -> None:
        """Copy a node with all that stands below it."""
        waiting = [(top, parent, key, unit if is_top else None)]
        while waiting:
            old, above, order, given = waiting.pop()
            record = self._change.new(Allocation)
            self.made.add(record)
            new = self._bare(old) if not same_unit else old
            if given is None and same_unit:
                given = old.unit
            self._change.put(replace(
                new, id=record, parent=above, ord=order, unit=given, divided_at=None, locked=False,
            ))
            waiting += [(one, record, one.ord, None) for one in self.children(old.id)]

    def _bare(self, old: Allocation) -> Allocation:
        """What another unit can take over: not its people, its past, or its helpers."""
        new = replace(
            old, leader=None, responsible=None, handler=None, supporting=(), last_year=None
        )
        if self._values:
            return new
        return replace(new, value=None, share=None, weight=None, plan=None)


def add_superior_target(
    store: Store, year: int, *, name: str, value_text: str = "", unit_of_measure: str = "",
    category: RecordId | None = None, due: date | None = None, points: Decimal | None = None,
    source_item: RecordId | None = None, note: str = "",
) -> int:
    """新建上级下达目标: an indicator with the own unit's target; the tree id of its row.

    An indicator of that name that the own unit does not carry yet gets the target. InputError
    for an empty name, or when the own unit carries it already.
    """
    bare, found = split_unit(" ".join(name.split()))
    if not bare:
        raise InputError("目标名称没有填写。", "请填写目标名称。")
    with store.change(f"新建上级下达目标 {bare}") as change:
        sealing.refuse_sealed(store, year)
        own = reads.own_unit(store)
        if own is None:
            raise NotAllowedError("还没有登记本级政府。", "请先在“单位人员”中登记。")
        row = _indicator_named(store, change, year, bare, unit_of_measure or found, category)
        record = change.named(Target, row.id, own)
        if change.find(Target, record) is not None:
            raise InputError(f"已有“{bare}”这项目标。", "请在该行中修改,或改用其他名称。")
        made = Target(
            id=record, indicator=row.id, unit=RecordId(own), due=due, points=points, note=note.strip()
        )
        change.put(with_target_field(row, made, TargetField.VALUE, value_text))
        if source_item is not None:
            link = change.named(SourceLink, source_item, record)
            change.put(SourceLink(id=link, origin=source_item, subject=record))
    return row.id


def _indicator_named(
    store: Store, change: Change, year: int, name: str, measure: str, category: RecordId | None
) -> Indicator:
    same = next((
        one for one in framework_reads.named_indicators(store, year)
        if one[1] == name and (category is None or one[4] == category)
    ), None)
    if same is not None:
        old = change.get(Indicator, same[0])
        if measure and old.unit_of_measure and measure != old.unit_of_measure:
            raise InputError(
                f"“{name}”的计量单位是{old.unit_of_measure},不是{measure}。", "请统一计量单位,或改用其他名称。"
            )
        return old
    keys = [key for _id, key in framework_reads.indicator_ords(store, year, category)]
    new = Indicator(
        id=change.new(Indicator), year=year, name=name, category=category,
        unit_of_measure=measure, ord=ordering.between(keys[-1] if keys else "", ""),
    )
    change.put(new)
    return new


def _tops(store: Store, year: int, ids: Iterable[int], what: str) -> list[BranchRow]:
    """The rows named, without those that stand below another of them; NotAllowedError for targets."""
    wanted = list(dict.fromkeys(ids))
    rows = decomposition.rows(store, year, wanted)
    if not rows:
        raise RecordMissingError
    for row in rows.values():
        if row.kind is not BranchKind.ALLOCATION:
            raise NotAllowedError(
                f"“{row.name}”不是分解项,不能在这里{what}。", f"目标和指标请在“目标体系”中{what}。"
            )
    way = reads.way_up(store, rows)
    kept = []
    for node, row in rows.items():
        at = way.parents.get(node)
        while at is not None and at not in rows:
            at = way.parents.get(at)
        if at is None:
            kept.append(row)
    return kept


def _row(store: Store, year: int, node: int) -> BranchRow:
    row = decomposition.row(store, year, node)
    if row is None:
        raise RecordMissingError
    return row
