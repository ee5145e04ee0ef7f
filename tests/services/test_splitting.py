"""Splitting an amount over what stands below: exact sums, locks, units, rates, what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbo_desktop.domain.agreements import Agreement, Snapshot
from mbo_desktop.domain.allocations import Allocation, PlanBasis, PlanPeriod
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    decomposition_plans,
    planning_edits,
    planning_framework,
    splitting,
)
from mbo_desktop.services.decomposition_edits import write_field
from mbo_desktop.services.splitting import SplitPreview, SplitRule
from mbo_desktop.services.target_cells import TargetField
from tests.services.conftest import YEAR, Office
from tests.services.decomposed_office import Tree, shown


@pytest.fixture
def tree(office: Office) -> Tree:
    return Tree(office)


@pytest.fixture
def county(tree: Tree) -> int:
    """The row of 江山市's target: 50亿元."""
    return tree.target[tree.units["江山市"]]


def nodes(tree: Tree, *fields: dict[str, object]) -> list[RecordId]:
    root = tree.root(tree.units["江山市"])
    return [tree.node(root, title=f"第{n}项", **one) for n, one in enumerate(fields)]


def preview(tree: Tree, node: int, rule: SplitRule = SplitRule.EVEN, **more: object) -> SplitPreview:
    return splitting.split_preview(tree.store, YEAR, node, rule, **more)  # type: ignore[arg-type]


def news(found: SplitPreview) -> list[Decimal | None]:
    return [part.new for part in found.parts]


def test_an_even_split_adds_up_exactly_and_is_noted(tree: Tree, county: int) -> None:
    made = nodes(tree, {}, {}, {})
    found = preview(tree, county)
    assert news(found) == [Decimal("16.67"), Decimal("16.67"), Decimal("16.66")]
    assert (found.given, found.rest, found.words, found.can_apply) == (Decimal(50), 0, "", True)
    assert splitting.apply_split(tree.store, YEAR, found) == 3
    assert [shown(tree.store, one).value for one in made] == ["16.67", "16.67", "16.66"]
    root = tree.store.get(Allocation, shown(tree.store, county).allocation or RecordId(0))
    assert root.divided_at == 50
    assert tree.store.undo().label == "拆分目标" and shown(tree.store, made[0]).value == ""


def test_locked_ones_stay_and_typed_ones_too(tree: Tree, county: int) -> None:
    made = nodes(tree, {"locked": True, "value": read_target("20", unit="亿元")}, {}, {})
    found = preview(tree, county, typed={made[1]: Decimal(5)})
    assert news(found) == [Decimal(20), Decimal(5), Decimal(25)]
    assert [part.why_locked for part in found.parts] == ["已锁定", "已填写", ""]
    splitting.apply_split(tree.store, YEAR, found)
    assert shown(tree.store, made[1]).amount == 5
    found = preview(tree, county, locked={made[0]: False, made[1]: True})
    splitting.apply_split(tree.store, YEAR, found, locks={made[0]: False, made[1]: True})
    rows = [shown(tree.store, one) for one in made]
    assert [(row.amount, row.locked) for row in rows] == [
        (Decimal("22.5"), False), (5, True), (Decimal("22.5"), False)
    ]
    with pytest.raises(InputError, match="超过总数"):
        preview(tree, county, typed={made[1]: Decimal(60)})


def test_by_last_year_weight_and_share(tree: Tree, county: int) -> None:
    made = nodes(
        tree, {"last_year": Decimal(10), "weight": Decimal(1), "share": Decimal(60)},
        {"last_year": Decimal(30), "weight": Decimal(3), "share": Decimal(20)},
    )
    assert news(preview(tree, county, SplitRule.LAST_YEAR)) == [Decimal("12.5"), Decimal("37.5")]
    assert news(preview(tree, county, SplitRule.WEIGHT, weights={made[0]: Decimal(2)})) == [20, 30]
    found = preview(tree, county, SplitRule.SHARE)
    assert news(found) == [30, 10] and found.words == "还差10亿元"
    with pytest.raises(InputError, match="超过100%"):
        preview(tree, county, SplitRule.SHARE, shares={made[0]: Decimal(90)})
    with pytest.raises(InputError, match="负数"):
        preview(tree, county, SplitRule.WEIGHT, weights={made[0]: Decimal(-1)})
    found = preview(tree, county, SplitRule.WEIGHT, weights={made[0]: Decimal(2)})
    splitting.apply_split(tree.store, YEAR, found)
    assert tree.store.get(Allocation, made[0]).weight == 2


def test_pressure_is_shown_not_forbidden(tree: Tree, county: int) -> None:
    nodes(tree, {}, {})
    found = preview(tree, county, pressure=Decimal(10))
    assert (news(found), found.words, found.surplus_percent) == ([Decimal("27.5")] * 2, "加压10%", 10)
    splitting.apply_split(tree.store, YEAR, found)
    assert not shown(tree.store, county).redivide and shown(tree.store, county).rest == "加压10%"


