"""Workbooks of other programs, through calamine."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from ledger_books import DATA, amount, proposal, reasons

from mbo_desktop.errors import FileReadError
from mbo_desktop.spreadsheets.source import read_tables

CONTENT = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
 <table:table table:name="目标">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""


def ods(path: Path, rows: list[list[str | float]]) -> Path:
    lines = ""
    for row in rows:
        cells = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
            if isinstance(value, str)
            else f'<table:table-cell office:value-type="float" office:value="{value}"/>'
            for value in row
        )
        lines += f"<table:table-row>{cells}</table:table-row>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", CONTENT.format(rows=lines))
    return path


def test_ods(tmp_path: Path) -> None:
    path = ods(tmp_path / "表.ods", [["指标名称", "目标值"], ["财政收入(亿元)", 10.5], ["城镇化率", 0.583]])
    found = proposal(path)
    assert str(amount(found.rows[0])) == "10.5"
    assert "显示格式" in reasons(found)


def test_old_xls_with_merges_and_percent_formats(tmp_path: Path) -> None:
    old = DATA / "旧格式台账-虚构.xls"
    renamed = tmp_path / "改名.xlsx"
    renamed.write_bytes(old.read_bytes())
    for path in (old, renamed):
        found = proposal(path)
        assert found.title == "2020年目标任务表"
        assert [row.category for row in found.rows] == ["工业", "工业"]
        assert str(amount(found.rows[0])) == "52.5"
        assert found.rows[1].cells[""].text == "58.3%"
        assert not found.problems


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_truncated_xls(tmp_path: Path, share: float) -> None:
    whole = (DATA / "旧格式台账-虚构.xls").read_bytes()
    path = tmp_path / "截断.xls"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(FileReadError):
        read_tables(path)


def test_damaged_ods(tmp_path: Path) -> None:
    path = ods(tmp_path / "坏.ods", [["a"]])
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x")
    with pytest.raises(FileReadError):
        read_tables(path)
