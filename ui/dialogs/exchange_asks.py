"""Short questions of the exchange: mass changes, a password, the reason of a withdrawal, the courier."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from mbo_desktop import clock
from mbo_desktop.errors import InputError
from mbo_desktop.services import issuing
from mbo_desktop.services.issued import RegisterRow
from mbo_desktop.services.received import InboxRow
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.widgets.fields import DateField, LongField, TextField

LISTED = 8


class MassDialog(AskDialog):
    """The second confirmation: what would change so much, and that the sender was asked."""

    def __init__(self, rows: Sequence[InboxRow], parent: QWidget | None = None) -> None:
        super().__init__(parent, "变化很大,请再确认一次", "仍然导入", width=540)
        for row in rows[:LISTED]:
            label = self.note(f"▲ {row.unit_label or row.office_name}:{row.mass_sentence}")
            label.setProperty("role", "")
        if len(rows) > LISTED:
            self.note(self.tr("另有 {} 个数据包变化很大。").format(len(rows) - LISTED))
        self.note(self.tr("大量删除或修改有时是对方选错了数据。请打电话核实后再导入;导入后也可以撤回。"))
        self.confirmed = QCheckBox(self.tr("已与发出机关核实,变化属实"))
        self.form.add_wide(self.confirmed)
        self.first_focus = self.confirmed

    def act(self) -> None:
        """Only with the tick."""
        if not self.confirmed.isChecked():
            raise InputError("还没有确认。", "核实以后请勾选“已与发出机关核实”,或按“取消”返回。")


class PasswordDialog(AskDialog):
    """The password that the sender told; it is kept for this reading only."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, "输入数据包的口令", "读取", width=460)
        self.note(self.tr("“{}”是用口令加密的。口令由发出机关另行告知,不在U盘上。").format(name))
        self.field = TextField(required=self.tr("请填写口令。"))
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.form.add(self.tr("口令"), self.field)
        self.shown = QCheckBox(self.tr("显示口令"))
        self.shown.toggled.connect(self._on_shown)
        self.form.add("", self.shown)

    @property
    def password(self) -> str:
        """What was typed."""
        return self.field.text()

    def _on_shown(self, shown: bool) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def act(self) -> None:
        """The view reads again with it."""


class WithdrawDialog(AskDialog):
    """The reason of a withdrawal; the deed is done by who asked."""

    def __init__(self, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, "撤回导入", "撤回", width=480)
        self.note(sentence)
        self.note(self.tr("撤回后,这些数据包带来的内容恢复到导入以前;数据包仍在登记中,可以取消撤回。"))
        self.text = LongField(lines=2, hint=self.tr("如:对方发错了月份,已通知重报"))
        self.form.add(self.tr("理由"), self.text)

    @property
    def reason(self) -> str:
        """What was typed."""
        return self.text.value()

    def act(self) -> None:
        """A reason is needed: it stands in the register."""
        if not self.reason:
            raise InputError("没有写撤回的理由。", "请写一句理由,它记在登记中。")


class GiveUpDialog(AskDialog):
    """Why a missing package is not asked for any more; the deed is done by who asked."""

    def __init__(self, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, "不再催要", "不再催要", width=480)
        self.note(sentence)
        self.note(self.tr("确定后,这处缺号和同一台电脑更早的缺号不再提示;以后又缺的照常提示。可以撤销。"))
        self.text = LongField(lines=2, hint=self.tr("如:对方那一包制作后没有送出"))
        self.form.add(self.tr("理由"), self.text)

    @property
    def reason(self) -> str:
        """What was typed."""
        return self.text.value()

    def act(self) -> None:
        """A reason is needed: it stands in the log."""
        if not self.reason:
            raise InputError("没有写不再催要的理由。", "请写一句理由,它记在日志中。")


class HandOverFacts(AskDialog):
    """Who carried a package when and on what, entered or corrected afterwards."""

    def __init__(self, store: Store, row: RegisterRow, parent: QWidget | None = None) -> None:
        super().__init__(parent, "交接登记", "登记", width=480)
        self._store, self._row = store, row
        self.note(self.tr("{} {} 第{}包({})").format(row.way.label, row.office, row.seq, row.file or row.kind.label))
        self.carrier = TextField(row.carrier, required=self.tr("请填写携带人。"))
        self.medium = TextField(row.medium, hint=self.tr("如 U盘(编号3)"))
        self.day = DateField(row.on or clock.today(), year=row.year, required=self.tr("请填写日期。"))
        self.remark = TextField(row.note)
        for label, field in (
            (self.tr("携带人"), self.carrier), (self.tr("介质"), self.medium), (self.tr("日期"), self.day),
            (self.tr("备注"), self.remark),
        ):
            self.form.add(label, field)

    def act(self) -> None:
        """Enter it."""
        issuing.hand_over(
            self._store, self._row.package, carrier=self.carrier.text().strip(),
            medium=self.medium.text().strip(), on=self.day.value(),  # type: ignore[arg-type]
            cleared=self._row.cleared, note=self.remark.text().strip(),
        )
