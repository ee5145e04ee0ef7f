"""当面接收: an office that is not known yet, or comes with another key; the fingerprint in large groups."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from mbo_desktop.domain.exchange import BindingRole
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import offices, trust
from mbo_desktop.services.received import InboxRow, RowState
from ui.dialogs.ask import AskDialog
from ui.grids.columns import Option
from ui.widgets.fields import LongField
from ui.widgets.fingerprint import FingerprintView
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace


class RoleFields:
    """The choice of what the office is here: superior, or which own unit."""

    def __init__(self, dialog: AskDialog, workspace: Workspace, role: BindingRole, unit: Option | None) -> None:
        self._store = workspace.store
        self._form = dialog.form
        self.role = QComboBox()
        for one in BindingRole:
            self.role.addItem(one.label, one.value)
        self.role.setCurrentIndex(self.role.findData(role.value))
        self.role.currentIndexChanged.connect(self._on_role)
        self.unit = PickerEdit(self._look_up)
        self.unit.setPlaceholderText(dialog.tr("单位名称或拼音首字母"))
        self.unit.set_option(unit)
        dialog.form.add(dialog.tr("它是"), self.role)
        dialog.form.add(dialog.tr("对应的单位"), self.unit)
        self._on_role()

    def _look_up(self, typed: str) -> Sequence[Option]:
        return [Option(row.id, row.short_name, row.name) for row in offices.search_units(self._store, typed)]

    def _on_role(self) -> None:
        self._form.show_field(self.unit, self.chosen_role is not BindingRole.SUPERIOR)

    @property
    def chosen_role(self) -> BindingRole:
        """What was chosen."""
        return BindingRole.of(str(self.role.currentData()))

    def chosen_unit(self) -> RecordId | None:
        """The own unit; None for a superior; InputError when none is chosen."""
        if self.chosen_role is BindingRole.SUPERIOR:
            return None
        value = self.unit.value()
        if not isinstance(value, int):
            raise InputError("没有选定对应的单位。", "请选择它在本机关名册中的单位;没有登记的先到“单位人员”登记。")
        return RecordId(value)


class AcceptDialog(AskDialog):
    """Compare, say who it is, accept; another key of a known office asks for the reason."""

    def __init__(self, workspace: Workspace, row: InboxRow, parent: QWidget | None = None) -> None:
        other = row.state is RowState.OTHER_KEY
        super().__init__(parent, "接收新的密钥" if other else "当面接收", "接收", width=600)
        self._store, self._row, self._other = workspace.store, row, other
        if other:
            warn = self.note(self.tr("▲ “{}”以前用的是另一把密钥。可能是对方重装了程序、另建了数据文件夹,也可能是有人冒充。").format(row.office_name))
            warn.setProperty("role", "error")
        else:
            self.note(self.tr("这是“{}”的第一个数据包。请和来人当面核对下面的指纹与对方的指纹卡,逐组一致才接收。").format(row.office_name))
        self.form.add_wide(FingerprintView(row.fingerprint))
        self.facts = RoleFields(self, workspace, _role(row), _unit(workspace, row))
        self.reason = LongField(lines=2, hint=(
            self.tr("如:对方电脑损坏后重建,已与其办公室主任电话核实") if other
            else self.tr("一般不填;这个单位以前对应过别的数据(如对方重建了数据文件夹)的,写明理由")
        ))
        self.form.add(self.tr("理由"), self.reason)
        self.compared = QCheckBox(self.tr("指纹与对方指纹卡逐组一致"))
        self.form.add_wide(self.compared)
        self.first_focus = self.compared

    def act(self) -> None:
        """Only after the fingerprint was compared."""
        if not self.compared.isChecked():
            raise InputError("还没有核对指纹。", "逐组核对一致后,请勾选“指纹与对方指纹卡逐组一致”。")
        trust.accept(
            self._store, self._row, self.facts.chosen_unit(), role=self.facts.chosen_role,
            reason=self.reason.value(),
        )


class RebindDialog(AskDialog):
    """Which unit a known office is from now on."""

    def __init__(self, workspace: Workspace, row: trust.BindingRow, parent: QWidget | None = None) -> None:
        super().__init__(parent, "改绑单位", "改绑", width=480)
        self._store, self._row = workspace.store, row
        self.note(self.tr("“{}”上报的内容计入所绑定的单位。改绑后重新计算,已导入的内容不丢。").format(row.name))
        unit = Option(row.unit, row.unit_label) if row.unit is not None else None
        self.facts = RoleFields(self, workspace, row.role, unit)

    def act(self) -> None:
        """Bind it anew."""
        trust.rebind(self._store, self._row.id, self.facts.chosen_unit(), role=self.facts.chosen_role)


def _role(row: InboxRow) -> BindingRole:
    try:
        return BindingRole.of(row.suggested_role)
    except KeyError:
        return BindingRole.SUPERIOR if row.kind is not None and row.kind.value == "issue" else BindingRole.SUBORDINATE


def _unit(workspace: Workspace, row: InboxRow) -> Option | None:
    unit = row.unit or row.suggested_unit
    if unit is None:
        return None
    from mbo_desktop.domain.offices import Unit

    found = workspace.store.find(Unit, unit)
    return None if found is None else Option(unit, found.short_name or found.name, found.name)
