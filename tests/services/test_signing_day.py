"""From the matrix to signed agreements: drafts, issuing, the signing meeting, going back."""

from __future__ import annotations

from datetime import date

import pytest

from mbo_desktop.domain.agreements import Agreement, AgreementState, Clause
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    agreement_wording,
    agreements,
    history,
    offices,
    papers,
    people,
    planning_edits,
    planning_framework,
    sealing,
    signing,
    target_setting,
    unit_table,
)
from mbo_desktop.services.agreements import AgreementFilter
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import matrix as matrix_reads

S = AgreementState
DAY = date(2006, 3, 1)


@pytest.fixture
def drafts(six_counties: Store) -> Store:
    """Six counties with principals and drafts for 2006."""
    store = six_counties
    root = offices.root_unit(store)
    assert root is not None
    people.add_post(store, root, role=PostRole.PRINCIPAL, title="市长", holder="单喆")
    for row in offices.children_of(store, root):
        if row.short_name not in ("高新区", "市交委"):
            people.add_post(
                store, row.id, role=PostRole.PRINCIPAL, title="县长", holder=f"{row.short_name[0]}玥",
                since=date(2005, 1, 1),
            )
    agreements.make_agreements(store, 2006)
    return store


def first(store: Store) -> Agreement:
    return store.get(Agreement, agreements.agreement_ids(store, 2006)[0])


def set_clauses(store: Store, *clauses: Clause) -> None:
    """The year's clauses, everything else as it stands."""
    now = agreements.template(store, 2006)
    agreement_wording.set_year_text(
        store, 2006, title=now.title, clauses=clauses, copies=now.copies, basis=()
    )


def set_own_clauses(store: Store, agreement: RecordId, clauses: list[Clause] | None) -> None:
    agreement_wording.set_own_text(
        store, agreement, title="", clauses=clauses, copies=["甲方", "乙方"], basis=()
    )


def test_one_click_makes_a_draft_for_every_unit_with_targets(six_counties: Store) -> None:
    store = six_counties
    assert agreements.state_counts(store, 2006) == {None: 6}
    made = agreements.make_agreements(store, 2006)
    assert (len(made.made), made.existing) == (6, 0)
    assert agreements.make_agreements(store, 2006).existing == 6
    rows = agreements.board(store, 2006)
    assert [row.short_name for row in rows] == [
        "柯城区", "江山市", "衢江区", "龙游县", "常山县", "开化县",
    ]
    # 廉租住房 is N/A for 柯城区 and 衢江区: not a target of theirs, nor its points.
    assert [(row.targets, int(row.points)) for row in rows] == [
        (7, 45), (8, 50), (7, 45), (8, 50), (8, 50), (8, 50),
    ]
    # The second click wrote nothing and is no step.
    store.undo()
    assert agreements.state_counts(store, 2006) == {None: 6}


def test_a_unit_without_targets_is_told(six_counties: Store) -> None:
    unit = offices.search_units(six_counties, "市交委")[0].id
    made = agreements.make_agreements(six_counties, 2006, [unit])
    assert (made.made, made.without_targets) == ((), ("市交委",))


def test_a_draft_follows_the_live_targets_and_the_template(drafts: Store) -> None:
    store = drafts
    shown = agreements.details(store, first(store).id)
    assert shown.title == "2006年度目标管理责任书"
    assert (shown.issuer_signatory, shown.party_signatory) == ("单喆", "柯玥")
    text = "".join(p for clause in shown.clauses for p in clause.paragraphs)
    assert "乙方承担2006年度目标任务7项，分值合计45分。" in text
    assert "{" not in text
    set_clauses(store, Clause("总则", ("{乙方}承担{目标项数}项。",)))
    (clause,) = agreements.details(store, first(store).id).clauses
    assert clause.paragraphs == ("柯城区人民政府承担7项。",)
    set_own_clauses(store, first(store).id, [Clause("自定", ("见附件。",))])
    assert agreements.details(store, first(store).id).clauses[0].heading == "自定"
    set_own_clauses(store, first(store).id, None)
    assert agreements.details(store, first(store).id).clauses[0].heading == "总则"


