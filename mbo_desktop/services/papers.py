"""From records to paper: agreements and the allotment table as PDF and Word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.agreements import Agreement, AnnexRow
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.errors import InputError
from mbo_desktop.services import agreements as agreement_service
from mbo_desktop.services import planning_framework, planning_matrix, session
from mbo_desktop.services.annex import annexes
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.agreement import AgreementPaper
    from mbo_desktop.documents.allotment import AllotmentPaper

# The document modules load reportlab and python-docx; they are imported where paper is made.

Progress = Callable[[int, int, str], None]
"""done, total, what."""
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class PrintedFiles:
    """What was written: files in official order, and what to tell about them."""

    files: tuple[Path, ...]
    warnings: tuple[str, ...] = ()
    """Characters no font has, units without a signatory …"""


def agreement_paper(store: Store, agreement: RecordId) -> AgreementPaper:
    """The texts of one agreement: a draft from live records, else its snapshot."""
    record = store.get(Agreement, agreement)
    rows: Sequence[AnnexRow] = ()
    if record.snapshot is None:
        rows = annexes(store, record.year, (record.unit,)).get(record.unit, ())
    return _paper(store, record, rows)


def agreement_pdf(store: Store, agreement: RecordId) -> bytes:
    """One agreement as PDF, for preview and print (a draft from live records, else the snapshot)."""
    from mbo_desktop.documents.agreement import agreement_document
    from mbo_desktop.documents.pdf import render_pdf

    stream = BytesIO()
    render_pdf(agreement_document(agreement_paper(store, agreement)), stream)
    return stream.getvalue()


def agreement_word(store: Store, agreement: RecordId) -> bytes:
    """The same text as a Word file."""
    from mbo_desktop.documents.agreement import agreement_document
    from mbo_desktop.documents.word import render_docx

    stream = BytesIO()
    render_docx(agreement_document(agreement_paper(store, agreement)), stream)
    return stream.getvalue()


def agreement_papers(
    store: Store, year: int, agreements: Sequence[RecordId] | None = None
) -> list[tuple[str, AgreementPaper]]:
    """(file name without ending, texts) of agreements in official order; None: all of the year.

    Raises InputError when there is none.
    """
    ids = agreement_service.agreement_ids(store, year)
    if agreements is not None:
        wanted = set(agreements)
        ids = tuple(record for record in ids if record in wanted)
    if not ids:
        raise InputError(f"{year} 年度还没有责任书。", "请先在“责任书”中生成。", safe="未写出任何文件。")
    records = store.get_many(Agreement, ids)
    drafts = [records[i].unit for i in ids if records[i].snapshot is None]
    live = annexes(store, year, drafts)
    units = store.get_many(Unit, [record.unit for record in records.values()])
    digits = max(2, len(str(len(ids))))
    papers = []
    for place, record_id in enumerate(ids, start=1):
        record = records[record_id]
        unit = units[record.unit]
        name = safe_file_name(f"{place:0{digits}d} {unit.short_name or unit.name} 责任书")
        papers.append((name, _paper(store, record, live.get(record.unit, ()))))
    return papers


def write_agreements(
    store: Store,
    year: int,
    folder: Path,
    *,
    agreements: Sequence[RecordId] | None = None,
    word: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> PrintedFiles:
    """Agreements (None: all of the year) in official order as 「01 柯城区 责任书.pdf」, Word beside it when asked.

    Raises errors.Cancelled when stopped: what was written so far is removed.
    """


def allotment_paper(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> AllotmentPaper:
    """The allotment table of the year, all units that have targets or the ones given."""
    from mbo_desktop.documents.allotment import AllotmentPaper, AllotmentRow

    columns = [
        column for column in planning_matrix.columns(store, year)
        if units is None or column.unit in units
    ]
    ids = planning_framework.indicator_ids(store, year)
    chosen = [column.unit for column in columns]
    cells = planning_matrix.cells(store, ids, chosen)
    rows: list[AllotmentRow] = []
    for row in planning_framework.indicator_rows(store, ids):
        values = tuple(
            cells[row.id, unit].value if (row.id, unit) in cells else "" for unit in chosen
        )
        if any(values):
            rows.append(
                AllotmentRow(
                    number=str(len(rows) + 1),
                    category=row.category_name,
                    indicator=row.name,
                    unit_of_measure=row.unit_of_measure,
                    points="" if row.points is None else canonical(row.points),
                    values=values,
                    scoring=row.scoring_text,
                )
            )
    if not rows:
        raise InputError(f"{year} 年度还没有下达目标。", "请先在“目标体系”中录入或导入。", safe="未写出任何文件。")
    own = session.office(store)
    return AllotmentPaper(
        title=f"{own.government_name or own.name}{year}年度目标任务分解下达表",
        units=tuple(column.heading for column in columns),
        rows=tuple(rows),
        office=own.name,
        date=show_date(clock.today()),
    )


def allotment_pdf(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> bytes:
    """The allotment table of the year as PDF."""
    from mbo_desktop.documents.allotment import allotment_document
    from mbo_desktop.documents.pdf import render_pdf

    stream = BytesIO()
    render_pdf(allotment_document(allotment_paper(store, year, units)), stream)
    return stream.getvalue()


def allotment_word(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> bytes:
    """The allotment table of the year as a Word file."""
    from mbo_desktop.documents.allotment import allotment_document
    from mbo_desktop.documents.word import render_docx

    stream = BytesIO()
    render_docx(allotment_document(allotment_paper(store, year, units)), stream)
    return stream.getvalue()


_RESERVED = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def safe_file_name(text: str) -> str:
    """A name that Windows accepts: no reserved characters or device names, at most 80 characters."""
    name = " ".join(_RESERVED.sub("_", text).split())[:80].rstrip(" .")
    if not name:
        return "未命名"
    return f"_{name}" if _DEVICES.fullmatch(name) else name


def _paper(store: Store, record: Agreement, rows: Sequence[AnnexRow]) -> AgreementPaper:
    from mbo_desktop.documents.agreement import AgreementPaper, PaperClause, PaperRow

    laid = agreement_service.laid_out(store, record, rows, clock.today())
    preamble: list[str] = []
    clauses = list(laid.clauses)
    while clauses and not clauses[0].heading.strip():
        preamble += clauses.pop(0).paragraphs
    return AgreementPaper(
        title=laid.title,
        year=record.year,
        issuer=laid.issuer,
        party=laid.party,
        clauses=tuple(PaperClause(clause.heading, clause.paragraphs) for clause in clauses),
        rows=tuple(
            PaperRow(
                number=str(row.number),
                category=row.category,
                indicator=row.indicator,
                unit_of_measure=row.unit_of_measure,
                last_year=row.last_year,
                target=row.target,
                stretch=row.stretch,
                points="" if row.points is None else canonical(row.points),
                scoring=row.scoring_text,
                certifying=row.certifying,
                note=row.note,
            )
            for row in laid.rows
        ),
        total_points="" if laid.total_points is None else canonical(laid.total_points),
        number=record.number,
        preamble=tuple(preamble),
        issuer_signatory=laid.issuer_signatory,
        party_signatory=laid.party_signatory,
        signed_on="" if record.signed_on is None else show_date(record.signed_on),
        copies=tuple(copy.holder for copy in record.copies),
    )
