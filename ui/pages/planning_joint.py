"""The section 牵头与配合 in the side panel of a target: who supports it, and the way to its dialog."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.services import joint_targets
from ui.dialogs.joint_parts import answer_text
from ui.dialogs.joint_target import JointTargetDialog
from ui.theme import scaled
from ui.workspace import Workspace


class JointBox(QWidget):
    """The supporting units of a target, one line each, and the button that opens the dialog."""

    def __init__(self, workspace: Workspace, indicator: RecordId, lead: RecordId) -> None:
        super().__init__()
        self._workspace, self._place = workspace, (indicator, lead)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(scaled(4))
        found = joint_targets.joint_target(workspace.store, indicator, lead)
        for part in found.parts:
            share = "" if part.share is None else self.tr("份额{}%").format(canonical(part.share))
            words = (part.unit_name, part.duty, share, answer_text(part))
            label = QLabel(" · ".join(word for word in words if word))
            label.setWordWrap(True)
            rows.addWidget(label)
        text = self.tr("牵头与配合…")
        if found.parts:
            text = self.tr("牵头与配合…({})").format(len(found.parts))
        self.button = QPushButton(text)
        self.button.setToolTip(self.tr("配合单位的职责、份额和答复"))
        self.button.clicked.connect(self._on_open)
        rows.addWidget(self.button)

    def _on_open(self) -> None:
        # The panel is built anew by every change: the dialog belongs to the window.
        JointTargetDialog(self._workspace, *self._place, self.window()).open()
