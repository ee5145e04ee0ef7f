"""Another PC of the office: both versions beside each other, one choice for each, merged as one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import replica_packages
from mbo_desktop.services.exchange_state import Side
from mbo_desktop.services.received import Inbox
from mbo_desktop.services.replica_packages import Merged, ReplicaConflict
from tests.ui.planning_folder import make_store, make_workspace
from ui.dialogs.exchange_replica import MergeDialog


def conflict(name: str, here: str, there: str) -> ReplicaConflict:
    return ReplicaConflict(
        RecordId(3), name, "单位", name, Side("a" * 64, (("简称", here),), True), Side("b" * 64, (("简称", there),), False))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    merged: list[Any] = []

    def merge(_store: Any, _inbox: Any, row: int, *, theirs: frozenset[str]) -> Merged:
        merged.append((row, theirs))
        return Merged("已合并。", 3, 2, ("市目责〔2020〕3号",))

    monkeypatch.setattr(replica_packages, "merge", merge)
    return merged


@pytest.fixture
def dialog_over(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., MergeDialog]]:
    store = make_store(tmp_path / "data")
    workspace = make_workspace(store, tmp_path)

    def make(*found: ReplicaConflict) -> MergeDialog:
        monkeypatch.setattr(replica_packages, "conflicts", lambda *_args: found)
        dialog = MergeDialog(workspace, Inbox((), ()), 0)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    yield make
    store.close()


def test_each_record_changed_on_both_is_asked_once(
    dialog_over: Callable[..., MergeDialog], qtbot: QtBot, asked: list[Any]
) -> None:
    dialog = dialog_over(conflict("a/1", "统计甲", "统计乙"), conflict("a/2", "财政甲", "财政乙"))
    said: list[str] = []
    dialog.merged.connect(said.append)
    assert [dialog.versions.item(0, n).text() for n in range(3)] == ["简称", "统计甲", "统计乙"]
    dialog.view.select_cell(dialog.model.index(1, 0))
    assert dialog.versions.item(0, 2).text() == "财政乙"
    qtbot.keyClick(dialog.view, Qt.Key.Key_Space)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked == [(0, frozenset({"a/2"}))]
    assert said == ["已合并。两台电脑重号的文号:市目责〔2020〕3号,请改正其中一个。"]


def test_all_of_one_side_at_once(dialog_over: Callable[..., MergeDialog], asked: list[Any]) -> None:
    dialog = dialog_over(conflict("a/1", "甲", "乙"), conflict("a/2", "甲", "乙"))
    dialog.there_button.click()
    assert dialog.source.theirs == {"a/1", "a/2"}
    dialog.here_button.click()
    dialog.merge_button.click()
    assert asked == [(0, frozenset())]


def test_without_conflicts_nothing_is_asked(dialog_over: Callable[..., MergeDialog], asked: list[Any]) -> None:
    dialog = dialog_over()
    assert dialog.view.isHidden()
    assert "直接合并" in dialog.headline.text()
    dialog.merge_button.click()
    assert asked
