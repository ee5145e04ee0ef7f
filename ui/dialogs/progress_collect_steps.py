"""The pages of 收表: the board of files, and old beside new field by field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.services.collected import (
    Collection,
    FieldChange,
    ReturnedFile,
    ReturnState,
    shown,
)
from mbo_desktop.spreadsheets.form_kinds import FormPurpose
from ui.grids.columns import Cell, Column, Edit, Kind, Row, Tone
from ui.grids.model import GridModel
from ui.grids.source import Refused
from ui.grids.ticks import NumberedSource, TickView
from ui.grids.view import GridView
from ui.theme import scaled
from ui.widgets.side_panel import SidePanel

LISTED = 500
ALL, DOUBTFUL, NOTED = "all", "doubtful", "noted"
_TONES = {
    ReturnState.GOOD: Tone.GREEN, ReturnState.PROBLEMS: Tone.AMBER, ReturnState.RIVAL: Tone.AMBER,
    ReturnState.OLD: Tone.AMBER, ReturnState.UNREADABLE: Tone.RED, ReturnState.FOREIGN: Tone.RED,
    ReturnState.OTHER_YEAR: Tone.RED, ReturnState.OTHER_UNIT: Tone.RED,
}


_QUIET = frozenset({ReturnState.GOOD, ReturnState.KNOWN, ReturnState.DUPLICATE})
"""What asks nothing of anybody."""


class _FileSource(NumberedSource):
    """The files with a tick for each that is taken in."""

    columns = (
        Column("take", "收", Kind.CHECK, width=40, editable=True, sortable=False, filterable=False),
        Column("state", "状态", width=74, sortable=False, filterable=False),
        Column("unit", "单位", width=120, sortable=False, filterable=False),
        Column("name", "文件", width=210, sortable=False, filterable=False),
        Column("filled", "填写", Kind.NUMBER, unit="格", width=70, sortable=False, filterable=False),
        Column("words", "说明", width=330, sortable=False, filterable=False),
    )

    def __init__(self, found: Collection, chosen: frozenset[int]) -> None:
        super().__init__()
        self.found = found
        self.chosen = set(chosen)
        # What needs somebody stands first; the rest as the files are named.
        self.numbers = sorted(
            range(1, len(found.files) + 1), key=lambda n: found.files[n - 1].state in _QUIET
        )

    def words(self, number: int) -> str:
        """By unit and file."""
        one = self.found.files[number - 1]
        return f"{one.unit_label} {one.name}"

    def row(self, number: int) -> Row:
        """One file."""
        one = self.found.files[number - 1]
        tick = Cell(value=number - 1 in self.chosen, editable=one.can_be_taken)
        return Row(number, {
            "take": tick, "state": Cell(one.state.label, tone=_TONES.get(one.state, Tone.MUTED)),
            "unit": one.unit_label, "name": Cell(one.name, note=str(one.path)),
            "filled": str(one.filled) if one.filled else "", "words": Cell(one.words, note=one.words),
        })

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Tick files; of versions of one file only one at a time."""
        refused: dict[tuple[int, str], str] = {}
        for edit in edits:
            place = edit.row - 1
            if not self.found.files[place].can_be_taken:
                refused[edit.row, edit.key] = self.found.files[place].words
            elif edit.value:
                self.chosen -= self.rivals(place)
                self.chosen.add(place)
            else:
                self.chosen.discard(place)
        return refused or None

    def rivals(self, place: int) -> set[int]:
        """Other files for the same unit and purpose."""
        one = self.found.files[place]
        return {
            other for other, two in enumerate(self.found.files)
            if other != place and two.can_be_taken and (two.unit, two.purpose) == (one.unit, one.purpose)
        }


