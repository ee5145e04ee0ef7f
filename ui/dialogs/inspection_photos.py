"""A field for photos and scans: dropped or chosen, each looked at before it is taken."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mbo_desktop.errors import ProgramError
from mbo_desktop.services import inspections
from ui.pages.progress_parts import DropPlace


class PhotoField(QWidget):
    """Photos to be kept: dropped or chosen; one that cannot be kept is refused at once with its reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paths: list[Path] = []
        self.place = DropPlace(self.tr("把现场照片、扫描件拖到这里"))
        self.place.dropped.connect(self.take)
        self.button = QPushButton(self.tr("选择文件…"))
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_choose)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.hide()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.place, 1)
        row.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.said)
        self.setFocusProxy(self.button)

    def take(self, paths: object) -> None:
        """Keep those that can be kept."""
        refused = []
        for path in paths if isinstance(paths, list) else []:
            try:
                inspections.check_photo(path)
            except ProgramError as error:
                refused.append(error.what)
                continue
            if path not in self.paths:
                self.paths.append(path)
        words = [self.tr("{} 份:{}").format(len(self.paths), "、".join(one.name for one in self.paths))] if self.paths else []
        words += [self.tr("▲ 未加入:{}").format("".join(refused))] if refused else []
        self.said.setText("\n".join(words))
        self.said.setVisible(bool(words))

    def _on_choose(self) -> None:
        paths, _kind = QFileDialog.getOpenFileNames(self, self.tr("现场照片"))
        self.take([Path(one) for one in paths])
