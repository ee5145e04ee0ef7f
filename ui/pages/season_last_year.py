"""The view 上年 of 目标体系: what became of last year's targets, and what the new year takes from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QStackedWidget, QVBoxLayout, QWidget

from mbo_desktop.services import results, sealing, superior_results
from mbo_desktop.services.results import Account, BasesOutcome, ResultRow
from mbo_desktop.store.database import Store
from ui.dialogs.results_wizard import ResultsWizard
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.room_view import RoomView
from ui.pages.season_last_year_rows import (
    MET,
    UNDECIDED,
    UNMET,
    ResultSource,
    SuperiorSource,
    UnitSource,
)
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

TARGETS, UNITS, SUPERIOR = "targets", "units", "superior"
TOUCHING = {
    "target_result", "unit_result", "superior_result", "indicator", "target", "year", "unit", "office",
}
LISTED = 12


@dataclass(frozen=True, slots=True)
class _Story:
    """What the side panel says of a year; read beside the window."""

    year: int
    sealed: bool
    account: Account
    superior: str
    unmet: tuple[ResultRow, ...]

    @classmethod
    def read(cls, store: Store, year: int) -> _Story:
        return cls(
            year, sealing.is_sealed(store, year), results.account(store, year),
            superior_results.sentence(store, year), results.unmet(store, year),
        )


class LastYearView(RoomView):
    """Three tables over the year before the one that is looked at; the account beside them."""

    key = "last_year"
    manual = "last_year"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._year = -1
        self._sentence = self._superior = ""
        self.substantial: QCheckBox | None = None
        self.panels: dict[str, GridPanel] = {}
        self._build_tools()
        self.tables = QStackedWidget()
        self.side = SidePanel()
        self.side.setMinimumWidth(scaled(250))
        self.empty: EmptyPage | None = None
        self.body.addWidget(self.tables)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(300)])

    def _build_tools(self) -> None:
        self.part = QComboBox()
        self.part.setAccessibleName(self.tr("看什么"))
        for key, word in (
            (TARGETS, self.tr("目标结果")), (UNITS, self.tr("单位考核结果")),
            (SUPERIOR, self.tr("上级考核结果")),
        ):
            self.part.addItem(word, key)
        self.part.activated.connect(self._on_part)
        self.only = QComboBox()
        self.only.setAccessibleName(self.tr("完成情况"))
        for key, word in (("", self.tr("全部")), (UNMET, self.tr("未完成")),
                          (UNDECIDED, self.tr("未认定")), (MET, self.tr("已完成"))):
            self.only.addItem(word, key)
        self.only.activated.connect(self._on_only)
        self._filter_place = QWidget()
        self._filter_place.setMinimumWidth(scaled(150))
        holder = QVBoxLayout(self._filter_place)
        holder.setContentsMargins(0, 0, 0, 0)
        self.add_tool(self.part)
        self.add_tool(self.only)
        self.add_tool(self._filter_place, 1)
        self.bases_button = self.add_tool_button(
            self.tr("取上年实绩为基数"), self.take_bases,
            hint=self.tr("把上年实绩写入本年度目标的“上年实绩”,一步完成,可撤销"),
        )
        self.import_button = self.add_tool_button(
            self.tr("导入上年结果…"), self.import_results, primary=True
        )

    @property
    def past(self) -> int:
        """The year that is accounted for."""
        return self.year - 1

    @property
    def shown_part(self) -> str:
        """Which of the tables is chosen."""
        return str(self.part.currentData())

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read both years."""
        if self._year != self.year:
            self._year = self.year
            self._make_tables()
        for panel in self.panels.values():
            source = panel.model.source
            assert isinstance(source, ListSource)
            source.reload()
        self._show_part()
        self._show_side()

    def refresh(self, changes: Any) -> None:
        """Read again what changed."""
        if changes is None or TOUCHING & set(changes.ids_by_type):
            self.activate()

    def _make_tables(self) -> None:
        while self.tables.count():
            old = self.tables.widget(0)
            self.tables.removeWidget(old)
            old.deleteLater()
        for panel in self.panels.values():
            panel.filter_field.hide()
            panel.filter_field.deleteLater()
        sources = {
            TARGETS: ResultSource(self.store, self.past), UNITS: UnitSource(self.store, self.past),
            SUPERIOR: SuperiorSource(self.store, self.past),
        }
        hints = {TARGETS: self.tr("筛选指标、单位… 拼音首字母也可")}
        self.panels = {}
        for key, source in sources.items():
            panel = GridPanel(self.workspace, source, filter_hint=hints.get(key, ""))
            self.panels[key] = panel
            self.tables.addWidget(panel)
            self._filter_place.layout().addWidget(panel.filter_field)
        self.empty = EmptyPage(
            "history", self.tr("还没有 {} 年度的结果").format(self.past),
            self.tr("把上年台账(目标、实绩、完成情况、得分)和单位考核结果导入后,基数、较上年、上年未完成和讲话开头的完成情况就都有了。从 Excel、Word 或剪贴板导入。"),
            ((self.tr("导入上年结果…"), self.import_results),
             (self.tr("录入上级考核结果"), self._on_superior)),
        )
        self.tables.addWidget(self.empty)

    def _show_part(self) -> None:
        part = self.shown_part
        panel = self.panels[part]
        source = panel.model.source
        if isinstance(source, ResultSource):
            source.only = str(self.only.currentData())
        panel.model.refresh()
        nothing = part != SUPERIOR and not source.total() and not self._narrowed(source)
        for key, one in self.panels.items():
            one.filter_field.setVisible(key == part and not nothing)
        self.only.setVisible(part == TARGETS and not nothing)
        self.bases_button.setVisible(not nothing and part == TARGETS)
        assert self.empty is not None
        self.tables.setCurrentWidget(self.empty if nothing else panel)
        self.setFocusProxy(self.empty.buttons[0] if nothing else panel)

    @staticmethod
    def _narrowed(source: object) -> bool:
        return isinstance(source, ResultSource) and bool(source.only)

    def _show_side(self) -> None:
        store, past = self.store, self.past
        self.workspace.jobs.read(lambda: _Story.read(store, past), self._on_story, self)

    def _on_story(self, story: _Story) -> None:
        if story.year != self.past:
            return
        past, account, unmet = story.year, story.account, story.unmet
        self._sentence, self._superior = account.sentence, story.superior
        counts = account.counts
        side = self.side
        side.clear()
        sealed = story.sealed
        side.set_title(self.tr("{} 年度").format(past),
                       self.tr("已封存;确需修改的,先在“工具→封存与解封年度”解封。") if sealed else "")
        side.add_heading(self.tr("完成情况"))
        if self._sentence:
            side.add_text(self._sentence)
            side.add_buttons([(self.tr("复制这句话"), self.copy_sentence)])
        else:
            side.add_text(self.tr("有了实绩或完成情况,这里写出讲话开头的那句话。"), muted=True)
        if account.remark:
            side.add_text(f"▲ {account.remark}")
        self._add_substantial(counts_as_met=counts.substantial_counts_as_met, sealed=sealed)
        side.add_heading(self.tr("上级考核"))
        if self._superior:
            side.add_text(self._superior)
            side.add_buttons([(self.tr("复制这句话"), self.copy_superior)])
        else:
            side.add_text(self.tr("在“上级考核结果”中录入得分、位次和称号,这里写出“连续三年……”。"), muted=True)
        if unmet:
            side.add_heading(self.tr("上年未完成 {} 项").format(len(unmet)))
            side.add_facts([
                (row.unit_name, f"{row.indicator_name} {row.actual or '—'}/{row.target or '—'}")
                for row in unmet[:LISTED]
            ])
            if len(unmet) > LISTED:
                side.add_text(self.tr("另有 {} 项,在“完成情况”中选“未完成”查看。").format(len(unmet) - LISTED), muted=True)
        if counts.done or counts.undone:
            self.figures_changed.emit(self.tr("{} 年度:完成 {} 项 · 未完成 {} 项 · 未认定 {} 项").format(
                past, counts.done, counts.undone, counts.undecided))
        else:
            self.figures_changed.emit(self.tr("{} 年度 · 还没有结果").format(past))

    def _add_substantial(self, *, counts_as_met: bool, sealed: bool) -> None:
        """How 基本完成 is counted: a setting of the year that is accounted for."""
        self.substantial = QCheckBox(self.tr("基本完成计入完成"))
        self.substantial.setChecked(counts_as_met)
        self.substantial.setEnabled(not sealed and not self.workspace.read_only)
        self.substantial.setToolTip(self.tr("不勾选的计入未完成。这句话、上年未完成和完成情况统计都按此计算"))
        self.substantial.toggled.connect(self._on_substantial)
        self.side.add(self.substantial)

    def _on_substantial(self, chosen: bool) -> None:
        store, past = self.store, self.past
        self.workspace.perform(
            lambda: results.set_substantial_counts(store, past, as_met=chosen),
            saying=self.tr("{} 年度:基本完成计入{},可撤销。").format(
                past, self.tr("完成") if chosen else self.tr("未完成")),
        )

    def shown(self) -> None:
        """Rows into the status bar."""
        if self.panels:
            self.panels[self.shown_part].tell_status()

    def _on_part(self) -> None:
        self._show_part()
        self.setFocus()

    def _on_only(self) -> None:
        source = self.panels[TARGETS].model.source
        assert isinstance(source, ListSource)
        source.reload()
        self._show_part()
        self.setFocus()

    def _on_superior(self) -> None:
        self.part.setCurrentIndex(self.part.findData(SUPERIOR))
        self._on_part()

    # Doing --------------------------------------------------------------------

    def import_results(self) -> None:
        """Last year's ledgers and results through the import wizard."""
        if not self.workspace.may_write(self.tr("导入")):
            return
        ResultsWizard(self.workspace, self.window(), self.past).open()

    def take_bases(self) -> None:
        """Last year's actuals become the bases of this year's targets, one step."""
        self._take(overwrite=False)

    def _overwrite_bases(self) -> None:
        self._take(overwrite=True)

    def _take(self, *, overwrite: bool) -> None:
        store, year = self.store, self.year
        outcome: BasesOutcome | None = self.workspace.perform(
            lambda: results.take_over_bases(store, year, overwrite=overwrite))
        if outcome is None:
            return
        actions = []
        if outcome.kept and not overwrite:
            actions.append((self.tr("也改为上年实绩"), self._overwrite_bases))
        self.workspace.say(outcome.sentence, tone="" if outcome.kept else "green", actions=actions)

    def copy_sentence(self) -> None:
        """The account's sentence onto the clipboard."""
        QGuiApplication.clipboard().setText(self._sentence)
        self.workspace.say(self.tr("已复制。"))

    def copy_superior(self) -> None:
        """The sentence about the superior's assessment onto the clipboard."""
        QGuiApplication.clipboard().setText(self._superior)
        self.workspace.say(self.tr("已复制。"))

    def find(self) -> None:
        """The find bar of the table."""
        if self.panels:
            self.panels[self.shown_part].find()

    def copy(self) -> None:
        """The selected block."""
        if self.panels:
            self.panels[self.shown_part].view.copy()

    def set_read_only(self, read_only: bool) -> None:
        """Nothing is imported or taken over while another writes."""
        for button in (self.bases_button, self.import_button):
            button.setEnabled(not read_only)

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """Which table."""
        return {"part": self.shown_part}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.part.setCurrentIndex(max(self.part.findData(state.get("part", TARGETS)), 0))
