"""What is typed into a cell of the decomposition tree → what a record holds."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.calendar import read_deadline, show_date
from mbo_desktop.domain.cascade import converted
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.quantity import canonical, read_in_unit, read_number
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.target_text import show_part
from mbo_desktop.domain.targets import NOT_APPLICABLE, TargetForm, TargetPart, TargetValue
from mbo_desktop.domain.units import conversion
from mbo_desktop.errors import InputError
from mbo_desktop.services.decomposition_rows import BranchRow
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition_people as reads

_BETWEEN_NAMES = re.compile("[、,\uff0c;\uff1b\\s]+")
_WORDED = frozenset({
    TargetForm.TEXT, TargetForm.MILESTONE, TargetForm.PROJECT, TargetForm.CONDITION,
})


def text_of(value: object) -> str:
    """What was typed, or the text of a number or day."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return canonical(value)
    if isinstance(value, date):
        return show_date(value, "iso")
    return str(value).strip()


def names_in(text: str) -> list[str]:
    """The names of a list: 「市发改委、市工信局」."""
    return [name for name in _BETWEEN_NAMES.split(text) if name]


def unit_named(store: Store, name: str) -> RecordId:
    """The unit of this full, short or former name; InputError when there is none or several."""
    found = reads.units_of_name(store, name)
    if not found:
        raise InputError(f"没有名为“{name}”的单位。", "请从列表中选取,或先在“单位人员”中录入。")
    if len(found) > 1:
        raise InputError(f"有{len(found)}个单位叫“{name}”。", "请写全称,或从列表中选取。")
    return RecordId(found[0])


def value_of(row: BranchRow, indicator: Indicator | None, text: str) -> TargetValue | None:
    """A value typed in a row: in its unit of measure and, where that fits, in the indicator's form."""
    if not text:
        return None
    form = TargetForm.LEVEL
    if indicator is not None and conversion(row.unit_of_measure, indicator.unit_of_measure) is not None:
        form = indicator.form
    return read_target(
        text, unit=row.unit_of_measure, default_form=form, indicator_name=row.title
    )


def number_value(amount: Decimal, unit: str, old: TargetValue | None, form: TargetForm) -> TargetValue:
    """An amount as the value of a node, in the form it had."""
    kept = form if old is None or old.counted.amount is None else old.counted.form
    part = TargetPart(kept, amount, unit)
    plain = kept is TargetForm.LEVEL
    return TargetValue((part,), text=canonical(amount) if plain else show_part(part))


def with_form(old: TargetValue | None, value: object) -> TargetValue:
    """The value in another form (新增, 不低于 …); InputError without a number to keep."""
    text = text_of(value)
    form = TargetForm.from_label(text) or (TargetForm.of(text) if text in set(TargetForm) else None)
    if form is None:
        raise InputError(f"没有“{text}”这种形式。", "请从列表中选取。")
    if form is TargetForm.NOT_APPLICABLE:
        return NOT_APPLICABLE
    if old is None:
        raise InputError("还没有填写目标,不能选形式。", "请先填写目标值。")
    if form in _WORDED:
        return TargetValue((TargetPart(form, text=old.text),), text=old.text)
    if old.counted.amount is None:
        raise InputError(f"“{old.text}”不是数字,不能改为{form.label}。", "请先填写数字。")
    if form is TargetForm.RANGE and old.counted.upper is None:
        raise InputError("区间要有两个数。", "请在目标值中填写,例如“4%-6%”。")
    part = replace(old.counted, form=form, text="", strict=False)
    return TargetValue((part,), text=show_part(part))


def with_measure(node: Allocation, before: str, measure: str) -> Allocation:
    """The node in another unit of measure; what is kept in the former one is converted exactly.

    before: the one in effect until now. A bare number without any unit takes the new one;
    numbers that cannot be converted stay as they are, the value with its own unit beside it.
    """
    new = replace(node, unit_of_measure=measure)
    if not measure or measure == before:
        return new
    value = node.value
    if value is not None and value.counted.amount is not None and not value.counted.unit:
        parts = tuple(
            replace(part, unit=measure) if part is value.counted else part for part in value.parts
        )
        new = replace(new, value=replace(value, parts=parts))
    if not before:
        return new
    if node.last_year is not None:
        new = replace(new, last_year=_turned(node.last_year, before, measure))
    if node.plan is not None:
        amounts = tuple(
            None if one is None else _turned(one, before, measure) for one in node.plan.amounts
        )
        new = replace(new, plan=replace(node.plan, amounts=amounts))
    return new


def _turned(amount: Decimal, before: str, measure: str) -> Decimal:
    turned = converted(amount, before, measure)
    return amount if turned is None else turned


def share_of(value: object) -> Decimal | None:
    """A share in %: 「40」, 「40%」; InputError below 0 or above 100."""
    text = text_of(value).removesuffix("%").removesuffix("\uff05")
    share = read_number(text) if text else None
    if share is not None and not 0 <= share <= 100:
        raise InputError(f"份额{canonical(share)}%不在0到100之间。", "要加压的请在拆分时填加压比例。")
    return share


def not_negative(value: object, what: str) -> Decimal | None:
    """A number from 0 on."""
    text = text_of(value)
    number = read_number(text) if text else None
    if number is not None and number < 0:
        raise InputError(f"{what}不能是负数。", f"请填写0或更大的{what}。")
    return number


def in_measure(value: object, measure: str) -> Decimal | None:
    """A number in the row's unit of measure; others are converted exactly."""
    text = text_of(value)
    if not text:
        return None
    found = read_in_unit(text, measure)
    if found.unit != measure:
        raise InputError(f"“{text}”带有单位,而这一行没有计量单位。", "请只填数字,或先填计量单位。")
    return found.value


def day_of(value: object, year: int) -> date | None:
    """A day, or a deadline as offices write it; InputError with the remedy."""
    if isinstance(value, date):
        return value
    text = text_of(value)
    return read_deadline(text, year) if text else None
