"""Records of other offices where they are met: marked, not typed over, replied to from the panel."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.dockets import DocketAct
from mbo_desktop.domain.exchange import ReplyKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services.origins import Origin
from tests.ui.inspection_folder import new_docket, shown, words_of
from tests.ui.progress_folder import Folder
from ui.dialogs.exchange_reply import ReplyDialog
from ui.grids.columns import Cell, Row
from ui.pages.exchange_block import marked
from ui.pages.inspections import InspectionsPage

SUPERIOR = Origin("上级", "示例市目标办", "这是上级“示例市目标办”下达的内容,只能查看。")


def test_rows_of_others_are_marked_and_take_nothing() -> None:
    rows = {7: Row(7, {"name": "工业投资", "points": Cell("5", Decimal(5), editable=True)}), 8: Row(8, {"name": "就业"})}
    made = marked(rows, {RecordId(7): SUPERIOR}, "name")
    assert made[7].cell("name").text == "[上级] 工业投资"
    assert made[7].cell("points").editable is False
    assert made[7].cell("points").amount == 5
    assert "上级" in made[7].cell("points").locked
    assert made[8] == rows[8]


def test_a_refusal_of_the_owner_stands_beside_the_cell(table: Any, qtbot: QtBot) -> None:
    said: list[object] = []
    table.view.complained.connect(said.append)
    table.book.fault = NotAllowedError("这是上级下达的内容,不能修改。", "请按“异议”答复。")
    table.go(2, "target")
    table.type("5")
    table.press(Qt.Key.Key_Return)
    assert said
    assert not table.view._message.isHidden()
    assert "这是上级下达的内容" in table.view._message.text()


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Every record is a superior's; replies that were given stand in the list."""
    from mbo_desktop.services import exchange_state, origins, replies

    given: list[tuple[Any, ...]] = []
    monkeypatch.setattr(origins, "origin", lambda _store, _record: SUPERIOR)
    monkeypatch.setattr(exchange_state, "marks", lambda _store, records: {records[0]: "依据旧版指标"})
    monkeypatch.setattr(replies, "of_subject", lambda _store, _record: ())
    monkeypatch.setattr(replies, "kinds_for", lambda _store, _record: (ReplyKind.RECEIPT, ReplyKind.FEEDBACK))
    monkeypatch.setattr(
        replies, "add", lambda _store, record, kind, text, **facts: given.append((record, kind, text, facts["year"])))
    return given


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    made = Folder(tmp_path / "data")
    yield made
    made.store.close()


def test_a_received_docket_is_answered_and_not_handled(
    folder: Folder, tmp_path: Path, qtbot: QtBot, foreign: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    docket = new_docket(folder, "安置房项目", DocketAct.FILE, DocketAct.ASSIGN)
    page = shown(InspectionsPage, folder, tmp_path, qtbot)
    page.show_record(docket, "docket")
    side = page.views.view.side
    words = words_of(side)
    assert "上级" in words
    assert "依据旧版指标" in words
    assert not side.buttons, "no act of the own office"
    assert "整改反馈…" in words

    def answer(dialog: Any) -> int:
        dialog.setVisible(True)
        dialog.text.setPlainText("已开工,九月完工")
        dialog.try_to_accept()
        return int(dialog.result())

    monkeypatch.setattr(ReplyDialog, "exec", answer)
    button = next(one for one in side.findChildren(QPushButton) if one.text() == "整改反馈…")
    button.click()
    assert foreign == [(docket, ReplyKind.FEEDBACK, "已开工,九月完工", 2020)]
    assert "随下一次" in page.said[-1]


def test_own_records_have_no_mark(folder: Folder, tmp_path: Path, qtbot: QtBot) -> None:
    docket = new_docket(folder, "安置房项目")
    page = shown(InspectionsPage, folder, tmp_path, qtbot)
    page.show_record(docket, "docket")
    assert "上级" not in words_of(page.views.view.side)
    assert page.views.view.side.buttons
