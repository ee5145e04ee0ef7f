"""人员离岗交接: what a person carries, and the one action that moves it to whoever comes after.

Nodes and agreements bind posts (domain notes §2.3): the successor takes the post over from a
day on, nothing is rewritten, and the tenures tell who answered for what when. Where the post
itself is given up, its nodes move to another post.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.adjustments import Adjustment
from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import Person, Post, PostRole, Tenure
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import decomposition, sealing, session
from mbo_desktop.services.decomposition_people import as_name
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import carried as reads
from mbo_desktop.store.queries import decomposition as tree_reads
from mbo_desktop.store.queries import people as people_reads
from mbo_desktop.store.queries.carried import NodeLine, PostLine

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document


class CarriedRole(Choice):
    """What somebody does for a node."""

    LEADER = "leader", "责任领导"
    RESPONSIBLE = "responsible", "责任人"
    HANDLER = "handler", "经办人"


@dataclass(frozen=True, slots=True)
class CarriedNode:
    """The top of a branch that a post carries; what is below it with the same people is not repeated."""

    node: int
    """Its id in the tree, for `open_node`."""
    allocation: RecordId
    title: str
    unit_label: str
    roles: tuple[CarriedRole, ...]
    value: str = ""
    due: date | None = None

    @property
    def role_words(self) -> str:
        """「责任人、经办人」."""
        return "、".join(role.label for role in self.roles)


@dataclass(frozen=True, slots=True)
class PostLoad:
    """A post that the person holds, with everything that hangs on it."""

    post: RecordId
    tenure: RecordId
    unit: RecordId
    unit_label: str
    title: str
    role: PostRole
    since: date | None
    nodes: tuple[CarriedNode, ...]
    unit_targets: int = 0
    """Of a principal: the targets of the whole unit (第一责任人)."""
    agreements: tuple[str, ...] = ()
    """「2020年度 柯城区责任书(已领取)」."""
    requests: tuple[str, ...] = ()
    """Undecided requests for an adjustment of what is carried."""

    @property
    def label(self) -> str:
        """「市水利局 综合科科长」."""
        return f"{self.unit_label} {self.title}"

    @property
    def sentence(self) -> str:
        """「承担12项,责任书1份,待批调整1件」, 「没有承担目标」."""
        parts = []
        if self.unit_targets:
            parts.append(f"第一责任人,本单位目标{self.unit_targets}项")
        if self.nodes:
            parts.append(f"承担{len(self.nodes)}项")
        if self.agreements:
            parts.append(f"责任书{len(self.agreements)}份")
        if self.requests:
            parts.append(f"待批调整{len(self.requests)}件")
        return ",".join(parts) or "没有承担目标"


@dataclass(frozen=True, slots=True)
class HandOverList:
    """All that a person carries on a day, by post."""

    person: RecordId
    name: str
    year: int
    on: date
    posts: tuple[PostLoad, ...]

    @property
    def count(self) -> int:
        """Branches over all posts."""
        return sum(len(load.nodes) for load in self.posts)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What a hand-over did."""

    posts: int
    nodes: int
    vacant: tuple[str, ...]
    """Posts that stand empty now."""

    @property
    def sentence(self) -> str:
        """「已交接2个岗位、12项任务;市水利局 综合科科长暂缺」."""
        text = f"已交接{self.posts}个岗位、{self.nodes}项任务"
        return f"{text};{'、'.join(self.vacant)}暂缺" if self.vacant else text


def leaving(
    store: Store, person: RecordId, *, year: int, on: date | None = None
) -> HandOverList:
    """What the person carries in the year, by the posts held on a day (today)."""
    day = on or clock.today()
    held = [
        one for one in people_reads.tenures_of_person(store, person)
        if (one.since is None or one.since <= day) and (one.until is None or one.until >= day)
    ]
    lines = {line.record: line for line in reads.posts(store, day, only=[one.post for one in held])}
    labels = {unit.record: unit.label for unit in reads.units(store)}
    found = reads.nodes(store, year, posts=list(lines)) if lines else []
    tree = _tree_ids(store, found)
    posts = tuple(
        _load(store, year, lines[one.post], one.id, labels, found, tree)
        for one in held if one.post in lines
    )
    return HandOverList(person, store.get(Person, person).name, year, day, posts)


