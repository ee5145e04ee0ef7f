"""收件: what chosen packages would change, taking them in as one step, withdrawing them days later."""

from __future__ import annotations

import re
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
from mbo_desktop.domain.reports import FigureKind, Filing
from mbo_desktop.errors import Cancelled, InputError, NotAllowedError, StorageError
from mbo_desktop.services import bound_offices, filings, package_files, package_register
from mbo_desktop.services.body_words import BodyWords, type_label
from mbo_desktop.services.collecting_write import apply_collection
from mbo_desktop.services.filings import FilingState
from mbo_desktop.services.inbox import judge_again
from mbo_desktop.services.received import (
    FieldChange,
    Inbox,
    InboxRow,
    OpenedPackage,
    Received,
    RowState,
)
from mbo_desktop.services.without_collector import resting_collector
from mbo_desktop.store import backup
from mbo_desktop.store import receiving as store_receiving
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.receiving import Difference, DifferenceState

Progress = Callable[[int, int, str], None]
_WORDS = {
    DifferenceState.NEW: "新增", DifferenceState.CHANGED: "修改", DifferenceState.DELETED: "删除",
    DifferenceState.WITHHELD: "不再归本单位", DifferenceState.BACK: "恢复", DifferenceState.FORK: "冲突",
}
_UNCHANGED = frozenset({DifferenceState.KNOWN, DifferenceState.OLDER})
_OWN, _MONTH = f'"kind":"{FigureKind.OWN.value}"', re.compile(r'"month":(\d{1,2})[,}]')
"""Of a report's canonical body: quicker than reading a hundred thousand of them."""
_FILED_BY = "包"
"""How a filing says that a package made it: 包 and the first digits of its identity."""


def preview(store: Store, inbox: Inbox, chosen: Sequence[int]) -> tuple[FieldChange, ...]:
    """What taking these rows in would change together, field by field; nothing is written."""
    changing = _changing(store, inbox, chosen)
    words = BodyWords(store, {}, {
        one.name: (one.type, one.after_text) for place in chosen for one in changing[place]
        if one.after_text is not None
    })
    found: list[FieldChange] = []
    with resting_collector():
        for place in chosen:
            if inbox.workbooks is not None and place in inbox.workbook_rows:
                found += _of_workbook(inbox, place)
            bodies = [(one.before, one.after) for one in changing[place]]
            words.prepare(after or before or {} for before, after in bodies)
            for one, (before, after) in zip(changing[place], bodies, strict=True):
                found += _words_of(words, place, inbox.rows[place], one, before, after)
    return tuple(found)


def _changing(
    store: Store, inbox: Inbox, chosen: Sequence[int]
) -> dict[int, list[Difference]]:
    """By row what it changes; a record that several of the rows change stands once, as it will be.

    It stands at the row that brings what will be shown (a later report holds an earlier one's
    records too).
    """
    changing = {
        place: [one for one in inbox.differences[place] if one.state not in _UNCHANGED] for place in chosen
    }
    places: dict[str, list[int]] = {}
    for place, some in changing.items():
        for one in some:
            places.setdefault(one.name, []).append(place)
    shared = {name: at for name, at in places.items() if len(at) > 1}
    if not shared:
        return changing
    lines = [
        line for place in changing for line in _lines_of(inbox, place) if line.name in shared
    ]
    with store.read() as connection:
        together = {one.name: one for one in store_receiving.compare(connection, lines)}
    brought = {
        (place, one.name) for place, some in changing.items() for one in some
        if one.name in shared and one.after_text == together[one.name].after_text
    }
    shown = {
        name: next((place for place in at if (place, name) in brought), at[-1]) for name, at in shared.items()
    }
    return {
        place: [
            together.get(one.name, one) for one in some if shown.get(one.name, place) == place
        ] for place, some in changing.items()
    }


def _lines_of(inbox: Inbox, place: int) -> Sequence[EditionLine]:
    opened = inbox.opened[place]
    return () if opened is None else opened.lines


def _words_of(
    words: BodyWords, place: int, row: InboxRow, one: Difference, before: Body | None,
    after: Body | None,
) -> list[FieldChange]:
    body = after if after is not None else before or {}
    unit = words.unit(body) or row.unit_label
    title, month = words.title(body), int(body.get("month") or 0)
    kind = _WORDS[one.state]

    def told(field: str, old: str, new: str) -> FieldChange:
        return FieldChange(
            place, one.name, unit, type_label(one.type), title, field, old, new, kind, month
        )

    if before is not None and after is not None:
        listed = words.changes(one.type, before, after)
        return [told(*each) for each in listed] or [told("", "", "内容相同")]
    if one.state in (DifferenceState.DELETED, DifferenceState.WITHHELD):
        return [told("", words.said(one.type, body), "")]
    return [told("", "", words.said(one.type, body))]


def _of_workbook(inbox: Inbox, place: int) -> list[FieldChange]:
    assert inbox.workbooks is not None
    file = inbox.workbook_rows[place]
    return [
        FieldChange(
            place, "", one.unit_label, "工作簿", one.title, one.head, one.old, one.new, "修改",
            inbox.workbooks.month,
        )
        for one in inbox.workbooks.changes if one.file == file
    ]


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
            if opened is not None and opened.read is not None:
                package_files.copy_in(store, opened.read)
        records, forks = _apply_packages(store, inbox, packages, progress, cancelled)
        told.append(f"已导入{len(packages)}个数据包,{records}条内容有变化")
        if forks:
            told.append(f"{forks}条有冲突,标为未定")
    told += _apply_others(store, inbox, rows)
    return Received("、".join(told) + "。", len(rows), records, refused, forks, made)


