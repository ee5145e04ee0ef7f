"""The office's own Word template of a year: chosen, checked sentence by sentence, filled for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.errors import ProgramError
from mbo_desktop.services import office_template
from mbo_desktop.services.papers import PrintedFiles
from ui import folder_commands
from ui.jobs import JobControl
from ui.saving import save_folder
from ui.theme import scaled
from ui.widgets.message_bar import MessageBar
from ui.workspace import Workspace


class TemplateDialog(QDialog):
    """Which layout the agreements of the year have; every problem of a file stands in words."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._store, self._year = workspace.store, workspace.year
        self.setWindowTitle(self.tr("{} 年度责任书模板").format(self._year))
        self.finished.connect(self.deleteLater)
        self.setMinimumWidth(scaled(640))
        self.messages = MessageBar()
        self.present = QLabel()
        self.present.setProperty("role", "subheading")
        self.present.setWordWrap(True)
        about = QLabel(self.tr(
            "不用内置版式的,可用本单位的 Word 文件(.docx):在要由程序填写的地方写 {{甲方}} {{乙方}} {{目标表}} 等。"
            "可先“存出样板”,在 Word、WPS 里改好再选它。"
        ))
        about.setProperty("role", "muted")
        about.setWordWrap(True)
        self.problems = QListWidget()
        self.problems.setWordWrap(True)
        self.problems.setMinimumHeight(scaled(150))
        self.problems.hide()
        self.buttons: dict[str, QPushButton] = {}
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, what, label, act in (
            (first, "choose", self.tr("选择Word文件…"), self._on_choose),
            (first, "example", self.tr("存出样板…"), self._on_example),
            (first, "open", self.tr("打开现用模板"), self._on_open),
            (first, "drop", self.tr("改用内置版式"), self._on_drop),
            (second, "fill", self.tr("按模板生成全部责任书…"), self._on_fill),
            (second, "close", self.tr("关闭"), self.accept),
        ):
            self._add(row, what, label, act)
        second.insertStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        layout.setSpacing(scaled(10))
        for widget in (self.messages, self.present, about):
            layout.addWidget(widget)
        layout.addLayout(first)
        layout.addWidget(self.problems, 1)
        layout.addLayout(second)
        self._show()

    def _add(self, row: QHBoxLayout, what: str, label: str, act: Callable[[], object]) -> None:
        button = QPushButton(label)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        row.addWidget(button)
        self.buttons[what] = button

    def _show(self) -> None:
        kept = office_template.kept_template(self._store, self._year)
        writable = not self._workspace.read_only
        self.present.setText(
            self.tr("现用:本单位模板“{}”").format(kept.name) if kept else self.tr("现用:内置版式")
        )
        for what in ("open", "drop", "fill"):
            self.buttons[what].setEnabled(kept is not None and (writable or what != "drop"))
        self.buttons["choose"].setEnabled(writable)

    def _say(
        self, text: str, tone: str, actions: Sequence[tuple[str, Callable[[], object]]] = ()
    ) -> None:
        """Say it, and fit the window: a sentence of two lines is read whole."""
        self.messages.say(text, tone, actions)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def _on_choose(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, self.tr("选择责任书模板"), "", self.tr("Word 文件 (*.docx)")
        )
        if chosen:
            self.take(Path(chosen))

    def take(self, path: Path) -> None:
        """Check a file and keep it when nothing blocks; all findings are listed."""
        self.problems.clear()
        self.problems.hide()
        try:
            found = office_template.check(path)
            for one in found.problems:
                mark = "▲ " if one.blocking else ""
                place = "" if one.what.startswith(one.place) else f"{one.place}:"
                self.problems.addItem(f"{mark}{place}{one.sentence}")
            self.problems.setVisible(bool(found.problems))
            blocking = sum(one.blocking for one in found.problems)
            if blocking:
                self._say(
                    self.tr("“{}”有 {} 处须先改正,未采用;现用的版式不变。").format(path.name, blocking), "red"
                )
                return
            office_template.adopt(self._store, self._year, path)
        except ProgramError as error:
            self._say(error.sentences(), "red")
            return
        self._show()
        notes = len(found.problems)
        text = self.tr("已采用“{}”,读到 {} 个填写处。").format(path.name, len(found.names))
        self._say(
            text + (self.tr("另有 {} 条提醒,见下。").format(notes) if notes else ""),
            "amber" if notes else "green",
        )

    def _on_example(self) -> None:
        name = self.tr("{} 年度责任书样板.docx").format(self._year)
        chosen, _kind = QFileDialog.getSaveFileName(
            self, self.tr("存出样板"), name, self.tr("Word 文件 (*.docx)")
        )
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != ".docx":
            path = path.with_name(f"{path.name}.docx")
        try:
            office_template.write_example(self._store, self._year, path)
        except ProgramError as error:
            self._say(error.sentences(), "red")
            return
        self._say(
            self.tr("已存出“{}”。改好后用“选择Word文件…”采用。").format(path.name), "green",
            [(self.tr("打开"), lambda: folder_commands.open_file(path))],
        )

    def _on_open(self) -> None:
        try:
            path = office_template.open_template(self._store, self._year)
        except ProgramError as error:
            self._say(error.sentences(), "red")
            return
        if not folder_commands.open_file(path):
            self._say(self.tr("这台电脑没有可打开 Word 文件的程序。"), "amber")

    def _on_drop(self) -> None:
        office_template.drop(self._store, self._year)
        self._show()
        self._say(self.tr("已改用内置版式,可用 Ctrl+Z 撤销。"), "green")

    def _on_fill(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("责任书生成到哪个文件夹"), save_folder(self._workspace))
        if folder:
            self.fill(Path(folder))

    def fill(self, target: Path) -> None:
        """Fill the template for every agreement of the year; the window shows progress."""
        store, year = self._store, self._year

        def work(control: JobControl) -> PrintedFiles:
            return office_template.write_filled(
                store, year, target, progress=control.progress, cancelled=control.cancelled
            )

        def done(printed: PrintedFiles) -> None:
            self._workspace.say(
                self.tr("已按本单位模板生成 {} 份责任书。").format(len(printed.files))
                + ";".join(printed.warnings), tone="green",
                actions=[(self.tr("打开所在文件夹"), lambda: folder_commands.show_folder(target))],
            )

        self._workspace.jobs.run(
            self.tr("按模板生成责任书"), work, done=done, owner=self._workspace, writes=True
        )
        self.accept()
