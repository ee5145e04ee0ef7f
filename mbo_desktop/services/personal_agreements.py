"""Agreements of units with their people (个人责任书): who is to sign one, making them, their board."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from mbo_desktop import clock
from mbo_desktop.domain.agreements import (
    Agreement,
    AgreementCopy,
    AgreementLevel,
    AgreementState,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.services import sealing
from mbo_desktop.services.agreement_parties import principal_post
from mbo_desktop.services.agreements import MadeAgreements, template, template_in
from mbo_desktop.services.allocation_annex import personal_roles
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import agreements as reads
from mbo_desktop.store.queries import carried as carried_reads
from mbo_desktop.store.queries.agreements import AgreementFilter, AgreementRow
from mbo_desktop.store.queries.carried import PostLine


def personal_board(
    store: Store, year: int, *, chosen: AgreementFilter | None = None, on: date | None = None
) -> tuple[AgreementRow, ...]:
    """Posts that carry tasks as responsible person or handler, or have an agreement, in official order."""
    wanted = chosen or AgreementFilter()
    return tuple(row for row in _all_rows(store, year, on or clock.today(), wanted) if _fits(row, wanted))


def personal_counts(rows: Sequence[AgreementRow]) -> dict[AgreementState | None, int]:
    """How many of these stand in each state; None: without an agreement."""
    return dict(Counter(row.state for row in rows))


def make_personal(
    store: Store, year: int, posts: Sequence[RecordId] | None = None
) -> MadeAgreements:
    """Make a draft for each post that carries tasks and has none yet (None: all posts); one undo step.

    A vacant post gets none: nobody could sign it. Raises NotAllowedError in a sealed year.
    """
    rows = [row for row in personal_board(store, year) if posts is None or row.post in posts]
    vacant = [row for row in rows if row.agreement is None and not row.person]
    fresh = [row for row in rows if row.agreement is None and row.person and row.targets]
    made: list[RecordId] = []
    with store.change("生成个人责任书") as change:
        sealing.refuse_sealed(store, year)
        used = (template_in(store, change, year, personal=True) if fresh
                else template(store, year, personal=True))
        principals = {unit: principal_post(store, unit) for unit in {row.unit for row in fresh}}
        for row in fresh:
            assert row.post is not None
            record = change.named(Agreement, year, row.post)
            change.put(Agreement(
                id=record, year=year, unit=row.unit, post=row.post, template=used.id,
                issuer_post=principals[row.unit], party_post=row.post,
                copies=tuple(AgreementCopy(holder) for holder in used.copies),
            ))
            made.append(record)
    existing = sum(row.agreement is not None for row in rows)
    known = {row.post for row in rows}
    without = tuple(str(post) for post in posts or () if post not in known)
    warnings = tuple(f"{row.unit_name}:岗位空缺,没有生成" for row in vacant)
    return MadeAgreements(tuple(made), existing, without, warnings)


def _all_rows(
    store: Store, year: int, on: date, chosen: AgreementFilter
) -> list[AgreementRow]:
    counts: Counter[int] = Counter()
    for line in carried_reads.nodes(store, year):
        for number in {line.responsible, line.handler} - {None}:
            counts[number or 0] += bool(personal_roles(line, number or 0))
    ids = reads.agreement_ids(store, year, level=AgreementLevel.PERSON)
    of_post = {
        record.post: record for record in store.get_many(Agreement, ids).values()
        if record.post is not None
    }
    carrying = {post for post, count in counts.items() if count} | set(of_post)
    text = chosen.text.strip()
    units = {one.record: one for one in carried_reads.units(store)}
    kinds = carried_reads.unit_kinds(store)
    rows = []
    for post in carried_reads.posts(store, on, only=carrying):
        unit = units[post.unit]
        if text and not _named(post, text) and text not in unit.label:
            continue
        kind, group = kinds[post.unit]
        rows.append(_row(post, unit.label, kind, group, counts[post.record], of_post.get(post.record)))
    return rows


def _row(
    post: PostLine, unit: str, kind: UnitKind, group: str, count: int, record: Agreement | None
) -> AgreementRow:
    who = f"{post.name}({post.title})" if post.name else f"{post.title}(空缺)"
    return AgreementRow(
        unit=post.unit, unit_name=f"{unit} {who}", short_name=f"{unit} {who}", kind=kind,
        peer_group=group, agreement=None if record is None else record.id,
        number="" if record is None else record.number,
        state=None if record is None else record.state,
        signed_on=None if record is None else record.signed_on,
        targets=count, not_set=0, points=Decimal(0), post=post.record, person=post.name,
        phone=post.phone,
    )


def _named(post: PostLine, text: str) -> bool:
    low = text.lower().replace(" ", "")
    pinyin = post.name_pinyin.replace(" ", "")
    return text in post.name or text in post.title or pinyin.startswith(low) or (
        post.name_initials.startswith(low)
    )


def _fits(row: AgreementRow, chosen: AgreementFilter) -> bool:
    if chosen.without_agreement and row.agreement is not None:
        return False
    if chosen.states and row.state not in chosen.states:
        return False
    return not chosen.kinds or row.kind in chosen.kinds
