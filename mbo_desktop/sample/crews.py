"""The people below the principals of the sample city: who leads, answers for and handles targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Person, Post, PostRole, Tenure, UnitKind
from mbo_desktop.sample import names
from mbo_desktop.sample.register import Placed
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

TWO_UNITS = 3
"""People who hold a second post in another unit (挂职)."""

_COUNTY_OFFICES = (
    "政府办", "发改局", "工信局", "财政局", "农业农村局", "住建局", "商务局", "交通局", "统计局", "应急局",
)
_DIVISIONS = ("办公室", "综合科", "业务一科", "业务二科", "规划财务科", "法规科", "督查科", "项目科")
_TOWN_OFFICES = (
    "党政办", "经济发展办", "社会事务办", "农业服务中心", "应急管理站", "村镇建设办", "财政所", "综治中心",
)
_CITY_OFFICES = ("目标办", "督查室", "综合科", "秘书一科", "秘书二科", "信息科", "调研科", "督办科")
_OFFICES = {UnitKind.GOVERNMENT: _CITY_OFFICES, UnitKind.COUNTY: _COUNTY_OFFICES, UnitKind.ZONE: _COUNTY_OFFICES,
            UnitKind.TOWNSHIP: _TOWN_OFFICES}
_DEPUTIES = {
    UnitKind.COUNTY: "副县长", UnitKind.ZONE: "管委会副主任", UnitKind.TOWNSHIP: "副镇长",
}
_HEADS = {UnitKind.COUNTY: "局长", UnitKind.ZONE: "局长", UnitKind.TOWNSHIP: "主任"}
_CLERKS = {UnitKind.COUNTY: "干部", UnitKind.ZONE: "干部", UnitKind.TOWNSHIP: "干事"}


@dataclass(slots=True)
class Crew:
    """A unit's posts that carry targets, by what they do; each list is gone round in turn."""

    leaders: list[RecordId] = field(default_factory=list)
    heads: list[RecordId] = field(default_factory=list)
    clerks: list[RecordId] = field(default_factory=list)
    idle: list[tuple[RecordId, RecordId]] = field(default_factory=list)
    """Post and person without a target, on purpose."""
    turns: dict[int, int] = field(default_factory=dict)

    def next(self, posts: list[RecordId]) -> RecordId | None:
        """The next post of one of the lists; None when it is empty."""
        if not posts:
            return None
        turn = self.turns.get(id(posts), 0)
        self.turns[id(posts)] = turn + 1
        return posts[turn % len(posts)]


def put_crews(
    store: Store, placed: Sequence[Placed], loads: Mapping[RecordId, int], people: int,
    year: int, random: Random, idle: int,
) -> dict[RecordId, Crew]:
    """Posts with people in every unit until the city has `people`, no more than its targets can use.

    loads: targets per unit. idle: people who are to carry nothing. Existing posts take part.
    """
    with store.change("登记样例科室人员", barrier=True) as change:
        writer = _Writer(store, change, year, random)
        crews = {unit.id: writer.crew(unit) for unit in placed}
        left = people - len(store.all(Person))
        for unit in placed:
            left -= writer.fill(unit, crews[unit.id], first=True, load=loads.get(unit.id, 0))
        grown = True
        while left > idle and grown:
            grown = False
            for unit in placed:
                if left <= idle:
                    break
                added = writer.fill(unit, crews[unit.id], first=False, load=loads.get(unit.id, 0))
                left -= added
                grown |= bool(added)
        departments = [unit for unit in placed if unit.kind is UnitKind.DEPARTMENT]
        for unit in departments[max(0, len(departments) - idle):]:
            post, person = writer.add(unit, "见习干部", PostRole.HANDLER)
            crews[unit.id].idle.append((post, person))
        writer.put_second_posts([unit for unit in placed if unit.kind is UnitKind.COUNTY], crews)
    return crews


