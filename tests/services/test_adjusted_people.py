"""An approved change of the responsible person is offered to the decomposition and taken over."""

from __future__ import annotations

import pytest
from decomposed import Decomposed, decompose_county

from mbo_desktop.domain.adjustments import AdjustmentKind
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.services import (
    adjustment_people,
    adjustments,
    agreements,
    decomposition,
    handover,
    people,
    signing,
)
from mbo_desktop.services.adjustments import AdjustmentInput
from mbo_desktop.store.database import Store
from tests.services.test_adjustments import PAPER, SIGNED

YEAR = 2020


@pytest.fixture
def made(office: object, store: Store) -> Decomposed:
    found = decompose_county(store, office.units["柯城区"], YEAR)  # type: ignore[attr-defined]
    signing.sign_at_meeting(
        store, YEAR, on=SIGNED, agreements=agreements.make_agreements(store, YEAR).made
    )
    return found


def decide(store: Store, made: Decomposed, person: str, *names: str) -> tuple[int, ...]:
    said = adjustments.decide_by_issuer(store, [
        AdjustmentInput(
            made.indicators[name], made.units["柯城区"], AdjustmentKind.PERSON, person, reason="分工调整"
        )
        for name in names or ("工业投资",)
    ], PAPER)
    assert said.refused == ()
    return said.done


def test_it_is_offered_until_it_stands_there(store: Store, made: Decomposed) -> None:
    done = decide(store, made, "王建国")
    (one,) = adjustment_people.open_changes(store, done)
    assert (one.place, one.person, one.now) == ("柯城区 工业投资", "王建国", "李敏")
    assert adjustment_people.apply_people(store, done).sentence == "已写入目标分解1项。"
    root = store.get(Allocation, made.nodes["工业投资"])
    assert root.responsible == made.posts["柯城区 县长"]
    assert adjustment_people.open_changes(store, done) == ()
    row = decomposition.row(store, YEAR, made.indicators["工业投资"])
    assert row is not None
    assert row.responsible.label == "王建国(县长)"
    store.undo()
    assert store.get(Allocation, made.nodes["工业投资"]).responsible == made.posts["柯城区 发改局局长"]


def test_a_new_name_is_recorded_with_a_post(store: Store, made: Decomposed) -> None:
    done = decide(store, made, "何新(招商局局长)")
    adjustment_people.apply_people(store, done)
    post = store.get(Allocation, made.nodes["工业投资"]).responsible
    assert post is not None
    assert people.holder_of(store, post).name == "何新"
    person = people.holder_of(store, post).person
    assert person is not None
    assert handover.leaving(store, person, year=YEAR).count == 1


def test_the_same_person_is_not_offered(store: Store, made: Decomposed) -> None:
    done = decide(store, made, "李敏(发改局局长)")
    assert adjustment_people.open_changes(store, done) == ()


def test_an_unclear_name_is_refused_and_the_others_are_done(
    store: Store, made: Decomposed
) -> None:
    done = (*decide(store, made, "张三、李四", "工业投资"), *decide(store, made, "王建国", "招商引资"))
    said = adjustment_people.apply_people(store, done)
    assert said.done == 1
    assert len(said.refused) == 1
    assert said.refused[0].startswith("柯城区 工业投资:")


def test_an_undivided_target_gets_its_root(store: Store, made: Decomposed) -> None:
    with store.change("去掉分解") as change:
        for key in ("前期", "招商引资"):
            change.delete(made.nodes[key])
    done = decide(store, made, "王建国", "招商引资")
    (one,) = adjustment_people.open_changes(store, done)
    assert one.now == ""
    assert adjustment_people.apply_people(store, done).done == 1
    assert store.get(Allocation, made.nodes["招商引资"]).responsible == made.posts["柯城区 县长"]
