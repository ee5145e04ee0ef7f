"""The month's page of the room 进度: targets with each side's figure, the difference, the light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from mbo_desktop.domain.cascade import ended, exactly
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Judged, Stage, judge
from mbo_desktop.domain.progress import percent
from mbo_desktop.domain.quantity import round_half_up, show
from mbo_desktop.domain.reports import CauseKind, FigureKind, ProgressReport
from mbo_desktop.domain.target_text import show_part
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.services.own_figures import closed_sides, self_reported
from mbo_desktop.services.progress_entry import (
    STARTED_WORDS,
    doubt_of,
    is_unread,
    wants_explanation,
)
from mbo_desktop.services.progress_lights import outlook, planned_amount
from mbo_desktop.services.progress_standing import Known, known
from mbo_desktop.services.reporting_rules import light_rule, rules_of
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as reads
from mbo_desktop.store.queries.progress import Figure, Sought, Subject

__all__ = ["ProgressRow", "Side", "Sought", "count_months", "month_ids", "month_rows", "nodes_text"]
_MONEY = ("元", "万元", "亿元")


@dataclass(frozen=True, slots=True)
class Side:
    """What one side said, as texts: the figure, the month's own part, the words."""

    kind: FigureKind
    amount: Decimal | None
    shown: str
    """The figure, 「未启动」, or what was typed where it is no number; "" = not reported."""
    in_period: str
    is_text: bool
    """What was typed is no number: kept, and marked."""
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressRow:
    """One target or given node in one month as the grid shows it; amounts in `unit_of_measure` unless they say so."""

    subject: RecordId
    indicator: RecordId
    unit: RecordId
    title: str
    unit_label: str
    category: str
    unit_of_measure: str
    form: TargetForm | None
    target: str
    planned: str
    sides: dict[FigureKind, Side]
    counted_kind: FigureKind | None
    counted: str
    difference: str
    """Where two sides' figures differ: 「来源部门少3.2」; "" when they agree or only one spoke."""
    share: Decimal | None
    """Percent of the year's target."""
    judged: Judged
    outlook: str
    physical: str
    text: str
    started: str
    cause: str
    cause_text: str
    own_effort: str
    measure: str
    note: str
    lacking: tuple[str, ...]
    """What a lagging target's report still lacks (cause, effort, measure)."""
    doubt: str
    evidence: int
    problems: int
    reported_on: date | None
    direction: Direction
    investment: Decimal | None = None
    """Completed since 1 January, in 万元, for projects."""
    investment_planned: Decimal | None = None
    """The year's target where it is an amount of money, in 万元."""
    nodes: str = ""
    """「2/5;逾期:主体完工(6月10日)」; "" for a target without nodes."""
    is_self_reported: bool = False
    """Given to the own government by another office: what is typed here is 自报."""
    closed: Mapping[FigureKind, str] = field(default_factory=dict)
    """Sides that are another office's to say, and why."""
    is_node: bool = False
    """A node of the decomposition, no target of an agreement."""

    @property
    def said(self) -> str:
        """The figure that counts; where there is none, the words that were reported; "" = not reported."""
        if self.counted_kind is None:
            return ""
        return self.counted or self.physical or self.text or self.nodes or "已报"


def month_ids(store: Store, year: int, sought: Sought) -> tuple[RecordId, ...]:
    """Targets under a filter in the grid's order."""
    return reads.subject_ids(store, year, sought)


def month_rows(
    store: Store, year: int, month: int, ids: Sequence[RecordId]
) -> dict[RecordId, ProgressRow]:
    """The rows of a month's page; deleted targets left out."""
    rules = rules_of(store, year)
    rule = light_rule(rules)
    found = known(store, rules, month, ids)
    before = reads.figures(store, list(found), (month - 1,)) if month > 1 else {}
    carried = {record: one.subject.unit for record, one in found.items()}
    own, closed = self_reported(store, carried), closed_sides(store, carried)
    rows = {
        record: _row(one, judge(one.situation, rule), _earlier(before.get((record, month - 1), ())))
        for record, one in found.items()
    }
    return {
        record: replace(row, is_self_reported=record in own, closed=closed[record]) if record in closed else row
        for record, row in rows.items()
    }


def _earlier(figures: Sequence[Figure]) -> dict[FigureKind, Decimal]:
    return {one.kind: one.amount for one in figures if one.amount is not None}


