"""Files nobody should have sent: each a sentence with its remedy, and nothing dropped in silence."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
from ledger_books import DATA, amount, book, proposal, reasons

from mbo_desktop.errors import FileReadError
from mbo_desktop.spreadsheets.source import read_source, read_tables
from mbo_desktop.spreadsheets.table import CELL_LIMIT

SHEET = '<?xml version="1.0" encoding="UTF-8"?>{dtd}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def refused(path: Path) -> str:
    with pytest.raises(FileReadError) as caught:
        read_source(path)
    error = caught.value
    assert path.name in error.what or path.name.removeprefix("~$") in error.what
    assert error.safe
    assert error.todo.startswith("请")
    return error.what + error.todo


def with_sheet(
    tmp_path: Path, rows: str, *, dtd: str = "", before: str = "", after: str = "", styles: str = "",
    book_part: str = "", name: str = "x.xlsx",
) -> Path:
    """A workbook with this XML as its sheet."""
    book(tmp_path / "plain.xlsx", ("Sheet1", [["a"]]))
    made = tmp_path / name
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            if part.endswith("sheet1.xml"):
                content = SHEET.format(dtd=dtd, before=before, rows=rows, after=after).encode()
            if styles and part == "xl/styles.xml":
                content = styles.encode()
            if book_part and part == "xl/workbook.xml":
                content = content.replace(b"<workbookPr", book_part.encode(), 1)
            new.writestr(part, content)
    return made


def ole(path: Path, *streams: str) -> Path:
    """A compound file with empty streams of these names."""
    sector = 512
    directory = [_entry("Root Entry", 5, child=1)]
    directory += [
        _entry(name, 2, right=number + 1 if number < len(streams) else -1)
        for number, name in enumerate(streams, start=1)
    ]
    directory += [b"\0" * 128] * (-len(directory) % 4)
    table = b"".join(directory)
    count = len(table) // sector
    chain = [-3, *range(2, count + 1), -2] if count > 1 else [-3, -2]
    fat = struct.pack("<128i", *(chain + [-1] * (128 - len(chain))))
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504)
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<iii", head, 44, 1, 1, 0)
    struct.pack_into("<iiiii", head, 56, 4096, -2, 0, -2, 0)
    struct.pack_into("<109i", head, 76, 0, *([-1] * 108))
    path.write_bytes(bytes(head) + fat + table)
    return path


def _entry(name: str, kind: int, *, child: int = -1, right: int = -1) -> bytes:
    raw = name.encode("utf-16-le")
    return (
        raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2, kind, 1)
        + struct.pack("<iii", -1, right, child) + b"\0" * 36 + struct.pack("<iQ", -2, 0)
    )


def test_ways_of_not_being_a_file(tmp_path: Path) -> None:
    assert "找不到" in refused(tmp_path / "没有.xlsx")
    (tmp_path / "夹.xlsx").mkdir()
    assert "文件夹" in refused(tmp_path / "夹.xlsx")
    (tmp_path / "空.xlsx").write_bytes(b"")
    assert "空文件" in refused(tmp_path / "空.xlsx")
    (tmp_path / "~$台账.xlsx").write_bytes(b"x")
    assert "临时文件" in refused(tmp_path / "~$台账.xlsx")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "管道.xlsx")
        assert "普通文件" in refused(tmp_path / "管道.xlsx")


def test_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "占用.xlsx", ("Sheet1", [["a"]]))

    def locked(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", locked)
    assert "关闭" in refused(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_truncated(tmp_path: Path, share: float) -> None:
    whole = (DATA / "任务分解台账-旌阳区-2016.xlsx").read_bytes()
    path = tmp_path / "截断.xlsx"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "不完整或已损坏" in refused(path)


def test_damaged_inside(tmp_path: Path) -> None:
    whole = bytearray((DATA / "任务分解台账-旌阳区-2016.xlsx").read_bytes())
    for place in range(200, len(whole) - 1500, 40):
        whole[place] ^= 0xFF
    path = tmp_path / "坏块.xlsx"
    path.write_bytes(whole)
    assert "损坏" in refused(path)


def test_half_a_sheet(tmp_path: Path) -> None:
    path = with_sheet(tmp_path, '<row r="1"><c r="A1"><v>1</v></c>', name="半.xlsx")
    assert "损坏" in refused(path)


def test_password_and_foreign_compound_files(tmp_path: Path) -> None:
    assert "密码" in refused(ole(tmp_path / "密.xlsx", "EncryptionInfo", "EncryptedPackage"))
    assert "WPS中另存为" in refused(ole(tmp_path / "表.et", "Workbook"))
    assert "WPS中另存为" in refused(ole(tmp_path / "文.wps", "WordDocument"))
    assert "WPS中另存为" in refused(ole(tmp_path / "文.doc", "WordDocument"))
    # The name says .xlsx, the content is an old document.
    assert ".doc" in refused(ole(tmp_path / "改名.xlsx", "WordDocument"))
    assert "损坏" in refused(ole(tmp_path / "无.xls", "Other"))


def test_other_files_under_a_ledger_s_name(tmp_path: Path) -> None:
    for content, word in (
        (b"%PDF-1.7\n", "PDF"), (b"\x89PNG\r\n\x1a\n", "图片"), (b"{\\rtf1 x}", "RTF"),
        (b"Rar!\x1a\x07", "解压"), (bytes(range(256)) * 40, "认不出"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "2003"),
    ):
        path = tmp_path / "冒名.xlsx"
        path.write_bytes(content)
        assert word in refused(path)
    with zipfile.ZipFile(tmp_path / "包.xlsx", "w") as archive:
        archive.writestr("读我.txt", "x")
    assert "解压" in refused(tmp_path / "包.xlsx")


def test_html_as_xls_is_read(tmp_path: Path) -> None:
    path = tmp_path / "导出.xls"
    page = """<html><head><meta charset=gb2312></head><body><p>2020年目标任务表</p><table>
      <tr><th>指标名称</th><th>目标值</th></tr><tr><td>财政收入(亿元)</td><td>10</td></tr></table></body></html>"""
    path.write_bytes(page.encode("gbk"))
    found = proposal(path)
    assert found.title == "2020年目标任务表"
    assert amount(found.rows[0]) == 10


def test_xlsx_named_xls_is_read(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("Sheet1", [["指标", "目标"], ["财政收入", 10]]))
    renamed = path.rename(tmp_path / "a.xls")
    assert amount(proposal(renamed).rows[0]) == 10


def test_zip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "弹.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 200_000_000)
    assert "大小异常" in refused(path)


@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">',
        f"<!--{'long ' * 2000}--><!DOCTYPE x []>",
    ],
)
def test_document_types_are_refused(tmp_path: Path, dtd: str) -> None:
    path = with_sheet(tmp_path, '<row r="1"><c r="A1"><v>1</v></c></row>', dtd=dtd)
    assert "DTD" in refused(path)


def test_wrong_dimension_and_missing_references(tmp_path: Path) -> None:
    """WPS writes a dimension that is too small, other programs leave out the references."""
    rows = (
        '<row><c t="str"><v>指标</v></c><c t="str"><v>目标</v></c></row>'
        '<row><c t="str"><v>财政收入</v></c><c><v>10</v></c></row>'
    )
    path = with_sheet(tmp_path, rows, before='<dimension ref="A1"/>')
    assert amount(proposal(path).rows[0]) == 10


def test_picture_cells_and_formulas_without_value(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><v>指标</v></c><c r="B1" t="str"><v>目标</v></c></row>'
        '<row r="2"><c r="A2" t="str"><v>财政收入</v></c><c r="B2"><f>B9*1.1</f></c></row>'
        '<row r="3"><c r="A3" t="str"><v>形象</v></c><c r="B3" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f>'
        '<v>=DISPIMG("ID_1",1)</v></c></row>'
        '<row r="4"><c r="A4" t="str"><v>工业投资</v></c><c r="B4"><f>1+1</f><v>2</v></c></row>'
        '<row r="5"><c r="A5" t="str"><v>服务业</v></c><c r="B5" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    found = proposal(with_sheet(tmp_path, rows, after='<drawing r:id="rId1" xmlns:r="r"/>'))
    said = reasons(found)
    assert "B2" in said
    assert "没有保存计算结果" in said
    assert found.rows[0].cells[""].text == "=B9*1.1"
    assert "B3" in said
    assert "图片" in said
    assert found.rows[1].cells[""].text == '=DISPIMG("ID_1",1)'
    assert amount(found.rows[2]) == 2
    assert "#DIV/0!" in said
    assert "浮动" in said
    assert len(found.findings) == 3


def test_formula_written_by_a_library_has_no_value(tmp_path: Path) -> None:
    path = book(tmp_path / "f.xlsx", ("Sheet1", [["指标", "目标"], ["财政收入", "=1+1"]]))
    assert "没有保存计算结果" in reasons(proposal(path))


def test_monster_cells_are_cut_and_said(tmp_path: Path) -> None:
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"长" * 1_000_000}</t></is></c></row>'
    cell = read_tables(with_sheet(tmp_path, rows))[0].rows[0][0]
    assert len(cell.text) == CELL_LIMIT
    assert "1,000,000" in cell.problem


def test_control_and_bidi_characters_are_taken_off_and_said(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="str"><v>财_x0000_政‮收入_x000D_\n二</v></c></row>'
    cell = read_tables(with_sheet(tmp_path, rows))[0].rows[0][0]
    assert cell.text == "财政收入\n二"
    assert "2 个" in cell.problem
    (tmp_path / "n.txt").write_bytes("1.财政\0收入10亿元\n2.工业投资5亿元".encode())
    source = read_source(tmp_path / "n.txt")
    assert source.text.startswith("1.财政收入10亿元")
    assert "第1行" in source.problems[0].place


def test_rows_out_of_order_are_refused_not_mixed(tmp_path: Path) -> None:
    rows = '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>'
    assert "损坏" in refused(with_sheet(tmp_path, rows))


def test_far_cells_cost_nothing(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert len(read_tables(with_sheet(tmp_path, rows))[0].rows) == 1


def test_hidden_sheets_rows_and_columns_are_said(tmp_path: Path) -> None:
    import openpyxl

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (["指标", "目标"], ["财政收入", 10], ["工业投资", 5]):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    other = workbook.create_sheet("旧数据")
    other.append(["x"])
    other.sheet_state = "hidden"
    workbook.save(tmp_path / "h.xlsx")
    found = proposal(tmp_path / "h.xlsx")
    assert len(found.rows) == 2
    assert "旧数据" in reasons(found)
    assert "1 个隐藏行" in reasons(found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
def test_text_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = (DATA / "责任目标-凤台县-2006.txt").read_text(encoding="utf-8")
    path = tmp_path / f"{encoding}.txt"
    path.write_bytes(text.encode(encoding))
    found = proposal(path, 2006)
    assert (len(found.rows), found.points_total) == (11, 80)


def test_broken_utf8_is_not_repaired_by_question_marks(tmp_path: Path) -> None:
    path = tmp_path / "b.txt"
    path.write_bytes(b"\xef\xbb\xbf" + "财政收入".encode()[:-1] + b"\xff\xff")
    assert "编码" in refused(path)


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes('指标名称,目标值,评分标准\r\n财政收入(亿元),"1,200","完成得满分;\n未完成不得分"\r\n'.encode("gbk"))
    found = proposal(path)
    assert amount(found.rows[0]) == 1200
    assert found.rows[0].scoring_text == "完成得满分;\n未完成不得分"


def test_old_xls_that_is_no_workbook_inside(tmp_path: Path) -> None:
    assert "没有任何内容" in refused(ole(tmp_path / "旧.xls", "Workbook"))


def test_encrypted_zip_entries(tmp_path: Path) -> None:
    buffer = io.BytesIO((DATA / "考核目标-六县市区-建设工作.xlsx").read_bytes())
    data = bytearray(buffer.getvalue())
    start = 0
    while (start := data.find(b"PK\x01\x02", start)) >= 0:
        data[start + 8] |= 1
        start += 4
    path = tmp_path / "zip.xlsx"
    path.write_bytes(data)
    assert "密码" in refused(path)
