"""Targets to pick for an inspection; who was looked at how often; a sample drawn again for the same visit."""

from __future__ import annotations

from mbo_desktop.domain.inspections import InspectionWay
from mbo_desktop.services import inspection_objects, inspections, leader_attention
from tests.services.conftest import YEAR, Office
from tests.services.test_progress_entry import Reported


def test_targets_are_found_by_initials_and_kept_in_order(office: Office) -> None:
    one, two = Reported(office), Reported(office, "新增就业(人)", "40")
    found = inspection_objects.find_targets(office.store, YEAR, "gytz")
    assert [(row.id, row.unit_label, row.title) for row in found] == [(one.subject, "柯城区", "工业投资")]
    rows = inspection_objects.targets(office.store, (two.subject, one.subject))
    assert [row.id for row in rows] == [two.subject, one.subject]


def test_who_was_looked_at(office: Office) -> None:
    target = Reported(office)
    store = office.store
    (row,) = inspection_objects.looked_at(store, YEAR)
    assert (row.label, row.targets, row.visits, row.word) == ("柯城区", 1, 0, "无人过问")
    leader_attention.add(store, YEAR, "王副市长", "用地", subject=target.subject)
    (row,) = inspection_objects.looked_at(store, YEAR)
    assert (row.attentions, row.word) == (1, "")
    for number in range(inspection_objects.TOO_OFTEN + 1):
        inspections.plan(store, YEAR, f"第{number}次", units=(target.unit,))
    (row,) = inspection_objects.looked_at(store, YEAR)
    assert (row.visits, row.word) == (5, "受查偏多")


def test_the_same_visit_draws_the_same_sample_again(office: Office) -> None:
    for number in range(8):
        Reported(office, f"指标{number}(亿元)", "40")
    visit = inspections.plan(office.store, YEAR, "抽样", way=InspectionWay.SAMPLING)
    first = inspections.draw_sample(office.store, YEAR, 3, 7, by="", besides=visit)
    inspections.keep_sample(office.store, visit, first, by="")
    again = inspections.draw_sample(office.store, YEAR, 3, 7, by="", besides=visit)
    assert [one.member.key for one in again.drawn] == [one.member.key for one in first.drawn]
    other = inspections.draw_sample(office.store, YEAR, 3, 7, by="")
    assert not {one.member.key for one in other.drawn} & {one.member.key for one in first.drawn}
