"""自下而上、上下结合: proposals and counter-proposals side by side until agreed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rounds import ProposalState, RoundSide
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    agreements,
    importing,
    planning_edits,
    planning_framework,
    planning_matrix,
    round_import,
    round_talks,
    rounds,
    sealing,
    signing,
)
from mbo_desktop.services.round_talks import TalkState
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.spreadsheets.proposal import Proposal
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office

UNIT, OFFICE = RoundSide.UNIT, RoundSide.OFFICE


class Talk:
    """工业投资 and 公共绿地 of 柯城区 and 江山市, spoken of in rounds."""

    def __init__(self, office: Office) -> None:
        self.office, self.store = office, office.store
        self.row = planning_framework.add_indicator(self.store, YEAR, "工业投资(亿元)")
        self.green = planning_framework.add_indicator(self.store, YEAR, "公共绿地(公顷)")
        self.type("柯城区", TargetField.LAST_YEAR, "45")

    def type(self, unit: str, field: TargetField, text: str) -> None:
        planning_edits.set_cell(self.store, self.row, self.office.units[unit], field, text)

    def propose(self, record: RecordId, unit: str, text: str, **more: str) -> RecordId:
        return rounds.propose(
            self.store, record, self.row, self.office.units[unit], text, **more  # type: ignore[arg-type]
        )

    def value(self, unit: str) -> str:
        return planning_matrix.cell(self.store, self.row, self.office.units[unit]).value

    def pasted(self, first: str = "50", second: str = "30") -> Proposal:
        text = f"指标名称\t计量单位\t柯城区\t江山市\n工业投资\t亿元\t{first}\t{second}\n公共绿地\t公顷\t3\t/\n"
        (proposal,) = importing.read_pasted(self.store, "", text, YEAR)
        return proposal


@pytest.fixture
def talk(office: Office) -> Talk:
    return Talk(office)


def test_three_rounds_stand_side_by_side_until_agreed(talk: Talk) -> None:
    store = talk.store
    first = rounds.add_round(store, YEAR, UNIT, on=date(YEAR, 1, 20))
    second = rounds.add_round(store, YEAR, OFFICE, on=date(YEAR, 2, 3))
    third = rounds.add_round(store, YEAR, UNIT, name="县区再报")
    talk.propose(first, "柯城区", "48", by="柯城区发改局", reason="项目储备不足")
    talk.propose(second, "柯城区", "55")
    last = talk.propose(third, "柯城区", "52")
    (cell,) = round_talks.comparison(store, YEAR)
    assert [one.value if one else None for one in cell.values] == ["48", "55", "52"]
    assert (cell.values[0].by, cell.values[1].by) == ("柯城区发改局", "刘敏")  # type: ignore[union-attr]
    assert (cell.state, cell.gap, cell.last_year, cell.current) == (TalkState.OPEN, "-3", "45", "")
    assert talk.value("柯城区") == "", "a proposal is no target"
    said = rounds.agree(store, [last], reason="按再报数")
    assert said.sentence == "已商定并写入1个目标。"
    assert talk.value("柯城区") == "52"
    (cell,) = round_talks.comparison(store, YEAR)
    assert cell.state is TalkState.AGREED
    assert round_talks.comparison(store, YEAR, only_open=True) == ()
    assert [row.title for row in rounds.rounds(store, YEAR)] == [
        "第1轮 单位自报", "第2轮 目标办建议", "县区再报",
    ]
    assert [(row.open, row.agreed) for row in rounds.rounds(store, YEAR)] == [(1, 0), (1, 0), (0, 1)]
    store.undo()
    assert talk.value("柯城区") == ""
    assert round_talks.comparison(store, YEAR)[0].state is TalkState.OPEN, "one step took both"


def test_another_agreement_on_the_same_cell_replaces_the_first(talk: Talk) -> None:
    store = talk.store
    first = rounds.add_round(store, YEAR, UNIT)
    second = rounds.add_round(store, YEAR, OFFICE)
    low, high = talk.propose(first, "柯城区", "48"), talk.propose(second, "柯城区", "55")
    both = rounds.agree(store, [low, high])
    assert (both.written, {one.reason for one in both.refused}) == (0, {"同一格选了两个值"})
    rounds.agree(store, [low])
    rounds.agree(store, [high])
    states = [one.state for one in round_talks.comparison(store, YEAR)[0].values if one]
    assert states == [ProposalState.DECLINED, ProposalState.AGREED]
    with pytest.raises(NotAllowedError, match="已商定,不能改写"):
        talk.propose(second, "柯城区", "56")
    with pytest.raises(NotAllowedError, match="不能删除"):
        rounds.delete_round(store, second)
    assert rounds.delete_round(store, first) == 1


def test_left_open_not_applicable_and_zero_stay_apart(talk: Talk) -> None:
    record = rounds.add_round(talk.store, YEAR, UNIT)
    ids = [talk.propose(record, unit, text) for unit, text in
           (("柯城区", ""), ("江山市", "/"), ("高新区", "0"))]
    said = rounds.agree(talk.store, ids)
    assert (said.written, [one.reason for one in said.refused]) == (2, ["没有填写数值"])
    assert [talk.value(one) for one in ("柯城区", "江山市", "高新区")] == ["", "/", "0"]


def test_declining_needs_a_reason_and_settling_is_one_step(talk: Talk) -> None:
    store = talk.store
    record = rounds.add_round(store, YEAR, UNIT)
    made = talk.propose(record, "柯城区", "48")
    with pytest.raises(InputError, match="理由"):
        rounds.decline(store, [made], reason="")
    assert rounds.decline(store, [made], reason="低于全省增幅") == 1
    counter = rounds.add_round(store, YEAR, OFFICE)
    said = rounds.settle(store, counter, talk.row, talk.office.units["柯城区"], "53")
    assert (said.written, talk.value("柯城区")) == (1, "53")
    store.undo()
    assert talk.value("柯城区") == ""
    assert round_talks.comparison(store, YEAR)[0].values[1] is None


def test_a_signed_cell_takes_no_proposal(talk: Talk) -> None:
    store = talk.store
    talk.type("柯城区", TargetField.VALUE, "52")
    record = rounds.add_round(store, YEAR, UNIT)
    open_one = talk.propose(record, "柯城区", "50")
    made = agreements.make_agreements(store, YEAR).made
    signing.sign_at_meeting(store, YEAR, on=date(YEAR, 3, 1), agreements=made)
    with pytest.raises(NotAllowedError, match=r"柯城区的责任书已签订.*不能再提建议值.*目标调整"):
        talk.propose(record, "柯城区", "60")
    (refused,) = rounds.agree(store, [open_one]).refused
    assert refused.reason == "责任书已签订,请用“目标调整”"
    cell = round_talks.cell_talk(store, talk.row, talk.office.units["柯城区"])
    assert (cell.state, cell.locked) == (TalkState.SIGNED, "责任书已签订")
    plan = round_import.plan_round(store, talk.pasted(), YEAR, side=UNIT)
    assert [one.reason for one in plan.refused] == ["柯城区的责任书已签订,请用“目标调整”"] * 2
    assert {one.heading for one in plan.cells} == {"江山市"}


def test_a_returned_workbook_becomes_a_round(talk: Talk) -> None:
    store = talk.store
    plan = round_import.plan_round(store, talk.pasted(), YEAR, side=UNIT, on=date(YEAR, 2, 1))
    assert [(one.name, one.heading, one.new) for one in plan.cells] == [
        ("工业投资", "柯城区", "50"), ("工业投资", "江山市", "30"), ("公共绿地", "柯城区", "3"),
        ("公共绿地", "江山市", "/"),
    ]
    assert rounds.rounds(store, YEAR) == (), "the preview writes nothing"
    said = round_import.apply_round(store, plan)
    assert said.sentence == "已录入4个建议值。"
    store.undo()
    assert rounds.rounds(store, YEAR) == ()


def test_two_rounds_pasted_over_each_other_are_kept_apart(talk: Talk) -> None:
    store = talk.store
    first = round_import.apply_round(
        store, round_import.plan_round(store, talk.pasted(), YEAR, side=UNIT)
    )
    again = round_import.plan_round(store, talk.pasted("58"), YEAR, side=UNIT, into=first.round)
    assert again.splits
    assert "已有1格与本表不同,本表将另存为新的一轮" in again.warnings[0]
    second = round_import.apply_round(store, again)
    assert second.round != first.round
    cell = round_talks.cell_talk(store, talk.row, talk.office.units["柯城区"])
    assert [one.value for one in cell.values if one] == ["50", "58"]
    same = round_import.plan_round(store, talk.pasted("58"), YEAR, side=UNIT)
    assert any("完全相同" in text for text in same.warnings)
    fits = round_import.plan_round(store, talk.pasted("50"), YEAR, side=UNIT, into=first.round)
    assert (fits.splits, fits.into) == (False, first.round)


def test_words_in_a_returned_workbook_are_told_before_they_are_taken(talk: Talk) -> None:
    plan = round_import.plan_round(talk.store, talk.pasted("再议"), YEAR, side=UNIT)
    assert any("不是数字" in one.problem for one in plan.cells if one.new == "再议")
    round_import.apply_round(talk.store, plan)
    cell = round_talks.cell_talk(talk.store, talk.row, talk.office.units["柯城区"])
    assert cell.values[0].kept_as_text == "“再议”不是数字,已保留为文字"


def test_what_is_not_in_the_framework_is_told_not_made(talk: Talk) -> None:
    text = "指标名称\t计量单位\t柯城区\t不知名县\n工业投资\t亿元\t50\t7\n粮食产量\t万吨\t3\t4\n"
    (proposal,) = importing.read_pasted(talk.store, "", text, YEAR)
    plan = round_import.plan_round(talk.store, proposal, YEAR, side=UNIT)
    assert [(one.heading, one.new) for one in plan.cells] == [("柯城区", "50")]
    reasons = {one.reason for one in plan.refused}
    assert reasons == {"单位登记中没有“不知名县”", f"{YEAR}年度没有指标“粮食产量”"}


def test_a_plan_grown_stale_and_a_sealed_year_are_refused(talk: Talk) -> None:
    store = talk.store
    plan = round_import.plan_round(store, talk.pasted(), YEAR, side=UNIT)
    talk.type("柯城区", TargetField.NOTE, "核")
    with pytest.raises(NotAllowedError, match="重新预览"):
        round_import.apply_round(store, plan)
    record = rounds.add_round(store, YEAR, UNIT)
    sealing.seal_year(store, YEAR)
    with pytest.raises(NotAllowedError, match="封存"):
        talk.propose(record, "柯城区", "50")


def test_the_real_ledger_comes_back_as_a_round(six_counties: Store, data_files: Path) -> None:
    """All six counties' cells: numbers, / and other conditions, agreed in one step, none lost."""
    store = six_counties
    (proposal,) = importing.read_file(store, data_files / "考核目标-六县市区-建设工作.xlsx", 2006)
    plan = round_import.plan_round(store, proposal, 2006, side=UNIT)
    stated = sum(cell.value is not None for row in proposal.rows for cell in row.cells.values())
    assert len(plan.cells) == stated == 48
    result = round_import.apply_round(store, plan)
    talks = round_talks.comparison(store, 2006)
    assert all(one.values[0] is not None and one.values[0].value == one.current for one in talks)
    before = store.change_count
    said = rounds.agree(store, [one.values[0].id for one in talks if one.values[0]])
    assert (said.written, store.change_count) == (48, before + 1)
    assert rounds.rounds(store, 2006)[0].agreed == 48
    assert result.written == 48
    assert round_talks.comparison(store, 2006, limit=5, offset=45)[0].heading
    assert Decimal(1) in [one.values[0].amount for one in talks if one.values[0]]
