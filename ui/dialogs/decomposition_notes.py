"""Why a node of the decomposition is knowingly not broken down further."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from mbo_desktop.errors import InputError
from mbo_desktop.services import decomposition_edits
from mbo_desktop.services.decomposition import BranchRow
from mbo_desktop.services.decomposition_edits import BranchField, FieldEdit
from ui.dialogs.ask import AskDialog
from ui.widgets.fields import LongField
from ui.workspace import Workspace


class UndividedDialog(AskDialog):
    """One reason; an empty one takes the statement back."""

    def __init__(self, workspace: Workspace, row: BranchRow, parent: QWidget | None = None) -> None:
        super().__init__(parent, "不再分解的说明", "保存")
        self._workspace, self._row = workspace, row
        self.note(self.tr(
            "“{}”不再向下分解时在此写明理由,如“由监管单位直接负责”。写明后空白清单不再提示它没有分解;清空即恢复提示。"
        ).format(row.name))
        self.reason = LongField(row.undivided, lines=3, hint=self.tr("理由"))
        self.form.add(self.tr("理由"), self.reason)

    def act(self) -> None:
        """Save the reason."""
        text = self.reason.value()
        if not text and not self._row.undivided:
            raise InputError("没有填写理由。", "请写明不再分解的理由,或取消。")
        label = "说明不再分解" if text else "取消不再分解"
        refused = decomposition_edits.write_fields(
            self._workspace.store, self._workspace.year,
            [FieldEdit(self._row.id, BranchField.UNDIVIDED, text)], label,
        )
        for why in refused.values():
            raise InputError(why, "")
