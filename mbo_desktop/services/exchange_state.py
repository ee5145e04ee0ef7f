"""待处理: forks, stale bases, records not received, unplaced nodes, quarantine, gaps."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class Side:
    """One of several heads of a record: its hash and what it says, field by field."""

    hash: str
    fields: tuple[tuple[str, str], ...]
    """Label and text, only the fields in which the sides differ."""
    counts: bool
    """Whether it counts provisionally."""
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class ForkRow:
    """A record of which an office sent two versions that do not know each other (未定)."""

    record: RecordId
    type_name: str
    type_label: str
    title: str
    office: str
    """Name of the owning office."""
    is_own: bool
    """Whether it is a record of this office (two PCs of it): settled here, else there."""
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class StaleRow:
    """A report that answers an older edition of its target (依据旧版指标)."""

    record: RecordId
    subject: RecordId
    unit_label: str
    title: str
    month: int
    sentence: str


@dataclass(frozen=True, slots=True)
class StubRow:
    """A record that others refer to and that has not been received (未收到)."""

    record: RecordId
    office: str
    referred_by: RecordId
    referring_type: str
    title: str


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """A unit or node that a merge would have hung below itself (待归位)."""

    record: RecordId
    type_name: str
    title: str


@dataclass(frozen=True, slots=True)
class GapRow:
    """Packages of an office that have not arrived."""

    office: str
    name: str
    sentence: str
    """「缺第9–11包,不影响数据」."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Everything that waits for somebody."""

    forks: tuple[ForkRow, ...]
    stale: tuple[StaleRow, ...]
    stubs: tuple[StubRow, ...]
    unplaced: tuple[UnplacedRow, ...]
    quarantined: int
    gaps: tuple[GapRow, ...]
    replies: int
    """Received replies that nothing answers yet."""

    @property
    def count(self) -> int:
        """What 工作台 counts: gaps are only told."""
        return (
            len(self.forks) + len(self.stale) + len(self.stubs) + len(self.unplaced)
            + self.quarantined + self.replies
        )


def pending(store: Store) -> Pending:
    """What waits, with rows that open the place."""
    raise NotImplementedError


def marks(store: Store, records: tuple[RecordId, ...]) -> dict[RecordId, str]:
    """「未定」, 「依据旧版指标」, 「未收到」, 「待归位」 for those of the records that have one."""
    raise NotImplementedError


def settle_fork(store: Store, record: RecordId, edition: str) -> None:
    """Decide for one side of an own record: it counts, and the next package names both.

    NotAllowedError for a record of another office: only it can settle that.
    """
    raise NotImplementedError
