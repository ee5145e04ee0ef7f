"""Pictures of the progress at a date: 月报, 季分析, 半年初评, one record per unit, never changed after."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.progress import percent
from mbo_desktop.domain.reports import ProgressSnapshot, SnapshotItem, SnapshotKind
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import progress
from mbo_desktop.services.progress import ProgressRow
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.progress import Sought

_MONTHS = {
    SnapshotKind.MONTH: frozenset(range(1, 13)), SnapshotKind.QUARTER: frozenset((3, 6, 9, 12)),
    SnapshotKind.HALF_YEAR: frozenset((6,)),
}


def take(
    store: Store, year: int, month: int, kind: SnapshotKind,
    units: Sequence[RecordId] | None = None, *, text: str = "",
) -> int:
    """Keep the progress of these units (None: all) as it stands; how many units. A barrier.

    text is kept with the first unit. InputError when the month is no end of such a period; NotAllowedError where a unit's picture
    was taken already: it is taken back first, with a reason.
    """
    if month not in _MONTHS[kind]:
        raise InputError(f"{month}月不是{kind.label}的期末。", "季分析请选3、6、9、12月,半年初评请选6月。")
    ids = progress.month_ids(store, year, Sought())
    rows = progress.month_rows(store, year, month, ids)
    by_unit: dict[RecordId, list[ProgressRow]] = {}
    for record in ids:
        row = rows.get(record)
        if row is not None and (units is None or row.unit in units):
            by_unit.setdefault(row.unit, []).append(row)
    there = {one.unit: one for one in snapshots(store, year, month, kind)}
    already = [rows_of_unit[0].unit_label for unit, rows_of_unit in by_unit.items() if unit in there]
    if already:
        raise NotAllowedError(
            f"{'、'.join(already[:5])}{'等' if len(already) > 5 else ''}{len(already)}个单位的"
            f"{month}月{kind.label}已经定稿。", "需要重做的,请先撤回定稿并写明原因。",
        )
    with store.change(f"{month}月{kind.label}定稿", barrier=True) as change:
        for place, (unit, listed) in enumerate(by_unit.items()):
            change.put(ProgressSnapshot(
                id=change.named(ProgressSnapshot, year, month, kind, unit), year=year, month=month,
                kind=kind, unit=unit, taken_on=clock.today(),
                text=text if place == 0 else "",
                items=tuple(_item(row) for row in listed),
            ))
    return len(by_unit)


def _item(row: ProgressRow) -> SnapshotItem:
    planned = row.judged.measured.planned_share
    return SnapshotItem(
        row.subject, row.category, row.title, row.unit_of_measure, row.target, row.said,
        row.share, percent(planned), row.judged.light.label, row.judged.reason,
        f"{row.cause}:{row.cause_text}" if row.cause and row.cause_text else row.cause_text or row.cause,
        row.measure,
    )


def snapshots(
    store: Store, year: int, month: int, kind: SnapshotKind
) -> tuple[ProgressSnapshot, ...]:
    """The pictures of a period, by record."""
    found = store.all(ProgressSnapshot, year=year, month=month)
    return tuple(one for one in found if one.kind is kind)


def take_back(store: Store, year: int, month: int, kind: SnapshotKind, reason: str) -> int:
    """Withdraw the pictures of a period; a barrier with its reason in the log. How many."""
    if not reason.strip():
        raise InputError("撤回原因没有填写。", "请写明为什么撤回定稿。")
    found = snapshots(store, year, month, kind)
    if not found:
        raise NotAllowedError(f"{month}月{kind.label}还没有定稿。", "不需要撤回。")
    with store.change(f"撤回{month}月{kind.label}定稿:{reason.strip()}", barrier=True) as change:
        for one in found:
            change.delete(one.id)
    return len(found)
