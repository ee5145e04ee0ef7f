"""办理人员交接: what the clerk of this office leaves open, for whoever takes the chair; one page, logged.

Not the hand-over of a person who carries targets (`handover`): here the work at the program
passes on: duties with their days, papers under way, the exchange, backups, accounts, last steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.dockets import DocketState
from mbo_desktop.domain.identity import Choice
from mbo_desktop.domain.inspections import InspectionState
from mbo_desktop.domain.offices import Operator
from mbo_desktop.domain.planning import YearState
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    accounts,
    agreements,
    dockets,
    filings,
    inspections,
    office_words,
    origins,
    overview,
    package_register,
    progress,
    session,
)
from mbo_desktop.services.adjustment_terms import windows_of
from mbo_desktop.services.dockets import DocketFilter
from mbo_desktop.services.duties import MISSING
from mbo_desktop.services.reporting_rules import deadline, rules_of
from mbo_desktop.store import backup_register
from mbo_desktop.store.backup import list_backups
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import year_turn as turn_reads

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document

NAMED = 6
"""Units that a line names; the rest are counted."""
LISTED = 5
"""Dockets and last steps that the page lists; the rest are counted."""
AHEAD = 92
"""Days ahead whose fixed days are listed."""


class Area(Choice):
    """The parts of the page, in their order."""

    DUTIES = "duties", "待办"
    DAYS = "days", "近期节点"
    AGREEMENTS = "agreements", "责任书"
    DOCKETS = "dockets", "督查事项"
    REPORTS = "reports", "进度报送"
    EXCHANGE = "exchange", "数据交换"
    BACKUPS = "backups", "数据和备份"
    ACCOUNTS = "accounts", "人员和账户"
    STEPS = "steps", "最近操作"


@dataclass(frozen=True, slots=True)
class Matter:
    """One line of the page; day: until when, or when it was."""

    area: Area
    text: str
    day: date | None = None
    is_late: bool = False


def matters(store: Store, year: int) -> tuple[Matter, ...]:
    """Everything that passes on, part by part; a part without anything says so."""
    today = clock.today()
    parts: tuple[tuple[Area, Callable[[], list[Matter]]], ...] = (
        (Area.DUTIES, lambda: _duties(store, year)), (Area.DAYS, lambda: _days(store, year, today)),
        (Area.AGREEMENTS, lambda: _agreements(store, year)),
        (Area.DOCKETS, lambda: _dockets(store, year, today)),
        (Area.REPORTS, lambda: _reports(store, year, today)), (Area.EXCHANGE, lambda: _exchange(store)),
        (Area.BACKUPS, lambda: _backups(store)), (Area.ACCOUNTS, lambda: _people(store)),
        (Area.STEPS, lambda: _steps(store)),
    )
    return tuple(
        line for area, read in parts for line in (read() or [Matter(area, "没有未了事项。")])
    )


def _duties(store: Store, year: int) -> list[Matter]:
    """What 工作台 says is next, without what the other parts tell with its names."""
    others = [
        Matter(Area.DUTIES, f"{row.number}年度还没有封存,未办结的督查事项{turn_reads.open_dockets(store, row.number)}件")
        for row in session.years(store) if row.number != year and row.state is YearState.OPEN
    ]
    told = {"board", "backup", "not_signed", "no_agreement", "pending", *(state.value for state in AgreementState)}
    steps = [
        Matter(Area.DUTIES, f"{one.text}({one.room.label})")
        for one in overview.next_steps(store, year)
        if one.urgency is not overview.Urgency.DONE and one.filter_hint not in told
    ]
    return [*steps, *others]


def _days(store: Store, year: int, today: date) -> list[Matter]:
    """Deadlines of reports, adjustment windows, steps of the assessment and inspections to come."""
    until = today + timedelta(days=AHEAD)
    rules = rules_of(store, year)
    found = [
        (deadline(rules, month), f"{month}月进度报送截止") for month in range(rules.first_month, 13)
    ]
    found += [(one.opens, f"目标调整申请“{one.name}”开始,到{show_date(one.closes)}止") for one in windows_of(store, year)]
    for scheme in store.all(Scheme, year=year):
        done = {one.step for one in scheme.done}
        found += [
            (one.on, f"{office_words.group(store, scheme.peer_group)}考核:{one.step.label}") for one in scheme.due if one.step not in done
        ]
    waiting = (InspectionState.PLANNED, InspectionState.UNDER_WAY)
    found += [
        (one.planned_from, f"督查:{one.title}") for one in inspections.log(store, year)
        if one.state in waiting and one.planned_from is not None
    ]
    return [Matter(Area.DAYS, text, day) for day, text in sorted(found) if today <= day <= until]


def _agreements(store: Store, year: int) -> list[Matter]:
    board = agreements.board(store, year, limit=5000)
    settled = (AgreementState.ISSUER_SIGNED, AgreementState.ARCHIVED)
    found = []
    for state in (None, *AgreementState):
        units = [one.short_name or one.unit_name for one in board if one.state is state]
        if units and state not in settled:
            word = "尚未生成" if state is None else state.label
            found.append(Matter(Area.AGREEMENTS, f"{word}{len(units)}份:{_named(units)}"))
    return found


def _dockets(store: Store, year: int, today: date) -> list[Matter]:
    under_way = tuple(one for one in DocketState if one is not DocketState.DRAFT)
    ids = dockets.ids(store, year, DocketFilter(only_open=True, states=under_way))
    drafts = dockets.count(store, year, DocketFilter(states=(DocketState.DRAFT,)))
    rows = [row.line for row in dockets.rows(store, ids[:LISTED]).values()]
    found = [
        Matter(
            Area.DOCKETS, " ".join(text for text in (one.number, one.title, one.lead_label, one.state.label) if text),
            one.due, is_late=one.due is not None and one.due < today,
        )
        for one in rows
    ]
    if len(ids) > len(rows):
        found.append(Matter(Area.DOCKETS, f"另有{len(ids) - len(rows)}件,见“督查”中的未办结事项"))
    if drafts:
        found.append(Matter(Area.DOCKETS, f"拟办{drafts}件,还没有立项"))
    return found


def _reports(store: Store, year: int, today: date) -> list[Matter]:
    if not progress.count_months(store, year):
        return []
    rules = rules_of(store, year)
    found = []
    begun = [month for month in range(rules.first_month, 13) if date(year, month, 1) <= today]
    for month in begun[-2:]:
        missing = [one.label for one in filings.board(store, year, month) if one.state in MISSING]
        if missing:
            until = deadline(rules, month)
            found.append(Matter(
                Area.REPORTS, f"{month}月未报齐{len(missing)}个单位:{_named(missing)}", until, is_late=until < today,
            ))
    return found


def _exchange(store: Store) -> list[Matter]:
    if not origins.any_office(store):
        return []
    from mbo_desktop.services import exchange_state

    now = exchange_state.pending(store)
    counts = (
        (len(now.forks), "条内容有两个版本,待选定"), (now.replies, "件异议、申请或反馈待答复"),
        (now.quarantined, "个收到的文件在隔离区"), (len(now.stale), "处依据已变,待确认"),
        (len(now.unplaced), "条收到的内容待归位"), (len(now.gaps), "处数据包缺号"),
    )
    found = [Matter(Area.EXCHANGE, f"{many}{text}") for many, text in counts if many]
    rows = package_register.packages(store)
    if rows:
        last = rows[-1]
        found.append(Matter(Area.EXCHANGE, f"交接登记簿共{len(rows)}个数据包,最后一个", last.on))
    return found


def _backups(store: Store) -> list[Matter]:
    found = [Matter(Area.BACKUPS, f"数据文件夹:{store.folder}")]
    made = sorted(list_backups(store.folder), key=lambda one: one.made_at)
    if made:
        where = made[-1].path.parent
        found.append(Matter(Area.BACKUPS, f"备份{len(made)}份,在{where},最近一份", made[-1].made_at.date()))
    else:
        found.append(Matter(Area.BACKUPS, "还没有备份"))
    kept = backup_register.read(store.folder)
    last = kept.last(backup_register.Deed.OUTSIDE)
    if last is not None:
        found.append(Matter(Area.BACKUPS, f"外部备份在{last.place or kept.target},最近一份", last.at.date()))
    elif kept.target:
        found.append(Matter(Area.BACKUPS, f"外部备份的位置:{kept.target}"))
    return found


def _people(store: Store) -> list[Matter]:
    if accounts.mode(store).is_on:
        found = [
            Matter(Area.ACCOUNTS, f"账户{one.name}:{one.roles_text}") for one in accounts.listed(store) if one.active
        ]
        return [*found, Matter(Area.ACCOUNTS, "交接后由管理员停用移交人的账户、为接交人设账户;恢复码原件一并移交")]
    names = [one.name for one in session.operators(store)]
    return [Matter(Area.ACCOUNTS, f"登记的经办人:{'、'.join(names)};没有启用账户和密码")]


def _steps(store: Store) -> list[Matter]:
    return [
        Matter(Area.STEPS, f"{one.label}({one.who})", one.at.date())
        for one in overview.recent_changes(store, limit=LISTED)
    ]


def _named(units: Sequence[str]) -> str:
    rest = len(units) - NAMED
    return "、".join(units[:NAMED]) + (f"等{len(units)}个" if rest > 0 else "")


def record_hand_over(store: Store, giver: str, taker: str, on: date) -> None:
    """Write the hand-over into the log (a barrier) and list who takes over among those who work here.

    InputError without both names, or when they are the same; NotAllowedError when read-only.
    """
    names = [" ".join(name.split()) for name in (giver, taker)]
    if not all(names):
        raise InputError("移交人、接交人没有填全。", "请填写两人的姓名。")
    if names[0] == names[1]:
        raise InputError("移交人和接交人是同一个人。", "请改填接交人姓名。")
    if store.read_only:
        raise NotAllowedError("现在是只读状态,不能登记交接。", "请在正在使用它的窗口中登记。")
    known = {one.name: one for one in session.operators(store, with_inactive=True)}
    with store.change(f"办理人员交接:{names[0]}→{names[1]}({show_date(on)})", barrier=True) as change:
        one = known.get(names[1])
        # Where accounts are on an administrator enters people; the log tells the hand-over all the same.
        if not accounts.mode(store).is_on and (one is None or not one.active):
            change.put(Operator(id=one.id if one is not None else change.new(Operator), name=names[1]))


def clerk_page(
    store: Store, year: int, giver: str, taker: str, on: date, found: Sequence[Matter] | None = None
) -> Document:
    """The page to be signed by both and whoever looks on; found: what is on the screen."""
    from mbo_desktop.documents.clerk_handover import ClerkLine, ClerkPaper, clerk_document

    lines = tuple(
        ClerkLine(one.area.label, one.text, "" if one.day is None else show_date(one.day, "dots"), "逾期" if one.is_late else "")
        for one in (found if found is not None else matters(store, year))
    )
    return clerk_document(ClerkPaper(
        "办理人员交接单", session.office(store).name, f"{year}年度", giver, taker, show_date(on, "chinese"), lines
    ))