def _current(store: Store, inbox: Inbox, chosen: Sequence[int]) -> Inbox:
    """The rows as they stand now; NotAllowedError where what was shown no longer holds."""
    if store.change_count == inbox.change_count:
        return inbox
    now = judge_again(store, inbox)
    for place in chosen:
        was, here = inbox.rows[place], now.rows[place]
        if (was.state, was.changes) != (here.state, here.changes):
            raise NotAllowedError("核对之后数据又有改动,预览已不是最新。", "请重新核对后再导入。")
    return now


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
            changed, doubted = _apply_one(store, change, row, package, inbox.differences[place])
            records, forks = records + changed, forks + doubted
            _note_filings(change, row, inbox.differences[place])
            _note_sender(change, row, package)
    return records, forks


def _apply_one(
    store: Store, change: Change, row: InboxRow, package: OpenedPackage,
    differences: Sequence[Difference],
) -> tuple[int, int]:
    """One package; how many records are shown otherwise, and how many are forks.

    What it changes must be what was previewed, else nothing more may be to come of it.
    """
    if package_register.is_withdrawn(store, row.package):
        return store_receiving.take_back(change, row.package), 0
    found = store_receiving.apply(
        change, package.manifest_text, package.manifest, package.lines, row.name
    )
    _hand_over(store, change, row, package)
    if found.records != sum(one.state not in _UNCHANGED for one in differences):
        _check(store, change, [package])
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


def _note_filings(change: Change, row: InboxRow, differences: Sequence[Difference]) -> None:
    """The months of which own figures came, received today; a clerk confirms the day."""
    if row.kind is not PackageKind.REPORT or row.unit is None:
        return
    months = {
        int(found[1]) for one in differences
        if one.type == "progress_report" and one.after_text and _OWN in one.after_text
        and one.state in (DifferenceState.NEW, DifferenceState.CHANGED, DifferenceState.BACK)
        and (found := _MONTH.search(one.after_text))
    }
    for month in sorted(months):
        record = change.named(Filing, row.year, month, row.unit)
        old = change.find(Filing, record)
        if old is not None and old.received_on is not None:
            continue
        filings.put_filing(
            change, row.year, month, row.unit, received_on=clock.today(), confirmed=False,
            file_name=row.name, template_version=_FILED_BY + row.package[:16],
        )


def _note_sender(change: Change, row: InboxRow, package: OpenedPackage) -> None:
    """What the office says of itself now: name, code, its unit record."""
    card = package.manifest.sender
    record = change.named(Binding, card.office)
    old = change.find(Binding, record)
    if old is None:
        return
    now = replace(
        old, name=card.name, code=card.code, their_unit=card.unit,
        our_unit=row.recipient_unit or old.our_unit,
    )
    if now != old:
        change.put(now)


def _check(store: Store, change: Change, packages: Sequence[OpenedPackage | None]) -> None:
    """After writing, before the commit: nothing of the packages may still be to come."""
    change.flush()
    with store.read() as connection:
        for package in packages:
            assert package is not None
            left = [
                one for one in store_receiving.compare(connection, package.lines)
                if one.state not in _UNCHANGED and one.state is not DifferenceState.FORK
            ]
            if left:
                raise StorageError(
                    f"导入后核对不一致({type_label(left[0].type)}等{len(left)}条)。",
                    "已全部退回,数据与导入前相同。", "请运行数据体检,并把这个包交给技术人员。",
                )


def _apply_others(store: Store, inbox: Inbox, rows: Sequence[int]) -> list[str]:
    """Workbooks by 收表, another PC's copy by 合并; what each said."""
    from mbo_desktop.services import replica_packages

    told = []
    files = frozenset(inbox.workbook_rows[place] for place in rows if place in inbox.workbook_rows)
    if files and inbox.workbooks is not None:
        now = replace(inbox.workbooks, change_count=store.change_count)
        told.append(apply_collection(store, now, files=files).sentence.rstrip("。"))
    copies = [place for place in rows if inbox.rows[place].state is RowState.REPLICA]
    told += [replica_packages.merge(store, inbox, place).sentence.rstrip("。") for place in copies]
    return told


def withdraw(store: Store, package: str, reason: str) -> int:
    """撤回导入: the package no longer counts; how many records changed. InputError without a reason."""
    if not reason.strip():
        raise InputError("没有写明撤回导入的理由。", "请写明理由后再撤回。")
    with store.change("撤回导入", barrier=True) as change:
        changed = store_receiving.withdraw(change, package, reason.strip())
        mark = _FILED_BY + package[:16]
        for one in store.all(Filing):
            if one.template_version == mark and not one.confirmed:
                change.delete(one.id)
    return changed


def take_back(store: Store, package: str) -> int:
    """The withdrawal is taken back; how many records changed."""
    with store.change("取消撤回导入", barrier=True) as change:
        return store_receiving.take_back(change, package)


def missing(store: Store, year: int, month: int) -> tuple[tuple[RecordId, str], ...]:
    """Bound units (record, label) of which no report of the month has come, in official order."""
    bound = {one.unit for one in bound_offices.own_bindings(store) if one.unit is not None}
    return tuple(
        (row.unit, row.label) for row in filings.board(store, year, month)
        if row.unit in bound and row.state is FilingState.MISSING
    )


