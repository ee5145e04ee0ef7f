"""Esc in the global search: list, text and focus are given up at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.grids.columns import Option
from ui.widgets.search_edit import SearchEdit


def found(typed: str) -> Sequence[Option]:
    return [Option(number, f"{typed}{number}") for number in (1, 2)] if typed else []


def test_esc_empties_the_field_and_goes_back_to_the_work(qtbot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    work, field = QLineEdit(), SearchEdit(found)
    layout = QVBoxLayout(place)
    layout.addWidget(work)
    layout.addWidget(field)
    picked: list[object] = []
    field.picked.connect(picked.append)
    field.given_up.connect(work.setFocus)
    place.show()
    field.setFocus()
    qtbot.keyClicks(field, "sj")
    popup = field._completer.popup()
    assert popup.isVisible()
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert field.text() == ""
    assert place.focusWidget() is work
    field.setFocus()
    field.setText("没有这一项")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert place.focusWidget() is work
    assert not picked
