"""The sample city's register: units in official order, posts, people and who holds what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Person, Post, PostRole, Tenure, Unit, UnitKind
from mbo_desktop.domain.unit_names import usual_full_name, usual_short_name
from mbo_desktop.sample import names
from mbo_desktop.store.changes import Change

_TITLES = {
    UnitKind.GOVERNMENT: ("市长", "常务副市长"),
    UnitKind.COUNTY: ("县长", "常务副县长"),
    UnitKind.ZONE: ("管委会主任", "管委会副主任"),
    UnitKind.DEPARTMENT: ("局长", "副局长"),
    UnitKind.VERTICAL: ("局长", "副局长"),
    UnitKind.TOWNSHIP: ("镇长", "副镇长"),
}
_TITLES_BY_ENDING = (
    ("区人民政府", ("区长", "常务副区长")), ("市人民政府", ("市长", "常务副市长")),
    ("委员会", ("主任", "副主任")), ("中心", ("主任", "副主任")), ("办公室", ("主任", "副主任")),
    ("支队", ("支队长", "副支队长")), ("联合会", ("主席", "副主席")), ("联合社", ("主任", "副主任")),
    ("档案馆", ("馆长", "副馆长")), ("乡人民政府", ("乡长", "副乡长")),
    ("街道办事处", ("主任", "副主任")),
)
_VERTICAL = frozenset({"市税务局", "市气象局", "市烟草局", "市邮管局", "市消防支队"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit of the sample with the field it is concerned with."""

    id: RecordId
    name: str
    short: str
    kind: UnitKind
    field: str


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many units of each kind; they add up to the number asked for."""

    counties: int
    zones: int
    departments: int
    townships: int


def sizes(units: int) -> Sizes:
    """12 counties, 3 zones and 48 departments, the rest townships; smaller cities in proportion."""
    if units >= 63:
        return Sizes(12, 3, 48, units - 63)
    counties = max(1, round(units * 12 / 63))
    zones = round(units * 3 / 63)
    return Sizes(counties, zones, max(0, units - counties - zones), 0)


def put_units(change: Change, root: RecordId, units: int, random: Random) -> list[Placed]:
    """Counties with their townships, zones, departments below the city."""
    wanted = sizes(units)
    placed: list[Placed] = []
    top = iter(ordering.spread(wanted.counties + wanted.zones + wanted.departments))
    fresh = names.township_names(random)
    per_county = [wanted.townships // wanted.counties] * wanted.counties
    for place in range(wanted.townships % wanted.counties):
        per_county[place] += 1
    for place in range(wanted.counties):
        name = usual_full_name(names.COUNTIES[place], UnitKind.COUNTY)
        county = _put(change, name, UnitKind.COUNTY, root, next(top), f"A{place + 1:02d}")
        placed.append(county)
        keys = ordering.spread(per_county[place])
        for number, key in enumerate(keys, start=1):
            town = usual_full_name(next(fresh), UnitKind.TOWNSHIP)
            code = f"A{place + 1:02d}{number:03d}"
            placed.append(_put(change, town, UnitKind.TOWNSHIP, county.id, key, code))
    for place in range(wanted.zones):
        name = f"{names.ZONES[place]}管理委员会"
        placed.append(_put(change, name, UnitKind.ZONE, root, next(top), f"B{place + 1:02d}"))
    for place in range(wanted.departments):
        known = names.DEPARTMENTS[place]
        kind = UnitKind.VERTICAL if known.short in _VERTICAL else UnitKind.DEPARTMENT
        placed.append(
            _put(
                change, known.name, kind, root, next(top), f"C{place + 1:02d}", known.short,
                known.group, known.field,
            )
        )
    return placed


def put_people(
    change: Change, units: list[Placed], random: Random, year: int
) -> None:
    """A principal, a leader in charge and a liaison for every unit; some principals are new this year."""
    for unit in units:
        titles = _titles(unit)
        roles = [(PostRole.PRINCIPAL, titles[0])]
        if unit.kind is not UnitKind.TOWNSHIP:
            roles.append((PostRole.LEADER_IN_CHARGE, titles[1]))
        roles.append((PostRole.LIAISON, "联络员"))
        for (role, title), key in zip(roles, ordering.spread(len(roles)), strict=True):
            post = change.new(Post)
            change.put(Post(id=post, unit=unit.id, title=title, role=role, ord=key))
            since = date(year - random.randint(1, 4), random.randint(1, 12), random.randint(1, 28))
            if role is PostRole.PRINCIPAL and random.random() < 0.12:
                left = date(year - 1, random.randint(6, 11), 15)
                early = date(year - 5, 3, 1)
                _hold(change, post, random, early, left)
                since = date(left.year, left.month, 16)
            _hold(change, post, random, since, None)


def _hold(
    change: Change, post: RecordId, random: Random, since: date, until: date | None
) -> None:
    person = change.new(Person)
    phone = f"0000-{random.randint(2000000, 8999999)}"
    change.put(Person(id=person, name=names.person_name(random), phone=phone))
    change.put(
        Tenure(id=change.new(Tenure), post=post, person=person, since=since, until=until)
    )


def _titles(unit: Placed) -> tuple[str, str]:
    for ending, titles in _TITLES_BY_ENDING:
        if unit.name.endswith(ending) and unit.kind is not UnitKind.GOVERNMENT:
            return titles
    return _TITLES[unit.kind]


def _put(
    change: Change, name: str, kind: UnitKind, superior: RecordId, key: str, code: str,
    short: str = "", group: str = "", field: str = "",
) -> Placed:
    record = change.new(Unit)
    short = short or usual_short_name(name)
    change.put(
        Unit(
            id=record, name=name, short_name="" if short == name else short, kind=kind,
            peer_group=group, superior=superior, ord=key, code=code,
        )
    )
    return Placed(record, name, short, kind, field)
