"""Taking a ledger in: what a proposal will do is planned first, and exactly that is applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.store.database import Store


class RowAction(Choice):
    """What becomes of a row or cell of the ledger."""

    NEW = "new", "新增"
    CHANGED = "changed", "修改"
    SAME = "same", "相同"
    LEFT_OUT = "left_out", "不导入"


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that the ledger names and the register does not have."""

    heading: str
    """As the ledger has it; key of the choice."""
    name: str
    short_name: str
    kind: UnitKind


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """A target's value: what it is now and what it will be."""

    unit_key: str
    unit_name: str
    field: str
    """Chinese label: 目标值, 上年实绩 …"""
    old: str
    new: str
    action: RowAction
    place: str
    """「C17」 or 「第 17 行」."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """An indicator of the ledger: new, or the existing one it fits."""

    number: int
    name: str
    category: str
    unit_of_measure: str
    points: Decimal | None
    indicator: RecordId | None
    action: RowAction
    cells: tuple[PlannedCell, ...]


@dataclass(frozen=True, slots=True)
class KeptText:
    """A cell kept as text (or not readable): place, text, why."""

    place: str
    text: str
    reason: str
    kept: str

    @property
    def sentence(self) -> str:
        """「C17“约3成”不是数字,已保留为文字。」."""
        return f"{self.place} “{self.text}”{self.reason},{self.kept}。"


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Exactly what `apply_import` will write."""

    title: str
    year: int
    rows: tuple[PlannedRow, ...]
    new_units: tuple[NewUnit, ...]
    new_categories: tuple[str, ...]
    kept: tuple[KeptText, ...]
    declared_points: Decimal | None
    points: Decimal
    """Sum of the ledger's points."""
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    def count(self, action: RowAction) -> int:
        """How many rows have this action."""
        return sum(row.action is action for row in self.rows)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was written."""

    new_indicators: int
    changed_indicators: int
    targets: int
    """Targets written or changed."""
    new_units: tuple[RecordId, ...]
    new_categories: int
    kept: tuple[KeptText, ...]
    warnings: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """「已导入 25 项指标、25 项目标;2 格保留为文字。」."""
        text = f"已导入 {self.new_indicators} 项新指标、更新 {self.changed_indicators} 项指标,写入 {self.targets} 项目标"
        if self.new_units:
            text += f",新建 {len(self.new_units)} 个单位"
        return text + (f";{len(self.kept)} 格保留为文字。" if self.kept else "。")
