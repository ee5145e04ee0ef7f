"""Papers of adjustments: the notice with its list old → new, and the page added to each agreement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.adjustments import AdjustmentKind
from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.errors import InputError
from mbo_desktop.services import adjustment_lists, papers, session
from mbo_desktop.services import agreements as agreement_service
from mbo_desktop.services.adjustment_lists import AdjustmentRow, ChangedUnit
from mbo_desktop.services.annex import annexes, total_points
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.adjustment_notice import AdjustmentLine
    from mbo_desktop.documents.model import Document

_DASHES = "注：“—”表示原无规定或已撤销。"


def notice_document(
    store: Store, year: int, *, units: Sequence[RecordId] | None = None,
    since: date | None = None, number: str = "", title: str = "", own_number: str = "",
) -> Document:
    """目标调整通知 of approved adjustments, changed units only; one unit's when only it is given.

    number: only those approved by this document; own_number: the notice's 文号, else the
    approving one when all share it. Raises InputError when nothing was adjusted.
    """
    from mbo_desktop.documents.adjustment_notice import AdjustmentNoticePaper, adjustment_notice

    changed = _changed(store, year, units, since, number)
    rows = [row for one in changed for row in one.rows]
    numbers = {row.number for row in rows}
    dated = _same_day(rows)
    lines = [
        # The full names stand in the notice's 主送; in the list they would only break.
        _line(row, row.short_name or one.unit_name, dated=dated is None, papered=len(numbers) > 1)
        for one in changed for row in one.rows
    ]
    own = session.office(store)
    issuer = own.government_name or own.name
    approved = max((row.approved_on for row in rows if row.approved_on), default=clock.today())
    return adjustment_notice(
        AdjustmentNoticePaper(
            title=title or f"{issuer}关于调整{year}年度部分目标任务的通知",
            number=own_number or (numbers.pop() if len(numbers) == 1 else ""),
            recipients=_recipients(changed),
            paragraphs=(
                f"{_decided(rows)}决定对{year}年度部分目标任务作如下调整（共涉及{len(changed)}个单位、"
                f"{len(rows)}项，见附件），现予下达，请认真执行。",
                f"{_in_force(dated)}调整后的目标与已签订的目标责任书一并考核；责任书其他内容不变。",
            ),
            rows=tuple(lines), issuer=issuer, date=show_date(approved),
            list_title=f"{year}年度目标调整一览表",
            notes=(_DASHES,) if any(not one.old or not one.new for one in lines) else (),
        )
    )


def supplement_documents(
    store: Store, year: int, *, units: Sequence[RecordId] | None = None,
    since: date | None = None, number: str = "",
) -> tuple[tuple[str, Document], ...]:
    """(file name without ending, page) for each changed unit with an issued agreement, in official order.

    Raises InputError when nothing was adjusted.
    """
    changed = _changed(store, year, units, since, number)
    agreements = {
        one.unit: one
        for one in store.get_many(Agreement, agreement_service.agreement_ids(store, year)).values()
        if one.snapshot is not None
    }
    live = annexes(store, year, [one.unit for one in changed])
    digits = max(2, len(str(len(changed))))
    found = []
    for place, one in enumerate(changed, start=1):
        record = agreements.get(one.unit)
        if record is not None:
            name = one.rows[0].short_name or one.unit_name
            points = total_points(live.get(one.unit, ()))
            found.append((
                papers.safe_file_name(f"{place:0{digits}d} {name} 目标调整补充页"),
                _supplement(record, one, "" if points is None else canonical(points)),
            ))
    return tuple(found)


def write_supplements(
    store: Store, year: int, folder: Path, *, units: Sequence[RecordId] | None = None,
    since: date | None = None, number: str = "", word: bool = False,
    progress: papers.Progress | None = None, cancelled: papers.Cancelled | None = None,
) -> papers.PrintedFiles:
    """The pages of all changed units as PDF (and Word), in a process of its own, all files or none."""
    from mbo_desktop.documents.child import PaperJob, PaperProcess

    named = supplement_documents(store, year, units=units, since=since, number=number)
    if not named:
        raise InputError(
            "有调整的单位都没有已印发的责任书,不需要补充页。", "请改用目标调整通知。", "未写出任何文件。"
        )
    papers.make_folder(folder)
    endings = (".pdf", ".docx") if word else (".pdf",)
    jobs = [
        PaperJob(document, folder / f"{name}{ending}") for name, document in named for ending in endings
    ]
    with PaperProcess() as process:
        batch = process.render_files(jobs, progress, cancelled)
    missing = [f"所有字体中都没有这些字:{'、'.join(batch.missing)}"] if batch.missing else []
    return papers.PrintedFiles(batch.paths, tuple(missing))


_LEVELS = ("目标管理工作机构初审意见", "分管领导意见", "领导小组（常务会议）意见")
"""Opinions a form leaves room for while none was recorded (domain notes §2.5)."""


def form_document(store: Store, adjustment: RecordId) -> Document:
    """目标调整申请审批表 of one adjustment in any state; RecordMissingError when it was deleted."""
    from mbo_desktop.documents.adjustment_form import (
        AdjustmentFormPaper,
        FormOpinion,
        adjustment_form,
    )

    row = adjustment_lists.adjustment_row(store, adjustment)
    own = session.office(store)
    given = tuple(
        FormOpinion(
            one.level, one.text or ("同意。" if one.agrees else "不同意。"),
            "　".join(text for text in (one.by, show_date(one.on)) if text),
        )
        for one in row.opinions
    )
    decided = [f"{show_date(row.approved_on)}{row.meeting}批准"] if row.approved_on is not None else []
    decided += [text for text in (row.number, row.approved_by) if text] if decided else []
    return adjustment_form(
        AdjustmentFormPaper(
            title=f"{row.year}年度目标调整申请审批表",
            unit=row.requested_by_name or row.unit_name,
            requested_on="" if row.requested_on is None else show_date(row.requested_on),
            indicator=row.indicator_name, unit_of_measure=row.unit_of_measure,
            kind=row.kind.label, old=row.old, new=row.new, cause=row.cause.label,
            reason=row.reason,
            opinions=given or tuple(FormOpinion(level) for level in _LEVELS),
            decision="，".join(decided) or row.state_reason,
            effective_on="" if row.effective_on is None else show_date(row.effective_on),
            office=own.name,
            note="；".join(text for text in (row.party_note, _outside(row)) if text),
        )
    )


def _outside(row: AdjustmentRow) -> str:
    return f"受理期外申请的原因：{row.outside_window}" if row.outside_window else ""


def _changed(
    store: Store, year: int, units: Sequence[RecordId] | None, since: date | None, number: str
) -> tuple[ChangedUnit, ...]:
    changed = adjustment_lists.changed_list(store, year, units=units, since=since, number=number)
    if not changed:
        raise InputError(
            f"{year} 年度没有已批准的目标调整。", "请先在“责任书”中登记并批准调整。", "未写出任何文件。"
        )
    return changed


_ALL_NAMED = 12
"""Up to so many units are named in the line of recipients."""


def _recipients(changed: Sequence[ChangedUnit]) -> tuple[str, ...]:
    if len(changed) > _ALL_NAMED:
        return ("各有关单位",)
    return tuple(one.unit_name for one in changed)


def _printed(text: str, row: AdjustmentRow) -> str:
    """Deadlines as a day of the year in words; nothing for what did not apply before."""
    if row.kind is AdjustmentKind.DEADLINE and text:
        return show_date(date.fromisoformat(text)).removeprefix(f"{row.year}年")
    return "" if text == "/" else text


def _line(row: AdjustmentRow, unit: str, *, dated: bool, papered: bool = False) -> AdjustmentLine:
    """dated, papered: its day and its paper stand in the line because they differ from line to line."""
    from mbo_desktop.documents.adjustment_notice import AdjustmentLine

    # Only the value is measured in the indicator's unit.
    by_value = row.kind in (
        AdjustmentKind.RAISE, AdjustmentKind.LOWER, AdjustmentKind.ADD, AdjustmentKind.WITHDRAW
    )
    day = show_date(row.effective_on) if dated and row.effective_on is not None else ""
    paper = row.number or row.meeting if papered else ""
    return AdjustmentLine(
        unit, row.indicator_name, row.unit_of_measure if by_value else "", row.kind.label,
        _printed(row.old, row), _printed(row.new, row), day.removeprefix(f"{row.year}年"),
        "；".join(text for text in (row.party_note, paper) if text),
    )


def _same_day(rows: Sequence[AdjustmentRow]) -> date | None:
    """The day all take effect, None when they differ."""
    days = {row.effective_on for row in rows}
    return days.pop() if len(days) == 1 else None


def _in_force(day: date | None, where: str = "附件所列") -> str:
    if day is None:
        return f"调整后的目标自{where}执行日期起执行。"
    return f"调整后的目标自{show_date(day)}起执行。"


def _decided(rows: Sequence[AdjustmentRow]) -> str:
    """「经2006年5月20日市政府第3次常务会议研究，」; without a common meeting 「经研究，」."""
    found = {(row.meeting, row.approved_on) for row in rows}
    if len(found) == 1:
        meeting, day = found.pop()
        if meeting and day is not None:
            return f"经{show_date(day)}{meeting}研究，"
    return "经研究，"


def _supplement(record: Agreement, changed: ChangedUnit, points: str) -> Document:
    from mbo_desktop.documents.adjustment_notice import SupplementPaper, adjusted_supplement

    snapshot = record.snapshot
    assert snapshot is not None
    numbers = "、".join(dict.fromkeys(row.number for row in changed.rows if row.number))
    by = f"（{numbers}）" if numbers else ""
    signed = f"双方于{show_date(record.signed_on)}签订的" if record.signed_on is not None else "已印发的"
    day = _same_day(changed.rows)
    before = "" if snapshot.total_points is None else canonical(snapshot.total_points)
    differs = bool(points) and points != before
    return adjusted_supplement(
        SupplementPaper(
            title=f"{snapshot.title.replace(chr(10), '')}\n目标调整补充页",
            issuer=snapshot.issuer, party=snapshot.party,
            paragraphs=(
                f"{_decided(changed.rows).removesuffix('，')}{by}，{signed}《{snapshot.title.replace(chr(10), '')}》"
                f"附件中的下列目标调整如下。{_in_force(day, '表列')}",
            ),
            rows=tuple(_line(row, "", dated=day is None) for row in changed.rows),
            points_before=before if differs else "", points_after=points if differs else "",
            number=record.number,
        )
    )
