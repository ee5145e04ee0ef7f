"""How the tree follows its source: many rows at once, rows read late, branches opened in slices."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from tests.ui.test_tree import Forest, Grove


@pytest.fixture
def wide(qtbot) -> Forest:
    """A parent with 40 children, of which the first has two."""
    return Forest(qtbot, Grove({0: [1, 2], 1: list(range(10, 50)), 10: [60, 61]}))


def test_neighbours_that_are_gone_leave_together(wide):
    wide.view.expand(wide.model.index_of(1))
    removed = QSignalSpy(wide.model.rowsRemoved)
    wide.grove.children[1][10:30] = []
    wide.model.sync_parents([1])
    assert removed.count() == 1
    assert wide.shape()[1] == wide.grove.children[1]


def test_new_neighbours_come_together_and_moved_ones_move(wide):
    wide.view.expand(wide.model.index_of(1))
    for key in range(100, 120):
        wide.grove.names[key], wide.grove.codes[key] = f"新{key}", ""
    wide.grove.children[1][5:5] = list(range(100, 120))
    wide.grove.children[1].append(wide.grove.children[1].pop(0))
    inserted = QSignalSpy(wide.model.rowsInserted)
    wide.model.sync_parents([1])
    assert inserted.count() == 1
    assert wide.shape()[1] == wide.grove.children[1]


def test_only_the_parents_asked_for_are_read_again(wide):
    wide.view.expand(wide.model.index_of(1))
    wide.view.expand(wide.model.index_of(10))
    wide.grove.fetched.clear()
    wide.model.sync_parents([10])
    assert wide.grove.fetched == [10]


def test_aged_rows_are_read_when_they_are_looked_at(wide):
    wide.view.expand(wide.model.index_of(1))
    wide.grove.names[12] = "改了名"
    wide.model.age()
    assert wide.model.cell(wide.model.index_of(12)).text == "改了名"


def test_a_first_child_gives_its_parent_a_mark(wide):
    index = wide.model.index_of(2)
    assert not wide.model.hasChildren(index)
    branched = QSignalSpy(wide.model.branched)
    wide.grove.children[2] = [70]
    wide.grove.names[70], wide.grove.codes[70] = "新", ""
    wide.model.sync_parents([0])
    wide.model.cell(index)
    assert branched.count() == 1
    assert wide.model.hasChildren(index)


def test_what_was_just_made_passes_the_filter(wide):
    wide.model.set_visible({1, 10})
    wide.go(1, 10)
    wide.grove.names[71], wide.grove.codes[71] = "新", ""
    wide.grove.children[1].append(71)
    wide.model.let_through([71])
    wide.model.sync_parents([1])
    assert wide.shape()[1] == [10, 71]


def test_open_branches_open_again_after_a_reset(wide, qtbot):
    wide.go(1, 10, 60)
    wide.model.reload()
    qtbot.waitUntil(lambda: wide.view.isExpanded(wide.model.index_of(10)))
    assert wide.view.isExpanded(wide.model.index_of(1))


def test_what_a_filter_opens_is_not_remembered(wide, qtbot):
    wide.view.open_found(100)
    wide.model.set_visible({1, 10, 60})
    qtbot.waitUntil(lambda: wide.view.isExpanded(wide.model.index_of(10)))
    wide.view.open_found(0)
    wide.model.set_visible(None)
    QApplication.processEvents()
    QApplication.processEvents()
    assert not wide.view.isExpanded(wide.model.index_of(1))


def test_a_filter_opens_no_more_than_asked_for(qtbot):
    children = {0: list(range(1, 51))} | {n: [n * 100, n * 100 + 1] for n in range(1, 51)}
    forest = Forest(qtbot, Grove(children))
    forest.view.open_found(60)
    forest.model.set_visible({key for kids in children.values() for key in kids})
    QApplication.processEvents()
    for _ in range(20):
        QApplication.processEvents()
    opened = sum(forest.view.isExpanded(forest.model.index_of(n)) for n in range(1, 51))
    assert 5 <= opened <= 6
