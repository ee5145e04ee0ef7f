"""Fields, forms, pickers, panels."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.grids.columns import Light, Option
from ui.widgets.chips import Chip
from ui.widgets.empty_page import EmptyPage
from ui.widgets.fields import DateField, LongField, NumberField, TextField
from ui.widgets.form import Form
from ui.widgets.message_bar import MessageBar
from ui.widgets.picker import PickerEdit
from ui.widgets.side_panel import SidePanel

Key = Qt.Key

UNITS = [Option(1, "柯城区", "001"), Option(2, "衢江区", "002"), Option(3, "市交委", "101 sjw")]


def look_up(typed: str) -> list[Option]:
    return [o for o in UNITS if typed.strip() in o.label + o.detail]


@pytest.fixture
def show(qtbot):
    def shown(widget: QWidget) -> QWidget:
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    return shown


@pytest.mark.parametrize(("typed", "value"), [
    ("1,234.5", Decimal("1234.5")), ("１２３４．５", Decimal("1234.5")), ("", None),
])
def test_a_number_is_read_as_typed(show, qtbot, typed, value):
    field = show(NumberField(Decimal(1)))
    got = []
    field.committed.connect(got.append)
    field.setFocus()
    field.selectAll()
    field.setText(typed)
    assert field.commit()
    assert got == [value]
    assert field.text() == ("1,234.5" if value else "")


def test_a_number_that_cannot_be_read_stands_with_its_reason(show):
    form = Form()
    field = form.add("分值", NumberField())
    show(form)
    field.setText("abc")
    assert not field.commit()
    assert field.text() == "abc"
    errors = [label for label in form.findChildren(QLabel) if label.property("role") == "error"]
    assert errors[0].isVisible()
    assert "abc" in errors[0].text()
    field.setText("5")
    field.textEdited.emit("5")
    assert not errors[0].isVisible()


def test_a_date_is_completed_and_shown_in_full(show, set_clock):
    field = show(DateField(year=2020))
    got = []
    field.committed.connect(got.append)
    field.setText("5.6")
    assert field.commit()
    assert got == [date(2020, 5, 6)]
    assert field.text() == "2020-05-06"


def test_a_date_of_the_procedure_falls_into_the_year_or_the_next(show, qtbot, set_clock):
    field = show(DateField(year=2019, or_next=True))
    for typed, meant in (("11.10", date(2019, 11, 10)), ("1.15", date(2020, 1, 15)), ("2.29", date(2020, 2, 29))):
        field.setText(typed)
        assert field.commit() and field.value() == meant
    field.setText("2.30")
    assert not field.commit()


def test_escape_restores_the_saved_text(show, qtbot):
    field = show(TextField("甲县"))
    field.setFocus()
    qtbot.keyClicks(field, "x")
    qtbot.keyClick(field, Key.Key_Escape)
    assert field.text() == "甲县"


def test_enter_goes_to_the_next_field_and_never_presses_the_button(show, qtbot):
    holder = QWidget()
    layout = QVBoxLayout(holder)
    form = Form()
    names = [form.add(n, TextField()) for n in ("名称", "简称")]
    remark = form.add("备注", LongField())
    pressed = []
    button = QPushButton("确定")
    button.setDefault(True)
    button.clicked.connect(lambda: pressed.append(1))
    layout.addWidget(form)
    layout.addWidget(button)
    show(holder)
    names[0].setFocus()
    qtbot.keyClick(names[0], Key.Key_Return)
    assert names[1].hasFocus()
    qtbot.keyClick(names[1], Key.Key_Enter)
    assert remark.hasFocus()
    qtbot.keyClick(remark, Key.Key_Return)
    assert remark.hasFocus()
    assert remark.toPlainText() == "\n"
    qtbot.keyClick(remark, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert button.hasFocus()
    assert pressed == []


def test_a_field_with_a_fault_keeps_the_focus(show, qtbot):
    form = Form()
    first = form.add("名称", TextField(required="名称没有填写。"))
    form.add("简称", TextField())
    show(form)
    first.setFocus()
    qtbot.keyClick(first, Key.Key_Return)
    assert first.hasFocus()
    assert not form.commit()
    first.setText("甲县")
    assert form.commit()


def test_enter_inside_a_composition_stays_in_the_field(show, qtbot):
    form = Form()
    first, second = form.add("名称", TextField()), form.add("简称", TextField())
    show(form)
    first.setFocus()
    QApplication.sendEvent(first, QInputMethodEvent("jia", []))
    qtbot.keyClick(first, Key.Key_Return)
    assert first.hasFocus()
    done = QInputMethodEvent("", [])
    done.setCommitString("甲")
    QApplication.sendEvent(first, done)
    qtbot.keyClick(first, Key.Key_Return)
    assert second.hasFocus()
    assert first.text() == "甲"


def test_a_picker_finds_by_name_code_and_initials(show, qtbot):
    picker = show(PickerEdit(look_up))
    picked = []
    picker.picked.connect(lambda o: picked.append(o.value))
    picker.setFocus()
    qtbot.keyClicks(picker, "sjw")
    assert [o.label for o in picker.options] == ["市交委"]
    qtbot.keyClick(picker, Key.Key_Return)
    assert picker.text() == "市交委"
    assert (picked, picker.value()) == ([3], 3)


def test_enter_in_the_open_list_takes_the_row_and_goes_on(show, qtbot):
    form = Form()
    picker = form.add("单位", PickerEdit(look_up))
    following = form.add("目标", TextField("旧"))
    show(form)
    picker.setFocus()
    qtbot.keyClicks(picker, "sjw")
    popup = picker._completer.popup()
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Key.Key_Return)
    assert (picker.text(), picker.value()) == ("市交委", 3)
    assert following.hasFocus() and following.selectedText() == "旧"


def test_a_picker_shows_all_on_down_in_their_order(show, qtbot):
    picker = show(PickerEdit(look_up))
    picker.setFocus()
    qtbot.keyClick(picker, Key.Key_Down)
    assert [o.value for o in picker.options] == [1, 2, 3]


def test_a_picker_takes_no_guess_between_several(show):
    picker = show(PickerEdit(look_up))
    picker.setText("区")
    assert picker.value() is None
    picker.setText("柯城")
    assert picker.value() == 1
    picker.set_option(UNITS[1])
    assert picker.value() == 2


def test_good_news_leaves_and_trouble_stays(show, qtbot):
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar._timer.setInterval(10)
    bar.say("已保存", "green")
    assert not bar.isHidden()
    qtbot.waitUntil(bar.isHidden)
    done = []
    bar.say("磁盘已满", "red", [("重试", lambda: done.append(1))])
    qtbot.wait(40)
    assert not bar.isHidden()
    bar._buttons[0].click()
    assert done == [1]
    assert bar.isHidden()


def test_the_side_panel_is_built_anew(show):
    panel = show(SidePanel())
    for name in ("甲县", "乙县"):
        panel.clear()
        panel.set_title(name, "县区")
        panel.add_heading("目标")
        panel.add_facts([("下达值", "150.00 亿元"), ("未分解", "12.00 亿元", "red")])
        panel.add_buttons([("平均", panel.clear)])
    QApplication.processEvents()
    texts = [label.text() for label in panel._area.widget().findChildren(QLabel)]
    assert texts == ["乙县", "县区", "目标", "下达值", "150.00 亿元", "未分解", "12.00 亿元"]


def test_an_empty_page_teaches_and_starts(show):
    begun = []
    page = show(EmptyPage("inbox", "还没有指标", "说明", [("导入", lambda: begun.append(1)), ("新建", begun.clear)]))
    page.buttons[0].click()
    assert begun == [1]
    assert page.buttons[0].property("role") == "primary"


def test_a_chip_has_a_word(show):
    chip = show(Chip("预警", Light.AMBER))
    assert chip.accessibleName() == "预警"
    wide = chip.sizeHint().width()
    chip.set_state("未报", None)
    assert chip.sizeHint().width() < wide


def test_a_click_on_a_message_leaves_the_focus_in_the_work(show, qtbot):
    page = QWidget()
    box = QVBoxLayout(page)
    year, work, bar = TextField(), TextField(), MessageBar()
    for part in (year, work, bar):
        box.addWidget(part)
    show(page)
    work.setFocus()
    bar.say("已登记", "green", [("立项…", lambda: None)])
    qtbot.mouseClick(bar._buttons[0], Qt.MouseButton.LeftButton)
    assert bar.isHidden()
    assert work.hasFocus()
