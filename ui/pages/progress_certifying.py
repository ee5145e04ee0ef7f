"""The view 来源部门录入: a certifying office's figures of one indicator, typed down all units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox, QStackedWidget

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import filings, progress_sides
from mbo_desktop.services.progress import Sought
from mbo_desktop.services.progress_sides import CertifiedIndicator
from ui.dialogs.progress_certifiers import CertifiersDialog
from ui.grids.model import Outcome
from ui.grids.panel import GridPanel
from ui.pages.progress_deeds import ProgressDeeds
from ui.pages.progress_rows import certifying_columns, certifying_row
from ui.pages.progress_side import ProgressSide
from ui.pages.progress_source import MonthSource, Wanted
from ui.pages.progress_state import OF_ALL, MonthState
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage


class CertifyingView(RoomView):
    """Choose the office and its indicator; type or paste one column."""

    key = "certifying"
    manual = "progress"

    def __init__(self, state: MonthState) -> None:
        super().__init__(state.workspace)
        self.state = state
        self._remembered: Mapping[str, Any] = {}
        self.listed: Sequence[CertifiedIndicator] = ()
        self.office = self._combo(self.tr("来源部门"), 9)
        self.indicator = self._combo(self.tr("指标"), 20)
        self.source = MonthSource(state, certifying_columns(), certifying_row)
        self.panel = GridPanel(state.workspace, self.source)
        self.deeds = ProgressDeeds(state, self)
        self.side = ProgressSide(state, self.deeds)
        self.add_tool(self.office)
        self.add_tool(self.indicator)
        self.add_tool(self.panel.filter_field, 1)
        self.register_button = self.add_tool_button(
            self.tr("登记…"), self.register, hint=self.tr("哪个部门提供哪些指标的数据"))
        self.empty = EmptyPage(
            "building-2", self.tr("还没有登记来源部门"),
            self.tr("统计、财政、生态环境等部门按指标提供全部单位的数据。登记哪个部门管哪些指标后,这里就按部门、指标一列一列地录入。"),
            ((self.tr("登记来源部门…"), self.register),),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.panel)
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.stack)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.side.setMinimumWidth(scaled(240))
        self.body.setSizes([scaled(10_000), scaled(300)])
        self.setFocusProxy(self.panel)
        self.office.activated.connect(self._on_office)
        self.indicator.activated.connect(self._on_indicator)
        self.panel.view.current_row_changed.connect(self._on_row)
        self.panel.view.find_asked.connect(self.panel.find)
        self.panel.model.wrote.connect(self._on_wrote)
        state.month_changed.connect(self._on_month)

    def _combo(self, name: str, letters: int) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(letters)
        combo.view().setMinimumWidth(scaled(220))
        return combo

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read which office certifies what."""
        self.listed = progress_sides.certified_indicators(self.store, self.state.year, self.state.month)
        there = bool(self.listed)
        self.stack.setCurrentWidget(self.panel if there else self.empty)
        for widget in (self.side, *(widget for widget, _stretch in self.tools)):
            widget.setVisible(there)
        if not there:
            self.figures_changed.emit(self.tr("{} 年度 · 没有登记来源部门的指标").format(self.year))
            self.setFocusProxy(self.empty.buttons[0])
            return
        self.setFocusProxy(self.panel)
        chosen = self.office.currentData() or self._remembered.get("office")
        self.office.clear()
        for unit, label in dict.fromkeys((one.unit, one.unit_label) for one in self.listed):
            self.office.addItem(label, int(unit))
        self.office.setCurrentIndex(max(self.office.findData(chosen), 0))
        self._fill_indicators()

    def _fill_indicators(self) -> None:
        chosen = self.indicator.currentData() or self._remembered.get("indicator")
        self._remembered = {}
        self.indicator.clear()
        for one in self.listed:
            if one.unit == self.office.currentData():
                measure = f"({one.unit_of_measure})" if one.unit_of_measure else ""
                self.indicator.addItem(
                    self.tr("{}/{}  {}{}").format(one.certified, one.targets, one.name, measure),
                    int(one.indicator),
                )
        self.indicator.setCurrentIndex(max(self.indicator.findData(chosen), 0))
        self._show_indicator()

    def _show_indicator(self) -> None:
        indicator, office = self.indicator.currentData(), self.office.currentData()
        if not indicator or not office:
            return
        self.source.certifying = (RecordId(indicator), RecordId(office))
        self.source.wanted = Wanted(
            Sought(indicator=RecordId(indicator), certifying_unit=RecordId(office)))
        self.source.forget()
        self.panel.reload()
        self._tell_figures()
        if not self.panel.view.current_id() and self.panel.model.rowCount():
            self.panel.view.select_cell(
                self.panel.model.index(0, self.panel.model.column_of("certified")))

    def _tell_figures(self) -> None:
        mine = [one for one in self.listed if one.unit == self.office.currentData()]
        done = sum(one.targets > 0 and one.certified >= one.targets for one in mine)
        words = self.tr("{}月 · {} · {} 项指标,录齐 {} 项").format(
            self.state.month, self.office.currentText(), len(mine), done)
        self.figures_changed.emit(" · ".join(word for word in (words, self._received()) if word))

    def _received(self) -> str:
        """When the office's workbook came in; "" while none did."""
        rows = filings.sources(self.store, self.state.year, self.state.month)
        row = next((one for one in rows if one.unit == self.office.currentData()), None)
        if row is None or row.received_on is None:
            return ""
        said = self.tr("{} 收到工作簿").format(show_date(row.received_on))
        return said + (self.tr(",迟 {} 天").format(row.days_late) if row.days_late else "")

    def refresh(self, changes: Any) -> None:
        """Indicators or what is certified by whom changed."""
        if changes is None or OF_ALL & set(changes.ids_by_type):
            self.activate()

    def follow(self, subjects: frozenset[RecordId]) -> None:
        """Targets whose reports changed."""
        self.source.drop(subjects)
        self.panel.model.refresh(int(one) for one in subjects)
        self.side.again()
        self._count_again()

    def _count_again(self) -> None:
        """The counts in the list of indicators, without another choice."""
        self.listed = progress_sides.certified_indicators(self.store, self.state.year, self.state.month)
        for one in self.listed:
            place = self.indicator.findData(int(one.indicator))
            if one.unit == self.office.currentData() and place >= 0:
                measure = f"({one.unit_of_measure})" if one.unit_of_measure else ""
                self.indicator.setItemText(
                    place, self.tr("{}/{}  {}{}").format(one.certified, one.targets, one.name, measure)
                )
        self._tell_figures()

    def _on_month(self) -> None:
        if self.isVisible():
            self.activate()

    # Doing --------------------------------------------------------------------

    def _on_office(self) -> None:
        self._fill_indicators()
        self.panel.setFocus()

    def _on_indicator(self) -> None:
        self._show_indicator()
        self.panel.setFocus()

    def choose(self, office: RecordId, indicator: RecordId) -> None:
        """Show an office's column of an indicator."""
        self.office.setCurrentIndex(self.office.findData(int(office)))
        self._fill_indicators()
        self.indicator.setCurrentIndex(self.indicator.findData(int(indicator)))
        self._show_indicator()

    def _on_row(self, record: object) -> None:
        self.side.show_subject(int(record))  # type: ignore[call-overload]

    def _on_wrote(self, outcome: Outcome) -> None:
        doubts, self.source.doubts = dict(self.source.doubts), {}
        if doubts and outcome.written:
            self.workspace.say(
                self.tr("已写入 {} 格,其中 {} 格存疑,未拦截:{}").format(
                    outcome.written, len(doubts), next(iter(doubts.values()))), tone="amber",
            )

    def register(self) -> None:
        """Which unit gives the figures of which indicators."""
        office = self.office.currentData()
        CertifiersDialog(
            self.workspace, self.state.year, self.window(), unit=RecordId(office) if office else None
        ).open()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes; the table does so by itself."""
        for button in (self.register_button, *self.empty.buttons):
            button.setEnabled(not read_only)

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """Office and indicator."""
        return {"office": self.office.currentData(), "indicator": self.indicator.currentData()} \
            if self.listed else self._remembered

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self._remembered = state
