"""From records to paper: agreements and the allotment table as PDF and Word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.agreements import Agreement, AgreementLevel, AnnexRow, Snapshot
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.errors import FileWriteError, InputError
from mbo_desktop.services import agreements as agreement_service
from mbo_desktop.services import planning_framework, planning_matrix, session
from mbo_desktop.services.agreement_parties import party_label
from mbo_desktop.services.annex import live_rows
from mbo_desktop.store import attachments
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.agreement import AgreementPaper
    from mbo_desktop.documents.allotment import AllotmentPaper
    from mbo_desktop.documents.flat_table import FlatTable
    from mbo_desktop.documents.model import Document

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
    rows = () if record.snapshot is not None else live_rows(store, (record,))[record.id]
    return _paper(store, record, rows)


def agreement_document(store: Store, agreement: RecordId) -> Document:
    """One agreement laid out, for `documents.child.PaperProcess.render` and the preview."""
    from mbo_desktop.documents.agreement import agreement_document as laid_out_document

    return laid_out_document(agreement_paper(store, agreement))


def agreement_pdf(store: Store, agreement: RecordId) -> bytes:
    """One agreement as PDF (a draft from live records, else the snapshot), made in this process."""
    return _pdf(agreement_document(store, agreement))


def agreement_word(store: Store, agreement: RecordId) -> bytes:
    """The same text as a Word file."""
    return _word(agreement_document(store, agreement))


def agreement_papers(
    store: Store, year: int, agreements: Sequence[RecordId] | None = None
) -> list[tuple[RecordId, str, AgreementPaper]]:
    """(agreement, file name without ending, texts) in official order; None: all units' of the year.

    Raises InputError when there is none.
    """
    ids = _chosen(store, year, agreements)
    if not ids:
        raise InputError(f"{year} 年度还没有责任书。", "请先在“责任书”中生成。", safe="未写出任何文件。")
    records = store.get_many(Agreement, ids)
    live = live_rows(store, [records[i] for i in ids if records[i].snapshot is None])
    units = store.get_many(Unit, [record.unit for record in records.values()])
    digits = max(2, len(str(len(ids))))
    papers = []
    for place, record_id in enumerate(ids, start=1):
        record = records[record_id]
        unit = units[record.unit]
        party = unit.short_name or unit.name
        if record.post is not None:
            party = party_label(store, record, clock.today())
        name = safe_file_name(f"{place:0{digits}d} {party} 责任书")
        papers.append((record_id, name, _paper(store, record, live.get(record_id, ()))))
    return papers


def _chosen(
    store: Store, year: int, agreements: Sequence[RecordId] | None
) -> tuple[RecordId, ...]:
    """These agreements in official order, people's behind units'; None: all units'."""
    ids = agreement_service.agreement_ids(store, year)
    if agreements is None:
        return ids
    wanted = set(agreements)
    ids += agreement_service.agreement_ids(store, year, AgreementLevel.PERSON)
    return tuple(record for record in ids if record in wanted)


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

    Made in a process of its own, all files or none: raises Cancelled when stopped, FileWriteError
    when a file cannot be written. An issued agreement's first PDF is kept in the attachments
    and its hash in the snapshot.
    """
    from mbo_desktop.documents.agreement import agreement_document as laid_out_document
    from mbo_desktop.documents.child import PaperJob, PaperProcess

    stands = store.get_many(Agreement, _chosen(store, year, agreements))
    named = agreement_papers(store, year, agreements)
    make_folder(folder)
    jobs = []
    for _record, name, paper in named:
        document = laid_out_document(paper)
        jobs.append(PaperJob(document, folder / f"{name}.pdf"))
        if word:
            jobs.append(PaperJob(document, folder / f"{name}.docx"))
    with PaperProcess() as process:
        batch = process.render_files(jobs, progress, cancelled)
    printed = {
        record: (folder / f"{name}.pdf", stands[record].snapshot)
        for record, name, _paper in named if record in stands
    }
    _keep_issued(store, printed)
    warnings = [f"所有字体中都没有这些字:{'、'.join(batch.missing)}"] if batch.missing else []
    return PrintedFiles(batch.paths, tuple(warnings))


def _keep_issued(
    store: Store, printed: Mapping[RecordId, tuple[Path, Snapshot | None]]
) -> None:
    """Keep the PDF of every issued agreement that has none yet; nothing in a read-only folder.

    Printing takes time: a PDF is kept only where what it shows still stands.
    """
    if store.read_only:
        return
    hashes = {
        record: attachments.add(store, path, path.name)
        for record, (path, snapshot) in printed.items()
        if snapshot is not None and not snapshot.pdf_hash
    }
    if not hashes:
        return
    with store.change("责任书文件存档", barrier=True) as change:
        for record_id, file_hash in hashes.items():
            record = change.find(Agreement, record_id)
            if record is not None and record.snapshot == (shown := printed[record_id][1]):
                assert shown is not None
                change.put(replace(record, snapshot=replace(shown, pdf_hash=file_hash)))


def kept_pdf(store: Store, agreement: RecordId) -> Path | None:
    """The PDF that was kept when the issued agreement was first written, None when it was not."""
    snapshot = store.get(Agreement, agreement).snapshot
    if snapshot is None or not snapshot.pdf_hash:
        return None
    return attachments.open_path(store, snapshot.pdf_hash)


def make_folder(folder: Path) -> None:
    """Make the folder papers go to; raises FileWriteError when it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileWriteError(
            f"文件夹“{folder}”不能建立({error.strerror or error})。", "请换一个可以写入的文件夹。"
        ) from error


def allotment_paper(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> AllotmentPaper:
    """The allotment table of the year, all units that have targets or the ones given."""
    from mbo_desktop.documents.allotment import AllotmentPaper, AllotmentRow

    columns = [
        column for column in planning_matrix.columns(store, year, own=units is not None)
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


def allotment_document(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> Document:
    """The allotment table laid out."""
    from mbo_desktop.documents.allotment import allotment_document as laid_out_document

    return laid_out_document(allotment_paper(store, year, units))


def allotment_flat(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> FlatTable:
    """The allotment table as plain rows, for `paper_files.write_paper` to .xlsx."""
    from mbo_desktop.documents.allotment import allotment_flat as flat_table

    return flat_table(allotment_paper(store, year, units))


def allotment_pdf(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> bytes:
    """The allotment table of the year as PDF, made in this process."""
    return _pdf(allotment_document(store, year, units))


def allotment_word(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> bytes:
    """The allotment table of the year as a Word file."""
    return _word(allotment_document(store, year, units))


def _pdf(document: Document) -> bytes:
    from mbo_desktop.documents.pdf import render_pdf

    stream = BytesIO()
    render_pdf(document, stream)
    return stream.getvalue()


def _word(document: Document) -> bytes:
    from mbo_desktop.documents.word import render_docx

    stream = BytesIO()
    render_docx(document, stream)
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
        with_person=record.post is not None,
    )
