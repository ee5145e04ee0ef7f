"""责任网络图: who answers for what in a branch or unit, blank spots marked; zoomed, walked, printed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.documents.network import Picture, lay_out
from mbo_desktop.services import blanks, decomposition_network
from mbo_desktop.services.decomposition_network import NetworkScope
from ui.dialogs.decomposition_paper import LEVELS, preview_network
from ui.jobs import JobControl
from ui.screens import size_within_screen
from ui.theme import icon, scaled
from ui.widgets.message_bar import MessageBar
from ui.widgets.network import NetworkView
from ui.workspace import Workspace


class NetworkDialog(QDialog):
    """The picture in a window of its own; `node_asked` when a box is opened."""

    node_asked = Signal(int)
    """Tree id to be shown in the room."""

    def __init__(
        self, workspace: Workspace, scope: NetworkScope, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setWindowTitle(self.tr("责任网络图"))
        self._workspace = workspace
        self.scope = scope
        self.messages = MessageBar()
        self.view = NetworkView()
        self.view.opened.connect(self.node_asked)
        self.figures = QLabel()
        self.figures.setProperty("role", "muted")
        self.levels = QComboBox()
        self.levels.addItem(self.tr("全部层级"), 0)
        for count in range(1, LEVELS + 1):
            self.levels.addItem(self.tr("前{}级").format(count), count)
        self.levels.setCurrentIndex(self.levels.findData(scope.levels))
        self.levels.activated.connect(self._on_levels)
        self.zoom_label = QLabel()
        self.view.zoomed.connect(self._on_zoomed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(10), scaled(10), scaled(10), scaled(10))
        layout.addLayout(self._tools())
        layout.addWidget(self.messages)
        layout.addWidget(self.view, 1)
        keys = QLabel(self.tr(
            "方向键移动 · Enter 到该项 · B 下一处空白 · + - 缩放 · 0 适合窗口 · Ctrl+滚轮缩放"
        ))
        keys.setProperty("role", "muted")
        layout.addWidget(keys)
        size_within_screen(self, 1100, 720)
        self.view.setFocus()
        self.load()

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(scaled(6))
        row.addWidget(self.levels)
        row.addWidget(self._tool("zoom-out", self.tr("缩小 -"), self.view.zoom_out))
        row.addWidget(self.zoom_label)
        row.addWidget(self._tool("zoom-in", self.tr("放大 +"), self.view.zoom_in))
        row.addWidget(self._button(self.tr("适合窗口"), self.view.fit))
        self.blank_button = self._button(self.tr("下一处空白"), self.view.next_blank)
        row.addWidget(self.blank_button)
        row.addWidget(self.figures, 1)
        self.print_button = self._button(self.tr("打印、PDF…"), self.print_picture)
        self.print_button.setProperty("role", "primary")
        row.addWidget(self.print_button)
        return row

    def _tool(self, name: str, hint: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name))
        button.setToolTip(hint)
        button.clicked.connect(act)
        return button

    def _button(self, label: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(label)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: act())
        return button

    def load(self) -> None:
        """Read and lay out beside the window."""
        store, year, scope = self._workspace.store, self._workspace.year, self.scope
        self.figures.setText(self.tr("正在检查空白并画图…"))

        def work(control: JobControl) -> tuple[str, Picture]:
            control.progress(0, 0, self.tr("检查空白"))
            found = blanks.all_blanks(store, year, cancelled=control.cancelled)
            nodes = decomposition_network.network_nodes(store, year, scope, found.blanks)
            return decomposition_network.network_title(store, year, scope), lay_out(nodes)

        self._workspace.jobs.run(
            self.tr("画责任网络图"), work, done=self._show, failed=self._on_failed, owner=self
        )

    def _show(self, made: tuple[str, Picture]) -> None:
        title, picture = made
        self.messages.hide()
        self.setWindowTitle(title)
        self.view.show_picture(picture)
        spots = len(self.view.blanks)
        self.figures.setText(self.tr("{} 项 · ■ 有空白 {} 处").format(len(picture.boxes), spots))
        self.blank_button.setEnabled(bool(spots))

    def _on_failed(self, error: BaseException) -> None:
        sentences = getattr(error, "sentences", None)
        if sentences is None:
            self._workspace.report(error)
            return
        self.figures.clear()
        self.messages.say(sentences(), "red")

    def _on_levels(self) -> None:
        self.scope = NetworkScope(self.scope.node, self.scope.unit, self.levels.currentData())
        self.load()

    def _on_zoomed(self, percent: int) -> None:
        self.zoom_label.setText(f"{percent}%")

    def print_picture(self) -> None:
        """Its preview, on the sheets that suit it; other paper sizes are in 打印."""
        preview_network(self._workspace, self, self.scope)


def show_network(
    workspace: Workspace, page: QWidget, scope: NetworkScope,
    open_node: Callable[[int], object] | None = None,
) -> NetworkDialog:
    """Open the picture; open_node shows a row of the tree when its box is opened, the picture closes."""
    dialog = NetworkDialog(workspace, scope, page.window())
    if open_node is not None:
        dialog.node_asked.connect(open_node)
        dialog.node_asked.connect(dialog.close)
    dialog.show()
    return dialog