def test_without_points_the_text_does_not_speak_of_them(store: Store) -> None:
    record = planning_framework.add_indicator(store, 2020, "工业投资(亿元)")
    unit = offices.search_units(store, "柯城区")[0].id
    planning_edits.set_cell(store, record, unit, TargetField.VALUE, "5")
    (made,) = agreements.make_agreements(store, 2020).made
    text = agreements.details(store, made).clauses[1].paragraphs[0]
    assert text.startswith("乙方承担2020年度目标任务1项。各项目标")


def test_issuing_freezes_names_clauses_and_annex(drafts: Store) -> None:
    store = drafts
    record = first(store)
    outcome = signing.issue(store, [record.id], on=DAY)
    assert outcome.done == (record.id,)
    principal = people.principal_of(store, record.unit)
    assert principal.post is not None
    people.assign(store, principal.post, name="新任", since=date(2006, 5, 1))
    unit_table.rename_units(store, {record.unit: "柯城新区人民政府"})
    set_clauses(store)
    shown = agreements.details(store, record.id)
    assert shown.party_signatory == "柯玥"
    snapshot = shown.record.snapshot
    assert snapshot is not None
    assert (snapshot.party, snapshot.taken_on, len(snapshot.rows)) == ("柯城区人民政府", DAY, 7)
    assert len(shown.clauses) > 5


