"""Target values → the words a table prints."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from mbo_desktop.domain import quantity
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue
from mbo_desktop.errors import InputError

_BEFORE = {
    TargetForm.GROWTH: "增长",
    TargetForm.INCREMENT: "新增",
    TargetForm.NET_INCREASE: "净增",
    TargetForm.DECREASE_RATE: "下降",
}


def show_target(value: TargetValue | None, *, unit_shown_in_header: str = "") -> str:
    """The value as a table prints it; N/A is "/", not set is "".

    A plain number is grouped and drops a unit its header shows; worded targets keep the
    office's own words. Values without text (made by the program) are worded from their parts.
    """
    if value is None:
        return ""
    if value.is_not_applicable:
        return "/"
    if value.text and not _is_plain(value):
        return value.text
    if value.text:
        return _number(value.counted, value.counted.amount, unit_shown_in_header)
    return ",".join(show_part(part, unit_shown_in_header) for part in value.parts)


def _is_plain(value: TargetValue) -> bool:
    """Whether the text was nothing but a number and its unit."""
    if len(value.parts) > 1 or value.counted.text or value.counted.amount is None:
        return False
    try:
        quantity.read_quantity(value.text)
    except InputError:
        return False
    return True


def show_part(part: TargetPart, unit_shown_in_header: str = "") -> str:
    """One statement in words: 增长25%, 不高于4.1%, 4%-6%, 前3名."""
    if part.form is TargetForm.NOT_APPLICABLE:
        return "/"
    if part.text or part.amount is None:
        return part.text or ",".join(node.due + node.title for node in part.nodes)
    amount = part.amount
    if part.form is TargetForm.GROWTH and amount < 0 and part.upper is None:
        part, amount = replace(part, form=TargetForm.DECREASE_RATE), -amount
    number = _number(part, amount, unit_shown_in_header)
    if part.form is TargetForm.RANK:
        return f"前{number}名"
    if part.form is TargetForm.AT_MOST:
        return f"{'低于' if part.strict else '不高于'}{number}"
    if part.form is TargetForm.AT_LEAST:
        return f"{'高于' if part.strict else '不低于'}{number}"
    if part.upper is not None:
        upper = _number(part, part.upper, unit_shown_in_header)
        return f"{_BEFORE.get(part.form, '')}{number}~{upper}"
    if part.strict:
        number = f"超过{number}"
    return f"{_BEFORE.get(part.form, '')}{number}"


def _number(part: TargetPart, amount: Decimal | None, header_unit: str) -> str:
    shown = "" if amount is None else quantity.show(amount)
    unit = "" if part.unit == header_unit else part.unit
    about = "约" if part.approximate else ""
    return f"{about}{shown}{unit}"