class BoardStep(QWidget):
    """What each file is; beside it what was found in the selected one."""

    changed = Signal()
    missing_asked = Signal()
    open_asked = Signal(object)
    """A file's path, to be looked at in its own program."""
    read_asked = Signal(int)
    """A file is to be read otherwise: by indicator names, or as a decomposition ledger."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = QLabel()
        self.headline.setProperty("role", "subheading")
        self.missing = QPushButton(self.tr("复制未报名单"))
        self.missing.setAutoDefault(False)
        self.missing.clicked.connect(self.missing_asked)
        top = QHBoxLayout()
        top.addWidget(self.headline, 1)
        top.addWidget(self.missing)
        self._holder = QVBoxLayout()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addLayout(self._holder, 1)
        self.side = SidePanel()
        self.side.setMinimumWidth(scaled(270))
        self.read_button = QPushButton(self.tr("按指标名称读取"))
        self.open_button = QPushButton(self.tr("打开文件"))
        for button, act in ((self.read_button, self._on_read), (self.open_button, self._on_open)):
            button.setAutoDefault(False)
            button.clicked.connect(act)
            self.side.foot.addWidget(button)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(self.side)
        split.setStretchFactor(0, 1)
        split.setSizes([scaled(820), scaled(300)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        self.view: GridView | None = None
        self.source: _FileSource | None = None

    @property
    def chosen(self) -> frozenset[int]:
        """Places of the files that are to be taken in."""
        return frozenset(self.source.chosen) if self.source is not None else frozenset()

    def show_collection(self, found: Collection, chosen: frozenset[int] | None = None) -> None:
        """The files as they were found; ticked are these, else those that need nobody."""
        if self.view is not None:
            self._holder.removeWidget(self.view)
            self.view.deleteLater()
        self.source = _FileSource(found, found.chosen if chosen is None else chosen)
        self.model = GridModel(self.source)
        self.model.wrote.connect(self._on_ticked)
        self.view = TickView(self.model)
        self.view.current_row_changed.connect(self._on_row)
        self._holder.addWidget(self.view, 1)
        self.model.reload()
        self._tell()
        self.show_file(self.source.numbers[0] - 1 if self.source.numbers else 0)

    def _tell(self) -> None:
        assert self.source is not None
        found = self.source.found
        counts: dict[ReturnState, int] = {}
        for one in found.files:
            counts[one.state] = counts.get(one.state, 0) + 1
        words = [self.tr("{}个文件").format(len(found.files))]
        words += [f"{state.label}{counts[state]}" for state in ReturnState if state in counts]
        words.append(self.tr("选定收{}个").format(len(self.source.chosen)))
        if found.missing:
            words.append(self.tr("另有{}个单位没有表").format(len(found.missing)))
        self.headline.setText(" · ".join(words))
        self.headline.setToolTip("、".join(found.missing))

    def _on_ticked(self, _outcome: object) -> None:
        self.model.reload()
        self._tell()
        self.changed.emit()

    def _on_row(self, number: object) -> None:
        if isinstance(number, int) and number > 0:
            self.show_file(number - 1)

    def show_file(self, place: int) -> None:
        """What is known of a file."""
        assert self.source is not None
        self._place = place
        side, found = self.side, self.source.found
        side.clear()
        if not found.files:
            return
        one = found.files[place]
        side.set_title(one.unit_label or one.name, one.name if one.unit_label else "")
        side.add_facts(self._facts(one))
        side.add_text(one.words)
        if one.problems:
            side.add_heading(self.tr("表中问题 {} 处").format(len(one.problems)))
            listing = QListWidget()
            listing.setWordWrap(True)
            listing.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            listing.addItems([problem.sentence() for problem in one.problems[:LISTED]])
            listing.setMinimumHeight(scaled(46 * min(max(len(one.problems), 2), 6)))
            side.add(listing)
        ledger = one.purpose is FormPurpose.DECOMPOSITION
        self.read_button.setText(self.tr("读回分解台账") if ledger else self.tr("按指标名称读取"))
        self.read_button.setVisible(ledger or one.state is ReturnState.FOREIGN)

    def _facts(self, one: ReturnedFile) -> list[tuple[str, str] | tuple[str, str, str]]:
        facts: list[tuple[str, str] | tuple[str, str, str]] = [
            (self.tr("状态"), one.state.label, _TONES.get(one.state, Tone.MUTED).value),
        ]
        for label, text in (
            (self.tr("种类"), one.purpose.label if one.purpose else ""),
            (self.tr("模板月份"), self.tr("{}月").format(one.month) if one.month else ""),
            (self.tr("模板制发"), one.made), (self.tr("填报人"), one.handed_in_by),
        ):
            if text:
                facts.append((label, text))
        return facts

    def _on_open(self) -> None:
        if self.source is not None and self.source.found.files:
            self.open_asked.emit(self.source.found.files[self._place].path)

    def _on_read(self) -> None:
        self.read_asked.emit(self._place)


class _ChangeSource(NumberedSource):
    """The fields of the chosen files, old and new, each with its tick."""

    columns = (
        Column("take", "写入", Kind.CHECK, width=46, editable=True, sortable=False, filterable=False),
        Column("unit", "单位", width=104, sortable=False, filterable=False),
        Column("title", "指标", width=190, sortable=False, filterable=False),
        Column("head", "栏目", width=80, sortable=False, filterable=False),
        Column("old", "原值", width=130, sortable=False, filterable=False),
        Column("new", "新值", width=190, sortable=False, filterable=False),
        Column("place", "位置", width=64, sortable=False, filterable=False),
        Column("note", "说明", width=340, sortable=False, filterable=False),
    )

    def __init__(self, found: Collection, files: frozenset[int]) -> None:
        super().__init__()
        self.changes = found.changes
        self.of_files = [n for n, one in enumerate(found.changes, 1) if one.file in files]
        self.chosen = {n - 1 for n in self.of_files if not found.changes[n - 1].doubt}
        self.numbers = self.of_files

    def words(self, number: int) -> str:
        """By unit and indicator."""
        one = self.changes[number - 1]
        return f"{one.unit_label} {one.title}"

    def row(self, number: int) -> Row:
        """One field."""
        one = self.changes[number - 1]
        return Row(number, {
            "take": Cell(value=number - 1 in self.chosen, editable=True), "unit": one.unit_label,
            "title": Cell(one.title, note=one.title), "head": one.head,
            "old": Cell(shown(one.old), tone=Tone.MUTED), "new": Cell(shown(one.new), note=one.new, bold=True),
            "place": one.place, "note": _remark(one),
        })

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Tick fields."""
        for edit in edits:
            if edit.value:
                self.chosen.add(edit.row - 1)
            else:
                self.chosen.discard(edit.row - 1)
        return None

    def narrow(self, only: str) -> None:
        """Show all, those to be checked, or those with a remark."""
        kept = {
            ALL: lambda one: True, DOUBTFUL: lambda one: bool(one.doubt),
            NOTED: lambda one: bool(one.note or one.doubt),
        }[only]
        self.numbers = [n for n in self.of_files if kept(self.changes[n - 1])]