def _row(one: Known, judged: Judged, before: dict[FigureKind, Decimal]) -> ProgressRow:
    subject, counted = one.subject, one.counted
    measure = subject.unit_of_measure
    sides = {kind: _side(figure, subject) for kind, figure in one.figures.items()}
    own = one.figures.get(FigureKind.OWN) or one.figures.get(FigureKind.PROXY)
    words = own or counted
    planned = planned_amount(one)
    lagging = judged.light.value in ("yellow", "red") and judged.measured.gap is not None
    return ProgressRow(
        subject=subject.id, indicator=subject.indicator, unit=subject.unit, title=subject.title,
        unit_label=subject.unit_label, category=subject.category_name, unit_of_measure=measure,
        form=None if one.value is None else one.value.form,
        target=subject.shown if one.value is None else show_part(one.value, measure),
        planned="" if planned is None else show(planned), sides=sides,
        counted_kind=None if counted is None else counted.kind,
        counted="" if counted is None else sides[counted.kind].shown,
        difference=_difference(one.figures, subject.decimals), share=_share(judged), judged=judged,
        outlook=outlook(one, judged), physical=words.physical if words else "",
        text=words.text if words else "", started=_started(words),
        cause=CauseKind.of(words.cause).label if words and words.cause else "",
        cause_text=words.cause_text if words else "", own_effort=words.own_effort if words else "",
        measure=words.measure if words else "", note=words.note if words else "",
        lacking=wants_explanation(_as_report(words)) if lagging and words else (),
        doubt=doubt_of(_as_report(words), subject, before.get(words.kind)) if words else "",
        evidence=one.evidence, problems=one.problems,
        reported_on=words.reported_on if words else None, direction=subject.direction,
        investment=words.investment if words else None, investment_planned=_in_ten_thousands(one),
        nodes=nodes_text(one.situation.stages, one.situation.as_of), is_node=subject.is_node,
    )


def _in_ten_thousands(one: Known) -> Decimal | None:
    if one.value is None or one.value.amount is None:
        return None
    unit = one.value.unit or one.subject.unit_of_measure
    scaled = exactly(one.value.amount, unit, "万元") if unit in _MONEY else None
    return None if scaled is None else ended(scaled)


def nodes_text(stages: Sequence[Stage], day: date) -> str:
    """How many nodes are reached, and the first that is late by a day, else the next one due."""
    if not stages:
        return ""
    said = f"{sum(one.done for one in stages)}/{len(stages)}"
    dated = sorted(
        (one.due, one.title) for one in stages if not one.done and one.due is not None
    )
    if not dated:
        return said
    due, title = dated[0]
    return f"{said};{'逾期' if due <= day else '下一个'}:{title}({due.month}月{due.day}日)"


def _side(figure: Figure, subject: Subject) -> Side:
    decimals = subject.decimals
    if figure.amount is not None:
        shown = show(figure.amount, decimals)
    elif figure.started is False:
        shown = "未启动"
    else:
        shown = figure.typed
    in_period = "" if figure.in_period is None else show(figure.in_period, decimals)
    return Side(figure.kind, figure.amount, shown, in_period, is_unread(figure.typed, subject), figure.note)


def _difference(figures: Mapping[FigureKind, Figure], decimals: int | None) -> str:
    own = figures.get(FigureKind.OWN) or figures.get(FigureKind.PROXY)
    if own is None or own.amount is None:
        return ""
    parts = []
    for kind in (FigureKind.CERTIFIED, FigureKind.VERIFIED):
        other = figures.get(kind)
        if other is not None and other.amount is not None and other.amount != own.amount:
            # As anybody would subtract what is shown; figures that differ only behind that, exactly.
            gap = _as_shown(other.amount, decimals) - _as_shown(own.amount, decimals)
            gap = gap or other.amount - own.amount
            parts.append(f"{kind.label}{'多' if gap > 0 else '少'}{show(abs(gap))}")
    return ";".join(parts)


def _as_shown(amount: Decimal, decimals: int | None) -> Decimal:
    return amount if decimals is None else round_half_up(amount, decimals)


def _share(judged: Judged) -> Decimal | None:
    return percent(judged.measured.actual_share)


def _started(figure: Figure | None) -> str:
    if figure is None or figure.started is None:
        return ""
    return next(word for word, started in STARTED_WORDS.items() if started is figure.started)


def _as_report(figure: Figure) -> ProgressReport:
    return ProgressReport(
        id=figure.record, subject=figure.subject, month=figure.month, kind=figure.kind,
        amount=figure.amount, typed=figure.typed, note=figure.note,
        cause=CauseKind.of(figure.cause) if figure.cause else None, cause_text=figure.cause_text,
        own_effort=figure.own_effort, measure=figure.measure,
    )


def count_months(store: Store, year: int) -> dict[int, int]:
    """How many targets were reported on in each month of the year."""
    return reads.reported_by_month(store, year)
