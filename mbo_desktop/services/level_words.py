"""How a government of another level than a city's is spoken of: 县政府, 县直部门."""

from __future__ import annotations

from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.services import office_words, session
from mbo_desktop.store.database import Store

_LEVELS = "省市县区旗州乡镇"


def level(store: Store) -> str:
    """县 for 澜溪县人民政府; "" where the name does not end in a level."""
    name = session.office(store).government_name
    stem = name.removesuffix("人民政府").removesuffix("政府")
    return stem[-1] if stem and stem[-1] in _LEVELS else ""


def government_word(store: Store) -> str:
    """市政府, 县政府 …: how the own government is called in the sentences."""
    own = level(store)
    return f"{own}政府" if own else session.office(store).government_name or "市政府"


def kind_word(store: Store, kind: UnitKind) -> str:
    """The kind of unit in words: a county's departments are 县直部门."""
    return office_words.kind(store, kind)


def addressees(store: Store) -> str:
    """To whom a circular to all units below is addressed, as documents of the level begin."""
    own = level(store)
    if own in ("县", "区", "旗"):
        return f"各乡镇人民政府、街道办事处，{own}政府各部门"
    if own in ("乡", "镇"):
        return f"各村（社区），{own}政府各内设机构"
    return f"各县（市、区）人民政府，{own or '市'}政府各部门"


def usual_group(store: Store, kind: UnitKind) -> str:
    """The 考核分组 a new unit is put in; "" = the kind's own."""
    word = kind_word(store, kind)
    return "" if word == kind.label else word


def typed_group(store: Store, kind: UnitKind, typed: str) -> str:
    """The 考核分组 that is kept for what was typed: nothing, or any level's word for the kind, is the usual one."""
    text = typed.strip()
    if not text or text == kind.label or (kind is UnitKind.DEPARTMENT and office_words.stored_group(text) == kind.label):
        return usual_group(store, kind)
    return text


def group_after(store: Store, old: Unit, kind: UnitKind) -> str:
    """The 考核分组 of a unit that becomes another kind: one of its own stays, the usual one follows."""
    if old.peer_group and old.peer_group != usual_group(store, old.kind):
        return old.peer_group
    return usual_group(store, kind)
