"""What Excel shows for a number, because that is what the office printed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from ledger_books import amount, book, proposal, reasons, row_named

from mbo_desktop.spreadsheets.number_format import NumberFormat
from mbo_desktop.spreadsheets.source import read_tables


@pytest.mark.parametrize(
    ("code", "raw", "value", "text"),
    [
        ("General", "0.58299999999999996", "0.583", "0.583"),
        ("General", "0.30000000000000004", "0.3", "0.3"),
        ("General", "1E-3", "0.001", "0.001"),
        ("General", "12345678901234567890", "12345678901234600000", "12345678901234600000"),
        ("0.0%", "0.58299999999999996", "58.3", "58.3%"),
        ("0%", "1.1000000000000001", "110", "110%"),
        ("0.00%", "0.58316", "58.32", "58.32%"),
        ("0.0", "2.25", "2.3", "2.3"),
        ("0.0", "-2.25", "-2.3", "-2.3"),
        ("#,##0.00", "1234567.891", "1234567.89", "1,234,567.89"),
        ("#,##0,", "12345", "12", "12"),
        ("#,##0_);(#,##0)", "-5", "-5", "-5"),
        ('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "0", "0", "0.00"),
        ('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-12", "-12", "-12.00"),
        ('0"‰"', "7", "7", "7‰"),
        ("@", "12", "12", "12"),
        ("0.00E+00", "12345", "12345", "12345"),
        ("# ?/?", "0.5", "0.5", "0.5"),
        ("[Red][>100]0.0", "3.14", "3.1", "3.1"),
        ("¥#,##0", "75", "75", "¥75"),
    ],
)
def test_numbers(code: str, raw: str, value: str, text: str) -> None:
    shown = NumberFormat(code).show(raw)
    assert shown.text == text
    assert shown.value == Decimal(value)


@pytest.mark.parametrize(
    ("code", "raw", "text"),
    [
        ("000000", "123", "000123"), ('0.0"万元"', "12.34", "12.3万元"), ('0!.0,"万"', "12345", "1.2万"),
        ('"第"0"名"', "3", "第3名"), ('General"个"', "4", "4个"),
        ("h:mm", "0.5", "12:00"), ("0.0", "1e999", "1e999"), ("General", "nan", "nan"),
    ],
)
def test_codes_and_texts(code: str, raw: str, text: str) -> None:
    shown = NumberFormat(code).show(raw)
    assert (shown.value, shown.text) == (text, text)


@pytest.mark.parametrize(
    ("code", "raw", "is_1904", "day", "text"),
    [
        ("yyyy/m/d", "43983", False, date(2020, 6, 1), "2020/6/1"),
        ("yyyy/m/d", "42521", True, date(2020, 6, 1), "2020/6/1"),
        ('yyyy"年"m"月"d"日"', "43983", False, date(2020, 6, 1), "2020年6月1日"),
        ('[$-804]yyyy"年"m"月";@', "43983", False, date(2020, 6, 1), "2020年6月"),
        ("yyyy-mm-dd hh:mm", "43983.5", False, date(2020, 6, 1), "2020-06-01 12:00"),
        ("yyyy/m/d", "59", False, date(1900, 2, 28), "1900/2/28"),
        ("yyyy/m/d", "61", False, date(1900, 3, 1), "1900/3/1"),
    ],
)
def test_dates(code: str, raw: str, is_1904: bool, day: date, text: str) -> None:
    shown = NumberFormat(code).show(raw, date_1904=is_1904)
    assert (shown.value, shown.text) == (day, text)


def test_a_workbook_with_formats(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (
        ["编号", "指标", "目标", "完成时限"],
        [7, "城镇化率", 0.583, date(2020, 6, 30)], [8, "财政收入(亿元)", 10.71428571, date(2020, 12, 1)],
    ):
        sheet.append(row)
    for line in (2, 3):
        sheet.cell(line, 1).number_format = "0000"
        sheet.cell(line, 4).number_format = 'yyyy"年"m"月"d"日"'
    sheet["C2"].number_format = "0.0%"
    sheet["C3"].number_format = "0.00"
    workbook.save(tmp_path / "f.xlsx")
    found = proposal(tmp_path / "f.xlsx")
    rate = row_named(found, "城镇化率")
    assert (amount(rate), rate.unit_of_measure) == (Decimal("58.3"), "%")
    assert rate.code == "0007"
    assert rate.due == date(2020, 6, 30)
    assert amount(row_named(found, "财政收入")) == Decimal("10.71")
    assert "按显示的数读取" in reasons(found)
    assert "C3" in reasons(found)


def test_1904_workbook(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    workbook.active.append([date(2020, 6, 1)])
    workbook.save(tmp_path / "mac.xlsx")
    assert read_tables(tmp_path / "mac.xlsx")[0].rows[0][0].value == date(2020, 6, 1)


def test_chinese_built_in_date_format(tmp_path: Path) -> None:
    """Format 31 is never written out in the file; only a Chinese Excel knows it."""
    import zipfile

    book(tmp_path / "p.xlsx", ("Sheet1", [[date(2020, 6, 1)]]))
    with zipfile.ZipFile(tmp_path / "p.xlsx") as old, zipfile.ZipFile(tmp_path / "q.xlsx", "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/styles.xml":
                content = content.replace(b'<xf numFmtId="164"', b'<xf numFmtId="31"')
            new.writestr(part, content)
    cell = read_tables(tmp_path / "q.xlsx")[0].rows[0][0]
    assert (cell.value, cell.text) == (date(2020, 6, 1), "2020年6月1日")
