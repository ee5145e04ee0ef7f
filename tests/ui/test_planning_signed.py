"""Signed targets in the matrix: what they rest on is said, an edit without paper is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from mbo_desktop.domain.adjustments import AdjustmentKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import adjustments, agreements, planning_matrix, signing
from mbo_desktop.services.adjustments import AdjustmentInput, Approval
from mbo_desktop.store.database import Store
from tests.ui.planning_folder import YEAR, add_indicators, make_store, make_workspace, unit_ids
from ui.pages.planning import PlanningPage


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with make_store(tmp_path / "data") as made:
        yield made


@pytest.fixture
def indicators(store: Store) -> list[RecordId]:
    return add_indicators(store)


@pytest.fixture
def page(store, indicators, tmp_path, qtbot) -> PlanningPage:
    """柯城区 has signed, 龙游县 has not."""
    made = agreements.make_agreements(store, YEAR).made
    signing.sign_at_meeting(store, YEAR, on=date(YEAR, 3, 1), agreements=made[:1])
    workspace = make_workspace(store, tmp_path)
    page = PlanningPage(workspace)
    qtbot.addWidget(page)
    workspace.changed.connect(page.refresh)
    page.said = []
    workspace.said.connect(lambda text, tone, actions: page.said.append((text, tone, actions)))
    page.resize(1180, 640)
    page.show()
    page.activate()
    page.activateWindow()
    return page


def type_into(page, qtbot, indicator, unit, text):
    view = page.tables.panel.view
    assert view.show_record(indicator, f"value@{unit}")
    view.setFocus()
    for letter in text:
        qtbot.keyClick(QApplication.focusWidget(), letter)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def side_text(page) -> str:
    return "\n".join(label.text() for label in page.side.findChildren(QLabel) if label.text())


def test_an_edit_of_a_signed_target_is_told_and_can_be_taken_back(page, store, indicators, qtbot):
    signed, free = unit_ids(store)
    type_into(page, qtbot, indicators[0], free, "45")
    assert not page.said, "nothing to say about a unit that has not signed"
    type_into(page, qtbot, indicators[0], signed, "80")
    text, tone, actions = page.said[-1]
    assert "柯城区的责任书已印发" in text and "责任书→调整" in text and tone == "amber"
    page.side.show_cell(indicators[0], signed)
    assert "与已印发的责任书不一致" in side_text(page)
    actions[0][1]()
    assert planning_matrix.cell(store, indicators[0], signed).value.startswith("75")
    page.side.show_cell(indicators[0], signed)
    assert "不一致" not in side_text(page)


def test_typing_back_what_was_signed_needs_no_word(page, store, indicators, qtbot):
    unit = unit_ids(store)[1]
    signing.sign_at_meeting(store, YEAR, on=date(YEAR, 3, 2))
    type_into(page, qtbot, indicators[0], unit, "45")
    assert "没有依据" in page.said[-1][0]
    told = len(page.said)
    type_into(page, qtbot, indicators[0], unit, "40")
    assert planning_matrix.cell(store, indicators[0], unit).value == "40"
    assert not any("没有依据" in text for text, _tone, _actions in page.said[told:])


def test_the_panel_names_the_paper_a_target_rests_on(page, store, indicators, qtbot):
    signed = unit_ids(store)[0]
    adjustments.decide_by_issuer(
        store, [AdjustmentInput(indicators[0], signed, AdjustmentKind.RAISE, "90", "加压")],
        Approval(date(YEAR, 3, 12), number="示政〔2020〕12号"),
    )
    page.side.show_cell(indicators[0], signed)
    told = side_text(page)
    assert "示政〔2020〕12号" in told and "签订时" in told and "不一致" not in told
    type_into(page, qtbot, indicators[0], signed, "95")
    view = page.tables.panel.view
    row = view.model().index(0, page.tables.panel.model.column_of(f"value@{signed}"))
    assert "要改请用“调整”" in page.tables.panel.model.cell(row).problem
    assert planning_matrix.cell(store, indicators[0], signed).value.startswith("90")
