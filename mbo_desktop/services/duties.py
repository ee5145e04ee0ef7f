"""What is due today: checks of this week, units that have not reported, dockets at their limit, an old backup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.inspections import InspectionState
from mbo_desktop.services import (
    dockets,
    filings,
    inspections,
    origins,
    progress,
    progress_sides,
)
from mbo_desktop.services.dockets import DocketFilter
from mbo_desktop.services.own_figures import received_targets, reports_only_itself
from mbo_desktop.services.reporting_rules import deadline, rules_of, superiors_rules
from mbo_desktop.store import backup_register
from mbo_desktop.store.backup_register import Deed
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.overview import first_change

NEAR_DAYS = 3
"""Calendar days before its limit from which a docket is near it."""
OLD_BACKUP_DAYS = 3
MISSING = frozenset({filings.FilingState.MISSING, filings.FilingState.PARTLY})


@dataclass(frozen=True, slots=True)
class Duty:
    """Something due: the room it opens, what it says, how many, whether it is late, what to show there."""

    room: str
    text: str
    count: int
    is_late: bool
    hint: str


def duties(store: Store, year: int) -> tuple[Duty, ...]:
    """The duties of today in a year, what is late first; nothing to do leaves a line out."""
    today = clock.today()
    found = [
        *_dockets(store, year, today), *_reports(store, year, today), *_checks(store, year, today),
        *exchange(store),
    ]
    return tuple(sorted((one for one in found if one.count), key=lambda one: not one.is_late))


def _dockets(store: Store, year: int, today: date) -> list[Duty]:
    late = dockets.count(store, year, DocketFilter(overdue_at=today))
    near = dockets.count(store, year, DocketFilter(
        due_from=today, due_until=today + timedelta(days=NEAR_DAYS)
    ))
    asked = dockets.count(store, year, DocketFilter(asked=True))
    return [
        Duty("inspections", f"{late}项督查事项已超期", late, True, "overdue"),
        Duty("inspections", f"{near}项督查事项三日内到期", near, False, "near"),
        Duty("inspections", f"{asked}项督查事项申请延期,等待答复", asked, False, "asked"),
        _carried(store, year, today),
    ]


def _carried(store: Store, year: int, today: date) -> Duty:
    """What earlier years left open and nobody goes on with in this one."""
    left = dockets.count(store, year, DocketFilter(carried=True))
    late = dockets.count(store, year, DocketFilter(carried=True, overdue_at=today))
    said = f"上年结转{left}项督查事项没有办结" + (f",其中{late}项已超期" if late else "")
    return Duty("inspections", said, left, bool(late), "carried")


def _checks(store: Store, year: int, today: date) -> list[Duty]:
    """Inspections planned up to this Sunday that are not over."""
    sunday = today + timedelta(days=6 - today.weekday())
    waiting = [
        one for one in inspections.log(store, year)
        if one.state in (InspectionState.PLANNED, InspectionState.UNDER_WAY)
        and one.planned_from is not None and one.planned_from <= sunday
    ]
    late = [one for one in waiting if (one.planned_until or one.planned_from or today) < today]
    rest = len(waiting) - len(late)
    return [
        Duty("inspections", f"{len(late)}次督查过了计划日期还没有结束", len(late), True, "checks"),
        Duty("inspections", f"本周有{rest}次督查", rest, False, "checks"),
    ]


def asked_month(store: Store, year: int, today: date) -> int:
    """The month whose deadline was last or is next, once reporting has begun; 0 before."""
    if not progress.count_months(store, year):
        return 0
    rules = rules_of(store, year)
    begun = [
        month for month in range(rules.first_month, 13)
        if date(year, month, 1) <= today and (not rules.next_month or _is_over(year, month, today))
    ]
    if not begun:
        return 0
    month = begun[-1]
    if deadline(rules, month) > today + timedelta(days=7) and len(begun) > 1:
        # The month has hardly begun to be asked for: the one before is what is missing.
        month = begun[-2]
    return month


def _reports(store: Store, year: int, today: date) -> list[Duty]:
    """Units that lack in the month that is asked for, and what this office itself owes its superior."""
    month = asked_month(store, year, today)
    if not month:
        return []
    own = _own_report(store, year, month, today)
    if own and reports_only_itself(store):
        return own
    missing = sum(row.state in MISSING for row in filings.board(store, year, month))
    late = deadline(rules_of(store, year), month) < today
    return [*own, Duty("progress", f"{missing}个单位{month}月进度未报齐", missing, late, "board")]


def _own_report(store: Store, year: int, month: int, today: date) -> list[Duty]:
    """What a superior gave to this office and it has not said anything of, by the superior's deadline."""
    given = received_targets(store, year)
    if not given:
        return []
    due = deadline(superiors_rules(store, year) or rules_of(store, year), month)
    lacking = len(given - progress_sides.reported(store, year, month))
    said = f"上级下达的{lacking}项{month}月进度还没有填报,应在{show_date(due)}前报出"
    return [Duty("progress", said, lacking, due < today, "unreported")]


