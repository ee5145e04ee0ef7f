"""The view 按单位人员: opened, filtered, a task opened in the tree, a person handed over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mbo_desktop.services import offices, people, session
from mbo_desktop.store.database import Store
from tests.services.decomposed import Decomposed, decompose_county
from ui.jobs import DirectRunner
from ui.pages.decomposition_carriers import CarriersView
from ui.settings import Settings
from ui.workspace import Workspace

YEAR = 2020


@pytest.fixture
def store(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    made = session.create_folder(
        tmp_path / "数据", office_name="示例市人民政府目标管理办公室", operators=("刘敏",), year=YEAR
    )
    yield made
    made.close()


@pytest.fixture
def made(store: Store) -> Decomposed:
    county = offices.add_unit(store, "柯城区人民政府", superior=offices.root_unit(store))
    return decompose_county(store, county, YEAR)


@pytest.fixture
def view(qtbot: QtBot, store: Store, made: Decomposed) -> CarriersView:
    workspace = Workspace(store, DirectRunner(), Settings())
    workspace.set_year(YEAR)
    shown = CarriersView(workspace)
    workspace.changed.connect(shown.refresh)
    qtbot.addWidget(shown)
    shown.resize(1100, 600)
    shown.show()
    shown.activate()
    qtbot.wait(20)
    return shown


def chain_to(view: CarriersView, post: int) -> list[int]:
    assert view.source.carriers is not None
    return view.source.carriers.path_to(post)


def test_the_figures_stand_over_the_tree(qtbot: QtBot, view: CarriersView, made: Decomposed) -> None:
    with qtbot.waitSignal(view.figures_changed) as told:
        view.activate()
    assert told.args[0].startswith("人员 5 人")
    model = view.tree.tree
    assert model.rowCount() == 1
    assert view.tree.show_record(chain_to(view, made.posts["柯城区 发改局局长"]))
    texts = [model.cell(view.tree.currentIndex().siblingAtColumn(n)).text for n in range(4)]
    assert texts == ["李敏", "发改局局长", "2", "2"]


def test_enter_opens_a_person_and_then_the_task(
    qtbot: QtBot, view: CarriersView, made: Decomposed
) -> None:
    view.tree.show_record(chain_to(view, made.posts["石梁镇 经济办主任"]))
    qtbot.keyClick(view.tree, Qt.Key.Key_Return)
    assert view.tree.isExpanded(view.tree.currentIndex().siblingAtColumn(0))
    qtbot.keyClick(view.tree, Qt.Key.Key_Down)
    with qtbot.waitSignal(view.cell_asked) as asked:
        qtbot.keyClick(view.tree, Qt.Key.Key_Return)
    assert asked.args[0] == made.nodes["石梁"]


def test_a_filter_by_initials_shows_the_person_with_the_tasks(
    qtbot: QtBot, view: CarriersView, made: Decomposed
) -> None:
    view.filter.setText("zhouh")
    view._on_entered()
    qtbot.wait(20)
    model = view.tree.tree
    loaded = {key for key in model._nodes if key}
    assert made.posts["航埠镇 挂职干部"] in loaded
    assert made.posts["柯城区 发改局局长"] not in loaded
    view.filter.clear()
    view._apply_filter()
    qtbot.wait(20)
    assert model.rowCount() == 1


def test_only_what_lacks_people(qtbot: QtBot, view: CarriersView, store: Store, made: Decomposed) -> None:
    idle = people.add_post(
        store, made.units["石梁镇"], role=people.PostRole.HANDLER, title="干事", holder="吴闲"
    )
    view.idle.setChecked(True)
    qtbot.wait(20)
    assert view.tree.show_record(chain_to(view, idle))
    cell = view.tree.tree.cell(view.tree.currentIndex().siblingAtColumn(8))
    assert cell.text == "没有承担目标"


def test_the_deeds_follow_the_row(qtbot: QtBot, view: CarriersView, made: Decomposed) -> None:
    view.tree.show_record(chain_to(view, made.posts["柯城区 县长"])[:-1])
    assert not view.leave_button.isEnabled()
    view.tree.show_record(chain_to(view, made.posts["柯城区 县长"]))
    assert view.leave_button.isEnabled()
    assert not view.move_button.isEnabled(), "a principal without tasks of his own"
    view.set_read_only(True)
    assert not view.leave_button.isEnabled()


def test_the_place_is_remembered(qtbot: QtBot, view: CarriersView, made: Decomposed) -> None:
    chain = chain_to(view, made.posts["石梁镇 经济办主任"])
    view.tree.show_record(chain)
    state = view.save_state()
    again = CarriersView(view.workspace)
    qtbot.addWidget(again)
    again.restore_state(state)
    again.show()
    again.activate()
    qtbot.wait(30)
    assert again.tree.current_id() == chain[-1]