def test_units_are_converted_exactly(tree: Tree, county: int) -> None:
    made = nodes(tree, {"unit_of_measure": "万元"}, {})
    found = preview(tree, county)
    assert news(found) == [250000, 25] and found.given == 50
    splitting.apply_split(tree.store, YEAR, found)
    assert shown(tree.store, made[0]).value == "250,000"
    made = nodes(tree, {"unit_of_measure": "个"})
    with pytest.raises(InputError, match="不能换算"):
        preview(tree, county)


def test_hectares_and_mu(tree: Tree) -> None:
    store, unit = tree.store, tree.units["柯城区"]
    row = planning_framework.add_indicator(store, YEAR, "造林面积(公顷)")
    planning_edits.set_cell(store, row, unit, TargetField.VALUE, "100")
    first = tree_child(tree, row)
    write_field(store, YEAR, first, "unit_of_measure", "亩")
    tree_child(tree, row)
    found = preview(tree, row, decimals=2)
    assert news(found) == [750, 50] and found.words == ""


def tree_child(tree: Tree, parent: int) -> int:
    from mbo_desktop.services.decomposition_structure import add_child

    return add_child(tree.store, YEAR, parent)


def test_rates_are_passed_on_and_ranks_not_split(tree: Tree) -> None:
    store, unit = tree.store, tree.units["柯城区"]
    rate = planning_framework.add_indicator(store, YEAR, "城镇化率(%)")
    planning_edits.set_cell(store, rate, unit, TargetField.VALUE, "58.3")
    child = tree_child(tree, rate)
    found = preview(tree, rate)
    assert not found.additive and news(found) == [Decimal("58.3")] and "同一水平" in found.reason_not
    splitting.apply_split(store, YEAR, found)
    assert shown(store, child).value == "58.3" and shown(store, rate).rest == ""
    growth = planning_framework.add_indicator(store, YEAR, "工业增加值(亿元)")
    planning_edits.set_cell(store, growth, unit, TargetField.VALUE, "增长9%")
    child = tree_child(tree, growth)
    splitting.apply_split(store, YEAR, preview(tree, growth))
    assert (shown(store, child).form, shown(store, child).value) == (TargetForm.GROWTH, "增长9%")
    assert not preview(tree, growth).can_apply
    rank = planning_framework.add_indicator(store, YEAR, "综合考核")
    planning_edits.set_cell(store, rank, unit, TargetField.VALUE, "前3名")
    tree_child(tree, rank)
    with pytest.raises(NotAllowedError, match="位次"):
        splitting.apply_split(store, YEAR, preview(tree, rank))


def test_a_cap_is_split_and_exceeding_it_told(tree: Tree) -> None:
    store, unit = tree.store, tree.units["柯城区"]
    cap = planning_framework.add_indicator(store, YEAR, "二氧化硫排放量(吨)")
    planning_edits.set_cell(store, cap, unit, TargetField.VALUE, "控制在90以内")
    made = [tree_child(tree, cap), tree_child(tree, cap)]
    splitting.apply_split(store, YEAR, preview(tree, cap))
    assert [shown(store, one).form for one in made] == [TargetForm.AT_MOST] * 2
    write_field(store, YEAR, made[0], "value", "不高于50吨")
    assert shown(store, cap).rest == "超出控制数5吨"


def test_an_indicator_goes_over_the_targets_that_are_still_open(tree: Tree) -> None:
    store, signed = tree.store, tree.units["柯城区"]
    with store.change("印发") as change:
        snapshot = Snapshot(
            taken_on=date(YEAR, 3, 1), title="责任书", issuer="甲", party="乙", issuer_signatory="",
            party_signatory="", clauses=(), rows=(), total_points=None,
        )
        change.put(Agreement(
            id=change.named(Agreement, YEAR, signed), year=YEAR, unit=signed, snapshot=snapshot
        ))
    found = preview(tree, tree.indicator)
    assert news(found) == [60, 40] and found.parts[0].why_locked == "责任书已印发"
    splitting.apply_split(store, YEAR, found)
    assert shown(store, tree.target[tree.units["江山市"]]).amount == 40
    assert shown(store, tree.target[signed]).amount == 60
    with store.change("印发") as change:
        other = tree.units["江山市"]
        change.put(Agreement(
            id=change.named(Agreement, YEAR, other), year=YEAR, unit=other, snapshot=snapshot
        ))
    found = preview(tree, tree.indicator)
    assert news(found) == [60, 40] and "目标调整" in found.reason_not and not found.can_apply
    with pytest.raises(NotAllowedError, match="目标调整"):
        splitting.apply_split(store, YEAR, found)


