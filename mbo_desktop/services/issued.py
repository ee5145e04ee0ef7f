"""发件: what issuing and the hand-over register show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mbo_desktop.domain.exchange import BindingRole, HandOverWay, PackageKind
from mbo_desktop.domain.identity import RecordId


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a package of a kind and year can be made for.

    key names it in calls: an own unit for what goes down, the binding's record for what goes up.
    """

    key: RecordId
    name: str
    unit: RecordId | None
    office: str
    """32 hexadecimal digits; "" while the unit's office is not bound yet."""
    role: BindingRole
    members: int
    """Records that would go."""
    left_out: tuple[str, ...]
    """What stays here and why, in sentences."""
    last: date | None
    """The day the last package of this kind and year was made."""
    last_seq: int
    received: date | None = None
    """The day the recipient took it in, by its receipt."""


@dataclass(frozen=True, slots=True)
class ContentsRow:
    """Records of one type in a package: all, new, changed, withheld since the last one."""

    type_name: str
    label: str
    count: int
    new: int
    changed: int
    withheld: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a package would hold, before it is made."""

    recipient: Recipient
    rows: tuple[ContentsRow, ...]
    left_out: tuple[str, ...]
    blobs: int
    size: int
    """Bytes of text and files together, about."""

    @property
    def sentence(self) -> str:
        """「共320条,其中新增12条、修改3条,附件2个」."""
        total = sum(row.count for row in self.rows)
        parts = [
            f"{word}{number}条" for word, number in (
                ("新增", sum(row.new for row in self.rows)),
                ("修改", sum(row.changed for row in self.rows)),
                ("不再归对方", sum(row.withheld for row in self.rows)),
            ) if number
        ]
        said = f"共{total}条" + (f",其中{'、'.join(parts)}" if parts else ",与上次相同")
        return said + (f",附件{self.blobs}个" if self.blobs else "")


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """A package that was written to a folder."""

    path: Path
    package: str
    """Its identity, 64 hexadecimal digits."""
    seq: int
    key: RecordId | None
    """As in `Recipient.key`; None for another PC of the own office."""
    name: str
    left_out: str = ""
    """What did not go with it, in words."""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A line of the hand-over register (登记)."""

    package: str
    way: HandOverWay
    office: str
    """Name of the other office."""
    kind: PackageKind
    year: int
    seq: int
    on: date | None
    by: str
    carrier: str
    medium: str
    cleared: bool
    file: str
    state: str
    """「已制出」, 「对方已收」, 「已导入」, 「已撤回」."""
    receipt_on: date | None
    """The day the other side took it in, by its receipt."""
    note: str
    can_withdraw: bool
    can_take_back: bool
    covered_by: int = 0
    """Number of a later package with all of its content that the other side confirmed; 0 for none."""
    copy: int = 0
    """Of several copies of the sender's data, each numbering from 1, the one that made it; 0: there is only one."""
    same_number: tuple[date, ...] = ()
    """Days of the packages of other copies that have the same number."""

    @property
    def number(self) -> str:
        """「第3包」; 「第3包·第2份」 where the sender's data has several copies."""
        return f"第{self.seq}包" + (f"·第{self.copy}份" if self.copy else "")

    @property
    def number_sentence(self) -> str:
        """Which of the packages with this number it is; "" where there can be no doubt."""
        if not self.copy:
            return ""
        who = "本机关" if self.way is HandOverWay.OUT else "对方"
        said = f"{who}恢复过备份、换过电脑,或由两台电脑分别制包:每份数据的包号各从第1包编起。这是第{self.copy}份数据的第{self.seq}包"
        days = "、".join(f"{day:%Y-%m-%d}" for day in self.same_number)
        return f"{said};{days}还有一个第{self.seq}包,是另一份数据的,不是同一个包。" if days else f"{said}。"
