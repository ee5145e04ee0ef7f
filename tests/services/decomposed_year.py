"""A year decomposed down to handlers, of any size, for papers, ledgers and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mbo_desktop.domain import ordering
from mbo_desktop.domain.allocations import Allocation, Milestone, Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Person, Post, PostRole, Tenure, Unit, UnitKind
from mbo_desktop.domain.planning import Category, CategoryAxis, Indicator, Target
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"


@dataclass
class Decomposed:
    """What was made, by name."""

    units: list[RecordId] = field(default_factory=list)
    posts: dict[RecordId, list[RecordId]] = field(default_factory=dict)
    """Leader, responsible person, handler of each unit."""
    indicators: list[RecordId] = field(default_factory=list)
    targets: list[RecordId] = field(default_factory=list)
    roots: list[RecordId] = field(default_factory=list)
    nodes: list[RecordId] = field(default_factory=list)


def decompose(
    store: Store, year: int, root: RecordId, *, units: int = 3, indicators: int = 2,
    children: int = 3, depth: int = 1, long: bool = False,
) -> Decomposed:
    """Indicators in two categories, each with a target of every unit, `children` nodes a level."""
    made = Decomposed()
    with store.change("分解样例") as change:
        _units(change, made, root, units, long)
        keys = ordering.spread(max(indicators, 2))
        categories = [change.new(Category) for _ in range(2)]
        for number, category in enumerate(categories):
            change.put(Category(
                id=category, year=year, axis=CategoryAxis.CATEGORY, ord=keys[number],
                name=("主要综合目标", "工业经济")[number],
            ))
        everything = []
        for number in range(indicators):
            indicator = change.new(Indicator)
            made.indicators.append(indicator)
            everything.append(Indicator(
                id=indicator, year=year, category=categories[number % 2], ord=keys[number],
                name=_long_name(number) if long else f"规模以上工业增加值{number + 1}",
                unit_of_measure="亿元",
            ))
        change.put_all(everything)
        for indicator in made.indicators:
            _targets(change, made, indicator, children, depth, long)
    return made


def _units(change: Change, made: Decomposed, root: RecordId, count: int, long: bool) -> None:
    keys = ordering.spread(count, "x")
    for number in range(count):
        unit = change.new(Unit)
        name = f"第{number + 1}县人民政府"
        if long:
            name = f"示例市经济技术与生态文化旅游开发示范区管理委员会第{number + 1}办公室"
        change.put(Unit(
            id=unit, name=name, short_name="" if long else f"第{number + 1}县",
            kind=UnitKind.COUNTY, superior=root, ord=keys[number],
        ))
        made.units.append(unit)
        made.posts[unit] = []
        roles = (PostRole.PRINCIPAL, PostRole.RESPONSIBLE_PERSON, PostRole.HANDLER)
        for place, role in enumerate(roles):
            post, person = change.new(Post), change.new(Person)
            title = ("县长", "办公室主任", "统计科科员")[place]
            change.put(Post(id=post, unit=unit, title=title, role=role, ord="abc"[place]))
            surname = SURNAMES[(number * 3 + place) % len(SURNAMES)]
            change.put(Person(id=person, name=f"{surname}建{'国华明'[place]}"))
            change.put(Tenure(id=change.new(Tenure), post=post, person=person))
            made.posts[unit].append(post)


def _targets(
    change: Change, made: Decomposed, indicator: RecordId, children: int, depth: int, long: bool
) -> None:
    batch: list[Target | Allocation] = []
    for number, unit in enumerate(made.units):
        target = change.named(Target, indicator, unit)
        root = change.named(Allocation, target)
        made.targets.append(target)
        made.roots.append(root)
        batch.append(Target(
            id=target, indicator=indicator, unit=unit, last_year=Decimal("11.2"),
            value=read_target(f"{12 + number}.5", unit="亿元"), due=date(2020, 12, 31),
        ))
        leader, responsible, handler = made.posts[unit]
        # The second unit has only a leader: blank spots below it.
        batch.append(Allocation(
            id=root, target=target, leader=leader, responsible=None if number == 1 else responsible,
            handler=None if number == 1 else handler, supporting=tuple(made.units[number + 1 : number + 2]),
            plan=Plan(
                PlanPeriod.QUARTER, PlanBasis.TYPED,
                tuple(Decimal(text) for text in ("3", "6", "9", "12.5")),
            ),
        ))
        _below(change, made, batch, root, children, depth, long)
    change.put_all(batch)


def _below(
    change: Change, made: Decomposed, batch: list[Target | Allocation], parent: RecordId,
    children: int, depth: int, long: bool,
) -> None:
    if not depth:
        return
    for number, key in enumerate(ordering.spread(children)):
        node = change.new(Allocation)
        made.nodes.append(node)
        words = _long_task(number) if long else f"分解任务{number + 1}"
        batch.append(Allocation(
            id=node, parent=parent, ord=key, title=words, value=read_target("4.1", unit="亿元"),
            share=Decimal("33.3"), due=date(2020, 6, 30),
            milestones=(
                (Milestone("完成主体工程", date(2020, 3, 31)), Milestone("竣工验收", date(2020, 6, 30)))
                if number == 1 else ()
            ),
        ))
        _below(change, made, batch, node, children, depth - 1, long)


def _long_name(number: int) -> str:
    return (
        f"近期建设用地范围内控制性详细规划编制率（含省级中心镇、一般建制镇及县城规划区内的全部行政村）及"
        f"万元地区生产总值能耗降低率第{number + 1}项"
    )


def _long_task(number: int) -> str:
    return (
        f"牵头组织实施产业集群倍增行动，推动主导产业延链补链强链，全年新签约亿元以上项目{number + 1}个、"
        "新开工项目不少于12个，做好要素保障和跟踪服务，每月5日前报送进展情况"
    )
