"""The window of the log: few keys to who changed a number in May, details, verification, jump, papers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from mbo_desktop import clock
from mbo_desktop.domain.offices import Unit
from mbo_desktop.services import offices, session
from mbo_desktop.store.database import Store
from ui.dialogs.log import LogDialog
from ui.jobs import DirectRunner
from ui.settings import Settings
from ui.workspace import Workspace


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    moment = [datetime(2020, 3, 12, 9, 0, tzinfo=UTC)]
    clock.set_source(lambda: moment[0])
    with session.create_folder(
        tmp_path / "数据", office_name="示例市目标办", operators=["刘敏", "陈志远"], year=2020
    ) as made:
        offices.add_units_from_list(made, "柯城区\n江山市", superior=offices.root_unit(made))
        unit = made.all(Unit)[-1]
        for month, who, code in ((4, "陈志远", "A1"), (5, "刘敏", "A2"), (6, "陈志远", "A3")):
            moment[0] = datetime(2020, month, 6, 9, 0, tzinfo=UTC)
            made.operator = who
            _code(made, unit, code)
        yield made
    clock.set_source(None)


def _code(store: Store, unit: Unit, code: str) -> None:
    with store.change("修改编码") as change:
        change.put(replace(store.get(Unit, unit.id), code=code))


@pytest.fixture
def dialog(store: Store, tmp_path: Path, qtbot: Any) -> LogDialog:
    workspace = Workspace(store, DirectRunner(), Settings(tmp_path / "s.json"))
    workspace.set_year(2020)
    made = LogDialog(workspace, None)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def column(dialog: LogDialog, key: str) -> list[str]:
    model = dialog.panel.model
    return [model.cell_at(row, model.column_of(key)).text for row in range(model.rowCount())]


def details(dialog: LogDialog) -> str:
    return "\n".join(label.text() for label in dialog.details.findChildren(QLabel))


def test_typing_the_month_is_enough(dialog: LogDialog, qtbot: Any) -> None:
    assert dialog.filters.when.hasFocus() or dialog.focusWidget() is dialog.filters.when
    qtbot.keyClicks(dialog.filters.when, "5.6")
    qtbot.waitUntil(lambda: column(dialog, "who") == ["刘敏"])
    assert "A1 → A2" in column(dialog, "what")[0]
    assert "A1 → A2" in details(dialog)
    assert "符合条件 1 条" in dialog.figures.text()


def test_all_entries_newest_first(dialog: LogDialog, store: Store) -> None:
    times = column(dialog, "at")
    assert len(times) == store.change_count
    assert times == sorted(times, reverse=True)
    assert dialog.figures.text() == f"共 {store.change_count} 条"


def test_who_and_kind(dialog: LogDialog) -> None:
    dialog.filters.who.setCurrentIndex(dialog.filters.who.findData("陈志远"))
    dialog.filters.who.activated.emit(0)
    assert set(column(dialog, "who")) == {"陈志远"}
    dialog.filters.clear()
    dialog.filters.kind.setCurrentIndex(dialog.filters.kind.findData("formal"))
    dialog.filters.kind.activated.emit(0)
    assert column(dialog, "label")[-1].startswith("建立数据文件夹")
    assert "正式步骤" in details(dialog)


def test_a_time_that_is_none_is_said_and_changes_nothing(dialog: LogDialog, qtbot: Any) -> None:
    before = column(dialog, "at")
    dialog.filters.when.setText("13月")
    dialog.filters._on_now()
    assert column(dialog, "at") == before
    assert dialog.filters.when.property("wrong")
    assert "没有13月。" in dialog.filters.problem.text() and dialog.filters.problem.isVisibleTo(dialog)
    dialog.filters.when.setText("12月")
    qtbot.waitUntil(dialog.filters.problem.isHidden)


def test_nothing_found_teaches(dialog: LogDialog) -> None:
    dialog.filters.about.setText("没有这样的")
    dialog.filters._on_now()
    assert column(dialog, "at") == []
    assert "选中一条" in details(dialog)


def test_verification_says_how_many(dialog: LogDialog, store: Store) -> None:
    dialog.papers.verify()
    assert f"日志共{store.change_count}条" in dialog.messages.label.text()
    assert dialog.messages.property("tone") == "green"


def test_a_new_step_appears(dialog: LogDialog, store: Store) -> None:
    _code(store, store.all(Unit)[-1], "A9")
    dialog.reload()
    assert "A9" in column(dialog, "what")[0]


def test_jumping_asks_for_the_room(dialog: LogDialog, store: Store) -> None:
    asked: list[tuple[str, int, str]] = []
    dialog.workspace.page_asked.connect(lambda room, record, kind: asked.append((room, record, kind)))
    unit = store.all(Unit)[-1]
    dialog.details._go(unit.id)
    assert asked == [("offices", unit.id, "unit")]
