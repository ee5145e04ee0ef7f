"""Forms as units fill them in: templates of an office, cells found by row and head."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.services import planning_edits, templates
from mbo_desktop.services import planning_framework as framework
from mbo_desktop.services.collected import Collection
from mbo_desktop.services.collecting import ReturnState, read_returned
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.services.templates import FormPurpose
from mbo_desktop.spreadsheets.form_layout import FIRST_ROW, HEAD_ROW
from tests.services.conftest import YEAR, Office

INDICATORS = ("工业投资(亿元)", "招商引资(亿元)", "新增就业(人)", "垃圾处理率(%)")
UNITS = ("柯城区", "江山市", "高新区")


Targets = dict[tuple[str, str], RecordId]
"""Targets by unit and indicator name without its unit."""


def with_targets(office: Office) -> dict[tuple[str, str], RecordId]:
    """Four indicators for three units; targets by unit and indicator name without its unit."""
    found = {}
    for place, name in enumerate(INDICATORS):
        row = framework.add_indicator(office.store, YEAR, name)
        for unit in UNITS:
            planning_edits.set_cell(
                office.store, row, office.units[unit], TargetField.VALUE, str(60 + 20 * place)
            )
        for target in office.store.all(Target, indicator=row):
            label = next(one for one, record in office.units.items() if record == target.unit)
            found[label, name.partition("(")[0]] = target.id
    return found


def made(office: Office, folder: Path, month: int = 2, **more: Any) -> dict[str, Path]:
    """A month's templates by unit."""
    purpose = more.pop("purpose", FormPurpose.PROGRESS)
    done = templates.make_templates(office.store, YEAR, month, purpose, (), folder)
    return {path.stem.partition("-")[2]: path for path in done.files}


def fill(path: Path, rows: Mapping[str, Mapping[str, object]], sheet: str = "") -> Path:
    """Fill cells of a form by the name of the row and the head of the column."""
    book = openpyxl.load_workbook(path)
    page = book[sheet] if sheet else book.worksheets[0]
    heads = {cell.value: cell.column for cell in page[HEAD_ROW]}
    lines = {page.cell(line, 2).value: line for line in range(FIRST_ROW, page.max_row + 1)}
    for name, cells in rows.items():
        line = next(at for title, at in lines.items() if title and str(title).startswith(name))
        for head, value in cells.items():
            page.cell(line, heads[head]).value = value
    book.save(path)
    return path


def read(office: Office, *paths: Path, month: int = 2) -> Collection:
    return read_returned(office.store, YEAR, month, paths)


def state(office: Office, path: Path, month: int = 2) -> tuple[ReturnState, str]:
    (one,) = read(office, path, month=month).files
    return one.state, one.words + "".join(p.sentence() for p in one.problems)


def report(office: Office, target: RecordId, kind: FigureKind = FigureKind.PROXY) -> ProgressReport | None:
    said = office.store.all(ProgressReport, subject=target, month=2)
    return next((one for one in said if one.kind is kind), None)


def edited(path: Path, change: object) -> Path:
    book = openpyxl.load_workbook(path)
    change(book.worksheets[0])  # type: ignore[operator]
    book.save(path)
    return path
