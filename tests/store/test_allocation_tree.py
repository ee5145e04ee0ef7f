"""The decomposition tree: what nodes take from above, branches that move, circles, speed of a branch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Post
from mbo_desktop.domain.planning import Target
from mbo_desktop.errors import InputError
from mbo_desktop.store import allocation_tree
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from tests.store.examples import new_unit, small_framework


def derived(store: Store, node: RecordId) -> dict[str, object]:
    """The derived columns of a node."""
    with store.read() as connection:
        row = raw(connection).execute(
            f"SELECT {', '.join(allocation_tree.DERIVED)} FROM allocation WHERE record = ?", (node,)
        ).fetchone()
    return dict(zip(allocation_tree.DERIVED, row, strict=True))


@pytest.fixture
def target(store: Store) -> RecordId:
    """A target of a unit."""
    unit, indicator, record = small_framework(store)
    with store.change("目标值") as change:
        change.put(Target(id=record, indicator=indicator, unit=unit))
    return record


def chain(store: Store, target: RecordId, length: int) -> list[RecordId]:
    """A root and nodes each below the one before."""
    with store.change("分解") as change:
        nodes = [change.named(Allocation, target)]
        change.put(Allocation(id=nodes[0], target=target))
        for _ in range(length - 1):
            nodes.append(change.new(Allocation))
            change.put(Allocation(id=nodes[-1], parent=nodes[-2], title="子项"))
    return nodes


def new_post(store: Store, unit: RecordId, title: str) -> RecordId:
    with store.change("职务") as change:
        post = change.new(Post)
        change.put(Post(id=post, unit=unit, title=title))
    return post


def test_nodes_take_from_above_what_they_do_not_state(store: Store, target: RecordId) -> None:
    root, middle, leaf = chain(store, target, 3)
    unit = store.get(Target, target).unit
    leader, handler = new_post(store, unit, "副县长"), new_post(store, unit, "科员")
    with store.change("责任") as change:
        change.put(replace(change.get(Allocation, root), leader=leader, handler=handler, due=date(2020, 6, 30)))
    assert derived(store, leaf) == {
        "in_target": target, "in_unit": unit, "in_leader": leader, "in_responsible": None,
        "in_handler": handler, "in_due": "2020-06-30", "depth": 2, "deleted": 0,
    }
    town = new_unit(store, "石梁镇")
    with store.change("单位") as change:
        change.put(replace(change.get(Allocation, middle), unit=town))
    found = derived(store, leaf)
    assert (found["in_unit"], found["in_leader"], found["in_handler"]) == (town, leader, None)
    assert store.undo() is not None
    assert derived(store, leaf)["in_handler"] == handler


def test_a_branch_of_5000_goes_and_comes_back_as_one_revision(store: Store, target: RecordId) -> None:
    root, top = chain(store, target, 2)
    with store.change("粘贴") as change:
        below = [change.new(Allocation) for _ in range(5000)]
        change.put_all(Allocation(id=one, parent=top, title="村") for one in below)
    with store.change("删除") as change:
        change.delete(top)
    assert derived(store, below[-1])["deleted"] == 1
    assert store.find(Allocation, below[0]) is None
    outcome = store.undo()
    assert outcome is not None and outcome.restored == 1
    assert derived(store, below[-1])["deleted"] == 0
    assert derived(store, root)["deleted"] == 0


def test_a_target_that_goes_takes_its_tree_along(store: Store, target: RecordId) -> None:
    _, leaf = chain(store, target, 2)
    with store.change("撤下") as change:
        change.delete(target)
    assert derived(store, leaf)["deleted"] == 1
    store.undo()
    assert derived(store, leaf)["deleted"] == 0


def test_a_node_never_comes_to_stand_below_itself(store: Store, target: RecordId) -> None:
    nodes = chain(store, target, 30)
    for above, below in ((nodes[3], nodes[3]), (nodes[3], nodes[29])):
        with pytest.raises(InputError, match="它自己"), store.change("移动") as change:
            change.put(replace(change.get(Allocation, above), parent=below))
    assert derived(store, nodes[29])["depth"] == 29


def test_a_node_whose_parent_is_not_here_is_kept_and_not_shown(store: Store, target: RecordId) -> None:
    """I17: it waits, flagged, until its parent arrives."""
    unit = store.get(Target, target).unit
    with store.change("收到") as change:
        node = change.new(Allocation)
        change.put(Allocation(id=node, parent=change.new(Allocation), unit=unit))
    assert derived(store, node)["deleted"] == 1
    assert derived(store, node)["in_target"] is None
