"""A month's board, evidence, problems, scaffolding, gaps to the best, and pictures that stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain.lights import Light
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.reports import CauseKind, FigureKind, SnapshotKind, Verdict
from mbo_desktop.errors import FileReadError, InputError, NotAllowedError
from mbo_desktop.services import (
    evidence,
    filings,
    people,
    planning_edits,
    planning_framework,
    progress,
    progress_analysis,
    progress_entry,
    progress_lights,
    progress_problems,
    progress_snapshots,
    reporting_rules,
    sealing,
)
from mbo_desktop.services.filings import FilingState
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.services.target_cells import TargetField
from tests.services.conftest import YEAR, Office
from tests.services.test_progress_entry import Reported

D = Decimal


@pytest.fixture
def target(office: Office) -> Reported:
    return Reported(office)


def test_the_board_tells_who_reported_who_is_late_and_whom_to_phone(office: Office) -> None:
    one = Reported(office)
    for name in ("江山市", "高新区"):
        planning_edits.set_cell(office.store, one.row, office.units[name], TargetField.VALUE, "40")
    people.add_post(
        office.store, office.units["江山市"], role=PostRole.LIAISON, holder="周敏",
        since=date(2020, 1, 1),
    )
    one.type(2, "20")
    filings.receive(office.store, YEAR, 2, [office.units["高新区"]], on=date(2020, 3, 3))
    rows = {row.label: row for row in filings.board(office.store, YEAR, 2)}
    assert [rows[name].state for name in ("柯城区", "江山市", "高新区")] == [
        FilingState.RECEIVED, FilingState.MISSING, FilingState.LATE,
    ]
    assert rows["高新区"].days_late == 4
    text = filings.missing_text(office.store, YEAR, 2)
    assert "应报3个单位,未报1个" in text
    assert "1.江山市(周敏)" in text
    filings.excuse(office.store, YEAR, 2, office.units["高新区"], "道路中断")
    rows = {row.label: row for row in filings.board(office.store, YEAR, 2)}
    assert (rows["高新区"].state, rows["高新区"].days_late) == (FilingState.RECEIVED, 0)


def test_a_unit_that_reported_half_is_partly_there(office: Office) -> None:
    one = Reported(office)
    Reported(office, "招商引资(亿元)", "40")
    one.type(2, "20")
    (row,) = filings.board(office.store, YEAR, 2)
    assert (row.state, row.reported, row.targets) == (FilingState.PARTLY, 1, 2)
    assert "已报1项,缺1项" in filings.missing_text(office.store, YEAR, 2)


def test_the_deadline_is_a_day_of_this_or_the_next_month(office: Office) -> None:
    rules = reporting_rules.rules_of(office.store, YEAR)
    assert reporting_rules.deadline(rules, 2) == date(2020, 2, 28)
    late = replace(rules, deadline_day=31)
    assert reporting_rules.deadline(late, 2) == date(2020, 2, 29)
    assert reporting_rules.deadline(replace(rules, next_month=True, deadline_day=5), 12) == date(2021, 1, 5)
    with pytest.raises(InputError):
        reporting_rules.set_rules(office.store, replace(rules, deadline_day=32))
    with pytest.raises(InputError):
        filings.receive(office.store, YEAR, 3, [office.units["柯城区"]], on=date(2020, 3, 13))


def test_evidence_is_kept_once_and_judged(target: Reported, tmp_path: Path) -> None:
    paper = tmp_path / "验收报告.pdf"
    paper.write_bytes(b"%PDF-1.4 test")
    added = evidence.add_files(target.store, YEAR, target.subject, 3, [paper])
    again = evidence.add_files(target.store, YEAR, target.subject, 3, [paper])
    assert (added.added, again.added, again.known) == (1, 0, 1)
    target.type(3, "40")
    assert target.at(3).evidence == 1
    (one,) = evidence.evidence_of(target.store, target.subject)
    assert evidence.open_evidence(target.store, one.id).read_bytes() == b"%PDF-1.4 test"
    with pytest.raises(InputError):
        evidence.judge_evidence(target.store, one.id, Verdict.REFUSED)
    evidence.judge_evidence(target.store, one.id, Verdict.REFUSED, note="与项目无关")
    assert target.at(3).evidence == 0
    rules = reporting_rules.rules_of(target.store, YEAR)
    reporting_rules.set_rules(target.store, replace(rules, unproven_is_unmet=True))
    assert target.at(3).judged.reason == "没有佐证材料,按规定视为未完成。"
    sealing.seal_year(target.store, YEAR)
    with pytest.raises(NotAllowedError):
        evidence.judge_evidence(target.store, one.id, Verdict.ACCEPTED)
    with pytest.raises(NotAllowedError):
        evidence.remove_evidence(target.store, one.id)


@pytest.mark.parametrize("content", [b"", None])
def test_files_that_are_none(target: Reported, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "照片.jpg"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileReadError, match="照片"):
        evidence.add_files(target.store, YEAR, target.subject, 3, [path])
    assert evidence.evidence_of(target.store, target.subject) == ()


def test_problems_are_records_with_an_end(target: Reported) -> None:
    made = progress_problems.add_problem(
        target.store, YEAR, target.subject, 3, "征地未完成", cause=CauseKind.OBJECTIVE,
        wanted="请市自然资源局协调",
    )
    assert target.at(3).problems == 1
    with pytest.raises(InputError):
        progress_problems.settle_problem(target.store, made, " ")
    progress_problems.settle_problem(target.store, made, "已交付用地")
    assert target.at(3).problems == 0
    (row,) = progress_problems.problem_rows(target.store, YEAR)
    assert (row.title, row.unit_label) == ("工业投资", "柯城区")
    assert progress_problems.problem_rows(target.store, YEAR, only_open=True) == ()


def test_how_units_explain_themselves(office: Office) -> None:
    one, two, three = (
        Reported(office, name, "40") for name in ("工业投资(亿元)", "招商引资(亿元)", "农业投资(亿元)")
    )
    for target, cause in ((one, "客观"), (two, "主观"), (three, "")):
        target.type(6, "1")
        target.type(6, cause, ReportField.CAUSE)
    judged = progress_lights.lights(office.store, YEAR, 6)
    lagging = frozenset(one for one, found in judged.items() if found.light is Light.RED)
    (share,) = progress_problems.cause_shares(office.store, YEAR, 6, lagging)
    assert (share.objective, share.subjective, share.without) == (1, 1, 1)
    assert share.objective_share == D("50.0")


def test_scaffolding_is_what_does_not_move_and_nothing_proves(office: Office) -> None:
    still, moving = Reported(office), Reported(office, "招商引资(亿元)", "40")
    for month in range(1, 6):
        still.type(month, "5")
        moving.type(month, str(month))
    (row,) = progress_analysis.stale(office.store, YEAR, 5)
    assert (row.subject, row.since, row.months) == (still.subject, 1, 4)
    assert row.reason == "累计5自1月起4个月没有变化,无佐证材料,从未核实,未分解到下级。"
    still.type(5, "5", kind=FigureKind.VERIFIED)
    assert progress_analysis.stale(office.store, YEAR, 5) == ()


def test_a_unit_beside_the_best_of_its_group(office: Office) -> None:
    one = Reported(office)
    other = office.units["江山市"]
    planning_edits.set_cell(office.store, one.row, other, TargetField.VALUE, "50")
    ids = progress.month_ids(office.store, YEAR, progress.Sought(unit=other))
    one.type(6, "48")
    progress_entry.write_cells(
        office.store, YEAR, 6, [progress_entry.ReportEdit(ids[0], ReportField.AMOUNT, "30")]
    )
    (gap,) = progress_analysis.gaps(office.store, YEAR, 6, one.unit)
    assert (gap.share, gap.rank, gap.ranked) == (D("40.0"), 2, 2)
    assert (gap.best_unit, gap.best_share, gap.group_mean) == ("江山市", D("60.0"), D("50.0"))


def test_a_picture_stays_when_figures_change(target: Reported) -> None:
    target.type(6, "60")
    assert progress_snapshots.take(target.store, YEAR, 6, SnapshotKind.HALF_YEAR) == 1
    target.type(6, "70")
    (picture,) = progress_snapshots.snapshots(target.store, YEAR, 6, SnapshotKind.HALF_YEAR)
    (item,) = picture.items
    assert (item.actual, item.light, item.share) == ("60", "正常", D("50.0"))
    with pytest.raises(NotAllowedError, match="已经定稿"):
        progress_snapshots.take(target.store, YEAR, 6, SnapshotKind.HALF_YEAR)
    with pytest.raises(InputError):
        progress_snapshots.take_back(target.store, YEAR, 6, SnapshotKind.HALF_YEAR, "")
    progress_snapshots.take_back(target.store, YEAR, 6, SnapshotKind.HALF_YEAR, "数据更正")
    assert progress_snapshots.snapshots(target.store, YEAR, 6, SnapshotKind.HALF_YEAR) == ()
    with pytest.raises(InputError, match="期末"):
        progress_snapshots.take(target.store, YEAR, 5, SnapshotKind.QUARTER)


def test_gaps_of_many_units_are_those_of_each(office: Office) -> None:
    target = Reported(office)
    target.type(6, "60")
    basis = progress_analysis.gap_basis(office.store, YEAR, 6)
    one = progress_analysis.gaps(office.store, YEAR, 6, target.unit)
    assert one and progress_analysis.gaps(office.store, YEAR, 6, target.unit, basis) == one


def test_the_own_governments_targets_stand_in_no_monthly_list(office: Office) -> None:
    """They are the whole city's figures: shown when the unit or an indicator is asked for."""
    one = Reported(office)
    planning_edits.set_cell(office.store, one.row, office.root, TargetField.VALUE, "400")
    (whole,) = office.store.all(Target, indicator=one.row, unit=office.root)
    assert progress.month_ids(office.store, YEAR, progress.Sought()) == (one.subject,)
    assert set(progress_lights.lights(office.store, YEAR, 3)) == {one.subject}
    assert [row.label for row in filings.board(office.store, YEAR, 3)] == ["柯城区"]
    for sought in (progress.Sought(unit=office.root), progress.Sought(indicator=one.row)):
        assert set(progress.month_ids(office.store, YEAR, sought)) == {one.subject, whole.id}
    progress_entry.write_cells(office.store, YEAR, 3, [ReportEdit(whole.id, ReportField.AMOUNT, "90")])
    assert progress.count_months(office.store, YEAR) == {}


def test_an_own_government_that_alone_carries_targets_is_reported_on(office: Office) -> None:
    row = planning_framework.add_indicator(office.store, YEAR, "工业投资(亿元)")
    planning_edits.set_cell(office.store, row, office.root, TargetField.VALUE, "400")
    assert len(progress.month_ids(office.store, YEAR, progress.Sought())) == 1
    assert len(filings.board(office.store, YEAR, 3)) == 1
    assert len(progress_lights.lights(office.store, YEAR, 3)) == 1


def test_words_count_only_where_nobody_gave_a_figure(target: Reported) -> None:
    target.type(3, "30")
    target.type(3, "基本属实", kind=FigureKind.VERIFIED)
    assert target.at(3).counted == "30"
    target.type(3, "28", kind=FigureKind.VERIFIED)
    assert target.at(3).counted == "28"
