"""After sealing: the room says so, nothing can be typed, and what records say otherwise since is listed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from mbo_desktop.services import sealing_scores
from tests.ui.assessment_folder import Group, shown
from tests.ui.planning_folder import YEAR
from ui.pages.assessment_board_cells import Shown


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    sealing_scores.seal(made.store, YEAR, made.scheme, "常务会议", although=True)
    yield made
    made.store.close()


def test_the_board_says_it_is_sealed_and_takes_nothing(group, tmp_path, qtbot):
    page = shown(group, tmp_path, qtbot)
    view = page.views.view
    assert "已封存" in page._figures.text() and not view.trial.isEnabled()
    for what in (Shown.ACTUAL, Shown.CERTIFIED, Shown.USED):
        view.shows.setCurrentIndex(view.shows.findData(what.value))
        view._on_shows()
        model = view.grid.model
        index = model.index(model.row_of(group.indicators[0]), model.column_of(f"u@{group.units[0]}"))
        assert not model.is_editable(index) and "解封" in model.cell(index).locked
    sealing_scores.unseal(group.store, group.scheme, "核对")
    assert view.trial.isEnabled() and "已封存" not in page._figures.text()


def test_what_changed_since_is_listed_and_the_sealed_figures_stand(group, tmp_path, qtbot, monkeypatch):
    from decimal import Decimal

    from mbo_desktop.domain.assessment import Scheme
    from mbo_desktop.services import scores

    page = shown(group, tmp_path, qtbot, "sealing")
    view = page.views.view
    model = view.grid.model
    assert [model.cell_at(0, place).text for place in range(3)] == ["1", "甲县", "100.00"]
    assert view.grid.view.frozen.holds(0) and view.grid.view.frozen.holds(1)
    assert "变动" not in page._figures.text()
    with group.store.change("改办法") as change:
        from dataclasses import replace

        old = change.get(Scheme, group.scheme)
        change.put(replace(old, bonus_cap=Decimal(1), scale=Decimal(200)))
    assert scores.changed_since_sealing(group.store, group.scheme)
    view.activate()
    assert "个数与现有记录不同" in page._figures.text()
    assert any("封存100.00" in one.text() for one in view.side.findChildren(QLabel))
    assert model.cell_at(0, 2).text == "100.00"
