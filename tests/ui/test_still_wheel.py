"""A choice under the pointer stays as it is when the page is scrolled; a wrong field is brought into view."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QScrollArea

from ui.dialogs.ask import AskDialog
from ui.widgets.fields import NumberField, TextField


class _Long(AskDialog):
    def __init__(self) -> None:
        super().__init__(None, "长表", "保存")
        self.number = NumberField(Decimal(1), required="请填写。")
        self.form.add("数", self.number)
        self.choice, self.loose = QComboBox(), QComboBox()
        for one in (self.choice, self.loose):
            one.addItems(["甲", "乙", "丙"])
        self.form.add("项", self.choice)
        self.form.add_wide(self.loose)
        for _ in range(30):
            self.form.add("行", TextField(""))
        area = QScrollArea()
        area.setWidgetResizable(True)
        self.body.removeWidget(self.form)
        area.setWidget(self.form)
        self.body.insertWidget(0, area, 100)
        self.area = area
        self.resize(400, 300)

    def act(self) -> None:
        """Nothing."""


def _turn(widget: QComboBox) -> None:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle, QPointF(widget.mapToGlobal(widget.rect().center())), QPoint(), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )
    QApplication.sendEvent(widget, event)


def test_the_wheel_scrolls_and_changes_no_choice(qtbot):
    dialog = _Long()
    qtbot.addWidget(dialog)
    dialog.show()
    for choice in (dialog.choice, dialog.loose):
        choice.setFocus()
        _turn(choice)
        assert choice.currentIndex() == 0


def test_a_field_that_cannot_be_read_is_scrolled_into_view(qtbot):
    dialog = _Long()
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.number.setText("作")
    bar = dialog.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 100
    dialog.try_to_accept()
    assert bar.value() < 30 and dialog.isVisible()
