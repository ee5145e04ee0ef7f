"""Cells of a ledger as targets, numbers and dates; what cannot be read is kept and said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from mbo_desktop.domain import calendar, quantity
from mbo_desktop.domain.target_grammar import form_of_name
from mbo_desktop.domain.target_reading import read_target, reading_problem
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue
from mbo_desktop.errors import InputError
from mbo_desktop.spreadsheets.table import Cell, Problem

_CACHE_LIMIT = 50_000
_NOTHING = frozenset({"/", "-", "—", "－", "——", "无", "\\", "--"})


class CellReader:
    """Reads the cells of one table; equal cells are read once."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.problems: list[Problem] = []
        self._targets: dict[tuple[str, str, TargetForm, object, str], TargetValue | None] = {}
        self._bare: dict[tuple[str, TargetForm, object], TargetPart | None] = {}
        self._doubts: dict[tuple[str, str], str] = {}
        self._row = ("", "")
        self._named: TargetForm | None = form_of_name("")

    def target(
        self, cell: Cell, *, unit: str, name: str, form: TargetForm = TargetForm.LEVEL
    ) -> TargetValue | None:
        """The target a cell states; None for an empty one, text where nothing better fits."""
        text = cell.text.strip()
        if not text:
            return None
        if (name, unit) != self._row:
            self._row, self._named = (name, unit), form_of_name(name, unit)
        named = self._named
        if isinstance(cell.value, Decimal) and text.replace(".", "", 1).isdigit():
            part = self._bare_part(unit, form, named, name)
            if part is not None:
                return TargetValue((TargetPart(part.form, cell.value, part.unit),), text=text)
        # The name matters only where the text repeats a piece of it.
        shared = name if _shares_words(text, name) else ""
        key = (text, unit, form, named, shared)
        if key not in self._targets:
            if len(self._targets) > _CACHE_LIMIT:
                self._targets.clear()
            self._targets[key] = read_target(
                text, unit=unit, default_form=form, indicator_name=name
            )
        return self._targets[key]

    def bare_part(self, unit: str, name: str) -> TargetPart | None:
        """What a bare number of a row means, but for its amount; None when that is not simple."""
        if (name, unit) != self._row:
            self._row, self._named = (name, unit), form_of_name(name, unit)
        return self._bare_part(unit, TargetForm.LEVEL, self._named, name)

    def _bare_part(
        self, unit: str, form: TargetForm, named: TargetForm | None, name: str
    ) -> TargetPart | None:
        """What a bare number means in such a row: learnt from the number 1."""
        key = (unit, form, named)
        if key not in self._bare:
            value = read_target("1", unit=unit, default_form=form, indicator_name=name)
            plain = value is not None and value.parts == (
                TargetPart(value.counted.form, Decimal(1), value.counted.unit),
            )
            self._bare[key] = value.counted if value is not None and plain else None
        return self._bare[key]

    def doubt(self, value: TargetValue | None, text: str, *, unit: str, name: str) -> str:
        """Why a cell kept as text looks like a number gone wrong; "" when it does not."""
        if value is None or value.counted.form is not TargetForm.TEXT or len(text) > 40:
            return ""
        key = (text, unit)
        if key not in self._doubts:
            said = reading_problem(text, unit=unit, indicator_name=name)
            self._doubts[key] = said.rstrip("。").replace("。", ";")
        return self._doubts[key]

    def number(self, cell: Cell, unit: str, place: str, what: str) -> tuple[Decimal | None, str]:
        """A bare figure in `unit` and, when there is none, the text to be kept as a note."""
        text = cell.text.strip()
        if not text or text in _NOTHING:
            return None, ""
        if isinstance(cell.value, Decimal) and text.replace(".", "", 1).isdigit():
            return cell.value, ""
        try:
            found = quantity.read_in_unit(text, unit)
        except InputError as error:
            reason = f"{what}{error.what.rstrip('。')};{error.todo.rstrip('。')}"
            self.problems.append(Problem(place, text, reason, "已写入备注"))
            return None, f"{what}:{text}"
        return found.value, ""

    def points(self, cell: Cell, place: str) -> tuple[Decimal | None, str]:
        """Points, with or without 分 or %; the text to be kept as a note when it is no number."""
        text = cell.text.strip()
        if not text or text in _NOTHING:
            return None, ""
        if isinstance(cell.value, Decimal):
            return cell.value, ""
        try:
            found = quantity.read_quantity(text.removesuffix("分"))
        except InputError as error:
            reason = f"分值{error.what.rstrip('。')}"
            self.problems.append(Problem(place, text, reason, "已写入备注,分值留空"))
            return None, f"分值:{text}"
        return found.value, ""

    def deadline(self, cell: Cell, place: str) -> date | None:
        """The day a deadline means; None, and said, where the words name none."""
        if isinstance(cell.value, date):
            return cell.value
        text = cell.text.strip()
        if not text or text in _NOTHING:
            return None
        try:
            return calendar.read_deadline(text, self.year)
        except InputError as error:
            reason = f"完成时限{error.what.rstrip('。')}"
            self.problems.append(Problem(place, text, reason, "已保留为文字", is_notice=True))
            return None


def _shares_words(text: str, name: str) -> bool:
    """Whether two characters of the text stand side by side in the name too."""
    return any(text[i : i + 2] in name for i in range(min(len(text), 60) - 1))
