"""Bodies from outside have the shape of their type: types of values, codes, references, dates.

The shapes are the JSON Schemas in resources/exchange, the same files that describe the
format to others, turned into checks once. Only what is wrong for certain is refused:
fields that are not known stay, fields that came later may be missing.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(getattr(sys, "_MEIPASS", None) or Path(__file__).parents[2]) / "resources" / "exchange"
DECIMAL = r"^(?!-0$)-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
REFERENCE = "^[0-9a-f]{32}/[0-9a-f]{32}$"

Check = Callable[[Any], Any]
"""Truthy when a value, not None and of the right class, is as it must be."""
Rule = tuple[frozenset[type], Check | None]
_CLASSES = {"string": str, "boolean": bool, "integer": int, "array": list}


class Shape:
    """What a record type's body looks like in today's schema."""

    def __init__(self, schema: int, required: frozenset[str]) -> None:
        self.schema = schema
        self.required = required
        self.rules: dict[str, Rule] = {}
        """By field; filled when all shapes are made, because objects may lie within each other."""

    def odd_field(self, body: Mapping[str, Any]) -> str:
        """The first field that is not as it must be, "" when all are."""
        rules = self.rules
        for name, value in body.items():
            rule = rules.get(name)
            if rule is None:
                continue
            classes, check = rule
            if value.__class__ not in classes:
                return name
            if check is not None and value is not None and not check(value):
                return name
        missing = self.required - body.keys()
        return min(missing) if missing else ""

    def all_fit(self, bodies: Sequence[dict[str, Any]]) -> bool:
        """Whether bodies are all of this shape: field by field over all, which is much faster."""
        by_fields: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for body in bodies:
            by_fields.setdefault(tuple(body), []).append(body)
        return all(
            self.required <= set(names)
            and all(
                _column_fits(self.rules.get(name), column)
                for name, column in zip(names, zip(*(one.values() for one in some), strict=True), strict=True)
            )
            for names, some in by_fields.items()
        )

    def fits(self, body: dict[str, Any]) -> bool:
        """Whether an object is of this shape."""
        return not self.odd_field(body)


def _column_fits(rule: Rule | None, values: Sequence[Any]) -> bool:
    """Whether the values that one field has in many bodies are all as they must be."""
    if rule is None:
        return True
    classes, check = rule
    found = set(map(type, values))
    if not found <= classes:
        return False
    if check is None:
        return True
    several = values if found & {list, dict} else set(values)
    return all(one is None or check(one) for one in several)


@lru_cache(maxsize=1)
def shapes() -> Mapping[str, Shape]:
    """The shapes of all record types, read once."""
    schema = json.loads((FOLDER / "bodies.schema.json").read_text("utf-8"))
    made = {
        name: Shape(one.get("x-schema", 0), frozenset(one["required"]))
        for name, one in schema["$defs"].items()
    }
    for name, one in schema["$defs"].items():
        made[name].rules = {field: _rule(said, made) for field, said in one["properties"].items()}
    return {name: shape for name, shape in made.items() if shape.schema}


def _rule(schema: Mapping[str, Any], known: Mapping[str, Shape]) -> Rule:
    if "anyOf" in schema:
        classes, check = _rule(schema["anyOf"][0], known)
        return classes | {type(None)}, check
    if "$ref" in schema:
        return frozenset({dict}), known[schema["$ref"].rpartition("/")[2]].fits
    if "enum" in schema:
        return frozenset({str}), frozenset(schema["enum"]).__contains__
    return frozenset({_CLASSES[schema["type"]]}), _check(schema, known)


def _check(schema: Mapping[str, Any], known: Mapping[str, Shape]) -> Check | None:
    if schema["type"] == "array":
        classes, check = _rule(schema["items"], known)
        return lambda items: all(
            one.__class__ in classes and (check is None or one is None or check(one)) for one in items
        )
    if schema.get("format") == "date":
        return _is_date
    if "pattern" not in schema:
        return None
    fits = re.compile(schema["pattern"].removesuffix("$")).fullmatch
    if "maxLength" not in schema:
        return fits
    most: int = schema["maxLength"]
    return lambda text: len(text) <= most and fits(text)


@lru_cache(maxsize=4096)
def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text) is not None
    except ValueError:
        return False
