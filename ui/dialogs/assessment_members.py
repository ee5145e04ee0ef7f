"""不参加考核的单位: who of the group takes no part this year, and why."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import procedure
from ui.dialogs.ask import AskDialog
from ui.screens import size_within_screen
from ui.theme import scaled
from ui.widgets.fields import TextField
from ui.workspace import Workspace


class MembersDialog(AskDialog):
    """A line for each unit of the group: empty, it is assessed; a reason takes it out."""

    def __init__(self, workspace: Workspace, scheme: RecordId, parent: QWidget | None = None) -> None:
        super().__init__(parent, self.tr("不参加考核的单位"), self.tr("保存"), width=560)
        self._store, self._scheme = workspace.store, scheme
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, scaled(8), 0)
        self.body.removeWidget(self.form)
        inside.addWidget(self.form)
        inside.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(holder)
        self.body.insertWidget(0, area, 100)
        size_within_screen(self, 580, 480)
        self.note(self.tr("填写理由的单位今年不计分、不排名,例如年中并入其他单位、新设立。留空的参加考核。"))
        self.members = procedure.group_members(self._store, scheme)
        self.reasons: list[TextField] = []
        for one in self.members:
            field = TextField(one.left_out, hint=one.hint or self.tr("留空参加考核"))
            self.form.add(one.label, field, hint=one.hint)
            self.reasons.append(field)

    def act(self) -> None:
        """Save as one step."""
        procedure.set_left_out(
            self._store, self._scheme,
            {one.unit: field.text() for one, field in zip(self.members, self.reasons, strict=True)},
        )
