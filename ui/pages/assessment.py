"""The room 考核: scores by group with their workings, the schemes, the procedure, vetoes, approval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from mbo_desktop.domain.assessment import BonusItem, Veto
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Target
from mbo_desktop.services import office_words, schemes
from ui.pages.assessment_board_side import BoardPanel
from ui.pages.assessment_print import ScorePapers
from ui.pages.assessment_state import HALF_YEAR, YEAR_END, AssessmentState
from ui.pages.assessment_views import BOARD, SCHEME, assessment_views
from ui.pages.views_page import ViewsPage
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace

OF_GROUPS = frozenset({"scheme", "unit", "indicator", "target", "year", "category"})
"""Records that change the list of groups and schemes."""


class AssessmentPage(ViewsPage):
    """Group and period in the head, the switch, and one of the views with its own panel."""

    key = "assessment"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "考核")
        self.state = AssessmentState(workspace)
        self.state.chosen.connect(self._on_chosen)
        self.groups = QComboBox()
        self.groups.setAccessibleName(self.tr("考核分组"))
        self.groups.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.groups.activated.connect(self._on_group)
        self.periods = QComboBox()
        self.periods.setAccessibleName(self.tr("考核时段"))
        for word, month in ((self.tr("年终考核"), YEAR_END), (self.tr("半年初评"), HALF_YEAR), (self.tr("最近一个月"), None)):
            self.periods.addItem(word, month)
        self.periods.activated.connect(self._on_period)
        self._buttons.addWidget(self.groups)
        self._buttons.addWidget(self.periods)
        self.papers = ScorePapers(self.state, self)
        self.print_button = self.papers.button(self.tr("打印"))
        self._buttons.addWidget(self.print_button)
        self.papers.unit_in_sight = self._unit_in_sight
        self.build_views(assessment_views(self.state))
        self.views.cell_asked.connect(self.show_cell)
        self.no_units = EmptyPage(
            "award", self.tr("本年度还没有可以考核的单位"),
            self.tr("先在“目标体系”给各单位下达目标,在“单位人员”填写考核分组;同组单位按同一办法计分、排名。"),
            ((self.tr("去目标体系"), lambda: workspace.go("planning")),
             (self.tr("去单位人员"), lambda: workspace.go("offices"))),
        )
        self.no_scheme = EmptyPage(
            "award", self.tr("这个组还没有考核办法"),
            self.tr("按本组承担的指标建立:每项的计分规则先按指标的评分标准文字提出,逐条确认后才算定下;也可以沿用上年的办法。"),
            ((self.tr("按现有指标建立"), self.make_scheme), (self.tr("沿用上年办法"), self.copy_schemes)),
        )
        self.stack = QStackedWidget()
        for widget in (self.views, self.no_units, self.no_scheme):
            self.stack.addWidget(widget)
        self.set_body(self.stack)

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the year's groups; the group and view of last time are shown."""
        first, self._year = self._year < 0, self.workspace.year
        if first:
            self.state.restore(self._state)
            self.periods.setCurrentIndex(max(self.periods.findData(self.state.month), 0))
        self.state.open_year(self._year)
        self._fill_groups()
        self.show_view()

    def _fill_groups(self) -> None:
        self.groups.clear()
        for row in self.state.rows:
            words = self.tr("{} {} 个单位") if row.id is not None else self.tr("{} {} 个单位 · 无办法")
            self.groups.addItem(words.format(office_words.group(self.store, row.peer_group), row.units), row.peer_group)
        self.groups.setCurrentIndex(self.groups.findData(self.state.group))

    def show_view(self, key: str = "") -> None:
        """Show a view, "" the one of last time; without a scheme the page that teaches."""
        ready = self.state.scheme is not None
        self.stack.setCurrentWidget(
            self.no_units if not self.state.rows else self.views if ready else self.no_scheme
        )
        for widget in (self.switch, self.periods, self.print_button):
            widget.setVisible(ready)
        self.groups.setVisible(bool(self.state.rows))
        if not ready:
            if self.views.view is not None:
                for widget, _stretch in self.views.view.tools:
                    widget.setVisible(False)
            page = self.no_scheme if self.state.rows else self.no_units
            self.setFocusProxy(page.buttons[0])
            self.set_figures(self.tr("{} 年度 · {}").format(self._year, office_words.group(self.store, self.state.group) or self.tr("0 个单位")))
            self.workspace.status("rows", "")
            return
        wanted = key or self.views.key or self._first
        # Results are sealed for the year as a whole.
        self.periods.setVisible(wanted != "sealing")
        super().show_view(wanted)
        side = getattr(self.views.view, "side", None)
        if isinstance(side, BoardPanel):
            side.answer = self.papers.answer

    def choose(self, key: str) -> None:
        """Show a view from the switch."""
        if self.state.scheme is not None:
            super().choose(key)

    def show_figures(self, text: str) -> None:
        """The shown view's figures behind the group."""
        row = self.state.row
        head = "" if row is None else self.tr("{} {} 个单位").format(office_words.group(self.store, row.peer_group), row.units)
        self.set_figures(" · ".join(part for part in (head, text) if part))

    def shown(self) -> None:
        """Rows and sum into the status bar."""
        if self.stack.currentWidget() is self.views:
            super().shown()

    def refresh(self, changes: Any) -> None:
        """Records changed; groups are read again where they may have changed."""
        if changes is None:
            self.activate()
            return
        had = self.state.scheme
        if OF_GROUPS & set(changes.ids_by_type):
            self.state.open_year(self._year)
            self._fill_groups()
        if self.state.scheme != had or self.state.scheme is None:
            held = self.isVisible() and self.isActiveWindow()
            self.show_view()
            if held:
                # Else the focus goes to the first field of the window, the year.
                self.setFocus()
        else:
            self.views.refresh(changes)

    def _unit_in_sight(self) -> RecordId | None:
        found = getattr(self.views.view, "unit_in_sight", None)
        unit: RecordId | None = found() if found is not None else None
        return unit

    # Choosing -----------------------------------------------------------------

    def _on_group(self) -> None:
        self.state.choose(str(self.groups.currentData() or ""))

    def _on_period(self) -> None:
        self.state.set_month(self.periods.currentData())

    def _on_chosen(self) -> None:
        self.groups.setCurrentIndex(self.groups.findData(self.state.group))
        self.show_view()

    def make_scheme(self) -> None:
        """A scheme from the indicators that the group carries; every rule waits to be confirmed."""
        group, year = self.state.group, self._year
        if self.workspace.perform(lambda: schemes.make_scheme(self.store, year, group)) is None:
            return
        self.workspace.say(
            self.tr("已为{}建立考核办法。各项规则待确认,请在“考核办法”逐条核对。").format(group), tone="green",
            actions=[(self.tr("撤销"), self.workspace.undo)],
        )
        self.choose(SCHEME)

    def copy_schemes(self) -> None:
        """Last year's schemes for the groups that have none yet."""
        made = self.workspace.perform(lambda: schemes.copy_from_last_year(self.store, self._year))
        if made is None:
            return
        if self.state.scheme is not None:
            self.choose(SCHEME)

    # Asked for ----------------------------------------------------------------

    def show_record(self, record: int, kind: str) -> None:
        """A unit's or an indicator's scores, the score of a target, points beside them or a veto."""
        if kind == "target":
            target = self.store.find(Target, RecordId(record))
            if target is not None:
                self.show_cell(target.indicator, target.unit)
            return
        if kind in ("bonus_item", "veto"):
            marked = self.store.find(BonusItem if kind == "bonus_item" else Veto, RecordId(record))
            if marked is not None:
                self._choose_group_of(marked.unit)
            self.choose("marks")
        else:
            if kind == "unit":
                self._choose_group_of(RecordId(record))
            self.choose(BOARD)
        show = getattr(self.views.view, "show_record", None)
        if show is not None:
            show(record, kind)

    def _choose_group_of(self, unit: RecordId) -> None:
        found = self.store.find(Unit, unit)
        groups = {row.peer_group for row in self.state.rows}
        if found is not None:
            group = found.peer_group if found.peer_group in groups else found.kind.label
            if group in groups:
                self.state.choose(group)

    def show_cell(self, indicator: RecordId, unit: RecordId) -> None:
        """Where a score comes from: its cell on the board, with the working beside it."""
        self._choose_group_of(unit)
        self.choose(BOARD)
        go_to = getattr(self.views.view, "go_to", None)
        if go_to is not None:
            go_to(unit, indicator)

    # What the window asks -----------------------------------------------------

    def side_widget(self) -> QWidget | None:
        """The panel of the view that is shown."""
        return super().side_widget() if self.stack.currentWidget() is self.views else None

    def manual_page(self) -> str:
        """The room's chapter."""
        return "assessment"

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        super().set_read_only(read_only)
        for button in self.no_scheme.buttons:
            button.setEnabled(not read_only)

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """Group, period, view, and what each view remembers."""
        if self._year < 0:
            return self._state
        return {**self.state.save(), "views": self.views.save_state()}
