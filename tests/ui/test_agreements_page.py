"""The room 责任书 as a clerk works in it: make, print, sign, go back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMainWindow, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import (
    agreements,
    numbering,
    offices,
    planning_edits,
    planning_framework,
    session,
)
from mbo_desktop.services.target_cells import TargetField
from ui.dialogs import agreement_steps
from ui.dialogs.agreement_text import AgreementTextDialog
from ui.jobs import DirectRunner, JobControl
from ui.pages.agreements import AgreementsPage
from ui.settings import Settings
from ui.workspace import Workspace

YEAR = 2020


@pytest.fixture
def workspace(tmp_path: Path, set_clock: None, qtbot: QtBot) -> Iterator[Workspace]:
    """Two counties with two targets each, a department without any."""
    store = session.create_folder(
        tmp_path / "data", office_name="示例市人民政府目标管理办公室",
        government_name="示例市人民政府", operators=("刘敏",), year=YEAR,
    )
    root = offices.root_unit(store)
    units = [offices.add_unit(store, name, superior=root) for name in ("甲县", "乙县", "市教育局")]
    for name, texts in (("工业投资(亿元)", ("52", "46")), ("社区卫生建成率", ("90%", "/"))):
        indicator = planning_framework.add_indicator(store, YEAR, name)
        for unit, text in zip(units, texts, strict=False):
            planning_edits.set_cell(store, indicator, unit, TargetField.VALUE, text)
    made = Workspace(store, DirectRunner(), Settings(tmp_path / "settings.json"))
    made.set_year(YEAR)
    yield made
    store.close()


@pytest.fixture
def page(workspace: Workspace, qtbot: QtBot) -> AgreementsPage:
    made = AgreementsPage(workspace)
    qtbot.addWidget(made)
    workspace.changed.connect(made.refresh)
    made.resize(1200, 640)
    made.show()
    made.activate()
    return made


def said(workspace: Workspace) -> list[str]:
    texts: list[str] = []
    workspace.said.connect(lambda text, _tone, _actions: texts.append(text))
    return texts


def shown(page: AgreementsPage, key: str) -> list[str]:
    model = page.grid.model
    column = next(n for n, one in enumerate(model.columns) if one.key == key)
    return [model.index(row, column).data() for row in range(model.rowCount())]


def unit_of(page: AgreementsPage, name: str) -> int:
    return next(key for key, row in page.source.units.items() if row.unit_name == name)


def test_one_press_makes_an_agreement_for_every_unit_with_targets(page: AgreementsPage) -> None:
    assert shown(page, "state") == ["未生成", "未生成"]
    page._make_all()
    assert shown(page, "state") == ["草拟", "草拟"]
    assert shown(page, "unit") == ["甲县", "乙县"]


def test_making_twice_says_that_nothing_is_left(page: AgreementsPage, workspace: Workspace) -> None:
    page._make_all()
    texts = said(workspace)
    page._make_all()
    assert texts == ["没有需要生成的责任书:有目标的单位都已生成。"]


def test_making_is_one_undo_step(page: AgreementsPage, workspace: Workspace) -> None:
    page._make_all()
    workspace.undo()
    page.activate()
    assert shown(page, "state") == ["未生成", "未生成"]


def test_signing_at_the_meeting_signs_all(
    page: AgreementsPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page._make_all()
    monkeypatch.setattr("ui.pages.agreements.MeetingQuestion.exec", lambda self: 1)
    page._sign_at_meeting()
    assert shown(page, "state") == ["甲方已签章", "甲方已签章"]
    assert shown(page, "signed") == ["2020-03-12", "2020-03-12"]
    assert "已签订 2 份" in page._figures.text()


def test_many_are_signed_beside_the_window_and_none_when_cancelled(
    page: AgreementsPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page._make_all()
    monkeypatch.setattr("ui.pages.agreements.MeetingQuestion.exec", lambda self: 1)
    monkeypatch.setattr("ui.pages.agreements_registering.AT_ONCE", 1)
    said: list[str] = []
    workspace.said.connect(lambda text, _tone, _actions: said.append(text))
    with monkeypatch.context() as cancelling:
        asked: list[int] = []

        def second_time(_control: JobControl) -> bool:
            asked.append(1)
            return len(asked) > 1

        cancelling.setattr(JobControl, "cancelled", second_time)
        page._sign_at_meeting()
    assert shown(page, "state") == ["草拟", "草拟"]
    assert said[-1] == "已取消,一份也没有登记。"
    page._sign_at_meeting()
    assert shown(page, "state") == ["甲方已签章", "甲方已签章"]
    assert "已登记 2 份" in said[-1]


def test_agreements_are_numbered_when_asked_for(
    page: AgreementsPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page._make_all()

    def answer(question: agreement_steps.MeetingQuestion) -> int:
        assert question.numbers is not None and not question.numbers.isChecked()
        question.numbers.setChecked(True)
        return 1

    monkeypatch.setattr("ui.pages.agreements.MeetingQuestion.exec", answer)
    page._sign_at_meeting()
    rows = numbering.issued_numbers(workspace.store, "责任书", YEAR)
    assert [row.text for row in rows] == [f"责任书〔{YEAR}〕1号", f"责任书〔{YEAR}〕2号"]


def test_taking_back_needs_a_reason(
    page: AgreementsPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    question = agreement_steps.ReasonQuestion("退回状态", "甲县", "退回")
    qtbot.addWidget(question)
    complaints: list[str] = []
    question.reason.complained.connect(complaints.append)
    question.accept()
    assert not question.result()
    assert complaints == ["请写明原因,原因记入办理记录。"]
    question.reason.set_text("盖错章")
    question.accept()
    assert question.result()


def test_a_changed_target_shows_beside_the_signed_agreement(
    page: AgreementsPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page._make_all()
    monkeypatch.setattr("ui.pages.agreements.MeetingQuestion.exec", lambda self: 1)
    page._sign_at_meeting()
    assert shown(page, "remark") == ["", ""]
    indicator = planning_framework.indicator_ids(workspace.store, YEAR)[0]
    unit = unit_of(page, "甲县")
    planning_edits.set_cell(
        workspace.store, indicator, RecordId(unit), TargetField.VALUE, "60"
    )
    page.activate()
    assert shown(page, "remark") == ["与现行目标不一致 1 处", ""]


def test_state_buttons_narrow_the_board(page: AgreementsPage) -> None:
    row = page.source.units[unit_of(page, "甲县")]
    agreements.make_agreements(page.store, YEAR, [row.unit])
    page.activate()
    page._choose("none")
    page.activate()
    assert shown(page, "unit") == ["乙县"]
    page._choose(AgreementState.DRAFT.value)
    page.activate()
    assert shown(page, "unit") == ["甲县"]


def test_year_text_is_saved_as_one_step_and_refuses_unknown_blanks(
    page: AgreementsPage, workspace: Workspace, qtbot: QtBot
) -> None:
    page._make_all()
    dialog = AgreementTextDialog(workspace, None)
    qtbot.addWidget(dialog)
    text = dialog.clauses.toPlainText()
    assert "一、目标任务" in text
    dialog.clauses.setPlainText(text + "\n{单位名}")
    dialog.accept()
    assert not dialog.result()
    assert "{单位名}" in dialog.messages.label.text()
    dialog.clauses.setPlainText("序言。\n一、任务\n乙方{乙方}承担。")
    dialog.basis.setText("示例市政府工作报告;示政〔2020〕1号")
    before = workspace.store.change_count
    dialog.accept()
    assert dialog.result()
    assert workspace.store.change_count == before + 1
    record = page.source.units[unit_of(page, "乙县")].agreement
    assert record is not None
    found = agreements.details(workspace.store, record)
    assert found.clauses[-1].paragraphs == ("乙方乙县承担。",)
    assert found.basis == ("示例市政府工作报告", "示政〔2020〕1号")


def test_export_writes_every_agreement_in_official_order(
    page: AgreementsPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page._make_all()
    out = tmp_path / "out"
    out.mkdir()

    def chosen(*_: Any) -> str:
        return str(out)

    monkeypatch.setattr("ui.pages.agreements_paper.QFileDialog.getExistingDirectory", chosen)
    texts = said(workspace)
    page._export()
    names = sorted(path.name for path in out.iterdir())
    assert names == ["01 甲县 责任书.docx", "01 甲县 责任书.pdf",
                     "02 乙县 责任书.docx", "02 乙县 责任书.pdf"]
    assert texts[0].startswith("已导出 4 个文件")


@pytest.mark.parametrize("column", ["unit", "state"])
def test_a_double_click_opens_the_preview_once(page: AgreementsPage, qtbot: QtBot, column: str) -> None:
    """In the frozen columns too: the name of the unit is where a clerk double-clicks."""
    page._make_all()
    view, opened = page.grid.view, []
    page.grid.view.opened.disconnect()
    page.grid.view.opened.connect(opened.append)
    at = next(n for n, one in enumerate(page.grid.model.columns) if one.key == column)
    index = page.grid.model.index(1, at)
    table = view.frozen if view.frozen.holds(at) else view
    spot = table.visualRect(index).center()
    for click in (qtbot.mouseClick, qtbot.mouseDClick, qtbot.mouseRelease):
        click(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert opened == [unit_of(page, "乙县")]


def test_keys_after_a_deed_of_the_panel_go_to_the_table(
    page: AgreementsPage, qtbot: QtBot
) -> None:
    """The panel is built anew by what its button did; the focus must not fall to the year."""
    page._make_all()
    window = QMainWindow()
    qtbot.addWidget(window)
    years = QLineEdit()
    holder = QWidget()
    QVBoxLayout(holder).addWidget(years)
    holder.layout().addWidget(page)
    window.setCentralWidget(holder)
    window.show()
    page.grid.view.select_cell(page.grid.model.index(0, 1))
    qtbot.waitUntil(lambda: page.panel.findChild(QPushButton) is not None)
    button = page.panel.findChild(QPushButton)
    button.setFocus()
    assert window.focusWidget() is button
    page.refresh(None)
    assert page.grid.isAncestorOf(window.focusWidget())
    page.setParent(None)


def test_a_draft_s_term_is_typed_and_a_wrong_one_is_told(
    page: AgreementsPage, workspace: Workspace, qtbot: QtBot
) -> None:
    page._make_all()
    record = page.source.units[unit_of(page, "甲县")].agreement
    assert record is not None
    dialog = AgreementTextDialog(workspace, record)
    qtbot.addWidget(dialog)
    dialog.term_until.set_text("2019.12.20")
    dialog.accept()
    assert "止日早于起日" in dialog.messages.label.text()
    dialog.term_until.set_text("12.20")
    dialog.accept()
    found = agreements.details(workspace.store, record).record
    assert agreements.term_of(found) == (date(2020, 1, 1), date(2020, 12, 20))


def test_drafts_are_deleted_and_come_back_by_undo(
    page: AgreementsPage, workspace: Workspace
) -> None:
    page._make_all()
    page.grid.view.show_record(unit_of(page, "乙县"))
    page._delete()
    page.activate()
    assert shown(page, "state") == ["草拟", "未生成"]
    workspace.undo()
    page.activate()
    assert shown(page, "state") == ["草拟", "草拟"]


def test_registering_one_state_keeps_the_selection_for_the_next(
    page: AgreementsPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page._make_all()
    page.grid.view.selectAll()
    chosen = page.grid.view.selected_ids()
    assert len(chosen) == 2
    for state in (AgreementState.ISSUED, AgreementState.PARTY_SIGNED):
        class Answer:
            numbered = False
            day = type("Day", (), {"value": staticmethod(lambda: date(2020, 3, 1))})()

            def __init__(self, *_: Any) -> None:
                self.state = state  # noqa: B023 asked and answered within the turn

            def exec(self) -> int:
                return 1

        monkeypatch.setattr("ui.pages.agreements.StepQuestion", Answer)
        page._step()
        assert shown(page, "state") == [state.label] * 2
        assert page.grid.view.selected_ids() == chosen
