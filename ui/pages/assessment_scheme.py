"""考核办法: the items of a group's scheme with their rules, and what belongs to the scheme as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton

from mbo_desktop.domain.assessment import EqualScores
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rights import Act
from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    office_words,
    scheme_checks,
    scheme_items,
    scheme_versions,
    schemes,
    scores,
)
from mbo_desktop.services.scheme_items import ItemRow
from mbo_desktop.services.scheme_parameters import parameters_of
from ui.dialogs.assessment_differences import DifferencesDialog
from ui.dialogs.assessment_facts import FactsDialog
from ui.dialogs.assessment_members import MembersDialog
from ui.dialogs.assessment_rule import RuleDialog, RuleSubject
from ui.grids.columns import Edit, Row
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource, Refused
from ui.pages.assessment_scheme_rows import SCHEME_COLUMNS, SchemePanel, scheme_row
from ui.pages.assessment_sheets import SheetTrial
from ui.pages.room_view import RoomView
from ui.rights import guard_entry
from ui.theme import icon, scaled
from ui.widgets.empty_page import EmptyPage

if TYPE_CHECKING:
    from ui.pages.assessment_state import AssessmentState

_FOLLOWED = frozenset({"scheme", "indicator", "target", "unit", "category", "year"})


class SchemeView(RoomView):
    """The table of items; the rule of the current one in the panel, edited in a dialog."""

    key = "scheme"
    manual = "assessment"

    def __init__(self, state: AssessmentState) -> None:
        super().__init__(state.workspace)
        self.state = state
        self.items: dict[int, ItemRow] = {}
        self.problems: tuple[str, ...] = ()
        self.sums = ""
        self._read_only = False
        self.source = ListSource(SCHEME_COLUMNS, self._load, self._write)
        self.grid = GridPanel(self.workspace, self.source, filter_hint=self.tr("筛选指标…"))
        self.grid.set_empty(EmptyPage(
            "award", self.tr("办法里还没有指标"), self.tr("把本组承担的指标加进来,逐项定计分规则。"),
            ((self.tr("加入本组指标"), self._on_add),),
        ))
        self.side = SchemePanel()
        self.body.addWidget(self.grid)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.side.setMinimumWidth(scaled(250))
        self.body.setSizes([scaled(10_000), scaled(320)])
        self.setFocusProxy(self.grid)
        self.grid.view.current_row_changed.connect(self._show_side)
        self.grid.view.opened.connect(self.edit_rule)
        self.sheets = SheetTrial(self.workspace, self)
        self._build_tools()
        for keys, act in (("Ctrl+Return", self.confirm), ("Ctrl+E", self.edit_rule)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _build_tools(self) -> None:
        self.add_tool(self.grid.filter_field, 1)
        self.confirm_all = self.add_tool_button(
            self.tr("全部确认"), self._on_confirm_all, hint=self.tr("逐条核对过后,一次确认全部待确认的规则")
        )
        self.facts = self.add_tool_button(
            self.tr("总则、权重和等次…"), self._on_facts, hint=self.tr("满分、组成部分、等次名额、加扣分")
        )
        self.more = QPushButton(self.tr("更多"))
        self.more.setIcon(icon("ellipsis"))
        menu = QMenu(self.more)
        writing = [
            menu.addAction(self.tr("加入本组新增的指标"), self._on_add),
            menu.addAction(self.tr("其他组沿用上年办法"), self._on_copy),
        ]
        menu.addSeparator()
        menu.addAction(self.tr("与上年办法比较"), self.compare)
        writing.append(menu.addAction(self.tr("不参加考核的单位…"), self._on_members))
        menu.addSeparator()
        menu.addAction(self.tr("导出办法(Excel)…"), lambda: self.sheets.export_scheme(self.state.scheme))
        writing.append(menu.addAction(
            self.tr("导入办法(Excel)…"), lambda: self.sheets.import_scheme(self.state.scheme)
        ))
        menu.addAction(self.tr("试算模板(Excel)…"), self.sheets.write_template)
        menu.addAction(self.tr("用工作簿试算办法…"), self.sheets.score)
        menu.addSeparator()
        writing.append(menu.addAction(self.tr("删除本组考核办法"), self._on_delete))
        for entry in writing:
            guard_entry(menu, entry, self.workspace, Act.ENTER)
        self.more.setMenu(menu)
        self.add_tool(self.more)
        self.edit = self.add_tool_button(
            self.tr("编辑规则…"), self.edit_rule, primary=True, hint=self.tr("当前指标,也可双击规则  Ctrl+E")
        )

    # Reading --------------------------------------------------------------------

    def activate(self) -> None:
        """Read the items again."""
        if self.state.scheme is None:
            return
        self.source.reload()
        self.problems = schemes.problems(self.store, self.state.scheme)
        self.sums = scheme_checks.sum_words(self.store, self.state.scheme)
        self.grid.model.refresh()
        view = self.grid.view
        if not view.currentIndex().isValid() and self.grid.model.rowCount():
            view.select_cell(self.grid.model.index(0, 0))
        self._tell()
        self._show_side()

    def _load(self) -> Sequence[Row]:
        scheme = self.state.scheme
        found = () if scheme is None else scheme_items.item_rows(self.store, scheme)
        self.items = {int(one.indicator): one for one in found}
        return [scheme_row(one) for one in found]

    def _tell(self) -> None:
        waiting = sum(not one.confirmed for one in self.items.values())
        words = [self.tr("{} 项指标").format(len(self.items))]
        if self.sums:
            words.append(self.sums)
        if waiting:
            words.append(self.tr("{} 项规则待确认").format(waiting))
        if self.problems:
            words.append(self.tr("提示 {} 条").format(len(self.problems)))
        self.figures_changed.emit(" · ".join(words))
        self.confirm_all.setEnabled(bool(waiting) and not self._read_only)
        self.confirm_all.setText(self.tr("全部确认 {} 条").format(waiting) if waiting else self.tr("全部确认"))

    def shown(self) -> None:
        """Rows and sum into the status bar."""
        self.grid.tell_status()

    def refresh(self, changes: Any) -> None:
        """Records changed."""
        if changes is None or _FOLLOWED & set(changes.ids_by_type):
            self.activate()

    @property
    def current(self) -> ItemRow | None:
        """The item the cursor is at."""
        return self.items.get(int(self.grid.view.current_id() or 0))

    def _show_side(self) -> None:
        self.edit.setEnabled(self.current is not None and not self._read_only)
        self.side.show_item(
            self.current, self.problems, self.edit_rule, self.confirm, self._on_remove, read_only=self._read_only
        )

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        self._read_only = read_only
        self.grid.set_read_only(read_only)
        for button in (self.facts, self.more, self.edit, self.confirm_all):
            button.setEnabled(not read_only)

    def find(self) -> None:
        """The table's find bar."""
        self.grid.find()

    def copy(self) -> None:
        """The selected block."""
        self.grid.view.copy()

    # Writing --------------------------------------------------------------------

    def _write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        scheme = self.state.scheme
        assert scheme is not None
        refused: dict[tuple[int, str], str] = {}
        for edit in edits:
            indicator = RecordId(edit.row)
            try:
                if edit.key == "points":
                    scheme_items.set_item(self.store, scheme, indicator, points=_amount(edit.value))
                elif edit.key == "cap":
                    scheme_items.set_item(self.store, scheme, indicator, cap=_amount(edit.value))
                elif edit.key == "digits":
                    scheme_items.set_item(self.store, scheme, indicator, digits=_digits(edit.value))
                elif edit.key == "by_period":
                    scheme_items.set_item(self.store, scheme, indicator, by_period=bool(edit.value))
                elif edit.key == "equal":
                    chosen = edit.value if isinstance(edit.value, EqualScores) else None
                    scheme_items.set_item(self.store, scheme, indicator, equal=chosen)
                elif edit.key == "text":
                    scheme_items.set_scoring_text(self.store, scheme, indicator, str(edit.value or ""))
                elif edit.key == "missing" and edit.value is not None:
                    scheme_items.set_item(self.store, scheme, indicator, missing=edit.value)  # type: ignore[arg-type]
            except (InputError, NotAllowedError) as error:
                refused[edit.row, edit.key] = f"{error.what}{error.todo}"
        return refused

    def edit_rule(self, *_row: object) -> None:
        """The rule of the current indicator, with the group's own figures as the example."""
        one, scheme = self.current, self.state.scheme
        if one is None or scheme is None or self._read_only:
            return
        board = scores.board(self.store, scheme, month=self.state.month)
        entries = board.book.entries.get(one.indicator, {})
        carried = [entry.facts for entry in entries.values() if not entry.absent]
        labels = {line.unit: line.label for line in board.units}
        for facts in carried:
            facts.label = labels.get(RecordId(facts.unit), "")
        carried.sort(key=lambda facts: facts.actual is None)
        subject = RuleSubject(
            one.name, one.points or Decimal(0), one.unit_of_measure, one.scoring_text,
            one.rule or Ratio(), carried, one.digits, one.cap, len(self._selected() - {one.indicator}),
            parameters_of(board.scheme),
        )
        store, selected = self.store, self._selected() | {one.indicator}

        def save(rule: Any) -> None:
            typed = dialog.text.value().strip()
            scheme_items.set_rule(
                store, scheme, selected if dialog.to_others.isChecked() else {one.indicator}, rule,
                {} if typed == one.scoring_text else {one.indicator: typed},
            )

        dialog = RuleDialog(subject, save, self.window())
        dialog.exec()
        self.setFocus()

    def _selected(self) -> set[RecordId]:
        """The indicators of the selected rows."""
        return {RecordId(row) for row in self.grid.view.selected_ids() if row in self.items}

    def confirm(self) -> None:
        """The proposed rules of the selected items are right; on to the next that waits."""
        one, scheme = self.current, self.state.scheme
        if one is None or scheme is None or self._read_only:
            return
        wanted = {key for key in self._selected() | {one.indicator} if not self.items[int(key)].confirmed}
        if not wanted:
            return
        self.workspace.perform(lambda: scheme_items.confirm_all(self.store, scheme, wanted))
        waiting = next((key for key, item in self.items.items() if not item.confirmed), 0)
        if waiting:
            row = self.grid.model.row_of(waiting)
            if row >= 0:
                self.grid.view.select_cell(self.grid.model.index(row, max(self.grid.view.currentIndex().column(), 0)))
        self.setFocus()

    def _on_confirm_all(self) -> None:
        scheme = self.state.scheme
        if scheme is None:
            return
        done = self.workspace.perform(lambda: scheme_items.confirm_all(self.store, scheme))
        if done:
            self.workspace.say(self.tr("已确认 {} 条计分规则。").format(done), tone="green",
                               actions=[(self.tr("撤销"), self.workspace.undo)])

    def _on_remove(self) -> None:
        one, scheme = self.current, self.state.scheme
        if one is not None and scheme is not None:
            self.workspace.perform(lambda: scheme_items.remove_item(self.store, scheme, one.indicator))
            self.workspace.say(self.tr("已把“{}”移出考核办法,不再计分。").format(one.name),
                               actions=[(self.tr("撤销"), self.workspace.undo)])
            self.setFocus()

    def _on_facts(self) -> None:
        if self.state.scheme is not None:
            FactsDialog(self.workspace, self.state.scheme, self.window()).exec()

    def compare(self) -> DifferencesDialog | None:
        """What is different from last year's scheme of the group."""
        scheme = self.state.scheme
        if scheme is None:
            return None
        found = self.workspace.perform(lambda: (scheme_versions.against_last_year(self.store, scheme),))
        if found is None:
            return None
        (lines,) = found
        if not lines:
            self.workspace.say(self.tr("上年没有本组的考核办法。") if lines is None else self.tr("与上年办法相同。"))
            return None
        dialog = DifferencesDialog(
            self.tr("与上年办法比较"), self.tr("{}:与上年不同 {} 处").format(office_words.group(self.store, self.state.group), len(lines)),
            [one.words for one in lines], self.tr("指标按名称或“接续指标”对应。"), self.window(),
        )
        dialog.open()
        return dialog

    def _on_members(self) -> None:
        if self.state.scheme is not None:
            MembersDialog(self.workspace, self.state.scheme, self.window()).exec()

    def _on_add(self) -> None:
        scheme = self.state.scheme
        if scheme is None:
            return
        added = self.workspace.perform(lambda: schemes.add_new_indicators(self.store, scheme))
        if added is not None:
            self.workspace.say(
                self.tr("已加入 {} 项指标,规则待确认。").format(added) if added else self.tr("本组承担的指标都已在办法里。")
            )

    def _on_copy(self) -> None:
        said = self.workspace.perform(lambda: schemes.copy_from_last_year(self.store, self.year))
        if said is not None:
            self.workspace.say(";".join(said) or self.tr("已沿用上年办法。"))

    def _on_delete(self) -> None:
        scheme = self.state.scheme
        if scheme is not None and self.workspace.perform(lambda: schemes.delete_scheme(self.store, scheme) or True):
            self.workspace.say(self.tr("已删除本组考核办法。"), actions=[(self.tr("撤销"), self.workspace.undo)])


def _amount(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _digits(value: object) -> int:
    if not isinstance(value, Decimal) or value != int(value):
        raise InputError("小数位数应是整数。", "请填0到6。")
    return int(value)
