"""One room for agreements of all levels (一级抓一级): which level a record is of, making by level."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop.domain.agreements import Agreement, AgreementLevel
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Post, Unit
from mbo_desktop.services import agreements
from mbo_desktop.services.agreement_parties import issuing_unit, level_of
from mbo_desktop.services.agreements import MadeAgreements
from mbo_desktop.services.personal_agreements import make_personal
from mbo_desktop.services.session import office
from mbo_desktop.store.database import Store


def make_agreements(
    store: Store, year: int, level: AgreementLevel, chosen: Sequence[RecordId] | None = None
) -> MadeAgreements:
    """Make the drafts that a level lacks (chosen: of these units, or posts on the level of people)."""
    if level is AgreementLevel.PERSON:
        return make_personal(store, year, chosen)
    return agreements.make_agreements(store, year, chosen, level)


def level_to_show(store: Store, record: int) -> AgreementLevel:
    """On which level an agreement, unit or post is listed."""
    number = RecordId(record)
    agreement = store.find(Agreement, number)
    if agreement is not None:
        return level_of(store, agreement)
    if store.find(Post, number) is not None:
        return AgreementLevel.PERSON
    if store.find(Unit, number) is None:
        return AgreementLevel.OWN
    own = office(store).unit
    return (
        AgreementLevel.OWN if own is None or issuing_unit(store, number) == own
        else AgreementLevel.LOWER
    )
