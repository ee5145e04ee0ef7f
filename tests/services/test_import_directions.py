"""Which way is better comes in with a ledger: from another year, the wording or the name."""

from __future__ import annotations

from mbo_desktop.domain.directions import DirectionBasis
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.results import Completion
from mbo_desktop.domain.targets import Direction
from mbo_desktop.services import importing, results, results_import
from mbo_desktop.services.importing import ImportPlan
from mbo_desktop.store.database import Store

LAST, NOW = 2019, 2020
RESULTS = (
    "指标\t柯城区目标\t柯城区完成\n"
    "化学需氧量排放量(吨)\t2989\t2930\n"
    "地区生产总值(亿元)\t61\t60"
)


def plan_of(store: Store, text: str, year: int) -> ImportPlan:
    (proposal,) = importing.read_pasted(store, "", text, year)
    return importing.plan_import(store, proposal, year)


def test_fewer_emissions_than_allowed_are_met(store: Store) -> None:
    (proposal,) = results_import.read_pasted(store, "", RESULTS, LAST).proposals
    plan = results_import.plan_results(store, proposal, LAST)
    told = [row.direction for row in plan.targets.rows]
    assert [one.direction for one in told] == [Direction.LOWER, Direction.HIGHER]
    assert told[0].basis is DirectionBasis.NAME
    results_import.apply_results(store, proposal, plan)
    found = {row.indicator_name: row.completion for row in results.rows(store, LAST)}
    assert found == {"化学需氧量排放量": Completion.EXCEEDED, "地区生产总值": Completion.NOT_MET}


def test_what_another_year_says_goes_before_the_name(store: Store) -> None:
    for year, direction in ((2017, Direction.HIGHER), (2018, Direction.LOWER)):
        (proposal,) = importing.read_pasted(store, "", "指标\t柯城区\n信访事项(件)\t9", year)
        plan = importing.plan_import(store, proposal, year, directions={1: direction})
        importing.apply_import(store, proposal, plan)
    (row,) = plan_of(store, "指标\t柯城区\n信访事项(件)\t8", NOW).rows
    assert (row.direction.direction, row.direction.basis) == (Direction.LOWER, DirectionBasis.OTHER_YEAR)
    (row,) = plan_of(store, "指标\t柯城区\n信访事项(起)\t8", NOW).rows
    assert row.direction.basis is DirectionBasis.USUAL, "another measure is another indicator"


def test_an_indicator_of_the_year_keeps_its_direction_until_another_is_chosen(store: Store) -> None:
    text = "指标\t柯城区\n违法用地面积(亩)\t9"
    (proposal,) = importing.read_pasted(store, "", text, NOW)
    importing.apply_import(store, proposal, importing.plan_import(store, proposal, NOW, directions={1: Direction.HIGHER}))
    (row,) = plan_of(store, text, NOW).rows
    assert (row.direction.direction, row.direction.basis) == (Direction.HIGHER, DirectionBasis.RECORD)
    assert row.action is importing.RowAction.SAME
    plan = importing.plan_import(store, proposal, NOW, directions={1: Direction.LOWER})
    assert plan.rows[0].action is importing.RowAction.CHANGED
    importing.apply_import(store, proposal, plan)
    (indicator,) = store.all(Indicator, year=NOW)
    assert indicator.direction is Direction.LOWER
