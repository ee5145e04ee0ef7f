"""The vocabulary of tables and trees: columns, cells, rows, edits and queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from PySide6.QtCore import Qt


class Kind(StrEnum):
    """What a column holds; decides alignment, editor and how typed text is read."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHECK = "check"
    TARGET = "target"


class Tone(StrEnum):
    """How a text is coloured; a tone always goes with words, never alone."""

    PLAIN = ""
    MUTED = "muted"
    ACCENT = "accent"
    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class Light(StrEnum):
    """State of a thing as shape and colour; the word stands in the cell's text."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Option:
    """One row of a picker: the value that is stored, the label, and a second line or code."""

    value: object
    label: str
    detail: str = ""


Lookup = Callable[[str], Sequence[Option]]
"""Given what was typed (name, code or pinyin initials; "" for all), the fitting options in order."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or tree; widths are pixels at 100 %.

    read: typed text → value, raises `mbo_desktop.errors.InputError`; without it the kind's
    own reader is used. Empty text is never given to it: it means None.
    group: first row of a two-row header; neighbours of one group share the heading.
    lookup: what a CHOICE column offers; the value is what the chosen `Option` carries.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    width: int = 110
    align: Qt.AlignmentFlag | None = None
    editable: bool = False
    frozen: bool = False
    group: str = ""
    lookup: Lookup | None = None
    multiline: bool = False
    sortable: bool = True
    filterable: bool = True
    hidden: bool = False
    hint: str = ""
    read: Callable[[str], object] | None = None

    @property
    def heading(self) -> str:
        """Title with the unit of measure."""
        return f"{self.title}({self.unit})" if self.unit else self.title

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        """Horizontal alignment of the cells: numbers right, checks centred, the rest left."""
        if self.align is not None:
            return self.align
        if self.kind in (Kind.NUMBER, Kind.TARGET):
            return Qt.AlignmentFlag.AlignRight
        return Qt.AlignmentFlag.AlignHCenter if self.kind is Kind.CHECK else Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place.

    number: what the selection's sum takes (a Decimal `value` is taken by itself);
    edit_text: what the editor starts with when it is not `text`;
    editable: None follows the column; problem: why the text could not be read;
    note: tooltip; locked: why it takes nothing, said beside it when somebody types all the same. For CHECK columns `value` is a bool.
    """

    text: str = ""
    value: object = None
    number: Decimal | None = None
    tone: Tone = Tone.PLAIN
    light: Light | None = None
    bold: bool = False
    icon: str = ""
    problem: str = ""
    note: str = ""
    editable: bool | None = None
    edit_text: str | None = None
    locked: str = ""

    @property
    def amount(self) -> Decimal | None:
        """The number that counts in a sum."""
        if self.number is not None:
            return self.number
        return self.value if isinstance(self.value, Decimal) else None


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its record's number and its cells by column key.

    A plain str stands for `Cell(text)`. `band` marks a heading row (tinted, bold).
    """

    id: int
    cells: Mapping[str, Cell | str] = field(default_factory=dict)
    bold: bool = False
    band: bool = False
    tone: Tone = Tone.PLAIN

    def cell(self, key: str) -> Cell:
        """The cell under a column; an empty one when the row has none."""
        found = self.cells.get(key, EMPTY)
        return found if isinstance(found, Cell) else Cell(found)


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell's new content: what was typed and what it was read as (None: cleared)."""

    row: int
    key: str
    text: str
    value: object


@dataclass(frozen=True, slots=True)
class ColumnFilter:
    """What a column must show: one of these texts, or text that contains this."""

    values: frozenset[str] | None = None
    contains: str = ""

    def accepts(self, text: str) -> bool:
        """Whether a cell with this text stays."""
        if self.values is not None and text not in self.values:
            return False
        return self.contains.casefold() in text.casefold()


@dataclass(frozen=True, slots=True)
class GridQuery:
    """What a table shows and in which order; sort "" is the official order."""

    text: str = ""
    filters: Mapping[str, ColumnFilter] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False

    @property
    def narrows(self) -> bool:
        """Whether rows may be left out."""
        return bool(self.text or self.filters)
