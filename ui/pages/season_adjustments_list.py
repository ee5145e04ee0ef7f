"""Adjustments and corrections of a year as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt

from mbo_desktop.domain.adjustments import AdjustmentState
from mbo_desktop.services import adjustment_lists, corrections
from mbo_desktop.services.adjustment_lists import AdjustmentRow
from mbo_desktop.services.corrections import CorrectionRow
from ui.grids.columns import Cell, Column, Kind, Light, Row, Tone
from ui.grids.source import ListSource
from ui.workspace import Workspace

_LIGHTS = {
    AdjustmentState.REQUESTED: Light.AMBER, AdjustmentState.APPROVED: Light.GREEN,
    AdjustmentState.REJECTED: Light.GREY, AdjustmentState.REVOKED: Light.GREY,
}
_CENTRED = Qt.AlignmentFlag.AlignHCenter
_ADJUSTMENTS = (
    Column("unit", "责任单位", width=110, frozen=True),
    Column("name", "指标", width=170, frozen=True),
    Column("kind", "类型", width=64),
    Column("old", "原目标", Kind.TARGET, width=90),
    Column("new", "调整后", Kind.TARGET, width=90),
    Column("measure", "单位", width=54),
    Column("state", "状态", width=104),
    Column("number", "批准文号", width=140),
    Column("meeting", "批准会议", width=160),
    Column("approved", "批准日期", Kind.DATE, width=94, align=_CENTRED),
    Column("effective", "生效日期", Kind.DATE, width=94, align=_CENTRED),
    Column("origin", "来源", width=80),
    Column("requested", "申请日期", Kind.DATE, width=94, align=_CENTRED),
    Column("reason", "理由", width=220),
)
_CORRECTIONS = (
    Column("place", "指标 · 单位", width=230, frozen=True),
    Column("field", "更正内容", width=84),
    Column("before", "更正前", width=120),
    Column("after", "更正后", width=120),
    Column("on", "日期", Kind.DATE, width=94, align=_CENTRED),
    Column("by", "批准人", width=84),
    Column("number", "文号", width=120),
    Column("reason", "理由", width=220),
    Column("state", "状态", width=90),
)


class AdjustmentSource(ListSource):
    """The adjustments of the year in the official order of units."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_ADJUSTMENTS, self._load_found)
        self._workspace = workspace
        self.state: AdjustmentState | None = None
        self.found: dict[int, AdjustmentRow] = {}

    def counts(self) -> dict[AdjustmentState, int]:
        """How many stand in each state."""
        store, year = self._workspace.store, self._workspace.year
        return {
            state: adjustment_lists.count_adjustments(store, year, states=(state,))
            for state in AdjustmentState
        }

    def _load_found(self) -> Sequence[Row]:
        states = () if self.state is None else (self.state,)
        rows = adjustment_lists.adjustments(
            self._workspace.store, self._workspace.year, states=states, limit=-1
        )
        self.found = {int(row.id): row for row in rows}
        return [_adjustment(row) for row in rows]


class CorrectionSource(ListSource):
    """The corrections of the year, oldest first."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_CORRECTIONS, self._load_found)
        self._workspace = workspace
        self.found: dict[int, CorrectionRow] = {}

    def _load_found(self) -> Sequence[Row]:
        rows = corrections.corrections_of_year(self._workspace.store, self._workspace.year)
        self.found = {int(row.id): row for row in rows}
        return [_correction(row) for row in rows]


def _adjustment(row: AdjustmentRow) -> Row:
    dead = row.state in (AdjustmentState.REJECTED, AdjustmentState.REVOKED)
    return Row(int(row.id), {
        "unit": Cell(row.short_name, note=row.party_note or row.unit_name,
                     tone=Tone.AMBER if row.party_note else Tone.PLAIN),
        "name": row.indicator_name,
        "kind": row.kind.label,
        "old": row.old,
        "new": Cell(row.new, bold=row.state is AdjustmentState.APPROVED),
        "measure": row.unit_of_measure,
        "state": Cell(row.state.label, light=_LIGHTS[row.state], note=row.state_reason),
        "number": row.number,
        "meeting": row.meeting,
        "approved": _day(row.approved_on),
        "effective": _day(row.effective_on),
        "origin": row.origin.label,
        "requested": _day(row.requested_on),
        "reason": Cell(row.reason, note=row.cause.label),
    }, tone=Tone.MUTED if dead else Tone.PLAIN)


def _correction(row: CorrectionRow) -> Row:
    back = row.revoked_reason
    return Row(int(row.id), {
        "place": row.place, "field": row.field.label, "before": row.before, "after": row.after,
        "on": row.on.isoformat(), "by": row.approved_by, "number": row.number,
        "reason": row.reason,
        "state": Cell("已撤回" if back else "有效", light=Light.GREY if back else Light.GREEN, note=back),
    }, tone=Tone.MUTED if back else Tone.PLAIN)


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
