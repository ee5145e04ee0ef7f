"""The section 牵头与配合 in the side panel of a cell: who supports it, what the unit supports, and the dialog."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.services import joint_targets
from mbo_desktop.services.joint_targets import JointPart, JointTarget
from ui.dialogs.joint_parts import answer_text
from ui.dialogs.joint_target import JointTargetDialog
from ui.theme import scaled
from ui.workspace import Workspace


def joint_boxes(
    workspace: Workspace, indicator: RecordId, unit: RecordId, target: Target | None
) -> Iterator[QWidget]:
    """What the panel shows of a cell: the targets the unit supports, then who supports its own.

    A target that does not apply has nobody to support it, unless units were left on it.
    """
    for one in joint_targets.supported(workspace.store, indicator, unit):
        yield SupportBox(workspace, one)
    if target is None:
        return
    found = joint_targets.joint_target(workspace.store, indicator, unit)
    applies = target.value is None or not target.value.is_not_applicable
    if applies or found.parts:
        yield JointBox(workspace, found, applies=applies)


class JointBox(QWidget):
    """The supporting units of a target, one line each, and the button that opens the dialog."""

    def __init__(self, workspace: Workspace, found: JointTarget, *, applies: bool) -> None:
        super().__init__()
        self._workspace, self._place = workspace, (found.indicator, found.lead)
        rows = _rows(self)
        for part in found.parts:
            rows.addWidget(_line(" · ".join((part.unit_name, *self._facts(part)))))
        if not applies:
            rows.addWidget(_line(self.tr("▲ 这项目标不适用,以上配合单位不写进责任书,请移除。")))
        text = self.tr("牵头与配合…")
        if found.parts:
            text = self.tr("牵头与配合…({})").format(len(found.parts))
        self.button = QPushButton(text)
        self.button.setToolTip(self.tr("配合单位的职责、份额和答复"))
        self.button.clicked.connect(self._on_open)
        rows.addWidget(self.button)

    def _facts(self, part: JointPart) -> list[str]:
        return _facts(part, self.tr("份额{}%"))

    def _on_open(self) -> None:
        # The panel is built anew by every change: the dialog belongs to the window.
        JointTargetDialog(self._workspace, *self._place, self.window()).open()


class SupportBox(QWidget):
    """What a unit does for another one's target, and the way to its answer."""

    def __init__(self, workspace: Workspace, found: JointTarget) -> None:
        super().__init__()
        self._workspace, self._found = workspace, found
        rows = _rows(self)
        for part in found.parts:
            facts = [self.tr("牵头目标 {}").format(found.target or self.tr("(已取消)"))]
            facts += _facts(part, self.tr("份额{}%"))
            words = self.tr("配合:{}").format(found.lead_name)
            rows.addWidget(_line(" · ".join((words, *facts))))
        self.button = QPushButton(self.tr("{}的牵头与配合…").format(found.lead_name))
        self.button.setToolTip(self.tr("登记本单位的答复,修改职责、份额"))
        self.button.clicked.connect(self._on_open)
        rows.addWidget(self.button)

    def _on_open(self) -> None:
        found = self._found
        dialog = JointTargetDialog(self._workspace, found.indicator, found.lead, self.window())
        dialog.select(found.parts[0].id)
        dialog.open()


def _rows(box: QWidget) -> QVBoxLayout:
    rows = QVBoxLayout(box)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(scaled(4))
    return rows


def _line(words: str) -> QLabel:
    label = QLabel(words)
    label.setWordWrap(True)
    return label


def _facts(part: JointPart, share: str) -> list[str]:
    """Duty, share and answer of a part; what is not stated is left out."""
    words = (part.duty, "" if part.share is None else share.format(canonical(part.share)), answer_text(part))
    return [word for word in words if word]
