"""Who signs an agreement with whom: the own government, a superior unit, or a unit with its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain.agreements import Agreement, AgreementLevel
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Post, Unit
from mbo_desktop.services import people, session
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class Parties:
    """Both sides as they stand on paper on a day; signatories are names, "" where nobody is recorded."""

    issuer: str
    issuer_signatory: str
    party: str
    party_signatory: str


def issuing_unit(store: Store, unit: RecordId) -> RecordId | None:
    """The unit that makes agreements with this one: its superior; the own government's at the top."""
    own = session.office(store).unit
    superior = store.get(Unit, unit).superior
    return own if superior is None or unit == own else superior


def level_of(store: Store, record: Agreement) -> AgreementLevel:
    """Between whom the agreement is."""
    if record.post is not None:
        return AgreementLevel.PERSON
    own = session.office(store).unit
    above = issuing_unit(store, record.unit)
    return AgreementLevel.OWN if above == own or own is None else AgreementLevel.LOWER


def principal_post(store: Store, unit: RecordId | None) -> RecordId | None:
    """The post that signs for a unit."""
    return None if unit is None else people.principal_of(store, unit).post


def parties(store: Store, record: Agreement, on: date) -> Parties:
    """Names and signatories of both sides on a day."""
    issuer = record.unit if record.post is not None else issuing_unit(store, record.unit)
    if record.post is not None:
        party = person_words(store, record.post, on)
        party_signatory = people.holder_of(store, record.post, on=on).name
    else:
        party = store.get(Unit, record.unit).name
        party_signatory = _signatory(store, record.party_post, record.unit, on)
    return Parties(
        unit_name(store, issuer), _signatory(store, record.issuer_post, issuer, on), party,
        party_signatory,
    )


def person_words(store: Store, post: RecordId, on: date) -> str:
    """「综合科科长王五」; the post alone while nobody holds it."""
    return f"{store.get(Post, post).title}{people.holder_of(store, post, on=on).name}"


def party_label(store: Store, record: Agreement, on: date) -> str:
    """How messages and file names call the second party: the unit, or 「市水利局 综合科科长王五」."""
    unit = store.get(Unit, record.unit)
    if record.post is None:
        return unit.name
    return f"{unit.short_name or unit.name} {person_words(store, record.post, on)}"


def unit_name(store: Store, unit: RecordId | None) -> str:
    """A unit as an issuer: the own government by the name it signs with."""
    own = session.office(store)
    if unit is None or unit == own.unit:
        return own.government_name or own.name
    return store.get(Unit, unit).name


def _signatory(store: Store, post: RecordId | None, unit: RecordId | None, on: date) -> str:
    """Name of who holds the bound post on the day, else of the unit's principal."""
    if post is not None:
        return people.holder_of(store, post, on=on).name
    return "" if unit is None else people.principal_of(store, unit, on=on).name
