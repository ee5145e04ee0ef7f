"""The roll-over on paper: the plan as it stands in the preview, for a signature and the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.quantity import show
from mbo_desktop.services import session
from mbo_desktop.services.year_turn_plan import BaseLine, BaseState, Going, TurnPlan
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document
    from mbo_desktop.documents.year_turn import TurnSection


LINES = 3_000
"""Bases up to which every one is printed; beyond, those taken over as they stood are only counted."""


def turn_paper(store: Store, plan: TurnPlan) -> Document:
    """年度结转清单: counts, indicators, units, bases line by line, follow-up, remarks."""
    from mbo_desktop.documents.year_turn import TurnPaper, turn_document

    return turn_document(TurnPaper(
        f"{plan.last}年度结转到{plan.year}年度清单", session.office(store).name,
        show_date(clock.today(), "chinese"), tuple(_sections(store, plan)),
        (*_plain_bases(plan), *plan.notes, *(f"{post}暂缺" for post in plan.vacant)),
    ))


def _sections(store: Store, plan: TurnPlan) -> list[TurnSection]:
    from mbo_desktop.documents.year_turn import TurnSection

    found = [TurnSection(
        "结转内容", ("内容", "数量", "说明"), (52.0, 22.0, 0.0),
        tuple((name, str(many), remark) for name, many, remark in plan.counts), frozenset({1}),
    )]
    if plan.units:
        found.append(TurnSection(
            "撤并的单位", ("单位", "变动", "由谁承担", "目标"), (40.0, 18.0, 0.0, 16.0),
            tuple(
                (one.label, one.what.label, "、".join(one.heirs) or ("待选定" if one.choices else "不结转"), str(one.targets))
                for one in plan.units
            ), frozenset({3}),
        ))
    found.append(TurnSection(
        "指标", ("指标", "类别", "计量单位", "结转", "说明"), (0.0, 32.0, 20.0, 24.0, 40.0),
        tuple(
            (one.old.name, one.category, one.old.unit_of_measure, one.going.label,
             one.note or (f"{one.targets}个单位" if one.going is Going.NEW else ""))
            for one in plan.indicators
        ),
    ))
    if plan.bases:
        found.append(TurnSection(
            "上年实绩与基数", ("指标", "单位", "上年实绩", "计量单位", "处理", "依据"), (0.0, 28.0, 24.0, 20.0, 22.0, 40.0),
            tuple(base_texts(one) for one in _listed(plan)), frozenset({2}),
        ))
    if plan.dockets:
        names = {record: unit.short_name or unit.name for record, unit in _leads(store, plan).items()}
        found.append(TurnSection(
            "未完成目标跟踪", ("事项", "主办单位", "任务"), (52.0, 28.0, 0.0),
            tuple((one.title, names.get(one.lead, "待定") if one.lead is not None else "待定", one.task) for one in plan.dockets),
        ))
    return found


def _listed(plan: TurnPlan) -> tuple[BaseLine, ...]:
    if len(plan.bases) <= LINES:
        return plan.bases
    return tuple(one for one in plan.bases if one.state is not BaseState.TAKEN)


def _plain_bases(plan: TurnPlan) -> tuple[str, ...]:
    """That bases taken over as they stood are not printed one by one."""
    left = len(plan.bases) - len(_listed(plan))
    return (f"另有{left}项实绩原数转为基数,清单从略,逐项见新年度各目标的“上年实绩”",) if left else ()


def _leads(store: Store, plan: TurnPlan) -> dict[RecordId, Unit]:
    return store.get_many(Unit, [one.lead for one in plan.dockets if one.lead is not None])


def base_texts(one: BaseLine) -> tuple[str, ...]:
    """A line of bases as texts: indicator, unit, figure, unit of measure, what becomes of it, on what it rests."""
    source = "" if one.source is None or one.amount is None else one.source.label
    return (
        one.indicator, one.unit, "" if one.amount is None else show(one.amount), one.unit_of_measure,
        one.state.label, ";".join(text for text in (source, one.said) if text),
    )
