"""A data folder's life: making it, opening it, who works here, which years are open."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from mbo_desktop import clock
from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Office, Operator, Unit, UnitKind
from mbo_desktop.domain.planning import (
    STARTING_CATEGORIES,
    STARTING_STRATEGIES,
    Category,
    CategoryAxis,
    Year,
    YearState,
)
from mbo_desktop.domain.unit_names import government_of, usual_short_name
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import framework as framework_reads

DOOR_FILE = "打开.zrd"
_as_whom: ContextVar[Callable[[Store], object] | None] = ContextVar("as_whom", default=None)


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """Somebody who works at this program; inactive ones stay in the history."""

    id: RecordId
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class YearRow:
    """An assessment year of the data folder."""

    id: RecordId
    number: int
    state: YearState
    declared_points: Decimal | None


def create_folder(
    folder: Path,
    *,
    office_name: str,
    government_name: str = "",
    kind: UnitKind = UnitKind.GOVERNMENT,
    superior_name: str = "",
    operators: Sequence[str] = (),
    year: int | None = None,
    with_framework: bool = True,
    code: str = "",
) -> Store:
    """Make a data folder with its office, root unit, operators and the year's starting framework.

    year None is the present one; with_framework False leaves categories and strategies to come
    with a superior's package; code: the root unit's. Raises InputError for an empty office name, the store's
    errors for a folder that cannot be used. The first operator is the one at work.
    """
    office = _clean(office_name, "本机关名称")
    names = [name.strip() for name in operators if name.strip()] or ["管理员"]
    government = government_name.strip() or government_of(office) or office
    store = Store.create(folder, operator=names[0])
    try:
        with store.change("建立数据文件夹(单人模式)", barrier=True) as change:
            root = Unit(
                id=change.new(Unit),
                name=government,
                short_name=_root_short_name(government),
                kind=kind,
                ord=ordering.between("", ""),
                code=code,
            )
            change.put(root)
            change.put(
                Office(
                    id=change.named(Office),
                    name=office,
                    government_name=government,
                    kind=kind,
                    superior_name=superior_name.strip(),
                    unit=root.id,
                )
            )
            for name in dict.fromkeys(names):
                change.put(Operator(id=change.new(Operator), name=name))
            put_year(change, year or clock.today().year, with_framework=with_framework)
    except BaseException:
        discard(store)
        raise
    return store


def discard(store: Store) -> None:
    """Close a data folder whose making failed or was stopped, and remove what was made of it."""
    store.close()
    for made in store.folder.iterdir():
        if made.is_dir():
            shutil.rmtree(made)
        else:
            made.unlink()
    store.folder.rmdir()


def open_folder(path: Path, *, operator: str = "", read_only: bool = False) -> Store:
    """Open a data folder, given itself or its 打开.zrd; a second start opens read-only.

    Without an operator the first active one is set.
    """
    folder = path.parent if path.is_file() else path
    store = Store.open(folder, operator=operator, read_only=read_only)
    as_whom = _as_whom.get()
    if as_whom is not None and store.gate.is_on:
        as_whom(store)
    elif not store.operator and not store.gate.is_on:
        names = [row.name for row in operators(store)]
        store.operator = names[0] if names else ""
    return store


@contextmanager
def opening_as(deed: Callable[[Store], object]) -> Iterator[None]:
    """Within it a folder with accounts that is opened signs somebody in at once (commands)."""
    token = _as_whom.set(deed)
    try:
        yield
    finally:
        _as_whom.reset(token)


def office(store: Store) -> Office:
    """The office that owns the data folder; raises NotAllowedError for a folder without one."""
    found = store.all(Office)
    if not found:
        raise NotAllowedError("数据文件夹中没有本机关的登记。", "请在“工具→数据体检”中检查数据文件夹。")
    return found[0]


def set_office(
    store: Store,
    *,
    name: str | None = None,
    government_name: str | None = None,
    kind: UnitKind | None = None,
    superior_name: str | None = None,
) -> None:
    """Change facts of the own office; None leaves a fact as it is."""
    with store.change("修改本机关信息") as change:
        old = office(store)
        change.put(
            replace(
                old,
                name=old.name if name is None else _clean(name, "本机关名称"),
                government_name=(
                    old.government_name if government_name is None else government_name.strip()
                ),
                kind=kind or old.kind,
                superior_name=old.superior_name if superior_name is None else superior_name.strip(),
            )
        )


def operators(store: Store, *, with_inactive: bool = False) -> tuple[OperatorRow, ...]:
    """Who works here, in the order of their names."""
    rows = (OperatorRow(o.id, o.name, o.active) for o in store.all(Operator))
    return tuple(row for row in rows if row.active or with_inactive)


def add_operator(store: Store, name: str) -> RecordId:
    """Add a name (or make an inactive one active again); returns its record."""
    text = _clean(name, "经办人姓名")
    known = {row.name: row.id for row in operators(store, with_inactive=True)}
    with store.change(f"添加经办人 {text}") as change:
        record = known.get(text) or change.new(Operator)
        change.put(Operator(id=record, name=text))
    return record


def retire_operator(store: Store, operator: RecordId) -> None:
    """Take a name off the list at the start; what was recorded under it stays."""
    with store.change("停用经办人") as change:
        change.put(replace(change.get(Operator, operator), active=False))


def years(store: Store) -> tuple[YearRow, ...]:
    """All years of the data folder, newest first."""
    rows = [YearRow(y.id, y.number, y.state, y.declared_points) for y in store.all(Year)]
    return tuple(sorted(rows, key=lambda row: -row.number))


def year_at_work(store: Store) -> int:
    """The year to show first: the newest open one that holds indicators, else the newest; 0 for none."""
    found = years(store)
    filled = framework_reads.years_with_indicators(store)
    working = [row.number for row in found if row.state is YearState.OPEN and row.number in filled]
    return next(iter(working), found[0].number if found else 0)


def open_year(store: Store, number: int) -> RecordId:
    """Open an assessment year with the starting categories and strategies; once only.

    Raises InputError for a number outside 1990–2100, NotAllowedError when the year is there.
    """
    if not 1990 <= number <= 2100:
        raise InputError(f"“{number}”不是可用的年度。", "请填 1990 到 2100 之间的年份。")
    if any(row.number == number for row in years(store)):
        raise NotAllowedError(f"{number} 年度已经建立。", "请在年度列表中选择它。")
    with store.change(f"建立 {number} 年度") as change:
        return put_year(change, number)


def set_declared_points(store: Store, year: int, points: Decimal | None) -> None:
    """State what every unit's points are to add up to in this year; None: not declared."""
    with store.change("修改年度分值合计") as change:
        record = change.named(Year, year)
        old = change.get(Year, record)
        if old.state is YearState.CLOSED:
            raise NotAllowedError(f"{year} 年度已封存,不能修改。", "确需修改的,请先解封该年度并写明理由。")
        change.put(replace(old, declared_points=points))


def put_year(change: Change, number: int, *, with_framework: bool = True) -> RecordId:
    """A year with its starting framework, as a part of a change that is already open."""
    record = change.named(Year, number)
    change.put(Year(id=record, number=number))
    if not with_framework:
        return record
    starting = (
        (CategoryAxis.CATEGORY, STARTING_CATEGORIES),
        (CategoryAxis.STRATEGY, STARTING_STRATEGIES),
    )
    for axis, names in starting:
        for name, key in zip(names, ordering.spread(len(names)), strict=True):
            change.put(
                Category(
                    id=change.new(Category),
                    year=number,
                    axis=axis,
                    name=name,
                    ord=key,
                )
            )
    return record


def _root_short_name(government: str) -> str:
    short = usual_short_name(government)
    return "" if short == government else short


def _clean(text: str, what: str) -> str:
    cleaned = " ".join(text.split())
    if not cleaned:
        raise InputError(f"{what}没有填写。", "请填写后再继续。")
    return cleaned