def test_an_issued_agreement_cannot_be_edited_or_deleted(drafts: Store) -> None:
    store, record = drafts, first(drafts)
    signing.issue(store, [record.id], on=DAY)
    for attempt in (
        lambda: set_own_clauses(store, record.id, []),
        lambda: agreements.set_numbers(store, {record.id: "示政〔2006〕1号"}),
        lambda: agreements.delete_drafts(store, [record.id]),
        lambda: history.restore(store, record.id, 1),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    assert first(store).snapshot is not None


def test_issuing_is_no_step_of_undo_and_keeps_what_it_printed(drafts: Store) -> None:
    store, record = drafts, first(drafts)
    row = planning_framework.indicator_ids(store, 2006)[5]
    planning_edits.set_cell(store, row, record.unit, TargetField.VALUE, "9")
    signing.issue(store, [record.id], on=DAY)
    assert store.undo_label == "修改目标值"
    outcome = store.undo()
    assert (outcome.restored, len(outcome.skipped)) == (0, 1), "the printed value stays"
    assert agreements.differing(store, [record.id]) == {}


def test_a_target_changed_after_issuing_is_flagged_and_said(drafts: Store) -> None:
    store, record = drafts, first(drafts)
    signing.issue(store, [record.id], on=DAY)
    assert agreements.differing(store, [record.id]) == {}
    row = planning_framework.indicator_ids(store, 2006)[5]
    planning_edits.set_cell(store, row, record.unit, TargetField.VALUE, "2.5")
    planning_edits.set_cell(store, row, record.unit, TargetField.POINTS, "12")
    assert agreements.differing(store, agreements.agreement_ids(store, 2006)) == {record.id: 2}
    said = [d.sentence for d in agreements.details(store, record.id).differences]
    assert said == ["新增公共绿化面积 目标值:1 → 2.5", "新增公共绿化面积 分值:10 → 12"]
    planning_edits.remove_targets(store, [row], [record.unit])
    (gone,) = agreements.details(store, record.id).differences
    assert (gone.field, gone.issued) == ("已取消", "1")


def test_the_issuer_signs_nothing_with_itself(drafts: Store) -> None:
    root = offices.root_unit(drafts)
    assert root is not None
    row = planning_framework.indicator_ids(drafts, 2006)[5]
    planning_edits.set_cell(drafts, row, root, TargetField.VALUE, "60")
    assert root not in [one.unit for one in agreements.board(drafts, 2006)]
    assert agreements.count_board(drafts, 2006) == 6
    (total,) = matrix_reads.row_sums(drafts, [row], [root, *(one.unit for one in agreements.board(drafts, 2006))])
    assert total.amount == 33, "60 is what they come to, not one more of them"
    desk = target_setting.desk(drafts, 2006)
    assert root not in [one.unit for one in desk.units]
    assert "示例市" not in "".join(papers.allotment_flat(drafts, 2006).heads)
    assert agreements.make_agreements(drafts, 2006).made == ()


def test_the_way_of_the_copies(drafts: Store) -> None:
    store, record = drafts, first(drafts)
    signing.issue(store, [record.id], on=DAY)
    signing.advance(store, [record.id], S.COLLECTED, on=DAY, holders=["乙方"])
    copies = {copy.holder: copy.state for copy in signing.copies_of(store, record.id)}
    assert copies == {"甲方": S.ISSUED, "乙方": S.COLLECTED}
    assert first(store).state is S.ISSUED, "an agreement stands where its last copy stands"
    store.undo()
    assert signing.copies_of(store, record.id)[1].state is S.ISSUED
    signing.advance(store, [record.id], S.RETURNED, on=date(2006, 3, 9))
    steps = [(step.state, step.on) for step in signing.steps_of(store, record.id)[-3:]]
    assert {state for state, _on in steps} <= {S.COLLECTED, S.PARTY_SIGNED, S.RETURNED}
    with_gap = signing.advance(store, [record.id], S.ARCHIVED, on=date(2006, 3, 8))
    assert "早于" in with_gap.refused[0].reason
    assert first(store).state is S.RETURNED


def test_all_are_signed_at_the_meeting_at_once(drafts: Store) -> None:
    store = drafts
    outcome = signing.sign_at_meeting(store, 2006, on=DAY)
    assert (len(outcome.done), outcome.refused) == (6, ())
    assert agreements.state_counts(store, 2006) == {S.ISSUER_SIGNED: 6}
    assert all(row.signed_on == DAY for row in agreements.board(store, 2006))
    assert signing.sign_at_meeting(store, 2006, on=DAY).done == ()
    assert store.undo_label == "生成责任书", "signing is taken back by its counter-act only"
    everyone = agreements.agreement_ids(store, 2006)
    signing.advance(store, everyone, S.ARCHIVED, on=date(2006, 3, 2))
    chosen = AgreementFilter(states=(S.ARCHIVED,), text="jss")
    assert [row.short_name for row in agreements.board(store, 2006, chosen=chosen)] == ["江山市"]


def test_a_mistaken_state_is_taken_back_with_its_reason(drafts: Store) -> None:
    store, record = drafts, first(drafts)
    signing.sign_at_meeting(store, 2006, on=DAY)
    with pytest.raises(InputError, match="原因"):
        signing.take_back(store, record.id, reason=" ")
    signing.take_back(store, record.id, reason="甲方份漏盖章", holders=["甲方"], on=date(2006, 3, 2))
    assert first(store).state is S.RETURNED
    assert first(store).signed_on is None
    last = signing.steps_of(store, record.id)[-1]
    assert (last.holder, last.reason, last.by) == ("甲方", "甲方份漏盖章", "刘敏")
    assert first(store).snapshot is not None


def test_withdrawing_makes_a_draft_again_and_nothing_is_lost(drafts: Store) -> None:
    store, record = drafts, first(drafts)
    with pytest.raises(NotAllowedError, match="尚未印发"):
        signing.withdraw(store, record.id, reason="改目标")
    signing.sign_at_meeting(store, 2006, on=DAY)
    signing.withdraw(store, record.id, reason="常务会议决定加压", on=date(2006, 4, 1))
    again = first(store)
    assert (again.state, again.snapshot, again.signed_on) == (S.DRAFT, None, None)
    assert signing.steps_of(store, record.id)[-1].reason == "常务会议决定加压"
    signing.issue(store, [record.id], on=date(2006, 2, 20))
    assert first(store).state is S.ISSUED, "the withdrawn paper's days bind nothing"
    signing.withdraw(store, record.id, reason="常务会议决定加压", on=date(2006, 4, 1))
    rows = history.history(store, record.id)
    assert [row.label for row in rows] == [
        "撤回责任书", "责任书登记为印发", "撤回责任书", "责任书登记为甲方已签章", "生成责任书",
    ]
    printed = next(c for c in rows[2].changes if c.label == "印发文本")
    assert printed.old == "2006-03-01 印发,7项目标"
    signing.issue(store, [record.id], on=date(2006, 4, 2))
    assert first(store).state is S.ISSUED


def test_an_agreement_whose_targets_went_is_not_issued_the_others_are(drafts: Store) -> None:
    store, record = drafts, first(drafts)
    rows = planning_framework.indicator_ids(store, 2006)
    planning_edits.remove_targets(store, rows, [record.unit])
    outcome = signing.issue(store, agreements.agreement_ids(store, 2006), on=DAY)
    assert len(outcome.done) == 5
    (refusal,) = outcome.refused
    assert refusal.unit_name == "柯城区人民政府"
    assert "没有目标任务" in refusal.reason


def test_facts_of_drafts(drafts: Store) -> None:
    store, record = drafts, first(drafts)

    def set_term(first_day: date, last_day: date) -> None:
        agreement_wording.set_own_text(
            store, record.id, title="", clauses=None, copies=["甲方", "乙方", "目标办备案"],
            basis=["衢政发〔2006〕26号", " "], term=(first_day, last_day),
        )

    set_term(date(2006, 1, 1), date(2006, 12, 20))
    text = "".join(p for c in agreements.details(store, record.id).clauses for p in c.paragraphs)
    assert "依据衢政发〔2006〕26号，" in text
    assert "一式三份，甲方、乙方各执一份，目标办备案一份" in text
    assert "2006年12月20日" in text
    with pytest.raises(InputError):
        set_term(date(2006, 2, 1), date(2006, 1, 1))
    assert agreements.delete_drafts(store, [record.id]) == 1
    assert agreements.agreement_of(store, 2006, record.unit) is None


def test_agreements_of_a_sealed_year_stay_as_they_are(drafts: Store) -> None:
    record = first(drafts).id
    signing.issue(drafts, [record])
    sealing.seal_year(drafts, 2006)
    other = agreements.agreement_ids(drafts, 2006)[1]
    before = drafts.change_count
    refused = [
        lambda: agreements.make_agreements(drafts, 2006),
        lambda: signing.issue(drafts, [other]),
        lambda: signing.sign_at_meeting(drafts, 2006, on=DAY),
        lambda: signing.take_back(drafts, record, reason="登记有误"),
        lambda: signing.withdraw(drafts, record, reason="改目标"),
        lambda: agreements.set_numbers(drafts, {other: "1号"}),
        lambda: agreements.delete_drafts(drafts, [other]),
        lambda: set_clauses(drafts, Clause("奖惩", ("按办法执行。",))),
    ]
    for deed in refused:
        with pytest.raises(NotAllowedError, match="已封存"):
            deed()
    assert drafts.change_count == before


def test_what_is_doubtful_is_said_before_signing(drafts: Store) -> None:
    """A text that looks like a number gone wrong, a blank and a missing signatory are named."""
    ids = agreements.agreement_ids(drafts, 2006)
    assert signing.concerns(drafts, ids) == ()
    record = first(drafts)
    indicator = planning_framework.indicator_ids(drafts, 2006)[3]
    planning_edits.set_cell(drafts, indicator, record.unit, TargetField.VALUE, "12O")
    (unread,) = signing.concerns(drafts, ids)
    assert "柯城区“对村镇规划编制资金投入”12O没有读成数字" in unread
    planning_edits.set_cell(drafts, indicator, record.unit, TargetField.LAST_YEAR, "90")
    planning_edits.set_cell(drafts, indicator, record.unit, TargetField.VALUE, "")
    assert signing.concerns(drafts, ids) == ("柯城区有目标未设定,附件中留空",)
    outcome = signing.sign_at_meeting(drafts, 2006, on=DAY)
    assert outcome.warnings == ("柯城区人民政府有目标未设定,附件中留空",)
    assert signing.concerns(drafts, ids) == ()


def test_nobody_who_could_sign_is_said_of_both_sides(six_counties: Store) -> None:
    made = agreements.make_agreements(six_counties, 2006).made
    (told,) = [one for one in signing.concerns(six_counties, made) if "第一责任人" in one]
    assert told.startswith("示例市人民政府、柯城区") and "等7处" in told