def test_what_changed_meanwhile_is_not_overwritten(tree: Tree, county: int) -> None:
    made = nodes(tree, {}, {})
    found = preview(tree, county)
    write_field(tree.store, YEAR, made[0], "value", "7")
    with pytest.raises(NotAllowedError, match="重新预览"):
        splitting.apply_split(tree.store, YEAR, found)
    found = preview(tree, county)
    write_field(tree.store, YEAR, county, "value", "70")
    with pytest.raises(NotAllowedError, match="重新预览"):
        splitting.apply_split(tree.store, YEAR, found)


def test_texts_and_not_applicable_are_left_alone(tree: Tree, county: int) -> None:
    nodes(tree, {"value": read_target("做好协调")}, {"value": read_target("/")}, {})
    found = preview(tree, county)
    assert [part.why_locked for part in found.parts] == ["文字目标", ""]
    assert news(found) == [None, 50]


def test_nothing_to_split(tree: Tree, county: int) -> None:
    with pytest.raises(InputError, match="没有下级"):
        preview(tree, county)
    made = nodes(tree, {})
    leaf = tree.node(made[0], title="乙")
    with pytest.raises(InputError, match="没有目标数"):
        preview(tree, made[0])
    found = preview(tree, made[0], total=Decimal(10))
    splitting.apply_split(tree.store, YEAR, found)
    assert shown(tree.store, leaf).amount == 10 and not shown(tree.store, made[0]).redivide


def test_a_division_is_confirmed_for_the_new_amount(tree: Tree, county: int) -> None:
    store = tree.store
    with pytest.raises(NotAllowedError):
        splitting.confirm_division(store, YEAR, county)
    nodes(tree, {}, {})
    splitting.apply_split(store, YEAR, preview(tree, county))
    write_field(store, YEAR, county, "value", "60")
    assert shown(store, county).redivide
    splitting.confirm_division(store, YEAR, county)
    assert not shown(store, county).redivide


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    total=st.decimals(Decimal("0.01"), Decimal(100000), places=2),
    weights=st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any),
)
def test_any_split_adds_up(tree: Tree, total: Decimal, weights: list[int]) -> None:
    root = tree.root(tree.units["江山市"])
    top = tree.node(root, title="顶")
    made = [tree.node(top, title="项") for _ in weights]
    found = preview(
        tree, top, SplitRule.WEIGHT, total=total,
        weights=dict(zip(made, map(Decimal, weights), strict=True)),
    )
    assert sum((part.new or Decimal(0) for part in found.parts), Decimal(0)) == total


def test_plans_of_a_node(tree: Tree, county: int) -> None:
    store = tree.store
    made = nodes(tree, {"value": read_target("40", unit="亿元"), "due": date(YEAR, 9, 30)})
    sheet = decomposition_plans.plan_preview(
        store, YEAR, made[0], PlanBasis.PRO_RATA, PlanPeriod.QUARTER
    )
    assert sheet.plan is not None and sheet.cumulative
    assert sheet.plan.amounts == (Decimal("13.33"), Decimal("26.67"), 40, 40) and sheet.problems == ()
    decomposition_plans.apply_plan(store, YEAR, made[0], sheet.plan)
    assert shown(store, made[0]).plan_text.startswith("序时按季")
    quarters = PlanBasis.TYPED, PlanPeriod.QUARTER
    falling = decomposition_plans.plan_preview(store, YEAR, made[0], *quarters, typed=["10", "5", "", "40"])
    assert len(falling.problems) == 1 and "少于" in falling.problems[0]
    decomposition_plans.apply_plan(store, YEAR, made[0], falling.plan)
    with pytest.raises(InputError, match="第2季度"):
        decomposition_plans.plan_preview(store, YEAR, made[0], *quarters, typed=["1", "多", "", "40"])
    refused = decomposition_plans.plan_many(store, YEAR, [county, made[0]], PlanPeriod.MONTH)
    assert refused == {} and len(decomposition_plans.plan_sheet(store, YEAR, county).problems) == 1
    decomposition_plans.set_milestones(store, YEAR, made[0], [("开工", "6月底前", ""), ("", None, "")])
    sheet = decomposition_plans.plan_sheet(store, YEAR, made[0])
    assert [one.due for one in sheet.milestones] == [date(YEAR, 6, 30)]
    decomposition_plans.apply_plan(store, YEAR, made[0], None)
    assert shown(store, made[0]).plan_text == "" and shown(store, made[0]).milestones == 1


def test_last_years_rhythm(tree: Tree) -> None:
    made = nodes(tree, {"value": read_target("40", unit="亿元")})
    sheet = decomposition_plans.plan_preview(
        tree.store, YEAR, made[0], PlanBasis.LAST_YEAR, PlanPeriod.QUARTER,
        last_year=[Decimal(2), Decimal(8), Decimal(12), Decimal(20)],
    )
    assert sheet.plan is not None and sheet.plan.amounts == (4, 16, 24, 40)
    with pytest.raises(InputError):
        decomposition_plans.plan_preview(
            tree.store, YEAR, made[0], PlanBasis.LAST_YEAR, PlanPeriod.QUARTER
        )
