"""What waits in 待处理, as rows of one list: the word, who and what, a sentence, where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mbo_desktop.services import exchange_state, inbox, replies, session
from mbo_desktop.services.exchange_state import ForkRow, GapRow, StaleRow, StubRow, UnplacedRow
from mbo_desktop.services.inbox import HeldFile, QuarantinedFile
from mbo_desktop.services.replies import ReplyRow
from mbo_desktop.store.database import Store
from ui.grids.columns import Cell, Column, Light, Row

Payload = ForkRow | StaleRow | StubRow | UnplacedRow | GapRow | HeldFile | QuarantinedFile | ReplyRow

COLUMNS = (
    Column("kind", "事项", width=112), Column("who", "单位或机关", width=170),
    Column("title", "内容", width=260), Column("words", "说明", width=420),
)
KINDS = ("未定", "依据旧版", "未收到", "待归位", "待解封", "隔离区", "待答复", "缺号")
"""In the order of the list; 缺号 is only told."""
_LIGHTS = {"缺号": Light.GREY, "未收到": Light.GREY, "隔离区": Light.RED}


@dataclass(frozen=True, slots=True)
class PendingLine:
    """One row with what it stands for."""

    kind: str
    who: str
    title: str
    words: str
    payload: Payload

    def row(self, number: int) -> Row:
        """As the list shows it."""
        return Row(number, {
            "kind": Cell(self.kind, light=_LIGHTS.get(self.kind, Light.AMBER)), "who": self.who,
            "title": Cell(self.title, note=self.title), "words": Cell(self.words, note=self.words),
        })


def read_lines(store: Store) -> tuple[PendingLine, ...]:
    """All that waits, in the order of `KINDS`."""
    now = exchange_state.pending(store)
    lines = [_fork(one) for one in now.forks]
    lines += [PendingLine("依据旧版", one.unit_label, _month(one.title, one.month), one.sentence, one) for one in now.stale]
    lines += [
        PendingLine("未收到", one.office, one.title, f"{one.referring_type}提到的这一条还没有收到,收到后自动补上。", one)
        for one in now.stubs
    ]
    lines += [
        PendingLine("待归位", "", one.title, "合并后它的上级成了它自己的下级,已暂时取下,请重新指定上级。", one)
        for one in now.unplaced
    ]
    lines += [
        PendingLine(
            "待解封", one.office, f"{one.name} {_day(one.since)}",
            f"是{one.year}年度的数据,该年度已封存;原样保留,解封后再读入。", one,
        ) for one in inbox.held(store)
    ]
    lines += [
        PendingLine("隔离区", one.name, _day(one.since), one.sentence, one) for one in inbox.quarantined(store)
    ]
    lines += [_reply(one) for one in _open_replies(store)]
    lines += [PendingLine("缺号", one.name, "", one.sentence, one) for one in now.gaps]
    return tuple(lines)


def _open_replies(store: Store) -> list[ReplyRow]:
    """Of all years, as the 工作台 counts them."""
    return [
        one for year in session.years(store)
        for one in replies.replies(store, year.number, only_open=True)
    ]


def _fork(one: ForkRow) -> PendingLine:
    whose = "由本机关选定" if one.is_own else f"由{one.office}选定"
    words = f"有{len(one.sides)}个版本,暂按其中一个计,{whose}。"
    return PendingLine("未定", one.office, f"{one.type_label} {one.title}".strip(), words, one)


def _reply(one: ReplyRow) -> PendingLine:
    title = f"{one.subject_type} {one.subject_title}".strip() or "(对应的内容还没有收到)"
    return PendingLine("待答复", one.unit_label, title, f"{one.reply.kind.label}:{one.reply.text}", one)


def _month(title: str, month: int) -> str:
    return f"{title} {month}月" if month else title


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d} 放入"
