"""The first 工作台: where the year stands and what is to be done next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mbo_desktop import clock
from mbo_desktop.domain.adjustments import AdjustmentState
from mbo_desktop.domain.agreements import Agreement, AgreementState
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.services import (
    blanks,
    duties,
    level_words,
    registers,
    results,
    sealing,
    session,
    superior_results,
    year_turn_checks,
)
from mbo_desktop.services.adjustment_lists import count_adjustments
from mbo_desktop.services.agreements import agreement_ids, deviations
from mbo_desktop.services.duties import Duty
from mbo_desktop.services.own_figures import own_records
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import overview as reads
from mbo_desktop.store.queries.overview import RecentChange, YearFigures

__all__ = ["RecentChange", "YearFigures"]


class Room(Choice):
    """A room of the window that a row leads to."""

    OVERVIEW = "overview", "工作台"
    PLANNING = "planning", "目标体系"
    AGREEMENTS = "agreements", "责任书"
    DECOMPOSITION = "decomposition", "目标分解"
    PROGRESS = "progress", "进度"
    INSPECTIONS = "inspections", "督查"
    EXCHANGE = "exchange", "数据交换"
    OFFICES = "offices", "单位人员"


class Urgency(Choice):
    """How a next step is shown."""

    TODO = "todo", "待办"
    TROUBLE = "trouble", "有问题"
    DONE = "done", "已完成"


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to do, with the room to open and what to show there."""

    room: Room
    text: str
    """「6个单位的责任书尚未印发」."""
    count: int
    urgency: Urgency
    filter_hint: str = ""
    """A code the room understands: not_set, points, draft, differing, no_principal, no_targets,
    not_signed, adjustments, sources, blanks, overdue, near, asked, checks, board, backup, pending, year_turn."""


def figures(store: Store, year: int) -> YearFigures:
    """The year in figures."""
    declared = next(
        (row.declared_points for row in session.years(store) if row.number == year), None
    )
    return reads.figures(store, year, declared, clock.today())


def next_steps(
    store: Store, year: int, now: YearFigures | None = None
) -> tuple[NextStep, ...]:
    """What to do next, most pressing first; an empty year says how to start.

    What is blank in the decomposition is known once the year was checked in this session.

    now: the year's figures where they were counted already. A sealed year asks for nothing, but
    what concerns no single year (the exchange, backups) is asked for on every year's page.
    """
    turn = _year_turn(store, year)
    if sealing.is_sealed(store, year):
        return (
            *turn, *_steps(duties.exchange(store)), *_steps(_backups(store)),
            NextStep(Room.PLANNING, f"{year} 年度已封存", 1, Urgency.DONE, "last_year"),
        )
    now = now or figures(store, year)
    found: list[NextStep] = [*turn]

    def add(
        room: Room, text: str, count: int, urgency: Urgency = Urgency.TODO, hint: str = ""
    ) -> None:
        if count:
            found.append(NextStep(room, text.format(count), count, urgency, hint))

    if not now.units:
        add(Room.OFFICES, "还没有登记单位:录入或粘贴单位名单", 1)
    if not now.indicators:
        add(Room.PLANNING, "本年度还没有指标:从台账导入、粘贴或逐项录入", 1)
        return (*found, *_steps(duties.exchange(store)))
    differ = _unexplained(store, year)
    trouble = Urgency.TROUBLE
    found += _steps(duties.duties(store, year))
    add(Room.AGREEMENTS, "{}份责任书与现行目标不一致", differ, trouble, "differing")
    add(
        Room.AGREEMENTS, "{}项调整申请待批准",
        count_adjustments(store, year, states=(AdjustmentState.REQUESTED,)), hint="adjustments",
    )
    add(Room.PLANNING, "{}个单位的分值合计与规定不符", now.points_off, trouble, "points")
    add(Room.PLANNING, "{}项目标尚未设定", now.targets - now.targets_set, hint="not_set")
    without = now.units - now.units_with_targets
    add(Room.PLANNING, "{}个单位还没有目标", without, hint="no_targets")
    uncovered = sum(row.items - row.covered for row in registers.sources(store, year))
    add(Room.PLANNING, "{}条会议、文件事项尚未落实到目标", uncovered, hint="sources")
    add(
        Room.OFFICES, "{}个有目标的单位没有登记第一责任人", now.without_principal,
        hint="no_principal",
    )
    listed = blanks.last_list(store, year)
    add(
        Room.DECOMPOSITION, "目标分解有{}处空白和不一致",
        0 if listed is None else listed.in_decomposition, hint="blanks",
    )
    states = now.agreements
    signed = sum(states.get(state, 0) for state in _SIGNED)
    if signed:
        # Once the meeting was held, those still missing are the ones to be pressed.
        unsigned = sum(states.values()) - signed
        add(Room.AGREEMENTS, "{}个单位尚未签订责任书", unsigned, hint="not_signed")
    add(Room.AGREEMENTS, "{}个单位的责任书尚未生成", states.get(None, 0), hint="no_agreement")
    for state, text in _STEP_TEXTS:
        add(Room.AGREEMENTS, text, states.get(state, 0), hint=state.value)
    found += _steps(_backups(store))
    if not found:
        done = states.get(AgreementState.ARCHIVED, 0)
        add(Room.AGREEMENTS, "{}份责任书全部归档", done, Urgency.DONE)
    return tuple(found)


