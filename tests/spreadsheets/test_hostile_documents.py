"""Hostile .ods and .docx: entities, bombs, endless repeats, deep nesting, names that climb out."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from mbo_desktop.errors import FileReadError
from mbo_desktop.spreadsheets.source import read_tables

SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    f'<!DOCTYPE a [<!ENTITY d "{"x" * 1000}"><!ENTITY c "{"&d;" * 1000}"><!ENTITY b "{"&c;" * 1000}">]>'
)
CELL = '<table:table-cell office:value-type="string"><text:p>甲</text:p></table:table-cell>'


def ods(path: Path, body: str, head: str = "", extra: dict[str, bytes] | None = None) -> Path:
    """A sheet of these rows."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", (
            f'<?xml version="1.0"?>{head}<office:document-content {SPACES} office:version="1.2">'
            f'<office:body><office:spreadsheet><table:table table:name="a">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>"
        ))
        archive.writestr("META-INF/manifest.xml", (
            '<?xml version="1.0"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
            'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            "</manifest:manifest>"
        ))
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return path


def docx(path: Path, text: str, head: str = "", extra: dict[str, bytes] | None = None) -> Path:
    """A document with one table of one cell."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", (
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ))
        archive.writestr("word/document.xml", (
            f'<?xml version="1.0"?>{head}<w:document {WORD}><w:body><w:tbl><w:tr><w:tc><w:p><w:r><w:t>'
            f"{text}</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"
        ))
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return path


def texts(path: Path) -> list[str]:
    return [cell.text for table in read_tables(path) for row in table.rows for cell in row if cell.text]


def read_or_refused(path: Path) -> list[str]:
    """The texts; "refused" when the file is not taken."""
    try:
        return texts(path)
    except FileReadError:
        return ["refused"]


def row(content: str) -> str:
    return f"<table:table-row>{content}</table:table-row>"


def entity() -> str:
    return '<table:table-cell office:value-type="string"><text:p>&b;</text:p></table:table-cell>'


def test_good_ones_are_read(tmp_path: Path) -> None:
    assert texts(ods(tmp_path / "好.ods", row(CELL))) == ["甲"]
    assert texts(docx(tmp_path / "好.docx", "甲")) == ["甲"]


@pytest.mark.parametrize("head", [OUTSIDE, LAUGHS], ids=["outside", "laughs"])
def test_entities_are_refused(tmp_path: Path, head: str) -> None:
    with pytest.raises(FileReadError) as told:
        read_tables(ods(tmp_path / "坏.ods", row(entity()), head))
    assert told.value.todo.endswith("。")
    with pytest.raises(FileReadError):
        read_tables(docx(tmp_path / "坏.docx", "&b;", head))


@pytest.mark.parametrize("make", [ods, docx])
def test_bombs_are_not_unpacked(tmp_path: Path, make: object) -> None:
    body = row(CELL) if make is ods else "甲"
    suffix = "ods" if make is ods else "docx"
    with pytest.raises(FileReadError, match="大小异常"):
        read_tables(make(tmp_path / f"弹.{suffix}", body, "", {"x.bin": bytes(600_000_000)}))  # type: ignore[operator]


def test_endless_columns_cost_nothing(tmp_path: Path) -> None:
    far = f'{CELL}<table:table-cell table:number-columns-repeated="2000000000"/>{CELL}'
    assert texts(ods(tmp_path / "宽.ods", row(far)))[:1] == ["甲"]


@pytest.mark.parametrize("cells", [CELL * 18, CELL.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="99999"')])
def test_endless_rows_are_refused_before_they_are_unfolded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: str
) -> None:
    def unfold(*_given: object) -> None:
        raise AssertionError("unfolded")

    monkeypatch.setattr("python_calamine.CalamineWorkbook.from_filelike", unfold)
    body = f'<table:table-row table:number-rows-repeated="2000000000">{cells}</table:table-row>'
    with pytest.raises(FileReadError, match="重复填充"):
        read_tables(ods(tmp_path / "长.ods", body))


def test_repeats_as_programs_write_them_are_read(tmp_path: Path) -> None:
    """Empty rows and columns to the end of the sheet, a value repeated a few times."""
    body = (
        f'<table:table-row table:number-rows-repeated="3">{CELL}<table:table-cell table:number-columns-repeated="16383"/>'
        '</table:table-row><table:table-row table:number-rows-repeated="1048573">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert texts(ods(tmp_path / "常.ods", body)) == ["甲", "甲", "甲"]


def test_a_sheet_filled_to_its_end_is_refused(tmp_path: Path) -> None:
    filled = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'table:number-columns-repeated="16000" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>"
    )
    with pytest.raises(FileReadError):
        read_tables(ods(tmp_path / "满.ods", filled))


def test_deep_nesting_ends(tmp_path: Path) -> None:
    deep = "<text:p>" * 50_000 + "</text:p>" * 50_000
    cell = f'<table:table-cell office:value-type="string">{deep}</table:table-cell>'
    said = "".join(read_or_refused(ods(tmp_path / "深.ods", row(cell))))
    assert said.strip() in ("", "refused")


def test_deep_tables_in_word_end(tmp_path: Path) -> None:
    inner = "甲</w:t></w:r></w:p>" + "<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000 + "<w:p><w:r><w:t>"
    said = "".join(read_or_refused(docx(tmp_path / "深.docx", inner)))
    assert "甲" in said or said == "refused"


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "C:\\evil", "..\\evil"])
def test_names_that_climb_out_write_nothing(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "内" / "里"
    folder.mkdir(parents=True)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    for path in (
        ods(folder / "爬.ods", row(CELL), "", {name: b"x"}), docx(folder / "爬.docx", "甲", "", {name: b"x"}),
    ):
        assert read_or_refused(path) in (["甲"], ["refused"])
        path.unlink()
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
