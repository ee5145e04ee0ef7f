"""One cell of the allotment matrix: how its fields are shown and how typed text changes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from mbo_desktop.domain.calendar import read_deadline, show_date
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.plausibility import (
    GROWTHS,
    derived_growth,
    growth_part,
    main_part,
    warnings_for,
)
from mbo_desktop.domain.quantity import canonical, read_in_unit, read_number, show
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.target_text import show_part, show_target
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue
from mbo_desktop.errors import InputError

_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")


class TargetField(Choice):
    """A field of a target that a grid cell or a form field edits as text."""

    VALUE = "value", "目标值"
    LAST_YEAR = "last_year", "上年实绩"
    GROWTH = "growth", "增长率"
    STRETCH = "stretch", "力争目标"
    POINTS = "points", "分值"
    DUE = "due", "完成时限"
    NOTE = "note", "备注"


class CellState(Choice):
    """Not allotted, allotted without a value, not applicable, and set are four different things."""

    NOT_ALLOTTED = "not_allotted", "未下达"
    NOT_SET = "not_set", "未设定"
    NOT_APPLICABLE = "not_applicable", "不适用"
    SET = "set", "已设定"


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What one unit is allotted of one indicator, as texts ready to show."""

    indicator: RecordId
    unit: RecordId
    target: RecordId | None
    state: CellState
    value: str = ""
    """As shown; the unit of measure is left out where the row's own one applies."""
    typed: str = ""
    """As typed, for the editor."""
    last_year: str = ""
    growth: str = ""
    growth_derived: bool = False
    """Worked out from last year and level, to be shown in grey; not a part of the target."""
    stretch: str = ""
    points: str = ""
    points_own: bool = False
    """False: the indicator's points."""
    due: str = ""
    note: str = ""
    form: TargetForm | None = None
    amount: Decimal | None = None
    """The counted amount, for sums; None for texts."""
    growth_counts: bool = False
    """考核口径 is the growth rate although a level is stated too."""
    kept_as_text: str = ""
    """Why a text stands where a number was expected; to be marked red."""
    warnings: tuple[str, ...] = ()
    adjusted: str = ""
    """By which paper the value stands and what was signed: 「2006-05-20调高(示政〔2006〕12号),原52」."""

    def text(self, field: TargetField) -> str:
        """The shown text of a field."""
        return str(getattr(self, field.value))

    def editing_text(self, field: TargetField) -> str:
        """The text an editor starts with."""
        if field is TargetField.VALUE:
            return self.typed
        if (field is TargetField.GROWTH and self.growth_derived) or (
            field is TargetField.POINTS and not self.points_own
        ):
            return ""
        return self.text(field)


def empty_cell(indicator: RecordId, unit: RecordId) -> MatrixCell:
    """The cell of a unit that is not allotted the indicator."""
    return MatrixCell(indicator, unit, None, CellState.NOT_ALLOTTED)


def cell_of(indicator: Indicator, target: Target) -> MatrixCell:
    """The texts of a target, with derived growth, warnings and the reason for kept text."""
    unit = indicator.unit_of_measure
    value = target.value
    state = CellState.SET
    if value is None:
        state = CellState.NOT_SET
    elif value.is_not_applicable:
        state = CellState.NOT_APPLICABLE
    main, growth = _columns(indicator, value)
    derived = derived_growth(value, target.last_year, unit) if growth is None else None
    points = indicator.points if target.points is None else target.points
    return MatrixCell(
        indicator=indicator.id,
        unit=target.unit,
        target=target.id,
        state=state,
        value=_shown(main, unit),
        typed=main.text if main is not None else "",
        last_year=_number(target.last_year, indicator.decimals),
        growth=_rate(growth) if growth is not None else _derived(derived),
        growth_derived=growth is None and derived is not None,
        stretch=show_target(target.stretch, unit_shown_in_header=unit),
        points="" if points is None or state is CellState.NOT_APPLICABLE else canonical(points),
        points_own=target.points is not None,
        due="" if target.due is None else show_date(target.due, "iso"),
        note=target.note,
        form=None if value is None else value.counted.form,
        amount=None if value is None else value.counted.amount,
        growth_counts=growth is not None and main is not None
        and value is not None and value.counted.form in GROWTHS,
        kept_as_text=kept_reason(indicator, value),
        warnings=warnings_for(value, target.last_year, unit, indicator.direction),
    )


def with_target_field(
    indicator: Indicator, target: Target, field: TargetField, text: str
) -> Target:
    """The target with one field as typed; raises InputError where text cannot stand (numbers, dates).

    A target value that is no number stays as text and never raises.
    """
    text = text.strip()
    if field is TargetField.VALUE:
        return replace(target, value=_with_main(indicator, target.value, text))
    if field is TargetField.GROWTH:
        return replace(target, value=_with_growth(indicator, target.value, text))
    if field is TargetField.STRETCH:
        return replace(target, stretch=_read(indicator, text))
    if field is TargetField.LAST_YEAR:
        return replace(target, last_year=_read_last_year(indicator, text))
    if field is TargetField.POINTS:
        return replace(target, points=read_number(text.removesuffix("分")) if text else None)
    if field is TargetField.DUE:
        return replace(target, due=read_deadline(text, indicator.year) if text else None)
    return replace(target, note=text)


