"""Whose the targets of a ledger are where no column says so: one unit, or each row its own."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import importing, offices
from mbo_desktop.services.import_matching import NewUnit, UnitChoice, suggested_unit
from mbo_desktop.spreadsheets.proposal import OPEN_UNIT, KnownUnit, Proposal
from mbo_desktop.spreadsheets.row_units import WAITS_FOR_UNIT, is_responsible
from mbo_desktop.spreadsheets.title_unit import unit_in_title
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher
from mbo_desktop.store.database import Store


class ByRows(Enum):
    """Each row goes to the unit it names."""

    BY_ROWS = "rows"


BY_ROWS = ByRows.BY_ROWS
Owner = RecordId | NewUnit | ByRows | None
"""A unit of the register, one still to be made, each row its own, or to be asked."""


def settled(store: Store, proposal: Proposal) -> Proposal:
    """A proposal as it was read, its open rows given to their own units where that is suggested."""
    return proposal.by_rows() if suggested_owner(store, proposal) is BY_ROWS else proposal


def suggested_owner(store: Store, proposal: Proposal) -> Owner:
    """Whose the open targets are: of the unit in the title or the file's name, else row by row
    where every row names a unit, else to be asked.

    A title that names the own government heads a list for all of its units. Beside columns of
    units (城关镇, 青石镇 …) the open one (全县目标) is the own government's whole.
    """
    if not proposal.has_open_target:
        return None
    title = unit_in_title(proposal)
    is_own = bool(title) and _is_own(store, title)
    if title and not is_own:
        return unit_named(store, title)
    if any(guess.unit_key for guess in proposal.columns):
        return offices.root_unit(store)
    leads = [row.lead for row in proposal.rows if OPEN_UNIT in row.cells]
    if all(leads) and not proposal.is_by_row:
        return BY_ROWS
    return unit_named(store, title) if title else None


def unit_named(store: Store, name: str) -> RecordId | NewUnit | None:
    """The unit of the register with a name, else a new one; None where several fit."""
    known = importing.known_units(store)
    exact = next((unit.id for unit in known if name in (unit.name, unit.short_name)), None)
    guess = UnitMatcher(known).match(name)
    found = guess.id if exact is None else exact
    if found is None:
        return None if guess.candidates else suggested_unit(name)
    return RecordId(found)


def can_be_one_unit(proposal: Proposal) -> bool:
    """Whether all rows may be given to one unit: they are open, or name who answers for them."""
    if proposal.has_open_target:
        return True
    return proposal.is_by_row and (not proposal.columns or is_responsible(proposal.unit_heading))


def given_to(
    store: Store, proposal: Proposal, owner: Owner
) -> tuple[Proposal, dict[str, UnitChoice]]:
    """The proposal with its targets given to the owner, and what the names in it stand for.

    Rows that name their unit stay with it while others are open; else one owner takes all.
    """
    if owner is BY_ROWS:
        return proposal.by_rows(), {}
    if owner is None or not can_be_one_unit(proposal):
        return proposal, {}
    if not proposal.has_open_target:
        proposal = proposal.of_one_unit()
    if isinstance(owner, NewUnit):
        given = proposal.for_unit(KnownUnit(0, owner.name, owner.short_name, owner.kind.value))
        return _told(given, owner.short_name), {given.units[-1].key: owner}
    assert isinstance(owner, int)
    row = offices.unit_row(store, owner)
    known = KnownUnit(int(row.id), row.name, row.short_name, row.kind.value)
    return _told(proposal.for_unit(known), row.short_name), {}


def _told(given: Proposal, name: str) -> Proposal:
    """The rows that waited for a unit say now whose they are, and ask no more."""
    problems = tuple(
        replace(one, kept=f"记在“{name}”名下", is_notice=True) if one.kept == WAITS_FOR_UNIT else one
        for one in given.problems
    )
    return replace(given, problems=problems)


def _is_own(store: Store, title: str) -> bool:
    root = offices.root_unit(store)
    known = [unit for unit in importing.known_units(store) if unit.id == root]
    return UnitMatcher(known).match(title).id is not None
