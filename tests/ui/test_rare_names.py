"""Rare characters of names are drawn on screen, whatever face the machine has."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontDatabase, QRawFont
from PySide6.QtWidgets import QApplication

from ui.theme import RARE_FAMILY, Theme


@pytest.mark.parametrize("name", ["䶮", "喆", "堃", "祎", "玥", "㛃", "𬭸"])
def test_the_second_face_has_the_character(theme: Theme, name: str) -> None:
    assert RARE_FAMILY in QFontDatabase.families()
    assert RARE_FAMILY in QApplication.font().families()
    face = QApplication.font()
    face.setFamilies([RARE_FAMILY])
    assert QRawFont.fromFont(face).glyphIndexesForString(name)[0] != 0
