"""How targets are stored: one cell of the matrix, found by indicator and unit."""

from __future__ import annotations

from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns, decimal_columns


def _computed(target: Target, body: Body) -> Columns:
    value, stretch = body["value"], body["stretch"]
    row: Columns = {
        "form": None, "amount_unit": "", "text": "", "is_na": 0,
        "stretch_text": stretch["text"] or show_target(target.stretch) if stretch else "",
        **decimal_columns("amount", None),
        **decimal_columns("stretch_amount", _counted(stretch)["amount"] if stretch else None),
    }
    if value:
        counted = _counted(value)
        row |= {
            "form": counted["form"], "amount_unit": counted["unit"],
            "text": value["text"] or show_target(target.value),
            "is_na": int(counted["form"] == TargetForm.NOT_APPLICABLE),
            **decimal_columns("amount", counted["amount"]),
        }
    return row


def _counted(value: Body) -> Body:
    part: Body = value["parts"][value["counting"]]
    return part


CODEC = Codec(
    Target, columns=("indicator", "unit", "last_year", "points", "due", "note"),
    computed=_computed, key=("indicator", "unit"),
)
