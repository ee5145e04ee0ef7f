"""The rooms of a county that carries received targets only: what they count, mark and lock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from mbo_desktop.services import decomposition_edits, decomposition_structure, offices
from mbo_desktop.store.database import Store
from tests.services.offices_exchanging import (
    YEAR,
    begin_below,
    make_city,
    received_targets,
    send_down,
    unit_named,
)
from tests.ui.planning_folder import make_workspace
from ui.pages import planning_figures
from ui.pages.decomposition_tree import BranchSource
from ui.pages.overview import OverviewPage
from ui.pages.progress import ProgressPage
from ui.pages.progress_rows import month_columns, month_row


@pytest.fixture
def county(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    with make_city(tmp_path / "city", ["甲县", "乙县"], 2) as city:
        path = send_down(city, "甲县", tmp_path / "u")
    with begin_below(tmp_path / "county", path) as store:
        offices.add_units_from_list(store, "东镇人民政府", superior=offices.root_unit(store))
        yield store


def give_first(store: Store) -> int:
    """A part of the first target for the township."""
    node = decomposition_structure.add_child(store, YEAR, received_targets(store)[0].id)
    assert not decomposition_edits.write_field(store, YEAR, node, "unit", unit_named(store, "东镇"))
    assert not decomposition_edits.write_field(store, YEAR, node, "value", "6")
    return node


def test_the_heads_count_what_the_superior_gave(county: Store, tmp_path: Path, qtbot: QtBot) -> None:
    assert planning_figures.read(county, YEAR).line(None).startswith("2 项指标 · 上级下达 2 项")
    page = OverviewPage(make_workspace(county, tmp_path))
    qtbot.addWidget(page)
    page.show()
    page.activate()
    qtbot.waitUntil(lambda: page._filled)
    assert "上级下达 2 项" in words(page)


def words(widget: QWidget) -> str:
    return " ".join(one.text() for one in widget.findChildren(QLabel))


def test_received_targets_are_marked_in_the_tree(county: Store, tmp_path: Path) -> None:
    node = give_first(county)
    source = BranchSource(make_workspace(county, tmp_path))
    (category,) = source.child_ids(0)
    heads = source.rows(source.child_ids(category))
    assert [one.cells["title"].text for one in heads.values()] == ["[上级] 指标1", "[上级] 指标2"]
    first = next(iter(heads.values()))
    assert first.cells["responsible"].editable, "who answers for it here is this office's to say"
    part = source.rows([node])[node]
    assert part.cells["title"].text == "东镇"
    assert part.cells["value"].editable


def test_a_part_that_was_received_takes_nothing(county: Store, tmp_path: Path) -> None:
    give_first(county)
    path = send_down(county, "东镇", tmp_path / "d")
    with begin_below(tmp_path / "town", path) as town:
        source = BranchSource(make_workspace(town, tmp_path))
        found: dict[int, str] = {}
        waiting = list(source.child_ids(0))
        while waiting:
            row = source.rows([waiting[0]])[waiting.pop(0)]
            found[row.id] = row.cells["title"].text
            if row.cells["title"].text == "[上级] 东镇":
                assert not row.cells["value"].editable
                assert "上级" in row.cells["value"].locked
            waiting += source.child_ids(row.id)
        assert "[上级] 东镇" in found.values()


def test_the_month_says_whose_figure_is_typed(county: Store, tmp_path: Path, qtbot: QtBot) -> None:
    page = ProgressPage(make_workspace(county, tmp_path))
    qtbot.addWidget(page)
    page.show()
    page.activate()
    view = page.views.view
    own = next(one for one in view.source.columns if one.key == "own")
    assert own.group == "自报"
    (first, _second) = view.source.ids(view.panel.model.query)
    row = view.source.row(int(first))
    assert row is not None
    cells = month_row(row)
    assert cells.cell("own").editable
    assert not cells.cell("verified").editable
    assert "核实数由下达的机关录入" in cells.cell("verified").locked
    give_first(county)
    assert next(one for one in month_columns() if one.key == "own").group == "自报(代录)"
