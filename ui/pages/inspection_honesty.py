"""The view 数据核实: where reported and verified values differ, who did so repeatedly, a case in one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from PySide6.QtWidgets import QCheckBox, QPushButton

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.progress import percent
from mbo_desktop.domain.quantity import show
from mbo_desktop.services import inspections
from mbo_desktop.services.inspections import FindingLine, Offender
from ui.grids.columns import Cell, Column, Kind, Light, Row, Tone
from ui.grids.entering import open_by_enter
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.inspection_deeds import FindingDeeds
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.chips import Chip
from ui.widgets.empty_page import EmptyPage
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

TOUCHING = {"inspection", "finding", "unit", "target", "indicator", "accountability_case", "year"}
_COLUMNS = (
    Column("unit", "单位", width=110, frozen=True), Column("times", "次数", width=96),
    Column("title", "目标", width=160), Column("month", "月份", Kind.NUMBER, width=56),
    Column("reported", "上报数", Kind.NUMBER, width=96), Column("verified", "核实数", Kind.NUMBER, width=96),
    Column("gap", "相差", Kind.NUMBER, width=90), Column("share", "偏差", Kind.NUMBER, unit="%", width=80),
    Column("measure", "单位", width=54), Column("text", "情况", width=180),
    Column("visit", "督查", width=160), Column("day", "日期", Kind.DATE, width=92),
)


def _row(line: FindingLine, times: int) -> Row:
    assert line.reported is not None
    assert line.verified is not None
    gap = line.verified - line.reported
    share = percent(Fraction(abs(gap)) * 100 / Fraction(line.reported)) if line.reported else None
    return Row(int(line.id), {
        "unit": line.unit_label,
        "times": Cell(f"多次 {times}" if times > 1 else "1次", light=Light.RED if times > 1 else Light.AMBER,
                      number=Decimal(times)),
        "title": line.title, "month": str(line.month or ""),
        "reported": Cell(show(line.reported), line.reported), "verified": Cell(show(line.verified), line.verified),
        "gap": Cell(show(gap), gap, tone=Tone.RED if gap < 0 else Tone.AMBER),
        "share": "" if share is None else Cell(show(share), share),
        "measure": line.unit_of_measure, "text": Cell(line.text, note=line.text),
        "visit": line.inspection_title, "day": line.found_on.isoformat() if line.found_on else "",
    })


class HonestyView(RoomView):
    """Deviations unit by unit, most of them first."""

    key = "honesty"
    manual = "inspections"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.offenders: tuple[Offender, ...] = ()
        self.found: dict[int, tuple[FindingLine, Offender]] = {}
        self.source = ListSource(_COLUMNS, self._rows)
        self.panel = GridPanel(workspace, self.source)
        self.panel.set_empty(EmptyPage(
            "shield-check", self.tr("没有上报数与核实数不一致的情况"),
            self.tr("在“督查台账”登记核实数后,与上报数不一致的自动列在这里;同一单位多次不一致的排在前面,可一步立案。"),
        ))
        self.side = SidePanel()
        self.side.setMinimumWidth(scaled(240))
        self.body.addWidget(self.panel)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(290)])
        self.setFocusProxy(self.panel)
        self.deeds = FindingDeeds(workspace, self)
        self.repeated = QCheckBox(self.tr("只看多次"))
        self.repeated.toggled.connect(self._show)
        self.add_tool(self.repeated)
        self.add_tool(self.panel.filter_field, 1)
        self._writing: list[QPushButton] = [
            self.add_tool_button(self.tr("转督查事项"), self.to_docket),
            self.add_tool_button(self.tr("立案问责"), self.to_case, primary=True,
                                 hint=self.tr("按“弄虚作假”登记到效能问责")),
        ]
        self.panel.view.current_row_changed.connect(self._show_side)
        self.panel.view.opened.connect(self._on_opened)
        open_by_enter(self.panel.view, self._on_opened)
        self.panel.view.find_asked.connect(self.panel.find)

    def activate(self) -> None:
        """Read the deviations of the year."""
        self.offenders = inspections.offenders(self.store, self.year)
        self._show()
        many = sum(one.is_repeated for one in self.offenders)
        self.figures_changed.emit(self.tr("{} 年度 · 不一致 {} 处 · {} 个单位 · ■多次 {} 个").format(
            self.year, sum(len(one.deviations) for one in self.offenders), len(self.offenders), many))

    def _show(self) -> None:
        self.found = {
            int(line.id): (line, one) for one in self.offenders for line in one.deviations
            if one.is_repeated or not self.repeated.isChecked()
        }
        self.source.reload()
        self.panel.model.refresh()
        if not self.panel.view.current_id() and self.panel.model.rowCount():
            self.panel.view.select_cell(self.panel.model.index(0, 0))
        self._show_side()

    def _rows(self) -> Sequence[Row]:
        return [_row(line, len(one.deviations)) for line, one in self.found.values()]

    def refresh(self, changes: Any) -> None:
        """Findings changed."""
        if changes is None or TOUCHING & set(changes.ids_by_type):
            self.activate()

    def _show_side(self) -> None:
        self.side.clear()
        found = self.found.get(self.panel.view.current_id())
        if found is None:
            self.side.add_text(self.tr("选中一处,查看这个单位全年的核实情况。"), muted=True)
            return
        line, offender = found
        self.side.set_title(offender.label, line.title)
        self.side.add(Chip(
            self.tr("多次不一致 {}").format(len(offender.deviations)) if offender.is_repeated else self.tr("首次不一致"),
            Light.RED if offender.is_repeated else Light.AMBER,
        ))
        for one in offender.deviations:
            head = f"{one.title} · {one.month}月" if one.month else one.title
            self.side.add_heading(head)
            self.side.add_facts([
                (self.tr("上报数"), "" if one.reported is None else f"{show(one.reported)}{one.unit_of_measure}"),
                (self.tr("核实数"), "" if one.verified is None else f"{show(one.verified)}{one.unit_of_measure}", "red"),
                (self.tr("日期"), show_date(one.found_on) if one.found_on else ""),
            ])
            if one.text:
                self.side.add_text(one.text, muted=True)
        self.side.add_buttons([(self.tr("查看督查"), self._on_opened)])

    def _on_opened(self) -> None:
        record = self.panel.view.current_id()
        if record:
            self.workspace.go("inspections", record, "finding")

    def _record(self) -> RecordId | None:
        record = self.panel.view.current_id()
        if record not in self.found:
            self.workspace.say(self.tr("请先选中一处。"))
            return None
        return RecordId(record)

    def to_docket(self) -> None:
        """A docket of the current deviation."""
        if (record := self._record()) is not None:
            self.deeds.docket(record)

    def to_case(self) -> None:
        """A case of the current deviation."""
        if (record := self._record()) is not None:
            self.deeds.case(record)

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        for button in self._writing:
            button.setEnabled(not read_only)

    def save_state(self) -> Mapping[str, Any]:
        """Widths."""
        return {"table": self.panel.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.panel.restore_state(state.get("table", {}))
