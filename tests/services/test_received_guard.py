"""A county with received data: nothing of the superior's is typed over, nothing doubled, self-scores go up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from offices_exchanging import (
    YEAR,
    begin_below,
    level,
    make_city,
    received_targets,
    report,
    send_down,
    send_up,
    take_in,
    unit_named,
)

from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.assessment import AssessmentStep, GivenScore, Scheme, ScoreKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import (
    given_scores,
    offices,
    planning_edits,
    planning_framework,
    planning_matrix,
    procedure,
    receiving,
    scheme_items,
    schemes,
    scores,
    signing,
)
from mbo_desktop.services.indicator_fields import IndicatorField
from mbo_desktop.services.planning_edits import CellEdit, GridColumn
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store


@pytest.fixture
def city(tmp_path: Path) -> Store:
    with make_city(tmp_path / "city", ["甲县", "乙县"], 3) as store:
        schemes.make_scheme(store, YEAR, schemes.schemes(store, YEAR)[0].peer_group)
        yield store  # type: ignore[misc]


@pytest.fixture
def county(city: Store, tmp_path: Path) -> Store:
    path = send_down(city, "甲县", tmp_path / "u")
    with begin_below(tmp_path / "county", path) as store:
        yield store  # type: ignore[misc]


def own_unit(store: Store) -> RecordId:
    root = offices.root_unit(store)
    assert root is not None
    return root


def _edits(store: Store) -> dict[str, Callable[[], object]]:
    """Every way in which a clerk could change what the superior sent."""
    first, second = received_targets(store)[:2]
    root, head = own_unit(store), first.indicator
    (scheme,), (paper,) = store.all(Scheme, year=YEAR), store.all(Agreement, year=YEAR)
    value = GridColumn(TargetField.VALUE, root)
    return {
        "cell": lambda: planning_edits.set_cell(store, head, root, TargetField.VALUE, "99"),
        "block": lambda: planning_edits.apply_edits(
            store, [CellEdit(head, value, "98"), CellEdit(second.indicator, value, "97")]
        ),
        "clear": lambda: planning_edits.clear(store, [head], [value]),
        "remove": lambda: planning_edits.remove_targets(store, [head], [root]),
        "counting": lambda: planning_edits.set_cell(store, head, root, TargetField.POINTS, "3"),
        "name": lambda: planning_framework.set_indicator_field(store, head, IndicatorField.NAME, "新名称"),
        "order": lambda: planning_framework.shift_indicator(store, second.indicator, -1),
        "indicator": lambda: planning_framework.delete_indicators(store, [head], with_targets=True),
        "item": lambda: scheme_items.remove_item(store, scheme.id, head),
        "scheme": lambda: schemes.delete_scheme(store, scheme.id),
        "procedure": lambda: procedure.set_due(store, scheme.id, AssessmentStep.SELF, date(YEAR, 12, 1)),
        "agreement": lambda: signing.withdraw(store, paper.id, reason="写错"),
    }


@pytest.mark.parametrize("which", [
    "cell", "block", "clear", "remove", "counting", "name", "order", "indicator", "item", "scheme", "procedure",
    "agreement",
])
def test_what_the_superior_sent_is_not_typed_over(county: Store, which: str) -> None:
    before, targets = county.change_count, received_targets(county)
    with pytest.raises(NotAllowedError) as caught:
        _edits(county)[which]()
    assert "上级" in caught.value.what
    assert "未改动" in str(caught.value), "what became of the data"
    assert caught.value.todo
    assert (county.change_count, received_targets(county)) == (before, targets)


def test_a_received_cell_holds_one_target(county: Store) -> None:
    root = own_unit(county)
    first = received_targets(county)[0]
    with county.change("找") as change:
        assert change.named(Target, first.indicator, root) == first.id
    assert planning_matrix.unit_totals(county, YEAR, [root])[root].allotted == 3


def test_the_citys_indicator_goes_on_to_a_township_as_an_own_target(county: Store) -> None:
    """The cell of another unit is free: the county allots the indicator to its townships itself."""
    root, head = own_unit(county), received_targets(county)[0].indicator
    offices.add_units_from_list(county, "东镇人民政府", superior=root)
    town = unit_named(county, "东镇")
    planning_edits.set_cell(county, head, town, TargetField.VALUE, "4")
    assert [one.value.counted.amount for one in county.all(Target, unit=town) if one.value] == [Decimal(4)]
    planning_edits.set_cell(county, head, town, TargetField.VALUE, "5")
    assert [one.value.counted.amount for one in county.all(Target, unit=town) if one.value] == [Decimal(5)]
    assert received_targets(county)[0].value == level(10)


def test_a_county_scores_itself_and_the_city_sees_it_beside_its_own(
    city: Store, county: Store, tmp_path: Path
) -> None:
    (scheme,) = county.all(Scheme, year=YEAR)
    (row,) = schemes.schemes(county, YEAR)
    assert (row.units, row.items) == (1, 3), "the own government is who is scored"
    (line,) = scores.board(county, scheme.id).units
    root = own_unit(county)
    assert line.unit == root
    first = received_targets(county)[0]
    given_scores.set_points(county, scheme.id, root, first.indicator, ScoreKind.SELF, "1.5", "自评")
    take_in(city, send_up(county, tmp_path / "up"))
    (given,) = city.all(GivenScore)
    unit = unit_named(city, "甲县")
    assert (given.unit, given.kind, given.points) == (unit, ScoreKind.SELF, Decimal("1.5"))


def test_what_the_county_says_of_itself_counts_over_what_was_typed_for_it(
    city: Store, county: Store, tmp_path: Path
) -> None:
    (scheme,) = city.all(Scheme, year=YEAR)
    unit, head = unit_named(city, "甲县"), city.all(Target)[0].indicator
    given_scores.set_points(city, scheme.id, unit, head, ScoreKind.SELF, "1", "代录")
    root, (theirs,) = own_unit(county), county.all(Scheme, year=YEAR)
    head_there = next(one for one in received_targets(county) if one.value == level(10)).indicator
    given_scores.set_points(county, theirs.id, root, head_there, ScoreKind.SELF, "2", "自评")
    assert _self_points(city, scheme.id, unit, head) == Decimal(1)
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "up"))
    assert _self_points(city, scheme.id, unit, head) == Decimal(2)
    package = _last_report(city)
    receiving.withdraw(city, package, "误导入")
    assert _self_points(city, scheme.id, unit, head) == Decimal(1)


def _self_points(store: Store, scheme: RecordId, unit: RecordId, head: RecordId) -> Decimal | None:
    board = scores.board(store, scheme)
    (cell,) = [one for where, one in board.unit(unit).items.items() if where == head]
    return cell.self_points


def _last_report(store: Store) -> str:
    from mbo_desktop.services import issuing

    return next(row.package for row in issuing.register(store) if row.can_withdraw)
