"""收件: what chosen packages would change, taking them in as one step, withdrawing them days later."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from mbo_desktop import clock
from mbo_desktop.domain.exchange import (
    Binding,
    EditionLine,
    HandOver,
    HandOverWay,
    PackageKind,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Year
from mbo_desktop.errors import Cancelled, InputError, NotAllowedError, StorageError
from mbo_desktop.services import (
    bound_offices,
    filed_by_packages,
    filings,
    package_files,
    package_register,
    sealing,
)
from mbo_desktop.services.body_words import type_label
from mbo_desktop.services.collected import FieldChange
from mbo_desktop.services.collecting_write import apply_collection
from mbo_desktop.services.filings import FilingState
from mbo_desktop.services.inbox import judge_again
from mbo_desktop.services.package_register import PackageRow
from mbo_desktop.services.previewing import UNCHANGED, preview
from mbo_desktop.services.received import Inbox, InboxRow, OpenedPackage, Received, RowState
from mbo_desktop.services.without_collector import resting_collector
from mbo_desktop.store import backup
from mbo_desktop.store import receiving as store_receiving
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.receiving import DifferenceState

__all__ = ["apply", "missing", "preview", "take_back", "withdraw"]

Progress = Callable[[int, int, str], None]


def apply(
    store: Store, inbox: Inbox, chosen: Sequence[int], *, mass_confirmed: bool = False,
    progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> Received:
    """Take rows in: a backup before, then all packages in one barrier, checked before it is committed.

    InputError when nothing chosen can be taken or a mass change was not confirmed;
    NotAllowedError when the data changed meanwhile so that the preview no longer holds. Raises
    Cancelled.
    """
    inbox = _current(store, inbox, chosen)
    rows = [place for place in chosen if inbox.rows[place].can_be_taken]
    refused = tuple(
        f"{inbox.rows[place].name}:{inbox.rows[place].sentence}" for place in chosen if place not in rows
    )
    if not rows:
        raise InputError("选中的文件都不能导入。", "请看各行的说明。", "未导入任何内容。")
    mass = [inbox.rows[place] for place in rows if inbox.rows[place].is_mass]
    if mass and not mass_confirmed:
        raise InputError(
            f"“{mass[0].name}”{mass[0].mass_sentence}", "核实无误的,请再次确认后导入。", "未导入任何内容。"
        )
    packages = [place for place in rows if inbox.opened[place] is not None
                and inbox.rows[place].state is not RowState.REPLICA]
    told: list[str] = []
    records = forks = 0
    made: Path | None = None
    if packages:
        if progress is not None:
            progress(0, len(packages), "导入前备份")
        made = backup.make_backup(store, "导入前")
        for place in packages:
            opened = inbox.opened[place]
            if opened is not None:
                package_files.copy_in(store, opened.read)
        records, forks = _apply_packages(store, inbox, packages, progress, cancelled)
        told.append(f"已导入{len(packages)}个数据包,{records}条内容有变化")
        if forks:
            told.append(f"{forks}条有冲突,标为未定")
    others, kept_out = _apply_others(store, inbox, rows)
    return Received(
        ";".join([*told, *others] or ["没有导入任何内容"]) + "。", len(rows), records, (*refused, *kept_out), forks, made
    )


def _current(store: Store, inbox: Inbox, chosen: Sequence[int]) -> Inbox:
    """The rows as they stand now; NotAllowedError where what was shown no longer holds."""
    if store.change_count == inbox.change_count:
        return inbox
    now = judge_again(store, inbox)
    for place in chosen:
        was, here = inbox.rows[place], now.rows[place]
        if (was.state, was.changes) != (here.state, here.changes) or (
            _written(inbox, place) != _written(now, place)
        ):
            raise NotAllowedError("核对之后数据又有改动,预览已不是最新。", "请重新核对后再导入。")
    return now


def _written(inbox: Inbox, place: int) -> tuple[FieldChange, ...]:
    """What a workbook of the list would write; nothing for a package."""
    if inbox.workbooks is None or place not in inbox.workbook_rows:
        return ()
    return inbox.workbooks.changes_of(frozenset({inbox.workbook_rows[place]}))


def _apply_packages(
    store: Store, inbox: Inbox, places: Sequence[int], progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> tuple[int, int]:
    """All packages in one change; how many records changed and how many are forks."""
    records = forks = 0
    label = f"导入 {inbox.rows[places[0]].office_name}第{inbox.rows[places[0]].seq}包"
    if len(places) > 1:
        label = f"导入{len(places)}个数据包"
    with resting_collector(), store.change(label, barrier=True) as change:
        _put_years(change, {inbox.rows[place].year for place in places})
        for done, place in enumerate(places):
            if cancelled is not None and cancelled():
                raise Cancelled
            row, package = inbox.rows[place], inbox.opened[place]
            assert package is not None
            if progress is not None:
                progress(done, len(places), f"导入{row.office_name}")
            changed, doubted = _apply_one(store, change, row, package)
            records, forks = records + changed, forks + doubted
            filed_by_packages.note(change, row, inbox.briefs[place].months)
            _note_sender(change, row, package)
    return records, forks


def _apply_one(
    store: Store, change: Change, row: InboxRow, package: OpenedPackage
) -> tuple[int, int]:
    """One package; how many records are shown otherwise, and how many are forks.

    What it changes must be what was previewed, else nothing more may be to come of it.
    """
    if package_register.is_withdrawn(store, row.package):
        return store_receiving.take_back(change, row.package), 0
    lines = package.lines
    found = store_receiving.apply(
        change, package.manifest_text, package.manifest, lines, row.name
    )
    _hand_over(store, change, row, package)
    if found.records != row.changes:
        _check(store, change, lines)
    return found.records, found.forks


def _put_years(change: Change, years: set[int]) -> None:
    """Years that are not here yet, without a framework of their own: the package brings it."""
    for number in sorted(years):
        record = change.named(Year, number)
        if number and change.find(Year, record) is None:
            change.put(Year(id=record, number=number))


def _hand_over(store: Store, change: Change, row: InboxRow, package: OpenedPackage) -> None:
    change.put(HandOver(
        id=change.new(HandOver), package=row.package, way=HandOverWay.IN, on=clock.today(),
        by=store.operator, cleared=True, note=package.manifest.note,
    ))


def _note_sender(change: Change, row: InboxRow, package: OpenedPackage) -> None:
    """What the office says of itself now: name, code, its unit record."""
    card = package.manifest.sender
    record = change.named(Binding, card.office)
    old = change.find(Binding, record)
    if old is None:
        return
    now = replace(
        old, name=card.name, code=card.code, their_unit=card.unit,
        our_unit=_our_units(old, row, package),
    )
    if now != old:
        change.put(now)


def _our_units(old: Binding, row: InboxRow, package: OpenedPackage) -> str:
    """What a superior calls this office: its unit record now, with what it was before a merger."""
    now, before = row.recipient_unit, old.our_unit.split()
    if not now or now in before[:1]:
        return old.our_unit
    mergers = [
        json.loads(line.body) for line in package.lines
        if line.type == "succession" and line.body is not None and not line.deleted
    ]
    kept = [one for one in before if one != now and any(
        one in body.get("predecessors", ()) and now in body.get("successors", ()) for body in mergers
    )]
    return " ".join([now, *(before if kept else ())])


def _check(store: Store, change: Change, lines: Sequence[EditionLine]) -> None:
    """After writing, before the commit: nothing of a package may still be to come."""
    change.flush()
    with store.read() as connection:
        left = [
            one for one in store_receiving.compare(connection, lines)
            if one.state not in UNCHANGED and one.state is not DifferenceState.FORK
        ]
    if left:
        raise StorageError(
            f"导入后核对不一致({type_label(left[0].type)}等{len(left)}条)。",
            "已全部退回,数据与导入前相同。", "请运行数据体检,并把这个包交给技术人员。",
        )


def _apply_others(store: Store, inbox: Inbox, rows: Sequence[int]) -> tuple[list[str], list[str]]:
    """Workbooks by 收表, another PC's copy by 合并; what each said, and what was kept out and why."""
    from mbo_desktop.services import replica_packages

    told: list[str] = []
    kept_out: list[str] = []
    files = frozenset(inbox.workbook_rows[place] for place in rows if place in inbox.workbook_rows)
    if files and inbox.workbooks is not None:
        # The packages just taken in are no reason to look at the workbooks again: `_current` did.
        done = apply_collection(store, replace(inbox.workbooks, change_count=store.change_count), files=files)
        told.append(done.sentence.rstrip("。"))
        kept_out += [one.sentence for one in done.refused]
    for place in rows:
        if inbox.rows[place].state is not RowState.REPLICA:
            continue
        asked = len(replica_packages.conflicts(store, inbox, place))
        if asked:
            kept_out.append(f"{inbox.rows[place].name}:有{asked}条两边都改过,没有合并;请在“收件”里按“合并…”逐条选定。")
        else:
            told.append(replica_packages.merge(store, inbox, place).sentence.rstrip("。"))
    return told, kept_out


