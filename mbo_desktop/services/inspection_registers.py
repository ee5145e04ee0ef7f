"""督查事项台账 and 问责登记表 from records; what may not be shown around is left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.accountability import AccountabilityCase
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.docket_flow import ENDED, Standing, standing
from mbo_desktop.domain.dockets import Docket
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import Finding, Inspection
from mbo_desktop.domain.quantity import show
from mbo_desktop.errors import InputError
from mbo_desktop.services import accountability, dockets, session
from mbo_desktop.services.accountability import CaseRow
from mbo_desktop.services.dockets import DocketRow
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.inspection_registers import RegisterPaper
    from mbo_desktop.documents.model import Document

_DOCKET_COLUMNS = (
    ("事项编号", 22, 34, False), ("督查事项", 38, 66, True), ("任务来源", 22, 36, True),
    ("主办单位", 24, 30, False), ("交办日期", 18, 19, False), ("截止日期", 18, 19, False),
    ("状态", 13, 16, False), ("时限", 22, 24, False), ("督办", 11, 13, False), ("催办", 10, 11, False),
    ("办理结果", 34, 60, True), ("销号日期", 18, 19, False),
)
_CASE_COLUMNS = (
    ("编号", 22, 30, False), ("受理日期", 18, 20, False), ("反映问题", 42, 64, True), ("种类", 22, 34, False),
    ("涉及单位", 24, 30, False), ("来源", 20, 34, True), ("状态", 14, 16, False),
    ("历时", 12, 14, False), ("认定结论", 32, 54, True), ("问责措施", 22, 34, True),
    ("影响考核", 18, 24, False),
)


def withheld_dockets(store: Store, records: Sequence[RecordId]) -> frozenset[RecordId]:
    """Those that come from an unannounced visit that is not over."""
    found = store.get_many(Docket, records)
    origins = [one.origin for one in found.values() if one.origin is not None]
    # An origin may be a problem or an item as well: only findings lead to a visit.
    findings = {one: made for one in origins if (made := store.find(Finding, one)) is not None}
    visits = store.get_many(Inspection, [one.inspection for one in findings.values()])
    return frozenset(
        record for record, one in found.items()
        if one.origin in findings and visits[findings[one.origin].inspection].is_withheld
    )


def docket_register(
    store: Store, year: int, records: Sequence[RecordId], *, scope: str = "", at: date | None = None,
) -> Document:
    """督查事项台账 of these dockets in this order; scope: what they are, below the table.

    InputError when none is left: a running unannounced visit's dockets are not printed.
    """
    from mbo_desktop.documents.inspection_registers import register_document

    day = at or clock.today()
    hidden = withheld_dockets(store, records)
    listed = [one for one in records if one not in hidden]
    found = dockets.rows(store, listed, at=day)
    bodies = store.get_many(Docket, listed)
    then = {one: standing(bodies[one], day) for one in listed if one in found}
    lines = [_docket_line(found[one], bodies[one], now) for one, now in then.items()]
    if not lines:
        raise InputError("没有可以列入台账的督查事项。", "请先登记事项,或放宽上面的范围。", "未打印。")
    late = sum(row.days_over > 0 and row.line.state not in ENDED for row in found.values())
    note = f"共{len(lines)}项，其中未办结{sum(row.line.state not in ENDED for row in found.values())}项，超期{late}项{_off_and_on(then.values())}。"
    notes = [note, *([f"范围：{scope}。"] if scope else [])]
    return register_document(_paper(store, f"{year}年督查事项台账", _DOCKET_COLUMNS, lines, day, notes))


def _off_and_on(found: Iterable[Standing]) -> str:
    """「，挂账2项，已销号5项」; "" for none of either."""
    listed = tuple(found)
    counts = (
        ("挂账", sum(one.is_held for one in listed)),
        ("已销号", sum(one.struck_on is not None for one in listed)),
    )
    return "".join(f"，{word}{count}项" for word, count in counts if count)


def _docket_line(row: DocketRow, docket: Docket, now: Standing) -> tuple[str, ...]:
    line = row.line
    held = f"挂账：{now.held_for}" if now.is_held and now.held_for else ""
    return (
        line.number or "未编号", line.title, line.source_text or line.source.label, line.lead_label,
        _short(line.assigned_on, docket.year), _short(line.due, docket.year), "挂账" if line.is_held else line.state.label,
        _limit(row), line.colour, f"{line.reminders}次" if line.reminders else "",
        "；".join(one for one in (held, docket.result) if one), _short(now.struck_on, docket.year),
    )


def _limit(row: DocketRow) -> str:
    if row.line.state in ENDED:
        return f"超{row.days_over}天办结" if row.days_over else "按时办结"
    if row.days_left is None:
        return ""
    return f"■超{-row.days_left}天" if row.days_left < 0 else f"剩{row.days_left}天"


def case_register(store: Store, year: int, *, reader: str | None = None) -> Document:
    """问责登记表 of the cases this reader (the operator) may see, oldest first.

    Those kept from the reader are left out and only counted; InputError when none is left.
    """
    from mbo_desktop.documents.inspection_registers import register_document

    rows = accountability.cases(store, year, reader=reader)
    if not rows:
        raise InputError("没有可以列入登记表的案件。", "请先登记案件,或由知情人打印。", "未打印。")
    hidden = len(store.all(AccountabilityCase, year=year)) - len(rows)
    named = sum(bool(row.case.readers) for row in rows)
    notes = [f"共{len(rows)}件，未结{sum(row.case.closed_on is None for row in rows)}件。"]
    if hidden:
        notes.append(f"另有{hidden}件限知情人查看，未列入。")
    if named:
        notes.append(f"其中{named}件限知情人查看，不得外传。")
    lines = [_case_line(row) for row in reversed(rows)]
    return register_document(_paper(store, f"{year}年问责登记表", _CASE_COLUMNS, lines, clock.today(), notes))


def _case_line(row: CaseRow) -> tuple[str, ...]:
    case = row.case
    return (
        case.number, _dots(case.opened_on), case.title, case.kind, row.unit_label, case.source, case.state.label,
        f"{row.days_open}天", case.conclusion, "、".join(case.measures), _effect(case),
    )


def _effect(case: AccountabilityCase) -> str:
    if case.effect is None:
        return ""
    words = ["一票否决"] if case.effect.is_veto else []
    if case.effect.deduction is not None:
        words.append(f"扣{show(case.effect.deduction)}分")
    return "、".join(words)


def _paper(
    store: Store, title: str, columns: Sequence[tuple[str, int, int, bool]],
    rows: Sequence[tuple[str, ...]], day: date, notes: Sequence[str],
) -> RegisterPaper:
    from mbo_desktop.documents.inspection_registers import RegisterColumn, RegisterPaper

    return RegisterPaper(
        title, tuple(RegisterColumn(*one) for one in columns), tuple(rows),
        session.office(store).name, show_date(day), tuple(notes),
    )


def _short(day: date | None, year: int) -> str:
    """「10.19」 in the register's own year, which its title names; 「2027.1.8」 in another."""
    if day is None or day.year != year:
        return _dots(day)
    return f"{day.month}.{day.day}"


def _dots(day: date | None) -> str:
    return "" if day is None else show_date(day, "dots")
