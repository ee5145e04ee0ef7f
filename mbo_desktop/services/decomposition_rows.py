"""The rows of the decomposition tree put together from what the records state and what follows from above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from mbo_desktop.domain.adjustments import Adjustment, effective_value, in_order
from mbo_desktop.domain.cascade import Coverage
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.pace import plan_text
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.services.adjustment_lists import adjusted_note
from mbo_desktop.services.decomposition_values import (
    NOTHING,
    ShownValue,
    coverage_of,
    decimal_of,
    plan_of,
    rule_of,
    shown_value,
)
from mbo_desktop.services.people import ROLE_TITLES
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition as places_reads
from mbo_desktop.store.queries import decomposition_rows as reads
from mbo_desktop.store.queries.decomposition import NO_CATEGORY
from mbo_desktop.store.queries.decomposition_rows import (
    ChildAmount,
    IndicatorFacts,
    NodeFacts,
    PostFacts,
    TargetFacts,
)


class BranchKind(Choice):
    """What a row of the tree is."""

    CATEGORY = "category", "类别"
    INDICATOR = "indicator", "指标"
    TARGET = "target", "目标"
    ALLOCATION = "allocation", "分解项"


@dataclass(frozen=True, slots=True)
class PersonOnNode:
    """Who answers for a node in one role: a post, its holder in words, and whether it is from above."""

    post: RecordId | None = None
    label: str = ""
    """「王五(综合科科长)」; 「综合科科长(空缺)」 for a post that nobody holds; "" for none."""
    inherited: bool = False
    vacant: bool = False


NOBODY = PersonOnNode()


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchRow:
    """A row of the tree as the window and the papers show it."""

    id: int
    kind: BranchKind
    title: str
    """Own or from above; of a target the unit's name in tables."""
    title_inherited: bool = False
    child_count: int = 0
    target: RecordId | None = None
    """The target it stands for or belongs to."""
    allocation: RecordId | None = None
    """Its allocation record: for a target its root, None while that was not made."""
    indicator: RecordId | None = None
    indicator_name: str = ""
    unit: RecordId | None = None
    unit_label: str = ""
    unit_inherited: bool = False
    form: TargetForm | None = None
    value: str = ""
    """In effect today, after adjustments; without the unit of measure of its own column."""
    typed: str = ""
    """As typed, for the editor."""
    amount: Decimal | None = None
    """In `amount_unit`."""
    amount_unit: str = ""
    not_applicable: bool = False
    unit_of_measure: str = ""
    measure_inherited: bool = False
    share: Decimal | None = None
    weight: Decimal | None = None
    last_year: Decimal | None = None
    locked: bool = False
    supporting: tuple[tuple[RecordId, str], ...] = ()
    leader: PersonOnNode = NOBODY
    responsible: PersonOnNode = NOBODY
    handler: PersonOnNode = NOBODY
    principal: str = ""
    """第一责任人 of its unit today."""
    due: date | None = None
    due_inherited: bool = False
    plan_text: str = ""
    milestones: int = 0
    undivided: str = ""
    """Why it is knowingly not decomposed further."""
    redivide: bool = False
    """需重新分解: it was divided when it had another amount."""
    adjusted: str = ""
    """By which paper the value stands and what was signed."""
    points: Decimal | None = None
    rest: str = ""
    """What remains to be split or the surplus, in words; "" where nothing is to be compared."""

    @property
    def name(self) -> str:
        """What it is called: a part that only names its unit by that, as on the printed lists."""
        named_by_unit = self.title_inherited and self.unit_label and not self.unit_inherited
        return self.unit_label if named_by_unit else self.title


def branch_rows(
    store: Store, year: int, ids: Sequence[int], on: date
) -> dict[int, BranchRow]:
    """The rows of these tree ids as they stand on a day."""
    page = _Page(store, year, ids, on)
    found: dict[int, BranchRow] = {}
    for one in ids:
        row = page.row(one)
        if row is not None:
            found[one] = row
    return found