def withdraw(store: Store, package: str, reason: str) -> int:
    """撤回导入: the package no longer counts; how many records changed.

    InputError without a reason and for another PC's copy, NotAllowedError in a sealed year.
    """
    if not reason.strip():
        raise InputError("没有写明撤回导入的理由。", "请写明理由后再撤回。")
    known = _of_open_year(store, package)
    with store.change("撤回导入", barrier=True) as change:
        changed = store_receiving.withdraw(change, package, reason.strip())
        if known is not None:
            filed_by_packages.withdrawn(store, change, known)
    return changed


def take_back(store: Store, package: str) -> int:
    """The withdrawal is taken back; how many records changed. NotAllowedError in a sealed year."""
    known = _of_open_year(store, package)
    with store.change("取消撤回导入", barrier=True) as change:
        changed = store_receiving.take_back(change, package)
        if known is not None:
            filed_by_packages.taken_back(store, change, known)
    return changed


def _of_open_year(store: Store, package: str) -> PackageRow | None:
    """The package as the register knows it, None for an unknown one."""
    known = next((one for one in package_register.packages(store) if one.package == package), None)
    if known is None:
        return None
    if known.kind is PackageKind.REPLICA:
        raise InputError(
            "两台电脑的合并不能撤回。", "个别内容在“历史”里还原;整个退回的,恢复合并前的备份。", "数据没有改动。"
        )
    if known.kind is not PackageKind.RECEIPT:
        sealing.refuse_sealed(store, known.year)
    return known


def missing(store: Store, year: int, month: int) -> tuple[tuple[RecordId, str], ...]:
    """Bound units (record, label) of which no report of the month has come, in official order."""
    bound = {one.unit for one in bound_offices.own_bindings(store) if one.unit is not None}
    return tuple(
        (row.unit, row.label) for row in filings.board(store, year, month)
        if row.unit in bound and row.state is FilingState.MISSING
    )


