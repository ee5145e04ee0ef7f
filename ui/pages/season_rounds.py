"""商议: proposals and counter-proposals of each target side by side until they are agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QMenu, QPushButton, QStackedWidget

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rights import Act
from mbo_desktop.domain.rounds import ProposalState
from mbo_desktop.services import planning_matrix, rounds
from mbo_desktop.services.round_talks import CellTalk, ProposedValue
from mbo_desktop.services.rounds import Agreed, RoundRow
from ui.dialogs.season_rounds import ReasonDialog, RoundDialog
from ui.grids.model import Outcome
from ui.grids.panel import GridPanel
from ui.pages.room_view import RoomView
from ui.pages.season_rounds_source import TalkSource, read_rounds
from ui.rights import guard_entry
from ui.theme import icon, scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

NAMES_SHOWN = 3


class RoundsView(RoomView):
    """A table over the rounds of the year; typing and pasting enters values, buttons agree or decline."""

    key = "rounds"
    manual = "rounds"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.rounds: tuple[RoundRow, ...] = ()
        self.source: TalkSource | None = None
        self.grid: GridPanel | None = None
        self.stack = QStackedWidget()
        self.empty = EmptyPage(
            "arrow-left-right", self.tr("本年度还没有商议过目标"),
            self.tr("各单位自报、目标办建议、归口部门意见,一轮一列,并排对照,商定后写入目标。单位交回的表可整张导入。"),
            ((self.tr("新建一轮…"), self._on_new), (self.tr("导入反馈表…"), self._on_import)),
        )
        self.stack.addWidget(self.empty)
        self.side = SidePanel()
        self.body.addWidget(self.stack)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.side.setMinimumWidth(scaled(220))
        self.body.setSizes([scaled(10_000), scaled(270)])
        self.setFocusProxy(self.stack)
        self._build_tools()

    def _build_tools(self) -> None:
        self.units = QComboBox()
        self.units.setAccessibleName(self.tr("单位"))
        self.units.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.units.setMinimumContentsLength(11)
        self.units.activated.connect(self._on_choice)
        self.add_tool(self.units)
        self.only_open = QCheckBox(self.tr("只看未商定"))
        self.only_open.toggled.connect(self._on_choice)
        self.add_tool(self.only_open)
        self.new_button = self.add_tool_button(self.tr("新建一轮…"), self._on_new)
        self.import_button = self.add_tool_button(
            self.tr("导入反馈表…"), self._on_import, hint=self.tr("单位交回的 Excel、Word 表,或复制的表格")
        )
        self.more = QPushButton(self.tr("轮次"))
        self.more.setIcon(icon("ellipsis"))
        menu = QMenu(self.more)
        menu.aboutToShow.connect(self._fill_more)
        menu.triggered.connect(self._on_more)
        self.more.setMenu(menu)
        self.add_tool(self.more)
        self.decline_button = self.add_tool_button(
            self.tr("不采纳…"), self._on_decline, hint=self.tr("选中的建议值,须写明理由")
        )
        self.agree_button = self.add_tool_button(
            self.tr("商定"), self._on_agree, primary=True, hint=self.tr("选中的建议值写入目标  Ctrl+Enter")
        )
        agree = QAction(self)
        agree.setShortcut("Ctrl+Return")
        agree.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        agree.triggered.connect(self._on_agree)
        self.addAction(agree)

    # Reading --------------------------------------------------------------------

    def activate(self) -> None:
        """Read the rounds and what they say."""
        self._fill_units()
        found = read_rounds(self.workspace)
        again = [(one.id, one.title) for one in found] != [(one.id, one.title) for one in self.rounds]
        self.rounds = found
        for widget, _stretch in (*self.tools, (self.side, 0)):
            widget.setVisible(bool(found))
        if not found:
            self.stack.setCurrentWidget(self.empty)
            self.figures_changed.emit(self.tr("{} 年度 · 0 轮").format(self.year))
            return
        if again or self.grid is None or self.source is None:
            self._build_grid()
        else:
            self.source.rounds = found
            self.source.reload()
            self.grid.model.refresh()
        self._show_figures()
        self._show_side()

    def _fill_units(self) -> None:
        present = self.units.currentData()
        self.units.clear()
        self.units.addItem(self.tr("各单位(已提出)"), 0)
        for one in planning_matrix.columns(self.store, self.year):
            self.units.addItem(one.heading, int(one.unit))
        self.units.setCurrentIndex(max(self.units.findData(present), 0))
        self.units.view().setMinimumWidth(scaled(200))

    def _build_grid(self) -> None:
        self.source = TalkSource(self.workspace, self.rounds)
        if self.grid is not None:
            self.stack.removeWidget(self.grid)
            self.grid.deleteLater()
        self.grid = GridPanel(self.workspace, self.source)
        self.grid.set_empty(EmptyPage(
            "arrow-left-right", self.tr("这一轮还没有建议值"),
            self.tr("在上方选一个单位,它的全部指标就列在这里,直接键入或粘贴建议值;也可导入单位交回的表。"),
            ((self.tr("导入反馈表…"), self._on_import),),
        ))
        self.stack.addWidget(self.grid)
        self.stack.setCurrentWidget(self.grid)
        self.setFocusProxy(self.grid)
        self._take_choice()
        self.grid.reload()
        if self.grid.model.rowCount():
            first = self.grid.model.column_of(f"round@{self.rounds[0].id}")
            self.grid.view.select_cell(self.grid.model.index(0, first))
        self.grid.view.selectionModel().currentChanged.connect(self._show_side)
        self.grid.model.wrote.connect(self._on_wrote)

    def _take_choice(self) -> None:
        if self.source is not None:
            unit = self.units.currentData() or 0
            self.source.unit = RecordId(unit) if unit else None
            self.source.only_open = self.only_open.isChecked()
            self.source.reload()

    def _on_choice(self) -> None:
        self._take_choice()
        if self.grid is not None:
            self.grid.reload()
            self.setFocus()
        self._show_side()

    def _show_figures(self) -> None:
        words = [self.tr("{} 轮").format(len(self.rounds))]
        for state, count in (
            (ProposalState.OPEN, sum(one.open for one in self.rounds)),
            (ProposalState.AGREED, sum(one.agreed for one in self.rounds)),
            (ProposalState.DECLINED, sum(one.declined for one in self.rounds)),
        ):
            words.append(f"{state.label} {count}")
        self.figures_changed.emit(" · ".join(words))

    def shown(self) -> None:
        """Rows and sum into the status bar."""
        if self.grid is not None and self.stack.currentWidget() is self.grid:
            self.grid.tell_status()
        else:
            super().shown()

    def refresh(self, changes: Any) -> None:
        """Rounds, proposals or what they rest on changed."""
        kinds = {"proposal_round", "target_proposal", "target", "indicator", "unit", "agreement", "year"}
        if changes is None or kinds & set(changes.ids_by_type):
            self.activate()

    def find(self) -> None:
        """The table's find bar."""
        if self.grid is not None:
            self.grid.find()

    def copy(self) -> None:
        """The selected block."""
        if self.grid is not None:
            self.grid.view.copy()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        for widget in (self.new_button, self.import_button, self.decline_button, self.agree_button,
                       self.more, *self.empty.buttons):
            widget.setEnabled(not read_only)

    # Panel ----------------------------------------------------------------------

    def _show_side(self) -> None:
        self.side.clear()
        row = self.grid.view.current_id() if self.grid is not None else 0
        talk = self.source.talk(row) if self.source is not None else None
        if talk is None:
            self.side.add_text(self.tr("选中一格,查看各轮谁、何时、为什么提出。"), muted=True)
            return
        self.side.set_title(talk.name, f"{talk.heading} · {talk.state.label}")
        unit = talk.unit_of_measure
        self.side.add_facts([
            (self.tr("上年实绩"), f"{talk.last_year or '—'} {unit if talk.last_year else ''}".strip()),
            (self.tr("现目标"), talk.current or self.tr("未设定")),
        ])
        if talk.locked:
            self.side.add_text(self.tr("{},签订后的改动请用“调整”。").format(talk.locked), muted=True)
        self._show_values(talk)

    def _show_values(self, talk: CellTalk) -> None:
        for one, value in zip(self.rounds, talk.values, strict=False):
            if value is None:
                continue
            self.side.add_heading(one.title)
            day = show_date(value.on, "iso") if value.on else ""
            facts: list[tuple[str, str] | tuple[str, str, str]] = [
                (self.tr("建议值"), value.value or self.tr("未填")),
                (self.tr("提出"), " ".join(part for part in (value.by, day) if part)),
                (self.tr("状态"), value.state.label,
                 "green" if value.state is ProposalState.AGREED else ""),
            ]
            if value.kept_as_text:
                facts.insert(1, (self.tr("提醒"), value.kept_as_text, "red"))
            if value.reason:
                facts.insert(2, (self.tr("理由"), value.reason))
            if value.place:
                facts.append((self.tr("表中位置"), value.place))
            if value.state_reason:
                facts.append((self.tr("说明"), value.state_reason))
            self.side.add_facts(facts)

    # Doing ----------------------------------------------------------------------

    def _chosen(self) -> list[ProposedValue]:
        """The selected values of rounds; of a cell outside the rounds the last open value."""
        if self.grid is None or self.source is None:
            return []
        found: dict[RecordId, ProposedValue] = {}
        for index in self.grid.view.selected_cells():
            row = self.grid.model.id_at(index.row())
            key = self.source.columns[index.column()].key
            value = self.source.value(row, key)
            talk = None if key.startswith("round@") else self.source.talk(row)
            if talk is not None:
                said = [one for one in talk.values if one is not None and one.value]
                value = said[-1] if said else None
            if value is not None:
                found[value.id] = value
        return list(found.values())

    def _on_wrote(self, outcome: Outcome) -> None:
        """Words that were kept are marked; one typed has its reason beside it, a block needs a sentence."""
        if self.grid is None or self.source is None:
            return
        kept, self.source.kept = self.source.kept, ()
        model = self.grid.model
        for row, key in kept[-1:]:
            model.marked.emit(model.row_of(row), model.column_of(key))
        if kept and outcome.written > 1:
            words = self.tr("{} 格不是数字,已保留为文字并标红。").format(len(kept))
            self.workspace.say(outcome.sentence() + words, tone="amber")

    def _on_agree(self) -> None:
        chosen = [one.id for one in self._chosen()]
        if not chosen:
            self.workspace.say(self.tr("请先选中要商定的建议值。"))
            return
        done = self.workspace.perform(lambda: rounds.agree(self.store, chosen))
        if done is not None:
            self._say(done)

    def _say(self, done: Agreed) -> None:
        text = done.sentence
        if done.refused:
            told = ";".join(f"{one.place}({one.reason})" for one in done.refused[:NAMES_SHOWN])
            more = len(done.refused) - NAMES_SHOWN
            text += told + (self.tr(";另有 {} 个。").format(more) if more > 0 else "。")
        self.workspace.say(text, tone="amber" if done.refused or done.as_words else "green")

    def _on_decline(self) -> None:
        chosen = [one.id for one in self._chosen() if one.state is ProposalState.OPEN]
        if not chosen:
            self.workspace.say(self.tr("请先选中待商定的建议值。"))
            return
        ReasonDialog(
            self.tr("不采纳"), self.tr("{} 个建议值不采纳,目标不变。理由随建议值保留。").format(len(chosen)),
            self.tr("不采纳"), lambda reason: rounds.decline(self.store, chosen, reason=reason), self,
        ).exec()

    def _on_new(self) -> None:
        if RoundDialog(self.store, self.year, None, self).exec():
            self.setFocus()

    def _on_import(self) -> None:
        from ui.dialogs.season_round_import import RoundWizard

        RoundWizard(self.workspace, self.window()).open()

    def _fill_more(self) -> None:
        menu = self.more.menu()
        menu.clear()
        for one in self.rounds:
            part = menu.addMenu(one.title)
            for text, what in ((self.tr("修改名称、日期…"), "change"), (self.tr("删除这一轮…"), "delete")):
                entry = guard_entry(part, part.addAction(text), self.workspace, Act.ENTER)
                entry.setData((what, int(one.id)))

    def _on_more(self, action: QAction) -> None:
        what, number = action.data()
        row = next(one for one in self.rounds if one.id == number)
        if what == "change":
            RoundDialog(self.store, self.year, row, self).exec()
            return
        gone = self.workspace.perform(lambda: rounds.delete_round(self.store, row.id))
        if gone is not None:
            self.workspace.say(
                self.tr("已删除“{}”和其中 {} 个建议值。").format(row.title, gone), tone="green",
                actions=[(self.tr("撤销"), self.workspace.undo)],
            )

    # Memory ---------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """Whether only open ones are listed."""
        return {"only_open": self.only_open.isChecked()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.only_open.setChecked(bool(state.get("only_open")))
