"""牵头与配合: supporting units are added, worded, answered and taken off; every step can be undone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from mbo_desktop.domain.joint import Consent
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import joint_targets, offices, planning_edits
from mbo_desktop.services.target_cells import TargetField
from tests.ui.planning_folder import add_indicators, make_store, make_workspace, unit_ids
from ui.dialogs.joint_target import JointTargetDialog
from ui.pages.planning import PlanningPage


class Desk:
    """The dialog over the first county's target, and what the store holds of it."""

    def __init__(self, store, folder, qtbot):
        self.store, self.qtbot = store, qtbot
        self.finance = offices.add_unit(
            store, "示例市财政局", kind=UnitKind.DEPARTMENT, superior=offices.root_unit(store))
        self.row = add_indicators(store)[0]
        self.lead, self.other = unit_ids(store)
        self.workspace = make_workspace(store, folder)
        # The dialog deletes itself when it is closed; its window is what qtbot closes.
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.dialog = JointTargetDialog(self.workspace, self.row, self.lead, self.window)
        self.dialog.show()
        self.dialog.activateWindow()
        qtbot.waitUntil(self.dialog.picker.hasFocus)

    def parts(self):
        return joint_targets.joint_target(self.store, self.row, self.lead).parts

    def add(self, initials="lyx"):
        self.dialog.picker.setFocus()
        self.qtbot.keyClicks(self.dialog.picker, initials)
        self.qtbot.keyClick(self.dialog.picker, Qt.Key.Key_Return)

    def type(self, field, text):
        field.setFocus()
        field.selectAll()
        field.insert(text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def errors(self):
        return [label.text() for label in self.dialog.form.findChildren(QLabel)
                if label.property("role") == "error" and label.isVisible()]


@pytest.fixture
def desk(tmp_path, qtbot):
    store = make_store(tmp_path / "data")
    yield Desk(store, tmp_path, qtbot)
    store.close()


def test_a_unit_is_found_by_initials_and_gets_duty_and_share(desk):
    desk.add()
    assert [part.unit for part in desk.parts()] == [desk.other]
    assert QApplication.focusWidget() is desk.dialog.duty, "its duty can be typed at once"
    desk.type(desk.dialog.duty, "道路建设")
    desk.type(desk.dialog.share, "３０")
    (part,) = desk.parts()
    assert (part.duty, part.share) == ("道路建设", Decimal(30))
    assert desk.dialog.table.item(0, 2).text() == "30%"
    assert "牵头份额 70%" in desk.dialog.head.text()


def test_neither_the_lead_nor_a_unit_twice_is_offered(desk):
    desk.add()
    offered = {option.value for option in desk.dialog._free_units("")}
    assert desk.finance in offered
    assert not offered & {desk.lead, desk.other}


@pytest.mark.parametrize("typed", ["三分天下", "120", "-5"])
def test_a_wrong_share_stays_with_its_reason_and_is_not_saved(desk, typed):
    desk.add()
    desk.type(desk.dialog.share, typed)
    assert desk.dialog.share.text() == typed
    assert len(desk.errors()) == 1
    assert desk.parts()[0].share is None
    desk.dialog.share.commit()
    assert len(desk.errors()) == 1, "leaving it once more does not make it right"
    desk.type(desk.dialog.share, "20")
    assert (desk.errors(), desk.parts()[0].share) == ([], Decimal(20))


def test_a_refusal_needs_a_reason(desk):
    desk.add()
    desk.dialog.refused.click()
    assert "理由" in desk.errors()[0]
    assert desk.parts()[0].consent is Consent.OPEN
    desk.type(desk.dialog.reason, "不属本辖区")
    desk.dialog.day.setText("2020-03-02")
    desk.dialog.refused.click()
    assert desk.dialog.table.item(0, 3).text() == "不同意(2020-03-02):不属本辖区"
    desk.type(desk.dialog.duty, "道路建设")
    assert desk.parts()[0].consent is Consent.OPEN, "a changed duty needs a new answer"
    desk.dialog.reason.clear()
    desk.dialog.given.click()
    assert desk.parts()[0].consent is Consent.GIVEN


def test_each_step_is_undone(desk):
    desk.add()
    desk.dialog.given.click()
    desk.dialog.remove.click()
    assert desk.parts() == () and desk.dialog.table.rowCount() == 0
    for expected in (Consent.GIVEN, Consent.OPEN):
        desk.dialog.undo.click()
        assert [part.consent for part in desk.parts()] == [expected]
    desk.dialog.undo.click()
    assert desk.parts() == ()
    assert not desk.dialog.duty.isEnabled()


def test_an_unsaved_share_is_told_when_another_unit_is_chosen(desk):
    desk.add("lyx")
    desk.add("czj")
    desk.type(desk.dialog.share, "120")
    desk.dialog.table.setCurrentCell(0, 0)
    assert "120" in desk.dialog.messages.label.text()
    assert desk.dialog.share.text() == ""


def names(desk):
    return [part.unit_name for part in desk.parts()]


def test_the_order_is_changed_by_keys_and_buttons(desk):
    desk.add("lyx")
    desk.add("czj")
    first, second = names(desk)
    table = desk.dialog.table
    assert (desk.dialog.up.isEnabled(), desk.dialog.down.isEnabled()) == (True, False)
    table.setFocus()
    desk.qtbot.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names(desk) == [second, first]
    assert table.currentRow() == 0, "the moved one stays selected"
    desk.qtbot.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names(desk) == [second, first]
    assert not desk.dialog.up.isEnabled()
    desk.dialog.down.click()
    assert names(desk) == [first, second]
    desk.dialog.undo.click()
    assert names(desk) == [second, first]


@pytest.mark.parametrize("close", ["button", "escape", "cross"])
def test_a_wrong_share_keeps_the_dialog_open_with_its_sentence(desk, close):
    desk.add()
    desk.dialog.share.setFocus()
    desk.qtbot.keyClicks(desk.dialog.share, "120")
    if close == "button":
        desk.dialog.close_button.click()
    elif close == "escape":
        desk.dialog.reject()
    else:
        desk.dialog.close()
    assert desk.dialog.isVisible()
    assert desk.dialog.share.hasFocus() and desk.dialog.share.text() == "120"
    assert "超过 100%" in desk.errors()[0]
    assert "没有保存" in desk.dialog.messages.label.text()
    desk.qtbot.keyClick(desk.dialog.share, Qt.Key.Key_Escape)
    assert desk.dialog.share.text() == "" and desk.dialog.isVisible(), "Esc takes the text back first"
    assert desk.dialog.messages.isHidden(), "nothing holds it any more"
    desk.qtbot.keyClick(desk.dialog.share, Qt.Key.Key_Escape)
    assert not desk.dialog.isVisible()


def test_a_share_still_being_typed_is_saved_on_closing(desk):
    desk.add()
    desk.dialog.share.setFocus()
    desk.qtbot.keyClicks(desk.dialog.share, "25")
    desk.dialog.close()
    assert desk.parts()[0].share == Decimal(25)


def test_a_reason_without_its_answer_is_not_lost(desk):
    desk.add()
    desk.type(desk.dialog.reason, "不属本辖区")
    desk.type(desk.dialog.duty, "道路建设")
    assert desk.dialog.reason.text() == "不属本辖区", "saving another field leaves it"
    desk.dialog.close_button.click()
    assert desk.dialog.isVisible()
    assert "还没有登记" in desk.errors()[0]
    desk.dialog.refused.click()
    desk.dialog.close_button.click()
    assert not desk.dialog.isVisible()
    assert desk.parts()[0].consent_reason == "不属本辖区"


def test_the_supporting_units_own_cell_says_what_it_supports(desk, qtbot):
    joint_targets.add_support(
        desk.store, desk.row, desk.lead, [desk.finance, desk.other], duty="资金保障", share=Decimal(20))
    page = PlanningPage(desk.workspace)
    qtbot.addWidget(page)
    page.show()

    def words(unit):
        page.side.show_cell(desk.row, unit)
        holder = page.side._area.widget()
        return [w.text() for w in (*holder.findChildren(QLabel), *holder.findChildren(QPushButton))]

    (said,) = [text for text in words(desk.finance) if text.startswith("配合:")]
    assert said.startswith("配合:柯城区 · 牵头目标 ") and said.endswith("资金保障 · 份额20% · 待答复")
    assert "还没有下达。直接在格中键入目标,不适用的填 /。" in words(desk.finance)
    assert "牵头与配合…" in words(desk.other), "it may lead its own target as well"
    assert not any(text.startswith("配合:") for text in words(desk.lead))
    page.side.show_cell(desk.row, desk.other)
    (button,) = [b for b in page.side._area.widget().findChildren(QPushButton)
                 if b.text() == "柯城区的牵头与配合…"]
    button.click()
    (dialog,) = page.findChildren(JointTargetDialog)
    assert dialog.part().unit == desk.other, "its own part is selected"
    dialog.close()


def test_a_target_that_does_not_apply_has_no_joint_section(desk, qtbot):
    page = PlanningPage(desk.workspace)
    qtbot.addWidget(page)
    page.show()
    planning_edits.set_cell(desk.store, desk.row, desk.other, TargetField.VALUE, "/")

    def words(unit):
        page.side.show_cell(desk.row, unit)
        holder = page.side._area.widget()
        return [w.text() for w in (*holder.findChildren(QLabel), *holder.findChildren(QPushButton))]

    assert not any("牵头与配合" in text for text in words(desk.other))
    with pytest.raises(NotAllowedError, match="不适用"):
        joint_targets.add_support(desk.store, desk.row, desk.other, [desk.finance])
    joint_targets.add_support(desk.store, desk.row, desk.lead, [desk.finance])
    planning_edits.set_cell(desk.store, desk.row, desk.lead, TargetField.VALUE, "/")
    assert any("这项目标不适用" in text for text in words(desk.lead)), "units left on it can be removed"


def test_the_side_panel_lists_the_units_and_opens_the_dialog(desk):
    page = PlanningPage(desk.workspace)
    desk.qtbot.addWidget(page)
    desk.workspace.changed.connect(page.refresh)
    page.show()
    page.side.show_cell(desk.row, desk.lead)

    def button():
        # The panel before the last change may still wait to be deleted.
        return [b for b in page.side.findChildren(QPushButton)
                if b.text().startswith("牵头与配合…")][-1]

    assert button().text() == "牵头与配合…"
    joint_targets.add_support(desk.store, desk.row, desk.lead, [desk.finance], duty="资金保障")
    desk.qtbot.waitUntil(lambda: button().text() == "牵头与配合…(1)")
    assert any("资金保障 · 待答复" in label.text() for label in page.side.findChildren(QLabel))
    button().click()
    (dialog,) = page.findChildren(JointTargetDialog)
    assert dialog.table.rowCount() == 1
    dialog.close()
