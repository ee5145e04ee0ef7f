"""办理人员交接 on the screen: the open matters, the names, the log, the page to print."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mbo_desktop import clock
from mbo_desktop.services import overview, session
from ui.dialogs import clerk_handover as dialogs
from ui.dialogs.clerk_handover import ClerkHandOverDialog
from ui.jobs import DirectRunner
from ui.settings import Settings
from ui.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, qapp: object) -> Iterator[Workspace]:
    clock.set_source(lambda: datetime(2020, 3, 12, 9, 0, tzinfo=UTC))
    with session.create_folder(
        tmp_path / "数据", office_name="示例市人民政府目标管理办公室", operators=["刘敏", "陈志远"], year=2020
    ) as store:
        made = Workspace(store, DirectRunner(), Settings(tmp_path / "settings.json"))
        made.set_year(2020)
        yield made
    clock.set_source(None)


@pytest.fixture
def dialog(workspace: Workspace) -> ClerkHandOverDialog:
    made = ClerkHandOverDialog(None, workspace)
    made.show()
    return made


def test_the_newcomer_is_typed_and_the_hand_over_logged(qtbot: QtBot, dialog: ClerkHandOverDialog, workspace: Workspace) -> None:
    assert dialog.giver.text() == "刘敏" and "陈志远" in dialog.taker.placeholderText()
    areas = [dialog.list.topLevelItem(n).text(0) for n in range(dialog.list.topLevelItemCount())]
    assert areas == ["待办", "近期节点", "责任书", "督查事项", "进度报送", "数据交换", "数据和备份", "人员和账户", "最近操作"]
    dialog.try_to_accept()
    assert dialog.isVisible() and "没有填全" in dialog.problem.text()
    dialog.taker.setText("陈志远")
    with qtbot.waitSignal(dialog.accepted):
        dialog.try_to_accept()
    (last,) = overview.recent_changes(workspace.store, limit=1)
    assert last.label == "办理人员交接:刘敏→陈志远(2020年3月12日)"


def test_the_page_can_be_printed_before_it_is_entered(
    dialog: ClerkHandOverDialog, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    monkeypatch.setattr(dialogs, "print_document", lambda *given: made.append(given[-1]()))
    before = workspace.store.change_count
    dialog.print_button.click()
    assert made[0].name == "办理人员交接单" and workspace.store.change_count == before
