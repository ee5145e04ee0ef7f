"""Answers to another office's records: receipt, objection, feedback, request, return with comment.

The record answered stays as it is: only its owner writes it. What is asked for is made there as
an own record (`take_up`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from mbo_desktop import clock
from mbo_desktop.domain.assessment import Objection
from mbo_desktop.domain.dockets import Docket, DocketAct, DocketStep
from mbo_desktop.domain.exchange import BindingRole, Reply, ReplyKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import Photo
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Target
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import adjustments, bound_offices, dockets, objections, offices, sealing
from mbo_desktop.services.adjustment_terms import AdjustmentInput
from mbo_desktop.services.body_words import BodyWords, type_label
from mbo_desktop.store import attachments
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.portable import bodies_of, names_of
from mbo_desktop.store.queries.slices import owners_of

_TO_SUPERIOR: dict[str, tuple[ReplyKind, ...]] = {
    "docket": (ReplyKind.RECEIPT, ReplyKind.FEEDBACK),
    "finding": (ReplyKind.RECEIPT, ReplyKind.FEEDBACK, ReplyKind.OBJECTION),
    "target": (ReplyKind.RECEIPT, ReplyKind.REQUEST, ReplyKind.OBJECTION),
    "agreement": (ReplyKind.RECEIPT, ReplyKind.OBJECTION),
    "reply": (ReplyKind.RECEIPT,),
}
_OTHERWISE = (ReplyKind.RECEIPT, ReplyKind.OBJECTION)


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """A reply of the list."""

    reply: Reply
    is_own: bool
    """Made here; else it came in a package."""
    unit_label: str
    subject_type: str
    """「目标值」, 「督查事项」 …; "" when the subject has not arrived."""
    subject_title: str
    is_answered: bool
    """Whether a reply made here answers it."""


def kinds_for(store: Store, subject: RecordId) -> tuple[ReplyKind, ...]:
    """Which replies this office can give to a record; empty for its own records."""
    owner = owners_of(store, [subject]).get(subject)
    if owner is None or owner == store.owner.bytes:
        return ()
    bound = bound_offices.binding_of(store, owner.hex())
    if bound is not None and bound.role is BindingRole.SUPERIOR:
        return _TO_SUPERIOR.get(_type_of(store, subject), _OTHERWISE)
    return (ReplyKind.RETURN, ReplyKind.RECEIPT)


def add(
    store: Store, subject: RecordId, kind: ReplyKind, text: str, *, year: int,
    month: int | None = None, on: date | None = None, until: date | None = None,
    files: Sequence[Path] = (),
) -> RecordId:
    """Give a reply; it goes with the next package. InputError without a text (a receipt needs none).

    NotAllowedError where this office has nothing of the kind to say to the record.
    """
    if kind not in kinds_for(store, subject):
        raise NotAllowedError(
            f"这一条内容不能做“{kind.label}”。", "只能对上级下达或下级上报的内容答复。"
        )
    if not text.strip() and kind is not ReplyKind.RECEIPT:
        raise InputError(f"没有写明{kind.label}的内容。", "请填写后再保存。")
    sealing.refuse_sealed(store, year)
    kept = tuple(
        Photo(attachments.add(store, path, path.name), path.name, path.stat().st_size)
        for path in files
    )
    with store.change(f"登记{kind.label}") as change:
        record = change.new(Reply)
        change.put(Reply(
            id=record, subject=subject, kind=kind, year=year, month=month,
            unit=_speaks_for(store, subject), text=text.strip(), by=store.operator,
            on=on or clock.today(), until=until, files=kept,
        ))
    return record


def remove(store: Store, reply: RecordId) -> None:
    """Take an own reply back; what went out already is withdrawn with the next package."""
    with store.change("删除答复") as change:
        sealing.refuse_sealed(store, change.get(Reply, reply).year)
        change.delete(reply)


def of_subject(store: Store, subject: RecordId) -> tuple[ReplyRow, ...]:
    """All replies to a record, oldest first."""
    return _rows(store, store.all(Reply, subject=subject))


def replies(store: Store, year: int, *, only_open: bool = False) -> tuple[ReplyRow, ...]:
    """The year's replies, own and received; only_open: received ones that nothing answers yet."""
    found = _rows(store, store.all(Reply, year=year))
    if not only_open:
        return found
    asking = (ReplyKind.OBJECTION, ReplyKind.FEEDBACK, ReplyKind.REQUEST, ReplyKind.RETURN)
    return tuple(
        row for row in found
        if not row.is_own and not row.is_answered and row.reply.kind in asking
    )