def _remark(one: FieldChange) -> Cell:
    text = ";".join(part for part in (one.doubt, one.note) if part)
    return Cell(text, tone=Tone.RED if one.doubt else Tone.AMBER if one.note else Tone.PLAIN, note=text)


class ChangesStep(QWidget):
    """Every field that would be written, with a tick."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = QLabel()
        self.headline.setProperty("role", "subheading")
        self.only = QComboBox()
        for key, word in (
            (ALL, self.tr("全部")), (DOUBTFUL, self.tr("只看待核对的")), (NOTED, self.tr("只看有说明的")),
        ):
            self.only.addItem(word, key)
        self.only.activated.connect(self._on_only)
        self.all_button = QPushButton(self.tr("全部勾选"))
        self.none_button = QPushButton(self.tr("全不勾选"))
        self.all_button.clicked.connect(lambda: self.tick_shown(True))
        self.none_button.clicked.connect(lambda: self.tick_shown(False))
        top = QHBoxLayout()
        top.addWidget(self.headline, 1)
        for button in (self.all_button, self.none_button):
            button.setAutoDefault(False)
            top.addWidget(button)
        top.addWidget(self.only)
        self._holder = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addLayout(self._holder, 1)
        self.view: GridView | None = None
        self.source: _ChangeSource | None = None

    @property
    def take(self) -> frozenset[int]:
        """Places of the changes that are to be written."""
        return frozenset(self.source.chosen) if self.source is not None else frozenset()

    def show_changes(self, found: Collection, files: frozenset[int]) -> None:
        """The fields of these files; doubtful ones are not ticked."""
        if self.view is not None:
            self._holder.removeWidget(self.view)
            self.view.deleteLater()
        self.only.setCurrentIndex(0)
        self.source = _ChangeSource(found, files)
        self.model = GridModel(self.source)
        self.model.wrote.connect(self._on_ticked)
        self.view = TickView(self.model)
        self._holder.addWidget(self.view, 1)
        self.model.reload()
        self._tell()

    def _tell(self) -> None:
        assert self.source is not None
        listed = [self.source.changes[n - 1] for n in self.source.of_files]
        doubtful = sum(bool(one.doubt) for one in listed)
        words = [self.tr("将写入 {} 格").format(f"{len(self.source.chosen):,}")]
        if doubtful:
            words.append(self.tr("{} 格待核对,默认不写入,核对后勾选").format(doubtful))
        words.append(self.tr("代录与单位自报并列保存,不互相覆盖"))
        self.headline.setText(" · ".join(words))

    def _on_ticked(self, _outcome: object) -> None:
        self._tell()
        self.changed.emit()

    def tick_shown(self, ticked: bool) -> None:
        """Tick or untick the fields that the choice at the right shows."""
        if self.source is None:
            return
        places = {number - 1 for number in self.source.numbers}
        self.source.chosen = self.source.chosen | places if ticked else self.source.chosen - places
        self.model.reload()
        self._on_ticked(None)

    def _on_only(self) -> None:
        if self.source is not None:
            self.source.narrow(self.only.currentData())
            self.model.reload()
