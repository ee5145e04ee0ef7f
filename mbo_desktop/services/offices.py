"""The register of units (room 单位人员): tree, official order, names, codes, deletion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from mbo_desktop import clock
from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Office, Unit, UnitKind
from mbo_desktop.domain.unit_names import guess_kind, usual_short_name
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import level_words
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import units as reads
from mbo_desktop.store.queries.units import UnitRow

__all__ = ["UnitRow"]


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A line of a pasted list that was not taken in: its number from 1, its text, and why."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class AddedUnits:
    """What a pasted list of units gave."""

    added: tuple[RecordId, ...]
    skipped: tuple[SkippedLine, ...]


def root_unit(store: Store) -> RecordId | None:
    """The unit that stands for the own government, None in a folder without an office."""
    found = store.all(Office)
    return found[0].unit if found else None


def children_of(
    store: Store,
    unit: RecordId | None,
    *,
    with_dissolved: bool = False,
    on: date | None = None,
    offset: int = 0,
    limit: int = 2000,
) -> tuple[UnitRow, ...]:
    """The units directly below `unit` in official order (None: the roots), with principals at `on`."""
    return reads.children(
        store, unit, with_dissolved=with_dissolved, on=on or clock.today(),
        offset=offset, limit=limit,
    )


def unit_row(store: Store, unit: RecordId, *, on: date | None = None) -> UnitRow:
    """One unit as lists show it; raises NotAllowedError when it was deleted."""
    rows = reads.rows(store, (unit,), on=on or clock.today())
    if not rows:
        raise NotAllowedError("这个单位已被删除。", "可用“编辑→撤销”恢复。")
    return rows[0]


def unit_rows(
    store: Store, units: Sequence[RecordId], *, on: date | None = None
) -> tuple[UnitRow, ...]:
    """These units in the order given; deleted ones are left out."""
    return reads.rows(store, units, on=on or clock.today())


def units_in_order(
    store: Store,
    *,
    kinds: Sequence[UnitKind] = (),
    peer_group: str = "",
    below: RecordId | None = None,
    text: str = "",
    with_dissolved: bool = False,
    offset: int = 0,
    limit: int = 2000,
) -> tuple[UnitRow, ...]:
    """Units in official order (the tree read from top to bottom), filtered.

    text fits name, short name, code, full pinyin or initials (sjw → 市交委); below leaves only
    what stands under that unit; no kinds means all kinds.
    """
    return reads.in_order(
        store, kinds=kinds, peer_group=peer_group, below=below, text=text,
        with_dissolved=with_dissolved, on=clock.today(), offset=offset, limit=limit,
    )


def count_units(
    store: Store, *, kinds: Sequence[UnitKind] = (), peer_group: str = "", text: str = ""
) -> int:
    """How many units `units_in_order` would give in all."""
    return reads.count(
        store, kinds=kinds, peer_group=peer_group, text=text, on=clock.today()
    )


def search_units(store: Store, text: str, *, limit: int = 30) -> tuple[UnitRow, ...]:
    """Units for a picker, by name, code and pinyin initials, in official order."""
    return units_in_order(store, text=text, limit=limit)


def path_of(store: Store, unit: RecordId) -> tuple[UnitRow, ...]:
    """The chain from the root down to and including the unit."""
    chain: list[RecordId] = []
    found = store.find(Unit, unit)
    while found is not None and found.id not in chain:
        chain.append(found.id)
        found = store.find(Unit, found.superior) if found.superior is not None else None
    return unit_rows(store, chain[::-1])


def peer_groups(store: Store) -> tuple[str, ...]:
    """The names of the 考核分组 in use, in the order their first unit stands."""
    return reads.peer_groups(store)


def add_unit(
    store: Store,
    name: str,
    *,
    superior: RecordId | None,
    kind: UnitKind | None = None,
    short_name: str = "",
    code: str = "",
    before: RecordId | None = None,
) -> RecordId:
    """Add a unit below `superior`, last or before a sibling; kind None is guessed from the name.

    Raises InputError for an empty name, or a name or code that a unit has already.
    """
    full = clean_name(name)
    with store.change(f"添加单位 {full}") as change:
        return put_new_unit(
            store, change, full, superior=superior, kind=kind, short_name=short_name, code=code,
            before=before,
        )


def put_new_unit(
    store: Store,
    change: Change,
    name: str,
    *,
    superior: RecordId | None,
    kind: UnitKind | None = None,
    short_name: str = "",
    code: str = "",
    before: RecordId | None = None,
    key: str = "",
) -> RecordId:
    """`add_unit` as a part of a change that is already open.

    Reads see what is committed: who adds several in one change gives each its order key.
    """
    full = clean_name(name)
    _refuse_name_taken(store, full, None)
    _refuse_code_taken(store, code.strip(), None)
    key = key or _place(store, superior, before)
    record = change.new(Unit)
    change.put(_new_unit(store, record, full, short_name, kind, code, superior, key))
    return record


def add_units_from_list(
    store: Store, text: str, *, superior: RecordId | None, kind: UnitKind | None = None
) -> AddedUnits:
    """Add one unit per line, in order: name, or 「name⇥short name⇥code」 as copied from a table.

    Lines with a name or code that is taken are skipped and told; one undo step.
    """
    added: list[RecordId] = []
    skipped: list[SkippedLine] = []
    with store.change("批量添加单位") as change:
        lines = [line for line in enumerate(text.splitlines(), start=1) if line[1].strip()]
        keys = iter(keys_at_end(store, superior, len(lines)))
        names, codes = reads.names_and_codes(store)
        for number, line in lines:
            parts = [part.strip() for part in line.strip().split("\t")] + ["", ""]
            name, short, code = clean_name(parts[0]), parts[1], parts[2]
            reason = _line_refusal(name, code, names, codes)
            if reason:
                skipped.append(SkippedLine(number, line.strip(), reason))
                continue
            names.add(name)
            codes.add(code)
            record = change.new(Unit)
            change.put(_new_unit(store, record, name, short, kind, code, superior, next(keys)))
            added.append(record)
    return AddedUnits(tuple(added), tuple(skipped))


def change_unit(
    store: Store,
    unit: RecordId,
    *,
    kind: UnitKind | None = None,
    short_name: str | None = None,
    peer_group: str | None = None,
    code: str | None = None,
    note: str | None = None,
) -> None:
    """Change facts of a unit; None leaves a fact as it is. Raises InputError for a code in use."""
    with store.change("修改单位信息") as change:
        old = change.get(Unit, unit)
        group = old.peer_group if kind is None else level_words.group_after(store, old, kind)
        if code is not None:
            _refuse_code_taken(store, code.strip(), unit)
        change.put(
            replace(
                old,
                kind=kind or old.kind,
                short_name=old.short_name if short_name is None else short_name.strip(),
                peer_group=group if peer_group is None else peer_group.strip(),
                code=old.code if code is None else code.strip(),
                note=old.note if note is None else note.strip(),
            )
        )


def what_rests_on(store: Store, unit: RecordId) -> tuple[str, ...]:
    """What forbids deleting the unit, in words: 「3项目标」「1份责任书」「2个下级单位」; empty: nothing."""
    return reads.what_rests_on(store, unit)


def keys_at_end(store: Store, superior: RecordId | None, count: int) -> list[str]:
    """Order keys for units that are added last below one."""
    return ordering.spread(count, reads.last_child_ord(store, superior))


def clean_name(text: str) -> str:
    """A name without stray spaces; raises InputError when nothing is left."""
    cleaned = " ".join(text.split())
    if not cleaned:
        raise InputError("单位名称没有填写。", "请填写单位名称。")
    return cleaned


def _new_unit(
    store: Store, record: RecordId, name: str, short: str, kind: UnitKind | None, code: str,
    superior: RecordId | None, key: str,
) -> Unit:
    short = short.strip() or usual_short_name(name)
    kind = kind or guess_kind(name)
    return Unit(
        id=record,
        name=name,
        short_name="" if short == name else short,
        kind=kind,
        superior=superior,
        ord=key,
        code=code.strip(),
        peer_group=level_words.usual_group(store, kind),
    )


def _line_refusal(name: str, code: str, names: set[str], codes: set[str]) -> str:
    if name in names:
        return "同名单位已存在"
    return f"编码 {code} 已被使用" if code and code in codes else ""


def _refuse_name_taken(store: Store, name: str, own: RecordId | None) -> None:
    other = reads.id_of_name(store, name)
    if other is not None and other != own:
        raise InputError(f"已有名为“{name}”的单位。", "请改用其他名称,或选用已有的单位。")


def _refuse_code_taken(store: Store, code: str, own: RecordId | None) -> None:
    other = reads.id_of_code(store, code) if code else None
    if other is not None and other != own:
        name = store.get(Unit, other).name
        raise InputError(f"编码 {code} 已用于“{name}”。", "请改用其他编码。")


def _place(store: Store, superior: RecordId | None, before: RecordId | None) -> str:
    siblings = reads.sibling_ords(store, superior)
    index = next((i for i, pair in enumerate(siblings) if pair[0] == before), len(siblings))
    return ordering.between(*ordering.gap([key for _id, key in siblings], index))