def take_up(
    store: Store, reply: RecordId, *, request: AdjustmentInput | None = None
) -> RecordId:
    """Make the own record that a received reply asks for, and answer it with a receipt; its number.

    An objection → `Objection`; feedback on an own docket → its step; a request → the adjustment
    as the clerk read it from the text (`request`). InputError for other kinds.
    """
    asked = store.get(Reply, reply)
    if asked.kind is ReplyKind.OBJECTION:
        made = _objection(store, asked)
    elif asked.kind is ReplyKind.FEEDBACK and store.find(Docket, asked.subject) is not None:
        made = _feedback(store, asked)
    elif asked.kind is ReplyKind.REQUEST and request is not None:
        made = adjustments.request(
            store, [request], requested_on=asked.on or clock.today(),
            evidence=[one.file_hash for one in asked.files],
            outside_window="按单位上报的申请登记",
        )[0]
    else:
        raise InputError(f"“{asked.kind.label}”没有可以转办的事项。", "请阅后签收,或在相应的工作页中登记。")
    if not _answered(store, reply):
        add(store, reply, ReplyKind.RECEIPT, "已收到并登记。", year=asked.year)
    return made


def _objection(store: Store, asked: Reply) -> RecordId:
    target = store.find(Target, asked.subject)
    unit = asked.unit if target is None else target.unit
    if unit is None:
        raise InputError("这条异议没有写明是哪个单位。", "请在“考核→申诉”中手工登记。")
    own = store.find(Objection, asked.subject)
    return objections.raise_objection(
        store, asked.year, unit, asked.text, on=asked.on,
        indicator=target.indicator if target is not None else own.indicator if own else None,
    )


def _feedback(store: Store, asked: Reply) -> RecordId:
    step = DocketStep(
        DocketAct.FEED_BACK, asked.on or clock.today(), by=asked.by, text=asked.text,
        photos=asked.files,
    )
    if DocketAct.FEED_BACK not in dockets.next_acts(store, asked.subject):
        step = replace(step, act=DocketAct.INTERIM)
    dockets.act(store, [asked.subject], step)
    return asked.subject


def _speaks_for(store: Store, subject: RecordId) -> RecordId | None:
    """The own unit in whose name a reply to a superior is given; None downwards."""
    owner = owners_of(store, [subject])[subject]
    bound = bound_offices.binding_of(store, owner.hex())
    upwards = bound is not None and bound.role is BindingRole.SUPERIOR
    return offices.root_unit(store) if upwards else None if bound is None else bound.unit


def _answered(store: Store, reply: RecordId) -> bool:
    found = store.all(Reply, subject=reply)
    owners = owners_of(store, [one.id for one in found])
    return any(owners[one.id] == store.owner.bytes for one in found)


def _type_of(store: Store, record: RecordId) -> str:
    name = names_of(store, [record])[record]
    return bodies_of(store, [name]).get(name, ("", ""))[0]


def _rows(store: Store, found: Sequence[Reply]) -> tuple[ReplyRow, ...]:
    owners = owners_of(store, [one.id for one in found])
    own = store.owner.bytes
    names = names_of(store, list({one.subject for one in found}))
    known = bodies_of(store, list(names.values()))
    words = BodyWords(store, {})
    units = store.get_many(Unit, [one.unit for one in found if one.unit is not None])
    rows = []
    for one in sorted(found, key=lambda reply: (reply.on or date.min, reply.id)):
        subject = known.get(names.get(one.subject, ""))
        unit = units.get(one.unit) if one.unit is not None else None
        rows.append(ReplyRow(
            one, owners[one.id] == own, "" if unit is None else unit.short_name or unit.name,
            "" if subject is None else type_label(subject[0]),
            "" if subject is None else words.text(subject[0], "subject", names[one.subject]),
            _answered(store, one.id),
        ))
    return tuple(rows)
