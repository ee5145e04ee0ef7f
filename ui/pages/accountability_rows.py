"""Cases, their 作风 problems and their statistics as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt

from mbo_desktop.domain.accountability import AccountabilityCase, CaseState, Shortcoming
from mbo_desktop.domain.quantity import show
from mbo_desktop.services.accountability import CaseRow, CaseStatistics
from ui.grids.columns import Cell, Column, Kind, Light, Row, Tone

_CENTRED = Qt.AlignmentFlag.AlignHCenter
STATES = {
    CaseState.OPEN: Light.GREY, CaseState.INVESTIGATING: Light.AMBER, CaseState.CONCLUDED: Light.RED,
    CaseState.CLOSED: Light.GREEN, CaseState.DROPPED: Light.GREY,
}
CASES = (
    Column("title", "案件", width=220, frozen=True), Column("number", "编号", width=118),
    Column("state", "状态", width=94),
    Column("kind", "种类", width=170), Column("unit", "涉及单位", width=100),
    Column("opened", "受理日期", Kind.DATE, width=92, align=_CENTRED),
    Column("days", "已", Kind.NUMBER, unit="天", width=60), Column("source", "来源", width=110),
    Column("measures", "措施", width=150), Column("effect", "影响考核", width=96),
    Column("shortcomings", "作风整改", width=88), Column("published", "曝光", Kind.DATE, width=92),
    Column("readers", "知情人", width=110),
)
SHORTCOMINGS = (
    Column("unit", "单位", width=110, frozen=True), Column("text", "作风问题", width=230, frozen=True),
    Column("state", "整改", width=110), Column("measure", "措施", width=220),
    Column("due", "时限", Kind.DATE, width=92), Column("done", "完成日期", Kind.DATE, width=92),
    Column("case", "案件", width=180),
)


def effect_words(case: AccountabilityCase) -> str:
    """「扣2分」, 「一票否决」, both, or ""."""
    if case.effect is None:
        return ""
    words = [] if case.effect.deduction is None else [f"扣{show(case.effect.deduction)}分"]
    return "、".join([*words, "一票否决"] if case.effect.is_veto else words)


def case_row(row: CaseRow) -> Row:
    """One case."""
    case = row.case
    done = sum(one.done_on is not None for one in case.shortcomings)
    ended = case.state in (CaseState.CLOSED, CaseState.DROPPED)
    return Row(int(case.id), {
        "title": Cell(case.title, note=case.title), "state": Cell(case.state.label, light=STATES[case.state]),
        "kind": case.kind or Cell("未分类", tone=Tone.MUTED), "unit": row.unit_label,
        "opened": _day(case.opened_on), "days": Cell(str(row.days_open), number=Decimal(row.days_open)),
        "source": case.source, "measures": "、".join(case.measures),
        "effect": Cell(effect_words(case), tone=Tone.RED), "published": _day(case.published_on),
        "shortcomings": f"{done}/{len(case.shortcomings)}" if case.shortcomings else "",
        "readers": "、".join(case.readers) or Cell("全体经办人", tone=Tone.MUTED), "number": case.number or Cell("未编号", tone=Tone.MUTED),
    }, tone=Tone.MUTED if ended else Tone.PLAIN)


def shortcoming_row(number: int, row: CaseRow, one: Shortcoming, today: date) -> Row:
    """One 作风 problem."""
    if one.done_on is not None:
        state = Cell("已整改", light=Light.GREEN)
    elif one.due is not None and one.due < today:
        state = Cell(f"超{(today - one.due).days}天", light=Light.RED)
    else:
        state = Cell("整改中", light=Light.AMBER)
    return Row(number, {
        "unit": row.unit_label, "text": one.text, "state": state, "measure": one.measure,
        "due": _day(one.due), "done": _day(one.done_on), "case": row.case.title,
    })


def statistic_parts(found: CaseStatistics) -> tuple[tuple[str, Sequence[tuple[str, int]]], ...]:
    """By kind, unit and month: name and count; cases that may not be read have no unit here."""
    units = list(found.by_unit)
    if found.hidden:
        units.append(("未列明(知情范围外)", found.hidden))
    months = [(f"{month}月", count) for month, count in enumerate(found.by_month, 1)]
    return (("按种类", found.by_kind), ("按单位", units), ("按月份", months))


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
