"""Inspections and their findings as tables; targets that were drawn and not yet looked at stand among them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt

from mbo_desktop.domain.inspections import FindingKind, InspectionState
from mbo_desktop.domain.quantity import show
from mbo_desktop.services.inspection_objects import TargetChoice
from mbo_desktop.services.inspections import FindingLine, InspectionLine
from ui.grids.columns import Cell, Column, Kind, Light, Row, Tone

_CENTRED = Qt.AlignmentFlag.AlignHCenter
STATES = {
    InspectionState.PLANNED: Light.GREY, InspectionState.UNDER_WAY: Light.AMBER,
    InspectionState.DONE: Light.GREEN, InspectionState.CANCELLED: Light.GREY,
}
VISITS = (
    Column("title", "督查名称", width=210, frozen=True),
    Column("state", "状态", width=84),
    Column("days", "日期", Kind.DATE, width=132),
    Column("time", "时间类别", width=76),
    Column("way", "方式", width=84),
    Column("units", "单位", Kind.NUMBER, unit="个", width=68),
    Column("subjects", "目标", Kind.NUMBER, unit="项", width=68),
    Column("findings", "发现", Kind.NUMBER, unit="条", width=68),
    Column("unsettled", "未整改", Kind.NUMBER, unit="条", width=80),
)
FINDINGS = (
    Column("unit", "单位", width=96, frozen=True),
    Column("title", "目标", width=150, frozen=True),
    Column("kind", "性质", width=84),
    Column("reported", "上报数", Kind.NUMBER, width=86),
    Column("verified", "核实数", Kind.NUMBER, width=86),
    Column("gap", "相差", Kind.NUMBER, width=80),
    Column("measure", "单位", width=52),
    Column("text", "情况", width=200),
    Column("until", "整改期限", Kind.DATE, width=92, align=_CENTRED),
    Column("rectified", "整改", width=104),
    Column("deduction", "扣分", Kind.NUMBER, width=56),
)
_KINDS = {
    FindingKind.PROBLEM: Light.AMBER, FindingKind.DEVIATION: Light.RED, FindingKind.STAGNATION: Light.RED,
    FindingKind.GOOD: Light.GREEN, FindingKind.NOTE: Light.GREY,
}


def span(first: date | None, last: date | None, year: int) -> str:
    """「06-03 至 06-05」."""
    days = [day for day in (first, last) if day is not None]
    texts = list(dict.fromkeys(day.strftime("%m-%d") if day.year == year else day.isoformat() for day in days))
    return " 至 ".join(texts)


def visit_row(line: InspectionLine, year: int) -> Row:
    """One line of the log."""
    when = span(line.done_on, None, year) if line.done_on else span(line.planned_from, line.planned_until, year)
    late = line.unsettled > 0
    return Row(int(line.id), {
        "title": line.title, "state": Cell(line.state.label, light=STATES[line.state]),
        "days": when or Cell("未定", tone=Tone.MUTED), "time": line.time.label, "way": line.way.label,
        "units": _count(line.units), "subjects": _count(line.subjects), "findings": _count(line.findings),
        "unsettled": Cell(str(line.unsettled), number=Decimal(line.unsettled), tone=Tone.AMBER) if late else "",
    }, tone=Tone.MUTED if line.state is InspectionState.CANCELLED else Tone.PLAIN)


def finding_row(line: FindingLine, today: date) -> Row:
    """One finding with the verified value against the reported one."""
    gap = None
    if line.reported is not None and line.verified is not None:
        gap = line.verified - line.reported
    return Row(int(line.id), {
        "unit": line.unit_label, "title": line.title or Cell("—", tone=Tone.MUTED),
        "kind": Cell(line.kind.label, light=_KINDS[line.kind]),
        "reported": _number(line.reported), "verified": _number(line.verified),
        "gap": Cell(show(gap), number=gap, tone=Tone.RED) if gap else _number(gap),
        "measure": line.unit_of_measure, "text": Cell(line.text, note=line.text),
        "until": line.rectify_until.isoformat() if line.rectify_until else "",
        "rectified": rectified_cell(line, today), "deduction": _number(line.deduction),
    })


def waiting_row(one: TargetChoice) -> Row:
    """A target that is to be looked at and was not yet; Enter records what is found."""
    return Row(int(one.id), {
        "unit": one.unit_label, "title": one.title, "kind": Cell("未查", light=Light.GREY),
        "measure": one.unit_of_measure,
        "text": Cell(f"目标 {one.shown}" if one.shown else "", tone=Tone.MUTED),
    }, tone=Tone.MUTED)


def rectified_cell(line: FindingLine, today: date) -> Cell:
    """Whether it was put right, in shape and word."""
    if line.rectified_on is not None:
        return Cell(f"已整改 {line.rectified_on.strftime('%m-%d')}", light=Light.GREEN)
    if line.rectify_until is None:
        return Cell()
    over = (today - line.rectify_until).days
    if over > 0:
        return Cell(f"超{over}天未改", light=Light.RED)
    return Cell("未整改", light=Light.AMBER)


def sorted_findings(lines: Sequence[FindingLine], today: date) -> list[FindingLine]:
    """What is to be put right first, the longest overdue before; then the rest as found."""
    open_ones = [one for one in lines if one.rectify_until is not None and one.rectified_on is None]
    rest = [one for one in lines if one not in open_ones]
    return sorted(open_ones, key=lambda one: one.rectify_until or today) + rest


def _count(number: int) -> Cell | str:
    return Cell(str(number), number=Decimal(number)) if number else ""


def _number(value: Decimal | None) -> Cell | str:
    return "" if value is None else Cell(show(value), value)
