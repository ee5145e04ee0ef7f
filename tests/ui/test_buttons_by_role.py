"""With accounts on a button that a role may not use is grey and says why; it comes back with the role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.accounts import Role
from mbo_desktop.domain.rights import Act
from mbo_desktop.services import accounts, passwords, session
from mbo_desktop.store.database import Store
from ui.jobs import DirectRunner
from ui.navigation import ROOMS
from ui.rights import guard
from ui.settings import Settings
from ui.workspace import Workspace

BOSS, CLERK = "春风又绿江南岸1", "明月何时照我还2"


@pytest.fixture(autouse=True)
def _light_hashes(monkeypatch: pytest.MonkeyPatch, set_clock: None) -> None:
    monkeypatch.setattr(passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "PASSES", 1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Store]:
    with session.create_folder(tmp_path / "数据", office_name="示例市目标办", operators=["刘敏"]) as store:
        yield store


@pytest.fixture
def workspace(office: Store) -> Workspace:
    made = Workspace(office, DirectRunner(), Settings())
    made.set_year(2020)
    return made


def turn_on(store: Store) -> None:
    accounts.turn_on(store, name="刘敏", password=BOSS)
    for name, role in (("小王", Role.ENTRY), ("陈志远", Role.REVIEW)):
        accounts.enter(store, accounts.check(store, "刘敏", BOSS))
        given = accounts.add(store, name, [role])
        accounts.enter(store, accounts.check(store, name, given))
        accounts.set_own_password(store, given, CLERK)


def sign_in(workspace: Workspace, name: str) -> None:
    accounts.enter(workspace.store, accounts.check(workspace.store, name, CLERK))
    workspace.read_only_changed.emit(workspace.read_only)


def test_a_button_follows_the_role(workspace: Workspace, qtbot: QtBot) -> None:
    button = QPushButton("批准…")
    button.setToolTip("选中的申请")
    qtbot.addWidget(button)
    guard(button, workspace, Act.APPROVE)
    assert button.isEnabled(), "in single mode everybody does everything"
    turn_on(workspace.store)
    sign_in(workspace, "小王")
    assert not button.isEnabled()
    assert "“审核”角色" in button.toolTip() and "小王" in button.toolTip()
    button.setEnabled(True)
    assert not button.isEnabled(), "a page that enables it is overruled"
    sign_in(workspace, "陈志远")
    assert button.isEnabled() and button.toolTip() == "选中的申请"
    button.setEnabled(False)
    assert not button.isEnabled() and button.toolTip() == "选中的申请", "what the page disables stays its own"
    sign_in(workspace, "小王")
    sign_in(workspace, "陈志远")
    assert not button.isEnabled() and button.toolTip() == "选中的申请"


@pytest.mark.parametrize(("room", "words"), [
    ("agreements", {"会上集中签订"}), ("exchange", set()), ("planning", set()),
])
def test_the_heads_of_rooms_by_role(workspace: Workspace, qtbot: QtBot, room: str, words: set[str]) -> None:
    """Entry signs nothing; review does, by the same page."""
    turn_on(workspace.store)
    sign_in(workspace, "小王")
    page = next(one for one in ROOMS if one.key == room).make(workspace)
    qtbot.addWidget(page)
    page.activate()
    grey = {
        one.text() for one in page.findChildren(QPushButton) if not one.isEnabled() and "需要" in one.toolTip()
    }
    assert grey == words
    sign_in(workspace, "陈志远")
    assert not {one.text() for one in page.findChildren(QPushButton) if "需要" in one.toolTip()}
