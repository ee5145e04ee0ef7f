"""Whose records are shown: what came from a superior or from below is marked and not typed over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mbo_desktop.domain.exchange import Binding, BindingRole
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.portable import names_of

_OWNER = 32
"""Digits of the owner at the beginning of a record's name."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record of another office comes from."""

    word: str
    """The small mark: 「上级」, 「来自柯城区」."""
    office: str
    sentence: str
    """Why it cannot be changed here, and what to do instead."""


def origins(store: Store, records: Iterable[RecordId]) -> dict[RecordId, Origin]:
    """The origin of those of the records that belong to other offices."""
    known = store.all(Binding)
    if not known:
        # Nothing can have come from anywhere: no question for every page of a table.
        return {}
    own = store.owner.hex
    names = names_of(store, list(dict.fromkeys(records)))
    foreign = {record: name[:_OWNER] for record, name in names.items() if name[:_OWNER] != own}
    if not foreign:
        return {}
    said = _by_office(store, known)
    other = _relayed(known, said) if set(foreign.values()) - said.keys() else _UNKNOWN
    return {record: said.get(owner, other) for record, owner in foreign.items()}


def origin(store: Store, record: RecordId) -> Origin | None:
    """The origin of one record, None for an own one."""
    return origins(store, [record]).get(record)


_UNKNOWN = Origin("来自外机关", "其他机关", "这是其他机关的内容,只能查看。")


def _relayed(known: list[Binding], said: dict[str, Origin]) -> Origin:
    """An office nobody is bound to: the superior's superior, where no office below relays what others report.

    Its records came along because what the superior gave hangs on them.
    """
    above = [one for one in known if one.role is BindingRole.SUPERIOR]
    if not above or len(above) < len(known):
        return _UNKNOWN
    name = said[above[0].office].office
    return Origin("上级", name, f"这是上级“{name}”转来的更上一级的内容,只能查看。")


def _by_office(store: Store, known: list[Binding]) -> dict[str, Origin]:
    units = store.get_many(Unit, [one.unit for one in known if one.unit is not None])
    said = {}
    for one in known:
        if one.role is BindingRole.SUPERIOR:
            said[one.office] = Origin(
                "上级", one.name, f"这是上级“{one.name}”下达的内容,只能查看。有不同意见的,在右侧面板中答复。"
            )
            continue
        unit = units.get(one.unit) if one.unit is not None else None
        name = (unit.short_name or unit.name) if unit is not None else one.name
        said[one.office] = Origin(
            f"来自{name}", one.name, f"这是{name}上报的内容,只能查看。需要更正的,请退回由它重报。"
        )
    return said


def any_office(store: Store) -> bool:
    """Whether any other office is known here."""
    return bool(store.all(Binding))
