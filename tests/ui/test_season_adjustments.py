"""责任书 · 调整: asked, commented, approved, taken back; many units at once; typos; template, scans, papers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.adjustments import AdjustmentKind, AdjustmentState, CorrectedField
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import (
    adjustment_lists,
    adjustments,
    agreements,
    corrections,
    office_template,
    planning_edits,
    planning_matrix,
    scans,
    sealing,
    signing,
)
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from tests.ui.planning_folder import YEAR, add_indicators, make_store, make_workspace, unit_ids
from ui.dialogs.season_adjustment_many import ManyDialog
from ui.dialogs.season_adjustments import (
    ApproveDialog,
    CorrectionDialog,
    OpinionDialog,
    RequestDialog,
    WindowsDialog,
)
from ui.dialogs.season_rounds import ReasonDialog
from ui.dialogs.season_scans import ScansDialog, add_many
from ui.dialogs.season_template import TemplateDialog
from ui.pages.agreements import AgreementsPage
from ui.pages.season_adjustments import CORRECTIONS


@pytest.fixture
def store(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    made = make_store(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def indicators(store: Store) -> list[RecordId]:
    """Three indicators, the first allotted to both counties and signed on 10 March."""
    made = add_indicators(store)
    agreements.make_agreements(store, YEAR)
    signing.sign_at_meeting(store, YEAR, on=date(2020, 3, 10))
    return made


@pytest.fixture
def page(store: Store, indicators: list[RecordId], tmp_path: Path, qtbot: QtBot) -> Any:
    workspace = make_workspace(store, tmp_path)
    made: Any = AgreementsPage(workspace)
    qtbot.addWidget(made)
    workspace.changed.connect(made.refresh)
    made.said = []
    workspace.said.connect(lambda text, tone, actions: made.said.append(text))
    made.resize(1184, 620)
    made.show()
    made.activate()
    made.activateWindow()
    made.kept = workspace
    made.views.choose("adjusting")
    return made


def view_of(page: Any) -> Any:
    return page.views.adjustments


def texts(page: Any, key: str) -> list[str]:
    model = view_of(page)._panel().model
    return [model.cell_at(row, model.column_of(key)).text for row in range(model.rowCount())]


def side_words(page: Any) -> list[str]:
    return [label.text() for label in view_of(page).side.findChildren(QLabel)]


def ask(store: Store, indicator: RecordId, unit: RecordId, text: str, *, lower: bool = True) -> RecordId:
    kind = AdjustmentKind.LOWER if lower else AdjustmentKind.RAISE
    (made,) = adjustments.request(
        store, [adjustments.AdjustmentInput(indicator, unit, kind, text, "干旱减产")],
        requested_on=date(2020, 3, 12), outside_window="省里同时调整",
    )
    return made


def test_the_room_shows_one_place_of_work_at_a_time(page):
    assert page.more.isHidden()
    assert page.panel.isHidden()
    assert view_of(page).states.isVisible()
    assert "调整 0 项" in page._figures.text()
    page.views.choose("signing")
    assert not page.more.isHidden()
    assert not page.panel.isHidden()
    assert view_of(page).states.isHidden()
    assert "已签订 2 份" in page._figures.text()


def test_a_request_is_recorded_with_its_reason(page, store, indicators, qtbot):
    unit = unit_ids(store)[1]
    dialog = RequestDialog(store, YEAR, unit=unit, indicator=indicators[0])
    qtbot.addWidget(dialog)
    assert "现目标 40(按责任书)" in dialog.present.text()
    dialog.kind.setCurrentIndex(dialog.kind.findData("lower"))
    dialog.text.setText("35")
    dialog.reason.setPlainText("干旱减产")
    dialog.try_to_accept()
    assert "不在调整受理期内" in dialog.problem.text(), "March is outside July and October"
    dialog.outside.setText("省里同时调整")
    dialog.try_to_accept()
    assert dialog.problem.isHidden()
    assert texts(page, "old") == ["40"]
    assert texts(page, "new") == ["35"]
    assert texts(page, "state") == ["已申请"]
    assert planning_matrix.cell(store, indicators[0], unit).value == "40"


def test_a_raise_that_lowers_is_refused_in_words(page, store, indicators, qtbot):
    dialog = RequestDialog(store, YEAR, unit=unit_ids(store)[1], indicator=indicators[0])
    qtbot.addWidget(dialog)
    assert dialog.kind.currentText() == "调低", "what units usually ask for"
    dialog.kind.setCurrentText("调高")
    dialog.text.setText("35")
    dialog.reason.setPlainText("x")
    dialog.outside.setText("x")
    dialog.try_to_accept()
    assert "不是调高" in dialog.problem.text()


def test_opinions_then_approval_then_taken_back(page, store, indicators, qtbot, monkeypatch):
    unit = unit_ids(store)[1]
    record = ask(store, indicators[0], unit, "35")
    view = view_of(page)
    view.grid.view.show_record(record)
    opinion = OpinionDialog(store, YEAR, [record])
    qtbot.addWidget(opinion)
    opinion.text.setPlainText("情况属实")
    opinion.try_to_accept()
    assert any("情况属实" in word for word in side_words(page))
    approve = ApproveDialog(store, YEAR, [record])
    qtbot.addWidget(approve)
    approve.try_to_accept()
    assert "没有写明批准的会议或文号" in approve.problem.text()
    approve.approval.number.setText("示政〔2020〕12号")
    approve.try_to_accept()
    assert texts(page, "state") == ["已批准"]
    assert planning_matrix.cell(store, indicators[0], unit).value == "35"
    assert "按2020-03-12调低(示政〔2020〕12号)" in side_words(page)

    def answer(dialog: ReasonDialog) -> int:
        dialog.reason.setPlainText("文号有误")
        dialog.try_to_accept()
        return 1

    monkeypatch.setattr(ReasonDialog, "exec", answer)
    view._on_revoke()
    assert texts(page, "state") == ["批准已撤回"]
    assert planning_matrix.cell(store, indicators[0], unit).value == "40"


def test_in_a_sealed_year_no_form_is_opened(page, store, monkeypatch):
    sealing.seal_year(store, YEAR)
    for dialog in (RequestDialog, ManyDialog, CorrectionDialog):
        monkeypatch.setattr(dialog, "exec", lambda self: pytest.fail("a form was opened"))
    view = view_of(page)
    for act in (view._on_request, view._on_decide, view._on_many, view._on_correct):
        page.said.clear()
        act()
        assert "已封存" in page.said[-1]


def test_all_selected_approvals_are_taken_back_at_once(page, store, indicators, monkeypatch):
    units = unit_ids(store)
    made = [ask(store, indicators[0], unit, text) for unit, text in zip(units, ("70", "35"), strict=True)]
    adjustments.approve(store, made, adjustments.Approval(date(2020, 3, 12), meeting="常务会议"))
    view = view_of(page)
    view.grid.view.selectAll()
    said: list[str] = []

    def answer(dialog):
        said.extend(label.text() for label in dialog.findChildren(QLabel))
        dialog.reason.setPlainText("会议改期")
        dialog.try_to_accept()
        return 1

    monkeypatch.setattr(ReasonDialog, "exec", answer)
    view._on_revoke()
    assert any("选中的 2 项调整" in text for text in said)
    assert texts(page, "state") == ["批准已撤回", "批准已撤回"]


def test_only_open_requests_are_approved(page, store, indicators):
    view = view_of(page)
    view._on_approve()
    assert page.said[-1] == "请先选中“已申请”的调整。"


def test_many_units_are_raised_by_one_decision(page, store, indicators, qtbot):
    dialog = ManyDialog(page.kept)
    qtbot.addWidget(dialog)
    dialog.open_indicator(indicators[0])
    dialog.percent.setText("10")
    dialog._on_raise()
    changed = dialog.book.changed()
    assert sorted(changed.values()) == [Decimal(44), Decimal("83")] or len(changed) == 2
    dialog.reason.setPlainText("省里加压")
    dialog.approval.meeting.setText("市政府第3次常务会议")
    before = store.change_count
    dialog.try_to_accept()
    assert dialog.problem.isHidden(), dialog.problem.text()
    assert store.change_count == before + 1, "one action"
    assert texts(page, "state") == ["已批准", "已批准"]
    assert texts(page, "kind") == ["调高", "调高"]
    rows = adjustment_lists.adjustments(store, YEAR, states=(AdjustmentState.APPROVED,))
    assert {row.meeting for row in rows} == {"市政府第3次常务会议"}


def test_a_decision_refused_for_every_unit_keeps_what_was_typed(page, store, indicators, qtbot):
    dialog = ManyDialog(page.kept)
    qtbot.addWidget(dialog)
    dialog.open_indicator(indicators[0])
    dialog.percent.setText("10")
    dialog._on_raise()
    dialog.reason.setPlainText("省里加压")
    dialog.approval.meeting.setText("市政府第3次常务会议")
    dialog.approval.day.setText("2020-01-02")
    dialog.show()
    dialog.try_to_accept()
    assert "早于责任书签订日期" in dialog.problem.text()
    assert dialog.isVisible() and dialog.book.changed(), "nothing typed is lost"
    assert dialog.body.totalHeightForWidth(dialog.width()) <= dialog.height(), "room for the sentence"


def test_a_decision_about_nothing_is_refused(page, indicators, qtbot):
    dialog = ManyDialog(page.kept)
    qtbot.addWidget(dialog)
    dialog.open_indicator(indicators[0])
    dialog.try_to_accept()
    assert "没有填写任何单位调整后的目标" in dialog.problem.text()


def test_windows_are_settings(page, store, qtbot):
    dialog = WindowsDialog(store, YEAR)
    qtbot.addWidget(dialog)
    name, opens, closes = dialog.lines[2]
    name.setText("春季加压")
    opens.setText("3.1")
    closes.setText("2.1")
    dialog.try_to_accept()
    assert "止日早于起日" in dialog.problem.text()
    closes.setText("3.31")
    dialog.try_to_accept()
    assert [one.name for one in adjustments.windows(store, YEAR)][-1] == "春季加压"


def test_a_typo_is_corrected_apart_from_adjustments(page, store, indicators, qtbot):
    dialog = CorrectionDialog(store, YEAR, unit=unit_ids(store)[1], indicator=indicators[0])
    qtbot.addWidget(dialog)
    dialog.text.setText("45")
    dialog.reason.setPlainText("打印错")
    dialog.try_to_accept()
    assert "批准人" in dialog.problem.text()
    dialog.by.setText("王建国")
    dialog.try_to_accept()
    assert texts(page, "state") == [], "no adjustment"
    view = view_of(page)
    view.states.setCurrentIndex(view.states.findData("corrections"))
    view._on_state()
    assert (texts(page, "before"), texts(page, "after")) == (["40"], ["45"])
    assert len(corrections.corrections_of_year(store, YEAR)) == 1
    assert "更正 1 处" in page._figures.text()


def test_an_empty_list_teaches(page):
    view = view_of(page)
    assert view.grid._stack.currentWidget() is view.grid._empty


def test_a_template_is_checked_in_sentences_and_adopted(page, store, qtbot, tmp_path):
    dialog = TemplateDialog(page.kept)
    qtbot.addWidget(dialog)
    assert dialog.present.text() == "现用:内置版式"
    bad = tmp_path / "坏.docx"
    bad.write_bytes(b"no zip")
    dialog.take(bad)
    assert not dialog.messages.isHidden()
    assert office_template.kept_template(store, YEAR) is None
    good = tmp_path / "样板.docx"
    office_template.write_example(store, YEAR, good)
    dialog.take(good)
    assert dialog.present.text() == "现用:本单位模板“样板.docx”", dialog.messages.label.text()
    assert dialog.buttons["fill"].isEnabled()
    dialog._on_drop()
    assert office_template.kept_template(store, YEAR) is None


def test_a_broken_template_is_told_once_and_read_whole(page, qtbot, tmp_path):
    dialog = TemplateDialog(page.kept)
    qtbot.addWidget(dialog)
    dialog.show()
    bad = tmp_path / "bad.docx"
    paper = Document()
    paper.add_paragraph("{{电话啊}}")
    paper.save(str(bad))
    dialog.take(bad)
    assert dialog.problems.item(0).text().count("正文第1段") == 1
    words = tmp_path / "一个名称很长很长的并不是文档的文件.docx"
    words.write_text("hello")
    dialog.take(words)
    layout = dialog.layout()
    assert layout is not None and dialog.height() >= layout.totalHeightForWidth(dialog.width())


def test_scans_are_added_listed_and_removed(page, store, qtbot, tmp_path):
    unit = unit_ids(store)[0]
    record = next(row.agreement for row in agreements.board(store, YEAR) if row.unit == unit)
    dialog = ScansDialog(page.kept, record, "柯城区")
    qtbot.addWidget(dialog)
    assert dialog.empty.isVisibleTo(dialog)
    paper = tmp_path / "柯城区 责任书.pdf"
    paper.write_bytes(b"%PDF-1.4 scan")
    dialog.add([paper])
    assert dialog.list.count() == 1
    dialog.add([tmp_path / "gone.pdf"])
    assert "打不开" in dialog.messages.label.text()
    dialog._on_remove()
    assert scans.scans_of(store, record) == ()


def test_many_scans_find_their_units_in_one_step(page, store, tmp_path):
    paths = [tmp_path / name for name in ("柯城区人民政府.pdf", "龙游县人民政府.pdf", "无名.pdf")]
    for path in paths:
        path.write_bytes(path.name.encode())
    before = store.change_count
    told = add_many(page.kept, paths)
    assert store.change_count == before + 1
    assert "添加 2 个扫描件" in told
    assert "无名.pdf" in told


@pytest.mark.parametrize("paper", ["print_register", "print_sheet", "print_unsigned", "print_cover"])
def test_papers_of_the_signing_are_previewed(page, store, qtbot, monkeypatch, paper):
    shown: list[bytes] = []

    class Preview:
        def __init__(self, pdf: bytes, *_: Any, **__: Any) -> None:
            shown.append(pdf)

        def show(self) -> None:
            pass

    monkeypatch.setattr("ui.pages.season_print.PrintPreview", Preview)
    signing_state = agreements.state_counts(store, YEAR)
    getattr(page.more, paper)()
    if paper == "print_unsigned" and not any(one in (None,) for one in signing_state):
        assert page.said or shown
        return
    assert shown and shown[0].startswith(b"%PDF"), page.said


def test_notice_form_and_supplements_come_from_the_list(page, store, indicators, monkeypatch, tmp_path):
    shown: list[str] = []
    sheets: list[bool] = []

    class Preview:
        def __init__(self, pdf: bytes, name: str, *_: Any, **others: Any) -> None:
            assert pdf.startswith(b"%PDF")
            shown.append(name)
            sheets.append(others["excel"] is not None)

        def show(self) -> None:
            pass

    monkeypatch.setattr("ui.pages.season_print.PrintPreview", Preview)
    view = view_of(page)
    view.papers.print_notice()
    assert "请先选中" in page.said[-1]
    record = ask(store, indicators[0], unit_ids(store)[1], "35")
    adjustments.approve(store, [record], adjustments.Approval(date(2020, 3, 12), number="示政〔2020〕12号"))
    view.grid.view.show_record(record)
    view.papers.print_notice()
    view.papers.print_form()
    assert shown == ["2020年度目标调整通知 示政〔2020〕12号", "目标调整申请审批表 龙游县"], page.said
    assert sheets == [True, False], "a list goes to Excel, a form does not"
    view.papers.print_correction()
    assert "选中一处更正" in page.said[-1]
    corrections.correct(store, indicators[0], unit_ids(store)[0], CorrectedField.DUE, "2020-11-30",
                        reason="漏填", approved_by="王建国", on=date(2020, 4, 2))
    view.states.setCurrentIndex(view.states.findData(CORRECTIONS))
    view.activate()
    view.states.setCurrentIndex(0)
    monkeypatch.setattr("ui.pages.season_adjustments.CorrectionDialog.exec", lambda _dialog: 1)
    view._on_correct()
    assert view.shows_corrections, "what was just corrected is seen"
    view._on_wanted("correction_note")
    assert shown[-1] == "更正说明 地区生产总值 · 柯城区" and not sheets[-1], page.said
    view.papers.write_supplements(tmp_path / "out")
    assert sorted(p.suffix for p in (tmp_path / "out").iterdir()) == [".docx", ".pdf"], page.said


def test_the_board_says_adjusted_not_inconsistent(page, store, indicators):
    record = ask(store, indicators[0], unit_ids(store)[1], "35")
    adjustments.approve(store, [record], adjustments.Approval(date(2020, 3, 12), number="示政〔2020〕12号"))
    assert page.manual_page() == "adjustments"
    page.views.choose("signing")
    model = page.grid.model
    column = model.column_of("remark")
    assert [model.cell_at(row, column).text for row in range(2)] == ["", "已调整 1 项"]
    assert page.manual_page() == ""


def test_the_agreement_panel_tells_adjusted_from_inconsistent(page, store, indicators):
    unit = unit_ids(store)[1]
    record = ask(store, indicators[0], unit, "35")
    adjustments.approve(store, [record], adjustments.Approval(date(2020, 3, 12), number="示政〔2020〕12号"))
    page.views.choose("signing")

    def words() -> list[str]:
        page.panel.show_row(page.source.units[int(unit)])
        return [label.text() for label in page.panel.findChildren(QLabel)]

    assert "签订后已调整 1 处" in words()
    assert not any("不一致" in text for text in words())
    planning_edits.set_cell(store, indicators[0], unit, TargetField.NOTE, "口径另定")
    assert {"签订后已调整 1 处", "与现行目标不一致 1 处"} <= set(words()), "an edit without paper is still told"
