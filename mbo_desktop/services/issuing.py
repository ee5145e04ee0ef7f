"""发件: who can be sent what, what a package would hold, making it, and the hand-over register."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from mbo_desktop import clock
from mbo_desktop.domain.exchange import (
    Binding,
    BindingRole,
    HandOver,
    HandOverWay,
    PackageKind,
    PackageState,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import Cancelled, InputError
from mbo_desktop.services import (
    bound_offices,
    offices,
    package_files,
    package_making,
    package_register,
    trust,
)
from mbo_desktop.services.body_words import type_label
from mbo_desktop.services.issued import Contents, ContentsRow, IssuedFile, Recipient, RegisterRow
from mbo_desktop.services.package_making import Addressee, Carrying, stream_of
from mbo_desktop.services.package_register import PackageRow
from mbo_desktop.services.slices import Slice, Slicer
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import planned as planned_reads
from mbo_desktop.store.queries.portable import names_of

Progress = Callable[[int, int, str], None]


def recipients(store: Store, year: int, kind: PackageKind) -> tuple[Recipient, ...]:
    """Everybody such a package can be made for: units below the own one (下发), superiors (上报), both (回执)."""
    made = [one for one in package_register.packages(store) if one.state is PackageState.ISSUED]
    confirmed = package_register.receipts(store)
    slicer = Slicer.of(store, year)
    return tuple(
        _recipient(slicer, to, role, unit, kind, year, made, confirmed)
        for to, role, unit in _addressees(store, kind)
    )


def _recipient(
    slicer: Slicer, to: Addressee, role: BindingRole, unit: RecordId | None, kind: PackageKind,
    year: int, made: Sequence[PackageRow], confirmed: dict[str, date],
) -> Recipient:
    found = _slice(slicer, to, unit, kind)
    sent = [
        one for one in made
        if one.recipient == to.stream.hex() and one.kind is kind and one.year == year
    ]
    last = sent[-1] if sent else None
    return Recipient(
        to.key, to.name, unit, to.office, role, len(found.members), found.left_out,
        None if last is None else last.on, 0 if last is None else last.seq,
        None if last is None else confirmed.get(last.package),
    )


def _slice(slicer: Slicer, to: Addressee, unit: RecordId | None, kind: PackageKind) -> Slice:
    return slicer.slice(kind, unit, bytes.fromhex(to.office) if to.office else None)


def _addressees(
    store: Store, kind: PackageKind
) -> list[tuple[Addressee, BindingRole, RecordId | None]]:
    """Who could get a package of the kind: units below the own one with those bound anywhere, superiors."""
    found: list[tuple[Addressee, BindingRole, RecordId | None]] = []
    bound = bound_offices.own_bindings(store)
    if kind in (PackageKind.REPORT, PackageKind.RECEIPT):
        found += [
            (_superior(one), one.role, None) for one in bound if one.role is BindingRole.SUPERIOR
        ]
    if kind in (PackageKind.ISSUE, PackageKind.RECEIPT):
        by_unit = {one.unit: one for one in bound if one.unit is not None}
        root = offices.root_unit(store)
        below = [row.id for row in offices.children_of(store, root, limit=100_000)]
        below += [unit for unit in by_unit if unit not in below]
        if kind is PackageKind.RECEIPT:
            below = [unit for unit in below if unit in by_unit]
        units = store.get_many(Unit, below)
        names = names_of(store, list(units))
        for record in below:
            if record in units and record != root:
                office = by_unit.get(record)
                role = BindingRole.SUBORDINATE if office is None else office.role
                found.append((_below(units[record], names[record], office), role, record))
    return found


def _superior(bound: Binding) -> Addressee:
    return Addressee(
        bound.id, bytes.fromhex(bound.office), bound.office, "", bound.name, bound.code
    )


def _below(unit: Unit, name: str, bound: Binding | None) -> Addressee:
    return Addressee(
        unit.id, stream_of(name), "" if bound is None else bound.office, name,
        unit.short_name or unit.name, unit.code,
    )


def _chosen(
    store: Store, key: RecordId, kind: PackageKind
) -> tuple[Addressee, BindingRole, RecordId | None]:
    found = next((one for one in _addressees(store, kind) if one[0].key == key), None)
    if found is None:
        raise InputError(f"不能给这个对象制“{kind.label}”包。", "请在列表中选择接收单位。", "未制出任何包。")
    return found


def preview(store: Store, recipient: RecordId, kind: PackageKind, year: int) -> Contents:
    """What the package would hold against the last one; nothing is written."""
    to, role, unit = _chosen(store, recipient, kind)
    slicer = Slicer.of(store, year)
    made = [one for one in package_register.packages(store) if one.state is PackageState.ISSUED]
    row = _recipient(slicer, to, role, unit, kind, year, made, package_register.receipts(store))
    members = _slice(slicer, to, unit, kind).members
    planned = planned_reads.planned(
        store, members, kind=kind.value, year=year, recipient=to.stream
    )
    blobs, lacking = package_files.carried(
        store, (json.loads(one.body) for one in planned if one.body and not one.deleted)
    )
    left = row.left_out + ((f"{lacking}个附件不在数据文件夹中,不随包送出。",) if lacking else ())
    size = sum(len(one.body or "") for one in planned) + sum(one.size for one in blobs)
    return Contents(row, _counted(planned), left, len(blobs), size)


def _counted(planned: Sequence[planned_reads.Planned]) -> tuple[ContentsRow, ...]:
    types: dict[str, Counter[str]] = {}
    for one in planned:
        types.setdefault(one.type, Counter())[one.state] += 1
    rows = [
        ContentsRow(
            name, type_label(name), sum(number for state, number in found.items() if state != "withheld"),
            found["new"], found["changed"], found["withheld"],
        )
        for name, found in types.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.label)))


def issue(
    store: Store, keys: Sequence[RecordId], kind: PackageKind, year: int, folder: Path, *,
    password: str = "", cleared: bool, carrier: str = "", medium: str = "", note: str = "",
    progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> tuple[IssuedFile, ...]:
    """Make a package for each recipient and write it to the folder; each is one barrier change.

    keys: `Recipient.key`. InputError unless 非涉密 is confirmed (`cleared`); FileWriteError
    when the stick is full: what was made can be written again. Raises Cancelled between two.
    """
    if not cleared:
        raise InputError("没有确认内容非涉密。", "请核对内容,确认非涉密后再制包。", "未制出任何包。")
    if not keys:
        raise InputError("没有选定接收单位。", "请先勾选接收单位。", "未制出任何包。")
    card = trust.own_card(store)
    slicer = Slicer.of(store, year)
    by_key = {one[0].key: one for one in _addressees(store, kind)}
    sent = {one.recipient for one in package_register.packages(store) if one.state is PackageState.ISSUED}
    wanted = []
    for key in keys:
        to, _role, unit = by_key.get(key) or _chosen(store, key, kind)
        members = _slice(slicer, to, unit, kind).members
        if not members and kind is not PackageKind.RECEIPT and to.stream.hex() not in sent:
            raise InputError(
                f"{year}年度没有可以送给“{to.name}”的内容。", "责任书印发以后才能下发;请先取消勾选。", "未制出任何包。"
            )
        wanted.append((to, members))
    files = []
    for done, (to, members) in enumerate(wanted):
        if cancelled is not None and cancelled():
            raise Cancelled
        if progress is not None:
            progress(done, len(keys), f"制出{to.name}的包")
        with store.change(f"制出{kind.label}包 {to.name}", barrier=True) as change:
            identity, seq, _name = package_making.make(
                store, change, card, to, kind, year, members,
                Carrying(cleared, carrier, medium, note),
            )
        path = package_making.write(store, identity, folder, password=password)
        files.append(IssuedFile(path, identity, seq, to.key, to.name))
    return tuple(files)


def write_again(store: Store, package: str, folder: Path, *, password: str = "") -> Path:
    """Write a package made before once more, with the same content."""
    return package_making.write(store, package, folder, password=password)


def register(store: Store, year: int | None = None) -> tuple[RegisterRow, ...]:
    """The hand-over register, newest first."""
    rows = package_register.packages(store)
    confirmed = package_register.receipts_in(rows)
    carried: dict[str, HandOver] = {}
    for one in sorted(store.all(HandOver), key=lambda each: each.id):
        carried[one.package] = one
    covered: dict[tuple[str, str, PackageKind, int], int] = {}
    copies = package_register.copies(rows)
    days = _days_of_numbers(one for one in rows if one.package in copies)
    found = []
    for known in reversed(rows):
        row = _register_row(known, carried.get(known.package), confirmed.get(known.package))
        if known.package in copies:
            row = replace(row, copy=copies[known.package], same_number=tuple(
                on for package, on in days[_numbered(known)] if package != known.package and on is not None
            ))
        if known.state is PackageState.ISSUED:
            # Each holds all that the recipient is to have of the year, so a later one makes up for it.
            stream = (known.replica, known.recipient, known.kind, known.year)
            if row.receipt_on is not None:
                covered.setdefault(stream, known.seq)
            elif known.kind is not PackageKind.RECEIPT:
                row = replace(row, covered_by=covered.get(stream, 0))
        if year is None or known.year == year:
            found.append(row)
    return tuple(found)


def _numbered(one: PackageRow) -> tuple[str, str, int]:
    return one.sender, one.recipient, one.seq


def _days_of_numbers(rows: Iterable[PackageRow]) -> dict[tuple[str, str, int], list[tuple[str, date | None]]]:
    """(package, day) by sender, recipient and number."""
    found: dict[tuple[str, str, int], list[tuple[str, date | None]]] = {}
    for one in rows:
        found.setdefault(_numbered(one), []).append((one.package, one.on))
    return found


def _register_row(one: PackageRow, over: HandOver | None, receipt: date | None) -> RegisterRow:
    out = one.state is PackageState.ISSUED
    if one.withdrawn:
        state = "已撤回"
    elif out:
        state = "对方已收" if receipt else "已制出"
    else:
        state = "已导入"
    return RegisterRow(
        one.package, HandOverWay.OUT if out else HandOverWay.IN,
        one.recipient_name if out else one.sender_name, one.kind, one.year, one.seq,
        over.on if over else one.on, over.by if over else "", over.carrier if over else "",
        over.medium if over else "", bool(over and over.cleared), one.file_name, state, receipt,
        over.note if over else "", not out and not one.withdrawn and one.kind is not PackageKind.REPLICA,
        not out and one.withdrawn,
    )


def hand_over(
    store: Store, package: str, *, carrier: str, medium: str = "", on: date | None = None,
    cleared: bool = True, note: str = "",
) -> None:
    """Enter or correct who carried a package; InputError for a package that is not here."""
    known = next((one for one in package_register.packages(store) if one.package == package), None)
    if known is None:
        raise InputError("登记中没有这个包。", "请在“登记”的列表中选择。")
    way = HandOverWay.OUT if known.state is PackageState.ISSUED else HandOverWay.IN
    with store.change("登记交接") as change:
        old = next(iter(sorted(store.all(HandOver, package=package), key=lambda one: -one.id)), None)
        if old is None:
            old = HandOver(id=change.new(HandOver), package=package, way=way, on=known.on)
        change.put(replace(
            old, carrier=carrier.strip(), medium=medium.strip(), on=on or old.on or clock.today(),
            by=store.operator, cleared=cleared, note=note.strip() or old.note,
        ))