def load_of_post(store: Store, post: RecordId, *, year: int) -> PostLoad:
    """What hangs on one post, held or vacant."""
    (line,) = reads.posts(store, clock.today(), only=[post])
    labels = {unit.record: unit.label for unit in reads.units(store)}
    found = reads.nodes(store, year, posts=[post])
    return _load(
        store, year, line, line.tenure or RecordId(0), labels, found, _tree_ids(store, found)
    )


def hand_over(
    store: Store, person: RecordId, successors: Mapping[RecordId, RecordId | str], *, year: int,
    on: date,
) -> HandedOver:
    """The posts pass to these people (a record, a name, "" for nobody yet) from day `on`; one undo step.

    The person's tenures end the day before; posts not named stay as they are. A name that one
    recorded person bears means that person, an unknown one is recorded. Raises InputError for
    a day before the person came, for several people of a name, or when nothing is given.
    """
    now = leaving(store, person, year=year, on=on)
    loads = {load.post: load for load in now.posts}
    chosen = [post for post in successors if post in loads]
    if not chosen:
        raise InputError("没有选定要交接的岗位。", "请至少选择一个岗位。")
    vacant = []
    with store.change(f"{now.name}离岗交接") as change:
        made: dict[str, RecordId] = {}
        for post in chosen:
            old = change.get(Tenure, loads[post].tenure)
            if old.since is not None and on <= old.since:
                raise InputError(
                    f"{loads[post].label}从{show_date(old.since)}起任职,交接日期不能不晚于这一天。",
                    "请改为其后的日期。",
                )
            change.put(replace(old, until=on - timedelta(days=1)))
            heir = _heir(store, change, successors[post], made)
            if heir is None:
                vacant.append(loads[post].label)
                continue
            if heir == person:
                raise InputError("继任者就是离岗的人。", "请改填继任者姓名。")
            change.put(Tenure(id=change.new(Tenure), post=post, person=heir, since=on))
    return HandedOver(len(chosen), sum(len(loads[post].nodes) for post in chosen), tuple(vacant))


def move_nodes(
    store: Store, year: int, from_post: RecordId, to_post: RecordId,
    nodes: Collection[RecordId] | None = None,
) -> int:
    """Put another post in the place of one on the year's nodes (None: all that state it); how many.

    Nodes that only inherit it follow by themselves. Raises NotAllowedError in a sealed year.
    """
    if from_post == to_post:
        raise InputError("转出和转入是同一个岗位。", "请另选转入的岗位。")
    with store.change("任务转给另一岗位") as change:
        sealing.refuse_sealed(store, year)
        change.get(Post, to_post)
        wanted = [line.record for line in reads.nodes(store, year, posts=[from_post])]
        count = 0
        for record in wanted:
            if nodes is not None and record not in nodes:
                continue
            old = change.get(Allocation, record)
            new = replace(
                old, leader=to_post if old.leader == from_post else old.leader,
                responsible=to_post if old.responsible == from_post else old.responsible,
                handler=to_post if old.handler == from_post else old.handler,
            )
            if new != old:
                change.put(new)
                count += 1
        if not count:
            raise NotAllowedError("这个岗位没有可以转出的任务。", "请核对岗位和年度。")
    return count


def hand_over_document(
    store: Store, person: RecordId, *, year: int, on: date | None = None,
    successors: Mapping[RecordId, str] | None = None,
) -> Document:
    """The list to be signed by who hands over, who takes over and who looks on."""
    from mbo_desktop.documents.handover import HandOverLine, HandOverPaper, hand_over_list

    found = leaving(store, person, year=year, on=on)
    named = successors or {}
    lines = [
        HandOverLine(
            load.label, node.title, node.unit_label, node.role_words, node.value,
            "年底" if node.due is None else show_date(node.due), named.get(load.post, ""),
        )
        for load in found.posts for node in load.nodes
    ]
    notes = [
        f"{load.label}：{'；'.join((*load.agreements, *load.requests))}。"
        for load in found.posts if load.agreements or load.requests
    ]
    notes += [
        f"{load.label}为第一责任人，对本单位{load.unit_targets}项目标负总责。"
        for load in found.posts if load.unit_targets
    ]
    return hand_over_list(HandOverPaper(
        f"{found.name}离岗交接清单", tuple(lines), session.office(store).name,
        show_date(found.on), tuple(notes),
    ))


