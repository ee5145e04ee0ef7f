"""Pieces of the side panel of 进度: the months with their lights, nodes to tick, papers, problems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Stage
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.reports import Evidence, ProgressProblem, Verdict
from mbo_desktop.domain.rights import Act
from mbo_desktop.services.progress_lights import MonthLight
from ui.grids.columns import Light as Shape
from ui.pages.progress_state import SHAPES
from ui.rights import guard_entry
from ui.theme import icon, scaled
from ui.widgets.chips import Chip
from ui.widgets.fields import DateField
from ui.workspace import Workspace


def _grid(parent: QWidget) -> QGridLayout:
    grid = QGridLayout(parent)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(scaled(8))
    grid.setVerticalSpacing(scaled(3))
    return grid


def _label(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label


class MonthTable(QWidget):
    """Month by month: the light, the cumulative amount, the month's own, what should stand."""

    def __init__(self, months: Sequence[MonthLight], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = _grid(self)
        grid.setColumnStretch(2, 1)
        grid.setColumnStretch(3, 1)
        for place, word in enumerate((self.tr("月"), self.tr("灯"), self.tr("累计"), self.tr("应完成"))):
            head = _label(word, "muted")
            if place > 1:
                head.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(head, 0, place)
        for row, one in enumerate(months, 1):
            word = one.light.label + (self.tr("(已补上)") if one.made_up else "")
            chip = Chip(word, SHAPES[one.light])
            chip.setToolTip(one.reason)
            texts = (str(one.month), "", _amount(one.amount), _amount(one.planned))
            for place, text in enumerate(texts):
                widget: QWidget = chip if place == 1 else QLabel(text)
                if isinstance(widget, QLabel) and place > 1:
                    widget.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(widget, row, place)


def _amount(value: object) -> str:
    from decimal import Decimal

    return show(value) if isinstance(value, Decimal) else "—"


class NodeList(QWidget):
    """The nodes of a target: a tick when reached, and the day."""

    changed = Signal(str, bool, object)
    """Title, whether it was reached, on which day (None: not said)."""

    def __init__(
        self, nodes: Sequence[Stage], year: int, month_end: date, *, locked: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.lines: list[tuple[Stage, QCheckBox, DateField]] = []
        grid = _grid(self)
        grid.setColumnStretch(0, 1)
        for row, node in enumerate(nodes):
            until = self.tr("(时限 {})").format(node.due.isoformat()) if node.due else ""
            tick = QCheckBox(node.title)
            tick.setChecked(node.done)
            tick.setAccessibleName(self.tr("节点 {}").format(node.title))
            late = node.due is not None and not node.done and node.due <= month_end
            day = DateField(node.done_on, year=year, hint=self.tr("完成日期"))
            day.setFixedWidth(scaled(92))
            day.setAccessibleName(self.tr("“{}”完成日期").format(node.title))
            for widget in (tick, day):
                widget.setEnabled(not locked)
            self.lines.append((node, tick, day))
            grid.addWidget(tick, row * 2, 0)
            grid.addWidget(day, row * 2, 1)
            if until:
                words = until + (self.tr(" 已到期未完成") if late else "")
                grid.addWidget(_label(words, "error" if late else "muted"), row * 2 + 1, 0, 1, 2)
            tick.toggled.connect(self._on_changed)
            day.committed.connect(self._on_changed)

    def _on_changed(self) -> None:
        for node, tick, day in self.lines:
            value = day.value()
            on = value if isinstance(value, date) else None
            # A day stands for the tick as well.
            done = tick.isChecked() or (on is not None and on != node.done_on)
            if (done, on) != (node.done, node.done_on):
                self.changed.emit(node.title, done, on if done else None)
                return


class PaperLine(QFrame):
    """One piece of evidence with what can be done to it."""

    asked = Signal(str, object)
    """open, accepted, refused, open_again, remove; the record."""

    def __init__(
        self, one: Evidence, workspace: Workspace, *, locked: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._record = one.id
        shape = {Verdict.OPEN: Shape.GREY, Verdict.ACCEPTED: Shape.GREEN, Verdict.REFUSED: Shape.RED}
        words = [self.tr("{}月").format(one.month)]
        if one.file_name:
            words += [one.file_name.rpartition(".")[2].upper(), _size(one.size)]
        else:
            words.append(self.tr("仅登记,无文件"))
        words += [word for word in (one.provider, one.note) if word]
        self.name = QPushButton(one.title)
        self.name.setProperty("role", "link")
        self.name.setStyleSheet("text-align: left;")
        self.name.setToolTip(self.tr("打开 {}").format(one.file_name) if one.file_name else one.title)
        self.name.setEnabled(bool(one.file_name))
        self.name.clicked.connect(self._on_open)
        self.more = QPushButton()
        self.more.setToolTip(self.tr("核验、移除"))
        self.more.setAccessibleName(self.tr("“{}”核验、移除").format(one.title))
        self.more.setIcon(icon("ellipsis"))
        self.more.setFixedWidth(scaled(48))
        self.more.setEnabled(not locked)
        menu = QMenu(self.more)
        for key, word in (
            ("accepted", self.tr("认可")), ("refused", self.tr("不认可…")),
            ("open_again", self.tr("恢复未核验")), ("remove", self.tr("移除")),
        ):
            needs = Act.ENTER if key == "remove" else Act.CERTIFY
            guard_entry(menu, menu.addAction(word), workspace, needs).setData(key)
        menu.triggered.connect(self._on_menu)
        self.more.setMenu(menu)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(Chip(one.verdict.label, shape[one.verdict]))
        head.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(_label(" · ".join(words), "muted"))

    def _on_open(self) -> None:
        self.asked.emit("open", self._record)

    def _on_menu(self, action: object) -> None:
        self.asked.emit(str(action.data()), self._record)  # type: ignore[attr-defined]


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{max(count // 1024, 1)} KB"


class ProblemLine(QFrame):
    """One problem: what, what is asked of whom, whether it was settled."""

    asked = Signal(str, object)
    """settle, reopen, change, remove, docket; the record."""

    def __init__(
        self, one: ProgressProblem, *, locked: bool, dockets: bool, parent: QWidget | None = None
    ) -> None:
        """dockets: whether there is a room 督查 that makes dockets of problems."""
        super().__init__(parent)
        self._record = one.id
        settled = one.settled_on is not None
        chip = Chip(self.tr("已解决") if settled else self.tr("未解决"), Shape.GREEN if settled else Shape.AMBER)
        words = [self.tr("{}月").format(one.month)]
        if one.cause:
            words.append(one.cause.label)
        if one.wanted:
            words.append(self.tr("需协调:{}").format(one.wanted))
        if settled:
            words.append(f"{one.settled_on} {one.settled_how}")
        self.more = QPushButton()
        self.more.setToolTip(self.tr("解决、修改、删除"))
        self.more.setAccessibleName(self.tr("问题:解决、修改、删除"))
        self.more.setIcon(icon("ellipsis"))
        self.more.setFixedWidth(scaled(48))
        self.more.setEnabled(not locked)
        menu = QMenu(self.more)
        deeds = [
            ("reopen", self.tr("恢复未解决")) if settled else ("settle", self.tr("已解决…")),
            ("change", self.tr("修改…")), ("remove", self.tr("删除")),
        ]
        if dockets:
            deeds.insert(1, ("docket", self.tr("转督查事项")))
        for key, word in deeds:
            menu.addAction(word).setData(key)
        menu.triggered.connect(self._on_menu)
        self.more.setMenu(menu)
        head = QHBoxLayout()
        head.addWidget(chip)
        head.addStretch(1)
        head.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(2))
        layout.addWidget(_label(one.text))
        layout.addWidget(_label(" · ".join(words), "muted"))
        layout.addLayout(head)

    def _on_menu(self, action: object) -> None:
        self.asked.emit(str(action.data()), self._record)  # type: ignore[attr-defined]


class DropPlace(QLabel):
    """Takes files that are dropped on it."""

    dropped = Signal(object)
    """Paths of the files."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setObjectName("dropPlace")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setProperty("role", "muted")
        self.setAcceptDrops(True)
        self.setMargin(scaled(8))
        self.setFrameShape(QFrame.Shape.StyledPanel)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files of this machine are welcome."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the paths on."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)


def named(record: object) -> RecordId:
    """The record a signal carries."""
    return RecordId(int(record))  # type: ignore[call-overload]
