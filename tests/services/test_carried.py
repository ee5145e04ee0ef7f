"""Who carries what: units, people, nodes; who and what has nothing."""

from __future__ import annotations

import pytest
from decomposed import Decomposed, decompose_county

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.services import carried, decomposition, offices, people
from mbo_desktop.services.carried import NOBODY_AT, CarrierKind, NodeNumbers
from mbo_desktop.services.people import PostRole
from mbo_desktop.store.database import Store

YEAR = 2020


@pytest.fixture
def made(office: object, store: Store) -> Decomposed:
    return decompose_county(store, office.units["柯城区"], YEAR)  # type: ignore[attr-defined]


def test_people_stand_below_their_units_with_counts(store: Store, made: Decomposed) -> None:
    found = carried.read_carriers(store, YEAR)
    root = offices.root_unit(store)
    assert found.child_ids(0) == [root]
    county = made.units["柯城区"]
    listed = found.child_ids(county)
    assert [found.rows[one].name for one in listed] == [
        "王建国", "李敏", "周航", "石梁镇", "航埠镇",
    ]
    row = found.rows[made.posts["柯城区 发改局局长"]]
    assert (row.responsible, row.handler, row.leader, row.total) == (2, 0, 0, 2)
    assert found.rows[made.posts["柯城区 县长"]].note == "第一责任人,本单位2项"
    assert found.rows[county].total == 2
    assert found.rows[made.units["石梁镇"]].total == 1, "a task from above counts for the unit"


def test_a_persons_nodes_lead_to_the_tree(store: Store, made: Decomposed) -> None:
    found = carried.read_carriers(store, YEAR)
    ids = found.child_ids(made.posts["石梁镇 经济办主任"])
    (row,) = found.read_rows(store, YEAR, ids).values()
    assert (row.kind, row.name, row.title) == (CarrierKind.NODE, "工业投资", "责任人")
    assert row.branch is not None
    assert row.branch.value == "30"
    assert decomposition.path_to(store, YEAR, row.node)[-1] == made.nodes["石梁"]


def test_who_has_nothing_is_told(store: Store, made: Decomposed) -> None:
    idle = people.add_post(
        store, made.units["石梁镇"], role=PostRole.HANDLER, title="干事", holder="吴闲"
    )
    found = carried.read_carriers(store, YEAR)
    assert found.rows[idle].is_idle
    assert "没有承担目标" in found.rows[idle].note
    empty = found.rows[offices.search_units(store, "江山")[0].id]
    assert empty.is_idle
    assert empty.note == "没有目标"
    assert found.figures.idle_people == 1
    assert found.figures.idle_units == 3
    hits = found.matching(only_idle=True).visible
    assert idle in hits
    assert made.posts["石梁镇 经济办主任"] not in hits


def test_somebody_in_two_units_is_not_idle_and_says_so(store: Store, made: Decomposed) -> None:
    found = carried.read_carriers(store, YEAR)
    row = found.rows[made.posts["航埠镇 挂职干部"]]
    assert row.note == "兼任柯城区发改局干部"
    assert row.total == 1


def test_a_vacant_post_with_tasks_is_open(store: Store, made: Decomposed) -> None:
    post = made.posts["石梁镇 经济办主任"]
    people.delete_tenure(store, people.tenures_of(store, post)[0].id)
    found = carried.read_carriers(store, YEAR)
    assert found.rows[post].name == "(空缺)"
    assert found.rows[post].note == "岗位空缺,1项无人负责"
    assert found.figures.vacant == 1


def test_targets_without_people_lie_with_nobody(store: Store, made: Decomposed) -> None:
    with store.change("再下达一项") as change:
        record = change.new(Indicator)
        change.put(Indicator(id=record, year=YEAR, name="安全生产"))
        change.put(Target(
            id=change.named(Target, record, made.units["柯城区"]), indicator=record,
            unit=made.units["柯城区"],
        ))
    found = carried.read_carriers(store, YEAR)
    row = found.rows[NOBODY_AT + made.units["柯城区"]]
    assert row.note == "1项没有责任人和经办人"
    (node,) = found.read_rows(store, YEAR, found.child_ids(row.id)).values()
    assert node.name == "安全生产"
    assert node.node == record, "the carrier target is shown by its indicator"
    assert found.figures.unassigned == 1


@pytest.mark.parametrize(("text", "hit"), [
    ("林一", "石梁镇 经济办主任"), ("ly", "石梁镇 经济办主任"), ("linyi", "石梁镇 经济办主任"),
    ("经济办", "石梁镇 经济办主任"), ("shiliang", "石梁镇 经济办主任"),
])
def test_names_pinyin_and_initials_find(
    store: Store, made: Decomposed, text: str, hit: str
) -> None:
    found = carried.read_carriers(store, YEAR).matching(text)
    assert made.posts[hit] in found.visible
    assert made.units["柯城区"] in found.visible, "the way down stays in sight"
    assert found.hits


def test_a_task_is_found_by_its_title_below_its_person(store: Store, made: Decomposed) -> None:
    carriers = carried.read_carriers(store, YEAR)
    found = carriers.matching("招商")
    assert found.hits == 2, "responsible person and handler"
    assert made.posts["石梁镇 经济办主任"] not in found.visible
    assert carriers.matching("没有这个").visible == frozenset()


def test_numbers_stay_over_readings(store: Store, made: Decomposed) -> None:
    numbers = NodeNumbers()
    post = made.posts["柯城区 发改局局长"]
    first = carried.read_carriers(store, YEAR, numbers=numbers).child_ids(post)
    again = carried.read_carriers(store, YEAR, numbers=numbers).child_ids(post)
    assert first == again
    assert len(set(first)) == 2


def test_a_branch_below_with_the_same_person_is_told_once(
    store: Store, made: Decomposed
) -> None:
    found = carried.read_carriers(store, YEAR)
    ids = found.child_ids(made.posts["柯城区 发改局干部"])
    names = [row.name for row in found.read_rows(store, YEAR, ids).values()]
    assert names == ["工业投资", "招商引资"], "前期项目 inherits the handler"
    assert RecordId(0) not in ids