class _Writer:
    """Adds posts with people behind what a unit has already."""

    def __init__(self, store: Store, change: Change, year: int, random: Random) -> None:
        self.change, self.year, self.random = change, year, random
        self.of_unit: dict[RecordId, list[Post]] = {}
        for post in store.all(Post):
            self.of_unit.setdefault(post.unit, []).append(post)
        self.last: dict[RecordId, str] = {
            unit: max(post.ord for post in posts) for unit, posts in self.of_unit.items()
        }
        self.people: dict[RecordId, RecordId] = {}

    def crew(self, unit: Placed) -> Crew:
        """What is there already: the leader in charge and the liaison, who handles targets too."""
        posts = self.of_unit.get(unit.id, [])
        return Crew(
            [post.id for post in posts if post.role is PostRole.LEADER_IN_CHARGE], [],
            [post.id for post in posts if post.role is PostRole.LIAISON],
        )

    def fill(self, unit: Placed, crew: Crew, *, first: bool, load: int) -> int:
        """Add a head and a clerk, or one more of what the unit can still use; how many came."""
        before = len(crew.leaders) + len(crew.heads) + len(crew.clerks)
        if not crew.leaders:
            crew.leaders.append(self._leader(unit))
        if first or (len(crew.heads) < load and len(crew.clerks) >= 2 * len(crew.heads)):
            crew.heads.append(self._member(unit, len(crew.heads), PostRole.RESPONSIBLE_PERSON))
        if first or len(crew.clerks) < min(load, 2 * len(crew.heads)):
            crew.clerks.append(self._member(unit, len(crew.clerks) - 1, PostRole.HANDLER))
        if len(crew.leaders) < min(4, load // 8) and len(crew.heads) > 2 * len(crew.leaders):
            crew.leaders.append(self._leader(unit))
        return len(crew.leaders) + len(crew.heads) + len(crew.clerks) - before

    def _leader(self, unit: Placed) -> RecordId:
        title = _DEPUTIES.get(unit.kind, "副局长")
        return self.add(unit, title, PostRole.LEADER_IN_CHARGE)[0]

    def _member(self, unit: Placed, place: int, role: PostRole) -> RecordId:
        listed = _OFFICES.get(unit.kind, _DIVISIONS)
        at_head = role is PostRole.RESPONSIBLE_PERSON
        title = _HEADS.get(unit.kind, "科长") if at_head else _CLERKS.get(unit.kind, "科员")
        office = listed[place % len(listed)]
        if at_head and office.endswith(("办", "办公室", "中心", "所", "站")):
            title = "所长" if office.endswith("所") else "站长" if office.endswith("站") else "主任"
        series = place // len(listed)
        return self.add(unit, f"{office}{title}{series + 1 if series else ''}", role)[0]

    def add(self, unit: Placed, title: str, role: PostRole) -> tuple[RecordId, RecordId]:
        """A post at the end of the unit with somebody in it: post and person."""
        key = self.last[unit.id] = ordering.between(self.last.get(unit.id, ""), "")
        post, person = self.change.new(Post), self.change.new(Person)
        phone = f"0000-{self.random.randint(2000000, 8999999)}"
        since = date(self.year - self.random.randint(1, 4), self.random.randint(1, 12), 1)
        self.change.put(Post(id=post, unit=unit.id, title=title, role=role, ord=key))
        self.change.put(Person(id=person, name=names.person_name(self.random), phone=phone))
        self.change.put(Tenure(
            id=self.change.new(Tenure), post=post, person=person, since=since
        ))
        self.people[post] = person
        return post, person

    def put_second_posts(
        self, counties: Sequence[Placed], crews: Mapping[RecordId, Crew]
    ) -> None:
        """Heads in the first counties who are sent to the next one as well."""
        sent = [self.people[crews[unit.id].heads[-1]] for unit in counties[:TWO_UNITS]]
        for person, there in zip(sent, counties[1:], strict=False):
            key = self.last[there.id] = ordering.between(self.last[there.id], "")
            post = self.change.new(Post)
            self.change.put(Post(
                id=post, unit=there.id, title="挂职干部", role=PostRole.HANDLER, ord=key
            ))
            self.change.put(Tenure(
                id=self.change.new(Tenure), post=post, person=person,
                since=date(self.year - 1, 9, 1), until=None,
            ))
            crews[there.id].clerks.append(post)


def vacate(change: Change, store: Store, post: RecordId, until: date) -> None:
    """Let the holder of a post leave, so that nobody holds it."""
    for tenure in store.all(Tenure, post=post):
        if tenure.until is None:
            change.put(Tenure(
                id=tenure.id, post=post, person=tenure.person, since=tenure.since, until=until
            ))
