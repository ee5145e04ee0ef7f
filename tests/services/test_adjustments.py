"""After signing: asked, commented, approved, taken back — and which value counts when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mbo_desktop.domain.adjustments import AdjustmentKind, AdjustmentState, CorrectedField
from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import AdjustmentWindow
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    adjustment_lists,
    adjustments,
    agreements,
    corrections,
    history,
    importing,
    overview,
    planning_edits,
    planning_framework,
    planning_matrix,
    sealing,
    signing,
    successions,
    target_setting,
)
from mbo_desktop.services.adjustments import AdjustmentInput, Approval
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store import checkup
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office

K, S = AdjustmentKind, AdjustmentState
SIGNED, MAY, JULY = date(YEAR, 3, 1), date(YEAR, 5, 20), date(YEAR, 7, 10)
PAPER = Approval(MAY, meeting="市政府第3次常务会议", number="示政〔2020〕12号")


class Signed:
    """Three units that signed 工业投资 52, 30 and 18 on 1 March."""

    def __init__(self, office: Office) -> None:
        self.office, self.store = office, office.store
        self.row = planning_framework.add_indicator(
            self.store, YEAR, "工业投资(亿元)", points=Decimal(5)
        )
        self.other = planning_framework.add_indicator(self.store, YEAR, "新增公共绿地(公顷)")
        for name, value in (("柯城区", "52"), ("江山市", "30"), ("高新区", "18")):
            self.type(self.row, name, value)
        made = agreements.make_agreements(self.store, YEAR).made
        signing.sign_at_meeting(self.store, YEAR, on=SIGNED, agreements=made)

    def type(self, row: RecordId, unit: str, text: str) -> None:
        planning_edits.set_cell(self.store, row, self.unit(unit), TargetField.VALUE, text)

    def unit(self, name: str) -> RecordId:
        return self.office.units[name]

    def value(self, name: str, row: RecordId | None = None) -> str:
        return planning_matrix.cell(self.store, row or self.row, self.unit(name)).value

    def input(self, kind: K, text: str = "", unit: str = "柯城区", **more: object) -> AdjustmentInput:
        row = more.pop("row", self.row)
        return AdjustmentInput(
            row, self.unit(unit), kind, text, reason=str(more.pop("reason", "常务会议决定加压")),  # type: ignore[arg-type]
        )

    def at(self, day: date, unit: str = "柯城区") -> adjustment_lists.EffectiveRow:
        return adjustment_lists.effective(self.store, self.row, self.unit(unit), day)

    def differences(self, unit: str = "柯城区") -> list[str]:
        record = agreements.agreement_of(self.store, YEAR, self.unit(unit))
        assert record is not None
        return [one.sentence for one in agreements.details(self.store, record).differences]


@pytest.fixture
def city(office: Office) -> Signed:
    return Signed(office)


def test_a_unit_asks_is_commented_and_approved(city: Signed) -> None:
    store = city.store
    (asked,) = adjustments.request(store, [city.input(K.LOWER, "48", reason="洪灾")], requested_on=JULY)
    adjustments.add_opinion(store, [asked], "目标办初审", "情况属实", on=date(YEAR, 7, 12), by="刘敏")
    assert city.value("柯城区") == "52", "nothing counts before the approval"
    row = adjustment_lists.adjustment_row(store, asked)
    assert (row.state, row.old, row.new, row.requested_by_name) == (
        S.REQUESTED, "52", "48", "柯城区人民政府",
    )
    said = adjustments.approve(store, [asked], Approval(
        date(YEAR, 7, 20), number="示政〔2020〕30号", effective_on=date(YEAR, 8, 1),
    ))
    assert (said.done, said.sentence) == ((asked,), "已批准1项调整。")
    assert (city.at(date(YEAR, 7, 31)).text, city.at(date(YEAR, 7, 31)).basis) == ("52", "按责任书")
    now = city.at(date(YEAR, 8, 1))
    assert (now.text, now.signed_text, now.is_lowered) == ("48", "52", True)
    assert now.basis == "按2020-07-20调低(示政〔2020〕30号)"
    cell = planning_matrix.cell(store, city.row, city.unit("柯城区"))
    assert (cell.value, cell.adjusted) == ("48", "2020-07-20调低(示政〔2020〕30号),原52")


def test_the_agreement_stays_and_the_difference_names_the_adjustment(city: Signed) -> None:
    store = city.store
    record = agreements.agreement_of(store, YEAR, city.unit("柯城区"))
    assert record is not None
    before = store.get(Agreement, record)
    adjustments.decide_by_issuer(store, [city.input(K.RAISE, "60")], PAPER)
    assert store.get(Agreement, record) == before
    assert city.differences() == ["工业投资 目标值:52 → 60(2020-05-20调高(示政〔2020〕12号))"]
    assert city.differences("江山市") == []
    board = {row.short_name: row.adjusted for row in agreements.board(store, YEAR)}
    assert board == {"柯城区": 1, "江山市": 0, "高新区": 0}
    assert agreements.differing(store, [record]) == {record: 1}


def test_an_edit_without_paper_is_told_although_something_was_adjusted(city: Signed) -> None:
    store = city.store
    record = agreements.agreement_of(store, YEAR, city.unit("柯城区"))
    assert record is not None
    adjustments.decide_by_issuer(store, [city.input(K.RAISE, "60")], PAPER)
    assert agreements.deviations(store, [record]) == {record: agreements.Deviation(1, 0, 0)}
    trouble = "1份责任书与现行目标不一致"
    assert trouble not in [step.text for step in overview.next_steps(store, YEAR)]
    # The person is adjusted, which the annex does not show: as many papers as differences.
    adjustments.decide_by_issuer(store, [city.input(K.PERSON, "李玥", "江山市")], PAPER)
    planning_edits.set_cell(store, city.row, city.unit("江山市"), TargetField.NOTE, "口径另定")
    other = agreements.agreement_of(store, YEAR, city.unit("江山市"))
    assert other is not None
    assert agreements.deviations(store, [other]) == {other: agreements.Deviation(1, 1, 0)}
    assert trouble in [step.text for step in overview.next_steps(store, YEAR)]


def test_the_issuer_raises_many_units_as_one_action(city: Signed) -> None:
    store = city.store
    units = list(city.office.units.values())
    before = store.change_count
    said = adjustments.raise_units(
        store, city.row, Decimal(10), units, PAPER, reason="常务会议决定加压"
    )
    assert len(said.done) == 3
    assert store.change_count == before + 1
    assert [city.value(one) for one in ("柯城区", "江山市", "高新区")] == ["57", "33", "20"]
    assert store.undo_label != "上级决定调整目标", "an approval is no step of undo"
    rows = [
        (one.unit_name, one.rows[0].sentence) for one in adjustment_lists.changed_list(store, YEAR)
    ]
    assert rows[0] == ("柯城区人民政府", "工业投资 调高:52 → 57")
    assert len(rows) == 3, "the fourth unit was not changed and is not listed"
    assert adjustment_lists.changed_list(store, YEAR, number="示政〔2020〕13号") == ()


def test_the_desk_can_feed_a_raise_after_signing(city: Signed) -> None:
    store = city.store
    desk = target_setting.desk(store, YEAR, lock_signed=False)
    drafts = {(city.row, city.unit("柯城区")): Decimal(55), (city.row, city.unit("江山市")): Decimal(29)}
    inputs = adjustments.inputs_from_desk(store, desk, drafts, reason="常务会议")
    assert [(one.kind, one.value.text) for one in inputs if one.value] == [
        (K.RAISE, "55"), (K.LOWER, "29"),
    ]
    assert len(adjustments.decide_by_issuer(store, inputs, PAPER).done) == 2
    assert (city.value("柯城区"), city.value("江山市")) == ("55", "29")


def test_withdrawn_is_out_of_all_counts_and_told_from_not_applicable(city: Signed) -> None:
    store = city.store
    adjustments.decide_by_issuer(store, [city.input(K.WITHDRAW)], PAPER)
    assert city.at(MAY).is_withdrawn
    assert city.at(MAY).text == "撤销"
    assert city.differences() == ["工业投资 已取消:52 → (空)(2020-05-20撤销(示政〔2020〕12号))"]
    total = planning_matrix.row_totals(store, [city.row], list(city.office.units.values()))
    assert total[city.row].amount == Decimal(48)
    with pytest.raises(NotAllowedError, match="已撤销"):
        adjustments.request(store, [city.input(K.POINTS, "8")], requested_on=JULY)
    again = adjustments.decide_by_issuer(store, [city.input(K.ADD, "20")], PAPER)
    assert len(again.done) == 1
    assert city.value("柯城区") == "20"


def test_a_new_target_points_deadline_and_person(city: Signed) -> None:
    store = city.store
    said = adjustments.decide_by_issuer(store, [
        city.input(K.ADD, "12.5", row=city.other), city.input(K.POINTS, "8分"),
        city.input(K.DEADLINE, "11月底前"), city.input(K.PERSON, "李玥"),
        city.input(K.RAISE, "60"),
    ], PAPER)
    assert said.refused == ()
    now = city.at(MAY)
    assert (now.text, now.points, now.due, now.person) == (
        "60", Decimal(8), date(YEAR, 11, 30), "李玥",
    )
    assert city.value("柯城区", city.other) == "12.5"
    assert len(city.differences()) == 4, "the person is in no annex"
    rows = adjustment_lists.adjustments_of(store, city.row, city.unit("柯城区"))
    assert [row.sentence for row in rows] == [
        "工业投资 分值:5 → 8", "工业投资 时限:(空) → 2020-11-30",
        "工业投资 责任人:(空) → 李玥", "工业投资 调高:52 → 60",
    ]


@pytest.mark.parametrize(("kind", "text", "said"), [
    (K.RAISE, "50", "不是调高"), (K.LOWER, "60", "不是调低"), (K.RAISE, "52", "不是调高"),
    (K.RAISE, "", "没有填写新的目标值"), (K.ADD, "60", "已有目标"), (K.RAISE, "/", "不适用"),
    (K.DEADLINE, "", "没有填写新的时限"), (K.POINTS, "-3", "不能是负数"),
])
def test_what_the_kind_does_not_say_is_refused(city: Signed, kind: K, text: str, said: str) -> None:
    with pytest.raises((InputError, NotAllowedError), match=said):
        adjustments.request(city.store, [city.input(kind, text)], requested_on=JULY)
    assert adjustment_lists.count_adjustments(city.store, YEAR) == 0


def test_nothing_is_adjusted_before_it_was_signed(city: Signed) -> None:
    store = city.store
    with pytest.raises(InputError, match="早于责任书签订日期2020-03-01"):
        adjustments.request(store, [city.input(K.LOWER, "48")], requested_on=date(YEAR, 2, 20))
    early = Approval(date(YEAR, 2, 20), meeting="常务会议")
    (refused,) = adjustments.decide_by_issuer(store, [city.input(K.RAISE, "60")], early).refused
    assert "早于责任书签订日期" in refused.reason
    back = Approval(MAY, meeting="常务会议", effective_on=date(YEAR, 1, 1))
    (refused,) = adjustments.decide_by_issuer(store, [city.input(K.RAISE, "60")], back).refused
    assert "生效日期2020-01-01早于" in refused.reason
    assert city.value("柯城区") == "52"
    assert adjustment_lists.adjustments(store, YEAR) == ()
    record = agreements.agreement_of(store, YEAR, city.unit("江山市"))
    assert record is not None
    signing.withdraw(store, record, reason="重签")
    with pytest.raises(NotAllowedError, match="还没有印发签订"):
        adjustments.request(store, [city.input(K.LOWER, "20", "江山市")], requested_on=JULY)
    signing.issue(store, [record], on=MAY)
    with pytest.raises(NotAllowedError, match="尚未签订"):
        adjustments.request(store, [city.input(K.LOWER, "20", "江山市")], requested_on=JULY)


def test_requests_are_bound_to_the_windows_the_issuer_is_not(city: Signed) -> None:
    store = city.store
    april = date(YEAR, 4, 8)
    with pytest.raises(NotAllowedError, match="受理期"):
        adjustments.request(store, [city.input(K.LOWER, "48")], requested_on=april)
    (asked,) = adjustments.request(
        store, [city.input(K.LOWER, "48")], requested_on=april, outside_window="省里要求即时调整"
    )
    assert adjustment_lists.adjustment_row(store, asked).outside_window == "省里要求即时调整"
    window = AdjustmentWindow("春季", date(YEAR, 4, 1), date(YEAR, 4, 30))
    adjustments.set_windows(store, YEAR, [window])
    assert adjustments.windows(store, YEAR) == (window,)
    adjustments.request(store, [city.input(K.LOWER, "47")], requested_on=april)
    with pytest.raises(InputError, match="止日早于起日"):
        adjustments.set_windows(store, YEAR, [AdjustmentWindow("反", JULY, MAY)])


def test_a_revoked_approval_brings_the_value_before_back(city: Signed) -> None:
    store = city.store
    first = adjustments.decide_by_issuer(store, [city.input(K.RAISE, "60")], PAPER).done
    later = Approval(JULY, number="示政〔2020〕20号")
    second = adjustments.decide_by_issuer(store, [city.input(K.RAISE, "65")], later).done
    with pytest.raises(NotAllowedError, match="此后又有调整"):
        adjustments.revoke_approval(store, first, reason="会议纪要有误")
    with pytest.raises(InputError, match="原因"):
        adjustments.revoke_approval(store, second, reason=" ")
    adjustments.revoke_approval(store, second, reason="会议纪要有误")
    assert (city.value("柯城区"), city.at(JULY).text) == ("60", "60")
    adjustments.revoke_approval(store, first, reason="会议纪要有误")
    assert (city.value("柯城区"), city.at(JULY).basis) == ("52", "按责任书")
    assert city.differences() == []
    row = adjustment_lists.adjustment_row(store, first[0])
    assert (row.state, row.state_reason, row.old) == (S.REVOKED, "会议纪要有误", "52")
    added = adjustments.decide_by_issuer(store, [city.input(K.ADD, "3", row=city.other)], PAPER).done
    adjustments.revoke_approval(store, added, reason="误录")
    assert planning_matrix.cell(store, city.other, city.unit("柯城区")).target is None
    assert not checkup.run(store).findings


def test_approved_values_are_not_typed_over(city: Signed) -> None:
    store = city.store
    adjustments.decide_by_issuer(store, [city.input(K.RAISE, "60")], PAPER)
    with pytest.raises(NotAllowedError, match="不能直接修改"):
        city.type(city.row, "柯城区", "70")
    column = planning_edits.GridColumn(TargetField.VALUE, city.unit("柯城区"))
    said = planning_edits.apply_edits(store, [planning_edits.CellEdit(city.row, column, "70")])
    assert (said.changed, said.kept[0].kept) == (0, "未写入")
    with pytest.raises(NotAllowedError, match="取消下达"):
        planning_edits.remove_targets(store, [city.row], [city.unit("柯城区")])
    with pytest.raises(NotAllowedError, match="不能删除"):
        planning_framework.delete_indicators(store, [city.row], with_targets=True)
    target = planning_matrix.cell(store, city.row, city.unit("柯城区")).target
    assert target is not None
    with pytest.raises(NotAllowedError, match="不能由历史还原"):
        history.restore(store, target, 1)
    assert city.value("柯城区") == "60"


def test_undo_passes_over_what_an_approval_took(city: Signed) -> None:
    store = city.store
    (asked,) = adjustments.request(store, [city.input(K.LOWER, "48")], requested_on=JULY)
    adjustments.approve(store, [asked], Approval(JULY, meeting="常务会议"))
    outcome = store.undo()
    assert (outcome.restored, len(outcome.skipped)) == (0, 1)
    assert city.value("柯城区") == "48"
    with pytest.raises(NotAllowedError, match="已批准"):
        adjustments.delete_request(store, asked)


def test_a_merged_party_s_successor_asks_and_a_gone_one_gets_nothing_new(city: Signed) -> None:
    store = city.store
    successions.merge_units(
        store, [city.unit("柯城区"), city.unit("江山市")], into=city.unit("江山市"),
        effective_on=date(YEAR, 6, 1),
    )
    (asked,) = adjustments.request(store, [city.input(K.LOWER, "48")], requested_on=JULY)
    row = adjustment_lists.adjustment_row(store, asked)
    assert row.requested_by_name == "江山市人民政府"
    assert row.party_note == "柯城区人民政府已于2020-06-01撤并,由江山市人民政府承接"
    with pytest.raises(NotAllowedError, match="不是"):
        adjustments.request(
            store, [city.input(K.LOWER, "48")], requested_on=JULY, requested_by=city.unit("高新区")
        )
    late = Approval(JULY, meeting="常务会议")
    (refused,) = adjustments.decide_by_issuer(
        store, [city.input(K.ADD, "3", row=city.other)], late
    ).refused
    assert "不能再给它新增目标" in refused.reason


def test_rejected_requests_say_why(city: Signed) -> None:
    store = city.store
    (asked,) = adjustments.request(store, [city.input(K.LOWER, "48")], requested_on=JULY)
    with pytest.raises(InputError, match="原因"):
        adjustments.reject(store, [asked], reason="")
    adjustments.reject(store, [asked], reason="理由不充分", on=JULY)
    said = adjustments.approve(store, [asked], PAPER)
    assert "未批准" in said.refused[0].reason
    assert city.value("柯城区") == "52"
    with pytest.raises(InputError, match="会议或文号"):
        adjustments.approve(store, [asked], Approval(JULY))


def test_a_typo_is_corrected_and_is_no_adjustment(city: Signed) -> None:
    store = city.store
    with pytest.raises(InputError, match="批准人"):
        corrections.correct(
            store, city.row, city.unit("柯城区"), CorrectedField.VALUE, "25", reason="漏", approved_by="",
        )
    made = corrections.correct(
        store, city.row, city.unit("柯城区"), CorrectedField.VALUE, "25", reason="数字颠倒",
        approved_by="王建国", on=date(YEAR, 4, 2),
    )
    (row,) = corrections.corrections_of(store, city.row, city.unit("柯城区"))
    assert row.sentence == "2020-04-02更正(王建国批准):目标值 52 → 25"
    assert city.differences() == ["工业投资 目标值:52 → 25(2020-04-02更正,王建国批准)"]
    assert (city.at(JULY).text, city.at(JULY).basis) == ("25", "按责任书")
    assert adjustment_lists.count_adjustments(store, YEAR) == 0
    corrections.revoke(store, made, reason="原数正确")
    assert city.value("柯城区") == "52"
    assert city.differences() == []
    adjustments.decide_by_issuer(store, [city.input(K.RAISE, "60")], PAPER)
    with pytest.raises(NotAllowedError, match="已经调整过"):
        corrections.correct(
            store, city.row, city.unit("柯城区"), CorrectedField.VALUE, "61", reason="笔误",
            approved_by="王建国",
        )


def test_every_figure_of_the_year_says_which_value_was_used(city: Signed) -> None:
    store: Store = city.store
    adjustments.decide_by_issuer(store, [city.input(K.RAISE, "60")], PAPER)
    april = adjustment_lists.effective_of_year(store, YEAR, date(YEAR, 4, 30))
    june = adjustment_lists.effective_of_year(store, YEAR, date(YEAR, 6, 30))
    key = (city.row, city.unit("柯城区"))
    assert (april[key].basis, june[key].basis) == ("按责任书", "按2020-05-20调高(示政〔2020〕12号)")
    assert len(april) == len(june) == 3
    assert sum(one.adjustment is not None for one in june.values()) == 1


def test_a_sealed_year_is_not_adjusted(city: Signed) -> None:
    (asked,) = adjustments.request(city.store, [city.input(K.LOWER, "48")], requested_on=JULY)
    sealing.seal_year(city.store, YEAR)
    (refused,) = adjustments.approve(city.store, [asked], Approval(JULY, meeting="常务会议")).refused
    assert "封存" in refused.reason


def test_a_ledger_taken_in_again_does_not_overwrite_what_was_approved(city: Signed) -> None:
    store = city.store
    adjustments.decide_by_issuer(store, [city.input(K.RAISE, "60")], PAPER)
    text = "指标名称\t计量单位\t柯城区\t江山市\n工业投资\t亿元\t52\t31\n"
    (proposal,) = importing.read_pasted(store, "", text, YEAR)
    plan = importing.plan_import(store, proposal, YEAR)
    assert any("台账中的值未写入" in one for one in plan.warnings)
    importing.apply_import(store, proposal, plan)
    assert (city.value("柯城区"), city.value("江山市")) == ("60", "31")


def test_the_history_of_an_adjustment_reads_as_an_office_would_write_it(city: Signed) -> None:
    (asked,) = adjustments.request(city.store, [city.input(K.LOWER, "48")], requested_on=JULY)
    adjustments.approve(city.store, [asked], Approval(JULY, meeting="常务会议"))
    newest, oldest = history.history(city.store, asked)
    assert {one.label: (one.old, one.new) for one in newest.changes}["状态"] == ("已申请", "已批准")
    assert {one.label: one.new for one in oldest.changes}["新内容"] == "48亿元"
    labels = [one.label for row in (newest, oldest) for one in row.changes]
    assert not [label for label in labels if label.isascii()]


def test_which_part_counts_is_not_changed_below_an_approved_value(city: Signed) -> None:
    store = city.store
    city.type(city.row, "江山市", "30,增长8%")
    adjustments.decide_by_issuer(store, [city.input(K.RAISE, "60,增长10%")], PAPER)
    both = [city.unit("江山市"), city.unit("柯城区")]
    with pytest.raises(NotAllowedError, match=r"工业投资 · 柯城区已按2020-05-20调高.*不能改考核口径"):
        planning_edits.set_counting(store, city.row, both, growth=True)
    assert planning_edits.set_counting(store, city.row, both[:1], growth=True) == 1


def test_an_agreement_that_adjustments_rest_on_is_not_withdrawn(city: Signed) -> None:
    store = city.store
    (done,) = adjustments.decide_by_issuer(store, [city.input(K.RAISE, "60")], PAPER).done
    record = agreements.agreement_of(store, YEAR, city.unit("柯城区"))
    assert record is not None
    with pytest.raises(NotAllowedError, match=r"已批准1项调整\(工业投资调高\),不能撤回责任书"):
        signing.withdraw(store, record, reason="重签")
    assert city.at(date(YEAR, 4, 1)).text == "52"
    adjustments.revoke_approval(store, [done], reason="会议另有决定")
    signing.withdraw(store, record, reason="重签")
    assert store.get(Agreement, record).snapshot is None
