"""Papers of the signing season: what stands on them, in PDF, Word and as plain rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from docx.oxml.ns import qn

from mbo_desktop.documents.adjustment_notice import AdjustmentLine, change_table
from mbo_desktop.documents.comparison_paper import (
    ComparisonLine,
    ComparisonPaper,
    comparison_document,
)
from mbo_desktop.documents.flat_table import flat_tables
from mbo_desktop.documents.model import LANDSCAPE, LANDSCAPE_A3, Document, PageBreak, Table
from mbo_desktop.documents.pages import Pages
from mbo_desktop.documents.signing_papers import SheetLine, SigningPaper, signing_sheet
from tests.documents.samples import block_texts, plain, printed, whole, written
from tests.documents.season_samples import SEASON, changes, notice, register, supplement


@pytest.mark.parametrize("make", SEASON.values(), ids=SEASON)
def test_word_and_pdf_hold_every_text(make: Callable[[], Document]) -> None:
    document = make()
    pages, result = printed(document)
    in_pdf = whole(pages)
    in_word = plain("".join(n.text or "" for n in written(document).element.body.iter(qn("w:t"))))
    for text in block_texts(document):
        assert text in in_word
        assert text in in_pdf or len(text) > 10, text
    assert result.missing == ()


def test_the_notice_is_an_official_document_with_its_list() -> None:
    pages, _ = printed(notice())
    first = plain(pages[0])
    assert "各县（市、区）人民政府、市直有关单位：" in first
    assert first.index("附件：") < first.index("2006年5月22日")
    assert plain(pages[1]).startswith("附件目标调整一览表")
    assert "原目标调整后" in plain(pages[2]), "the head stands again"
    assert any(isinstance(block, PageBreak) for block in notice().blocks)


def test_added_and_withdrawn_targets_are_marked_and_units_stand_once() -> None:
    table = change_table(changes(6))
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    assert texts[0][1] == "柯城区"
    assert table.rows[0].cells[1].rows == 3
    assert "柯城区" not in texts[1]
    added, withdrawn = texts[-2], texts[-1]
    assert added[added.index("新增") + 1 :][:2] == ["—", "12"]
    assert withdrawn[withdrawn.index("撤销") + 1 :][:2] == ["80", "—"]


def test_columns_nobody_fills_are_left_out() -> None:
    (head,) = change_table((AdjustmentLine("", "工业投资", "", "", "50", "60"),)).head
    assert [cell.text for cell in head.cells] == ["序号", "指标", "原目标", "调整后"]
    rows = (ComparisonLine("", "工业投资", "", "50", history=("", "40")),)
    document = comparison_document(ComparisonPaper("表", rows, (2004, 2005)))
    (flat,) = flat_tables(document)
    assert flat.heads == ("序号", "指标", "历年实绩·2005年", "本市")


def test_the_supplement_is_signed_on_its_only_page() -> None:
    pages, result = printed(supplement())
    assert result.pages == 1
    assert "分值合计100104" in plain(pages[0])
    assert pages[0].count("（盖章）") == 2


def test_a_wide_comparison_goes_on_a3() -> None:
    few = (ComparisonLine("", "工业投资", "亿元", "50"),)
    assert comparison_document(ComparisonPaper("表", few)).page is LANDSCAPE
    many = (ComparisonLine("类", "工业投资", "亿元", "1", "实绩", "2", "3", "4", "5", "6", "7", "8", ("1",) * 5),)
    years = tuple(range(2001, 2006))
    assert comparison_document(ComparisonPaper("表", many, years)).page is LANDSCAPE_A3
    assert comparison_document(ComparisonPaper("表", many, years, paper="A4")).page is LANDSCAPE


def test_rows_to_be_signed_are_high_enough() -> None:
    from io import BytesIO

    from mbo_desktop.documents.font_files import bundled_fonts
    from mbo_desktop.documents.pdf import render_pdf

    rows = tuple(SheetLine("", f"第{i}县", "", "3") for i in range(10))
    document = signing_sheet(SigningPaper("签字表", rows))
    buffer = BytesIO()
    render_pdf(document, buffer, bundled_fonts())
    import pypdfium2

    pdf = pypdfium2.PdfDocument(buffer.getvalue())
    text = pdf[0].get_textpage()
    tops = []
    for number in (3, 4):
        search = text.search(f"第{number}县")
        index, _ = search.get_next()
        tops.append(text.get_charbox(index)[1])
    pdf.close()
    assert (tops[0] - tops[1]) * 25.4 / 72 == pytest.approx(13.0, abs=0.1)
    heights = [row._tr.trPr.find(qn("w:trHeight")) for row in written(document).tables[0].rows]
    assert int(heights[1].get(qn("w:val"))) == pytest.approx(13 * 72 / 25.4 * 20, abs=1)
    assert int(heights[0].get(qn("w:val"))) < 600, "the head is not"


def test_a_total_is_kept_with_the_row_before_it_in_word() -> None:
    rows = written(supplement()).tables[0].rows
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in rows]
    assert kept[-2:] == [True, None]
    assert not any(kept[:-2])


def test_signatures_go_to_the_next_sheet_with_the_text_before_them() -> None:
    text = next(p for p in written(supplement()).paragraphs if p.text.startswith("本页为责任书"))
    assert text.paragraph_format.keep_with_next


def test_flat_rows_fill_merged_cells() -> None:
    (flat,) = flat_tables(notice())
    assert flat.title == "目标调整一览表"
    assert {len(row) for row in flat.rows} == {len(flat.heads)}
    assert [row[1] for row in flat.rows][:4] == ["柯城区"] * 3 + ["江山市"]
    (totals,) = flat_tables(supplement())
    assert totals.rows[-1][0] == "分值合计"
    assert totals.rows[-1][-2:] == ("100", "104")
    assert totals.rows[-1][1] == "", "a text across columns stands in the first only"


def test_the_register_of_two_hundred_units_repeats_its_head() -> None:
    from io import BytesIO

    from mbo_desktop.documents.font_files import bundled_fonts
    from mbo_desktop.documents.pdf import render_pdf

    buffer = BytesIO()
    render_pdf(register(200), buffer, bundled_fonts())
    with Pages(buffer.getvalue()) as pages:
        assert all("领取人签字" in plain(pages.text(i)) for i in range(len(pages)))
    assert any(isinstance(block, Table) for block in register(1).blocks)


def test_a_character_without_a_glyph_is_told_for_every_document() -> None:
    """Texts are measured once for the process; what they lack is still told each time."""
    from mbo_desktop.documents.model import Paragraph

    for name in ("甲", "乙"):
        _, result = printed(Document(name, (Paragraph.of("缺字\U0002a6d5测试"),)))
        assert result.missing == ("\U0002a6d5(U+2A6D5)",)


def test_a_draft_without_copies_names_the_usual_two() -> None:
    from mbo_desktop.documents.agreement import AgreementPaper, PaperClause, agreement_document

    clause = PaperClause("附则", ("本责任书一式{份数}份。",))
    paper = AgreementPaper("责任书", 2006, "甲市", "乙县", clauses=(clause,), copies=())
    assert "本责任书一式两份。" in block_texts(agreement_document(paper))
