"""Global search (Ctrl+K) over units, people, indicators and agreements."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.store.database import Store


class HitKind(Choice):
    """What was found."""

    UNIT = "unit", "单位"
    PERSON = "person", "人员"
    INDICATOR = "indicator", "指标"
    AGREEMENT = "agreement", "责任书"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its name and where it belongs."""

    kind: HitKind
    id: RecordId
    text: str
    context: str
    """「市直部门」, 「柯城区 县长」, 「工业经济 · 2020年度」."""
    unit: RecordId | None = None


def search(store: Store, text: str, *, year: int, limit: int = 30) -> tuple[Hit, ...]:
    """Hits by name, code, full pinyin and initials; exact and beginning hits first, units before others."""
