"""Saving the wording of agreements as one step: the year's for all units, or one unit's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from mbo_desktop.domain.agreements import Agreement, AgreementCopy, AgreementLevel, Clause
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import sealing
from mbo_desktop.services.agreements import (
    draft_in,
    filled_lines,
    named_holders,
    required_text,
    template_in,
)
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import agreements as reads


def common_basis(store: Store, year: int, *, personal: bool = False) -> tuple[str, ...]:
    """The 依据 that all drafts of the year share; empty when they differ or none is there."""
    drafts = store.get_many(Agreement, _drafts(store, year, personal))
    found = {draft.basis for draft in drafts.values()}
    return found.pop() if len(found) == 1 else ()


def set_year_text(
    store: Store,
    year: int,
    *,
    title: str,
    clauses: Sequence[Clause],
    copies: Sequence[str],
    basis: Sequence[str],
    personal: bool = False,
) -> None:
    """Change title, clauses, copies and 依据 for all drafts of a year; issued paper stays.

    personal: those of the agreements with people instead of units. A draft with clauses or a title of its own keeps them. An empty basis leaves the drafts'
    own. Raises InputError for an empty title or no copy.
    """
    holders = named_holders(copies)
    with store.change("修改责任书通用条款") as change:
        sealing.refuse_sealed(store, year)
        old = template_in(store, change, year, personal=personal)
        wanted = required_text(title, "责任书标题")
        change.put(replace(old, title=wanted, clauses=tuple(clauses), copies=holders))
        drafts = [
            change.get(Agreement, record)
            for record in _drafts(store, year, personal)
        ]
        change.put_all([
            replace(
                draft,
                basis=filled_lines(basis) or draft.basis,
                copies=_with_holders(draft, holders) if _holders(draft) == old.copies
                else draft.copies,
            )
            for draft in drafts
        ])


def set_own_text(
    store: Store,
    agreement: RecordId,
    *,
    title: str,
    clauses: Sequence[Clause] | None,
    copies: Sequence[str],
    basis: Sequence[str],
    term: tuple[date, date] | None = None,
) -> None:
    """Give one draft its own wording; title "" and clauses None follow the year's, term None stays.

    Raises NotAllowedError once it was issued, InputError when no copy is named or the term
    ends before it begins.
    """
    holders = named_holders(copies)
    if term is not None and term[1] < term[0]:
        raise InputError("责任期限的止日早于起日。", "请改为起日之后的日期。")
    with store.change("修改责任书条款") as change:
        old = draft_in(store, change, agreement)
        change.put(
            replace(
                old,
                title=title.strip(),
                clauses=None if clauses is None else tuple(clauses),
                basis=filled_lines(basis),
                copies=_with_holders(old, holders),
                term_from=old.term_from if term is None else term[0],
                term_until=old.term_until if term is None else term[1],
            )
        )


def _drafts(store: Store, year: int, personal: bool) -> tuple[RecordId, ...]:
    level = AgreementLevel.PERSON if personal else None
    return reads.agreement_ids(store, year, has_snapshot=False, level=level)


def _holders(draft: Agreement) -> tuple[str, ...]:
    return tuple(copy.holder for copy in draft.copies)


def _with_holders(draft: Agreement, holders: Sequence[str]) -> tuple[AgreementCopy, ...]:
    """The copies under these holders; steps of those that stay are kept."""
    known = {copy.holder: copy for copy in draft.copies}
    return tuple(known.get(holder, AgreementCopy(holder)) for holder in holders)
