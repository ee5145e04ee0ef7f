"""A county whose target is decomposed to two townships and to people, for several test modules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain import ordering
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Person, Post, PostRole, Tenure, UnitKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue
from mbo_desktop.services import offices
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

KEYS = ordering.spread(20)


def level(amount: str, unit: str = "亿元") -> TargetValue:
    """A level as somebody typed it."""
    part = TargetPart(TargetForm.LEVEL, Decimal(amount), unit)
    return TargetValue((part,), text=amount)


@dataclass
class Decomposed:
    """Numbers of what was made, by name."""

    units: dict[str, RecordId]
    posts: dict[str, RecordId]
    people: dict[str, RecordId]
    targets: dict[str, RecordId]
    nodes: dict[str, RecordId]
    indicators: dict[str, RecordId]


def put_post(
    change: Change, made: Decomposed, unit: str, title: str, name: str,
    role: PostRole = PostRole.RESPONSIBLE_PERSON,
) -> RecordId:
    """A post with somebody of that name in it; the same person for the same name."""
    post = change.new(Post)
    change.put(Post(
        id=post, unit=made.units[unit], title=title, role=role,
        ord=KEYS[len(made.posts)],
    ))
    if name not in made.people:
        made.people[name] = change.new(Person)
        change.put(Person(id=made.people[name], name=name))
    change.put(Tenure(id=change.new(Tenure), post=post, person=made.people[name]))
    made.posts[f"{unit} {title}"] = post
    return post


def decompose_county(store: Store, county: RecordId, year: int) -> Decomposed:
    """工业投资 52 of 柯城区 goes to 石梁镇 (30) and 航埠镇 (24); 招商 stays with its own people."""
    made = Decomposed({"柯城区": county}, {}, {}, {}, {}, {})
    for name in ("石梁镇人民政府", "航埠镇人民政府"):
        made.units[name.removesuffix("人民政府")] = offices.add_unit(
            store, name, superior=county, kind=UnitKind.TOWNSHIP
        )
    with store.change("建立") as change:
        put_post(change, made, "柯城区", "县长", "王建国", PostRole.PRINCIPAL)
        put_post(change, made, "柯城区", "发改局局长", "李敏")
        put_post(change, made, "柯城区", "发改局干部", "周航", PostRole.HANDLER)
        put_post(change, made, "石梁镇", "镇长", "陈石", PostRole.PRINCIPAL)
        put_post(change, made, "石梁镇", "经济办主任", "林一")
        put_post(change, made, "航埠镇", "挂职干部", "周航", PostRole.HANDLER)
        for name in ("工业投资", "招商引资"):
            record = made.indicators[name] = change.new(Indicator)
            change.put(Indicator(id=record, year=year, name=name, unit_of_measure="亿元",
                                 ord=KEYS[len(made.indicators)]))
            target = made.targets[name] = change.named(Target, record, county)
            change.put(Target(id=target, indicator=record, unit=county, value=level("52")))
            root = made.nodes[name] = change.named(Allocation, target)
            change.put(Allocation(
                id=root, target=target, responsible=made.posts["柯城区 发改局局长"],
                handler=made.posts["柯城区 发改局干部"],
            ))
        _put(change, made, "石梁", "工业投资", "30", unit="石梁镇",
             responsible=made.posts["石梁镇 经济办主任"])
        _put(change, made, "航埠", "工业投资", "24", unit="航埠镇",
             handler=made.posts["航埠镇 挂职干部"])
        _put(change, made, "前期", "招商引资", "20", title="前期项目")
    return made


def _put(
    change: Change, made: Decomposed, key: str, parent: str, amount: str, *, unit: str = "",
    title: str = "", responsible: RecordId | None = None, handler: RecordId | None = None,
) -> None:
    record = made.nodes[key] = change.new(Allocation)
    change.put(Allocation(
        id=record, parent=made.nodes[parent], title=title, value=level(amount),
        unit=made.units[unit] if unit else None, responsible=responsible, handler=handler,
        ord=KEYS[len(made.nodes)],
    ))
