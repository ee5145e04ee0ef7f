"""收件: what a look at the files of a stick gives, and what taking them in did."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop.domain.exchange import EditionLine, Manifest, OfficeCard, PackageKind
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.services.collected import Collection

if TYPE_CHECKING:
    from mbo_desktop.exchange.frame import ReadPackage
    from mbo_desktop.spreadsheets.form_child import ReadFile


class RowState(Choice):
    """What a file that came in is found to be."""

    NEW = "new", "可导入"
    GAP = "gap", "可导入,中间缺包"
    FORK = "fork", "有冲突"
    REPEATED = "repeated", "重复"
    OLDER = "older", "没有新内容"
    STRANGER = "stranger", "尚未接收的机关"
    OTHER_KEY = "other_key", "密钥不符"
    NOT_FOR_US = "not_for_us", "不是发给本机关的"
    OUT_OF_SCOPE = "out_of_scope", "越权"
    NEWER_PROGRAM = "newer_program", "需要新版程序"
    SEALED_YEAR = "sealed_year", "年度已封存"
    DAMAGED = "damaged", "损坏"
    PASSWORD = "password", "需要密码"
    REPLICA = "replica", "本机关另一台电脑"
    WORKBOOK = "workbook", "工作簿"
    UNFIT_WORKBOOK = "unfit_workbook", "工作簿不能收"


TAKEABLE = frozenset({
    RowState.NEW, RowState.GAP, RowState.FORK, RowState.OLDER, RowState.REPLICA, RowState.WORKBOOK,
})
"""Rows that can be ticked; one without new content closes a gap and brings its receipts."""
QUARANTINED = frozenset({
    RowState.DAMAGED, RowState.OTHER_KEY, RowState.OUT_OF_SCOPE, RowState.NEWER_PROGRAM,
})
"""Files that are kept unchanged in 隔离区, with a sentence to read out to the sender."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A file of the list: whose it is, what it is found to be, and what can be done."""

    path: Path
    """The copy in the inbox, or the workbook where it lies."""
    name: str
    """The file's name as it came."""
    state: RowState
    sentence: str
    """What it is, to read out to the sender where something is wrong."""
    advice: str = ""
    office: str = ""
    """32 hexadecimal digits of the sending office, "" when it could not be told."""
    office_name: str = ""
    unit: RecordId | None = None
    """The own unit that this office is."""
    unit_label: str = ""
    kind: PackageKind | None = None
    """None for a workbook and for what cannot be read."""
    year: int = 0
    month: int = 0
    """The last month reported on in it, 0 for none."""
    seq: int = 0
    package: str = ""
    """Its identity, 64 hexadecimal digits."""
    fingerprint: str = ""
    """Of the sender's key, in groups, to compare with the printed one."""
    changes: int = 0
    """Records that would change."""
    is_mass: bool = False
    """More than 30 % deleted or more than 50 % of the values changed: asks a second time."""
    mass_sentence: str = ""
    suggested_unit: RecordId | None = None
    """For a stranger: the own unit that it seems to be."""
    suggested_role: str = ""
    """Code of a `BindingRole`, for a stranger."""
    was_withdrawn: bool = False
    """Taken in before and withdrawn with a reason: it goes in again only when somebody says so."""
    card: OfficeCard | None = None
    """How the sender introduces itself."""
    recipient_unit: str = ""
    """The superior's unit record of this office, "owner/uuid"; only from what was issued to it."""

    @property
    def can_be_taken(self) -> bool:
        """Whether it can be ticked."""
        return self.state in TAKEABLE


@dataclass(frozen=True, slots=True)
class OpenedPackage:
    """A package that was read and verified."""

    manifest_text: str
    manifest: Manifest
    signature: bytes
    password: str
    read: ReadPackage
    """The reader, for the lines and the files that are carried along."""

    @property
    def lines(self) -> tuple[EditionLine, ...]:
        """Its editions, unpacked each time: of sixty packages not all lie open in memory."""
        return self.read.lines


@dataclass(frozen=True, slots=True)
class Brief:
    """What is kept of comparing a package with the data; the rest is compared again when asked for."""

    months: frozenset[int] = frozenset()
    """Of which own figures come."""
    changed: array[int] = field(default_factory=lambda: array("q"))
    """`mark` of each record that would change."""
    fresh: bool = False
    """All of its lines are new here, each of another record."""


def mark(name: str) -> int:
    """A number for a record's name that takes little room; two names have the same one hardly ever."""
    return hash(name)


@dataclass(frozen=True, slots=True)
class Inbox:
    """The list, with what was read of each file (same length as `rows`)."""

    rows: tuple[InboxRow, ...]
    opened: tuple[OpenedPackage | None, ...]
    workbooks: Collection | None = None
    returned: tuple[ReadFile, ...] = ()
    """What was read of each of `workbooks.files`, to be compared again when the data change."""
    workbook_rows: dict[int, int] = field(default_factory=dict)
    """Row → place in `workbooks.files`."""
    change_count: int = 0
    """`Store.change_count` when it was judged."""
    briefs: tuple[Brief, ...] = ()
    """What each would change, as `rows`; empty for what cannot be taken."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that taking the chosen files in would change."""

    row: int
    """Place in `Inbox.rows`."""
    record: str
    """The record's "owner/uuid"."""
    unit_label: str
    type_label: str
    title: str
    field: str
    old: str
    new: str
    kind: str
    """「新增」, 「修改」, 「删除」, 「不再归本单位」, 「冲突」."""
    month: int = 0

    @property
    def field_label(self) -> str:
        """The field with its month: a report brings the same figure of several months."""
        return f"{self.month}月 {self.field}".strip() if self.month else self.field


@dataclass(frozen=True, slots=True)
class Received:
    """What taking files in did."""

    sentence: str
    packages: int
    records: int
    refused: tuple[str, ...]
    forks: int = 0
    backup: Path | None = None
