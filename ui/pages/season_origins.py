"""The side panels of the view 来源: what rests on an item, and what an indicator or target rests on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import offices, planning_grid, planning_matrix, registers
from mbo_desktop.services.planning_framework import FrameworkFilter
from mbo_desktop.services.registers import ItemRow, SubjectRow
from mbo_desktop.store.database import Store
from ui.grids.columns import Lookup, Option
from ui.grids.source import matches
from ui.later import later
from ui.theme import scaled
from ui.widgets.picker import PickerEdit
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

OFFERED = 40
LISTED = 40


def indicator_lookup(store: Store, year: int) -> Lookup:
    """Indicators of a year by name, code and pinyin initials."""

    def look_up(typed: str) -> Sequence[Option]:
        ids = planning_grid.ids(store, year, FrameworkFilter(typed.strip()), limit=OFFERED)
        return [
            Option(row.id, row.texts["name"], row.texts["category"])
            for row in planning_grid.rows(store, ids)
        ]

    return look_up


def unit_lookup(store: Store) -> Lookup:
    """Units by name, code and pinyin initials."""

    def look_up(typed: str) -> Sequence[Option]:
        return [Option(row.id, row.short_name, row.name) for row in offices.search_units(store, typed)]

    return look_up


def item_lookup(store: Store, year: int) -> Lookup:
    """Items and whole meetings or documents of a year by words and pinyin initials."""

    def look_up(typed: str) -> Sequence[Option]:
        found = [
            Option(row.id, f"{row.label}{row.text}"[:60], row.source_name)
            for row in registers.items(store, year)
            if not row.is_heading and matches(typed, f"{row.label}{row.text}")
        ]
        whole = [
            Option(row.id, row.name, row.kind.label)
            for row in registers.sources(store, year) if matches(typed, row.name)
        ]
        return [*found[:OFFERED], *whole]

    return look_up


class LinkRow(QWidget):
    """One line: a text that opens a place, and × that takes the link away."""

    opened = Signal(object)
    removed = Signal(object)

    def __init__(self, text: str, value: object, *, can_open: bool = True, locked: bool = False) -> None:
        super().__init__()
        self.value = value
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scaled(4))
        label = QLabel(text)
        label.setWordWrap(True)
        row.addWidget(label, 1)
        # A child from the start: shown before it stands anywhere it would flash up as a window.
        self.open_button = QToolButton(self)
        self.open_button.setText(self.tr("查看"))
        self.open_button.setToolTip(self.tr("到目标体系中的这一处"))
        self.open_button.clicked.connect(self._on_open)
        self.open_button.setVisible(can_open)
        self.remove_button = QToolButton()
        self.remove_button.setText("×")
        self.remove_button.setToolTip(self.tr("取消这一来源关系(可撤销)"))
        self.remove_button.clicked.connect(self._on_remove)
        self.remove_button.setEnabled(not locked)
        row.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignTop)

    def _on_open(self) -> None:
        self.opened.emit(self.value)

    def _on_remove(self) -> None:
        self.removed.emit(self.value)


class ItemPanel(SidePanel):
    """The selected items: their whole text, what rests on them, and where to register more."""

    cell_asked = Signal(object, object)
    """Indicator and unit (None: the whole indicator)."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._items: tuple[RecordId, ...] = ()
        self.indicator: PickerEdit | None = None
        self.unit: PickerEdit | None = None

    def show_items(self, items: Sequence[ItemRow]) -> None:
        """One item, or several to be linked together."""
        self.clear()
        self.indicator = self.unit = None
        self._items = tuple(item.id for item in items if not item.is_heading)
        if not items:
            self.add_text(self.tr("选中一条,查看它落实到哪些目标。"), muted=True)
            return
        if len(items) > 1:
            self.set_title(self.tr("已选 {} 条").format(len(self._items)), self.tr("下面登记的目标对所选各条都有效"))
        else:
            self._show_one(items[0])
        if self._items:
            self._add_pickers()
            self._show_subjects()

    def show_source(self, source: RecordId) -> None:
        """A meeting or document as a whole, when no item of it is selected."""
        self.clear()
        self._items = (source,)
        found = registers.source(self._workspace.store, source)
        self.set_title(found.name, " · ".join(w for w in (found.kind.label, found.genre) if w))
        facts = [(self.tr("文号"), found.number), (self.tr("制发机关"), found.issued_by),
                 (self.tr("日期"), found.dated.isoformat() if found.dated else ""),
                 (self.tr("备注"), found.note)]
        self.add_facts([fact for fact in facts if fact[1]])
        self._add_pickers()
        self._show_subjects()

    def _show_one(self, item: ItemRow) -> None:
        self.set_title(f"{item.label} {item.source_name}".strip(), item.text)
        facts = [(self.tr("牵头单位"), item.lead), (self.tr("时限"), item.due), (self.tr("备注"), item.note)]
        self.add_facts([fact for fact in facts if fact[1]])
        if item.is_heading:
            self.add_text(self.tr("这一行是标题,不要求落实到目标。"), muted=True)

    def _show_subjects(self) -> None:
        found = registers.resting_on(self._workspace.store, self._items)
        self.add_heading(self.tr("落实到 {} 项").format(len(found)))
        if not found:
            self.add_text(self.tr("尚未落实到任何指标或目标。"), muted=True)
        for row in found[:LISTED]:
            line = LinkRow(row.text, row, locked=self._workspace.read_only)
            line.opened.connect(self._on_open)
            line.removed.connect(self._on_remove)
            self.add(line)
        if len(found) > LISTED:
            self.add_text(self.tr("另有 {} 项未列出。").format(len(found) - LISTED), muted=True)

    def _add_pickers(self) -> None:
        if self._workspace.read_only:
            return
        store, year = self._workspace.store, self._workspace.year
        self.add_heading(self.tr("登记目标"))
        self.indicator = PickerEdit(indicator_lookup(store, year))
        self.indicator.setPlaceholderText(self.tr("指标:名称或拼音首字母"))
        self.unit = PickerEdit(unit_lookup(store))
        self.unit.setPlaceholderText(self.tr("单位:不填即整项指标"))
        for field in (self.indicator, self.unit):
            field.returnPressed.connect(self._on_enter)
            self.add(field)
        self.add_buttons([(self.tr("登记"), self.link)])

    def _on_enter(self) -> None:
        if self.sender() is self.indicator and self.unit is not None:
            self.unit.setFocus()
        else:
            self.link()

    def link(self) -> None:
        """Let the picked indicator or target rest on the items shown."""
        if self.indicator is None or self.unit is None:
            return
        indicator, unit = self.indicator.value(), self.unit.value()
        if not isinstance(indicator, int):
            self._workspace.say(self.tr("没有选定指标。未登记。请输入名称或拼音首字母,再从列表中选取。"), tone="amber")
            self.indicator.setFocus()
            return
        if unit is None and self.unit.text().strip():
            self._workspace.say(self.tr("没有找到单位“{}”。未登记。请从列表中选取。").format(self.unit.text()), tone="amber")
            return
        subject: object = indicator
        if isinstance(unit, int):
            subject = planning_matrix.cell(self._workspace.store, RecordId(indicator), RecordId(unit)).target
            if subject is None:
                self._workspace.say(self.tr("这项指标还没有下达给“{}”。未登记。请先在下达矩阵中填目标,或不填单位。").format(self.unit.text()), tone="amber")
                return
        wanted = RecordId(int(subject))  # type: ignore[call-overload]
        store, items = self._workspace.store, self._items
        if self._workspace.perform(lambda: registers.link(store, items, [wanted])) == 0:
            self._workspace.say(self.tr("已经登记过,没有重复登记。"))
        # The panel was built anew by the change: the next one can be typed at once.
        later(self.indicator, self.indicator.setFocus)

    def _on_open(self, row: SubjectRow) -> None:
        self.cell_asked.emit(row.indicator, row.unit)

    def _on_remove(self, row: SubjectRow) -> None:
        self._workspace.perform(
            lambda: registers.unlink(self._workspace.store, self._items, [row.subject])
        )


