"""牵头与配合: supporting units are added, worded, answered and taken off; every step can be undone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from mbo_desktop.domain.joint import Consent
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.services import joint_targets, offices
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
        self.dialog = JointTargetDialog(self.workspace, self.row, self.lead)
        qtbot.addWidget(self.dialog)
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
