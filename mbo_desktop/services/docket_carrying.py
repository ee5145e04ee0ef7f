"""上年结转: a docket left open in an earlier year goes on as one of this year; the old one stays as it was."""

from __future__ import annotations

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.docket_flow import is_open, standing
from mbo_desktop.domain.dockets import Docket
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import dockets, origins
from mbo_desktop.store.database import Store


def carry_on(store: Store, record: RecordId, year: int) -> RecordId:
    """A draft of this year made from an open docket of an earlier one, which it names as its origin.

    Its limit is not taken over: it has passed, or was given for the old year. Raises NotAllowedError for
    one that is closed, of this year, another office's, or gone on with already, and for a sealed year.
    """
    old = store.get(Docket, record)
    now = standing(old)
    if old.year >= year:
        raise NotAllowedError(f"“{old.title}”就是{year}年度的督查事项。", "请直接办理。")
    if not is_open(now):
        raise NotAllowedError(f"“{old.title}”已办结,不用结转。", "问题反弹的,在原年度“重新办理”。")
    if origins.origin(store, record) is not None:
        raise NotAllowedError(f"“{old.title}”是其他机关交办的。", "由交办的机关结转后下发。")
    there = dockets.made_from(store, record)
    if there is not None:
        title = store.get(Docket, there).title
        raise NotAllowedError(f"这件事已转为督查事项“{title}”。", "一件事只登记一项,请打开已有的事项。")
    limit = "" if now.due is None else f",原截止日期{show_date(now.due)}"
    return dockets.add(
        store, year, old.title, source=old.source, source_text=old.source_text, origin=record,
        instruction=old.instruction, subject=old.subject, task=old.task, urgency=old.urgency, lead=old.lead,
        supporting=old.supporting, responsible=old.responsible, leader=old.leader,
        supervisor=old.supervisor, decider=old.decider, delayer=old.delayer, cause=old.cause,
        measure=old.measure,
        note=f"由{old.year}年度督查事项{old.number or '(未编号)'}结转{limit}",
    )
