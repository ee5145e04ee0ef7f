"""Last year's indicator under another name, and a direction that the name of a typed indicator speaks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mbo_desktop.domain.directions import DirectionBasis
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.targets import Direction
from mbo_desktop.errors import InputError
from mbo_desktop.services import (
    continued_indicators,
    indicator_directions,
    planning_edits,
    planning_framework,
    sealing,
    session,
)
from mbo_desktop.services.indicator_fields import IndicatorField
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office

LAST = YEAR - 1


@pytest.fixture
def two_years(store: Store) -> Store:
    session.open_year(store, LAST)
    for name in ("工业投资(亿元)", "公园绿地面积(公顷)", "城市道路(公里)"):
        planning_framework.add_indicator(store, LAST, name)
    return store


def named(store: Store, year: int, name: str) -> Indicator:
    return next(one for one in store.all(Indicator, year=year) if one.name == name)


def test_by_name_as_stated_and_by_name_again(two_years: Store) -> None:
    store = two_years
    same = planning_framework.add_indicator(store, YEAR, "工业投资(亿元)")
    found = continued_indicators.continued(store, same)
    assert ([one.name for one in found.earlier], found.is_stated) == (["工业投资"], False)
    green = planning_framework.add_indicator(store, YEAR, "新增绿地(公顷)")
    assert continued_indicators.continued(store, green).earlier == ()
    earlier = [named(store, LAST, name).id for name in ("公园绿地面积", "城市道路")]
    continued_indicators.set_continues(store, green, [*earlier, earlier[0]])
    found = continued_indicators.continued(store, green)
    assert ([one.id for one in found.earlier], found.is_stated) == (earlier, True)
    store.undo()
    assert not continued_indicators.continued(store, green).is_stated


def test_only_earlier_years_are_offered_and_taken(two_years: Store) -> None:
    store = two_years
    one = planning_framework.add_indicator(store, YEAR, "新增绿地(公顷)")
    other = planning_framework.add_indicator(store, YEAR, "工业投资(亿元)")
    assert {row.year for row in continued_indicators.choices(store, one)} == {LAST}
    assert len(continued_indicators.choices(store, one)) == 3
    with pytest.raises(InputError, match="不早于2020年度"):
        continued_indicators.set_continues(store, one, [other])
    with pytest.raises(InputError, match="不早于2020年度"):
        continued_indicators.set_continues(store, one, [one])
    sealing.seal_year(store, YEAR, reason="年度结束")
    with pytest.raises(Exception, match="已封存"):
        continued_indicators.set_continues(store, one, [])


@pytest.mark.parametrize(("name", "direction", "expected"), [
    ("化学需氧量排放量(吨)", Direction.HIGHER, (Direction.LOWER, DirectionBasis.NAME)),
    ("化学需氧量排放量(吨)", Direction.LOWER, None),
    ("工业投资(亿元)", Direction.HIGHER, None),
    ("工业投资(亿元)", Direction.LOWER, None),
])
def test_a_typed_name_speaks_for_a_direction(store: Store, name: str, direction: Direction, expected) -> None:
    made = planning_framework.add_indicator(store, YEAR, "新指标", direction=direction)
    assert indicator_directions.proposal(store, made) is None
    planning_framework.set_indicator_field(store, made, IndicatorField.NAME, name)
    found = indicator_directions.proposal(store, made)
    assert (None if found is None else (found.direction, found.basis)) == expected


def test_wording_and_other_years_speak_too(two_years: Store, office: Office) -> None:
    store = two_years
    made = planning_framework.add_indicator(store, YEAR, "审批时限(天)")
    planning_edits.set_cell(store, made, office.units["柯城区"], TargetField.VALUE, "不高于6")
    found = indicator_directions.proposal(store, made)
    assert found is not None and (found.direction, found.basis) == (Direction.LOWER, DirectionBasis.FORM)
    with store.change("上年方向") as change:
        old = change.get(Indicator, named(store, LAST, "工业投资").id)
        change.put(replace(old, direction=Direction.LOWER))
    same = planning_framework.add_indicator(store, YEAR, "工业投资(亿元)")
    found = indicator_directions.proposal(store, same)
    assert found is not None and (found.direction, found.basis) == (Direction.LOWER, DirectionBasis.OTHER_YEAR)
