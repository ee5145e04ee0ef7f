"""What is pasted from Excel, Word and WPS, and Word files with the numbers Word only draws."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from ledger_books import amount, proposal

from mbo_desktop.errors import FileReadError
from mbo_desktop.spreadsheets.clipboard import read_clipboard, read_html, read_text
from mbo_desktop.spreadsheets.docx_numbering import drawn_number
from mbo_desktop.spreadsheets.ledger import propose, propose_all
from mbo_desktop.spreadsheets.source import read_source
from mbo_desktop.spreadsheets.table import Merge

WORD_LIST = """Version:1.0\r\nStartHTML:0001\r\n<html xmlns:o="urn:schemas-microsoft-com:office:office">
<head><style>p {mso-list:l0}</style><xml><w:x>内部</w:x></xml></head><body><!--StartFragment-->
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>财政收入<span
lang=EN-US>10</span>亿元,增长<span lang=EN-US>20%</span>。(分值:<span lang=EN-US>10</span>分)<o:p></o:p></p>
<p class=MsoListParagraph><!--[if !supportLists]--><span style='mso-list:Ignore'>2.<span>&nbsp;</span></span><!--[endif]-->工业投资
5亿元。(分值:5分)</p><!--EndFragment--></body></html>"""

WORD_TABLE = """<html><body><p>2020年目标任务表</p><table border=1><thead>
<tr><td rowspan=2><p>指标</p></td><td colspan=2><p>考核目标</p></td><td rowspan=2>分值</td></tr>
<tr><td>东山县</td><td>西河区</td></tr></thead>
<tr><td><p><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>财政收入(亿元)</p></td><td>10</td><td>20<br>
</td><td>5</td></tr>
<tr><td>工业<br>投资(亿元)</td><td colspan=2 align=center>&nbsp;50 </td><td>5</td></tr></table></body></html>"""


def test_tab_separated_with_quoted_line_breaks() -> None:
    text = '指标名称\t目标值\t评分标准\r\n财政收入(亿元)\t1,200.5\t"完成得满分;\n""每少1%""扣1分"\r\n'
    found = propose(read_text(text).tables[0], 2020)
    assert str(amount(found.rows[0])) == "1200.5"
    assert found.rows[0].scoring_text == '完成得满分;\n"每少1%"扣1分'


def test_a_lone_quote_is_a_character() -> None:
    table = read_text('长度\t5"\n宽度\t6"').tables[0]
    assert table.rows[0][1].text == '5"'
    table = read_text('"长度\t5\n宽度\t6').tables[0]
    assert len(table.rows) == 2


def test_word_list_keeps_its_numbers() -> None:
    source = read_html(WORD_LIST)
    assert source.text.splitlines()[0].startswith("1. 财政收入10亿元,增长20%")
    assert "内部" not in source.text
    found = propose_all(source, 2020)[0]
    assert [row.number for row in found.rows] == ["1", "2"]
    assert [row.points for row in found.rows] == [10, 5]


def test_word_table_with_spans_and_numbers() -> None:
    table = read_html(WORD_TABLE).tables[0]
    assert Merge(0, 0, 1, 0) in table.merges
    assert Merge(0, 1, 0, 2) in table.merges
    assert table.title_hint == "2020年目标任务表"
    found = propose(table, 2020)
    assert found.title == "2020年目标任务表"
    assert [row.name for row in found.rows] == ["财政收入", "工业投资"]
    assert found.rows[0].number == "1"
    assert amount(found.rows[0], "西河区") == 20
    assert [amount(found.rows[1], key) for key in ("东山县", "西河区")] == [50, 50]
    assert found.rows[0].place == "第3行第1列"


def test_html_list_and_nested_table() -> None:
    source = read_html("<ol start=3><li>财政收入10亿元</li><li>工业投资5亿元</li></ol>")
    assert source.text == "3.财政收入10亿元\n4.工业投资5亿元"
    nested = read_html("<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>")
    assert len(nested.tables) == 1
    assert nested.tables[0].rows[0][0].text == "a\nb"


def test_deeply_nested_html_does_not_end_the_program() -> None:
    assert read_html("<div>" * 1000 + "x" + "</div>" * 1000).text == "x"
    with pytest.raises(FileReadError, match="嵌套过深"):
        read_html("<div>" * 5000 + "x" + "</div>" * 5000)


def test_clipboard_prefers_the_table() -> None:
    assert read_clipboard(WORD_TABLE, "指标 考核目标").tables
    assert read_clipboard("<p>x</p>", "a\tb\nc\td").tables
    assert read_clipboard("", "1.财政收入10亿元").text == "1.财政收入10亿元"


def numbered(document: docx.document.Document, text: str, level: int = 0) -> None:
    paragraph = document.add_paragraph(text)
    properties = paragraph._p.get_or_add_pPr()
    mark = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", level), ("w:numId", 99)):
        child = OxmlElement(tag)
        child.set(qn("w:val"), str(value))
        mark.append(child)
    properties.append(mark)


def chinese_list(document: docx.document.Document) -> None:
    """A list 一、 (一) as Word keeps it."""
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "99")
    for level, (style, text) in enumerate((("chineseCountingThousand", "%1、"), ("decimal", "%2."))):
        made = OxmlElement("w:lvl")
        made.set(qn("w:ilvl"), str(level))
        for tag, value in (("w:start", "1"), ("w:numFmt", style), ("w:lvlText", text)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            made.append(child)
        abstract.append(made)
    numbering.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "99")
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), "99")
    number.append(link)
    numbering.append(number)


def test_word_file_with_automatic_numbers(tmp_path: Path) -> None:
    document = docx.Document()
    chinese_list(document)
    document.add_paragraph("2020年工作目标")
    numbered(document, "经济发展")
    numbered(document, "财政收入10亿元,增长20%。(分值:10分)", 1)
    numbered(document, "工业投资52亿元。(分值:5分)", 1)
    numbered(document, "社会事业")
    numbered(document, "城镇登记失业率控制在4%以内。(分值:5分)", 1)
    document.save(tmp_path / "目标.docx")
    text = read_source(tmp_path / "目标.docx").text
    assert text.splitlines()[1:] == [
        "一、经济发展", "1.财政收入10亿元,增长20%。(分值:10分)", "2.工业投资52亿元。(分值:5分)",
        "二、社会事业", "1.城镇登记失业率控制在4%以内。(分值:5分)",
    ]
    found = proposal(tmp_path / "目标.docx")
    assert [(row.category, row.name) for row in found.rows] == [
        ("经济发展", "财政收入"), ("经济发展", "工业投资"), ("社会事业", "城镇登记失业率"),
    ]


def test_word_file_with_merged_table(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("2020年目标任务分解表")
    table = document.add_table(4, 4)
    for line, texts in enumerate((
        ("类别", "指标", "目标值", "责任单位"), ("工业", "工业投资(亿元)", "52", "工信局\n统计局"),
        ("", "技改投资(亿元)", "约50", "工信局"), ("备注:以文件为准", "", "", ""),
    )):
        for column, text in enumerate(texts):
            table.cell(line, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 3))
    document.save(tmp_path / "表.docx")
    found = proposal(tmp_path / "表.docx")
    assert found.title == "2020年目标任务分解表"
    assert [row.category for row in found.rows] == ["工业", "工业"]
    assert found.rows[0].lead == "工信局"
    assert found.rows[0].supporting == ("统计局",)
    assert found.rows[1].cells[""].place == "第3行第3列"
    assert found.notes == ("备注:以文件为准",)


def test_numbers_as_word_draws_them() -> None:
    style = "chineseCountingThousand"
    assert [drawn_number(n, style) for n in (1, 10, 11, 20, 105, 110)] == [
        "一", "十", "十一", "二十", "一百零五", "一百一十",
    ]
    assert drawn_number(3, "decimalEnclosedCircleChinese") == "③"
    assert drawn_number(4, "upperRoman") == "IV"
    assert drawn_number(28, "lowerLetter") == "bb"
