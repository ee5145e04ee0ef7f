"""Room 单位人员: the tree of units and the table of people, with what belongs to the selected one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QStackedWidget,
    QTabBar,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole, UnitKind
from mbo_desktop.services import office_words, offices, people, planning_matrix
from ui.dialogs.successions import MergeDialog, SplitDialog
from ui.dialogs.unit_names import HolderDialog, RenameDialog, UnitListDialog
from ui.grids.writing import Outcome
from ui.pages.base import Page
from ui.pages.offices_panel import UnitPanel
from ui.pages.offices_people import PeopleTable, PersonDialog, PersonPanel
from ui.pages.offices_tree import Question, UnitSource, UnitTree
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace

FILTER_DELAY_MS = 200
_TOUCHING = {"unit", "post", "person", "tenure", "succession", "office"}


class OfficesPage(Page):
    """Units at the left, the selected unit at the right; the second tab shows people."""

    key = "offices"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "单位人员")
        self.source = UnitSource(self.store)
        self.tree = UnitTree(self.source)
        self.unit_panel = UnitPanel(workspace)
        self.people = PeopleTable(workspace)
        self.person_panel = PersonPanel(workspace)
        self._matched: int | None = None
        self._begun = False
        self._build_head()
        self._build_filters()
        self._build_body()
        # Before the page is first laid out: both tabs' widgets together are wider than a screen.
        self._show_tools()
        self._connect()

    def _build_head(self) -> None:
        self.merge_button = self.add_button(self.tr("合并…"), self.merge, hint=self.tr("先选中要合并的单位"))
        self.split_button = self.add_button(self.tr("拆分…"), self.split)
        self.paste_button = self.add_button(
            self.tr("粘贴单位名单…"), self.paste_list, hint=self.tr("也可在名称列直接按 Ctrl+V")
        )
        self.add_unit_button = self.add_button(
            self.tr("新增单位  Insert"), self.add_unit, primary=True
        )
        self.add_person_button = self.add_button(self.tr("新增人员"), self.add_person, primary=True)

    def _build_filters(self) -> None:
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.addTab(self.tr("单位"))
        self.tabs.addTab(self.tr("人员"))
        self.kinds = QComboBox()
        self.kinds.setAccessibleName(self.tr("单位类别"))
        self.kinds.addItem(self.tr("全部类别"), "")
        for kind in UnitKind:
            self.kinds.addItem(office_words.kind(self.store, kind), kind.value)
        self.groups = QComboBox()
        self.groups.setAccessibleName(self.tr("考核分组"))
        self.groups.setMinimumWidth(scaled(120))
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选名称、代码、拼音首字母…"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(scaled(280))
        self.dissolved = QCheckBox(self.tr("显示已撤并"))
        for widget in (self.tabs, self.kinds, self.groups, self.filter, self.people.filter_field,
                       self.dissolved):
            self.add_filter(widget)
        self.people.filter_field.setMinimumWidth(scaled(280))
        self.end_filters()
        self._filter_timer = QTimer(self, singleShot=True, interval=FILTER_DELAY_MS)

    def _build_body(self) -> None:
        self.empty = EmptyPage(
            "users", self.tr("还没有下级单位"),
            self.tr(
                "这里登记要下达目标、签订责任书的单位:县区、开发区、市直部门、乡镇街道、企业。"
                "表中的顺序就是排名和打印的顺序。"
            ),
            ((self.tr("粘贴单位名单…"), self.paste_list), (self.tr("逐个录入"), self.add_unit)),
        )
        # The button above names the key; the tree that answers it is not shown yet.
        insert = QShortcut(QKeySequence(Qt.Key.Key_Insert), self.empty, self.add_unit_button.click)
        insert.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.main = QStackedWidget()
        self.side = QStackedWidget()
        for widget in (self.tree, self.empty, self.people):
            self.main.addWidget(widget)
        self.side.addWidget(self.unit_panel)
        self.side.addWidget(self.person_panel)
        self.set_body(self.main, self.side, side_width=330)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._on_tab)
        self.kinds.activated.connect(self._on_filter)
        self.groups.activated.connect(self._on_filter)
        self.filter.textChanged.connect(self._filter_timer.start)
        self.filter.returnPressed.connect(self._on_filter_entered)
        self._filter_timer.timeout.connect(self._on_filter)
        self.dissolved.toggled.connect(self._on_dissolved)
        self.tree.current_row_changed.connect(self.unit_panel.show_unit)
        self.tree.complained.connect(self.workspace.report)
        self.tree.tree.wrote.connect(self._on_wrote)
        self.tree.list_pasted.connect(self.paste_list)
        self.tree.asked.connect(self._on_asked)
        self.tree.find_asked.connect(self.find)
        self.people.view.current_row_changed.connect(self.person_panel.show_person)
        self.person_panel.unit_asked.connect(self.show_unit)

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the units; the year does not matter here."""
        first = not self._begun
        self._begun = True
        self._fill_groups()
        self._apply_filter()
        if first:
            self.tree.expand_levels(1)
            self._on_tab()
        self.shown()

    def shown(self) -> None:
        """Figures under the title and in the status bar."""
        units = offices.count_units(self.store)
        root = offices.root_unit(self.store)
        below = units - 1 if root is not None else units
        persons = people.count_people(self.store)
        self.set_figures(self.tr("单位 {} 个 · 人员 {} 人").format(below, persons))
        self._show_main(below)
        if self.tabs.currentIndex() == 1:
            self.people.tell_status()
            return
        text = self.tr("{} 个单位").format(below)
        if self._matched is not None:
            text = self.tr("{} 个单位(筛选后 {})").format(below, self._matched)
        self.workspace.status("rows", text)

    def _show_main(self, below: int) -> None:
        on_people = self.tabs.currentIndex() == 1
        wanted = self.people if on_people else self.tree if below or self.source.fresh else self.empty
        if self.main.currentWidget() is not wanted:
            self.main.setCurrentWidget(wanted)
        self.main.setFocusProxy(self.empty.buttons[0] if wanted is self.empty else wanted)
        self.side.setCurrentWidget(self.person_panel if on_people else self.unit_panel)

    def refresh(self, changes: Any) -> None:
        """Bring tree, people and panels up to date without losing place."""
        touched = getattr(changes, "ids_by_type", None)
        if touched is not None and not _TOUCHING & set(touched):
            return
        if touched is None or {"unit", "office"} & set(touched):
            self._fill_groups()
            self.tree.tree.sync()
        else:
            self.tree.tree.refresh(self._shown_units())
        self.people.read_again()
        self.unit_panel.show_unit(self.tree.current_id())
        self.person_panel.show_person(self.people.view.current_id())
        self.shown()

    def _shown_units(self) -> set[int]:
        model = self.tree.tree
        found: set[int] = set()
        waiting = [0]
        while waiting:
            children = model.loaded_children(waiting.pop())
            found.update(children)
            waiting += children
        return found

    def show_record(self, record: int, kind: str) -> None:
        """A unit in the tree, a person in the table."""
        if kind == "person":
            self.tabs.setCurrentIndex(1)
            self.people.view.show_record(record)
        else:
            self.show_unit(record)

    def show_hint(self, hint: str) -> None:
        """The units with targets for which nobody is recorded as 第一责任人."""
        if hint != "no_principal":
            return
        self.tabs.setCurrentIndex(0)
        empty = [u for u in offices.units_in_order(self.store, limit=20_000) if not u.principal]
        totals = planning_matrix.unit_totals(self.store, self.workspace.year, [u.id for u in empty])
        carrying = {unit for unit, total in totals.items() if total.allotted + total.not_set}
        rows = [unit for unit in empty if unit.id in carrying]
        self._clear_filters()
        self._show_only(rows)
        self.workspace.say(
            self.tr("只列出有目标而没有登记第一责任人的 {} 个单位。").format(len(rows)),
            actions=[(self.tr("显示全部"), self._on_show_all)],
        )
        self.shown()

    def _on_show_all(self) -> None:
        self._clear_filters()
        self.shown()

    def show_unit(self, unit: int) -> None:
        """Make a unit current, dropping filters that hide it."""
        self.tabs.setCurrentIndex(0)
        chain = [row.id for row in offices.path_of(self.store, RecordId(unit))]
        if self._matched is not None:
            self._clear_filters()
        if not self.tree.show_record(chain):
            self.dissolved.setChecked(True)
            self.tree.show_record(chain)
        self.tree.setFocus()

    def find(self) -> None:
        """Ctrl+F: into the filter."""
        if self.tabs.currentIndex() == 1:
            self.people.find()
        else:
            self.filter.setFocus()
            self.filter.selectAll()

    def set_read_only(self, read_only: bool) -> None:
        """No changes while another has the folder or a job writes."""
        self.tree.tree.read_only = read_only
        self.people.set_read_only(read_only)
        for button in (self.merge_button, self.split_button, self.paste_button,
                       self.add_unit_button, self.add_person_button, *self.empty.buttons):
            button.setEnabled(not read_only)
        self.unit_panel.show_unit(self.tree.current_id())

    # Filters ------------------------------------------------------------------

    def _on_tab(self, _tab: int = 0) -> None:
        self._show_tools()
        if self.tabs.currentIndex() == 1:
            self.people.read_again()
        self.shown()

    def _show_tools(self) -> None:
        """The filters and buttons of the tab that is shown."""
        on_people = self.tabs.currentIndex() == 1
        for widget in (self.kinds, self.groups, self.filter, self.dissolved, self.merge_button,
                       self.split_button, self.paste_button, self.add_unit_button):
            widget.setVisible(not on_people)
        self.people.filter_field.setVisible(on_people)
        self.add_person_button.setVisible(on_people)

    def _fill_groups(self) -> None:
        chosen = self.groups.currentData() or ""
        self.groups.clear()
        self.groups.addItem(self.tr("全部分组"), "")
        for name in offices.peer_groups(self.store):
            self.groups.addItem(office_words.group(self.store, name), name)
        self.groups.setCurrentIndex(max(self.groups.findData(chosen), 0))

    def _on_filter(self, _place: int = 0) -> None:
        self._apply_filter()
        self.shown()

    def _on_filter_entered(self) -> None:
        self._filter_timer.stop()
        self._on_filter()
        self.tree.setFocus()

    def _clear_filters(self) -> None:
        self.kinds.setCurrentIndex(0)
        self.groups.setCurrentIndex(0)
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.blockSignals(False)
        self._apply_filter()

    def _on_dissolved(self, shown: bool) -> None:
        self.source.with_dissolved = shown
        self._apply_filter()

    def _apply_filter(self) -> None:
        kind, group = str(self.kinds.currentData() or ""), str(self.groups.currentData() or "")
        text = self.filter.text().strip()
        current = self.tree.current_id()
        if not (kind or group or text):
            was_narrow = self._matched is not None
            self._matched = None
            self.tree.tree.set_visible(None)
            if was_narrow and current:
                chain = offices.path_of(self.store, RecordId(current))
                self.tree.show_record([row.id for row in chain])
            return
        rows = offices.units_in_order(
            self.store, kinds=[UnitKind.of(kind)] if kind else [], peer_group=group, text=text,
            with_dissolved=self.source.with_dissolved, limit=20_000,
        )
        self._show_only(rows)

    def _show_only(self, rows: Sequence[offices.UnitRow]) -> None:
        self._matched = len(rows)
        hits = {row.id for row in rows}
        self.tree.tree.set_visible(hits | self._ancestors(rows))
        self.tree.expandAll()
        if rows:
            chain = offices.path_of(self.store, rows[0].id)
            self.tree.show_record([row.id for row in chain])

    def _ancestors(self, rows: Iterable[offices.UnitRow]) -> set[RecordId]:
        found: set[RecordId] = set()
        waiting = {row.superior for row in rows if row.superior is not None}
        while waiting:
            found |= waiting
            above = offices.unit_rows(self.store, list(waiting))
            waiting = {row.superior for row in above if row.superior is not None} - found
        return found

    # Deeds --------------------------------------------------------------------

    def add_unit(self) -> None:
        """A new unit behind the current one, its name being typed."""
        self.main.setCurrentWidget(self.tree)
        self.tree.setFocus()
        self.tree.add_sibling()

    def add_person(self) -> None:
        """Record a person."""
        dialog = PersonDialog(self.workspace, self.window())
        if dialog.exec():
            self.people.view.show_record(dialog.made)

    def _on_wrote(self, outcome: Outcome) -> None:
        """What of a pasted block was not written is said."""
        sentence = outcome.sentence()
        if sentence and (outcome.unreadable > 1 or outcome.read_only or outcome.beyond):
            self.workspace.say(sentence, tone="amber")

    def paste_list(self, text: str = "") -> None:
        """Take a list of units in, beside the current unit."""
        path = self.tree.tree.path(self.tree.current_id())
        superior = path[-2] if len(path) > 1 else offices.root_unit(self.store)
        dialog = UnitListDialog(
            self.window(), self.store, RecordId(superior) if superior else None,
            text if isinstance(text, str) else "",
        )
        if not dialog.exec() or dialog.outcome is None:
            return
        added, skipped = dialog.outcome.added, dialog.outcome.skipped
        said = self.tr("已新增 {} 个单位。").format(len(added))
        if skipped:
            lines = ";".join(f"第 {s.number} 行“{s.text[:20]}”{s.reason}" for s in skipped[:3])
            said += self.tr("跳过 {} 行:{}。").format(len(skipped), lines)
        self.workspace.say(said, tone="amber" if skipped else "green")
        if added:
            self.show_unit(added[0])

    def merge(self) -> None:
        """Merge the selected units."""
        chosen = [u for u in self.tree.selected_ids() if u != offices.root_unit(self.store)]
        dialog = MergeDialog(self.window(), self.store, chosen)
        if dialog.exec() and dialog.result_unit is not None:
            self.workspace.say(self.tr("已登记合并。勾选“显示已撤并”可查看原单位。"), tone="green")
            self.show_unit(dialog.result_unit)

    def split(self) -> None:
        """Split the current unit."""
        unit = self.tree.current_id()
        if not unit or unit == offices.root_unit(self.store):
            self.workspace.say(self.tr("请先在表中选择要拆分的单位。"), tone="amber")
            return
        dialog = SplitDialog(self.window(), self.store, unit)
        if dialog.exec() and dialog.made:
            self.workspace.say(self.tr("已登记拆分。勾选“显示已撤并”可查看原单位。"), tone="green")
            self.show_unit(dialog.made[0])

    def _on_asked(self, questions: Sequence[Question]) -> None:
        names = [(unit, text) for unit, field, text in questions if field == "name"]
        holders = [(u, PostRole.of(field), text) for u, field, text in questions if field != "name"]
        if names:
            RenameDialog(self.window(), self.store, names).exec()
        if holders:
            HolderDialog(self.window(), self.store, holders).exec()
        self.tree.setFocus()

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """Tab, widths, open branches, selection."""
        return {
            "tab": self.tabs.currentIndex(), "tree": dict(self.tree.save_state()),
            "people": self.people.save_state(), "unit": self.tree.current_id(),
            "dissolved": self.dissolved.isChecked(),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.tree.restore_state(state.get("tree", {}))
        self.people.restore_state(state.get("people", {}))
        self.dissolved.setChecked(bool(state.get("dissolved")))
        if state.get("tab") in (0, 1):
            self.tabs.setCurrentIndex(state["tab"])
        unit = state.get("unit")
        if isinstance(unit, int) and unit:
            chain = [row.id for row in offices.path_of(self.store, RecordId(unit))]
            self.tree.show_record(chain)
