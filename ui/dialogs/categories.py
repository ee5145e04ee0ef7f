"""The year's categories and strategies: add, rename, order, delete."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import CategoryAxis
from mbo_desktop.errors import ProgramError
from mbo_desktop.services import planning_framework
from ui.screens import size_within_screen
from ui.theme import scaled
from ui.widgets.message_bar import MessageBar
from ui.workspace import Workspace

ID_ROLE = Qt.ItemDataRole.UserRole
NAME_ROLE = Qt.ItemDataRole.UserRole + 1


class CategoriesDialog(QDialog):
    """Two lists, 类别 and 战略; each change is saved at once and can be undone."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("类别与战略({} 年度)").format(workspace.year))
        size_within_screen(self, 460, 520)
        self._workspace = workspace
        self.axes = QTabBar()
        for axis in CategoryAxis:
            self.axes.addTab(axis.label)
        self.axes.currentChanged.connect(self.reload)
        self.listing = QListWidget()
        self.listing.setSpacing(scaled(2))
        self.listing.itemChanged.connect(self._on_renamed)
        self.messages = MessageBar()
        buttons = QHBoxLayout()
        for word, act in (
            (self.tr("添加"), self._on_add), (self.tr("改名"), self._on_rename),
            (self.tr("上移"), self._on_up), (self.tr("下移"), self._on_down),
            (self.tr("删除"), self._on_delete),
        ):
            button = QPushButton(word)
            button.setAutoDefault(False)
            button.setEnabled(not workspace.read_only)
            button.clicked.connect(act)
            buttons.addWidget(button)
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.accept)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.axes)
        layout.addWidget(self.messages)
        layout.addWidget(self.listing, 1)
        layout.addLayout(buttons)
        self.reload()

    @property
    def axis(self) -> CategoryAxis:
        """The list that is shown."""
        return list(CategoryAxis)[max(self.axes.currentIndex(), 0)]

    def reload(self) -> None:
        """Read the list; the same row stays current."""
        present = self._current()
        self.listing.blockSignals(True)
        self.listing.clear()
        for row in planning_framework.categories(self._workspace.store, self._workspace.year, self.axis):
            item = QListWidgetItem(row.name)
            item.setToolTip(self.tr("{} 项指标").format(row.indicators))
            item.setData(ID_ROLE, int(row.id))
            item.setData(NAME_ROLE, row.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.listing.addItem(item)
            if row.id == present:
                self.listing.setCurrentItem(item)
        self.listing.blockSignals(False)

    def _current(self) -> RecordId | None:
        item = self.listing.currentItem()
        return None if item is None else RecordId(item.data(ID_ROLE))

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
            self.messages.hide()
        except ProgramError as error:
            self.messages.say(error.sentences(), "red")
        self.reload()

    def _on_add(self) -> None:
        taken = {self.listing.item(row).text() for row in range(self.listing.count())}
        name = next(
            n for k in range(1, 1000)
            if (n := self.tr("新{}").format(self.axis.label) + (str(k) if k > 1 else "")) not in taken
        )
        self._try(lambda: planning_framework.add_category(
            self._workspace.store, self._workspace.year, name, self.axis))
        self.listing.setCurrentRow(self.listing.count() - 1)
        self._on_rename()

    def _on_rename(self) -> None:
        if self.listing.currentItem() is not None:
            self.listing.editItem(self.listing.currentItem())

    def _on_renamed(self, item: QListWidgetItem) -> None:
        record, name = RecordId(item.data(ID_ROLE)), item.text().strip()
        if name != item.data(NAME_ROLE):
            self._try(lambda: planning_framework.rename_category(self._workspace.store, record, name))

    def _on_up(self) -> None:
        self._shift(-1)

    def _on_down(self) -> None:
        self._shift(2)

    def _shift(self, step: int) -> None:
        place = self.listing.currentRow()
        record = self._current()
        if record is None or place + min(step, 1) not in range(self.listing.count()):
            return
        following = self.listing.item(place + step)
        before = None if following is None else RecordId(following.data(ID_ROLE))
        self._try(lambda: planning_framework.move_category(self._workspace.store, record, before=before))

    def _on_delete(self) -> None:
        record = self._current()
        if record is not None:
            self._try(lambda: planning_framework.delete_category(self._workspace.store, record))