class OriginsBox(QWidget):
    """What an indicator or target rests on, with a field to register more; for any side panel."""

    def __init__(self, workspace: Workspace, subject: RecordId) -> None:
        super().__init__()
        self._workspace = workspace
        self._subject = subject
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(scaled(4))
        store = workspace.store
        records = registers.origin_records(store, subject)
        texts = registers.origins_of(store, subject)
        for record, text in zip(records, texts, strict=False):
            line = LinkRow(text, record, can_open=False, locked=workspace.read_only)
            line.removed.connect(self._on_remove)
            self._rows.addWidget(line)
        if not records:
            label = QLabel(self.tr("没有登记来源。"))
            label.setProperty("role", "muted")
            self._rows.addWidget(label)
        self.picker = PickerEdit(item_lookup(store, workspace.year))
        self.picker.setPlaceholderText(self.tr("登记来源:条目、会议或文件"))
        self.picker.setEnabled(not workspace.read_only)
        self.picker.picked.connect(self._on_picked)
        self._rows.addWidget(self.picker)

    def _on_picked(self, option: Option) -> None:
        record = RecordId(int(option.value))  # type: ignore[call-overload]
        self._workspace.perform(lambda: registers.link(self._workspace.store, [record], [self._subject]))

    def _on_remove(self, record: RecordId) -> None:
        self._workspace.perform(
            lambda: registers.unlink(self._workspace.store, [record], [self._subject])
        )


class IndicatorPanel(SidePanel):
    """An indicator without source, and where to register one."""

    cell_asked = Signal(object, object)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._indicator: RecordId | None = None

    def show_indicator(self, indicator: RecordId | None, name: str = "") -> None:
        """None: nothing is selected."""
        self.clear()
        self._indicator = indicator
        if indicator is None:
            self.add_text(self.tr("选中一项指标,登记它的来源。"), muted=True)
            return
        self.set_title(name)
        self.add_buttons([(self.tr("到目标体系"), self._on_open)])
        self.add_heading(self.tr("来源"))
        self.add(OriginsBox(self._workspace, indicator))

    def _on_open(self) -> None:
        self.cell_asked.emit(self._indicator, None)

