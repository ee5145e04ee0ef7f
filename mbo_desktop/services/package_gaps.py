"""Packages that never arrived: which of them are still worth asking for, and giving that up with a reason.

A package carries everything its recipient is to have of its year, so a later one of the same kind
and year makes up for a lost one: only what nothing later made up for is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mbo_desktop import clock
from mbo_desktop.domain.exchange import GapDismissal, PackageKind, PackageState
from mbo_desktop.domain.planning import YearState
from mbo_desktop.errors import InputError
from mbo_desktop.services import package_register, session
from mbo_desktop.services.package_register import PackageRow, missing_words
from mbo_desktop.store.database import Store

Stream = tuple[str, str]
"""An office and one of its copies, each 32 digits."""
_Content = tuple[PackageKind, int]
_EMPTY = frozenset({PackageKind.RECEIPT, PackageKind.REPLICA})
"""Kinds that make up for nothing: a receipt brings no records, the other PC's copy is numbered apart."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of one copy that never arrived, and what nothing later made up for."""

    stream: Stream
    first: int
    last: int
    lacking: tuple[_Content, ...]
    """(kind, year) that came before the gap and not since; () when nothing with records came since."""

    @property
    def sentence(self) -> str:
        """「缺第9–11包,此后还没有收到2020年度上报,可请对方再发一次。」"""
        what = "、".join(f"{year}年度{kind.label}" for kind, year in self.lacking) or "带内容的包"
        return f"{missing_words(self.first - 1, self.last + 1)},此后还没有收到{what},可请对方再发一次。"


def gaps(store: Store) -> tuple[Gap, ...]:
    """The gaps to ask about: neither made up for nor given up."""
    closed = frozenset(row.number for row in session.years(store) if row.state is YearState.CLOSED)
    given_up = {(one.office, one.replica): one.up_to for one in store.all(GapDismissal)}
    return gaps_in(package_register.packages(store), closed, given_up)


def gaps_in(
    rows: Iterable[PackageRow], closed: frozenset[int] = frozenset(), given_up: Mapping[Stream, int] | None = None
) -> tuple[Gap, ...]:
    """The same from rows that were read already, in the order in which they were taken in.

    closed: sealed years, of which nothing is taken in any more. What a superior issued before the
    first that was taken in is missed by nobody: this office began with it.
    """
    taken: dict[Stream, list[PackageRow]] = {}
    for one in rows:
        if one.state is PackageState.APPLIED and one.kind is not PackageKind.REPLICA:
            taken.setdefault((one.sender, one.replica), []).append(one)
    found = []
    for stream, every in taken.items():
        # A copy numbers for each recipient anew: for the unit that this office was, and for what it became.
        for recipient in dict.fromkeys(one.recipient for one in every):
            found += _gaps_to(stream, recipient, every, closed, (given_up or {}).get(stream, 0))
    return tuple(found)


def _gaps_to(
    stream: Stream, recipient: str, every: Sequence[PackageRow], closed: frozenset[int], given_up: int
) -> list[Gap]:
    known = {one.seq: place for place, one in enumerate(every) if one.recipient == recipient}
    begun = set() if every[known[min(known)]].kind is PackageKind.ISSUE else {0}
    found = []
    for before, after in pairwise(sorted(begun | known.keys())):
        if after - before < 2 or after - 1 <= given_up:
            continue
        earlier = _contents(one for one in every if one.recipient == recipient and one.seq <= before)
        later = _contents(
            one for place, one in enumerate(every)
            if (one.seq >= after if one.recipient == recipient else place > known[after])
        )
        lacking = sorted((one for one in earlier - later if one[1] not in closed), key=lambda one: (one[1], one[0].value))
        if lacking or not later:
            found.append(Gap(stream, before + 1, after - 1, tuple(lacking)))
    return found


def _contents(rows: Iterable[PackageRow]) -> set[_Content]:
    """What packages brought and still bring."""
    return {(one.kind, one.year) for one in rows if one.kind not in _EMPTY and not one.withdrawn}


def give_up(store: Store, gap: Gap, reason: str) -> None:
    """不再催要: this gap and those before it of the same copy are told no more; can be undone.

    InputError without a reason.
    """
    if not reason.strip():
        raise InputError("没有写明不再催要的理由。", "请写一句理由,它记在日志中。", "没有改动任何内容。")
    office, replica = gap.stream
    with store.change("不再催要缺号的数据包") as change:
        record = change.named(GapDismissal, office, replica)
        old = change.find(GapDismissal, record)
        change.put(GapDismissal(
            id=record, office=office, replica=replica, up_to=max(gap.last, old.up_to if old else 0),
            reason=reason.strip(), by=store.operator, on=clock.today(),
        ))
