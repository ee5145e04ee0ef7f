"""收表: what the files that came back are, and what taking them in would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.services.importing import KeptText
from mbo_desktop.spreadsheets.form_kinds import FormPurpose
from mbo_desktop.spreadsheets.table import Problem


class ReturnState(Choice):
    """What a file that came back is found to be."""

    GOOD = "good", "可收"
    PROBLEMS = "problems", "有问题"
    EMPTY = "empty", "未填写"
    KNOWN = "known", "已收过"
    DUPLICATE = "duplicate", "重复"
    RIVAL = "rival", "两个版本"
    OLD = "old", "旧模板"
    OTHER_YEAR = "other_year", "他年"
    OTHER_UNIT = "other_unit", "他单位"
    ELSEWHERE = "elsewhere", "另处读入"
    FOREIGN = "foreign", "不是模板"
    UNREADABLE = "unreadable", "打不开"


TAKEABLE = frozenset({
    ReturnState.GOOD, ReturnState.PROBLEMS, ReturnState.EMPTY, ReturnState.RIVAL, ReturnState.OLD,
})
"""Files that can be taken in, some of them only when somebody says so."""
BY_ITSELF = frozenset({ReturnState.GOOD, ReturnState.PROBLEMS})
"""Those that are taken in unless somebody says no."""


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """A file on the board."""

    path: Path
    state: ReturnState
    words: str
    """Why, in one sentence."""
    digest: str = ""
    purpose: FormPurpose | None = None
    unit: RecordId | None = None
    unit_label: str = ""
    month: int = 0
    """The month its template was made for."""
    made: str = ""
    """When its template was made."""
    handed_in_by: str = ""
    filled: int = 0
    """Cells that were filled in or changed."""
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def can_be_taken(self) -> bool:
        """Whether its content can go in."""
        return self.state in TAKEABLE


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that would be written: where it stands in which file, old and new."""

    file: int
    """Place in `Collection.files`."""
    subject: RecordId
    key: str
    """Key of the form's column."""
    place: str
    unit_label: str
    title: str
    head: str
    old: str
    new: str
    note: str = ""
    """Something to know: the unit's own figure stays beside it."""
    doubt: str = ""
    """Why it is not taken in unless somebody says so."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Everything read in one go; nothing is written yet."""

    year: int
    month: int
    files: tuple[ReturnedFile, ...]
    changes: tuple[FieldChange, ...]
    missing: tuple[str, ...]
    """Units on the month's board that none of the files, and no earlier filing, speaks for."""
    change_count: int
    foreign_read: frozenset[int] = field(default=frozenset())
    """Files read by indicator names."""

    @property
    def chosen(self) -> frozenset[int]:
        """The files that go in unless somebody says otherwise."""
        return frozenset(
            place for place, one in enumerate(self.files) if one.state in BY_ITSELF
        )

    def changes_of(self, files: frozenset[int]) -> tuple[FieldChange, ...]:
        """What these files would change."""
        return tuple(one for one in self.changes if one.file in files)


@dataclass(frozen=True, slots=True)
class CollectResult:
    """What was written."""

    files: int
    units: int
    fields: int
    problems: int
    """Problems noted as records."""
    proposals: int
    refused: tuple[KeptText, ...]
    doubts: tuple[str, ...]
    """Figures that are unlike the ones before, in words."""
    self_scores: int = 0
    """Self-scores and reasons given."""
    evidence: int = 0
    """Pieces of evidence noted by their titles."""
    certified: int = 0
    """Certified scores, words of recognition and reasons."""

    @property
    def sentence(self) -> str:
        """「已收58个文件,58个单位,写入3,412格,登记问题12个;3格未写入。」."""
        said = f"已收{self.files}个文件,{self.units}个单位,写入{self.fields:,}格"
        if self.proposals:
            said += f",其中建议值{self.proposals}个"
        if self.self_scores:
            said += f",其中自评分和理由{self.self_scores}格"
        if self.certified:
            said += f",其中核定分、认定和依据{self.certified}格"
        if self.evidence:
            said += f",登记佐证材料{self.evidence}份"
        if self.problems:
            said += f",登记问题{self.problems}个"
        if self.refused:
            said += f";{len(self.refused)}格未写入"
        return f"{said}。"


def shown(value: str) -> str:
    """A value in a table of old and new."""
    return value if value else "(空)"


def as_amount(text: str) -> Decimal | None:
    """A kept plain number; None for words."""
    plain = text.lstrip("-").replace(".", "", 1)
    return Decimal(text) if plain.isascii() and plain.isdigit() else None
