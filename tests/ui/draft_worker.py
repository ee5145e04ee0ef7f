"""A program of its own that types and is killed: arguments folder, what to type into (cell or dialog)."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from mbo_desktop.store.database import Store
from ui.application import make_application
from ui.dialogs.ask import AskDialog
from ui.drafts import DraftWatch
from ui.grids.columns import Column, Row
from ui.grids.model import GridModel
from ui.grids.source import ListSource
from ui.grids.view import GridView
from ui.theme import Theme
from ui.widgets.fields import LongField


class FindingDialog(AskDialog):
    """A dialog with a long text, as the rooms have them."""

    def __init__(self) -> None:
        super().__init__(None, "登记发现", "登记")
        self.record = 17
        self.text = LongField()
        self.form.add("内容", self.text)

    def act(self) -> None:
        """Nothing to do."""


def make_view() -> GridView:
    """One row with a cell to type into."""
    rows = {1: "工业投资", 2: "财政收入"}
    model = GridModel(ListSource(
        (Column("name", "指标", editable=True), Column("value", "目标值", editable=True)),
        lambda: [Row(key, {"name": name, "value": "10"}) for key, name in rows.items()],
    ))
    view = GridView(model)
    model.reload()
    view.resize(400, 200)
    return view


def tell() -> None:
    """The text stands in the field."""
    sys.stdout.write("typed\n")
    sys.stdout.flush()


def main(folder: str, where: str) -> None:
    """Type, and tell on stdout when it stands in the field; then wait to be killed."""
    application = make_application()
    Theme(application).apply(100)
    store = Store.open(Path(folder), operator="刘敏")
    watch = DraftWatch(store.folder, lambda: store.operator, application)
    if where == "cell":
        view = make_view()
        view.show()
        view.activateWindow()
        QTest.qWaitForWindowActive(view)
        view.setFocus()
        view.setCurrentIndex(view.grid.index(0, 1))
        view.start_editing()
        QTest.qWait(50)
        target = QApplication.focusWidget()
        assert isinstance(target, QLineEdit)
        target.setText("123.4")
    else:
        dialog = FindingDialog()
        dialog.show()
        dialog.activateWindow()
        QTest.qWaitForWindowActive(dialog)
        dialog.text.setFocus()
        QTest.keyClicks(dialog.text, "checked on site, ")
        dialog.text.insertPlainText("项目未按节点推进,现场无人施工。")
    QTimer.singleShot(0, tell)
    QCoreApplication.exec()
    assert watch


if __name__ == "__main__":
    main(*sys.argv[1:])
