"""The rooms count targets differently on purpose: each number says what it counts, and they add up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.services import (
    offices,
    overview,
    planning_edits,
    planning_framework,
    planning_matrix,
    progress,
    session,
    target_counts,
)
from mbo_desktop.services.progress import Sought
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from ui.pages import planning_figures

YEAR = 2020


@pytest.fixture
def city(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    """Two counties with three targets and one that is N/A; the city's own figure of one indicator."""
    store = session.create_folder(tmp_path / "city", office_name="示例市人民政府目标办", year=YEAR)
    root = offices.root_unit(store)
    assert root is not None
    units = [offices.add_unit(store, name, superior=root) for name in ("甲县", "乙县")]
    for name, own, values in (("工业投资(亿元)", "98", ("52", "46")), ("社区卫生建成率", "", ("90%", "/"))):
        indicator = planning_framework.add_indicator(store, YEAR, name)
        for unit, text in zip((root, *units), (own, *values), strict=True):
            if text:
                planning_edits.set_cell(store, indicator, unit, TargetField.VALUE, text)
    yield store
    store.close()


def test_every_target_is_counted_in_one_place(city: Store) -> None:
    found = target_counts.counts(city, YEAR)
    assert (found.below, found.own, found.received, found.not_applicable) == (3, 1, 0, 1)
    figures = overview.figures(city, YEAR)
    assert figures.targets == found.below + found.own


def test_the_rooms_agree_on_what_the_units_carry(city: Store) -> None:
    found = target_counts.counts(city, YEAR)
    line = planning_figures.read(city, YEAR)
    assert f"目标 {found.below} 项" in line.line(None)
    assert line.explained == found.explained()
    listed = progress.month_ids(city, YEAR, Sought())
    idle = progress.month_ids(city, YEAR, Sought(forms=(TargetForm.NOT_APPLICABLE,)))
    assert (len(listed) - len(idle), len(idle)) == (found.below + found.received, found.not_applicable)
    units = [one.unit for one in planning_matrix.columns(city, YEAR, own=False)]
    totals = planning_matrix.unit_totals(city, YEAR, units).values()
    assert sum(one.not_applicable for one in totals) == found.not_applicable


def test_what_is_said_names_each_number_that_is_there(city: Store) -> None:
    said = target_counts.counts(city, YEAR).explained()
    assert [line.partition(" 项")[0].rpartition(" ")[2] for line in said.splitlines()] == ["3", "1", "1"]
    assert "上级下达" not in said
