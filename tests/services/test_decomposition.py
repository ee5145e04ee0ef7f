"""The decomposition tree as it is read: levels, what a row shows, the way to a node, filters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.services import (
    decomposition,
    people,
    planning_edits,
    planning_framework,
    progress_entry,
)
from mbo_desktop.services.decomposition import NO_CATEGORY, BranchFilter, BranchKind
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.services.target_cells import TargetField
from tests.services.conftest import YEAR, Office
from tests.services.decomposed_office import Tree, children, shown


@pytest.fixture
def tree(office: Office) -> Tree:
    return Tree(office)


def test_the_levels_go_from_categories_to_allocations(tree: Tree) -> None:
    store = tree.store
    bare = planning_framework.add_indicator(store, YEAR, "安全生产")
    tops = children(store, 0)
    assert tops[-1] == NO_CATEGORY and tree.category in tops
    assert children(store, NO_CATEGORY) == [bare]
    assert children(store, tree.category) == [tree.indicator]
    counties = [tree.target[tree.units["柯城区"]], tree.target[tree.units["江山市"]]]
    assert children(store, tree.indicator) == counties
    root = tree.root(tree.own)
    first = tree.node(root, title="工业项目")
    assert children(store, tree.indicator) == [*counties, first]
    assert children(store, first) == []
    assert decomposition.child_ids(store, YEAR, tree.indicator, limit=1)[0] == counties[0]
    row = shown(store, tree.category)
    assert (row.kind, row.title, row.child_count) == (BranchKind.CATEGORY, "其他工作", 1)
    assert shown(store, NO_CATEGORY).title == "未分类"


def test_an_indicator_stands_for_the_own_target_or_the_only_one(tree: Tree) -> None:
    row = shown(tree.store, tree.indicator)
    assert (row.kind, row.target, row.value, row.unit) == (
        BranchKind.INDICATOR, tree.target[tree.own], "100", tree.own
    )
    assert (row.child_count, row.points, row.allocation) == (2, Decimal(10), None)
    single = planning_framework.add_indicator(tree.store, YEAR, "绿化造林(亩)")
    assert shown(tree.store, single).target is None
    planning_edits.set_cell(tree.store, single, tree.units["江山市"], TargetField.VALUE, "300")
    row = shown(tree.store, single)
    assert (row.unit_label, row.amount, row.child_count) == ("江山市", Decimal(300), 0)
    planning_edits.set_cell(tree.store, single, tree.units["柯城区"], TargetField.VALUE, "200")
    row = shown(tree.store, single)
    assert (row.target, row.child_count, row.form) == (None, 2, None)


def test_nodes_show_what_they_inherit(tree: Tree) -> None:
    store, county = tree.store, tree.units["江山市"]
    boss = people.add_post(store, county, role=PostRole.PRINCIPAL, title="市长", holder="王五")
    clerk = people.add_post(store, county, role=PostRole.HANDLER, title="科员")
    root = tree.root(county, responsible=boss, handler=clerk, due=date(YEAR, 6, 30))
    top = tree.node(root, title="工业项目", value=read_target("20000", unit="万元"), unit_of_measure="万元")
    leaf = tree.node(top, supporting=(tree.units["柯城区"],))
    row = shown(store, leaf)
    assert (row.title, row.title_inherited, row.unit_of_measure, row.measure_inherited) == (
        "工业项目", True, "万元", True
    )
    assert (row.unit, row.unit_inherited, row.due, row.due_inherited) == (
        county, True, date(YEAR, 6, 30), True
    )
    assert (row.responsible.label, row.responsible.inherited) == ("王五(市长)", True)
    assert (row.handler.label, row.handler.vacant) == ("科员(空缺)", True)
    assert row.supporting == ((tree.units["柯城区"], "柯城区"),) and row.principal == "王五"
    row = shown(store, top)
    assert (row.value, row.form, row.child_count) == ("20,000", TargetForm.LEVEL, 1)
    other = tree.node(top, unit=tree.units["柯城区"])
    assert shown(store, other).responsible == decomposition.NOBODY
    row = shown(store, tree.target[county])
    assert (row.title, row.value, row.child_count, row.allocation) == ("江山市", "50", 1, root)
    assert not row.responsible.inherited


def test_the_way_to_a_node(tree: Tree) -> None:
    store, county = tree.store, tree.units["江山市"]
    root = tree.root(county)
    top = tree.node(root, title="甲")
    leaf = tree.node(top, title="乙")
    target = tree.target[county]
    assert decomposition.path_to(store, YEAR, leaf) == [tree.category, tree.indicator, target, top, leaf]
    assert decomposition.path_to(store, YEAR, root) == [tree.category, tree.indicator, target]
    assert decomposition.path_to(store, YEAR, tree.target[tree.own]) == [tree.category, tree.indicator]
    own = tree.node(tree.root(tree.own), title="丙")
    assert decomposition.path_to(store, YEAR, own) == [tree.category, tree.indicator, own]
    assert decomposition.path_to(store, YEAR, tree.category) == [tree.category]
    assert decomposition.path_to(store, YEAR - 1, leaf) == []
    with store.change("删") as change:
        change.delete(top)
    assert decomposition.path_to(store, YEAR, leaf) == []
    assert decomposition.rows(store, YEAR, [leaf, top]) == {}


def test_filters_find_nodes_with_what_stands_above(tree: Tree) -> None:
    store, county = tree.store, tree.units["江山市"]
    post = people.add_post(store, county, role=PostRole.HANDLER, title="科员", holder="赵立")
    top = tree.node(tree.root(county), title="工业项目", due=date(YEAR, 2, 1))
    leaf = tree.node(top, title="签约", handler=post, responsible=post)

    def found(**parts: object) -> decomposition.Matching:
        return decomposition.matching(store, YEAR, BranchFilter(**parts))  # type: ignore[arg-type]

    target = tree.target[county]
    assert found(text="gyxm").hits == {top}
    assert found(text="gyxm").visible == {tree.category, tree.indicator, target, top}
    assert found(text="招商").hits == {tree.indicator}
    assert found(text="赵立").hits == {leaf} and found(text="zl").hits == {leaf}
    assert found(unit=county).hits == {target, top, leaf}
    assert found(unit=tree.own).hits >= {target, top, leaf, tree.indicator}
    assert found(post_ids=(post,)).hits == {leaf}
    assert found(only_late=True).hits == {top, leaf}
    assert leaf not in found(only_unassigned=True).hits and top in found(only_unassigned=True).hits
    assert found(category=NO_CATEGORY).hits == frozenset()
    assert found(category=tree.category, text="签约").hits == {leaf}
    assert found(nodes=frozenset({leaf})).hits == {leaf}
    assert BranchFilter().is_empty and not BranchFilter(text="a").is_empty


def test_a_target_that_was_reached_in_time_is_not_late(tree: Tree) -> None:
    store, county = tree.store, tree.units["江山市"]
    target = tree.target[county]
    planning_edits.set_cell(store, tree.indicator, county, TargetField.DUE, f"{YEAR}-02-01")
    late = BranchFilter(only_late=True, today=date(YEAR, 4, 1))
    assert target in decomposition.matching(store, YEAR, late).hits
    for month, amount in ((2, "20"), (3, "50")):
        progress_entry.write_cells(store, YEAR, month, [ReportEdit(target, ReportField.AMOUNT, amount)])
        reached = target not in decomposition.matching(store, YEAR, late).hits
        assert reached is (amount == "50")
    in_february = replace(late, today=date(YEAR, 2, 20))
    assert target in decomposition.matching(store, YEAR, in_february).hits, "only what was known by then"


def test_a_changed_amount_asks_for_a_new_division(tree: Tree) -> None:
    county = tree.units["江山市"]
    root = tree.root(county, divided_at=Decimal(50))
    tree.node(root, title="甲")
    assert not shown(tree.store, tree.target[county]).redivide
    planning_edits.set_cell(tree.store, tree.indicator, county, TargetField.VALUE, "55")
    assert shown(tree.store, tree.target[county]).redivide
    with tree.store.change("确认") as change:
        change.put(replace(change.get(Allocation, root), divided_at=Decimal(55)))
    assert not shown(tree.store, tree.target[county]).redivide


def test_a_row_says_what_is_left_to_split(tree: Tree) -> None:
    store, county = tree.store, tree.units["江山市"]
    row = shown(store, tree.indicator)
    assert row.rest == "加压10%"
    root = tree.root(county)
    tree.node(root, title="甲", value=read_target("20", unit="亿元"))
    tree.node(root, title="乙", value=read_target("150000万元", unit="万元"))
    assert shown(store, tree.target[county]).rest == "还差15亿元"
    assert shown(store, tree.target[tree.units["柯城区"]]).rest == ""
    tree.node(root, title="到位率", value=read_target("80%", unit="%"))
    assert shown(store, tree.target[county]).rest == "还差15亿元"


def test_the_figures_of_the_tree(tree: Tree) -> None:
    store, county = tree.store, tree.units["江山市"]
    assert decomposition.counts(store, YEAR) == decomposition.TreeCounts(1, 3, 0, 0, 3, 0)
    clerk = people.add_post(store, county, role=PostRole.HANDLER, title="科员")
    top = tree.node(tree.root(county), title="甲")
    tree.node(top, title="乙", handler=clerk)
    tree.node(top, title="丙")
    tree.root(tree.own, handler=clerk)
    assert decomposition.counts(store, YEAR) == decomposition.TreeCounts(1, 3, 1, 3, 4, 2)
    planning_edits.set_cell(store, tree.indicator, tree.units["柯城区"], TargetField.VALUE, "/")
    assert decomposition.counts(store, YEAR).targets == 2
    assert decomposition.counts(store, YEAR - 1).indicators == 0
