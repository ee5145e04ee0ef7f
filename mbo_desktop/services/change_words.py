"""States of records as an office would read them: what a record is called, which fields went from what to what.

Works on stored bodies, so that also what was deleted, or what another office gave, has its words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, get_args

from mbo_desktop.domain.accounts import HIDDEN, is_secret
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import Choice
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.purging import MARKED_LABEL
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.scope import is_name
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import TargetValue
from mbo_desktop.services import field_labels, office_words
from mbo_desktop.services.body_words import BodyWords
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.codecs.codec import coders, stored_fields, without_none
from mbo_desktop.store.database import Store
from mbo_desktop.store.describe import TYPE_LABELS

Body = Mapping[str, Any]
_READ_VALUE = coders(TargetValue)[1]
_MOST = 12
"""Changes within one list that are told one by one."""
_SHORT = 120


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that changed: its key in the body, its name, old and new as printed."""

    field: str
    label: str
    old: str
    new: str


class ChangeWords:
    """Words of states; names of records that are referred to are looked up once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = BodyWords(store, {})
        self._readers = store.operator

    def prepare(self, bodies: Iterable[Body]) -> None:
        """Read at once what these bodies refer to."""
        self._names.prepare(bodies)

    def may_read(self, type_name: str, body: Body) -> bool:
        """Whether the operator may see what a record says: cases may be kept to some readers."""
        readers = body.get("readers") or ()
        return type_name != "accountability_case" or not readers or self._readers in readers

    def title(self, type_name: str, body: Body) -> str:
        """What the record is called, with unit and period: 「工业投资 · 柯城区 · 3月」."""
        if not self.may_read(type_name, body):
            return "(限指定人员查阅)"
        parts = [self._names.title(body)]
        unit = self._names.unit(body)
        if unit and unit != parts[0]:
            parts.append(unit)
        if type_name == "year" and body.get("number"):
            parts.append(f"{body['number']}年度")
        elif body.get("month"):
            parts.append(f"{body['month']}月")
        return " · ".join(part for part in parts if part)

    def fields(self, type_name: str, old: Body | None, new: Body) -> tuple[FieldChange, ...]:
        """Every field that differs; of a new record the filled ones."""
        if not self.may_read(type_name, new):
            return ()
        if "purged" in new or (old and "purged" in old):
            return (FieldChange("", "内容", MARKED_LABEL if old and "purged" in old else "", MARKED_LABEL),)
        before = old or {}
        found: list[FieldChange] = []
        for field in dict.fromkeys((*before, *new)):
            if before.get(field) == new.get(field) or (field == "ord" and old is None):
                continue
            label = field_labels.label(type_name, field)
            if field == "ord":
                found.append(FieldChange(field, "顺序", "", "已调整"))
                continue
            found += self._one(type_name, field, label, before.get(field), new.get(field))
        if old is None:
            # Ticks that are not set say nothing about a new record.
            found = [one for one in found if one.new != "否"]
        return tuple(found)

    def said(self, type_name: str, body: Body) -> str:
        """What a new record mainly says."""
        return self._names.said(type_name, body) if self.may_read(type_name, body) else ""

    def _one(self, type_name: str, field: str, label: str, old: Any, new: Any) -> list[FieldChange]:
        if old and new and _has_parts(old) and _has_parts(new):
            return self._items(type_name, field, label, old, new)
        was, now = self.text(type_name, field, old), self.text(type_name, field, new)
        if not was and not now:
            return []
        return [FieldChange(field, label, was, now if was != now else f"{now}(已修改)")]

    def _items(
        self, type_name: str, field: str, label: str, old: list[Any], new: list[Any]
    ) -> list[FieldChange]:
        """Differences of two lists item by item; further ones are counted."""
        found = []
        for place in range(max(len(old), len(new))):
            one = old[place] if place < len(old) else None
            other = new[place] if place < len(new) else None
            if one != other:
                found.append(FieldChange(
                    field, f"{label} 第{place + 1}项", self._part(type_name, one),
                    self._part(type_name, other),
                ))
        if len(found) > _MOST:
            found[_MOST:] = [FieldChange(field, label, "", f"另有 {len(found) - _MOST} 项不同")]
        return found

    def text(self, type_name: str, field: str, value: Any) -> str:
        """One field's content as printed; "" for nothing."""
        if value is None or value in ("", [], {}):
            return ""
        if is_secret(type_name, field):
            return HIDDEN
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, list):
            return self._listed(type_name, field, value)
        if isinstance(value, dict):
            return self._part(type_name, value)
        text = str(value)
        if is_name(text):
            return self._names.text(type_name, field, text)
        kind = _kinds(type_name).get(field)
        if kind is None:
            return text
        if kind is UnitKind:
            return office_words.kind(self._store, UnitKind.of(text)) if text in set(UnitKind) else text
        return _plain(kind, text)

    def _listed(self, type_name: str, field: str, value: list[Any]) -> str:
        if field == "amounts" and len(value) == 12 and not isinstance(value[0], dict):
            shown = (
                f"{month}月{self.text(type_name, field, one)}"
                for month, one in enumerate(value, 1) if one is not None
            )
            return "、".join(shown)
        parts = [self.text(type_name, field, one) for one in value]
        text = (";" if isinstance(value[0], dict) else "、").join(part for part in parts if part)
        return text if len(text) <= _SHORT * 3 else f"{text[:_SHORT * 3]}…(共{len(value)}项)"

    def _part(self, type_name: str, value: Any) -> str:
        """An object within a body: a target's value as printed, else its filled fields by name."""
        if value is None:
            return ""
        if not isinstance(value, dict):
            return self.text(type_name, "", value)
        if "parts" in value:
            return str(show_target(_READ_VALUE(value, None)) or value.get("text") or "")
        shown = []
        for field, one in value.items():
            text = self.text(type_name, field, one) if field != "ord" else ""
            if text and one is not False:
                shown.append(f"{field_labels.label(type_name, field)} {text}")
        return ",".join(shown)


