"""待处理: forks, stale bases, records not received, unplaced nodes, quarantine, gaps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mbo_desktop.domain.exchange import BindingRole, PackageKind, PackageState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    bound_offices,
    inbox,
    package_gaps,
    package_register,
    replies,
    session,
)
from mbo_desktop.services.body_words import BodyWords, type_label
from mbo_desktop.services.package_gaps import Gap
from mbo_desktop.services.package_making import stream_of
from mbo_desktop.services.package_register import PackageRow
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import stale as stale_reads
from mbo_desktop.store.queries import waiting
from mbo_desktop.store.queries.forks import Fork, Version, forked, forks
from mbo_desktop.store.queries.portable import bodies_of, names_of


@dataclass(frozen=True, slots=True)
class Side:
    """One of several heads of a record: its hash and what it says, field by field."""

    hash: str
    fields: tuple[tuple[str, str], ...]
    """Label and text, only the fields in which the sides differ."""
    counts: bool
    """Whether it counts provisionally."""
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class ForkRow:
    """A record of which an office sent two versions that do not know each other (未定)."""

    record: RecordId
    type_name: str
    type_label: str
    title: str
    office: str
    """Name of the owning office."""
    is_own: bool
    """Whether it is a record of this office (two PCs of it): settled here, else there."""
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class StaleRow:
    """A report that answers an older edition of its target (依据旧版指标)."""

    record: RecordId
    subject: RecordId
    unit_label: str
    title: str
    month: int
    sentence: str


@dataclass(frozen=True, slots=True)
class StubRow:
    """A record that others refer to and that has not been received (未收到)."""

    record: RecordId
    office: str
    referred_by: RecordId
    referring_type: str
    title: str


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """A unit or node that a merge would have hung below itself (待归位)."""

    record: RecordId
    type_name: str
    title: str


@dataclass(frozen=True, slots=True)
class GapRow:
    """Packages of an office that have not arrived."""

    office: str
    name: str
    sentence: str
    """「缺第9–11包,此后还没有收到2020年度上报,可请对方再发一次。」"""
    gap: Gap | None = None
    """To be given up with a reason."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Everything that waits for somebody."""

    forks: tuple[ForkRow, ...]
    stale: tuple[StaleRow, ...]
    stubs: tuple[StubRow, ...]
    unplaced: tuple[UnplacedRow, ...]
    quarantined: int
    gaps: tuple[GapRow, ...]
    replies: int
    """Received replies that nothing answers yet."""
    held: int = 0
    """Packages that wait until their sealed year is unsealed."""

    @property
    def count(self) -> int:
        """What 工作台 counts: gaps and what has not arrived yet are only told, each in a line of its own."""
        return (
            len(self.forks) + len(self.stale) + len(self.unplaced) + self.quarantined + self.replies + self.held
        )


def pending(store: Store) -> Pending:
    """What waits, with rows that open the place."""
    names = {one.office: one.name for one in bound_offices.own_bindings(store)}
    return Pending(
        _forks(store, names), _stale(store), _stubs(store, names), _unplaced(store),
        len(inbox.quarantined(store)), _gaps(store, names),
        sum(len(replies.replies(store, row.number, only_open=True)) for row in session.years(store)),
        len(inbox.held(store)),
    )


def marks(store: Store, records: Sequence[RecordId]) -> dict[RecordId, str]:
    """「未定」, 「依据旧版指标」, 「待归位」 for those of the records that have one."""
    wanted = set(records)
    found = {
        record: "依据旧版指标" for one in _stale(store) for record in (one.subject, one.record) if record in wanted
    }
    found |= {one.record: "待归位" for one in _unplaced(store) if one.record in wanted}
    return found | dict.fromkeys(forked(store, list(records)), "未定")


def settle_fork(store: Store, record: RecordId, edition: str) -> None:
    """Decide for one side of an own record: it counts, and the next package names both.

    NotAllowedError for a record of another office: only it can settle that.
    """
    fork = next((one for one in forks(store) if one.record == record), None)
    if fork is None:
        raise InputError("这一条内容没有冲突。", "可能已经解决,请刷新。")
    if fork.owner != store.owner.hex:
        raise NotAllowedError(
            "这是其他机关的内容,只有它自己能定。", "请告诉对方:在本机关合并两台电脑的数据后重新制包。"
        )
    side = next((one for one in fork.versions if one.hash == edition), None)
    if side is None or side.body is None:
        raise InputError("选定的一版已不在。", "请刷新后再选。")
    codec = CODECS[fork.type_name]
    with store.change("选定冲突的一版", barrier=True) as change:
        body = codec.upgraded(json.loads(side.body), side.schema)
        change.put_state(record, codec, body, deleted=side.deleted)
        change.take_up([record])


