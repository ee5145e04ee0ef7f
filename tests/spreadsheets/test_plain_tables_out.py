"""Tables written: text stays text, numbers stay exact, nothing half written."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mbo_desktop.errors import FileWriteError
from mbo_desktop.spreadsheets.source import read_tables
from mbo_desktop.spreadsheets.writer import write_table

DANGEROUS = ["=1+1", "+86", "-3度", "@SUM(A1)", "=HYPERLINK(\"x\")", "\t=1", "＝1"]


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert write_table(path, ["=名称"], [[text] for text in DANGEROUS]) == len(DANGEROUS)
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert b'quotePrefix="1"' in archive.read("xl/styles.xml")
    sheet = openpyxl.load_workbook(path).active
    for line, text in enumerate(["=名称", *DANGEROUS], start=1):
        assert sheet.cell(line, 1).value == text
        assert sheet.cell(line, 1).data_type == "s"


def test_values_come_back(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    long = Decimal("12345678901234567890.123")
    row = ["工业投资", Decimal("52.50"), None, date(2020, 6, 1), 3, "00123", long, "a\0b\u202ec"]
    write_table(path, ["一"] * 8, [row], title="标题/2020", sheet="坏[名]")
    cells = read_tables(path)[0].rows[2]
    assert [cell.value for cell in cells[:6]] == [
        "工业投资", Decimal("52.5"), None, date(2020, 6, 1), Decimal(3), "00123",
    ]
    assert cells[1].text == "52.50"
    assert cells[6].text == str(long)
    assert cells[7].text == "abc"


def test_nothing_is_left_when_it_fails(tmp_path: Path) -> None:
    with pytest.raises(FileWriteError):
        write_table(tmp_path / "无此文件夹" / "out.xlsx", ["a"], [["b"]])

    def failing() -> object:
        yield ["a"]
        raise OSError(28, "No space left on device")

    path = tmp_path / "out.xlsx"
    path.write_bytes(b"before")
    with pytest.raises(FileWriteError):
        write_table(path, ["a"], failing())
    assert path.read_bytes() == b"before"
    assert [p.name for p in tmp_path.iterdir()] == ["out.xlsx"]
