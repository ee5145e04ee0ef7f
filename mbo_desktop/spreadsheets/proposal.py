"""What a ledger is taken to mean: the preview a user checks, and exactly what is applied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial

from mbo_desktop.domain.identity import Choice
from mbo_desktop.domain.targets import Direction, TargetForm, TargetValue
from mbo_desktop.spreadsheets.table import Problem

OPEN_UNIT = ""
"""Unit key of a target column that names no unit: the user says whose it is."""

WHICH_UNIT = "请指定是哪一个"
"""What becomes of a name that fits several units: it waits until the user says which."""


class ColumnRole(Choice):
    """What a column of a ledger holds."""

    CATEGORY = "category", "类别"
    NAME = "name", "指标名称"
    NUMBER = "number", "序号"
    CODE = "code", "编号"
    UNIT_OF_MEASURE = "unit_of_measure", "计量单位"
    POINTS = "points", "分值"
    TARGET = "target", "目标值"
    LAST_YEAR = "last_year", "上年实绩"
    GROWTH = "growth", "增长率"
    STRETCH = "stretch", "力争目标"
    DEFINITION = "definition", "指标说明"
    SCORING = "scoring", "评分标准"
    DATA_SOURCE = "data_source", "数据来源"
    CERTIFYING = "certifying", "考核部门"
    LEAD = "lead", "牵头单位"
    SUPPORTING = "supporting", "配合单位"
    PERSON = "person", "责任人"
    DUE = "due", "完成时限"
    NOTE = "note", "备注"
    UNIT = "unit", "被考核单位"
    """Whose each row is; or units down and indicators across in ledgers turned round."""
    ACTUAL = "actual", "实绩"
    """This and the next three: results, read from the ledgers of a closed year only."""
    COMPLETION = "completion", "完成情况"
    SCORE = "score", "得分"
    REASON = "reason", "未完成原因"
    IGNORE = "ignore", "不导入"

    @property
    def is_per_unit(self) -> bool:
        """Whether such a column can belong to one unit of several."""
        return self in _PER_UNIT


_PER_UNIT = frozenset(
    {
        ColumnRole.TARGET, ColumnRole.LAST_YEAR, ColumnRole.GROWTH, ColumnRole.STRETCH,
        ColumnRole.POINTS, ColumnRole.DUE, ColumnRole.ACTUAL, ColumnRole.COMPLETION,
        ColumnRole.SCORE, ColumnRole.REASON,
    }
)


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit of the register, as matching needs it; kind is a `UnitKind` code."""

    id: int
    name: str
    short_name: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What one column is taken for."""

    index: int
    heading: str
    """The head texts of the column from top to bottom, joined by a blank."""
    role: ColumnRole
    unit_key: str = OPEN_UNIT
    """Key into `Proposal.units` for a column of one unit."""
    is_sure: bool = True
    """False where the heading said nothing and the content decided."""
    samples: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether the user should look at it: the heading did not say what was taken from the content."""
        return not self.is_sure and bool(self.samples and self.heading)

    @property
    def code(self) -> str:
        """The role as it is remembered and set: "points", "target:柯城区", "" for one left out."""
        if self.role is ColumnRole.IGNORE:
            return ""
        return f"{self.role.value}:{self.unit_key}" if self.unit_key else self.role.value


@dataclass(frozen=True, slots=True)
class UnitGuess:
    """A unit that the ledger names, and which of the register it is."""

    key: str
    """As the ledger writes it, blanks taken off."""
    id: int | None = None
    """Number in the register; None for one that is not there, or where several fit."""
    candidates: tuple[int, ...] = ()
    """All that fit where it is ambiguous; nothing is guessed."""


@dataclass(frozen=True, slots=True)
class ProposedCell:
    """What the ledger says about one indicator for one unit; None means nothing stands there."""

    value: TargetValue | None = None
    last_year: Decimal | None = None
    stretch: TargetValue | None = None
    points: Decimal | None = None
    due: date | None = None
    note: str = ""
    text: str = ""
    """The target as displayed in the source."""
    place: str = ""
    problem: str = ""
    """Chinese; why the value is doubtful, empty when it is not."""
    actual: Decimal | None = None
    completion_text: str = ""
    """完成情况, or an actual that is no number, as it stands."""
    score: Decimal | None = None
    reason: str = ""

    @property
    def has_result(self) -> bool:
        """Whether the ledger says what became of the target."""
        return bool(
            self.actual is not None or self.completion_text or self.score is not None or self.reason
        )


@dataclass(frozen=True, slots=True)
class ProposedIndicator:
    """One row of the ledger: an indicator and its cells by unit key."""

    name: str
    """Without the unit of measure that stood in brackets behind it."""
    written: str
    """The name as it stands in the source."""
    place: str
    number: str = ""
    code: str = ""
    unit_of_measure: str = ""
    category: str = ""
    points: Decimal | None = None
    form: TargetForm = TargetForm.LEVEL
    direction: Direction = Direction.HIGHER
    definition: str = ""
    scoring_text: str = ""
    data_source: str = ""
    certifying_text: str = ""
    certifying: tuple[str, ...] = ()
    lead: str = ""
    supporting: tuple[str, ...] = ()
    person: str = ""
    due: date | None = None
    due_text: str = ""
    note: str = ""
    covers: tuple[str, ...] = ()
    cells: dict[str, ProposedCell] = field(default_factory=dict)