def _steps(found: Iterable[Duty]) -> list[NextStep]:
    """Duties as steps; nothing to do leaves a line out."""
    return [
        NextStep(Room.of(due.room), due.text, due.count, Urgency.TROUBLE if due.is_late else Urgency.TODO, due.hint)
        for due in found if due.count
    ]


def _backups(store: Store) -> list[Duty]:
    """Backups that are old."""
    today = clock.today()
    found = (duties.backup_duty(last_backup(store), today), duties.outside_backup_duty(store, today))
    return [due for due in found if due is not None]


_SIGNED = (AgreementState.ISSUER_SIGNED, AgreementState.ARCHIVED)
_STEP_TEXTS = (
    (AgreementState.DRAFT, "{}份责任书尚未印发"),
    (AgreementState.ISSUED, "{}份责任书已印发,待领取"),
    (AgreementState.COLLECTED, "{}份责任书已领取,待乙方签字"),
    (AgreementState.PARTY_SIGNED, "{}份责任书乙方已签,待收回"),
    (AgreementState.RETURNED, "{}份责任书已收回,待甲方签章"),
    (AgreementState.ISSUER_SIGNED, "{}份责任书已签章,待归档"),
)


def _year_turn(store: Store, year: int) -> list[NextStep]:
    """At the year's end, while the next one is not begun, it is offered on both years' pages."""
    turn = year_turn_checks.offered(store)
    if turn is None or year not in turn:
        return []
    text = f"年度结转:由{turn[0]}年度建立{turn[1]}年度"
    return [NextStep(Room.OVERVIEW, text, 1, Urgency.TODO, "year_turn")]


def recent_changes(store: Store, *, limit: int = 20) -> tuple[RecentChange, ...]:
    """The latest changes of this data folder."""
    return reads.recent_changes(store, limit)


def last_backup(store: Store) -> datetime | None:
    """When the newest backup in the folder was made, None when there is none."""
    from mbo_desktop.store.backup import list_backups

    made = [backup.made_at for backup in list_backups(store.folder)]
    return max(made, default=None)


@dataclass(frozen=True, slots=True)
class SignedTargets:
    """What units signed with the own government in a year: units by kind, targets in all."""

    kinds: tuple[tuple[str, int], ...]
    targets: int

    @property
    def units(self) -> int:
        """Units in all."""
        return sum(count for _kind, count in self.kinds)


def signed_targets(store: Store, year: int) -> SignedTargets:
    """Counted from what was signed, not from what stands in the matrix today."""
    signed = reads.signed_units(store, year)
    kinds = Counter(level_words.kind_word(store, UnitKind.of(kind)) for _agreement, kind in signed)
    records = store.get_many(Agreement, [RecordId(agreement) for agreement, _kind in signed])
    total = sum(len(r.snapshot.rows) for r in records.values() if r.snapshot is not None)
    return SignedTargets(tuple(kinds.items()), total)


def account_sentence(store: Store, year: int) -> str:
    """「2020年，示例市人民政府与12个县（市、区）、48个市直部门共签订责任目标720项。」 signed ones only; "" when none."""
    own = session.office(store)
    signed = signed_targets(store, year)
    if not signed.units:
        return ""
    parties = "、".join(f"{units}个{kind}" for kind, units in signed.kinds)
    return f"{year}年，{own.government_name or own.name}与{parties}共签订责任目标{signed.targets}项。"


def opening_sentences(store: Store, year: int) -> tuple[str, ...]:
    """How the speech of a year begins: last year's account, and how the superior assessed it.

    Sentences of which nothing is recorded are left out.
    """
    said = (results.account(store, year - 1).sentence, superior_results.sentence(store, year - 1))
    return tuple(text for text in said if text)


def _unexplained(store: Store, year: int) -> int:
    """Issued agreements that differ from the live targets beyond what was approved as adjustments.

    What this government signed with its superior is the superior's to correct.
    """
    found = deviations(store, own_records(store, agreement_ids(store, year)))
    return sum(one.unexplained > 0 for one in found.values())
