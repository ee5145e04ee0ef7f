"""Somebody leaves: what is carried, one action that moves it, history kept."""

from __future__ import annotations

from datetime import date

import pytest
from decomposed import Decomposed, decompose_county

from mbo_desktop.documents.model import Table
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import decomposition, handover, people, sealing, unit_table
from mbo_desktop.services.handover import CarriedRole
from mbo_desktop.store.database import Store

YEAR = 2020
DAY = date(2020, 6, 1)


@pytest.fixture
def made(office: object, store: Store) -> Decomposed:
    return decompose_county(store, office.units["柯城区"], YEAR)  # type: ignore[attr-defined]


def test_the_list_tells_every_branch_once_by_post(store: Store, made: Decomposed) -> None:
    found = handover.leaving(store, made.people["周航"], year=YEAR)
    assert [load.label for load in found.posts] == ["航埠镇 挂职干部", "柯城区 发改局干部"] or [
        load.label for load in found.posts
    ] == ["柯城区 发改局干部", "航埠镇 挂职干部"]
    by_post = {load.label: load for load in found.posts}
    county = by_post["柯城区 发改局干部"]
    assert [(one.title, one.roles) for one in county.nodes] == [
        ("工业投资", (CarriedRole.HANDLER,)), ("招商引资", (CarriedRole.HANDLER,)),
    ], "the child without people of its own is not told again"
    assert county.nodes[0].value == "52亿元"
    (town,) = by_post["航埠镇 挂职干部"].nodes
    assert (town.title, town.unit_label, town.allocation) == ("工业投资", "航埠镇", made.nodes["航埠"])
    assert found.count == 3
    assert county.sentence == "承担2项"


def test_a_node_of_the_list_is_found_in_the_tree(store: Store, made: Decomposed) -> None:
    for load in handover.leaving(store, made.people["周航"], year=YEAR).posts:
        for node in load.nodes:
            assert decomposition.path_to(store, YEAR, node.node)[-1] == node.node


def test_initials_nobody_has_are_no_successor(store: Store, made: Decomposed) -> None:
    with pytest.raises(InputError, match="zxx"):
        handover.hand_over(
            store, made.people["李敏"], {made.posts["柯城区 发改局局长"]: "zxx"}, year=YEAR, on=DAY)


def test_one_action_moves_everything_and_is_one_step(store: Store, made: Decomposed) -> None:
    leaver = made.people["李敏"]
    post = made.posts["柯城区 发改局局长"]
    done = handover.hand_over(store, leaver, {post: "赵新"}, year=YEAR, on=DAY)
    assert done.sentence == "已交接1个岗位、2项任务"
    assert people.holder_of(store, post, on=date(2020, 5, 31)).name == "李敏"
    assert people.holder_of(store, post, on=DAY).name == "赵新"
    assert handover.leaving(store, leaver, year=YEAR, on=DAY).posts == ()
    heir = people.holder_of(store, post, on=DAY).person
    assert heir is not None
    assert handover.leaving(store, heir, year=YEAR, on=DAY).count == 2
    store.undo()
    assert people.holder_of(store, post, on=DAY).name == "李敏"
    assert people.count_people(store, text="赵新") == 0


def test_somebody_in_two_units_hands_over_each_post_by_itself(
    store: Store, made: Decomposed
) -> None:
    leaver = made.people["周航"]
    here, there = made.posts["柯城区 发改局干部"], made.posts["航埠镇 挂职干部"]
    handover.hand_over(store, leaver, {there: ""}, year=YEAR, on=DAY)
    left = handover.leaving(store, leaver, year=YEAR, on=DAY)
    assert [load.post for load in left.posts] == [here]
    assert people.holder_of(store, there, on=DAY).name == ""
    done = handover.hand_over(store, leaver, {here: made.people["林一"]}, year=YEAR, on=DAY)
    assert done.vacant == ()
    assert {one.unit_name for one in people.posts_held_by(store, made.people["林一"])} == {
        "柯城区", "石梁镇",
    }


def test_an_empty_post_is_said(store: Store, made: Decomposed) -> None:
    post = made.posts["柯城区 发改局局长"]
    done = handover.hand_over(store, made.people["李敏"], {post: " "}, year=YEAR, on=DAY)
    assert done.sentence == "已交接1个岗位、2项任务;柯城区 发改局局长暂缺"


@pytest.mark.parametrize(("successors", "said"), [({}, "没有选定"), ("self", "就是离岗的人")])
def test_what_makes_no_sense_is_refused(
    store: Store, made: Decomposed, successors: object, said: str
) -> None:
    person, post = made.people["李敏"], made.posts["柯城区 发改局局长"]
    given = {post: person} if successors == "self" else {}
    with pytest.raises(InputError, match=said):
        handover.hand_over(store, person, given, year=YEAR, on=DAY)
    assert people.holder_of(store, post, on=DAY).name == "李敏"


def test_a_name_two_people_bear_must_be_chosen(store: Store, made: Decomposed) -> None:
    for _ in range(2):
        people.add_person(store, "孙平")
    post = made.posts["柯城区 发改局局长"]
    with pytest.raises(InputError, match="有2人叫“孙平”"):
        handover.hand_over(store, made.people["李敏"], {post: "孙平"}, year=YEAR, on=DAY)


def test_the_day_must_lie_after_the_beginning(store: Store, made: Decomposed) -> None:
    post = made.posts["柯城区 发改局局长"]
    people.assign(store, post, name="钱立", since=DAY)
    holder = people.holder_of(store, post, on=DAY).person
    assert holder is not None
    with pytest.raises(InputError, match="交接日期"):
        handover.hand_over(store, holder, {post: "赵新"}, year=YEAR, on=DAY)


def test_nodes_go_to_another_post(store: Store, made: Decomposed) -> None:
    here, there = made.posts["柯城区 发改局干部"], made.posts["柯城区 发改局局长"]
    assert handover.move_nodes(store, YEAR, here, there, [made.nodes["招商引资"]]) == 1
    assert store.get(Allocation, made.nodes["招商引资"]).handler == there
    assert store.get(Allocation, made.nodes["工业投资"]).handler == here
    assert handover.move_nodes(store, YEAR, here, there) == 1
    with pytest.raises(NotAllowedError):
        handover.move_nodes(store, YEAR, here, there)
    store.undo()
    assert store.get(Allocation, made.nodes["工业投资"]).handler == here


def test_a_sealed_year_keeps_its_people(store: Store, made: Decomposed) -> None:
    sealing.seal_year(store, YEAR)
    with pytest.raises(NotAllowedError):
        handover.move_nodes(
            store, YEAR, made.posts["柯城区 发改局干部"], made.posts["柯城区 发改局局长"]
        )


def test_a_principal_answers_for_the_unit(store: Store, made: Decomposed) -> None:
    (load,) = handover.leaving(store, made.people["王建国"], year=YEAR).posts
    assert load.sentence == "第一责任人,本单位目标2项"


def test_the_printed_list_names_every_branch(store: Store, made: Decomposed) -> None:
    document = handover.hand_over_document(store, made.people["周航"], year=YEAR, on=DAY)
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert len(table.rows) == 3
    assert "周航离岗交接清单" in document.name


def test_a_post_or_unit_with_tasks_is_not_deleted(store: Store, made: Decomposed) -> None:
    with pytest.raises(NotAllowedError, match="2项由它负责"):
        people.delete_post(store, made.posts["柯城区 发改局局长"])
    with pytest.raises(NotAllowedError, match="1项分解任务"):
        unit_table.delete_units(store, [made.units["石梁镇"]])
