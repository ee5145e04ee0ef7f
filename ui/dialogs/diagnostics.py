"""帮助→诊断信息: versions, where the log is, and all of it in one file for the maintainers."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop import clock
from mbo_desktop.errors import ProgramError
from ui import diagnostics, folder_commands
from ui.theme import scaled
from ui.widgets.message_bar import MessageBar


class DiagnosticsDialog(QDialog):
    """Shows what runs here and saves the 诊断包."""

    def __init__(
        self, folder: Path, database: Path | None = None, parent: QWidget | None = None,
        *, save_folder: str = "",
    ) -> None:
        """folder: logs and crash notes; database: the open data file, of which only the version is told."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("诊断信息"))
        self.setMinimumWidth(scaled(680))
        self._folder = folder
        self._save_folder = Path(save_folder) if save_folder else Path.home()
        self.about = f"{diagnostics.versions()}\n{diagnostics.schema_of(database)}"
        words = QLabel(self.about)
        place = QLabel(self.tr("日志位置:{}").format(folder))
        note = QLabel(self.tr("下面就是诊断包的全部内容:版本号和日志,文字、数字、文件名都已去掉。看过再保存,可以交给维护人员。"))
        note.setProperty("role", "muted")
        for label in (words, place):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (place, note):
            label.setWordWrap(True)
        self.preview = QPlainTextEdit("\n\n".join(
            f"== {name} ==\n{text}" for name, text in diagnostics.texts(folder, self.about).items()))
        self.preview.setReadOnly(True)
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.preview.setMinimumHeight(scaled(240))
        self.messages = MessageBar()
        self.save_button = QPushButton(self.tr("保存诊断包…"))
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self._on_save)
        show = QPushButton(self.tr("打开日志文件夹"))
        show.clicked.connect(self._on_show)
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.save_button)
        foot.addWidget(show)
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        layout.setSpacing(scaled(10))
        for part in (words, place, note, self.messages):
            layout.addWidget(part)
        layout.insertWidget(3, self.preview, 1)
        layout.addLayout(foot)

    def _on_show(self) -> None:
        if not folder_commands.show_folder(self._folder):
            self.messages.say(self.tr("这台电脑没有可用的文件管理器,请按上面的位置查找。"), "amber")

    def _on_save(self) -> None:
        name = f"诊断包-{clock.now():%Y%m%d-%H%M}.zip"
        chosen, _kind = QFileDialog.getSaveFileName(
            self, self.tr("保存诊断包"), str(self._save_folder / name), self.tr("压缩文件 (*.zip)")
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> bool:
        """Write the 诊断包 as a whole or not at all; says where it is or why that failed."""
        from mbo_desktop.documents.output import put_file

        if path.suffix.lower() != ".zip":
            path = path.with_name(f"{path.name}.zip")
        try:
            put_file(path, diagnostics.package(self._folder, self.about))
        except ProgramError as error:
            self.messages.say(error.sentences(), "red")
            return False
        self.messages.say(
            self.tr("已保存:{}").format(path.name), "green",
            [(self.tr("打开所在文件夹"), lambda: folder_commands.show_folder(path.parent))],
        )
        return True
