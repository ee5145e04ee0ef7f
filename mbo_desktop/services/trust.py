"""往来机关: who the other offices are, by which key they are known, which unit they are here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from mbo_desktop import clock
from mbo_desktop.domain.exchange import Binding, BindingRole, OfficeCard, PackageState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.exchange import signing
from mbo_desktop.services import bound_offices, package_register, session
from mbo_desktop.services.package_making import stream_of
from mbo_desktop.services.received import InboxRow
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.portable import names_of
from mbo_desktop.store.signing_key import signing_key


@dataclass(frozen=True, slots=True)
class BindingRow:
    """Another office as it is known here."""

    id: RecordId
    office: str
    name: str
    code: str
    role: BindingRole
    unit: RecordId | None
    unit_label: str
    fingerprint: str
    accepted_on: date | None
    accepted_by: str
    basis: str
    contact: str
    last_received: date | None
    last_issued: date | None
    earlier_keys: int
    """How many keys it had before this one."""


def own_card(store: Store) -> OfficeCard:
    """How this office introduces itself; makes its key the first time (NotAllowedError when read-only)."""
    office = session.office(store)
    unit = None if office.unit is None else store.find(Unit, office.unit)
    return OfficeCard(
        store.owner.hex, office.name, "" if unit is None else unit.code,
        signing.public_key(signing_key(store)),
        "" if unit is None else names_of(store, [unit.id])[unit.id],
        "" if unit is None else unit.name,
    )


def fingerprint(key: str) -> str:
    """A key's fingerprint in groups, for print and for reading out."""
    return signing.fingerprint(key)


def accept(
    store: Store, row: InboxRow, unit: RecordId | None, *, role: BindingRole, reason: str = "",
) -> RecordId:
    """当面接收 of a stranger or of a known office's other key; the binding's record.

    unit: the own unit that it is; None for a superior. InputError without a reason where
    the key is another one; NotAllowedError when the unit is another office already, unless a
    reason says why this one takes its place (data set up anew).
    """
    card = row.card
    if card is None or not card.key:
        raise InputError("这个文件里没有可以接收的机关。", "请选择对方的数据包。")
    if card.office == store.owner.hex:
        raise NotAllowedError("这是本机关自己的数据包。", "本机关另一台电脑的数据请用“合并”。")
    old = bound_offices.binding_of(store, card.office)
    if old is not None and old.key != card.key and not reason.strip():
        raise InputError("对方的密钥与登记的不同,没有写明换用的理由。", "请当面核对指纹,并写明为何接收新密钥。")
    if unit is None and old is not None:
        unit = old.unit
    other = None if role is BindingRole.SUPERIOR or unit is None else (
        bound_offices.binding_of_unit(store, unit)
    )
    if other is None or other.office == card.office or not reason.strip():
        other = None
        _check_unit(store, unit, role, card.office)
    with store.change(f"当面接收 {card.name}", barrier=True) as change:
        if other is not None:
            change.put(replace(other, unit=None))
        record = change.named(Binding, card.office)
        keys = () if old is None else old.earlier_keys
        if old is not None and old.key != card.key:
            keys = (*keys, old.key)
        made = Binding(
            id=record, office=card.office, name=card.name, code=card.code, key=card.key,
            unit=unit if role is not BindingRole.SUPERIOR else None, their_unit=card.unit,
            our_unit=row.recipient_unit or ("" if old is None else old.our_unit),
            role=role, accepted_on=clock.today(), accepted_by=store.operator,
            basis=reason.strip() or "当面接收", earlier_keys=keys,
            contact="" if old is None else old.contact,
        )
        change.put(made)
    return record


def rebind(store: Store, binding: RecordId, unit: RecordId | None, *, role: BindingRole) -> None:
    """The office is another unit of the register now (after a merger)."""
    old = store.get(Binding, binding)
    _check_unit(store, unit, role, old.office)
    with store.change(f"更改对应单位 {old.name}", barrier=True) as change:
        change.put(replace(
            old, role=role, unit=None if role is BindingRole.SUPERIOR else unit,
        ))


def carry_on(store: Store, binding: RecordId, unit: RecordId) -> None:
    """After a merger of units whose offices both exchange packages: this one speaks for what they became.

    The others stay with the unit they were, for what it had signed. InputError where there is nothing to decide.
    """
    waiting = bound_offices.undecided_mergers(store).get(unit, ())
    one = next((each for each in waiting if each.id == binding), None)
    if one is None:
        raise InputError("这个单位已经有机关接续,或没有合并过。", "请刷新后再看。")
    rebind(store, binding, unit, role=one.role)


def _check_unit(store: Store, unit: RecordId | None, role: BindingRole, office: str) -> None:
    if role is BindingRole.SUPERIOR:
        return
    if unit is None:
        raise InputError("没有选定对方是本机关登记的哪个单位。", "请在单位中选择;没有的,先在“单位人员”中登记。")
    other = bound_offices.binding_of_unit(store, unit)
    if other is not None and other.office != office:
        raise NotAllowedError(
            f"这个单位已经对应“{other.name}”。", "请选择另一个单位,或先在往来机关中更改原来的对应。"
        )


def set_contact(store: Store, binding: RecordId, contact: str) -> None:
    """Whom to phone there."""
    with store.change("登记联系人") as change:
        change.put(replace(change.get(Binding, binding), contact=" ".join(contact.split())))


def forget(store: Store, binding: RecordId) -> None:
    """Take back an acceptance; NotAllowedError when packages of the office were taken in."""
    old = store.get(Binding, binding)
    taken = [
        one for one in package_register.packages_of(store, old.office)
        if one.state is PackageState.APPLIED and one.sender == old.office
    ]
    if taken:
        raise NotAllowedError(
            f"已经导入过“{old.name}”的{len(taken)}个数据包,不能取消接收。",
            "确需取消的,请先在“登记”中撤回这些导入。" if not all(one.withdrawn for one in taken)
            else "撤回的包仍保存在登记中;可以更改它对应的单位。",
        )
    with store.change(f"取消接收 {old.name}", barrier=True) as change:
        change.delete(binding)


def bindings(store: Store) -> tuple[BindingRow, ...]:
    """The offices known here: superior first, then in the order of their names."""
    found = bound_offices.own_bindings(store)
    units = store.get_many(Unit, [one.unit for one in found if one.unit is not None])
    names = names_of(store, list(units))
    last = package_register.last_days(store, {
        stream_of(names[one.unit]).hex(): one.office
        for one in found if one.unit is not None and one.unit in names
    })
    rows = []
    for one in found:
        unit = units.get(one.unit) if one.unit is not None else None
        received, issued = last.get(one.office, (None, None))
        rows.append(BindingRow(
            one.id, one.office, one.name, one.code, one.role, one.unit,
            "" if unit is None else unit.short_name or unit.name,
            signing.fingerprint(one.key) if one.key else "", one.accepted_on, one.accepted_by,
            one.basis, one.contact, received, issued, len(one.earlier_keys),
        ))
    return tuple(sorted(rows, key=lambda row: (
        row.role is not BindingRole.SUPERIOR, row.unit_label or row.name,
    )))
