"""更正说明 from records: what was wrong in an issued agreement, what stands now, why, and who approved."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from mbo_desktop.domain.adjustments import CorrectedField
from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.errors import InputError
from mbo_desktop.services import corrections, session
from mbo_desktop.services.corrections import CorrectionRow
from mbo_desktop.services.signed_cells import fixed_units
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.correction_note import CorrectionLine
    from mbo_desktop.documents.model import Document


def correction_document(store: Store, year: int, correction: RecordId) -> Document:
    """更正说明 of a correction and those made with it: same unit, day, approver and number.

    Raises InputError for one that was taken back.
    """
    from mbo_desktop.documents.correction_note import CorrectionPaper, correction_note

    every = corrections.corrections_of_year(store, year)
    chosen = next((row for row in every if row.id == correction), None)
    if chosen is None or chosen.revoked_reason:
        raise InputError("这项更正已撤回,没有可说明的内容。", "请选一项有效的更正。", "未写出任何文件。")
    rows = [row for row in every if _act(row) == _act(chosen) and not row.revoked_reason]
    own, party = session.office(store), store.get(Unit, chosen.unit)
    indicators = store.get_many(Indicator, {row.indicator for row in rows})
    return correction_note(CorrectionPaper(
        title=f"关于更正{year}年度目标责任书\n有关内容的说明",
        recipient=party.name,
        paragraphs=(
            f"经核对，{_agreement(store, year, chosen.unit)}附件中下列内容有误。"
            f"经{chosen.approved_by}批准，自{show_date(chosen.on)}起更正如下：",
        ),
        rows=tuple(_line(row, indicators[row.indicator]) for row in rows),
        closing="本次更正不是目标调整。本说明与责任书一并保存，责任书其他内容不变。",
        issuer=own.name, date=show_date(chosen.on), number=chosen.number,
    ))


_MEASURED = (CorrectedField.VALUE, CorrectedField.LAST_YEAR, CorrectedField.STRETCH)


def _act(row: CorrectionRow) -> tuple[RecordId, date, str, str]:
    return row.unit, row.on, row.approved_by, row.number


def _agreement(store: Store, year: int, unit: RecordId) -> str:
    """「2006年3月1日签订的《…责任书》（衢政责〔2006〕1号）」."""
    fixed = fixed_units(store, year, (unit,)).get(unit)
    record = None if fixed is None else store.get(Agreement, fixed.agreement)
    if fixed is None or record is None or record.snapshot is None:
        # It was taken back after the correction.
        return f"{year}年度目标责任书"
    signed = "已印发的" if fixed.signed_on is None else f"{show_date(fixed.signed_on)}签订的"
    number = f"（{record.number}）" if record.number else ""
    return f"{signed}《{record.snapshot.title.replace(chr(10), '')}》{number}"


def _line(row: CorrectionRow, indicator: Indicator) -> CorrectionLine:
    from mbo_desktop.documents.correction_note import CorrectionLine

    measure = indicator.unit_of_measure if row.field in _MEASURED else ""
    return CorrectionLine(
        f"{indicator.name}（{measure}）" if measure else indicator.name, row.field.label,
        _printed(row, row.before), _printed(row, row.after), row.reason,
    )


def _printed(row: CorrectionRow, text: str) -> str:
    """Deadlines in words, everything else as it was written."""
    if row.field is not CorrectedField.DUE or not text:
        return text
    return show_date(date.fromisoformat(text))
