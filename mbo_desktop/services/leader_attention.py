"""Leaders' attention (亲自过问、现场研究解决), and the branches nobody looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from mbo_desktop import clock
from mbo_desktop.domain.dockets import LeaderAttention
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import sealing
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import attention as reads
from mbo_desktop.store.queries.attention import AttentionLine, UnlookedLine

__all__ = ["AttentionLine", "UnlookedLine"]

WAYS = ("亲自过问", "现场研究解决", "召开会议", "批示")


def lines(store: Store, year: int) -> tuple[AttentionLine, ...]:
    """What leaders took up in the year, newest first."""
    return reads.lines(store, year)


def add(store: Store, year: int, leader: str, matter: str, **facts: Any) -> RecordId:
    """Note that a leader took a matter up; facts: fields of `LeaderAttention` (day: today if not said).

    InputError without leader or matter, or for a day that is still to come.
    """
    if not leader.strip() or not matter.strip():
        raise InputError("领导或事项没有填写。", "请写明哪位领导、过问了什么事。")
    day: date = facts.pop("day", None) or clock.today()
    if day > clock.today():
        raise InputError("日期还没有到。", "请填实际过问的日期。")
    sealing.refuse_sealed(store, year)
    with store.change("登记领导过问") as change:
        record = change.new(LeaderAttention)
        change.put(LeaderAttention(
            id=record, year=year, day=day, leader=leader.strip(), matter=matter.strip(), **facts
        ))
    return record


def change_facts(store: Store, record: RecordId, **facts: Any) -> None:
    """Change fields of an entry."""
    with store.change("修改领导过问") as change:
        change.put(replace(change.get(LeaderAttention, record), **facts))


def followed(store: Store, record: RecordId, how: str, *, on: date | None = None) -> None:
    """Note that what was decided was done; InputError without words."""
    if not how.strip():
        raise InputError("落实情况没有填写。", "请写明决定怎样落实的。")
    with store.change("登记过问事项落实") as change:
        old = change.get(LeaderAttention, record)
        change.put(replace(old, follow_up=how.strip(), followed_on=on or clock.today()))


def remove(store: Store, record: RecordId) -> None:
    """Delete an entry made by mistake."""
    with store.change("删除领导过问") as change:
        change.delete(record)


def unlooked(store: Store, year: int) -> tuple[UnlookedLine, ...]:
    """Units with targets that neither a leader nor an inspection looked at, in official order."""
    return reads.unlooked(store, year)
