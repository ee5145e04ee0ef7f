"""Records behind cells, for their history: what type a number is of, and the record of a pair or a month."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.codecs.codec import stored_fields
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store

_PAIRS = frozenset({
    "target", "target_result", "target_proposal", "adjustment", "correction", "joint_duty",
})
_OF_UNIT = frozenset({"agreement", "unit_result", "sealed_score", "filing", "bonus_item", "objection"})


@cache
def fields(type_name: str) -> frozenset[str]:
    """Names of the fields that a record type stores."""
    codec = CODECS.get(type_name)
    return frozenset() if codec is None else frozenset(stored_fields(codec.kind))


def by_pair(store: Store, type_name: str, indicator: int, unit: int) -> int:
    """The newest record of a type for an indicator and a unit; 0 without one."""
    if type_name not in _PAIRS:
        raise ValueError(f"{type_name} is kept by no pair")
    return _first(
        store, f"SELECT record FROM {type_name} WHERE indicator = ? AND unit = ? "
        "ORDER BY deleted, record DESC LIMIT 1", (indicator, unit),
    )


def of_unit(store: Store, type_name: str, unit: int, year: int, month: int = 0) -> int:
    """The newest record of a type about a unit in a year (and month); 0 without one."""
    if type_name not in _OF_UNIT:
        raise ValueError(f"{type_name} is kept by no unit")
    monthly = " AND month = ?" if month else ""
    return _first(
        store, f"SELECT record FROM {type_name} WHERE unit = ? AND year = ?{monthly} "
        "ORDER BY deleted, record DESC LIMIT 1", (unit, year, *((month,) if month else ())),
    )


def report_of(store: Store, subject: int, month: int, kind: str) -> int:
    """The report on a target in a month; 0 without one."""
    return _first(
        store, "SELECT record FROM progress_report WHERE subject = ? AND month = ? AND kind = ? "
        "ORDER BY deleted, record DESC LIMIT 1", (subject, month, kind),
    )


def outside_figure(store: Store, indicator: int, period: str) -> int:
    """The city's and others' figures of an indicator in a period; 0 without any."""
    return _first(
        store, "SELECT record FROM outside_figure WHERE indicator = ? AND period = ? "
        "ORDER BY deleted, record DESC LIMIT 1", (indicator, period),
    )


def given_score(store: Store, target: int, unit: int, kind: str = "") -> int:
    """The newest score given for a target (of a kind); 0 without one."""
    wanted = " AND kind = ?" if kind else ""
    return _first(
        store, f"SELECT record FROM given_score WHERE subject = ? AND unit = ?{wanted} "
        "ORDER BY deleted, record DESC LIMIT 1", (target, unit, *((kind,) if kind else ())),
    )


def _first(store: Store, statement: str, values: Sequence[Any]) -> int:
    with store.read() as connection:
        row = raw(connection).execute(statement, tuple(values)).fetchone()
    return int(row[0]) if row else 0
