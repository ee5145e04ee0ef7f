"""The shape of the tree: adding, moving, deleting, copying, targets from above."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from mbo_desktop.domain.agreements import Agreement, AnnexRow, Snapshot
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.domain.registers import Source, SourceKind, SourceLink
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.errors import InputError, NotAllowedError, ProgramError
from mbo_desktop.services import (
    decomposition,
    decomposition_structure,
    people,
    planning_framework,
)
from mbo_desktop.services.decomposition_structure import DEEPEST
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office
from tests.services.decomposed_office import Tree, children, shown


@pytest.fixture
def tree(office: Office) -> Tree:
    return Tree(office)


@pytest.fixture
def county(tree: Tree) -> int:
    """The row of 江山市's target."""
    return tree.target[tree.units["江山市"]]


def add(store: Store, parent: int) -> int:
    return decomposition_structure.add_child(store, YEAR, parent)


def titled(store: Store, node: int, title: str) -> int:
    with store.change("命名") as change:
        change.put(replace(change.get(Allocation, RecordId(node)), title=title))
    return node


def revisions(store: Store) -> int:
    with store.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM revision").scalar_one())


def test_children_and_siblings_come_where_they_are_asked_for(tree: Tree, county: int) -> None:
    store = tree.store
    first = add(store, county)
    second = add(store, county)
    between = decomposition_structure.add_sibling(store, YEAR, first)
    assert children(store, county) == [first, between, second]
    assert shown(store, first).title == "招商引资" and shown(store, first).title_inherited
    own = add(store, tree.indicator)
    assert children(store, tree.indicator)[-1] == own
    store.undo()
    assert shown(store, tree.indicator).child_count == 2


def test_what_cannot_have_children_says_why(tree: Tree) -> None:
    store = tree.store
    bare = planning_framework.add_indicator(store, YEAR, "安全生产")
    for node in (tree.category, bare):
        with pytest.raises(NotAllowedError):
            add(store, node)
    with pytest.raises(NotAllowedError):
        decomposition_structure.add_sibling(store, YEAR, tree.indicator)
    with pytest.raises(ProgramError):
        add(store, 123_456_789)


def test_a_child_takes_back_that_nothing_is_divided(tree: Tree, county: int) -> None:
    root = tree.root(tree.units["江山市"], undivided="由市本级直接承担")
    add(tree.store, county)
    assert tree.store.get(Allocation, root).undivided == ""


def test_moving_is_one_revision_and_keeps_what_the_branch_took_from_above(
    tree: Tree, county: int
) -> None:
    store = tree.store
    root = tree.root(tree.units["江山市"])
    top = tree.node(root, title="工业项目", unit_of_measure="万元")
    inner = tree.node(top, value=read_target("3", unit="万元"))
    for number in range(30):
        tree.node(inner, title=f"村{number}")
    other = tree.node(root, title="农业项目")
    before = revisions(store)
    decomposition_structure.move(store, YEAR, [inner], other)
    assert revisions(store) == before + 1
    row = shown(store, inner)
    assert (row.title, row.unit_of_measure, row.value) == ("工业项目", "万元", "3")
    assert children(store, other) == [inner] and children(store, top) == []
    store.undo()
    assert children(store, top) == [inner] and shown(store, inner).title_inherited
    decomposition_structure.move(store, YEAR, [other], county, before=top)
    assert children(store, county) == [other, top]
    decomposition_structure.move(store, YEAR, [other, top], tree.indicator)
    assert children(store, tree.indicator)[-2:] == [other, top]


def test_a_branch_cannot_go_below_itself_nor_targets_anywhere(tree: Tree, county: int) -> None:
    store = tree.store
    top = tree.node(tree.root(tree.units["江山市"]), title="甲")
    leaf = tree.node(top, title="乙")
    for place in (top, leaf):
        with pytest.raises(NotAllowedError, match="自己"):
            decomposition_structure.move(store, YEAR, [top], place)
    for node in (county, tree.indicator, tree.category):
        with pytest.raises(NotAllowedError, match="目标体系"):
            decomposition_structure.move(store, YEAR, [node], top)
        with pytest.raises(NotAllowedError, match="目标体系"):
            decomposition_structure.remove(store, YEAR, [node])


def test_deleting_is_one_tombstone(tree: Tree, county: int) -> None:
    store = tree.store
    top = tree.node(tree.root(tree.units["江山市"]), title="甲")
    leaf = tree.node(top, title="乙")
    before = revisions(store)
    question = decomposition_structure.removal_question(store, YEAR, [leaf, top])
    assert "“甲”" in question and "其下的1项" in question
    assert decomposition_structure.remove(store, YEAR, [leaf, top]) == 2
    assert revisions(store) == before + 1 and children(store, county) == []
    store.undo()
    assert children(store, county) == [top] and children(store, top) == [leaf]


def test_what_stands_in_an_issued_agreement_is_not_deleted(tree: Tree) -> None:
    store, unit = tree.store, tree.units["柯城区"]
    node = tree.node(tree.root(tree.own), title="引进项目", unit=unit)
    with store.change("印发") as change:
        record = change.named(Agreement, YEAR, unit)
        row = AnnexRow(1, "", "引进项目", "个", "", "3", "", None, "", "")
        snapshot = Snapshot(
            taken_on=date(YEAR, 3, 1), title="柯城区责任书", issuer="甲", party="乙",
            issuer_signatory="", party_signatory="", clauses=(), rows=(row,), total_points=None,
        )
        change.put(Agreement(id=record, year=YEAR, unit=unit, snapshot=snapshot))
    with pytest.raises(NotAllowedError, match="柯城区责任书"):
        decomposition_structure.remove(store, YEAR, [node])
    other = tree.node(tree.root(tree.own), title="别的", unit=unit)
    assert decomposition_structure.remove(store, YEAR, [other]) == 1


