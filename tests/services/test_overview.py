"""The first page, the global search, the checks of a year and the history in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain.adjustments import AdjustmentKind
from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.offices import PostRole, UnitKind
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import (
    adjustments,
    agreements,
    history,
    offices,
    overview,
    people,
    planning_checks,
    planning_edits,
    planning_framework,
    registers,
    results_import,
    sealing,
    search,
    session,
    signing,
    superior_results,
    unit_table,
)
from mbo_desktop.services.adjustments import AdjustmentInput
from mbo_desktop.services.overview import Room, Urgency
from mbo_desktop.services.search import HitKind
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.backup import make_backup
from mbo_desktop.store.database import Store
from tests.services.conftest import Office
from tests.services.last_year import write_ledger


def test_an_empty_year_says_how_to_start(store: Store) -> None:
    (step,) = overview.next_steps(store, 2020)
    assert (step.room, step.count) == (Room.PLANNING, 1)
    assert "导入" in step.text
    now = overview.figures(store, 2020)
    assert (now.units, now.indicators, now.targets, now.agreements) == (4, 0, 0, {})


def test_figures_and_steps_follow_the_records(six_counties: Store) -> None:
    store = six_counties
    now = overview.figures(store, 2006)
    assert (now.units, now.units_with_targets, now.indicators) == (8, 6, 8)
    assert (now.targets, now.targets_set, now.not_applicable) == (46, 46, 2)
    assert now.without_principal == 6
    said = [step.text for step in overview.next_steps(store, 2006)]
    assert said == [
        "2个单位还没有目标", "6个有目标的单位没有登记第一责任人", "6个单位的责任书尚未生成",
    ]
    session.set_declared_points(store, 2006, Decimal(50))
    steps = overview.next_steps(store, 2006)
    assert (steps[0].text, steps[0].urgency) == ("2个单位的分值合计与规定不符", Urgency.TROUBLE)
    agreements.make_agreements(store, 2006)
    signing.sign_at_meeting(store, 2006, on=date(2006, 3, 1))
    row = planning_framework.indicator_ids(store, 2006)[5]
    unit = offices.search_units(store, "江山市")[0].id
    planning_edits.set_cell(store, row, unit, TargetField.VALUE, "17")
    said = [step.text for step in overview.next_steps(store, 2006)]
    assert said[0] == "1份责任书与现行目标不一致"
    assert said[-1] == "6份责任书已签章,待归档"


def test_steps_name_what_waits_after_the_meeting(six_counties: Store) -> None:
    store = six_counties
    made = agreements.make_agreements(store, 2006).made
    signing.sign_at_meeting(store, 2006, on=date(2006, 3, 1), agreements=made[:4])
    source = registers.add_source(store, 2006, "政府工作报告")
    registers.add_items_from_text(store, source, "1.新建学校12所\n2.改造道路8公里")
    row = planning_framework.indicator_ids(store, 2006)[5]
    unit = store.get(Agreement, made[0]).unit
    adjustments.request(
        store, [AdjustmentInput(row, unit, AdjustmentKind.RAISE, "99", reason="加压")],
        requested_on=date(2006, 7, 3),
    )
    steps = {step.filter_hint: step for step in overview.next_steps(store, 2006)}
    assert steps["adjustments"].text == "1项调整申请待批准"
    assert steps["sources"].text == "2条会议、文件事项尚未落实到目标"
    assert steps["not_signed"].text == "2个单位尚未签订责任书"
    assert (steps["adjustments"].room, steps["sources"].room) == (Room.AGREEMENTS, Room.PLANNING)
    sealing.seal_year(store, 2006)
    (step,) = overview.next_steps(store, 2006)
    assert (step.text, step.urgency) == ("2006 年度已封存", Urgency.DONE)


def test_the_speech_opens_with_last_years_account_and_the_superiors_word(
    six_counties: Store, tmp_path: Path
) -> None:
    store = six_counties
    assert overview.opening_sentences(store, 2006) == ()
    (proposal,) = results_import.read_file(
        store, write_ledger(tmp_path / "上年.xlsx", 2005), 2005
    ).proposals
    results_import.apply_results(store, proposal, results_import.plan_results(store, proposal, 2005))
    superior_results.set_result(store, 2005, points=Decimal("96.5"), rank=3, ranked=11)
    account, superior = overview.opening_sentences(store, 2006)
    assert account.startswith("2005年，市政府与县（区）共签订责任目标46项，完成和超额完成39项")
    assert "得分96.5分，列第3位" in superior


def test_the_sentence_of_account_counts_signed_targets_only(six_counties: Store) -> None:
    store = six_counties
    assert overview.account_sentence(store, 2006) == ""
    made = agreements.make_agreements(store, 2006).made
    signing.sign_at_meeting(store, 2006, on=date(2006, 3, 1), agreements=made[:2])
    assert overview.account_sentence(store, 2006) == (
        "2006年，示例市人民政府与2个县区共签订责任目标15项。"
    )


def test_recent_changes_and_last_backup(store: Store) -> None:
    planning_framework.add_indicator(store, 2020, "工业投资")
    latest = overview.recent_changes(store, limit=2)
    assert [(c.label, c.who, c.records) for c in latest] == [
        ("添加指标 工业投资", "刘敏", 1), ("批量添加单位", "刘敏", 4),
    ]
    assert overview.last_backup(store) is None
    make_backup(store)
    made = overview.last_backup(store)
    assert made is not None
    assert made.date() == date(2020, 3, 12)


def test_findings_name_the_place(office: Office) -> None:
    store, unit = office.store, office.units["柯城区"]
    session.set_declared_points(store, 2020, Decimal(10))
    row = planning_framework.add_indicator(store, 2020, "工业投资(亿元)", points=Decimal(5))
    planning_framework.add_indicator(store, 2020, "工业投资(亿元)")
    planning_edits.set_cell(store, row, unit, TargetField.LAST_YEAR, "50")
    planning_edits.set_cell(store, row, unit, TargetField.VALUE, "45亿元,增长8%")
    planning_edits.set_cell(store, row, office.units["江山市"], TargetField.LAST_YEAR, "50")
    said = [finding.what for finding in planning_checks.findings(store, 2020)]
    assert said == [
        "柯城区:分值合计5分,应为10分",
        "江山市:分值合计5分,应为10分",
        "指标“工业投资”在同一类别中有2项",
        "工业投资 · 柯城区:低于上年实绩",
        "工业投资 · 柯城区:增长率与上年实绩、目标值不符,按数值计算为 -10.0%",
        "工业投资 · 江山市:目标值未设定",
    ]
    assert len(planning_checks.findings(store, 2020, limit=2)) == 3, "what is cut is said"


def test_search_finds_everything_by_first_letters(office: Office) -> None:
    store, unit = office.store, office.units["市交委"]
    people.add_post(store, unit, role=PostRole.PRINCIPAL, title="主任", holder="孙建武")
    row = planning_framework.add_indicator(store, 2020, "社会就业")
    planning_edits.set_cell(store, row, unit, TargetField.VALUE, "100")
    agreements.make_agreements(store, 2020)
    hits = search.search(store, "sjw", year=2020)
    assert [(hit.kind, hit.text) for hit in hits] == [
        (HitKind.PERSON, "孙建武"), (HitKind.UNIT, "市交通委员会"),
        (HitKind.AGREEMENT, "市交通委员会责任书"),
    ]
    assert hits[0].context == "市交委 主任"
    assert [hit.kind for hit in search.search(store, "shjy", year=2020)] == [HitKind.INDICATOR]
    assert search.search(store, "shjy", year=2019) == ()
    assert search.search(store, "  ", year=2020) == ()
    assert search.search(store, "C01", year=2020)[0].id == unit


def test_history_reads_as_an_office_would_say_it(office: Office) -> None:
    store, unit = office.store, office.units["柯城区"]
    row = planning_framework.add_indicator(store, 2020, "工业投资(亿元)")
    planning_edits.set_cell(store, row, unit, TargetField.VALUE, "140")
    store.operator = "陈志远"
    planning_edits.set_cell(store, row, unit, TargetField.VALUE, "150")
    target = planning_framework.targets_on(store, row)[0].id
    latest, made = history.history(store, target)
    assert (latest.label, latest.who) == ("修改目标值", "陈志远")
    assert [(c.label, c.old, c.new) for c in latest.changes] == [("目标值", "140亿元", "150亿元")]
    assert made.created
    assert ("单位", "", "柯城区") in [(c.label, c.old, c.new) for c in made.changes]
    history.restore(store, target, made.n)
    assert store.get(type(planning_framework.targets_on(store, row)[0]), target).value.text == "140"  # type: ignore[union-attr]
    unit_table.move_units(store, [unit], superior=office.units["市交委"])
    moved = history.history(store, unit)[0]
    assert ("上级单位", "示例市", "市交委") in [(c.label, c.old, c.new) for c in moved.changes]


def test_a_withdrawn_agreement_is_not_issued_again_by_its_history(office: Office) -> None:
    store = office.store
    row = planning_framework.add_indicator(store, 2020, "工业投资(亿元)")
    planning_edits.set_cell(store, row, office.units["柯城区"], TargetField.VALUE, "140")
    (record,) = agreements.make_agreements(store, 2020).made
    signing.issue(store, [record])
    signing.withdraw(store, record, reason="印错")
    issued = next(entry.n for entry in history.history(store, record) if "印发" in entry.label)
    with pytest.raises(NotAllowedError):
        history.restore(store, record, issued)


def test_a_sealed_year_is_not_changed_through_history_or_counting(office: Office) -> None:
    store, unit = office.store, office.units["柯城区"]
    row = planning_framework.add_indicator(store, 2020, "工业投资(亿元)")
    planning_edits.set_cell(store, row, unit, TargetField.VALUE, "140,增长8%")
    planning_edits.set_cell(store, row, unit, TargetField.VALUE, "150,增长9%")
    (target,) = planning_framework.targets_on(store, row)
    sealing.seal_year(store, 2020)
    for act in (
        lambda: history.restore(store, target.id, 1),
        lambda: history.restore(store, row, 1),
        lambda: planning_edits.set_counting(store, row, [unit], growth=True),
    ):
        with pytest.raises(NotAllowedError):
            act()


def test_a_division_with_targets_counts_as_a_unit(office: Office) -> None:
    store = office.store
    row = planning_framework.add_indicator(store, 2020, "工业投资(亿元)")
    for place in range(6):
        unit = offices.add_unit(store, f"第{place}科", superior=office.root, kind=UnitKind.DIVISION)
        planning_edits.set_cell(store, row, unit, TargetField.VALUE, "1")
    now = overview.figures(store, 2020)
    assert (now.units, now.units_with_targets) == (10, 6)
    assert "4个单位还没有目标" in [step.text for step in overview.next_steps(store, 2020)]
