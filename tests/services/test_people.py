"""Posts, and the people who hold them for a time."""

from __future__ import annotations

from datetime import date

import pytest

from mbo_desktop.domain.offices import PostRole
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import offices, people, successions, unit_table
from mbo_desktop.services.unit_table import FieldEdit
from tests.services.conftest import Office


def test_a_successor_ends_the_former_tenure_the_day_before(office: Office) -> None:
    store, unit = office.store, office.units["柯城区"]
    post = people.add_post(
        store, unit, role=PostRole.PRINCIPAL, title="区长", holder="王建国", since=date(2018, 3, 1)
    )
    people.assign(store, post, name="李喆", since=date(2020, 2, 10))
    rows = people.tenures_of(store, post)
    assert [(row.person_name, row.since, row.until) for row in rows] == [
        ("李喆", date(2020, 2, 10), None),
        ("王建国", date(2018, 3, 1), date(2020, 2, 9)),
    ]
    assert people.principal_of(store, unit, on=date(2020, 2, 9)).name == "王建国"
    assert people.principal_of(store, unit, on=date(2020, 2, 10)).name == "李喆"
    assert people.principal_of(store, unit, on=date(2017, 1, 1)).name == ""
    assert offices.unit_row(store, unit).principal == "李喆"
    assert offices.unit_row(store, unit).principal_title == "区长"


def test_a_successor_cannot_come_before_the_former_did(office: Office) -> None:
    store = office.store
    post = people.add_post(
        store, office.units["柯城区"], role=PostRole.PRINCIPAL, holder="甲", since=date(2020, 1, 1)
    )
    with pytest.raises(InputError, match="起任日期"):
        people.assign(store, post, name="乙", since=date(2019, 1, 1))
    assert people.holder_of(store, post).name == "甲"
    assert people.count_people(store) == 1


def test_an_empty_post_and_its_end(office: Office) -> None:
    store, unit = office.store, office.units["柯城区"]
    post = people.add_post(store, unit, role=PostRole.LIAISON)
    (row,) = people.posts_of(store, unit)
    assert (row.title, row.person, row.person_name) == ("联络员", None, "")
    person = people.add_person(store, "单雄", phone="0570-1")
    people.assign(store, post, person=person)
    (tenure,) = people.tenures_of(store, post)
    people.end_tenure(store, tenure.id, until=date(2020, 3, 11))
    assert people.holder_of(store, post).name == ""
    with pytest.raises(NotAllowedError, match="1条任职"):
        people.delete_person(store, person)


def test_people_sort_by_pinyin_of_the_surname(office: Office) -> None:
    store = office.store
    for name in ("张三", "单雄", "欧阳锋", "曾国"):
        people.add_person(store, name)
    assert [row.name for row in people.people(store)] == ["欧阳锋", "单雄", "曾国", "张三"]
    assert [row.name for row in people.people(store, text="sx")] == ["单雄"]
    people.add_post(store, office.units["柯城区"], role=PostRole.HANDLER, holder="王芳")
    (row,) = people.people(store, text="王芳")
    assert row.posts == "柯城区 经办人"


def test_merging_dissolves_units_and_keeps_their_history(office: Office) -> None:
    store, units = office.store, office.units
    town = offices.add_unit(store, "石桥镇人民政府", superior=units["高新区"])
    successions.merge_units(
        store, [units["柯城区"], units["高新区"]], into=units["柯城区"],
        effective_on=date(2020, 3, 1), basis="示编〔2020〕3号",
    )
    present = [row.short_name for row in offices.children_of(store, office.root)]
    assert present == ["柯城区", "江山市", "市交委"]
    everyone = offices.children_of(store, office.root, with_dissolved=True)
    assert "高新区" in [row.short_name for row in everyone]
    assert offices.unit_row(store, town).superior == units["柯城区"]
    (row,) = successions.successions_of(store, units["高新区"])
    assert row.sentence == "2020-03-01 合并:柯城区人民政府、高新区管理委员会 → 柯城区人民政府"
    store.undo()
    assert len(offices.children_of(store, office.root)) == 4
    assert successions.successions(store) == ()


def test_splitting_makes_units_in_order(office: Office) -> None:
    store = office.store
    made = successions.split_unit(
        store, office.units["市交委"], new_names=["市公路局", "市港航局"], effective_on=date(2020, 3, 12)
    )
    shown = [row.name for row in offices.children_of(store, office.root)]
    assert shown[-2:] == ["市公路局", "市港航局"]
    assert [row.id for row in offices.children_of(store, office.root)][-2:] == list(made)
    assert "市交通委员会" not in shown
    with pytest.raises(InputError):
        successions.split_unit(
            store, office.units["柯城区"], new_names=["甲区"], effective_on=date(2020, 1, 1)
        )
    with pytest.raises(InputError, match="至少"):
        successions.merge_units(store, [office.units["柯城区"]], effective_on=date(2020, 1, 1))


def test_subordinates_of_merged_units_stand_one_after_another(office: Office) -> None:
    store = office.store
    first, second = (offices.add_unit(store, f"示例市{n}局", superior=office.root) for n in ("教育", "体育"))
    below = [
        [offices.add_unit(store, f"{name}{n}科", superior=unit) for n in (1, 2)]
        for name, unit in (("教育", first), ("体育", second))
    ]
    heir = successions.merge_units(
        store, [first, second], new_name="示例市教育体育局", effective_on=date(2020, 3, 1)
    )
    new = offices.add_unit(store, "综合科", superior=heir, before=below[1][0])
    rows = offices.children_of(store, heir)
    assert [row.id for row in rows] == [*below[0], new, *below[1]]


def test_a_subordinate_may_take_the_place_of_its_superior(office: Office) -> None:
    store = office.store
    bureau = offices.add_unit(store, "示例市商务局", superior=office.root)
    centre = offices.add_unit(store, "示例市招商中心", superior=bureau)
    team = offices.add_unit(store, "示例市招商一组", superior=bureau)
    successions.merge_units(store, [bureau, centre], into=centre, effective_on=date(2020, 3, 1))
    assert offices.unit_row(store, centre).superior == office.root
    assert [row.id for row in offices.children_of(store, centre)] == [team]


def test_blanks_that_spread_a_name_are_no_part_of_it(office: Office) -> None:
    store, unit = office.store, office.units["柯城区"]
    edits = [FieldEdit(unit, "principal", "王　伟"), FieldEdit(unit, "liaison", "买买提 艾力")]
    assert unit_table.write_units(store, edits, "x") == {}
    held = [people.holder_of(store, post.id).name for post in people.posts_of(store, unit)]
    assert held == ["王伟", "买买提 艾力"]
    people.add_person(store, "陈 晨")
    assert people.count_people(store, text="陈晨") == 1
