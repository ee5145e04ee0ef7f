"""Tables: repeated heads, whole rows, spans, widths."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mbo_desktop.documents.agreement import agreement_document
from mbo_desktop.documents.allotment import AllotmentPaper, AllotmentRow, allotment_document
from mbo_desktop.documents.font_files import bundled_fonts
from mbo_desktop.documents.fonts import typefaces
from mbo_desktop.documents.model import (
    LANDSCAPE,
    LANDSCAPE_A3,
    Cell,
    Column,
    Document,
    Paragraph,
    Row,
    RowKind,
    Table,
)
from mbo_desktop.documents.page import MM
from mbo_desktop.documents.tables import is_number, measure
from mbo_desktop.documents.typeset import TypeSetter
from tests.documents.samples import forty_rows, plain, printed, table_of


def test_heads_stand_on_every_page() -> None:
    pages, _ = printed(Document("表", (table_of(120),)))
    assert len(pages) > 2
    assert all(plain(page).startswith("序号名称") for page in pages)
    once, _ = printed(Document("表", (table_of(120, repeat_head=False),)))
    assert sum("序号" in page for page in once) == 1


def test_no_row_is_cut() -> None:
    text = "完成得基本分；每增加百分之一加一分。" * 8
    table = table_of(30, text=text)
    pages, _ = printed(Document("表", (table,)))
    for row in table.rows:
        assert sum(plain(row.cells[1].text) in plain(page) for page in pages) == 1


def test_a_row_taller_than_a_page_is_cut_without_loss() -> None:
    text = "".join(f"第{i}句话说目标。" for i in range(900))
    table = Table((Column(), Column()), (Row((Cell("序"), Cell("文"))),), (Row((Cell("1"), Cell(text))),))
    pages, _ = printed(Document("表", (Paragraph.of("前文"), table)))
    assert len(pages) > 2
    whole = "".join(plain(page) for page in pages)
    assert all(f"第{i}句话" in whole for i in range(900))


def test_a_category_over_two_pages_is_named_on_both() -> None:
    rows = [
        Row((Cell("工业经济", rows=60), Cell("1"))) if i == 0 else Row((Cell(str(i + 1)),))
        for i in range(60)
    ]
    table = Table((Column(), Column()), (Row((Cell("类别"), Cell("序号"))),), tuple(rows))
    pages, _ = printed(Document("表", (table,)))
    assert len(pages) == 3
    assert all("工业经济" in page for page in pages)


def test_a_merged_text_longer_than_a_page_runs_on() -> None:
    text = "".join(f"第{i}句话说目标。" for i in range(500))
    rows = [Row((Cell(text, rows=5), Cell("1"))), *(Row((Cell(str(i)),)) for i in range(2, 6))]
    table = Table((Column(60.0), Column()), (Row((Cell("类别"), Cell("序号"))),), tuple(rows))
    pages, _ = printed(Document("表", (table, Paragraph.of("后文"))))
    assert len(pages) > 1
    whole = "".join(plain(page) for page in pages)
    assert all(f"第{i}句话" in whole for i in range(500))
    assert "后文" in whole


def test_totals_do_not_stand_alone_and_bands_not_last() -> None:
    for count in range(25, 45):
        table = table_of(count)
        total = Row((Cell("合计", columns=2),), RowKind.TOTAL)
        pages, _ = printed(Document("表", (replace(table, rows=(*table.rows, total)),)))
        last = plain(pages[-1]).removeprefix("序号名称")
        assert not last.startswith("合计")
        band = Row((Cell("第二类", columns=2),), RowKind.BAND)
        banded = replace(table, rows=(*table.rows, band, *table.rows))
        pages, _ = printed(Document("表", (banded,)))
        assert not any(plain(page.rsplit("—", 2)[0]).endswith("第二类") for page in pages)


def test_the_category_spans_its_rows_in_the_annex() -> None:
    document = agreement_document(forty_rows())
    table = next(block for block in document.blocks if isinstance(block, Table))
    spans = [cell.rows for row in table.rows for cell in row.cells if cell.rows > 1]
    assert spans == [12, 10, 8, 10]
    pages, _ = printed(document)
    assert "合计100" in plain(pages[-1])


def test_empty_columns_are_left_out() -> None:
    paper = forty_rows()
    bare = tuple(replace(row, last_year="", stretch="", certifying="") for row in paper.rows)
    document = agreement_document(replace(paper, rows=bare))
    table = next(block for block in document.blocks if isinstance(block, Table))
    heads = [cell.text for cell in table.head[0].cells]
    assert heads == ["序号", "类别", "指标", "计量单位", "目标值", "分值", "评分标准"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,234.5", True), ("-3", True), ("58.3%", True), ("7‰", True), ("7‰以内", False), ("/", False), ("", False)],
)  # fmt: skip
def test_what_counts_as_a_number(text: str, number: bool) -> None:
    assert is_number(text) is number


def test_widths_fill_the_block_and_keep_numbers_whole() -> None:
    setter = TypeSetter(typefaces(bundled_fonts()))
    table = Table(
        (Column(), Column(), Column()),
        (Row((Cell("序号"), Cell("指标"), Cell("目标值"))),),
        (Row((Cell("1"), Cell("很长的指标名称" * 12), Cell("123,456,789.00"))),),
    )
    widths = measure(table, 400.0, setter).widths
    assert sum(widths) == pytest.approx(400.0, abs=0.5)
    number = sum(setter.measure([("123,456,789.00", table.face)], table.size).advances)
    assert widths[2] >= number


def many_units(count: int) -> AllotmentPaper:
    units = tuple(f"第{i}县" for i in range(count))
    values = tuple(f"{i}.5" for i in range(count))
    rows = tuple(AllotmentRow(str(i), "主要", f"指标{i}", "亿元", "2", values) for i in range(9))
    return AllotmentPaper("分解下达表", units, rows, total_points="18")


def test_many_units_go_on_to_further_sheets() -> None:
    assert allotment_document(many_units(6)).page == LANDSCAPE
    assert allotment_document(many_units(14)).page == LANDSCAPE_A3
    document = allotment_document(many_units(40))
    pages, _ = printed(document)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert len(tables) == len(pages) > 2
    seen = [cell.text for table in tables for cell in table.head[1].cells]
    assert seen == [f"第{i}县" for i in range(40)]
    assert all("指标0" in page and "分值" in page for page in pages)
    assert max(len(table.head[1].cells) for table in tables) * 15 * MM < LANDSCAPE.block_width * MM


def test_a_table_without_rows_still_has_its_head() -> None:
    pages, _ = printed(Document("表", (table_of(0),)))
    assert plain(pages[0]).startswith("序号名称")
