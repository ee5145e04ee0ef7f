"""The projection columns of what a target states, for all records that hold a `TargetValue`."""

from __future__ import annotations

from typing import Any

from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import TargetForm, TargetValue
from mbo_desktop.store.codecs.codec import Columns, decimal_columns
from mbo_desktop.store.text import clean


def value_columns(value: TargetValue | None, body: Any) -> Columns:
    """form, amount, amount_unit, text and is_na of the part that counts; form None: nothing set."""
    row: Columns = {
        "form": None, "amount_unit": "", "text": "", "is_na": 0, **decimal_columns("amount", None),
    }
    if body:
        part = counted(body)
        row |= {
            "form": part["form"], "amount_unit": part["unit"],
            "text": body["text"] or shown(value),
            "is_na": int(part["form"] == TargetForm.NOT_APPLICABLE),
            **decimal_columns("amount", part["amount"]),
        }
    return row


def shown(value: TargetValue | None) -> str:
    """The value as printed; clean, so that it is the same before and after it was stored."""
    return clean(show_target(value))


def counted(body: Any) -> Any:
    """The body of the part that counts."""
    return body["parts"][body["counting"]]