Reread = Callable[[tuple[str, ...]], "Proposal"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A ledger read as indicators and targets; `columns` is empty for a numbered text list."""

    source: str
    title: str
    rows: tuple[ProposedIndicator, ...]
    sheet: str = ""
    layout: str = ""
    """Fingerprint of the head rows; the same for next year's ledger of the same sender."""
    columns: tuple[ColumnGuess, ...] = ()
    units: tuple[UnitGuess, ...] = ()
    organs: tuple[UnitGuess, ...] = ()
    """Units named in the lead, supporting and certifying columns, each once."""
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    declared_total: Decimal | None = None
    """The points total that the ledger states itself."""
    head_rows: tuple[int, int] = (0, 0)
    """First and last row of the head, counted from 1 as Excel does; (0, 0) for a text list."""
    is_turned: bool = False
    """Units stand down the side and indicators across."""
    year_named: int | None = None
    """The year that the title or sheet names."""
    is_remembered: bool = False
    """The columns come from a remembered mapping."""
    is_by_row: bool = False
    """Each row names the unit it is for."""
    preview: tuple[tuple[str, ...], ...] = ()
    """The first rows below the head as the source shows them, one text per column of `columns`."""
    reread: Reread | None = field(default=None, repr=False, compare=False)

    @property
    def points_total(self) -> Decimal:
        """The sum of the points of all rows."""
        return sum((row.points for row in self.rows if row.points is not None), Decimal(0))

    @property
    def mapping(self) -> tuple[str, ...]:
        """Role codes by column, as `ImportMapping.columns` remembers them."""
        return tuple(column.code for column in self.columns)

    @property
    def has_open_target(self) -> bool:
        """Whether there are targets of which the ledger does not say whose they are."""
        return any(OPEN_UNIT in row.cells for row in self.rows)

    @property
    def findings(self) -> tuple[Problem, ...]:
        """The problems that ask something of the user."""
        return tuple(problem for problem in self.problems if not problem.is_notice)

    @property
    def notices(self) -> tuple[Problem, ...]:
        """The remarks that ask nothing of the user."""
        return tuple(problem for problem in self.problems if problem.is_notice)

    def with_column(self, index: int, code: str) -> Proposal:
        """Read again with column `index` in the role `code` ("points", "target:柯城区", "" to leave out)."""
        codes = list(self.mapping)
        codes[index] = code
        return self.with_mapping(tuple(codes))

    def with_mapping(self, codes: tuple[str, ...]) -> Proposal:
        """Read again with a role code per column."""
        if self.reread is None:
            return self
        return self.reread(codes)

    def for_unit(self, unit: KnownUnit) -> Proposal:
        """The same with the open targets given to one unit."""
        named = next((guess for guess in self.units if guess.id == unit.id), None)
        guess = named or UnitGuess(unit.short_name or unit.name, unit.id)
        rows = tuple(_moved(row, guess.key) for row in self.rows)
        return replace(self, rows=rows, units=self.units if named else (*self.units, guess))

    @property
    def unit_heading(self) -> str:
        """What stands over the column by which the rows can be given to units; "" for none."""
        for role in (ColumnRole.UNIT, ColumnRole.LEAD):
            for guess in self.columns:
                if guess.role is role:
                    return guess.heading or role.label
        return ColumnRole.LEAD.label if any(row.lead for row in self.rows) else ""

    def by_rows(self) -> Proposal:
        """The same with each row given to the unit it names; a list keeps rows that name none open."""
        if self.is_by_row:
            return self
        lead = next((g.index for g in self.columns if g.role is ColumnRole.LEAD), None)
        return self.for_lead_units() if lead is None else self.with_column(lead, "unit")

    def of_one_unit(self) -> Proposal:
        """The same with the units of the rows as lead units: whose the targets are is open again."""
        if not self.is_by_row:
            return self
        unit = next((g.index for g in self.columns if g.role is ColumnRole.UNIT), None)
        return self.with_mapping(()) if unit is None else self.with_column(unit, "lead")

    def for_lead_units(self) -> Proposal:
        """The same with each open target given to the lead unit that its row names."""
        rows = tuple(_moved(row, row.lead) if row.lead else row for row in self.rows)
        named = {guess.key for guess in self.units}
        leads = {row.lead for row in self.rows if row.lead and OPEN_UNIT in row.cells}
        new = tuple(guess for guess in self.organs if guess.key in leads - named)
        return replace(
            self, rows=rows, units=(*self.units, *new), is_by_row=True,
            reread=self.reread if self.columns else partial(_as_read, self),
        )


def _as_read(proposal: Proposal, _codes: tuple[str, ...]) -> Proposal:
    """A list without columns has one reading."""
    return proposal


def _moved(row: ProposedIndicator, key: str) -> ProposedIndicator:
    """The row with its open cell under another key; nothing moves onto a cell already there."""
    if OPEN_UNIT not in row.cells or key in row.cells:
        return row
    cells = {key if name == OPEN_UNIT else name: cell for name, cell in row.cells.items()}
    return replace(row, cells=cells)