def _has_parts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _plain(kind: type, text: str) -> str:
    """A choice's word, a number with its thousands, a date."""
    if issubclass(kind, Choice):
        return next((one.label for one in kind if one.value == text), text)
    try:
        if kind is Decimal:
            return show(Decimal(text))
        if kind is date:
            return show_date(date.fromisoformat(text), "iso")
    except (ArithmeticError, ValueError):
        return text
    return text


@cache
def _kinds(type_name: str) -> dict[str, type]:
    """What the fields of a record type, and of the objects in it, hold, by the field's name."""
    codec = CODECS.get(type_name)
    found: dict[str, type] = {}
    if codec is not None:
        for kind in _classes(codec.kind):
            for name, hint in stored_fields(kind).items():
                inner = _inner(hint)
                if isinstance(inner, type) and (issubclass(inner, Choice) or inner in (Decimal, date)):
                    found.setdefault(name, inner)
    return found


def _classes(kind: type) -> Iterator[type]:
    """A dataclass and those in it, itself first."""
    seen: list[type] = []
    waiting = [kind]
    while waiting:
        one = waiting.pop(0)
        if one in seen:
            continue
        seen.append(one)
        yield one
        for hint in stored_fields(one).values():
            inner = _inner(hint)
            if isinstance(inner, type) and is_dataclass(inner):
                waiting.append(inner)


def _inner(hint: Any) -> Any:
    """What a hint holds: of a tuple its items."""
    try:
        inner = without_none(hint)[0]
    except TypeError:
        return None
    arguments = [one for one in get_args(inner) if one is not Ellipsis]
    if arguments:
        return _inner(arguments[0])
    return inner


def body_of(type_name: str, text: str | None, schema: int) -> dict[str, Any]:
    """A stored body in today's schema; empty for none."""
    if not text:
        return {}
    body = json.loads(text)
    codec = CODECS.get(type_name)
    if codec is None or not schema:
        return dict(body)
    return dict(codec.upgraded(body, schema))


def type_label(type_name: str) -> str:
    """A record type in Chinese; a type that this program does not know is called so."""
    return TYPE_LABELS.get(type_name, "其他记录")