def is_blank(target: Target) -> bool:
    """Whether nothing at all is stated, so that the record can go."""
    return (
        target.value is None and target.stretch is None and target.last_year is None
        and target.points is None and target.due is None and not target.note
    )


def with_counting(target: Target, *, growth: bool) -> Target:
    """The target with its growth rate (or its level) marked as the part that counts."""
    value = target.value
    if value is None:
        return target
    wanted = growth_part(value) if growth else main_part(value)
    if wanted is None:
        return target
    return replace(target, value=replace(value, counting=value.parts.index(wanted)))


def kept_reason(indicator: Indicator, value: TargetValue | None) -> str:
    """Why a value is a text although the row has a unit of measure; empty when it is as expected."""
    if value is None or value.counted.form is not TargetForm.TEXT:
        return ""
    if not indicator.unit_of_measure or indicator.form is TargetForm.TEXT:
        return ""
    return f"“{value.text}”不是数字,已保留为文字"


def _shown(value: TargetValue | None, unit: str) -> str:
    """`show_target`, short for what most cells are: a number in the row's own unit."""
    if value is not None and len(value.parts) == 1:
        part = value.parts[0]
        if part.amount is not None and part.unit == unit and _PLAIN.fullmatch(value.text):
            return show(part.amount)
    return show_target(value, unit_shown_in_header=unit)


def _read(indicator: Indicator, text: str) -> TargetValue | None:
    return read_target(
        text,
        unit=indicator.unit_of_measure,
        default_form=indicator.form,
        indicator_name=indicator.name,
    )


def _columns(
    indicator: Indicator, value: TargetValue | None
) -> tuple[TargetValue | None, TargetPart | None]:
    """What stands in the value column and what in the growth column."""
    growth = growth_part(value)
    if value is None or growth is None:
        return value, None
    rest = tuple(part for part in value.parts if part is not growth)
    if not rest:
        return (value, None) if indicator.form in GROWTHS else (None, growth)
    counting = rest.index(value.counted) if value.counted in rest else 0
    return TargetValue(rest, counting, _main_text(value, rest, growth, indicator)), growth


def _main_text(
    value: TargetValue, rest: tuple[TargetPart, ...], growth: TargetPart, indicator: Indicator
) -> str:
    """What was typed before the growth rate; worded anew where the two stand otherwise."""
    behind = f",{_growth_words(growth)}"
    if value.text.endswith(behind):
        return value.text.removesuffix(behind)
    if len(rest) == 1 and rest[0].text:
        return rest[0].text
    bare = TargetValue(rest, 0, "")
    return show_target(bare, unit_shown_in_header=indicator.unit_of_measure) or value.text


def _with_main(
    indicator: Indicator, old: TargetValue | None, text: str
) -> TargetValue | None:
    new = _read(indicator, text)
    kept = _columns(indicator, old)[1]
    if kept is None or (new is not None and (new.is_not_applicable or growth_part(new))):
        return new
    if new is None:
        return TargetValue((kept,), 0, _growth_words(kept))
    growth_counted = old is not None and len(old.parts) > 1 and old.counted is kept
    return _joined(new, kept, growth_counts=growth_counted)


def _with_growth(
    indicator: Indicator, old: TargetValue | None, text: str
) -> TargetValue | None:
    main, before = _columns(indicator, old)
    if not text:
        return main
    read = read_target(text, unit="%", default_form=TargetForm.GROWTH)
    part = read.parts[0] if read is not None and len(read.parts) == 1 else None
    if part is None or part.form not in GROWTHS or part.amount is None:
        raise InputError(f"“{text}”不是增长率。", "请填 25 或 25%;下降填 -5% 或 下降5%。")
    if main is None:
        return TargetValue((part,), 0, _growth_words(part))
    if main.is_not_applicable:
        raise InputError("这一格已标为不适用,不能填增长率。", "请先清空目标值。")
    counted = before is not None and old is not None and old.counted is before
    return _joined(main, part, growth_counts=counted)


def _joined(main: TargetValue, growth: TargetPart, *, growth_counts: bool) -> TargetValue:
    parts = (*main.parts, growth)
    counting = len(parts) - 1 if growth_counts else main.counting
    return TargetValue(parts, counting, f"{main.text},{_growth_words(growth)}")


def _growth_words(part: TargetPart) -> str:
    return part.text if part.amount is None else show_part(replace(part, text=""))


def _rate(part: TargetPart) -> str:
    if part.amount is None:
        return part.text
    sign = "-" if part.form is TargetForm.DECREASE_RATE else ""
    return f"{sign}{canonical(part.amount)}{part.unit or '%'}"


def _derived(growth: Decimal | None) -> str:
    return "" if growth is None else f"{growth}%"


def _number(value: Decimal | None, decimals: int | None) -> str:
    return "" if value is None else show(value, decimals)


def _read_last_year(indicator: Indicator, text: str) -> Decimal | None:
    if not text:
        return None
    unit = indicator.unit_of_measure
    found = read_in_unit(text, unit)
    if found.unit != unit:
        raise InputError(
            f"上年实绩“{text}”带有单位,而指标没有计量单位。", "请只填数字,或先填计量单位。"
        )
    return found.value
