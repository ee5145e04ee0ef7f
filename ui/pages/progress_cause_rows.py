"""Columns and rows of 问题原因: problems, causes of the year, how units explain themselves, scaffolding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Light as Judgement
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.reports import CauseKind
from mbo_desktop.services import progress_analysis, progress_problems, progress_sides
from mbo_desktop.services.progress_analysis import StaleRow
from mbo_desktop.services.progress_problems import CauseShare, ProblemRow
from mbo_desktop.services.progress_sides import CauseFact
from ui.grids.columns import Cell, Column, Kind, Light, Row, Tone
from ui.pages.progress_state import MonthState


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with what it is about: the target to open, or the unit."""

    row: Row
    subject: RecordId | None = None
    unit: RecordId | None = None
    problem: RecordId | None = None


@dataclass(frozen=True, slots=True)
class CauseList:
    """One list of the view: key, word on its button, columns, how it is read, what an empty one teaches."""

    key: str
    title: str
    columns: tuple[Column, ...]
    read: Callable[[MonthState], Sequence[Listed]]
    empty_title: str
    empty_text: str


def _day(value: date | None) -> str:
    return show_date(value, "iso") if value else ""


# Problems ---------------------------------------------------------------------

_PROBLEMS = (
    Column("unit", "单位", width=100, frozen=True), Column("title", "指标", width=150, frozen=True),
    Column("month", "月份", Kind.NUMBER, width=52), Column("state", "状态", width=84),
    Column("text", "问题", width=230), Column("cause", "类别", width=56),
    Column("effort", "已做工作", width=140), Column("wanted", "需协调", width=160),
    Column("settled", "解决日期", Kind.DATE, width=90), Column("how", "解决情况", width=150),
)


def _problem(one: ProblemRow) -> Listed:
    said = one.problem
    settled = said.settled_on is not None
    return Listed(Row(int(said.id), {
        "unit": one.unit_label, "title": one.title, "month": str(said.month),
        "state": Cell("已解决" if settled else "未解决", light=Light.GREEN if settled else Light.AMBER),
        "text": Cell(said.text, note=said.text), "cause": said.cause.label if said.cause else "",
        "effort": Cell(said.own_effort, note=said.own_effort),
        "wanted": Cell(said.wanted, note=said.wanted),
        "settled": _day(said.settled_on), "how": Cell(said.settled_how, note=said.settled_how),
    }), said.subject, one.unit, said.id)


def _read_problems(state: MonthState) -> Sequence[Listed]:
    return [_problem(one) for one in progress_problems.problem_rows(state.store, state.year)]


# Causes -----------------------------------------------------------------------

_CAUSES = (
    Column("unit", "单位", width=100, frozen=True), Column("title", "指标", width=150, frozen=True),
    Column("month", "月份", Kind.NUMBER, width=52), Column("cause", "类别", width=64),
    Column("text", "原因", width=230), Column("effort", "已做工作", width=200),
    Column("measure", "下步措施", width=200),
)


def _cause(number: int, one: CauseFact) -> Listed:
    effort = one.own_effort
    lacks = not effort and one.cause == CauseKind.OBJECTIVE.value
    return Listed(Row(number, {
        "unit": one.unit_label, "title": one.title, "month": str(one.month),
        "cause": CauseKind.of(one.cause).label if one.cause else "",
        "text": Cell(one.cause_text, note=one.cause_text),
        "effort": Cell(effort, icon="triangle-alert" if lacks else "",
                       note="客观原因应写明本单位已做的工作" if lacks else effort),
        "measure": Cell(one.measure, note=one.measure),
    }), one.subject, one.unit)


def _read_causes(state: MonthState) -> Sequence[Listed]:
    found = progress_sides.causes_of_year(state.store, state.year)
    return [_cause(number, one) for number, one in enumerate(found, 1)]


# Shares -----------------------------------------------------------------------

_SHARES = (
    Column("unit", "单位", width=130, frozen=True),
    Column("lagging", "滞后、预警", Kind.NUMBER, unit="项", width=110),
    Column("objective", "客观", Kind.NUMBER, unit="项", width=80),
    Column("subjective", "主观", Kind.NUMBER, unit="项", width=80),
    Column("without", "未说明", Kind.NUMBER, unit="项", width=90),
    Column("share", "客观占比", Kind.NUMBER, unit="%", width=100, hint="已说明原因的项目中,写为客观原因的比例"),
)


def _share(one: CauseShare) -> Listed:
    share = one.objective_share
    lagging = one.objective + one.subjective + one.without
    return Listed(Row(int(one.unit), {
        "unit": one.unit_label, "lagging": _number(lagging), "objective": _number(one.objective),
        "subjective": _number(one.subjective),
        "without": Cell(str(one.without) if one.without else "", number=None,
                        tone=Tone.AMBER if one.without else Tone.PLAIN),
        "share": Cell("" if share is None else show(share), value=share,
                      tone=Tone.AMBER if share is not None and share == 100 and one.objective > 1 else Tone.PLAIN),
    }), None, one.unit)


def _number(count: int) -> Cell:
    return Cell(str(count) if count else "", value=Decimal(count))


def _read_shares(state: MonthState) -> Sequence[Listed]:
    lagging = frozenset(
        record for record, one in state.at_once().items()
        if one.light in (Judgement.RED, Judgement.YELLOW)
    )
    return [
        _share(one)
        for one in progress_problems.cause_shares(state.store, state.year, state.month, lagging)
    ]


# Scaffolding ------------------------------------------------------------------

_STALE = (
    Column("unit", "单位", width=100, frozen=True), Column("title", "指标", width=170, frozen=True),
    Column("amount", "累计", Kind.NUMBER, width=80),
    Column("months", "不变", Kind.NUMBER, unit="月", width=72),
    Column("split", "分解", width=90), Column("reason", "说明", width=600),
)


def _stale(one: StaleRow) -> Listed:
    return Listed(Row(int(one.subject), {
        "unit": one.unit_label, "title": one.title,
        "amount": Cell("只有文字" if one.amount is None else show(one.amount), number=one.amount),
        "months": Cell(str(one.months), light=None), "split": "已分解" if one.is_decomposed else "未分解",
        "reason": Cell(one.reason, note=one.reason),
    }), one.subject, one.unit)


def _read_stale(state: MonthState) -> Sequence[Listed]:
    return [_stale(one) for one in progress_analysis.stale(state.store, state.year, state.month)]


LISTS = (
    CauseList(
        "problems", "问题", _PROBLEMS, _read_problems, "本年度还没有登记问题",
        "在“月度填报”中选中一项目标,右侧“登记问题”:写明问题、原因类别、需要谁协调。解决后在这里销号。",
    ),
    CauseList(
        "causes", "原因", _CAUSES, _read_causes, "本年度还没有填写滞后原因",
        "滞后、预警的目标在“月度填报”的“滞后说明”中填写类别、原因、已做工作和下步措施,全年各月的汇总在这里。",
    ),
    CauseList(
        "shares", "客观占比", _SHARES, _read_shares, "本月没有滞后、预警的目标",
        "这里按单位统计滞后、预警目标的原因:客观、主观、未说明各多少,客观占比过高的值得当面问一问。",
    ),
    CauseList(
        "stale", "棚架", _STALE, _read_stale, "没有符合棚架条件的目标",
        "报了进度、也可能分解了,但连续几个月数字不变、没有佐证、从未核实的目标列在这里。几个月可在“设置”中改。",
    ),
)
