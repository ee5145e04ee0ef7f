"""发放模板: which workbooks, for which units, into which folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import Cancelled, ProgramError
from mbo_desktop.services import templates
from mbo_desktop.services.templates import FormPurpose, TemplatesMade
from ui import folder_commands
from ui.dialogs.import_jobs import JobLine
from ui.jobs import JobControl
from ui.saving import save_folder
from ui.screens import size_within_screen
from ui.theme import scaled
from ui.widgets.message_bar import MessageBar
from ui.workspace import Workspace


class TemplatesDialog(QDialog):
    """Choose and write; one file a unit.

    units: those ticked at first; none given: all.
    """

    def __init__(
        self, workspace: Workspace, year: int, month: int, parent: QWidget | None = None, *,
        units: Sequence[RecordId] = (),
    ) -> None:
        super().__init__(parent)
        self.finished.connect(self.deleteLater)
        self.setWindowTitle(self.tr("发放模板:{}年").format(year))
        self._workspace, self._year = workspace, year
        self._wanted = frozenset(units)
        self._folder: Path | None = None
        self._build(month)
        size_within_screen(self, 560, 540)
        self._fill_units()

    def _build(self, month: int) -> None:
        self.purpose = QComboBox()
        for one in FormPurpose:
            self.purpose.addItem(one.label, one.value)
        self.purpose.activated.connect(self._fill_units)
        self.month = QComboBox()
        for number in range(1, 13):
            self.month.addItem(self.tr("{}月").format(number), number)
        self.month.setCurrentIndex(month - 1)
        self.explained = QLabel()
        self.explained.setProperty("role", "muted")
        self.explained.setWordWrap(True)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选单位"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._on_filter)
        self.all_button = self._button(self.tr("全选"), lambda: self._tick(True))
        self.none_button = self._button(self.tr("全不选"), lambda: self._tick(False))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("单位"))
        self.list.itemChanged.connect(self._tell)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.messages = MessageBar()
        self.line = JobLine(self._workspace)
        self.line.stop_button.setText(self.tr("停止"))
        self.line.busy_changed.connect(self._on_busy)
        self.line.failed.connect(self._on_failed)
        self.folder_button = self._button(self.tr("打开所在文件夹"), self._on_show_folder)
        self.folder_button.hide()
        self.close_button = self._button(self.tr("取消"), self.reject)
        self.make_button = self._button(self.tr("选择文件夹并生成…"), self._on_make)
        self.make_button.setProperty("role", "primary")
        facts = QGridLayout()
        for row, (label, field) in enumerate(((self.tr("种类"), self.purpose), (self.tr("月份"), self.month))):
            title = QLabel(label)
            title.setBuddy(field)
            facts.addWidget(title, row, 0)
            facts.addWidget(field, row, 1)
        facts.setColumnStretch(1, 1)
        ticks = QHBoxLayout()
        ticks.addWidget(self.filter, 1)
        ticks.addWidget(self.all_button)
        ticks.addWidget(self.none_button)
        foot = QHBoxLayout()
        foot.addWidget(self.line, 1)
        foot.addWidget(self.count)
        foot.addStretch()
        for button in (self.folder_button, self.close_button, self.make_button):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(16), scaled(12), scaled(16), scaled(12))
        layout.setSpacing(scaled(8))
        layout.addWidget(self.messages)
        layout.addLayout(facts)
        layout.addWidget(self.explained)
        layout.addLayout(ticks)
        layout.addWidget(self.list, 1)
        layout.addLayout(foot)

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    @property
    def chosen_purpose(self) -> FormPurpose:
        """What the workbooks are for."""
        return FormPurpose.of(self.purpose.currentData())

    @property
    def chosen_units(self) -> list[RecordId]:
        """The ticked units, filtered away or not."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return [
            RecordId(item.data(Qt.ItemDataRole.UserRole)) for item in items
            if item.checkState() == Qt.CheckState.Checked
        ]

    def _fill_units(self) -> None:
        """The units that get a workbook of this purpose."""
        purpose = self.chosen_purpose
        self.month.setEnabled(purpose.is_monthly)
        self.explained.setText({
            FormPurpose.PROGRESS: self.tr("每个单位一个文件,列出它的全部目标;填好后用“收表”收回。"),
            FormPurpose.SOURCE: self.tr("发给数据来源单位,每个指标一张表,列出承担它的各单位。"),
            FormPurpose.PROPOSALS: self.tr("各单位对目标的建议值和理由;收回后成为一轮建议值。"),
            FormPurpose.DECOMPOSITION: self.tr("各单位的目标分解台账;填好后在“目标分解”中读回。"),
            FormPurpose.SELF_SCORE: self.tr("年终自评表:全年实绩、自评分、理由和佐证材料;填好后用“收表”收回,自评分进入“考核”。"),
            FormPurpose.SCORES: self.tr("发给考核部门,每个按核定计分的指标一张表;填核定分、认定和依据,收回后进入“考核”的核定分。"),
        }[purpose])
        try:
            listed = templates.receivers(self._workspace.store, self._year, purpose)
        except ProgramError as error:
            self.messages.say(error.sentences(), "red")
            listed = ()
        self.list.blockSignals(True)
        self.list.clear()
        for record, label in listed:
            item = QListWidgetItem(label)
            item.setData(Qt.ItemDataRole.UserRole, int(record))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            wanted = not self._wanted or record in self._wanted
            item.setCheckState(Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._on_filter()
        self._tell()

    def _on_filter(self) -> None:
        text = self.filter.text().strip()
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(bool(text) and text not in item.text())

    def _tick(self, ticked: bool) -> None:
        """All that are shown."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            if not item.isHidden():
                item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _tell(self) -> None:
        chosen = len(self.chosen_units)
        if self.list.count():
            self.count.setText(self.tr("选定 {} / {} 个单位").format(chosen, self.list.count()))
        elif self.chosen_purpose in (FormPurpose.SOURCE, FormPurpose.SCORES):
            self.count.setText(self.tr("没有登记数据来源单位(指标的“监考单位”)"))
        else:
            self.count.setText(self.tr("没有承担目标的单位"))
        self.make_button.setEnabled(bool(chosen) and not self.line.busy)

    def _on_make(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("存放模板的文件夹"), save_folder(self._workspace))
        if name:
            self.make_into(Path(name))

    def make_into(self, folder: Path) -> None:
        """Write the workbooks."""
        store, year, units = self._workspace.store, self._year, self.chosen_units
        purpose, month = self.chosen_purpose, self.month.currentData()

        def work(control: JobControl) -> TemplatesMade:
            return templates.make_templates(
                store, year, month, purpose, units, folder, control.progress, control.cancelled
            )

        self.line.run(self.tr("生成模板"), work, self._on_made)

    def _on_made(self, made: TemplatesMade) -> None:
        self._folder = made.folder
        self.folder_button.show()
        self.close_button.setText(self.tr("关闭"))
        more = "、".join(made.skipped[:8]) + ("等" if len(made.skipped) > 8 else "")
        text = made.sentence if not more else f"{made.sentence}({more})"
        self.messages.say(text, "amber" if made.skipped else "green")
        self._workspace.say(made.sentence, tone="green")

    def _on_show_folder(self) -> None:
        if self._folder is not None:
            folder_commands.show_folder(self._folder)

    def _on_busy(self, busy: bool) -> None:
        for widget in (self.purpose, self.month, self.list, self.filter, self.close_button):
            widget.setEnabled(not busy)
        self.count.setVisible(not busy)
        self._tell()
        if not busy:
            self.month.setEnabled(self.chosen_purpose.is_monthly)

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            self.messages.say(self.tr("已停止。已经生成的文件是完整的,可以使用。"))
        elif isinstance(error, ProgramError):
            self.messages.say(error.sentences(), "red")
        else:
            raise error

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter makes; Enter presses the button that has the focus."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.make_button.isEnabled():
                self._on_make()
        elif isinstance(pressed := self.focusWidget(), QPushButton):
            pressed.click()

    def reject(self) -> None:
        """Esc first stops what runs."""
        if self.line.busy:
            self.line.stop()
        else:
            super().reject()
