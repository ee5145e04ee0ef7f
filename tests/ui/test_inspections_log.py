"""督查台账, 领导过问, 数据核实: planned, drawn, found, put right; who was looked at; deviations to a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from mbo_desktop.domain.accountability import AccountabilityCase
from mbo_desktop.domain.dockets import Docket
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import (
    Finding,
    FindingKind,
    Inspection,
    InspectionState,
    InspectionWay,
)
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.errors import InputError
from mbo_desktop.services import (
    inspections,
    leader_attention,
    numbering,
    planning_edits,
    progress,
    successions,
)
from mbo_desktop.services.planning_matrix import TargetField
from tests.ui.inspection_folder import shown, words_of
from tests.ui.planning_folder import YEAR
from tests.ui.progress_folder import Folder
from ui.dialogs.inspection_attention import AttentionDialog, FollowedDialog
from ui.dialogs.inspection_docket import unit_option
from ui.dialogs.inspection_finding import FindingDialog, RectifiedDialog
from ui.dialogs.inspection_sample import SampleDialog
from ui.dialogs.inspection_visit import DoneDialog, VisitDialog
from ui.pages import inspection_print
from ui.pages.inspection_attention import UNITS, AttentionView
from ui.pages.inspection_honesty import HonestyView
from ui.pages.inspection_log import LogView
from ui.pages.inspections import InspectionsPage


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Iterator[Folder]:
    made = Folder(tmp_path / "data")
    for indicator in made.indicators:
        for unit in made.units:
            planning_edits.set_cell(made.store, indicator, unit, TargetField.VALUE, "120")
    yield made
    made.store.close()


@pytest.fixture
def page(folder: Folder, tmp_path: Path, qtbot: Any) -> Any:
    made = shown(InspectionsPage, folder, tmp_path, qtbot)
    made.choose("log")
    return made


def view_of(page: Any) -> LogView:
    assert isinstance(page.views.view, LogView)
    return page.views.view


def texts(panel: Any, key: str) -> list[str]:
    model = panel.model
    return [model.cell_at(row, model.column_of(key)).text for row in range(model.rowCount())]


def planned(folder: Folder, **facts: Any) -> RecordId:
    facts.setdefault("month", 2)
    return inspections.plan(folder.store, YEAR, "2月抽样检查", way=InspectionWay.SAMPLING, **facts)


def test_an_inspection_is_planned_with_units_of_its_targets(page: Any, folder: Folder, qtbot: Any) -> None:
    assert "还没有督查" in words_of(view_of(page).panel)
    dialog = VisitDialog(page.kept)
    qtbot.addWidget(dialog)
    dialog.title.setText("2月重点目标检查")
    dialog.begins.setText("3.18")
    dialog.ends.setText("3.16")
    dialog.subjects.edit.setText("柯城区 gytz")
    (option,) = [one for one in dialog.subjects.edit._lookup("gytz") if one.label.startswith("柯城区")]
    dialog.subjects._on_picked(option)
    dialog.try_to_accept()
    assert "结束日期早于开始日期" in dialog.problem.text()
    dialog.ends.setText("3.19")
    dialog.try_to_accept()
    assert dialog.made is not None
    visit = folder.store.get(Inspection, dialog.made)
    assert (visit.units, visit.month, visit.planned_from) == ((folder.units[0],), 2, date(2020, 3, 18))
    view = view_of(page)
    assert texts(view.panel, "days") == ["03-18 至 03-19"]
    assert texts(view.findings, "kind") == ["未查"]
    assert view.months.words(3) == "3月:已查 0 次,待查 1 次"


def test_a_merged_unit_is_refused_by_name(page: Any, folder: Folder, qtbot: Any) -> None:
    successions.merge_units(
        folder.store, [folder.units[1]], into=folder.units[0], effective_on=date(2020, 1, 1)
    )
    dialog = VisitDialog(page.kept)
    qtbot.addWidget(dialog)
    dialog.title.setText("检查")
    dialog.begins.setText("3.18")
    dialog.units.set_options([unit_option(folder.store, folder.units[1])])
    dialog.try_to_accept()
    assert "龙游县人民政府”已于2020年1月1日撤并" in dialog.problem.text()
    assert "承继" in dialog.problem.text()


def test_months_choose_what_is_listed(page: Any, folder: Folder, qtbot: Any) -> None:
    planned(folder, planned_from=date(2020, 3, 18))
    planned(folder, planned_from=date(2020, 5, 8))
    view = view_of(page)
    assert len(texts(view.panel, "title")) == 2
    view.months.setFocus()
    for _step in range(5):
        qtbot.keyClick(view.months, Qt.Key.Key_Right)
    assert (view.months.month, texts(view.panel, "days")) == (5, ["05-08"])
    qtbot.keyClick(view.months, Qt.Key.Key_Home)
    assert len(texts(view.panel, "title")) == 2


def test_the_sample_shown_is_the_sample_kept(page: Any, folder: Folder, qtbot: Any) -> None:
    visit = planned(folder)
    dialog = SampleDialog(page.kept, visit)
    qtbot.addWidget(dialog)
    assert "要抽取12个,但范围内只有6个" in dialog.said.text()
    dialog.try_to_accept()
    assert "范围内只有6个" in dialog.problem.text()
    dialog.size.setText("3")
    dialog.seed.setText("2020")
    dialog.draw()
    names = [dialog.table.item(row, 2).text() for row in range(dialog.table.rowCount())]
    assert len(names) == 3
    dialog.by.setCurrentIndex(dialog.by.findData("unit"))
    assert "各层" in dialog.said.text()
    assert "/3" in dialog.said.text()
    kept = [int(one.member.key) for one in dialog.drawn.drawn]
    dialog.try_to_accept()
    sample = folder.store.get(Inspection, visit).sample
    assert sample is not None
    assert [int(one) for one in sample.drawn] == kept
    view = view_of(page)
    assert texts(view.findings, "kind") == ["未查"] * 3
    assert "2020" in words_of(view.side)


def finding_dialog(page: Any, folder: Folder, visit: RecordId, qtbot: Any, **facts: Any) -> FindingDialog:
    dialog = FindingDialog(page.kept, folder.store.get(Inspection, visit), **facts)
    qtbot.addWidget(dialog)
    return dialog


def test_a_verified_value_stands_against_the_reported_one(page: Any, folder: Folder, qtbot: Any) -> None:
    target = folder.target(1, 0)
    folder.type(2, target, "60")
    visit = planned(folder, subjects=(target,), units=(folder.units[0],))
    dialog = finding_dialog(page, folder, visit, qtbot, subject=target)
    assert "60" in dialog.reported.text()
    dialog.verified.setText("54")
    dialog.tell()
    assert "▲ 多报 6" in dialog.reported.text()
    assert dialog.kind.currentData() == FindingKind.DEVIATION.value
    dialog.until.setText("2020-03-01")
    dialog.try_to_accept()
    assert "早于发现日期" in dialog.problem.text()
    dialog.until.setText("2020-04-01")
    dialog.try_to_accept()
    row = progress.month_rows(folder.store, YEAR, 2, (target,))[target]
    assert (row.counted, row.counted_kind) == ("54", FigureKind.VERIFIED)
    view = view_of(page)
    assert texts(view.findings, "gap") == ["-6"]
    assert texts(view.findings, "rectified") == ["未整改"]
    assert "未整改 1" in page._figures.text()


def test_a_second_verified_value_is_asked_about(page: Any, folder: Folder, qtbot: Any) -> None:
    target = folder.target(1, 0)
    visit = planned(folder)
    inspections.add_finding(folder.store, visit, folder.units[0], subject=target, verified=Decimal(54))
    dialog = finding_dialog(page, folder, visit, qtbot, subject=target)
    assert dialog.replace_it.isHidden()
    dialog.verified.setText("50")
    dialog.try_to_accept()
    assert "已有核实数54" in dialog.problem.text()
    assert not dialog.replace_it.isHidden()
    dialog.replace_it.setChecked(True)
    dialog.try_to_accept()
    assert dialog.outcome is not None


def test_a_deduction_needs_its_reason_and_photos_their_size(
    page: Any, folder: Folder, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspections, "PHOTO_LIMIT", 10)
    small, large = tmp_path / "小.jpg", tmp_path / "大.jpg"
    small.write_bytes(b"123")
    large.write_bytes(b"12345678901")
    visit = planned(folder)
    dialog = finding_dialog(page, folder, visit, qtbot, unit=folder.units[0])
    dialog.photos.take([small, large])
    assert "1 份:小.jpg" in dialog.photos.said.text()
    assert "未加入:“大.jpg”" in dialog.photos.said.text()
    dialog.text.setPlainText("台账不全")
    dialog.points.setText("0.5")
    dialog.try_to_accept()
    assert "扣分的理由没有填写" in dialog.problem.text()
    dialog.reason.setText("督查办法第8条")
    dialog.try_to_accept()
    assert dialog.outcome is not None
    view = view_of(page)
    view.finding_deeds.add_photos(dialog.outcome.finding, dialog.photos.paths)
    view.show_finding(dialog.outcome.finding)
    assert "小.jpg" in words_of(view.side)
    assert "0.5(督查办法第8条)" in words_of(view.side)


def test_findings_follow_each_other_down_the_sample(
    page: Any, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = (folder.target(1, 0), folder.target(1, 1))
    planned(folder, subjects=targets, units=tuple(folder.units))
    asked: list[object] = []

    def run(dialog: Any) -> int:
        asked.append(dialog.subject.value())
        dialog.text.setPlainText("与台账一致")
        if len(asked) == 1:
            dialog._on_next()
        else:
            dialog.try_to_accept()
        return dialog.result()

    monkeypatch.setattr(FindingDialog, "exec", run)
    view_of(page).add_finding()
    assert asked == list(targets)
    assert "未查" not in texts(view_of(page).findings, "kind")


def test_a_finding_is_put_right_or_becomes_docket_and_case(page: Any, folder: Folder, qtbot: Any) -> None:
    visit = planned(folder)
    made = inspections.add_finding(
        folder.store, visit, folder.units[0], text="台账不全", rectify_until=date(2020, 3, 10)
    ).finding
    page.show_record(int(made), "finding")
    view = view_of(page)
    assert texts(view.findings, "rectified") == ["超2天未改"]
    view._on_wanted("docket")
    (docket,) = folder.store.all(Docket)
    assert (docket.origin, docket.title) == (made, "台账不全")
    view._on_wanted("docket")
    assert "已登记为督查事项" in page.said[-1]
    view._on_wanted("case")
    (case,) = folder.store.all(AccountabilityCase)
    assert case.origin == made
    dialog = RectifiedDialog(folder.store, [made])
    qtbot.addWidget(dialog)
    dialog.try_to_accept()
    assert "整改情况没有填写" in dialog.problem.text()
    dialog.how.setPlainText("已补齐")
    dialog.try_to_accept()
    assert texts(view.findings, "rectified") == ["已整改 03-12"]
    assert folder.store.get(Finding, made).rectified_how == "已补齐"


def test_states_of_an_inspection_and_what_hinders(page: Any, folder: Folder, qtbot: Any) -> None:
    visit = planned(folder)
    view = view_of(page)
    view._on_wanted("begin")
    assert texts(view.panel, "state") == ["进行中"]
    dialog = DoneDialog(folder.store, folder.store.get(Inspection, visit))
    qtbot.addWidget(dialog)
    dialog.conclusion.setPlainText("总体属实")
    dialog.try_to_accept()
    assert folder.store.get(Inspection, visit).state is InspectionState.DONE
    view.sample()
    assert "不能再抽样" in page.said[-1]
    assert "恢复为进行中" in words_of(view.side)
    inspections.add_finding(folder.store, visit, folder.units[0], text="好")
    view._on_wanted("delete")
    assert "已有1条发现" in page.said[-1]


def test_an_unannounced_visit_says_that_it_stays_inside(page: Any, folder: Folder) -> None:
    inspections.plan(folder.store, YEAR, "暗访", way=InspectionWay.UNANNOUNCED)
    assert "内部掌握" in words_of(view_of(page).side)


def test_what_leaders_took_up_and_who_was_not_looked_at(page: Any, folder: Folder, qtbot: Any) -> None:
    page.choose("attention")
    view = page.views.view
    assert isinstance(view, AttentionView)
    view.choose(UNITS)
    assert texts(view.unit_panel, "word") == ["无人过问", "无人过问"]
    dialog = AttentionDialog(page.kept, unit=folder.units[0])
    qtbot.addWidget(dialog)
    dialog.leader.setText("王副市长")
    dialog.day.setText("2020-03-20")
    dialog.matter.setPlainText("现场研究用地")
    dialog.try_to_accept()
    assert "日期还没有到" in dialog.problem.text()
    dialog.day.setText("今天")
    dialog.try_to_accept()
    assert dialog.made is not None
    assert texts(view.unit_panel, "word") == ["已看过", "无人过问"]
    view.show_record(dialog.made)
    follow = FollowedDialog(folder.store, dialog.made)
    qtbot.addWidget(follow)
    follow.how.setPlainText("用地已批")
    follow.try_to_accept()
    assert texts(view.panel, "state") == ["已落实 03-12"]
    assert leader_attention.lines(folder.store, YEAR)[0].unit_label == "柯城区"


def test_repeated_deviations_go_to_a_case_in_one_step(page: Any, folder: Folder) -> None:
    visit = planned(folder)
    for place in (1, 2):
        target = folder.target(place, 0)
        folder.type(2, target, "60")
        inspections.add_finding(
            folder.store, visit, folder.units[0], subject=target, verified=Decimal(50), text="虚报"
        )
    page.choose("honesty")
    view = page.views.view
    assert isinstance(view, HonestyView)
    assert texts(view.panel, "times") == ["多次 2", "多次 2"]
    assert texts(view.panel, "share") == ["16.7", "16.7"]
    assert "■多次 1" in page._figures.text()
    view.to_case()
    (case,) = folder.store.all(AccountabilityCase)
    assert (case.kind, case.unit) == ("弄虚作假", folder.units[0])
    view.to_case()
    assert "已立案" in page.said[-1]


def test_enter_opens_what_the_cursor_is_at(
    page: Any, folder: Folder, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(folder, subjects=(folder.target(1, 0), folder.target(1, 1)), units=tuple(folder.units))
    asked: list[object] = []

    def run(dialog: Any) -> int:
        asked.append(getattr(dialog, "subject", dialog).value() if isinstance(dialog, FindingDialog) else dialog)
        return 0

    monkeypatch.setattr(FindingDialog, "exec", run)
    monkeypatch.setattr(VisitDialog, "exec", run)
    view = view_of(page)
    view.findings.view.show_record(int(folder.target(1, 1)))
    view.findings.view.setFocus()
    qtbot.keyClick(view.findings.view, Qt.Key.Key_Return)
    assert asked == [folder.target(1, 1)]
    view.panel.view.setFocus()
    qtbot.keyClick(view.panel.view, Qt.Key.Key_Return)
    assert isinstance(asked[-1], VisitDialog)


def test_the_circular_takes_its_issue_number_only_when_it_can_be_made(
    page: Any, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, Any]] = []
    monkeypatch.setattr(
        inspection_print, "print_document",
        lambda _page, _workspace, name, make, **_more: made.append((name, make())),
    )
    papers = view_of(page).papers
    visit = inspections.plan(folder.store, YEAR, "重点项目暗访", way=InspectionWay.UNANNOUNCED)
    papers.make_circular(visit, "督查通报", numbered=True)
    assert "还没有登记发现" in page.said[-1]
    inspections.add_finding(folder.store, visit, folder.units[0], text="现场停工")
    papers.make_circular(visit, "督查通报", numbered=True)
    assert "是暗访,还没有结束" in page.said[-1]
    assert made == []
    inspections.set_state(folder.store, visit, InspectionState.DONE)
    papers.make_circular(visit, "督查通报", numbered=True)
    assert "第1期" in page.said[-1]
    assert made[0][0] == "重点项目暗访督查通报"
    papers.make_circular(visit, "督查报告", numbered=False)
    assert len(numbering.issued_numbers(folder.store, "督查通报", YEAR)) == 1
    papers.record_sheet(visit, filled=True)
    assert made[-1][0] == "重点项目暗访记录表"
    with pytest.raises(InputError, match="没有抽样"):
        papers.protocol(visit)