def branch_coverages(
    store: Store, year: int, ids: Sequence[int], on: date
) -> dict[int, tuple[BranchRow, Coverage | None]]:
    """Rows with how their children answer for them; None where nothing is to be compared."""
    page = _Page(store, year, ids, on)
    found: dict[int, tuple[BranchRow, Coverage | None]] = {}
    for one in ids:
        row = page.row(one)
        if row is not None:
            found[one] = (row, page.coverage(row))
    return found


class _Page:
    """Everything that the rows of one page need, read once."""

    def __init__(self, store: Store, year: int, ids: Sequence[int], on: date) -> None:
        places = places_reads.places(store, ids)
        self.allocations = frozenset(places.allocations)
        self.homeless = [NO_CATEGORY] if NO_CATEGORY in places.categories else []
        self.categories = reads.category_names(store, places.categories)
        self.indicators = reads.indicator_facts(store, places.indicators)
        self.carriers = places_reads.carriers(store, self.indicators)
        self.nodes = reads.with_above(store, places.allocations)
        own = {*places.targets, *self.carriers.values()}
        over = {n.in_target for n in self.nodes.values() if n.in_target is not None}
        self.targets = reads.target_facts(store, own | over)
        self.roots = reads.root_facts(store, own)
        self._count(store, year)
        self._adjust(store, own | over, on)
        self._name(store, on)

    def row(self, one: int) -> BranchRow | None:
        """The row of a tree id, None when it is gone."""
        row = self._row(one)
        covered = None if row is None else self.coverage(row)
        return row if row is None or covered is None else replace(row, rest=covered.words)

    def _row(self, one: int) -> BranchRow | None:
        if one in self.categories or one == NO_CATEGORY:
            return BranchRow(
                id=one, kind=BranchKind.CATEGORY, title=self.categories.get(one, "未分类"),
                child_count=self.counts.get(one, 0),
            )
        if one in self.indicators:
            return self._indicator(self.indicators[one])
        if one in self.targets and one not in self.allocations:
            return self._target(self.targets[one])
        node = self.nodes.get(one)
        if node is None or node.in_target not in self.targets:
            return None
        if node.parent is None:
            return None
        return self._allocation(node, self.targets[node.in_target])

    def _count(self, store: Store, year: int) -> None:
        """How many stand below each row, and what they state."""
        roots = {root.id: target for target, root in self.roots.items()}
        parents = [*self.allocations, *roots]
        self.counts = places_reads.indicator_counts(store, year, [*self.categories, *self.homeless])
        below = places_reads.allocation_counts(store, parents)
        for parent, count in below.items():
            self.counts[roots.get(parent, parent)] = count
        held = places_reads.target_counts(store, self.indicators)
        for indicator in self.indicators:
            carrier = self.carriers.get(indicator)
            others = held.get(indicator, 0) - (carrier is not None)
            self.counts[indicator] = others + (self.counts.get(carrier, 0) if carrier else 0)
        self.stated: dict[int, list[ChildAmount]] = {}
        for child in reads.child_amounts(store, below):
            self.stated.setdefault(roots.get(child.parent, child.parent), []).append(child)
        self.stating = self.carriers
        """What a row's children are found under, where it is not its own id."""
        carried = {indicator: target for indicator, target in self.carriers.items()
                   if held.get(indicator, 0) > 1}
        if carried:
            for child in reads.other_targets(store, carried):
                self.stated.setdefault(carried[child.parent], []).append(child)

    def _adjust(self, store: Store, targets: Iterable[int], on: date) -> None:
        """The approved adjustments over the targets shown, and the terms in effect."""
        lying = reads.adjustments(store, targets)
        found: dict[int, list[Adjustment]] = {}
        for one in in_order(store.get_many(Adjustment, _ids(lying)).values()) if lying else ():
            found.setdefault(lying[one.id], []).append(one)
        whole = store.get_many(Target, _ids(found)) if found else {}
        self.adjusted: dict[int, tuple[Target, list[Adjustment]]] = {
            record: (one, found[record]) for record, one in whole.items()
        }
        self.on = on

    def _name(self, store: Store, on: date) -> None:
        """Names of units and people on the rows."""
        nodes = [*self.nodes.values(), *self.roots.values()]
        wanted = {post for n in nodes for post in (n.in_leader, n.in_responsible, n.in_handler)}
        self.posts = reads.posts(store, [one for one in wanted if one is not None], on)
        stating = [*self.allocations, *(root.id for root in self.roots.values())]
        self.supporting = reads.supporting(store, stating)
        self.joint = reads.joint_units(store, self.targets)
        units = {n.in_unit for n in nodes} | {t.unit for t in self.targets.values()}
        lists = [*self.supporting.values(), *self.joint.values()]
        named = {one for one in units if one is not None}
        self.labels = reads.unit_labels(
            store, named | {p.unit for p in self.posts.values()} | {u for one in lists for u in one}
        )
        self.principals = reads.principals(store, named, on)

    def _indicator(self, facts: IndicatorFacts) -> BranchRow:
        carrier = self.targets.get(self.carriers.get(facts.id, 0))
        if carrier is None:
            return BranchRow(
                id=facts.id, kind=BranchKind.INDICATOR, title=facts.name,
                child_count=self.counts.get(facts.id, 0), indicator=RecordId(facts.id),
                indicator_name=facts.name, unit_of_measure=facts.unit_of_measure,
                points=decimal_of(facts.points),
            )
        return replace(
            self._target(carrier), id=facts.id, kind=BranchKind.INDICATOR, title=facts.name,
            child_count=self.counts.get(facts.id, 0),
        )

    def _target(self, facts: TargetFacts) -> BranchRow:
        root = self.roots.get(facts.id)
        shown = self._effective(facts)
        due, points, note = facts.due, decimal_of(facts.points), ""
        if facts.id in self.adjusted:
            whole, lying = self.adjusted[facts.id]
            terms = effective_value(whole, lying, self.on).terms
            due = None if terms.due is None else terms.due.isoformat()
            points = points if terms.points is None else terms.points
            note = adjusted_note(lying, facts.unit_of_measure)
        stated = BranchRow(
            id=facts.id, kind=BranchKind.TARGET, title=self.labels.get(facts.unit, ""),
            child_count=self.counts.get(facts.id, 0), target=RecordId(facts.id),
            indicator=RecordId(facts.indicator), indicator_name=facts.name,
            unit=RecordId(facts.unit), unit_label=self.labels.get(facts.unit, ""),
            form=shown.form, value=shown.text, typed=shown.typed, amount=shown.amount,
            amount_unit=shown.unit, not_applicable=shown.form is TargetForm.NOT_APPLICABLE,
            unit_of_measure=facts.unit_of_measure, last_year=decimal_of(facts.last_year),
            principal=self._principal(facts.unit), due=_day(due), adjusted=note, points=points,
            supporting=self._units(self.joint.get(facts.id, ())),
        )
        if root is None:
            return stated
        support = dict.fromkeys((*self.joint.get(facts.id, ()), *self.supporting.get(root.id, ())))
        return replace(
            stated, allocation=RecordId(root.id), supporting=self._units(support),
            leader=self._person(root.leader, root.leader, facts.unit),
            responsible=self._person(root.responsible, root.responsible, facts.unit),
            handler=self._person(root.handler, root.handler, facts.unit),
            due=_day(due or root.due), milestones=root.milestones, undivided=root.undivided,
            share=decimal_of(root.share), weight=decimal_of(root.weight), locked=bool(root.locked),
            plan_text=plan_text(plan_of(root.plan)), redivide=self._redivide(root, shown.amount, facts.id),
        )

    def _allocation(self, node: NodeFacts, target: TargetFacts) -> BranchRow:
        measure, measured_above = self._above(node, "unit_of_measure", target.unit_of_measure)
        title, titled_above = self._above(node, "title", target.name)
        shown = shown_value(node.form, node.amount, node.amount_unit, node.text, measure)
        unit = target.unit if node.in_unit is None else node.in_unit
        return BranchRow(
            id=node.id, kind=BranchKind.ALLOCATION, title=title, title_inherited=titled_above,
            child_count=self.counts.get(node.id, 0), target=RecordId(target.id),
            allocation=RecordId(node.id), indicator=RecordId(target.indicator),
            indicator_name=target.name, unit=RecordId(unit), unit_label=self.labels.get(unit, ""),
            unit_inherited=node.unit is None, form=shown.form, value=shown.text, typed=shown.typed,
            amount=shown.amount, amount_unit=shown.unit,
            not_applicable=shown.form is TargetForm.NOT_APPLICABLE, unit_of_measure=measure,
            measure_inherited=measured_above, share=decimal_of(node.share),
            weight=decimal_of(node.weight), last_year=decimal_of(node.last_year),
            locked=bool(node.locked), supporting=self._units(self.supporting.get(node.id, ())),
            leader=self._person(node.leader, node.in_leader, unit),
            responsible=self._person(node.responsible, node.in_responsible, unit),
            handler=self._person(node.handler, node.in_handler, unit),
            principal=self._principal(unit), due=_day(node.in_due or self._due_of(target)),
            due_inherited=node.due is None, plan_text=plan_text(plan_of(node.plan)),
            milestones=node.milestones, undivided=node.undivided,
            redivide=self._redivide(node, shown.amount, node.id),
        )

    def _effective(self, facts: TargetFacts) -> ShownValue:
        """A target's value in effect on the day."""
        if facts.id not in self.adjusted:
            return shown_value(
                facts.form, facts.amount, facts.amount_unit, facts.text, facts.unit_of_measure
            )
        value = effective_value(*self.adjusted[facts.id], self.on).terms.value
        if value is None:
            return NOTHING
        part = value.counted
        text = show_target(value, unit_shown_in_header=facts.unit_of_measure)
        return ShownValue(part.form, text, value.text, part.amount, part.unit)

    def _due_of(self, target: TargetFacts) -> str | None:
        if target.id not in self.adjusted:
            return target.due
        due = effective_value(*self.adjusted[target.id], self.on).terms.due
        return None if due is None else due.isoformat()

    def _above(self, node: NodeFacts, name: str, top: str) -> tuple[str, bool]:
        """What a node states, or the first above it that states it, and whether it is from above."""
        at: NodeFacts | None = node
        while at is not None:
            # The root's title and measure are the target's.
            text: str = getattr(at, name) if at.parent is not None else ""
            if text:
                return text, at is not node
            at = self.nodes.get(at.parent) if at.parent is not None else None
        return top, True

    def _person(self, own: int | None, effective: int | None, unit: int) -> PersonOnNode:
        facts = self.posts.get(effective or 0)
        if facts is None:
            return NOBODY
        return PersonOnNode(
            RecordId(facts.id), post_label(facts, self.labels.get(facts.unit, ""), unit),
            inherited=own is None, vacant=not facts.name,
        )

    def _principal(self, unit: int) -> str:
        return self.principals.get(unit, "")

    def _units(self, units: Iterable[int]) -> tuple[tuple[RecordId, str], ...]:
        return tuple((RecordId(one), self.labels.get(one, "")) for one in units)

    def _redivide(self, node: NodeFacts, amount: Decimal | None, tree_id: int) -> bool:
        divided = decimal_of(node.divided_at)
        return divided is not None and divided != amount and self.counts.get(tree_id, 0) > 0

    def coverage(self, row: BranchRow) -> Coverage | None:
        """How the children answer for a row; None where it has no amount or no child states anything."""
        facts = self.targets.get(row.target or 0)
        children = self.stated.get(self.stating.get(row.id, row.id))
        if facts is None or not children or row.amount is None:
            return None
        measure = row.amount_unit or row.unit_of_measure
        title = row.title if row.kind is BranchKind.ALLOCATION else ""
        return coverage_of(row.amount, measure, children, rule_of(facts, row.form, title, measure))


def post_label(facts: PostFacts, unit_label: str, unit: int) -> str:
    """「王五(综合科科长)」, 「王五(市交委综合科科长)」 for another unit's post, the name alone for a usual title."""
    title = "" if facts.title in _USUAL_TITLES and facts.name else facts.title
    if facts.unit != unit:
        title = f"{unit_label}{title}"
    if not facts.name:
        return f"{title}(空缺)"
    return f"{facts.name}({title})" if title else facts.name


_USUAL_TITLES = frozenset(ROLE_TITLES.values())


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _ids(numbers: Iterable[int]) -> list[RecordId]:
    return [RecordId(one) for one in dict.fromkeys(numbers)]