def _forks(store: Store, names: dict[str, str]) -> tuple[ForkRow, ...]:
    found = forks(store)
    words = BodyWords(store, {})
    rows = []
    for one in found:
        bodies = [_body(version) for version in one.versions]
        rows.append(ForkRow(
            one.record, one.type_name, type_label(one.type_name),
            next((title for body in bodies if (title := words.place(body))), ""),
            names.get(one.owner, "本机关" if one.owner == store.owner.hex else ""),
            one.owner == store.owner.hex, _sides(words, one, bodies),
        ))
    return tuple(rows)


def _sides(words: BodyWords, fork: Fork, bodies: Sequence[dict[str, Any]]) -> tuple[Side, ...]:
    return tuple(
        Side(version.hash, tuple(shown), place == 0, version.deleted)
        for place, (version, shown) in enumerate(zip(
            fork.versions, sides_of(words, fork.type_name, bodies), strict=True
        ))
    )


def sides_of(
    words: BodyWords, type_name: str, bodies: Sequence[dict[str, Any]]
) -> list[list[tuple[str, str]]]:
    """For each body the fields in which they differ, in words."""
    from mbo_desktop.services.body_words import LABELS

    differing = [
        field for field in dict.fromkeys(key for body in bodies for key in body)
        if any(body.get(field) != bodies[0].get(field) for body in bodies[1:])
    ]
    return [
        [(LABELS.get(field, field), words.text(type_name, field, body.get(field))) for field in differing]
        for body in bodies
    ]


def _body(version: Version) -> dict[str, Any]:
    return {} if version.body is None else json.loads(version.body)


def _stale(store: Store) -> tuple[StaleRow, ...]:
    packages = package_register.packages(store)
    found: list[StaleRow] = []
    for bound in bound_offices.own_bindings(store):
        if bound.role is BindingRole.SUPERIOR or bound.unit is None:
            continue
        reports = [one for one in packages if _counts_as_report(one, bound.office)]
        if not reports:
            continue
        last = reports[-1]
        seen = [package for one in reports for package, _on in one.receipts]
        name = names_of(store, [bound.unit])[bound.unit]
        known, unseen = stale_reads.packages_issued(store, stream_of(name), last.package, seen)
        targets = stale_reads.targets_unseen(store, known, unseen)
        on = stale_reads.last_reports(store, targets, bytes.fromhex(bound.office))
        found += _stale_rows(store, bound.name, on)
    return tuple(found)


def _counts_as_report(one: PackageRow, office: str) -> bool:
    return (
        one.sender == office and one.kind is PackageKind.REPORT
        and one.state is PackageState.APPLIED and not one.withdrawn
    )


def _stale_rows(
    store: Store, office: str, on: dict[RecordId, tuple[RecordId, int]]
) -> list[StaleRow]:
    if not on:
        return []
    names = names_of(store, list(on))
    known = {name: (kind, json.loads(body)) for name, (kind, body) in bodies_of(store, list(names.values())).items()}
    words = BodyWords(store, known)
    return [
        StaleRow(
            record, subject, words.unit(known[names[subject]][1]) or office,
            words.title(known[names[subject]][1]), month,
            f"{month}月的数据是对方收到目标变动之前报的,依据旧版指标。",
        )
        for subject, (record, month) in on.items() if names[subject] in known
    ]


def _stubs(store: Store, names: dict[str, str]) -> tuple[StubRow, ...]:
    found = waiting.stubs(store)
    words = BodyWords(store, {})
    rows = []
    referring = names_of(store, list({one.referred_by for one in found}))
    known = bodies_of(store, list(referring.values()))
    for one in found:
        kind, text = known.get(referring[one.referred_by], ("", "{}"))
        rows.append(StubRow(
            one.record, names.get(one.owner, "其他机关"), one.referred_by, type_label(kind),
            words.title(json.loads(text)),
        ))
    return tuple(rows)


def _unplaced(store: Store) -> tuple[UnplacedRow, ...]:
    found = waiting.unplaced(store)
    names = names_of(store, [record for record, _type in found])
    known = bodies_of(store, list(names.values()))
    words = BodyWords(store, {})
    return tuple(
        UnplacedRow(record, kind, words.title(json.loads(known[names[record]][1])))
        for record, kind in found if names[record] in known
    )


def _gaps(store: Store, names: dict[str, str]) -> tuple[GapRow, ...]:
    return tuple(
        GapRow(one.stream[0], names.get(one.stream[0], ""), one.sentence, one) for one in package_gaps.gaps(store)
    )
