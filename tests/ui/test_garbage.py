"""Garbage with Qt objects in it is only collected in the GUI thread."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.garbage import THRESHOLDS, GuiCollector


class Circle(QObject):
    """Refers to itself, as a dialog does through its fields' callbacks."""

    def __init__(self) -> None:
        super().__init__()
        self.again = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[GuiCollector]:
    made = GuiCollector()
    yield made
    made.stop()
    assert gc.isenabled()


def leave_a_circle(collected_in: list[str]) -> None:
    weakref.finalize(Circle(), lambda: collected_in.append(threading.current_thread().name))


def allocate_in_a_lane() -> None:
    """What a long read does: many small objects that stay for a while."""
    kept: list[list[object]] = []
    lane = threading.Thread(target=lambda: kept.extend([object()] for _ in range(60_000)), name="lane")
    lane.start()
    lane.join()


def test_a_lane_takes_no_widget_apart(collector: GuiCollector) -> None:
    collected_in: list[str] = []
    leave_a_circle(collected_in)
    allocate_in_a_lane()
    assert collected_in == []
    gc.collect()
    assert collected_in == [threading.current_thread().name]


def test_it_collects_when_enough_has_gathered(collector: GuiCollector) -> None:
    gc.collect()
    collected_in: list[str] = []
    leave_a_circle(collected_in)
    collector.look()
    assert collected_in == []
    kept = [[] for _ in range(THRESHOLDS[0] + 500)]
    collector.look()
    assert collected_in == [threading.current_thread().name]
    assert kept
