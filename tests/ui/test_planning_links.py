"""In the panel of 目标体系: last year's indicator under another name, the direction a name speaks for, 基本完成."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.targets import Direction
from mbo_desktop.services import continued_indicators, planning_framework, results, sealing
from mbo_desktop.services.indicator_fields import IndicatorField
from tests.ui.planning_folder import YEAR, add_indicators, make_store
from tests.ui.season_folder import add_last_year, shown
from ui.dialogs.continued_indicator import ContinuedIndicatorDialog
from ui.pages.season_last_year import LastYearView

PAST = YEAR - 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator:
    made = make_store(tmp_path / "data")
    add_indicators(made)
    add_last_year(made)
    yield made
    made.close()


def words(panel) -> str:
    return "\n".join(one.text() for one in panel.findChildren(QLabel))


def write(page, cells, label: str) -> None:
    """Cells by indicator and column key, as typed or pasted into the table."""
    model = page.tables.panel.model
    ids = [model.id_at(row) for row in range(model.rowCount())]
    model.write_texts([(ids.index(int(one)), model.column_of(key), text) for one, key, text in cells], label)


def button(panel, text: str) -> QPushButton:
    return next(one for one in panel.findChildren(QPushButton) if one.text() == text)


def test_the_panel_says_what_an_indicator_goes_on_with_and_lets_it_be_said(store, tmp_path, qtbot) -> None:
    page = shown(store, tmp_path, qtbot, "indicators")
    own = planning_framework.add_indicator(store, YEAR, "全社会用工(人)")
    page.side.show_indicator(own)
    assert "上年没有同名指标" in words(page.side)
    past = store.all(Indicator, year=PAST)[0]
    dialog = ContinuedIndicatorDialog(page.workspace, own, page)
    qtbot.addWidget(dialog)
    (option,) = [one for one in dialog._look_up("") if one.value == past.id]
    dialog.earlier._on_picked(option)
    dialog.try_to_accept()
    assert continued_indicators.continued(store, own).is_stated
    page.side.show_indicator(own)
    assert past.name in words(page.side) and f"指定 {PAST} 年度" in words(page.side)


def test_a_typed_name_proposes_its_direction(store, tmp_path, qtbot) -> None:
    page = shown(store, tmp_path, qtbot, "indicators")
    own = planning_framework.add_indicator(store, YEAR, "新指标")
    page.side.show_indicator(own)
    assert "应为" not in words(page.side)
    planning_framework.set_indicator_field(store, own, IndicatorField.NAME, "化学需氧量排放量(吨)")
    page.side.refresh()
    assert "按指标名称应为反向,现为正向。" in words(page.side)
    button(page.side, "改为反向").click()
    QApplication.processEvents()
    assert planning_framework.indicator(store, own).direction is Direction.LOWER
    page.side.refresh()
    assert "应为" not in words(page.side)


@pytest.mark.parametrize("view", ["indicators", "matrix"])
def test_a_name_typed_in_the_table_is_told_with_a_way_to_change_it(store, tmp_path, qtbot, view) -> None:
    page = shown(store, tmp_path, qtbot, view)
    offered = []
    page.workspace.said.connect(lambda text, tone, actions: offered.append(actions))
    first, second = [one.id for one in store.all(Indicator, year=YEAR)][:2]
    write(page, [(first, "name", "万元生产总值能耗")], "修改指标名称")
    assert page.said[-1] == "“万元生产总值能耗”:按指标名称应为反向,现为正向。"
    ((label, act),) = offered[-1]
    assert label == "改为反向"
    act()
    assert planning_framework.indicator(store, first).direction is Direction.LOWER
    page.said.clear()
    write(page, [(second, "name", "社会消费品零售总额")], "修改指标名称")
    assert page.said == []
    planning_framework.set_indicator_field(store, first, IndicatorField.DIRECTION, "正向")
    assert page.said == [], "chosen by hand"
    write(page, [(first, "name", "单位产值能耗"), (second, "name", "失业率")], "粘贴")
    assert page.said[-1] == "2 项指标的方向与名称或写法不符:单位产值能耗等。"
    offered[-1][0][1]()
    assert {planning_framework.indicator(store, one).direction for one in (first, second)} == {Direction.LOWER}
    store.undo()
    assert planning_framework.indicator(store, second).direction is Direction.HIGHER


def test_where_substantially_met_counts_is_ticked_beside_the_account(store, tmp_path, qtbot) -> None:
    page = shown(store, tmp_path, qtbot, "last_year")
    view = page.views.view
    assert isinstance(view, LastYearView)
    assert not view.substantial.isChecked()
    view.substantial.click()
    QApplication.processEvents()
    assert results.account(store, PAST).counts.substantial_counts_as_met
    assert view.substantial.isChecked()
    store.undo()
    QApplication.processEvents()
    assert not view.substantial.isChecked()
    sealing.seal_year(store, PAST, reason="年度结束")
    QApplication.processEvents()
    assert not view.substantial.isEnabled()
