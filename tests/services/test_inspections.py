"""Inspections: samples, findings whose values flow on, deviations to a case, leaders' attention."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain.accountability import AccountabilityCase, CaseEffect, CaseState, Shortcoming
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import (
    Finding,
    FindingKind,
    Inspection,
    InspectionState,
    InspectionWay,
)
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.errors import FileReadError, InputError, NotAllowedError
from mbo_desktop.services import (
    accountability,
    dockets,
    inspections,
    leader_attention,
    planning_edits,
    successions,
)
from mbo_desktop.services.target_cells import TargetField
from tests.services.conftest import YEAR, Office
from tests.services.test_progress_entry import Reported

D = Decimal


@pytest.fixture
def target(office: Office) -> Reported:
    return Reported(office)


@pytest.fixture
def visit(target: Reported) -> RecordId:
    return inspections.plan(target.store, YEAR, "6月抽样检查", way=InspectionWay.SAMPLING, month=6)


def test_a_verified_value_goes_to_the_months_progress(target: Reported, visit: RecordId) -> None:
    target.type(6, "60")
    said = inspections.add_finding(
        target.store, visit, target.unit, subject=target.subject, verified=D(54), text="查阅发票"
    )
    assert (said.reported, said.difference) == (D(60), "比上报数少6")
    row = target.at(6)
    assert (row.counted, row.counted_kind) == ("54", FigureKind.VERIFIED)
    assert target.store.get(Finding, said.finding).kind is FindingKind.DEVIATION
    target.type(6, "54")
    (line,) = inspections.findings(target.store, YEAR)
    assert line.reported == D(60), "what was reported then stays with the finding"


def test_two_verified_values_are_asked_about(target: Reported, visit: RecordId) -> None:
    facts = {"subject": target.subject, "text": "实地"}
    first = inspections.add_finding(target.store, visit, target.unit, verified=D(54), **facts)
    with pytest.raises(NotAllowedError, match="已有核实数54"):
        inspections.add_finding(target.store, visit, target.unit, verified=D(50), **facts)
    inspections.add_finding(
        target.store, visit, target.unit, verified=D(50), replace_verified=True, **facts
    )
    assert target.at(6).counted == "50"
    inspections.remove_finding(target.store, first.finding)
    assert target.at(6).counted == "50"


def test_a_finding_says_something_and_a_deduction_its_reason(target: Reported, visit: RecordId) -> None:
    for facts in (
        {}, {"verified": D(1)}, {"text": "扣分", "deduction": D(1)},
    ):
        with pytest.raises(InputError):
            inspections.add_finding(target.store, visit, target.unit, **facts)  # type: ignore[arg-type]
    valued = inspections.add_finding(
        target.store, visit, target.unit, subject=target.subject, verified=D(1)
    )
    docket = dockets.from_finding(target.store, valued.finding)
    assert dockets.rows(target.store, [docket])[docket].line.title == "工业投资:未报,核实1"
    made = inspections.add_finding(target.store, visit, target.unit, text="好")
    with pytest.raises(NotAllowedError, match="不能直接改"):
        inspections.change_finding(target.store, made.finding, verified=D(2))


def test_a_sample_is_drawn_kept_and_avoided_next_time(office: Office) -> None:
    for number in range(8):
        one = Reported(office, f"指标{number}(亿元)", "40")
        planning_edits.set_cell(office.store, one.row, office.units["江山市"], TargetField.VALUE, "30")
    visit = inspections.plan(office.store, YEAR, "抽样", way=InspectionWay.SAMPLING)
    found = inspections.draw_sample(office.store, YEAR, 6, 2020, by="unit")
    assert [(name, given) for name, _, given in found.shares] == [("柯城区", 3), ("江山市", 3)] or \
        sorted((name, given) for name, _, given in found.shares) == [("柯城区", 3), ("江山市", 3)]
    inspections.keep_sample(office.store, visit, found, by="unit")
    kept = office.store.get(Inspection, visit)
    assert kept.sample is not None
    assert len(kept.subjects) == 6
    assert kept.sample.population == found.population
    again = inspections.draw_sample(office.store, YEAR, 6, 2020, by="unit")
    drawn = {one.member.key for one in again.drawn}
    assert not drawn & set(kept.subjects)
    assert inspections.visits(office.store, YEAR) == {
        office.units["柯城区"]: 1, office.units["江山市"]: 1,
    }
    with pytest.raises(InputError, match="范围内只有16个"):
        inspections.draw_sample(office.store, YEAR, 17, 1)


def test_a_merged_unit_is_not_inspected(office: Office) -> None:
    old = office.units["高新区"]
    successions.merge_units(
        office.store, [old], into=office.units["柯城区"], effective_on=date(2020, 1, 1)
    )
    with pytest.raises(InputError, match="撤并"):
        inspections.plan(office.store, YEAR, "检查", units=(old,), planned_from=date(2020, 3, 20))


def test_the_log_counts_and_states(target: Reported, visit: RecordId) -> None:
    inspections.add_finding(
        target.store, visit, target.unit, text="台账不全", rectify_until=date(2020, 3, 31)
    )
    (line,) = inspections.log(target.store, YEAR)
    assert (line.findings, line.unsettled) == (1, 1)
    with pytest.raises(NotAllowedError, match="已有1条发现"):
        inspections.delete(target.store, visit)
    with pytest.raises(InputError, match="原因"):
        inspections.set_state(target.store, visit, InspectionState.CANCELLED)
    inspections.set_state(target.store, visit, InspectionState.DONE)
    with pytest.raises(NotAllowedError, match="只能补充结论"):
        inspections.change_facts(target.store, visit, title="改名")
    inspections.change_facts(target.store, visit, conclusion="总体属实")
    (finding,) = inspections.findings(target.store, YEAR, only_open=True)
    docket = dockets.from_finding(target.store, finding.id)
    assert dockets.rows(target.store, [docket])[docket].line.title == "台账不全"
    inspections.rectified(target.store, finding.id, "已补齐")
    assert inspections.findings(target.store, YEAR, only_open=True) == ()


@pytest.mark.parametrize("content", [b"", None])
def test_photos_that_are_none(target: Reported, visit: RecordId, tmp_path: Path, content: bytes | None) -> None:
    made = inspections.add_finding(target.store, visit, target.unit, text="现场")
    path = tmp_path / "现场.jpg"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileReadError):
        inspections.add_photos(target.store, made.finding, [path])


def test_a_photo_above_the_limit_is_refused(
    target: Reported, visit: RecordId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspections, "PHOTO_LIMIT", 10)
    made = inspections.add_finding(target.store, visit, target.unit, text="现场")
    small, large = tmp_path / "小.jpg", tmp_path / "大.jpg"
    small.write_bytes(b"123")
    large.write_bytes(b"12345678901")
    with pytest.raises(FileReadError, match="大"):
        inspections.add_photos(target.store, made.finding, [small, large])
    assert target.store.get(Finding, made.finding).photos == ()
    assert inspections.add_photos(target.store, made.finding, [small, small]) >= 1


def test_deviations_lead_to_a_case_in_one_step(target: Reported, visit: RecordId) -> None:
    target.type(6, "60")
    made = inspections.add_finding(
        target.store, visit, target.unit, subject=target.subject, verified=D(40), text="虚报产值"
    )
    (offender,) = inspections.offenders(target.store, YEAR)
    assert (offender.label, offender.is_repeated) == ("柯城区", False)
    case = accountability.from_finding(target.store, made.finding)
    found = target.store.get(AccountabilityCase, case)
    assert (found.kind, found.unit) == ("弄虚作假", target.unit)
    assert "上报60,核实40" in found.facts
    with pytest.raises(NotAllowedError, match="已立案“6月抽样检查"):
        accountability.from_finding(target.store, made.finding)
    accountability.change_facts(target.store, case, readers=("陈志远",))
    with pytest.raises(NotAllowedError, match="已立案。"):
        accountability.from_finding(target.store, made.finding)


def test_a_case_goes_to_its_end_and_only_readers_see_it(office: Office) -> None:
    store = office.store
    case = accountability.open_case(store, YEAR, "擅自设立审批事项", kind="擅自设立审批事项", readers=("陈志远",))
    open_one = accountability.open_case(store, YEAR, "四乱", unit=office.units["市交委"])
    assert [row.case.id for row in accountability.cases(store, YEAR)] == [open_one]
    numbers = accountability.statistics(store, YEAR)
    assert (numbers.total, numbers.hidden, sum(numbers.by_month)) == (2, 1, 2)
    with pytest.raises(NotAllowedError, match="知情范围"):
        accountability.add_step(store, case, "调阅档案")
    accountability.add_step(store, open_one, "实地了解")
    with pytest.raises(NotAllowedError, match="还没有认定结论"):
        accountability.decide_effect(store, open_one, CaseEffect(D(2), decided_by="常务会议"))
    with pytest.raises(NotAllowedError, match="不能结案"):
        accountability.close(store, open_one)
    accountability.conclude(store, open_one, "属实", ("通报批评",))
    accountability.decide_effect(store, open_one, CaseEffect(D(2), decided_by="常务会议"))
    accountability.change_facts(store, open_one, shortcomings=(Shortcoming("乱收费"),))
    with pytest.raises(NotAllowedError, match="没有整改"):
        accountability.close(store, open_one)
    accountability.change_facts(
        store, open_one, shortcomings=(Shortcoming("乱收费", done_on=date(2020, 3, 12)),)
    )
    accountability.close(store, open_one)
    assert store.get(AccountabilityCase, open_one).state is CaseState.CLOSED
    with pytest.raises(InputError):
        accountability.reopen(store, open_one, " ")


def test_what_leaders_took_up_and_whom_nobody_looked_at(target: Reported) -> None:
    store = target.store
    assert [line.label for line in leader_attention.unlooked(store, YEAR)] == ["柯城区"]
    made = leader_attention.add(store, YEAR, "王副市长", "现场研究用地", subject=target.subject)
    assert leader_attention.unlooked(store, YEAR) == ()
    (line,) = leader_attention.lines(store, YEAR)
    assert (line.unit_label, line.title, line.followed_on) == ("柯城区", "工业投资", None)
    leader_attention.followed(store, made, "用地已批")
    with pytest.raises(InputError):
        leader_attention.add(store, YEAR, "王副市长", "明天的事", day=date(2020, 3, 13))