def test_a_branch_is_copied_beside_itself_for_other_units(tree: Tree) -> None:
    store, county, other = tree.store, tree.units["江山市"], tree.units["柯城区"]
    post = people.add_post(store, county, role=PostRole.HANDLER, title="科员", holder="赵立")
    root = tree.root(tree.own)
    top = tree.node(root, title="项目", unit=county, value=read_target("5"), handler=post)
    tree.node(top, title="落地", due=date(YEAR, 6, 30))
    last = tree.node(root, title="末")
    assert decomposition_structure.copy_branch(store, YEAR, top, [other, county]) == 4
    rows = [shown(store, one) for one in children(store, tree.indicator)[-4:]]
    assert [row.unit for row in rows[:3]] == [county, other, county] and rows[3].id == last
    assert (rows[1].value, rows[1].handler, rows[1].child_count) == ("", decomposition.NOBODY, 1)
    assert rows[2].handler.post == post
    copied = shown(store, children(store, rows[1].id)[0])
    assert (copied.title, copied.due, copied.unit) == ("落地", date(YEAR, 6, 30), other)
    decomposition_structure.copy_branch(store, YEAR, top, [other], with_values=True)
    assert shown(store, children(store, tree.indicator)[3]).amount == 5


def test_what_stands_below_a_target_is_copied_below_other_targets(tree: Tree, county: int) -> None:
    store, other = tree.store, tree.units["柯城区"]
    with pytest.raises(NotAllowedError, match="还没有分解"):
        decomposition_structure.copy_branch(store, YEAR, county, [other])
    top = tree.node(tree.root(tree.units["江山市"]), title="项目")
    tree.node(top, title="落地")
    assert decomposition_structure.copy_branch(store, YEAR, county, [other]) == 2
    assert [shown(store, one).title for one in children(store, tree.target[other])] == ["项目"]
    with pytest.raises(InputError, match="高新区"):
        decomposition_structure.copy_branch(store, YEAR, county, [tree.units["高新区"]])


def test_targets_from_above_are_typed_in(tree: Tree) -> None:
    store = tree.store
    node = decomposition_structure.add_superior_target(
        store, YEAR, name="造林面积(亩)", value_text="3000", category=tree.category,
        due=date(YEAR, 11, 30), points=Decimal(3),
    )
    row = shown(store, node)
    assert (row.title, row.amount, row.unit, row.unit_of_measure, row.points) == (
        "造林面积", Decimal(3000), tree.own, "亩", Decimal(3)
    )
    assert children(store, tree.category)[-1] == node and row.due == date(YEAR, 11, 30)
    for name in ("造林面积", "  "):
        with pytest.raises(InputError):
            decomposition_structure.add_superior_target(store, YEAR, name=name)
    bare = planning_framework.add_indicator(store, YEAR, "安全生产")
    with store.change("来源") as change:
        source = change.new(Source)
        change.put(Source(id=source, year=YEAR, kind=SourceKind.DOCUMENT, name="省责任书"))
    node = decomposition_structure.add_superior_target(
        store, YEAR, name="安全生产", source_item=source, note="省下达", value_text="不超过10人"
    )
    row = shown(store, node)
    assert (node, row.value) == (bare, "不超过10人")
    assert [link.origin for link in store.all(SourceLink, subject=row.target)] == [source]
    planning_framework.add_indicator(store, YEAR, "用电量(万千瓦时)")
    with pytest.raises(InputError, match="计量单位"):
        decomposition_structure.add_superior_target(store, YEAR, name="用电量(亿元)")


def test_thirty_levels_and_no_end_of_them(tree: Tree, county: int) -> None:
    store = tree.store
    node = county
    for number in range(30):
        node = titled(store, add(store, node), f"第{number}层")
    assert len(decomposition.path_to(store, YEAR, node)) == 33
    assert shown(store, node).unit == tree.units["江山市"]
    while len(decomposition.path_to(store, YEAR, node)) <= DEEPEST:
        node = add(store, node)
    with pytest.raises(NotAllowedError, match=f"{DEEPEST}层"):
        add(store, node)


def test_five_thousand_children_under_one_parent(tree: Tree, county: int) -> None:
    store = tree.store
    root = tree.root(tree.units["江山市"])
    with store.change("村") as change:
        change.put_all(
            Allocation(
                id=change.new(Allocation), parent=root, ord=f"V{number:04d}1", title=f"村{number}",
                value=read_target("0.01", unit="亿元"),
            )
            for number in range(5000)
        )
    assert shown(store, county).child_count == 5000 and shown(store, county).rest == ""
    listed = children(store, county)
    decomposition_structure.move(store, YEAR, [listed[-1]], county, before=listed[0])
    assert children(store, county)[0] == listed[-1]
    assert len(decomposition.rows(store, YEAR, listed)) == 5000


def test_what_reports_rest_on_is_not_deleted(tree: Tree, county: int) -> None:
    store = tree.store
    top = tree.node(tree.root(tree.units["江山市"]), title="甲")
    leaf = tree.node(top, title="乙")
    with store.change("来源") as change:
        source = change.new(Source)
        change.put(Source(id=source, year=YEAR, kind=SourceKind.DOCUMENT, name="政府工作报告"))
        change.put(SourceLink(
            id=change.named(SourceLink, source, leaf), origin=source, subject=leaf
        ))
    with pytest.raises(NotAllowedError, match="1条任务来源"):
        decomposition_structure.remove(store, YEAR, [top])
    assert children(store, county) == [top]
