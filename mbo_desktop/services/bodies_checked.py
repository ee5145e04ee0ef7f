"""Whether bodies of a package are what their type says: fields, choices, dates, numbers, natural keys.

The checks are put together once per type from the hints of its dataclass, so that a hundred
thousand lines take seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_origin

from mbo_desktop.domain.exchange import EditionLine
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.scope import is_name
from mbo_desktop.services.body_words import type_label
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.codecs.codec import stored_fields, without_none
from mbo_desktop.store.identities import natural_digits

Check = Callable[[Any], bool]
_KEYED = frozenset({"progress_report", "given_score", "target_proposal", "allocation", "target"})
"""Types whose record follows from what it is about: a second one beside it would count twice."""
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,59})(?:\.\d{0,59}[1-9])?").fullmatch
_LARGEST = 2**53


def first_wrong(
    pairs: Iterable[tuple[EditionLine, Mapping[str, Any] | None]], *, shaped: bool = False
) -> str:
    """What is wrong with the first body that is, in words; "" when all are as they should be.

    shaped: bodies of today's schema were looked at field by field when they were read.
    """
    for line, body in pairs:
        if body is None:
            continue
        codec = CODECS.get(line.type)
        if codec is None:
            return f"本程序不认识的内容种类“{line.type}”。"
        if line.schema > codec.schema:
            return f"{type_label(line.type)}由更新版本的程序写成。"
        now = body if line.schema == codec.schema else codec.upgraded(dict(body), line.schema)
        if not (shaped and now is body) and not _checked(codec.kind)(now):
            return f"一条{type_label(line.type)}的字段读不出来。"
        if line.type in _KEYED and not _is_named_by_key(line, now, codec.key or ()):
            return f"一条{type_label(line.type)}的编号与它的内容不符。"
    return ""


def _is_named_by_key(line: EditionLine, body: Mapping[str, Any], key: tuple[str, ...]) -> bool:
    values = [body.get(name) for name in key]
    if line.type == "allocation" and values == [None]:
        return True
    return natural_digits(line.type, values) == line.uuid


_made: dict[type, Check] = {}
"""Checks by dataclass, each put together once."""


def _checked(kind: type) -> Check:
    if kind not in _made:
        _made[kind] = _of_fields(kind)
    return _made[kind]


def _of_fields(kind: type) -> Check:
    """The check of an object with this dataclass's fields; fields that are not known pass."""
    required = {
        one.name for one in fields(kind)
        if one.name != "id" and one.default is MISSING and one.default_factory is MISSING
    }
    checks = {name: _check_of(hint) for name, hint in stored_fields(kind).items()}

    def check(body: Any) -> bool:
        if not isinstance(body, Mapping) or not required <= body.keys():
            return False
        return all(one(body[name]) for name, one in checks.items() if name in body)

    return check


def _check_of(hint: Any) -> Check:
    inner, optional = without_none(hint)
    if optional:
        plain = _check_of(inner)
        return lambda value: value is None or plain(value)
    if get_origin(inner) is tuple:
        each = _check_of(get_args(inner)[0])
        return lambda value: isinstance(value, list) and all(each(one) for one in value)
    if inner in _SCALARS:
        return _SCALARS[inner]
    if isinstance(inner, type) and issubclass(inner, Choice):
        codes = frozenset(one.value for one in inner)
        return lambda value: isinstance(value, str) and value in codes
    if is_dataclass(inner) and isinstance(inner, type):
        return _checked(inner)
    raise TypeError(f"this type is never stored: {hint}")


def _is_day(value: Any) -> bool:
    if not (isinstance(value, str) and len(value) == 10):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


_SCALARS: dict[Any, Check] = {
    str: lambda value: isinstance(value, str),
    bool: lambda value: isinstance(value, bool),
    int: lambda value: type(value) is int and -_LARGEST < value < _LARGEST,
    Decimal: lambda value: isinstance(value, str) and _DECIMAL(value) is not None,
    date: _is_day,
    RecordId: lambda value: isinstance(value, str) and is_name(value),
}
