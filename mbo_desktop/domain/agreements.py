"""Agreements (目标责任书): their parts, their copies on the way to signature (domain notes §2.1–2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity, RecordId


class AgreementState(Choice):
    """Where a copy stands; an agreement stands where its least advanced copy stands."""

    DRAFT = "draft", "草拟"
    ISSUED = "issued", "印发"
    COLLECTED = "collected", "已领取"
    PARTY_SIGNED = "party_signed", "乙方已签"
    RETURNED = "returned", "已收回"
    ISSUER_SIGNED = "issuer_signed", "甲方已签章"
    ARCHIVED = "archived", "已归档"


class AgreementLevel(Choice):
    """Between whom agreements are made (一级抓一级)."""

    OWN = "own", "与单位"
    """The own government with the units directly below it."""
    LOWER = "lower", "下级单位"
    """A unit with a unit below it, a county with its townships."""
    PERSON = "person", "个人"
    """A unit with its people (个人责任书)."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of the text: a heading and its paragraphs.

    {甲方} {乙方} {年度} {目标项数} {分值合计} {份数} in a paragraph are filled when it is laid out.
    """

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StateStep:
    """A step a copy took: the state it came to, the day, who recorded it, and why when taken back."""

    state: AgreementState
    on: date
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AgreementCopy:
    """One of the paper copies (甲方, 乙方, 报目标办备案 …) and the steps it took."""

    holder: str
    steps: tuple[StateStep, ...] = ()

    @property
    def state(self) -> AgreementState:
        """The state it came to last; a copy without steps is a draft."""
        return self.steps[-1].state if self.steps else AgreementState.DRAFT


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """A row of the annex as it was signed: texts as printed, so old paper never changes."""

    number: int
    category: str
    indicator: str
    unit_of_measure: str
    last_year: str
    target: str
    stretch: str
    points: Decimal | None
    scoring_text: str
    certifying: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was signed: names, clauses and annex, taken when the copies were issued; never changed."""

    taken_on: date
    title: str
    issuer: str
    party: str
    issuer_signatory: str
    party_signatory: str
    clauses: tuple[Clause, ...]
    rows: tuple[AnnexRow, ...]
    total_points: Decimal | None
    pdf_hash: str = ""
    """SHA-256 of the printed file, in the attachments; empty until it was made."""


@dataclass(frozen=True, slots=True)
class SignedScan:
    """A scan of signed paper: SHA-256 of the file in the attachments, its name, the day it was added.

    holder: whose copy was scanned; empty when not told.
    """

    file_hash: str
    name: str
    added_on: date
    holder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementTemplate(Entity):
    """The clauses an office uses for a year's agreements (natural key: year and name)."""

    type_name: ClassVar[str] = "agreement_template"

    year: int
    name: str
    title: str
    """For example {年度}年度目标管理责任书."""
    clauses: tuple[Clause, ...]
    copies: tuple[str, ...] = ("甲方", "乙方")
    file_hash: str = ""
    """SHA-256 of the office's own Word template, in the attachments; empty: built-in layout."""
    file_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Entity):
    """An agreement between the issuing authority and a responsible unit (natural key: year, unit).

    A unit's personal agreement with one of its people has `post` and is named by year and post.

    While it is a draft, title and clauses are laid out from the template or its own
    clauses and the annex is the live list of targets; from 印发 on `snapshot` holds what stands.
    """

    type_name: ClassVar[str] = "agreement"

    year: int
    unit: RecordId
    number: str = ""
    """文号, optional."""
    title: str = ""
    template: RecordId | None = None
    clauses: tuple[Clause, ...] | None = None
    """Own clauses of this agreement; None: the template's."""
    issuer_post: RecordId | None = None
    party_post: RecordId | None = None
    basis: tuple[str, ...] = ()
    term_from: date | None = None
    term_until: date | None = None
    copies: tuple[AgreementCopy, ...] = ()
    snapshot: Snapshot | None = None
    signed_on: date | None = None
    scans: tuple[SignedScan, ...] = ()
    post: RecordId | None = None
    """A personal agreement (个人责任书): the post of the unit whose holder signs it as party B."""

    @property
    def state(self) -> AgreementState:
        """The least advanced copy's state."""
        order = list(AgreementState)
        if not self.copies:
            return AgreementState.DRAFT
        return min((copy.state for copy in self.copies), key=order.index)
