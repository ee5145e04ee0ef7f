"""A change of the responsible person that was approved is offered to the decomposition in the window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.adjustments import AdjustmentKind
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.services import adjustments, agreements, people, signing
from mbo_desktop.services.adjustments import AdjustmentInput, Approval
from mbo_desktop.store.database import Store
from tests.ui.planning_folder import YEAR, add_indicators, make_store, make_workspace, unit_ids
from ui.pages.season_adjustments import AdjustmentsView


@pytest.fixture
def store(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    made = make_store(tmp_path / "data")
    yield made
    made.close()


def test_it_is_offered_in_the_bar_and_in_the_panel(
    store: Store, tmp_path: Path, qtbot: QtBot
) -> None:
    indicator = add_indicators(store)[0]
    agreements.make_agreements(store, YEAR)
    signing.sign_at_meeting(store, YEAR, on=date(2020, 3, 10))
    workspace = make_workspace(store, tmp_path)
    view = AdjustmentsView(workspace)
    qtbot.addWidget(view)
    workspace.changed.connect(view.refresh)
    said: list[tuple[str, Any]] = []
    workspace.said.connect(lambda text, _tone, actions: said.append((text, actions)))
    view.show()
    view.activate()
    outcome = adjustments.decide_by_issuer(store, [AdjustmentInput(
        indicator, unit_ids(store)[0], AdjustmentKind.PERSON, "何新(发改局局长)", reason="分工调整"
    )], Approval(date(2020, 3, 12), meeting="市政府常务会议"))
    view._say(outcome)
    text, actions = said[-1]
    assert "1 项换了责任人" in text
    view.activate()
    view.grid.view.show_record(outcome.done[0])
    assert any(button.text() == "写入目标分解" for button in view.side.findChildren(QPushButton))
    ((label, act),) = actions
    assert label == "写入目标分解"
    act()
    (root,) = [one for one in store.all(Allocation) if one.target is not None]
    assert root.responsible is not None
    assert people.holder_of(store, root.responsible).name == "何新"
    assert said[-1][0] == "已写入目标分解1项。"
    view.activate()
    words = [one.text() for one in view.side.findChildren(QLabel)]
    assert not any("目标分解中的责任人" in one for one in words)
