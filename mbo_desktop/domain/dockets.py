"""Dockets (督查事项): one matter from 立项 to 归档, with every step it took (domain notes §5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity, RecordId
from mbo_desktop.domain.inspections import MatterSource, Photo


class DocketState(Choice):
    """Where a docket stands, in the order of the way."""

    DRAFT = "draft", "拟办"
    FILED = "filed", "已立项"
    ASSIGNED = "assigned", "已交办"
    ACCEPTED = "accepted", "已签收"
    HANDLING = "handling", "承办中"
    FED_BACK = "fed_back", "已反馈"
    REVIEWED = "reviewed", "已审核"
    VERIFIED = "verified", "已核查"
    CLOSED = "closed", "已办结"
    STRUCK = "struck", "已销号"
    ARCHIVED = "archived", "已归档"


class DocketAct(Choice):
    """What was done with a docket; the first ten lead along the way, the others beside it."""

    FILE = "file", "立项"
    ASSIGN = "assign", "交办"
    ACCEPT = "accept", "签收"
    HANDLE = "handle", "承办"
    FEED_BACK = "feed_back", "反馈"
    REVIEW = "review", "审核通过"
    VERIFY = "verify", "核查属实"
    CLOSE = "close", "办结"
    STRIKE_OFF = "strike_off", "销号"
    ARCHIVE = "archive", "归档"
    INTERIM = "interim", "阶段反馈"
    REMIND = "remind", "催办"
    ASK_EXTENSION = "ask_extension", "申请延期"
    EXTEND = "extend", "同意延期"
    REFUSE_EXTENSION = "refuse_extension", "不同意延期"
    RETURN = "return", "退办"
    ESCALATE = "escalate", "升级"
    HOLD = "hold", "挂账"
    RESUME = "resume", "恢复办理"
    LOOK_BACK = "look_back", "回头看"
    REOPEN = "reopen", "重新办理"
    NOTE = "note", "批注"


class Urgency(Choice):
    """How urgent an order is."""

    PLAIN = "plain", "平件"
    URGENT = "urgent", "急件"
    MOST_URGENT = "most_urgent", "特急件"


class ReminderWay(Choice):
    """How somebody was reminded, from mild to sharp."""

    PHONE = "phone", "电话"
    LETTER = "letter", "督办函"
    NOTICE = "notice", "督查催办通知"
    ON_SITE = "on_site", "现场督办"


class DayKind(Choice):
    """How the days of a deadline are counted."""

    WORKING = "working", "工作日"
    CALENDAR = "calendar", "自然日"


@dataclass(frozen=True, slots=True)
class SourceLimit:
    """The usual limit of what comes from a source (domain notes §5.3)."""

    source: MatterSource
    days: int
    kind: DayKind = DayKind.CALENDAR


@dataclass(frozen=True, slots=True)
class DocketStep:
    """One act: what, when, by whom, in which words.

    until: the new date of an extension asked for or granted; colour: of an escalation; way: of
    a reminder; paper: number of the slip.
    """

    act: DocketAct
    on: date
    by: str = ""
    text: str = ""
    until: date | None = None
    colour: str = ""
    way: ReminderWay | None = None
    paper: str = ""
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket(Entity):
    """One matter for one lead unit; its state follows from its steps (`domain.docket_flow`)."""

    type_name: ClassVar[str] = "docket"

    year: int
    title: str
    number: str = ""
    source: MatterSource = MatterSource.OTHER
    source_text: str = ""
    """文号, 会议 or 批示 as written."""
    instruction: str = ""
    """批示原文."""
    origin: RecordId | None = None
    """The record it was made from: a finding, a progress problem, an item of the register."""
    subject: RecordId | None = None
    """The target it is about."""
    task: str = ""
    """承办任务 and 反馈要求."""
    urgency: Urgency = Urgency.PLAIN
    lead: RecordId | None = None
    """主办单位."""
    supporting: tuple[RecordId, ...] = ()
    """协办单位."""
    responsible: str = ""
    leader: str = ""
    """责任领导 who signs the feedback."""
    supervisor: str = ""
    """督办人 and telephone."""
    decider: str = ""
    """协调事项: who must decide."""
    delayer: str = ""
    """协调事项: whose answer is awaited."""
    days: int | None = None
    day_kind: DayKind = DayKind.WORKING
    due: date | None = None
    """As ordered; extensions stand in the steps."""
    cause: str = ""
    measure: str = ""
    result: str = ""
    steps: tuple[DocketStep, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar(Entity):
    """Holidays on weekdays and working days at weekends of a year (natural key: year)."""

    type_name: ClassVar[str] = "work_calendar"

    year: int
    holidays: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()
    """调休上班."""
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderAttention(Entity):
    """That a leader took a matter up in person (亲自过问、现场研究解决): when, who, what was decided."""

    type_name: ClassVar[str] = "leader_attention"

    year: int
    day: date
    leader: str
    way: str = ""
    """亲自过问, 现场研究解决, 召开会议, 批示."""
    unit: RecordId | None = None
    subject: RecordId | None = None
    docket: RecordId | None = None
    matter: str = ""
    decision: str = ""
    follow_up: str = ""
    followed_on: date | None = None
