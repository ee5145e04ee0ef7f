"""Settings of the data folder: who is at work, a new year, facts of the own office."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QListWidget, QListWidgetItem, QPushButton, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.errors import InputError
from mbo_desktop.services import session
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.theme import scaled
from ui.widgets.fields import TextField


class OperatorDialog(AskDialog):
    """Who is at work now; names are added and taken off the list here."""

    def __init__(self, parent: QWidget | None, store: Store) -> None:
        super().__init__(parent, "换人", "由所选人员经办")
        self._store = store
        self.chosen = ""
        self.names = QListWidget()
        self.names.setFixedHeight(scaled(150))
        self.names.itemDoubleClicked.connect(self.try_to_accept)
        self.fresh = TextField(hint=self.tr("新的姓名,回车添加"))
        self.fresh.committed.connect(self._on_fresh)
        self.form.add(self.tr("经办人"), self.names)
        self.form.add(self.tr("添加"), self.fresh)
        self.note(self.tr("此后的修改记录写所选人员的名字。停用的人员不再列出,以往的记录不变。"))
        self.retire = QPushButton(self.tr("停用所选人员"))
        self.retire.setAutoDefault(False)
        self.retire.clicked.connect(self._on_retire)
        self.foot.insertWidget(0, self.retire)
        for widget in (self.fresh, self.retire):
            widget.setEnabled(not store.read_only)
        self._fill(store.operator)
        self.names.setFocus()

    def _fill(self, current: str) -> None:
        self.names.clear()
        for row in session.operators(self._store):
            item = QListWidgetItem(row.name)
            item.setData(Qt.ItemDataRole.UserRole, row.id)
            self.names.addItem(item)
            if row.name == current:
                self.names.setCurrentItem(item)
        if self.names.currentRow() < 0:
            self.names.setCurrentRow(0)

    def _on_fresh(self, _value: object) -> None:
        name = " ".join(self.fresh.text().split())
        if name and self.attempt(lambda: session.add_operator(self._store, name)):
            self.fresh.set_text("")
            self._fill(name)

    def _on_retire(self) -> None:
        item = self.names.currentItem()
        if item is None:
            return
        if self.names.count() == 1:
            self.problem.setText(self.tr("至少要留一位经办人。请先添加新的姓名。"))
            self.problem.show()
            return
        record = RecordId(int(item.data(Qt.ItemDataRole.UserRole)))
        if self.attempt(lambda: session.retire_operator(self._store, record)):
            self._fill(self._store.operator)

    def act(self) -> None:
        """Work under the chosen name from now on."""
        item = self.names.currentItem()
        if item is None:
            raise InputError("没有选择经办人。", "请选择或添加一位。")
        self.chosen = item.text()
        self._store.operator = self.chosen


class YearDialog(AskDialog):
    """A new assessment year."""

    def __init__(self, parent: QWidget | None, store: Store) -> None:
        super().__init__(parent, "新建考核年度", "建立")
        self._store = store
        self.number = 0
        known = [row.number for row in session.years(store)]
        proposed = max(known) + 1 if known else clock.today().year
        self.year = TextField(str(proposed), required=self.tr("请填写年度。"))
        self.form.add(self.tr("考核年度"), self.year)
        self.note(self.tr("新年度带有通用的目标类别和战略,可在目标体系中修改;单位人员各年度共用。"))
        self.year.selectAll()

    def act(self) -> None:
        """Open the year."""
        text = self.year.text().strip().removesuffix("年度").removesuffix("年")
        if not text.isdecimal():
            raise InputError(f"“{text}”不是年度。", "请填 1990 到 2100 之间的年份。")
        session.open_year(self._store, int(text))
        self.number = int(text)


class OfficeDialog(AskDialog):
    """Facts of the own office."""

    def __init__(self, parent: QWidget | None, store: Store) -> None:
        super().__init__(parent, "本机关信息", "保存修改", width=520)
        self._store = store
        own = session.office(store)
        self.government = TextField(own.government_name, required=self.tr("请填写本级政府名称。"))
        self.name = TextField(own.name, required=self.tr("请填写本机关名称。"))
        self.kind = QComboBox()
        for kind in UnitKind:
            self.kind.addItem(self.tr("部门") if kind is UnitKind.DEPARTMENT else kind.label, kind.value)
        self.kind.setCurrentIndex(self.kind.findData(own.kind.value))
        self.superior = TextField(own.superior_name)
        self.form.add(self.tr("本级政府"), self.government)
        self.form.add(self.tr("本机关"), self.name)
        self.form.add(self.tr("类别"), self.kind)
        self.form.add(self.tr("上级机关"), self.superior)
        self.note(self.tr("责任书以本级政府的名义签订;已印发的责任书不受影响。"))

    def act(self) -> None:
        """Save them as one step."""
        session.set_office(
            self._store, name=self.name.text(), government_name=self.government.text(),
            kind=UnitKind.of(str(self.kind.currentData())), superior_name=self.superior.text(),
        )
