"""What the PDF shows: text, pages, grid, numbers, missing characters."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from mbo_desktop.documents.agreement import agreement_document
from mbo_desktop.documents.allotment import allotment_document
from mbo_desktop.documents.font_files import FontSet, bundled_fonts, office_fonts
from mbo_desktop.documents.fonts import printable, typefaces
from mbo_desktop.documents.layout import lay_out
from mbo_desktop.documents.model import (
    LANDSCAPE,
    OFFICIAL,
    Align,
    BlankLines,
    Document,
    Face,
    Numbering,
    PageBreak,
    Paragraph,
    SignatureBlock,
    Title,
)
from mbo_desktop.documents.page import MM, Sheet
from mbo_desktop.documents.pdf import render_pdf
from mbo_desktop.documents.typeset import TypeSetter
from tests.documents.samples import (
    block_texts,
    fengtai,
    forty_rows,
    plain,
    printed,
    six_counties,
    whole,
)

HANZI = "㐂䶮喆堃昇祎玥㛃𬭸"


def sheets_of(document: Document) -> list[Sheet]:
    return lay_out(document, TypeSetter(typefaces(bundled_fonts())))


def body(*blocks: object, **options: object) -> Document:
    return Document("试印", tuple(blocks), **options)  # type: ignore[arg-type]


def test_page_holds_22_lines_of_28_characters() -> None:
    text = "目" * 28 * 44
    sheets = sheets_of(body(Paragraph.of(text, first_indent=0), numbering=Numbering.NONE))
    assert len(sheets) == 2
    for sheet in sheets:
        assert [len(piece.text) for piece in sheet.pieces] == [28] * 22
    first, last = sheets[0].pieces[0], sheets[0].pieces[-1]
    pitch = (last.y - first.y) / 21
    assert pitch == pytest.approx(225 * MM / 22)
    assert first.x == pytest.approx(28 * MM)
    # The characters stand in cells of 156/28 mm.
    assert first.size + first.spacing == pytest.approx(156 * MM / 28)


def test_first_line_is_indented_two_characters() -> None:
    sheet = sheets_of(body(Paragraph.of("目" * 40)))[0]
    assert [len(piece.text) for piece in sheet.pieces[:2]] == [26, 14]
    assert sheet.pieces[0].x - sheet.pieces[1].x == pytest.approx(2 * 156 * MM / 28)


def test_lines_with_figures_end_at_the_right_edge() -> None:
    text = "目标任务完成12.5亿元，增长25%，其中工业投资3.75亿元，增长8.25%，" * 6
    faces = typefaces(bundled_fonts())
    sheet = sheets_of(body(Paragraph.of(text, first_indent=0), numbering=Numbering.NONE))[0]
    ends: dict[float, float] = {}
    for piece in sheet.pieces:
        glyphs = faces.glyphs[Face.FANG]
        width = sum(glyphs[char][1] for char in piece.text) * piece.size
        width += piece.spacing * (len(piece.text) - 1)
        last = piece.text[-1]
        end = piece.x + width
        if last in "，。" and end > (28 + 156) * MM + piece.size / 2:
            end -= piece.size
        ends[piece.y] = max(ends.get(piece.y, 0), end)
    edges = sorted(ends.items())[:-1]
    assert edges
    for _, end in edges:
        assert end == pytest.approx((28 + 156) * MM, abs=1.5)


@pytest.mark.parametrize("paper", [fengtai(), forty_rows()], ids=["fengtai", "forty"])
def test_every_text_of_the_agreement_is_printed(paper: object) -> None:
    document = agreement_document(paper)  # type: ignore[arg-type]
    pages, result = printed(document)
    assert result.pages == len(pages)
    assert result.missing == ()
    text = whole(pages)
    assert [one for one in block_texts(document) if one not in text] == []


def test_fengtai_is_four_pages() -> None:
    pages, _ = printed(agreement_document(fengtai()))
    assert len(pages) == 4
    assert plain(pages[0]).startswith("凤台县人民政府2006年度目标管理责任书")
    assert plain(pages[3]).startswith("附件凤台县人民政府2006年主要工作考核目标序号指标")
    assert "合计80" in plain(pages[3])
    assert "科技三项费用占年度本级财政预算支出的1.1%以上" in plain(pages[3])


def test_page_numbers_stand_outside() -> None:
    document = body(*[Paragraph.of("目" * 28 * 22, first_indent=0)] * 2)
    sheets = sheets_of(document)
    odd, even = (next(p for p in sheet.pieces if "—" in p.text) for sheet in sheets[:2])
    assert odd.text.startswith("— 1 —")
    assert odd.x > 105 * MM > even.x
    pages, _ = printed(body(Paragraph.of("目" * 28 * 30), numbering=Numbering.PAGE_OF))
    assert "第1页共2页" in plain(pages[0])
    assert "第2页共2页" in plain(pages[1])


def test_a_cover_is_not_counted() -> None:
    from dataclasses import replace

    pages, _ = printed(agreement_document(replace(fengtai(), cover=True)))
    assert "—" not in pages[0]
    assert "—1—" in plain(pages[1])


def test_signatures_never_stand_alone() -> None:
    # At every fill of the page before them the block stays whole and with some text.
    for lines in range(10, 24):
        text = Paragraph.of("目" * (28 * lines - 4))
        paper = agreement_document(fengtai())
        block = next(b for b in paper.blocks if isinstance(b, SignatureBlock))
        sheets = sheets_of(body(text, BlankLines(), block, numbering=Numbering.NONE))
        last = "".join(piece.text for piece in sheets[-1].pieces)
        assert "目" in last
        for word in ("甲方", "（盖章）", "代表", "年"):
            assert word in last


def test_rare_names_are_printed() -> None:
    pages, result = printed(body(Title(HANZI), *[
        Paragraph.of(HANZI, face=face) for face in Face
    ]))  # fmt: skip
    assert result.missing == ()
    assert plain(pages[0]).count(HANZI) == 1 + len(Face)


def test_a_character_no_font_has_is_named_and_drawn() -> None:
    pages, result = printed(body(Paragraph.of("王𪚥😀标")))
    assert result.missing == ("𪚥(U+2A6A5)", "😀(U+1F600)")
    assert "王〓〓标" in plain(pages[0])


def test_every_gbk_hanzi_has_a_glyph_with_ink_in_every_face() -> None:
    faces = typefaces(bundled_fonts())
    hanzi = [
        char
        for code in range(0x4E00, 0x9FA6)
        if len((char := chr(code)).encode("gbk", "ignore")) == 2
    ]
    assert len(hanzi) == 20902
    for face in Face:
        for char in hanzi:
            name, width = faces.glyphs[face][char]
            assert name
            assert width == 1.0
            font = faces.by_name[name].face
            glyph = font.charToGlyph[ord(char)]
            assert font.glyphPos[glyph + 1] > font.glyphPos[glyph]


def test_landscape_pages_follow_upright_ones() -> None:
    document = body(Paragraph.of("甲"), PageBreak(LANDSCAPE), Paragraph.of("乙"))
    assert [sheet.setup for sheet in sheets_of(document)] == [OFFICIAL, LANDSCAPE]
    annex = sheets_of(agreement_document(forty_rows()))
    assert annex[0].setup == OFFICIAL
    assert annex[-1].setup == LANDSCAPE


def test_the_six_counties() -> None:
    document = allotment_document(six_counties())
    pages, result = printed(document)
    assert result.missing == ()
    text = whole(pages)
    assert [one for one in block_texts(document) if one not in text] == []
    assert text.count("/") >= 2


def test_hostile_text_prints_as_it_stands() -> None:
    hostile = "=1+1 <b>粗</b> &amp; (a)\\n %s {甲方}'\"; \u202e倒\u0000空\x07\ufeff格\u200b"
    pages, result = printed(body(Paragraph.of(hostile, align=Align.LEFT), Title("(" * 30)))
    assert result.missing == ()
    assert "=1+1<b>粗</b>&amp;(a)\\n%s{甲方}'\";倒空格" in plain(pages[0])
    assert printable("甲\ud800乙\r\n丙\t丁") == "甲乙\n丙 丁"


def test_a_very_long_text_is_laid_out() -> None:
    pages, _ = printed(body(Paragraph.of("目标责任，" * 20_000)))
    assert len(pages) > 150


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    document = agreement_document(fengtai())
    one, two = BytesIO(), BytesIO()
    render_pdf(document, one, bundled_fonts())
    render_pdf(document, two, bundled_fonts())
    assert one.getvalue() == two.getvalue()
    render_pdf(document, tmp_path / "责任书.pdf", bundled_fonts())
    assert (tmp_path / "责任书.pdf").read_bytes() == one.getvalue()


def test_an_unusable_chosen_font_is_passed_over(tmp_path: Path) -> None:
    broken = tmp_path / "坏.ttf"
    broken.write_bytes(b"no font" * 100)
    chosen = office_fonts({Face.FANG: broken, Face.KAI: tmp_path / "不存在.ttf"})
    result = render_pdf(body(Paragraph.of("目标"), Paragraph.of("任", face=Face.KAI)), BytesIO(), chosen)
    assert result.missing == ()
    assert broken.name not in result.fonts_used


def test_a_chosen_font_comes_first() -> None:
    path = dict(bundled_fonts().faces)[Face.HEI][0]
    chosen = office_fonts({Face.FANG: Path(path)})
    assert isinstance(chosen, FontSet)
    result = render_pdf(body(Paragraph.of("目标"), numbering=Numbering.NONE), BytesIO(), chosen)
    assert result.fonts_used == ("FandolHei.ttf",)
