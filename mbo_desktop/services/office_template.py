"""The office's own Word template of a year: kept with the data, checked, filled for its agreements.

The built-in layout stays the alternative; PDF exists for the built-in layout only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import agreement_texts, agreements, papers
from mbo_desktop.store import attachments
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.agreement import AgreementPaper
    from mbo_desktop.documents.office_fill import OfficeFilling
    from mbo_desktop.documents.office_template import TemplateCheck

WORD_ONLY = "按本单位模板生成的是Word文件;PDF请用内置版式生成,或在WPS、Word中另存。"
"""To be said wherever paper is made by the office's own template."""


@dataclass(frozen=True, slots=True)
class KeptTemplate:
    """The template of a year: the name of the file as it was handed in, and its SHA-256."""

    name: str
    file_hash: str


def kept_template(store: Store, year: int) -> KeptTemplate | None:
    """The year's own template; None: the built-in layout is used."""
    record = agreements.template(store, year)
    return KeptTemplate(record.file_name, record.file_hash) if record.file_hash else None


def check(path: Path, name: str = "") -> TemplateCheck:
    """All problems of a file that is to become a template; nothing is stored.

    Raises FileReadError for a file that cannot be one at all.
    """
    from mbo_desktop.documents.office_template import check_template

    return check_template(path, name)


def adopt(store: Store, year: int, path: Path) -> TemplateCheck:
    """Keep a file as the year's template, one undo step; returns its check with what is warned of.

    Raises FileReadError, and InputError with the first problem that blocks.
    """
    found = check(path)
    blocking = [problem for problem in found.problems if problem.blocking]
    if blocking:
        first = blocking[0]
        more = f"另有{len(blocking) - 1}处问题。" if len(blocking) > 1 else ""
        raise InputError(first.what, f"{first.todo}{more}", first.safe)
    digest = attachments.add(store, path, path.name)
    # What was checked and what was kept must be the same bytes.
    check(attachments.open_path(store, digest), path.name)
    with store.change("采用本单位责任书模板") as change:
        record = agreements.template_in(store, change, year)
        change.put(replace(record, file_hash=digest, file_name=path.name))
    return found


def drop(store: Store, year: int) -> None:
    """Go back to the built-in layout; the file stays among the attachments for undo."""
    with store.change("改用内置责任书版式") as change:
        record = agreements.template_in(store, change, year)
        change.put(replace(record, file_hash="", file_name=""))


def open_template(store: Store, year: int) -> Path:
    """A read-only copy of the year's template under its own name; raises InputError when there is none."""
    kept = _required(store, year)
    return attachments.open_path(store, kept.file_hash, kept.name)


def filled_word(store: Store, agreement: RecordId) -> bytes:
    """One agreement by its year's template as a Word file, made in this process."""
    from mbo_desktop.documents.office_render import fill_template

    record = store.get(Agreement, agreement)
    ((_, _, filling),) = fillings(store, record.year, [agreement])
    buffer = BytesIO()
    fill_template(filling, buffer)
    return buffer.getvalue()


def fillings(
    store: Store, year: int, agreement_ids: Sequence[RecordId] | None = None
) -> list[tuple[RecordId, str, OfficeFilling]]:
    """(agreement, file name without ending, template and texts) in official order; None: all of the year.

    Raises InputError when the year has no template or no agreement.
    """
    from mbo_desktop.documents.office_fill import OfficeFilling

    kept = _required(store, year)
    template = attachments.open_path(store, kept.file_hash)
    named = papers.agreement_papers(store, year, agreement_ids)
    records = store.get_many(Agreement, [record for record, _, _ in named])
    return [
        (
            record, name,
            OfficeFilling(
                name, template, _values(records[record], paper), paper.rows, paper.total_points
            ),
        )
        for record, name, paper in named
    ]


def write_filled(
    store: Store,
    year: int,
    folder: Path,
    *,
    agreements: Sequence[RecordId] | None = None,
    progress: papers.Progress | None = None,
    cancelled: papers.Cancelled | None = None,
) -> papers.PrintedFiles:
    """Agreements by the year's template as 「01 柯城区 责任书.docx」, in a process of its own, all or none.

    Raises InputError, Cancelled when stopped, FileWriteError when a file cannot be written.
    """
    from mbo_desktop.documents.child import PaperJob, PaperProcess

    made = fillings(store, year, agreements)
    papers.make_folder(folder)
    jobs = [PaperJob(filling, folder / f"{name}.docx") for _, name, filling in made]
    with PaperProcess() as process:
        batch = process.render_files(jobs, progress, cancelled)
    return papers.PrintedFiles(batch.paths, (WORD_ONLY,))


def write_example(store: Store, year: int, path: Path) -> Path:
    """The year's text as a Word file with all placeholders, to be edited into a template of one's own.

    Raises FileWriteError.
    """
    from mbo_desktop.documents.agreement import PaperClause
    from mbo_desktop.documents.office_example import example_document
    from mbo_desktop.documents.word import render_docx

    clauses = agreements.template(store, year).clauses
    doubled = [
        PaperClause(_doubled(one.heading), tuple(_doubled(text) for text in one.paragraphs))
        for one in clauses
    ]
    render_docx(example_document(doubled), path)
    return path


def _doubled(text: str) -> str:
    """{甲方} of a clause as the template's {{甲方}}."""
    return re.sub(r"\{([^{}]*)\}", r"{{\1}}", text)


def _required(store: Store, year: int) -> KeptTemplate:
    kept = kept_template(store, year)
    if kept is None:
        raise InputError(
            f"{year} 年度没有采用本单位的责任书模板。", "请先选择一个Word模板,或用内置版式。", "未写出任何文件。"
        )
    return kept


def _values(record: Agreement, paper: AgreementPaper) -> tuple[tuple[str, str], ...]:
    """The texts by the names of the placeholders; what is not known yet is left blank to be written."""
    begin, end = agreements.term_of(record)
    holders = [copy.holder for copy in record.copies] or list(agreement_texts.USUAL_HOLDERS)
    return (
        ("标题", paper.title.replace("\n", "")),
        ("甲方", paper.issuer),
        ("乙方", paper.party),
        ("年度", str(paper.year)),
        ("文号", paper.number),
        ("依据", "、".join(record.basis) or agreement_texts.USUAL_BASIS),
        ("责任期限", f"{show_date(begin)}至{show_date(end)}"),
        ("目标项数", str(len(paper.rows))),
        ("分值合计", paper.total_points),
        ("份数", agreement_texts.number_word(len(holders))),
        ("执有说明", agreement_texts.copies_words(holders)),
        ("甲方代表", paper.issuer_signatory),
        ("乙方代表", paper.party_signatory),
        ("签订日期", paper.signed_on or "　　　　年　　月　　日"),
    )
