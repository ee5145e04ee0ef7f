"""The Word file: the same text as the PDF, official styles, repeated heads."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx.document import Document as WordFile
from docx.oxml.ns import qn
from docx.shared import Mm

from mbo_desktop.documents.agreement import AgreementPaper, agreement_document
from mbo_desktop.documents.allotment import allotment_document
from mbo_desktop.documents.model import Document, Numbering, Paragraph, Table
from mbo_desktop.documents.word import render_docx
from tests.documents.samples import (
    block_texts,
    fengtai,
    forty_rows,
    plain,
    printed,
    six_counties,
    table_of,
    whole,
    written,
)


def body_text(word: WordFile) -> str:
    """All text of the body in the order of the file; a merged cell once."""
    return plain("".join(node.text or "" for node in word.element.body.iter(qn("w:t"))))


@pytest.mark.parametrize("paper", [fengtai(), forty_rows()], ids=["fengtai", "forty"])
def test_word_and_pdf_hold_the_same_text(paper: AgreementPaper) -> None:
    document = agreement_document(paper)
    in_word = body_text(written(document))
    in_pdf = whole(printed(document)[0])
    texts = block_texts(document)
    assert [text for text in texts if text not in in_word] == []
    assert [text for text in texts if text not in in_pdf] == []
    # Nothing stands in Word that the model does not hold; sides of signatures alternate.
    assert sorted(in_word) == sorted("".join(texts))


def test_allotment_in_word() -> None:
    document = allotment_document(six_counties())
    assert sorted(body_text(written(document))) == sorted("".join(block_texts(document)))


def test_page_margins_and_styles() -> None:
    word = written(agreement_document(fengtai()))
    section = word.sections[0]
    assert section.page_width == pytest.approx(Mm(210), abs=700)
    assert section.top_margin == pytest.approx(Mm(37), abs=700)
    assert section.left_margin == pytest.approx(Mm(28), abs=700)
    fonts = word.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert word.styles["Heading 1"].element.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    assert next(p.text for p in word.paragraphs if p.style.name == "Heading 1") == "一、目标任务"
    pitches = {p.paragraph_format.line_spacing for p in word.paragraphs if len(p.text) > 40}
    assert {round(pitch.pt, 2) for pitch in pitches} == {28.95}


def test_heads_repeat_and_rows_are_not_cut() -> None:
    word = written(Document("表", (table_of(50),)))
    rows = word.tables[0]._tbl.tr_lst
    assert rows[0].trPr.find(qn("w:tblHeader")) is not None
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    assert rows[1].trPr.find(qn("w:tblHeader")) is None


def test_page_numbers_are_fields() -> None:
    word = written(Document("文", (Paragraph.of("文"),)))
    odd = "".join(node.text or "" for node in word.sections[0].footer._element.iter(qn("w:instrText")))
    assert odd.strip() == "PAGE"
    assert word.settings.odd_and_even_pages_header_footer
    other = written(Document("文", (Paragraph.of("文"),), numbering=Numbering.PAGE_OF))
    codes = [node.text for node in other.sections[0].footer._element.iter(qn("w:instrText"))]
    assert [code.strip() for code in codes if code] == ["PAGE", "NUMPAGES"]


def test_hostile_text_is_plain() -> None:
    hostile = '=HYPERLINK("x")<w:p/>&\u0000\u202e甲\tb'
    document = Document("文", (Paragraph.of(hostile), table_of(1, text=hostile)))
    text = body_text(written(document))
    assert text.count('=HYPERLINK("x")<w:p/>&甲b') == 2


def test_merged_heads_keep_their_place() -> None:
    word = written(allotment_document(six_counties()))
    table = word.tables[0]
    assert table.cell(0, 0)._tc is table.cell(1, 0)._tc
    assert table.cell(0, 2).text == "目标值"
    assert table.cell(1, 2).text == "柯城区"
    assert table.cell(0, 2)._tc is table.cell(0, 7)._tc


def test_elements_stand_in_the_order_of_the_schema() -> None:
    """Word refuses a file whose paragraph properties are out of order."""
    order = ["pStyle", "keepNext", "keepLines", "widowControl", "autoSpaceDE", "autoSpaceDN", "snapToGrid", "spacing", "ind", "jc", "outlineLvl", "rPr", "sectPr"]
    buffer = BytesIO()
    render_docx(agreement_document(forty_rows()), buffer)
    from lxml import etree

    with ZipFile(buffer) as archive:
        for part in ("word/document.xml", "word/styles.xml", "word/footer1.xml"):
            root = etree.fromstring(archive.read(part))
            for properties in root.iter(qn("w:pPr")):
                names = [etree.QName(child).localname for child in properties]
                known = [order.index(name) for name in names if name in order]
                assert known == sorted(known), names


def test_docx_goes_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "责任书.docx"
    render_docx(agreement_document(fengtai()), path)
    assert path.stat().st_size > 10_000
    assert [one.name for one in tmp_path.iterdir()] == ["责任书.docx"]


def test_tables_have_the_widths_of_the_pdf() -> None:
    document = agreement_document(fengtai())
    table = next(block for block in document.blocks if isinstance(block, Table))
    word = written(document)
    grid = word.tables[-1]._tbl.tblGrid.gridCol_lst
    assert len(grid) == len(table.columns)
    assert sum(column.w.mm for column in grid) == pytest.approx(156, abs=1)
