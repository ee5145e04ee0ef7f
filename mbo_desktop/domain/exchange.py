"""What travels between offices: editions, packages, and what is kept about them.

An edition is a state of a record that was issued or reported; `earlier` names all its
ancestors. Editions are a grow-only set, so their order of arrival never matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity, RecordId
from mbo_desktop.domain.inspections import Photo


class PackageKind(Choice):
    """What a package is for; with the recipient and the year it decides what is in it."""

    ISSUE = "issue", "下发"
    REPORT = "report", "上报"
    RECEIPT = "receipt", "回执"
    REPLICA = "replica", "本机关另一台电脑"


class PackageState(Choice):
    """Where a package stands; a withdrawn one stays APPLIED, its withdrawal is a record."""

    ISSUED = "issued", "已制出"
    APPLIED = "applied", "已导入"
    HELD = "held", "待处理"


class HandOverWay(Choice):
    """Which way a package was handed over."""

    OUT = "out", "送出"
    IN = "in", "收到"


class BindingRole(Choice):
    """What another office is to this one."""

    SUPERIOR = "superior", "上级"
    SUBORDINATE = "subordinate", "下级"
    CERTIFIER = "certifier", "来源部门"


class ReplyKind(Choice):
    """What is said in answer to a record of another office."""

    OBJECTION = "objection", "异议"
    FEEDBACK = "feedback", "整改反馈"
    REQUEST = "request", "调整申请"
    RETURN = "return", "退回"
    RECEIPT = "receipt", "签收"


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition as a package carries it: a line of records.jsonl."""

    owner: str
    """32 hexadecimal digits, as all names of offices and records."""
    uuid: str
    type: str
    schema: int
    deleted: bool
    earlier: tuple[str, ...]
    """Hashes (64 digits) of all its ancestors, sorted."""
    hash: str
    body: str | None
    """Canonical JSON; None: withheld, only hash and lineage travel (不再归你单位)."""

    @property
    def name(self) -> str:
        """The record's "owner/uuid"."""
        return f"{self.owner}/{self.uuid}"


@dataclass(frozen=True, slots=True)
class OfficeCard:
    """An office as it introduces itself."""

    office: str
    """32 hexadecimal digits."""
    name: str
    code: str = ""
    key: str = ""
    """Its public Ed25519 key, 64 hexadecimal digits."""
    unit: str = ""
    """Its own unit record, "owner/uuid"."""
    unit_name: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a package arrived; heads: (name, hash) of the recipient's records it may not know."""

    package: str
    seq: int
    received_on: str
    heads: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BlobEntry:
    """A file carried in a package."""

    sha256: str
    size: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a package says of itself; its text is canonical JSON, its SHA-256 the identity."""

    format: int = 1
    schema: int
    min_reader: int
    app: str
    suite: str = "ed25519-sha256"
    kind: PackageKind
    year: int
    sender: OfficeCard
    recipient: str
    """The recipient's office, "" while it is not known yet."""
    recipient_unit: str
    """The sender's unit record of the recipient, "owner/uuid"; "" for a replica."""
    recipient_name: str
    recipient_code: str = ""
    replica: str
    seq: int
    """Counts the packages of this replica to this recipient, from 1."""
    prev: str
    """Identity of the one before, "" for the first."""
    log_head: str
    """Hash of the sender's last log entry before this package."""
    root: str
    """`root_hash` over the hashes of all lines."""
    count: int
    records_hash: str
    records_size: int
    log_hash: str = ""
    """Of log.jsonl, the history that a replica package carries; "" when it carries none."""
    log_size: int = 0
    blobs: tuple[BlobEntry, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    made_at: str
    made_by: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding(Entity):
    """Which unit of the own register another office is, and whose word counts for it.

    One per office (natural key). Unit records of that office that are named here are read
    as the own unit wherever they stand.
    """

    type_name: ClassVar[str] = "binding"

    office: str
    """32 hexadecimal digits."""
    name: str
    code: str = ""
    key: str = ""
    """Its public key accepted at hand-over, 64 hexadecimal digits."""
    unit: RecordId | None = None
    """The own unit that this office is; None for one outside the register (a superior)."""
    their_unit: str = ""
    """Its own record of itself, "owner/uuid": read as `unit`."""
    our_unit: str = ""
    """Its record of this office, "owner/uuid": read as the own office's unit.

    After a merger several, the newest first, with a space between them: what was signed before stays.
    Names and not record numbers, because a number would already be read as the own unit.
    """
    role: BindingRole = BindingRole.SUBORDINATE
    accepted_on: date | None = None
    accepted_by: str = ""
    basis: str = ""
    """How it was made sure of (当面接收, 核对指纹), or why another key was accepted."""
    earlier_keys: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageWithdrawal(Entity):
    """That a package does not count; deleting the record takes the withdrawal back."""

    type_name: ClassVar[str] = "package_withdrawal"

    package: str
    """Identity of the package, 64 hexadecimal digits (natural key)."""
    reason: str
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapDismissal(Entity):
    """That packages of an office's copy that never arrived are not asked for any more (不再催要).

    One per copy (natural key); a later gap is told again.
    """

    type_name: ClassVar[str] = "gap_dismissal"

    office: str
    """32 hexadecimal digits."""
    replica: str
    """The copy whose numbers have the gap, 32 hexadecimal digits."""
    up_to: int
    """The last missing number that is given up."""
    reason: str
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Entity):
    """Who carried which package when, on what (交接登记)."""

    type_name: ClassVar[str] = "hand_over"

    package: str
    way: HandOverWay
    carrier: str = ""
    medium: str = ""
    """For example U盘(编号3)."""
    on: date | None = None
    by: str = ""
    cleared: bool = False
    """非涉密 was confirmed."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Entity):
    """An answer to another office's record: the subject stays as it is."""

    type_name: ClassVar[str] = "reply"

    subject: RecordId
    kind: ReplyKind
    year: int
    month: int | None = None
    unit: RecordId | None = None
    """Who answers."""
    text: str = ""
    by: str = ""
    on: date | None = None
    until: date | None = None
    """By when an answer or a correction is asked for."""
    files: tuple[Photo, ...] = ()


def heads(pairs: Iterable[tuple[str, Iterable[str]]]) -> frozenset[str]:
    """Of (hash, earlier) pairs, the hashes that none names as earlier."""
    known: set[str] = set()
    passed: set[str] = set()
    for one, earlier in pairs:
        known.add(one)
        passed.update(earlier)
    return frozenset(known - passed)


def winner(found: Iterable[str]) -> str:
    """The head that counts: the greatest hash; ValueError when there is none."""
    return max(found)


def edition_hash(
    *, type_name: str, uuid: str, owner: str, earlier: Iterable[str], deleted: bool, schema: int,
    body: str,
) -> str:
    """Hash over {type, uuid, owner, earlier, deleted, schema, body}; body is canonical text.

    earlier is taken sorted; the text hashed is the canonical JSON of that object.
    """
    named = ",".join(f'"{one}"' for one in sorted(earlier))
    text = (
        f'{{"body":{body},"deleted":{"true" if deleted else "false"},"earlier":[{named}],'
        f'"owner":"{owner}","schema":{schema},"type":"{type_name}","uuid":"{uuid}"}}'
    )
    return sha256(text.encode()).hexdigest()


def root_hash(hashes: Iterable[str]) -> str:
    """One hash for a set of editions: SHA-256 of the sorted hashes, one a line."""
    return sha256("\n".join(sorted(set(hashes))).encode()).hexdigest()
