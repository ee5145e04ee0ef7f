"""Statements that are put together once and run on the driver: for reads on every key press.

Building and compiling a statement takes longer than SQLite takes to answer it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, TableValuedAlias, bindparam, func, select
from sqlalchemy.dialects import sqlite

from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store


class Prepared:
    """A statement with the parameters `ids` (numbers, however many) and any others by name."""

    def __init__(self, build: Callable[[], Select[Any]]) -> None:
        self._build = build
        self._text = ""
        self._fixed: dict[str, Any] = {}

    def rows(self, store: Store, ids: Iterable[int] | None = None, **others: object) -> list[Any]:
        """The rows as plain tuples; none at all for no ids."""
        if ids is not None:
            listed = list(ids)
            if not listed:
                return []
            others["ids"] = json.dumps(listed)
        if not self._text:
            compiled = self._build().compile(dialect=sqlite.dialect(paramstyle="named"))
            self._fixed = {key: value for key, value in compiled.params.items() if value is not None}
            self._text = str(compiled)
        with store.read() as connection:
            return raw(connection).execute(self._text, {**self._fixed, **others}).fetchall()

    def pairs(self, store: Store, ids: Iterable[int], **others: object) -> dict[int, Any]:
        """The rows of two columns by their first."""
        return dict(self.rows(store, ids, **others))

    def firsts(self, store: Store, ids: Iterable[int] | None = None, **others: object) -> list[Any]:
        """The first column."""
        return [row[0] for row in self.rows(store, ids, **others)]


def listed(name: str = "ids") -> TableValuedAlias:
    """The numbers of a parameter as rows (`value`)."""
    return func.json_each(bindparam(name)).table_valued("value")


def among(column: ColumnElement[Any], ids: Iterable[int]) -> ColumnElement[bool]:
    """Whether a column holds one of these numbers, however many they are."""
    numbers = func.json_each(json.dumps(list(ids))).table_valued("value")
    return column.in_(select(numbers.c.value))


def among_given(column: ColumnElement[Any], name: str = "ids") -> ColumnElement[bool]:
    """Whether a column holds one of the numbers of a parameter."""
    return column.in_(select(listed(name).c.value))
