"""Agreements of a year (room 责任书): made from the matrix, edited as drafts, listed on the board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain.agreements import Agreement, AgreementState, AgreementTemplate, Clause
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.annex import Difference
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.agreements import AgreementFilter, AgreementRow

__all__ = ["AgreementFilter", "AgreementRow"]


@dataclass(frozen=True, slots=True)
class MadeAgreements:
    """What making agreements for many units gave."""

    made: tuple[RecordId, ...]
    existing: int
    """Units that have one already; theirs were left as they are."""
    without_targets: tuple[str, ...]
    """Short names of chosen units that have no target: no agreement was made."""
    warnings: tuple[str, ...] = ()
    """For example 「柯城区:2项目标未设定」."""


@dataclass(frozen=True, slots=True)
class AgreementDetails:
    """All of one agreement for the side panel and the editor."""

    record: Agreement
    unit_name: str
    title: str
    """As it stands on paper: from the snapshot, else laid out from template and year."""
    issuer: str
    issuer_signatory: str
    """「市长 王建国」; empty when no post or holder is recorded."""
    party_signatory: str
    clauses: tuple[Clause, ...]
    """As they stand on paper, blanks filled."""
    own_clauses: bool
    """Whether this agreement has its own instead of the template's."""
    basis: tuple[str, ...]
    differences: tuple[Difference, ...]
    """责任书与现行目标不一致; empty for drafts, whose annex is the live list."""


def board(
    store: Store,
    year: int,
    *,
    chosen: AgreementFilter | None = None,
    offset: int = 0,
    limit: int = 500,
) -> tuple[AgreementRow, ...]:
    """Units with targets or an agreement in the year, in official order."""


def state_counts(store: Store, year: int) -> dict[AgreementState | None, int]:
    """How many agreements stand in each state; None: units with targets but no agreement."""


def differing(store: Store, agreements: Sequence[RecordId]) -> dict[RecordId, int]:
    """Of these, the issued agreements that no longer agree with the live targets: how many differences."""


def details(store: Store, agreement: RecordId) -> AgreementDetails:
    """Everything about one agreement."""


def agreement_of(store: Store, year: int, unit: RecordId) -> RecordId | None:
    """The unit's agreement of the year, None when none was made."""


def make_agreements(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> MadeAgreements:
    """Make a draft for each unit that has targets and none yet (None: all units); one undo step."""


def template(store: Store, year: int) -> AgreementTemplate:
    """The year's clauses; until changed, the starting text (its record is made when first used)."""


def set_template(
    store: Store,
    year: int,
    *,
    title: str | None = None,
    clauses: Sequence[Clause] | None = None,
    copies: Sequence[str] | None = None,
) -> None:
    """Change the year's clauses; drafts without own clauses follow, issued paper does not."""


def set_own_clauses(
    store: Store, agreement: RecordId, clauses: Sequence[Clause] | None
) -> None:
    """Give a draft its own clauses, None: the template's again. NotAllowedError once issued."""


def change_draft(
    store: Store,
    agreement: RecordId,
    *,
    number: str | None = None,
    title: str | None = None,
    basis: Sequence[str] | None = None,
    term: tuple[date, date] | None = None,
    copies: Sequence[str] | None = None,
    issuer_post: RecordId | None = None,
    party_post: RecordId | None = None,
) -> None:
    """Change facts of a draft; None leaves a fact. Raises NotAllowedError once issued."""


def set_basis_for_all(store: Store, year: int, basis: Sequence[str]) -> int:
    """Give all drafts of a year the same 依据; returns how many were changed."""


def delete_drafts(store: Store, agreements: Sequence[RecordId]) -> int:
    """Delete drafts; raises NotAllowedError naming those that were issued."""