def carried_roles(line: NodeLine, post: int) -> tuple[CarriedRole, ...]:
    """In which roles a post tops a node: in effect here and not on the node above already."""
    found = []
    for role, here, over in (
        (CarriedRole.LEADER, line.leader, line.over_leader),
        (CarriedRole.RESPONSIBLE, line.responsible, line.over_responsible),
        (CarriedRole.HANDLER, line.handler, line.over_handler),
    ):
        if here == post and (line.parent is None or over != post):
            found.append(role)
    return tuple(found)


def tree_id(line: NodeLine, carriers: Mapping[int, int]) -> int:
    """The row of the tree that shows a node: of a root its target's or, for a carrier, its indicator's."""
    if line.parent is not None:
        return line.record
    return line.indicator if carriers.get(line.indicator) == line.target else line.target


def _tree_ids(store: Store, lines: list[NodeLine]) -> dict[RecordId, int]:
    carriers = tree_reads.carriers(store, {line.indicator for line in lines if line.parent is None})
    return {line.record: tree_id(line, carriers) for line in lines}


def _load(
    store: Store, year: int, line: PostLine, tenure: RecordId, labels: Mapping[RecordId, str],
    found: list[NodeLine], tree: Mapping[RecordId, int],
) -> PostLoad:
    topped = [(one, roles) for one in found if (roles := carried_roles(one, line.record))]
    rows = decomposition.rows(store, year, [tree[one.record] for one, _ in topped])
    nodes = []
    for one, roles in topped:
        row = rows.get(tree[one.record])
        nodes.append(CarriedNode(
            tree[one.record], one.record, one.name, labels.get(one.unit, ""), roles,
            "" if row is None else shown_amount(row), None if row is None else row.due,
        ))
    role = PostRole.of(line.role)
    cells = {(one.indicator, one.unit) for one, _ in topped}
    agreements = tuple(
        f"{number}年度 {unit}{'个人' if personal == line.record else ''}责任书"
        f"({AgreementState.of(state).label})"
        for _record, number, unit, _number, state, personal, _party
        in reads.agreements_of_posts(store, [line.record])
    )
    return PostLoad(
        line.record, tenure, line.unit, labels.get(line.unit, ""), line.title, role,
        None if line.since is None else date.fromisoformat(line.since), tuple(nodes),
        people_reads.count_unit_targets(store, year, line.unit) if role is PostRole.PRINCIPAL else 0,
        agreements, _requests(store, year, cells),
    )


def shown_amount(row: decomposition.BranchRow) -> str:
    """「52亿元」; words as they stand."""
    unit = row.unit_of_measure
    return f"{row.value}{unit}" if row.amount is not None and unit not in row.value else row.value


def _requests(store: Store, year: int, cells: set[tuple[RecordId, RecordId]]) -> tuple[str, ...]:
    ids = reads.open_requests(store, year, cells)
    records = store.get_many(Adjustment, ids)
    names = store.get_many(Indicator, tuple({one.indicator for one in records.values()}))
    return tuple(
        f"{names[one.indicator].name}{one.kind.label}申请待批"
        for one in records.values() if one.indicator in names
    )


def _heir(
    store: Store, change: Change, given: RecordId | str, made: dict[str, RecordId]
) -> RecordId | None:
    """The person who takes over; recorded once when the name is new."""
    if not isinstance(given, str):
        return change.get(Person, given).id
    name = " ".join(given.split())
    if not name:
        return None
    if name in made:
        return made[name]
    known = store.all(Person, name=name)
    if len(known) > 1:
        raise InputError(f"有{len(known)}人叫“{name}”。", "请从列表中选择其中一人。")
    if known:
        return known[0].id
    person = change.new(Person)
    change.put(Person(id=person, name=as_name(name)))
    made[name] = person
    return person
