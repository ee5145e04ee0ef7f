"""Speed of paper: against the usual way of doing it, measured in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph as Flowable
from reportlab.platypus import SimpleDocTemplate
from reportlab.platypus import Table as FlowTable

from mbo_desktop.documents.agreement import AgreementPaper, agreement_document
from mbo_desktop.documents.child import PaperJob, PaperProcess
from mbo_desktop.documents.font_files import bundled_fonts, font_folder
from mbo_desktop.documents.model import Document, Heading, Paragraph, Table, Title
from mbo_desktop.documents.pdf import render_pdf
from tests.documents.samples import forty_rows

pytestmark = pytest.mark.bench


def milliseconds(work: Callable[[], object], rounds: int = 9) -> float:
    """Median processor time of `work` after one warm-up."""
    work()
    taken = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        taken.append(1000 * (time.process_time() - begin))
    return statistics.median(taken)


def with_flowables(document: Document) -> None:
    """The same texts by reportlab's own paragraphs and tables, with the same fonts."""
    styles = {
        size: ParagraphStyle(str(size), fontName="Fang", fontSize=size, leading=1.5 * size, wordWrap="CJK")
        for size in (10.5, 16, 22)
    }
    story: list[object] = []
    for block in document.blocks:
        if isinstance(block, Title | Heading | Paragraph):
            size = 22 if isinstance(block, Title) else 16
            story.append(Flowable(block.text, styles[size]))
        elif isinstance(block, Table):
            count = len(block.columns)
            rows = [
                [Flowable(cell.text, styles[10.5]) for cell in row.cells][:count]
                for row in (*block.head, *block.rows)
            ]
            rows = [row + [""] * (count - len(row)) for row in rows]
            story.append(FlowTable(rows, repeatRows=1, colWidths=[430 / count] * count))
    SimpleDocTemplate(BytesIO()).build(story)


def test_an_agreement_with_forty_rows_against_flowables() -> None:
    pdfmetrics.registerFont(TTFont("Fang", str(font_folder() / "FandolFang.ttf")))
    paper = forty_rows()

    def own() -> int:
        document = agreement_document(paper)
        return render_pdf(document, BytesIO(), bundled_fonts()).pages

    document = agreement_document(paper)
    ours = milliseconds(own)
    usual = milliseconds(lambda: with_flowables(document), rounds=5)
    pages = own()
    print(f"agreement of {pages} pages, 40 rows: {ours:.1f} ms; flowables {usual:.1f} ms")
    assert ours <= 0.6 * usual


def six_pages(number: int) -> AgreementPaper:
    """A usual agreement: 6 pages, 40 rows, other figures for every unit."""
    paper = forty_rows()
    rows = tuple(
        replace(row, indicator=row.indicator[:14], scoring="按完成率计分", certifying="市统计局",
                target=f"{number * 37 % 991}.{place}", last_year=f"{number * place % 777}.5")
        for place, row in enumerate(paper.rows)
    )
    return replace(paper, rows=rows, party=f"第{number}县人民政府")


def test_six_pages_with_forty_rows() -> None:
    """Wanted: 30 ms on a quiet machine; the best of many tells it on a busy one."""
    taken = []
    for number in range(30):
        document = agreement_document(six_pages(number))
        begin = time.perf_counter()
        result = render_pdf(document, BytesIO(), bundled_fonts())
        taken.append(1000 * (time.perf_counter() - begin))
    print(f"{result.pages} pages: best {min(taken):.1f} ms, median {statistics.median(taken):.1f} ms")
    assert result.pages == 6
    assert min(taken) <= 40


def _rows_ms(paper: AgreementPaper) -> float:
    return milliseconds(
        lambda: render_pdf(agreement_document(paper), BytesIO(), bundled_fonts()), rounds=3
    )


def test_time_grows_with_the_rows() -> None:
    paper = forty_rows()
    small, large = (_rows_ms(replace(paper, rows=paper.rows * times)) for times in (2, 16))
    print(f"80 rows {small:.0f} ms, 640 rows {large:.0f} ms")
    assert large <= 12 * small


def test_a_hundred_agreements_at_steady_memory(tmp_path: Path) -> None:
    jobs = [PaperJob(agreement_document(six_pages(i)), tmp_path / f"{i}.pdf") for i in range(100)]
    sizes: list[int] = []

    def resident(done: int, total: int, name: str) -> None:
        status = Path(f"/proc/{papers._children[0].process.pid}/status")
        if status.exists() and done % 10 == 0:
            line = next(x for x in status.read_text().splitlines() if x.startswith("VmRSS"))
            sizes.append(int(line.split()[1]))

    with PaperProcess(bundled_fonts()) as papers:
        papers.render(jobs[0].document)
        begin = time.perf_counter()
        batch = papers.render_files(jobs, resident)
        taken = time.perf_counter() - begin
    print(f"100 agreements of {batch.results[0].pages} pages: {taken:.1f} s, {sizes} kB")
    assert len(batch.paths) == 100
    if sizes:
        assert sizes[-1] <= 1.1 * sizes[0]
