"""Records of other offices where they are met: marked, not typed over, replied to from the panel."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services.origins import Origin
from ui.grids.columns import Cell, Row
from ui.pages.exchange_block import marked

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
