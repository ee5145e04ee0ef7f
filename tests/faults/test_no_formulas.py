"""What is written for other programs holds texts and figures, never something to compute."""

from __future__ import annotations

import ast
import csv
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.services import paper_files, papers, plain_export, templates
from mbo_desktop.spreadsheets.form_kinds import FormPurpose
from mbo_desktop.store.database import Store
from tests.services import offices_exchanging as exchanging

pytestmark = pytest.mark.timeout(300)
ROOT = Path(__file__).parents[2]
HOSTILE = (
    "=1+1", "+86-570", "-2+3", "@SUM(1)", "=cmd|' /C calc'!A1", "=HYPERLINK(\"http://x\",\"点\")",
    "=WEBSERVICE(\"http://x\")", "=DISPIMG(\"ID_1\",1)", "＝1+1", "＋1", "－1", "＠a", "|calc",
)
SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def test_tables_are_written_in_known_places_only() -> None:
    """A new writer needs its test here."""
    makers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "mbo_desktop").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("Workbook", "csv.writer", "DictWriter"))
    }
    assert makers == {
        "mbo_desktop/services/plain_export.py", "mbo_desktop/spreadsheets/form_book.py",
        "mbo_desktop/spreadsheets/writer.py",
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which an office with hostile names wrote everything it can."""
    place = tmp_path_factory.mktemp("formulas")
    out = place / "出"
    out.mkdir()
    with exchanging.make_city(place / "数据", [f"第{number}县" for number in range(len(HOSTILE))], 1) as store:
        rename(store)
        plain_export.export_workbook(store, out / "全部.xlsx")
        plain_export.export_folder(store, out / "全部")
        templates.make_templates(
            store, exchanging.YEAR, 6, FormPurpose.PROGRESS,
            [one.id for one in store.all(Unit) if one.name in HOSTILE], out / "模板",
        )
        document = papers.allotment_document(store, exchanging.YEAR)
        paper_files.write_paper(
            document, out / "分解表.xlsx", flat=papers.allotment_flat(store, exchanging.YEAR)
        )
    return out


def rename(store: Store) -> None:
    """Give everything a hostile name."""
    with store.change("改名") as change:
        units = [one for one in store.all(Unit) if one.name.startswith("第")]
        for unit, text in zip(units, HOSTILE, strict=True):
            change.put(replace(unit, name=text, short_name=text, note=text))
        for text in HOSTILE:
            change.put(Indicator(
                id=change.new(Indicator), year=exchanging.YEAR, name=text, unit_of_measure=text, definition=text,
            ))


def test_workbooks_hold_no_formula(written: Path) -> None:
    books = list(written.rglob("*.xlsx"))
    assert len(books) > len(HOSTILE)
    seen: set[object] = set()
    for book in books:
        with zipfile.ZipFile(book) as archive:
            names = archive.namelist()
            assert not [one for one in names if re.search(r"externalLink|connections|vba|activeX|embeddings", one)]
            for name in names:
                if name.startswith("xl/worksheets/sheet"):
                    assert not re.search(rb"<f[ >]", archive.read(name)), (book.name, name)
                assert b'TargetMode="External"' not in archive.read(name)
        for sheet in openpyxl.load_workbook(book).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (book.name, cell.coordinate)
                    if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                        assert cell.quotePrefix, (book.name, cell.coordinate, cell.value)
                    seen.add(cell.value)
    assert set(HOSTILE) <= seen, "texts stand there as they were typed"


def test_csv_cells_begin_with_nothing_that_is_computed(written: Path) -> None:
    tables = list(written.rglob("*.csv"))
    assert tables
    seen = set()
    for table in tables:
        for row in csv.reader(table.read_text("utf-8-sig").splitlines()):
            for text in row:
                assert not text.startswith(SIGNS) or re.fullmatch(r"-?\d+(\.\d+)?", text), (table.name, text)
                seen.add(text)
    assert {f"'{text}" for text in HOSTILE if text.startswith(SIGNS)} <= seen
