"""加减分与否决: bonus items, vetoes, and what inspections, cases and late reports take off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QMenu, QPushButton, QStackedWidget

from mbo_desktop.domain.assessment import BonusItem, Veto
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.rights import Act
from mbo_desktop.services import assessment_papers, bonuses, scores, vetoes
from mbo_desktop.services.bonuses import BonusRow
from mbo_desktop.services.score_board import ScoreBoard
from mbo_desktop.services.vetoes import VetoRow
from ui.dialogs.assessment_marks import BonusDialog, VetoDialog
from ui.dialogs.season_rounds import ReasonDialog
from ui.grids.columns import Cell, Column, Kind, Light, Row, Tone
from ui.grids.entering import open_by_enter
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.room_view import RoomView
from ui.pages.season_print import print_document
from ui.rights import guard_entry
from ui.theme import icon, scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.pages.assessment_state import AssessmentState

BONUS, VETO, OTHERS = "bonus", "veto", "others"
BONUS_COLUMNS = (
    Column("unit", "单位", width=140, frozen=True), Column("matter", "事项", width=260),
    Column("level", "级别", width=80), Column("points", "分数", Kind.NUMBER, width=70),
    Column("counted", "计入", Kind.NUMBER, width=70), Column("why", "说明", width=180),
    Column("basis", "依据", width=180), Column("on", "日期", width=100),
)
VETO_COLUMNS = (
    Column("unit", "单位", width=140, frozen=True), Column("subject", "否决事项", width=130),
    Column("effect", "后果", width=130), Column("state", "状态", width=110), Column("organ", "认定机关", width=140),
    Column("document", "认定文件", width=160), Column("until", "影响到", Kind.NUMBER, width=80),
    Column("indicator", "指标", width=150), Column("on", "认定日期", width=100),
)
OTHER_COLUMNS = (
    Column("unit", "单位", width=140, frozen=True), Column("source", "来源和事由", width=380),
    Column("points", "扣分", Kind.NUMBER, width=70), Column("counted", "计入", Kind.NUMBER, width=70),
    Column("why", "说明", width=220),
)
_FOLLOWED = frozenset({"bonus_item", "veto", "finding", "inspection", "accountability_case", "filing", "scheme", "unit",
                       "reporting_rules", "sealed_score"})


class MarksView(RoomView):
    """Three lists of the group's units, one at a time; the current line in the panel."""

    key = "marks"
    manual = "assessment"

    def __init__(self, state: AssessmentState) -> None:
        super().__init__(state.workspace)
        self.state = state
        self.board: ScoreBoard | None = None
        self._bonuses: dict[int, BonusRow] = {}
        self._vetoes: dict[int, VetoRow] = {}
        self._records: dict[int, RecordId | None] = {}
        self._read_only = False
        self.lists = {
            BONUS: self._list(BONUS_COLUMNS, self._load_bonuses, EmptyPage(
                "award", self.tr("本组没有加减分"),
                self.tr("表彰奖励加分、通报批评扣分,都要有文件;同一事项只按最高级别计一次。"),
                ((self.tr("登记加减分…"), self._on_bonus),))),
            VETO: self._list(VETO_COLUMNS, self._load_vetoes, EmptyPage(
                "circle-x", self.tr("本组没有一票否决"),
                self.tr("一票否决由责任部门认定,写明文件、后果和影响年数;通常不改分数,只影响等次和评先。"),
                ((self.tr("登记一票否决…"), self._on_veto),))),
            OTHERS: self._list(OTHER_COLUMNS, self._load_others, EmptyPage(
                "clipboard-check", self.tr("没有由督查、问责、迟报产生的扣分"),
                self.tr("督查发现的问题提出扣分、效能问责决定扣分、月报迟报(按考核办法)都自动列在这里,注明来源。"))),
        }
        self.stack = QStackedWidget()
        for panel in self.lists.values():
            self.stack.addWidget(panel)
        self.side = SidePanel()
        self.body.addWidget(self.stack)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.side.setMinimumWidth(scaled(240))
        self.body.setSizes([scaled(10_000), scaled(300)])
        self.setFocusProxy(self.stack)
        self._build_tools()
        new = QShortcut(QKeySequence("Ctrl+N"), self)
        new.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        new.activated.connect(self._on_new)

    def _list(self, columns: Sequence[Column], load: Callable[[], Sequence[Row]], empty: EmptyPage) -> GridPanel:
        panel = GridPanel(self.workspace, ListSource(columns, load))
        panel.set_empty(empty)
        panel.view.current_row_changed.connect(self._show_side)
        panel.view.opened.connect(self._on_open)
        open_by_enter(panel.view, self._on_open)
        return panel

    def _build_tools(self) -> None:
        self.shown_list = QComboBox()
        self.shown_list.setAccessibleName(self.tr("清单"))
        for word, key in ((self.tr("加减分"), BONUS), (self.tr("一票否决"), VETO), (self.tr("督查、问责、迟报扣分"), OTHERS)):
            self.shown_list.addItem(word, key)
        self.shown_list.activated.connect(self._on_list)
        self.add_tool(self.shown_list)
        self.writing = [
            self.add_tool_button(self.tr("登记加减分…"), self._on_bonus, hint=self.tr("在“加减分”清单里按 Ctrl+N")),
            self.add_tool_button(self.tr("登记一票否决…"), self._on_veto, hint=self.tr("在“一票否决”清单里按 Ctrl+N")),
        ]
        self.more = QPushButton(self.tr("更多"))
        self.more.setIcon(icon("ellipsis"))
        menu = QMenu(self.more)
        self.more.setMenu(menu)
        for words, act in (
            (self.tr("修改…\tEnter"), self._on_open), (self.tr("撤销否决…"), self._on_revoke), (self.tr("删除"), self._on_delete),
        ):
            guard_entry(menu, menu.addAction(words, act), self.workspace, Act.ENTER)
        menu.addSeparator()
        menu.addAction(self.tr("打印一票否决告知单"), self._on_notice)
        self.add_tool(self.more)

    @property
    def grid(self) -> GridPanel:
        """The list that is shown."""
        return self.lists[str(self.shown_list.currentData())]

    # Reading --------------------------------------------------------------------

    def activate(self) -> None:
        """Read the lists of the group."""
        if self.state.scheme is None:
            return
        self.board = scores.board(self.store, self.state.scheme, month=self.state.month)
        for panel in self.lists.values():
            panel.model.source.reload()  # type: ignore[attr-defined]
            panel.model.refresh()
        self._on_list()

    def _units(self) -> list[tuple[RecordId, str]]:
        return [] if self.board is None else [(one.unit, one.label) for one in self.board.units]

    def _load_bonuses(self) -> Sequence[Row]:
        order = {unit: place for place, (unit, _label) in enumerate(self._units())}
        found = [row for row in bonuses.bonuses(self.store, self.year) if row.item.unit in order]
        found.sort(key=lambda row: order[row.item.unit])
        self._bonuses = {int(row.item.id): row for row in found}
        return [Row(int(row.item.id), {
            "unit": row.unit_label, "matter": row.item.matter, "level": row.item.level,
            "points": _signed(row.item.points), "counted": _signed(row.counted), "why": row.why_less,
            "basis": row.item.basis, "on": "" if row.item.on is None else show_date(row.item.on),
        }) for row in found]

    def _load_vetoes(self) -> Sequence[Row]:
        known = {unit for unit, _label in self._units()}
        found = [row for row in vetoes.vetoes(self.store, self.year) if row.veto.unit in known]
        self._vetoes = {int(row.veto.id): row for row in found}
        return [Row(int(row.veto.id), {
            "unit": row.unit_label, "subject": row.veto.subject, "effect": row.veto.effect.label,
            "state": Cell(self.tr("否决(逾期报)") if row.is_late else self.tr("否决"), light=Light.RED,
                          note=self.tr("晚于程序中“一票否决核报”的期限") if row.is_late else "") if row.in_force else Cell("已撤销", tone=Tone.MUTED, note=row.veto.revoked_reason),
            "organ": row.veto.organ, "document": row.veto.document, "until": f"{row.until}年", "indicator": row.indicator_name,
            "on": "" if row.veto.declared_on is None else show_date(row.veto.declared_on),
        }) for row in found]

    def _load_others(self) -> Sequence[Row]:
        own = {row.item.id for row in bonuses.bonuses(self.store, self.year)}
        rows: list[Row] = []
        self._records = {}
        if self.board is not None:
            for unit, label in self._units():
                for line in self.board.additions.deductions.get(unit, ()):
                    if line.record in own:
                        continue
                    number = len(rows) + 1
                    self._records[number] = line.record
                    rows.append(Row(number, {
                        "unit": label, "source": line.text, "points": Cell(f"−{canonical(line.points)}", line.points),
                        "counted": Cell(f"−{canonical(line.counted)}", line.counted), "why": line.why_less,
                    }))
        return rows

    def _on_list(self) -> None:
        self.stack.setCurrentWidget(self.grid)
        self.setFocusProxy(self.grid)
        if not self.grid.view.currentIndex().isValid() and self.grid.model.rowCount():
            self.grid.view.select_cell(self.grid.model.index(0, 0))
        self.grid.tell_status()
        off = {line.record for lines in (self.board.additions.deductions.values() if self.board else ()) for line in lines}
        self.figures_changed.emit(self.tr("加减分 {} 条 · 一票否决 {} 个 · 督查、问责、迟报扣分 {} 条").format(
            len(self._bonuses), sum(row.in_force for row in self._vetoes.values()), len(self._records) if off else 0))
        self._show_side()

    # Showing --------------------------------------------------------------------

    def show_record(self, record: int, kind: str = "bonus_item") -> None:
        """Make a line current in its list."""
        self.shown_list.setCurrentIndex(self.shown_list.findData(VETO if kind == "veto" else BONUS))
        self._on_list()
        self.grid.view.show_record(record)
        self._show_side()

    @property
    def _current(self) -> int:
        return int(self.grid.view.current_id() or 0)

    def _show_side(self) -> None:
        self.side.clear()
        shown = self.shown_list.currentData()
        if shown == BONUS and self._current in self._bonuses:
            row = self._bonuses[self._current]
            self.side.set_title(row.unit_label, row.item.matter)
            self.side.add_facts([(self.tr("分数"), _sign(row.item.points)), (self.tr("计入"), _sign(row.counted)),
                                 (self.tr("依据"), row.item.basis)])
            if row.why_less:
                self.side.add_text(row.why_less, muted=True)
        elif shown == VETO and self._current in self._vetoes:
            veto = self._vetoes[self._current]
            self.side.set_title(veto.unit_label, self.tr("一票否决 · {}").format(veto.veto.subject))
            self.side.add_facts([(self.tr("后果"), veto.veto.effect.label), (self.tr("认定机关"), veto.veto.organ),
                                 (self.tr("文件"), veto.veto.document), (self.tr("影响到"), f"{veto.until}年")])
            if veto.veto.note:
                self.side.add_text(veto.veto.note)
            if not veto.in_force:
                self.side.add_text(self.tr("已撤销:{}").format(veto.veto.revoked_reason), muted=True)
            self.side.add_buttons(((self.tr("打印告知单"), self._on_notice),))
        elif shown == OTHERS and self._current in self._records:
            row_cells = self.grid.model.row(self.grid.view.currentIndex().row())
            if row_cells is not None:
                self.side.set_title(row_cells.cell("unit").text, row_cells.cell("source").text)
            self.side.add_text(self.tr("这条扣分由来源记录得出,在这里不能改;要改请到“督查”“效能问责”或“进度→收表”的原记录。"), muted=True)
        if self.board is not None:
            caps = self.board.scheme
            words = [self.tr("加分封顶 {}").format(canonical(caps.bonus_cap))] if caps.bonus_cap is not None else []
            words += [self.tr("扣分封顶 {}").format(canonical(caps.deduction_cap))] if caps.deduction_cap is not None else []
            if words:
                self.side.add_text("，".join(words), muted=True)

    def shown(self) -> None:
        """Rows into the status bar."""
        self.grid.tell_status()

    def refresh(self, changes: Any) -> None:
        """Records changed."""
        if changes is None or _FOLLOWED & set(changes.ids_by_type):
            self.activate()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        self._read_only = read_only
        for button in (*self.writing, self.more):
            button.setEnabled(not read_only)

    def find(self) -> None:
        """The table's find bar."""
        self.grid.find()

    def copy(self) -> None:
        """The selected block."""
        self.grid.view.copy()

    # Writing --------------------------------------------------------------------

    def _show_list(self, key: str) -> None:
        self.shown_list.setCurrentIndex(self.shown_list.findData(key))
        self._on_list()

    def _on_new(self) -> None:
        """Ctrl+N: a veto in the list of vetoes, else a bonus."""
        if not self._read_only:
            (self._on_veto if self.shown_list.currentData() == VETO else self._on_bonus)()

    def _on_bonus(self) -> None:
        if BonusDialog(self.workspace, self._units(), parent=self.window()).exec():
            self._show_list(BONUS)

    def _on_veto(self) -> None:
        if VetoDialog(self.workspace, self._units(), self._heads(), parent=self.window()).exec():
            self._show_list(VETO)

    def _heads(self) -> list[tuple[RecordId, str]]:
        return [] if self.board is None else [(head.id, head.name) for head in self.board.indicators]

    def _on_open(self, *_row: object) -> None:
        """Change the current line; of a deduction from elsewhere only where it comes from."""
        if self._read_only:
            return
        shown = self.shown_list.currentData()
        if shown == BONUS and self._current in self._bonuses:
            BonusDialog(self.workspace, self._units(), self.store.get(BonusItem, RecordId(self._current)), parent=self.window()).exec()
        elif shown == VETO and self._current in self._vetoes:
            VetoDialog(self.workspace, self._units(), self._heads(), self.store.get(Veto, RecordId(self._current)), parent=self.window()).exec()

    def _on_revoke(self) -> None:
        row = self._vetoes.get(self._current) if self.shown_list.currentData() == VETO else None
        if row is None or not row.in_force:
            self.workspace.say(self.tr("请先在“一票否决”清单中选一条有效的否决。"))
            return
        ReasonDialog(
            self.tr("撤销一票否决"), self.tr("{}:{}。撤销后不再影响等次,记录和理由都保留。").format(row.unit_label, row.veto.subject),
            self.tr("撤销否决"), lambda reason: vetoes.revoke(self.store, row.veto.id, reason), self.window(),
        ).exec()

    def _on_delete(self) -> None:
        if self._read_only:
            return
        shown, current = self.shown_list.currentData(), RecordId(self._current)
        if shown == BONUS and self._current in self._bonuses:
            deed: Callable[[], object] = lambda: bonuses.delete_bonus(self.store, current) or True  # noqa: E731
        elif shown == VETO and self._current in self._vetoes:
            deed = lambda: vetoes.delete_veto(self.store, current) or True  # noqa: E731
        else:
            return
        if self.workspace.perform(deed):
            self.workspace.say(self.tr("已删除。"), actions=[(self.tr("撤销"), self.workspace.undo)])

    def _on_notice(self) -> None:
        chosen = [self._current] if self.shown_list.currentData() == VETO and self._current in self._vetoes else [
            key for key, row in self._vetoes.items() if row.in_force]
        if not chosen:
            self.workspace.say(self.tr("本组没有有效的一票否决。"))
            return
        records = [RecordId(key) for key in chosen]
        print_document(self, self.workspace, self.tr("一票否决告知单"),
                       lambda: assessment_papers.veto_notices(self.store, records), sheets=False)

    def save_state(self) -> Mapping[str, Any]:
        """Which list."""
        return {"list": self.shown_list.currentData()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.shown_list.setCurrentIndex(max(self.shown_list.findData(state.get("list", BONUS)), 0))


def _sign(points: Any) -> str:
    return f"+{canonical(points)}" if points > 0 else f"−{canonical(-points)}" if points < 0 else "0"


def _signed(points: Any) -> Cell:
    return Cell(_sign(points), points)
