"""What does not fit: texts that are cut, widgets outside of what holds them, pages that run out at the side."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QTextEdit,
    QWidget,
)

SLACK = 2
"""Pixels that a measure of a font may be off."""


def misfits(root: QWidget) -> Iterator[str]:
    """What of a window or page does not fit, in words."""
    for one in [root, *root.findChildren(QWidget)]:
        if not one.isVisibleTo(root) or not one.size().isValid():
            continue
        cut = _cut(one)
        if cut:
            yield f"{_name(one)}: {cut}"
        if one is not root and _sticks_out(one):
            yield f"{_name(one)}: sticks out of {type(one.parentWidget()).__name__}"
        if isinstance(one, QScrollArea) and one.horizontalScrollBar().maximum() > SLACK:
            yield f"{_name(one)}: {one.horizontalScrollBar().maximum()} px wider than its place"


def _name(one: QWidget) -> str:
    text = one.currentText() if isinstance(one, QComboBox) else getattr(one, "text", "")
    if callable(text):
        text = text()
    return f"{type(one).__name__} {one.objectName()} “{str(text)[:40]}”".replace("\n", "/")


def _cut(one: QWidget) -> str:
    if isinstance(one, QLabel):
        return _cut_label(one)
    if isinstance(one, QPushButton | QCheckBox | QRadioButton):
        if not one.text() or one.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored:
            return ""
        wanted = one.minimumSizeHint().expandedTo(one.sizeHint())
        short = wanted.width() - one.width(), wanted.height() - one.height()
        return f"{short} px short" if max(short) > SLACK else ""
    if isinstance(one, QComboBox) and one.currentText():
        option = QStyleOptionComboBox()
        one.initStyleOption(option)
        room = one.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, one
        )
        short = one.fontMetrics().horizontalAdvance(one.currentText()) - room.width()
        return f"{short} px short" if short > SLACK and not one.toolTip() else ""
    return ""


def _cut_label(one: QLabel) -> str:
    text = one.text()
    if not text or text[-1:] == "…" or one.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored:
        # Shortened on purpose, with the whole text in its tip.
        return "" if not text or one.toolTip() or text[-1:] == "…" else "shortened without a tip"
    if one.wordWrap():
        short = one.heightForWidth(one.width()) - one.height()
        return f"{short} px too low" if short > SLACK else ""
    if one.textFormat() is Qt.TextFormat.AutoText and re.search(r"<[a-z]", text):
        return ""
    wanted = one.sizeHint()
    short = wanted.width() - one.width(), wanted.height() - one.height()
    return f"{short} px short" if max(short) > SLACK else ""


def _sticks_out(one: QWidget) -> bool:
    parent = one.parentWidget()
    if parent is None or one.isWindow() or not parent.isVisible():
        return False
    if isinstance(parent, QAbstractItemView | QTextEdit) or isinstance(parent.parentWidget(), QAbstractScrollArea):
        # What scrolls may be larger than what is seen of it.
        return False
    room, place = parent.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK), one.geometry()
    return one.width() > 0 and one.height() > 0 and not room.contains(place)
