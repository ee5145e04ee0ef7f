"""With accounts on a button that a role may not use is grey and says why; it comes back with the role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.accounts import Role
from mbo_desktop.domain.dockets import DocketAct
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.reports import Evidence
from mbo_desktop.domain.rights import Act, act_of_docket
from mbo_desktop.services import accounts, dockets, passwords, session
from mbo_desktop.store.database import Store
from ui.jobs import DirectRunner
from ui.navigation import ROOMS
from ui.pages.inspection_docket_side import DocketPanel
from ui.pages.inspection_dockets import DocketsView
from ui.pages.progress_parts import PaperLine
from ui.rights import guard, guard_entry
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


def entries(menu: QMenu) -> dict[str, QAction]:
    return {one.text().partition("\t")[0]: one for one in menu.actions() if not one.isSeparator()}


def test_an_entry_of_a_menu_follows_the_role(workspace: Workspace, qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    entry = guard_entry(menu, menu.addAction("更正笔误…"), workspace, Act.APPROVE)
    own = entry.toolTip()
    turn_on(workspace.store)
    sign_in(workspace, "小王")
    assert menu.toolTipsVisible() and not entry.isEnabled() and "“审核”角色" in entry.toolTip()
    entry.setEnabled(True)
    assert not entry.isEnabled(), "a page that enables it is overruled"
    sign_in(workspace, "陈志远")
    assert entry.isEnabled() and entry.toolTip() == own


def test_acts_of_a_docket_by_role(workspace: Workspace, qtbot: QtBot) -> None:
    """Who only enters may remind and hand on, not put on file, strike off or close."""
    store = workspace.store
    with store.change("单位") as change:
        lead = change.new(Unit)
        change.put(Unit(id=lead, name="甲县"))
    made = dockets.add(store, 2020, "沿江路改造", lead=lead, days=10)
    turn_on(store)
    sign_in(workspace, "小王")
    page = next(one for one in ROOMS if one.key == "inspections").make(workspace)
    qtbot.addWidget(page)
    page.activate()
    (view,) = page.findChildren(DocketsView)
    view.show_docket(made)
    menu = entries(view.more.menu())
    grey = {text for text, one in menu.items() if not one.isEnabled()}
    assert grey == {"立项(选中的各项)…", "销号(选中的各项)…"}
    assert all("“审核”角色" in menu[text].toolTip() for text in grey)
    (panel,) = view.findChildren(DocketPanel)
    assert DocketAct.FILE in panel.buttons
    for act, button in panel.buttons.items():
        assert button.isEnabled() == (act_of_docket(act) is Act.ENTER)
    assert "“审核”角色" in panel.buttons[DocketAct.FILE].toolTip()
    sign_in(workspace, "陈志远")
    assert all(one.isEnabled() for one in (*menu.values(), *panel.buttons.values()))


def test_evidence_is_verified_by_who_may(workspace: Workspace, qtbot: QtBot) -> None:
    turn_on(workspace.store)
    sign_in(workspace, "小王")
    line = PaperLine(Evidence(id=RecordId(1), subject=RecordId(2), month=3, title="照片"), workspace, locked=False)
    qtbot.addWidget(line)
    menu = entries(line.more.menu())
    assert {text for text, one in menu.items() if one.isEnabled()} == {"移除"}
    sign_in(workspace, "陈志远")
    assert all(one.isEnabled() for one in menu.values())


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
