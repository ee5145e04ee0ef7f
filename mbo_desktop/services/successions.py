"""Merging and splitting units as succession records: history and signed paper stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Succession, SuccessionKind, Unit
from mbo_desktop.errors import InputError
from mbo_desktop.services import bound_offices, offices
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    """A merger or split in words."""

    id: RecordId
    kind: SuccessionKind
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    effective_on: date
    basis: str
    note: str

    @property
    def sentence(self) -> str:
        """「2021-03-01 合并:市商务局、市招商局 → 市商务局」."""
        before, after = "、".join(self.predecessors), "、".join(self.successors)
        return f"{self.effective_on.isoformat()} {self.kind.label}:{before} → {after}"


def merge_units(
    store: Store,
    predecessors: Sequence[RecordId],
    *,
    into: RecordId | None = None,
    new_name: str = "",
    effective_on: date,
    basis: str = "",
    note: str = "",
) -> RecordId:
    """Record that units became one: an existing unit (`into`) or a new one; returns that unit.

    Predecessors other than the successor are dissolved on the day; their subordinates move
    to the successor, and so does the one office that exchanges packages for them. Their targets and agreements stay where they are. Raises InputError
    with fewer than two units involved.
    """
    with store.change("登记机构合并") as change:
        units = [change.get(Unit, unit) for unit in dict.fromkeys(predecessors)]
        if len({*predecessors, *([into] if into is not None else [])}) < 2:
            raise InputError("合并至少要有两个单位。", "请再选择一个单位。")
        if into is None:
            into = offices.put_new_unit(
                store, change, new_name, superior=units[0].superior, kind=units[0].kind
            )
        for unit in units:
            if unit.id == into:
                continue
            change.put(replace(unit, dissolved_on=effective_on))
        _move_subordinates(store, change, units, into)
        bound_offices.follow_merger(store, change, [unit.id for unit in units], into)
        change.put(
            Succession(
                id=change.new(Succession),
                kind=SuccessionKind.MERGE,
                predecessors=tuple(unit.id for unit in units),
                successors=(into,),
                effective_on=effective_on,
                basis=basis.strip(),
                note=note.strip(),
            )
        )
    return into


def _move_subordinates(
    store: Store, change: Change, units: Sequence[Unit], into: RecordId
) -> None:
    """Put what stands below the merged units last below the successor, in the units' order.

    A successor that stood below one of them takes that unit's place in the tree.
    """
    gone = {unit.id for unit in units} - {into}
    heir = change.get(Unit, into)
    above = heir.superior
    while above in gone:
        above = change.get(Unit, above).superior
    if above != heir.superior:
        [key] = offices.keys_at_end(store, above, 1)
        change.put(replace(heir, superior=above, ord=key))
    moving = [
        child for unit in units if unit.id in gone
        for child in store.all(Unit, superior=unit.id)
        if child.id not in gone and child.id != into
    ]
    keys = offices.keys_at_end(store, into, len(moving))
    for child, key in zip(moving, keys, strict=True):
        change.put(replace(child, superior=into, ord=key))


def split_unit(
    store: Store,
    unit: RecordId,
    *,
    into: Sequence[RecordId] = (),
    new_names: Sequence[str] = (),
    effective_on: date,
    dissolve: bool = True,
    basis: str = "",
    note: str = "",
) -> tuple[RecordId, ...]:
    """Record that a unit was split into existing (`into`) and new units; returns all successors.

    dissolve False: the unit itself goes on beside them. Raises InputError when there would be
    fewer than two successors.
    """
    with store.change("登记机构拆分") as change:
        old = change.get(Unit, unit)
        names = [name for name in new_names if name.strip()]
        if len(set(names)) < len(names):
            raise InputError("拆分后的单位有重名。", "请改用不同的名称。")
        if len(into) + len(names) + (0 if dissolve else 1) < 2:
            raise InputError("拆分后至少要有两个单位。", "请补充拆分后的单位。")
        keys = offices.keys_at_end(store, old.superior, len(names))
        made = [
            offices.put_new_unit(
                store, change, name, superior=old.superior, kind=old.kind, key=key
            )
            for name, key in zip(names, keys, strict=True)
        ]
        successors = (*into, *made) if dissolve else (unit, *into, *made)
        if dissolve:
            change.put(replace(old, dissolved_on=effective_on))
        change.put(
            Succession(
                id=change.new(Succession),
                kind=SuccessionKind.SPLIT,
                predecessors=(unit,),
                successors=tuple(successors),
                effective_on=effective_on,
                basis=basis.strip(),
                note=note.strip(),
            )
        )
    return tuple(successors)


def successions_of(store: Store, unit: RecordId) -> tuple[SuccessionRow, ...]:
    """The mergers and splits the unit took part in, oldest first."""
    return tuple(
        row
        for record, row in _all_rows(store)
        if unit in record.predecessors or unit in record.successors
    )


def successions(store: Store) -> tuple[SuccessionRow, ...]:
    """All mergers and splits, oldest first."""
    return tuple(row for _record, row in _all_rows(store))


def _all_rows(store: Store) -> list[tuple[Succession, SuccessionRow]]:
    records = sorted(store.all(Succession), key=lambda record: record.effective_on)
    wanted = {unit for r in records for unit in (*r.predecessors, *r.successors)}
    names = {key: unit.name for key, unit in store.get_many(Unit, tuple(wanted)).items()}
    return [
        (
            record,
            SuccessionRow(
                record.id,
                record.kind,
                tuple(names.get(unit, "(未收到)") for unit in record.predecessors),
                tuple(names.get(unit, "(未收到)") for unit in record.successors),
                record.effective_on,
                record.basis,
                record.note,
            ),
        )
        for record in records
    ]