def exchange(store: Store) -> list[Duty]:
    """What waits in 待处理, of whatever year, once there is an office to exchange with; counts may be 0."""
    if not origins.any_office(store):
        return []
    from mbo_desktop.services import bound_offices, exchange_state

    merged = len(bound_offices.undecided_mergers(store))
    now = exchange_state.pending(store)
    own = sum(one.is_own for one in now.forks)
    rest = now.count - own - now.replies - now.quarantined - now.held
    return [
        Duty("exchange", f"{own}条内容本机关有两个版本,待选定", own, True, "pending"),
        Duty("exchange", f"{now.replies}件异议、申请或反馈待答复", now.replies, False, "pending"),
        Duty("exchange", f"{now.quarantined}个收到的文件在隔离区,待告知对方", now.quarantined, False, "pending"),
        Duty("exchange", f"{now.held}个包属于已封存的年度,待解封后导入", now.held, False, "pending"),
        Duty("exchange", f"{merged}个合并后的单位没有定由哪个机关接续数据交换", merged, False, "offices"),
        Duty("exchange", f"{rest}件数据交换事项待处理", rest, False, "pending"),
        Duty("exchange", f"有{len(now.gaps)}处缺包还没有补上,可请对方再发", len(now.gaps), False, "pending"),
        Duty("exchange", f"{len(now.stubs)}条被提到的内容还没有收到", len(now.stubs), False, "pending"),
    ]


def _is_over(year: int, month: int, today: date) -> bool:
    return today >= (date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1))


def backup_duty(made: datetime | None, today: date) -> Duty | None:
    """That the last backup is old; None when it is not, or none was made yet (the page says so itself)."""
    if made is None:
        return None
    age = (today - made.date()).days
    if age < OLD_BACKUP_DAYS:
        return None
    return Duty("overview", f"上次备份是{age}天前", age, age > 2 * OLD_BACKUP_DAYS, "backup")


def outside_backup_duty(store: Store, today: date) -> Duty | None:
    """That nothing was backed up to a stick for as many days as were set; None when it was, or is not asked for."""
    known = backup_register.read(store.folder)
    if not known.days:
        return None
    last = known.last(Deed.OUTSIDE)
    if last is not None:
        age = (today - last.at.date()).days
        said = f"已{age}天没有备份到U盘"
    else:
        begun = first_change(store)
        age = 0 if begun is None else (today - begun).days
        said = "还没有备份到U盘或另一块硬盘"
    if age < known.days:
        return None
    return Duty("overview", said, max(1, age), age >= 2 * known.days, "outside_backup")


def outside_sentences(store: Store) -> tuple[str, ...]:
    """What was done besides the daily backup: the last one elsewhere, the last drill."""
    known = backup_register.read(store.folder)
    outside, drilled = known.last(Deed.OUTSIDE), known.last(Deed.DRILL, ok=False)
    said = ["每天首次打开时自动备份一次,存放在数据文件夹的 backups 中。"]
    if outside is not None:
        said.append(f"上次备份到U盘:{outside.at:%Y-%m-%d}。")
    if drilled is not None:
        said.append(f"{drilled.at:%Y-%m-%d}演练:{drilled.text}")
    return tuple(said)
