"""Sixty returned workbooks of 200 rows: read in a child, compared, previewed, taken in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import openpyxl
import pytest

from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import ProgressReport
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.services import collecting, session, templates
from mbo_desktop.services.templates import FormPurpose
from mbo_desktop.spreadsheets.form_layout import FIRST_ROW, HEAD_ROW
from mbo_desktop.store.database import Store

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

YEAR, MONTH, ROWS, UNITS = 2026, 6, 200, 60


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """200 indicators × 60 units."""
    folder: Path = tmp_path_factory.mktemp("collect") / "数据"
    store = session.create_folder(folder, office_name="目标办", operators=["刘敏"], year=YEAR)
    with store.change("造数") as change:
        units = [change.new(Unit) for _ in range(UNITS)]
        rows = [change.new(Indicator) for _ in range(ROWS)]
        change.put_all(
            Unit(id=one, name=f"第{place}县人民政府", kind=UnitKind.COUNTY, ord=f"{place + 1:04d}1")
            for place, one in enumerate(units)
        )
        change.put_all(
            Indicator(id=one, year=YEAR, name=f"指标{place}", unit_of_measure="亿元", ord=f"{place + 1:04d}1")
            for place, one in enumerate(rows)
        )
        for place, row in enumerate(rows):
            value = read_target(f"{100 + place % 97}", unit="亿元")
            change.put_all(
                Target(id=change.named(Target, row, unit), indicator=row, unit=unit, value=value)
                for unit in units
            )
    yield store
    store.close()


def processor_time() -> float:
    """Seconds this process and its ended children have computed: other work does not count."""
    return sum(os.times()[:4])


def test_sixty_workbooks_of_200_rows(
    city: Store, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Goal: read, compared and previewed in 6 s; several times quicker than a plain openpyxl loop."""
    start = perf_counter()
    made = templates.make_templates(city, YEAR, MONTH, FormPurpose.PROGRESS, (), tmp_path / "发")
    making = perf_counter() - start
    assert len(made.files) == UNITS
    for path in made.files:
        book = openpyxl.load_workbook(path)
        page = book.worksheets[0]
        heads = {cell.value: cell.column for cell in page[HEAD_ROW]}
        for line in range(FIRST_ROW, FIRST_ROW + ROWS):
            page.cell(line, heads["本月累计"]).value = 40 + line % 7
            page.cell(line, heads["进展情况"]).value = f"第{line}项正在推进"
        book.save(path)

    start, used = perf_counter(), processor_time()
    found = collecting.read_returned(city, YEAR, MONTH, collecting.files_in([tmp_path / "发"]))
    reading, reading_cpu = perf_counter() - start, processor_time() - used
    assert len(found.changes) == UNITS * ROWS * 2
    assert len(found.chosen) == UNITS

    start, used = perf_counter(), processor_time()
    for path in made.files:
        book = openpyxl.load_workbook(path, read_only=True)
        assert sum(1 for _row in book.worksheets[0].iter_rows(values_only=True)) >= ROWS
        book.close()
    plain, plain_cpu = perf_counter() - start, processor_time() - used

    start = perf_counter()
    done = collecting.apply_collection(city, found)
    writing = perf_counter() - start
    assert done.fields == UNITS * ROWS * 2
    assert len(city.all(ProgressReport, month=MONTH)) == UNITS * ROWS
    for name, seconds in (
        ("making", making), ("reading", reading), ("reading_cpu", reading_cpu), ("plain", plain),
        ("plain_cpu", plain_cpu), ("writing", writing),
    ):
        record_property(f"{name}_s", round(seconds, 2))
    # The whole, child and codes and comparison, against a loop that only lists the values.
    assert reading_cpu < plain_cpu * 1.5
