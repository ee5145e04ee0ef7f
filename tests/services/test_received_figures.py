"""Outside figures that came from the superior: its place in the province is not the county's."""

from __future__ import annotations

from pathlib import Path

import pytest
from offices_exchanging import YEAR, begin_below, make_city, received_targets, send_down

from mbo_desktop.domain.blanks import BlankKind
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.services import blanks, comparison, outside_figures, planning_checks
from mbo_desktop.services.outside_figures import OutsideColumn, OutsideField
from mbo_desktop.store.database import Store

_FIGURES = {
    OutsideField.OWN: "2900", OutsideField.PROVINCE_TARGET: "3000", OutsideField.PROVINCE_AVERAGE: "12",
    OutsideField.RANK: "3/11",
}


@pytest.fixture
def county(tmp_path: Path) -> Store:
    with make_city(tmp_path / "city", ["甲县", "乙县"], 2) as city:
        head = next(one.id for one in city.all(Indicator, year=YEAR) if one.name == "指标1")
        for field, text in _FIGURES.items():
            outside_figures.set_figure(city, head, OutsideColumn(field, str(YEAR)), text)
        path = send_down(city, "甲县", tmp_path / "u")
        with begin_below(tmp_path / "county", path) as store:
            yield store  # type: ignore[misc]


def test_the_provinces_target_for_the_city_is_not_held_against_the_county(county: Store) -> None:
    row = next(one for one in comparison.rows(county, YEAR, years=1) if one.name == "指标1")
    assert (row.own, row.province_target, row.rank, row.target_gap) == ("10", "", "", None)
    assert row.province_average == "12", "the average is the same for all"
    assert [one for one in blanks.all_blanks(county, YEAR).blanks if one.kind is BlankKind.PROVINCE] == []
    assert [one for one in planning_checks.findings(county, YEAR) if "省定目标" in one.text] == []


def test_the_countys_own_figure_goes_before_the_received_one(county: Store) -> None:
    head = received_targets(county)[0].indicator
    outside_figures.set_figure(county, head, OutsideColumn(OutsideField.RANK, str(YEAR)), "2/9")
    outside_figures.set_figure(county, head, OutsideColumn(OutsideField.PROVINCE_TARGET, str(YEAR)), "11")
    row = next(one for one in comparison.rows(county, YEAR, years=1) if one.name == "指标1")
    assert (row.province_target, "2" in row.rank, row.is_behind) == ("11", True, True)
