"""The one mechanism between a record's dataclass, its canonical JSON and its projection row.

Everything is read off the type hints of the dataclass: text passes the door, choices
become their codes, decimals canonical strings, dates ISO, references
"owner/uuid", nested dataclasses objects, tuples lists. A codec module per record
type adds what cannot be read off: schema version, upgrades, natural key, columns
that are computed.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, Union, get_args, get_origin, get_type_hints

from mbo_desktop.domain.identity import Choice, Entity, RecordId
from mbo_desktop.errors import InputError, StorageError
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.text import clean

Upgrade = Callable[[Body], Body]
"""Lifts a body from one schema version to the next; pure."""
Columns = dict[str, Any]


class References(Protocol):
    """Translates between record numbers of this file and names that hold everywhere."""

    def name_of(self, record: RecordId) -> str:
        """The "owner/uuid" of a record number."""

    def number_of(self, name: str) -> RecordId:
        """The record number of an "owner/uuid"."""


Encoder = Callable[[Any, References], Any]
Decoder = Callable[..., Any]


def canonical_decimal(value: Decimal) -> str:
    """The one way a decimal is written: no exponent, no trailing zeros, no minus zero.

    InputError for what is no number or needs more than 60 digits on either side.
    """
    text = str(value)
    if not (text.isascii() and text.replace(".", "", 1).removeprefix("-").isdigit()):
        if not value.is_finite() or not -60 <= value.adjusted() <= 60:
            raise InputError(f"数值{value}超出可保存的范围。", "请改用较大的计量单位。")
        text = format(value, "f")
    if len(text) > 122:
        raise InputError(f"数值{text[:20]}…的位数太多,不能保存。", "请减少小数位数。")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _encode_bool(value: Any, _: References) -> bool:
    return bool(value)


def _encode_int(value: Any, _: References) -> int:
    return int(value)


def _encode_text(value: Any, _: References) -> str:
    return clean(value)


def _encode_decimal(value: Any, _: References) -> str:
    if not isinstance(value, Decimal):
        raise TypeError(f"a decimal is wanted, not {value!r}")
    return canonical_decimal(value)


def _encode_date(value: Any, _: References) -> str:
    return str(value.isoformat())


def _encode_reference(value: Any, references: References) -> str:
    return references.name_of(value)


def _decode_plain(value: Any, _: References) -> Any:
    return value


def _decode_decimal(value: Any, _: References) -> Decimal:
    return Decimal(value)


def _decode_date(value: Any, _: References) -> date:
    return date.fromisoformat(value)


def _decode_reference(value: Any, references: References) -> RecordId:
    return references.number_of(value)


_SCALARS: dict[Any, tuple[Encoder, Decoder]] = {
    str: (_encode_text, _decode_plain),
    bool: (_encode_bool, _decode_plain),
    int: (_encode_int, _decode_plain),
    Decimal: (_encode_decimal, _decode_decimal),
    date: (_encode_date, _decode_date),
    RecordId: (_encode_reference, _decode_reference),
}


def without_none(hint: Any) -> tuple[Any, bool]:
    """The hint without `| None`, and whether None was allowed."""
    if get_origin(hint) in (Union, types.UnionType):
        kinds = [one for one in get_args(hint) if one is not type(None)]
        if len(kinds) != 1:
            raise TypeError(f"a stored field has one type: {hint}")
        return kinds[0], True
    return hint, False


def coders(hint: Any) -> tuple[Encoder, Decoder]:
    """Encoder and decoder for a type hint; TypeError for what is never stored (float, dict)."""
    inner, optional = without_none(hint)
    if optional:
        encode, decode = coders(inner)
        return (
            lambda value, references: None if value is None else encode(value, references),
            decode if decode is _decode_plain
            else lambda value, references: None if value is None else decode(value, references),
        )
    if inner in _SCALARS:
        return _SCALARS[inner]
    if get_origin(inner) is tuple:
        return _tuple_coders(inner)
    if isinstance(inner, type) and issubclass(inner, Choice):
        # A choice that is given as its plain code is taken too.
        choice: Any = inner
        return lambda value, _: choice(value).value, lambda value, _: choice(value)
    if is_dataclass(inner) and isinstance(inner, type):
        return _dataclass_coders(inner)
    raise TypeError(f"this type is never stored: {hint}")


def _tuple_coders(hint: Any) -> tuple[Encoder, Decoder]:
    kind, ellipsis = get_args(hint)
    if ellipsis is not Ellipsis:
        raise TypeError(f"only tuples of any length are stored: {hint}")
    encode, decode = coders(kind)
    return (
        lambda value, references: [encode(one, references) for one in value],
        lambda value, references: tuple([decode(one, references) for one in value]),
    )


def stored_fields(kind: type) -> dict[str, Any]:
    """Names and type hints of what goes into a body: all fields but the record's number."""
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind) if one.name != "id"}


def _dataclass_coders(kind: type) -> tuple[Encoder, Decoder]:
    pairs = [(name, *coders(hint)) for name, hint in stored_fields(kind).items()]
    required = {
        one.name for one in fields(kind)
        if one.default is MISSING and one.default_factory is MISSING
    }
    names = frozenset(name for name, _, _ in pairs)
    as_they_are = tuple(name for name, _, decoder in pairs if decoder is _decode_plain)
    others = tuple((name, decoder) for name, _, decoder in pairs if decoder is not _decode_plain)

    def encode(value: Any, references: References) -> Body:
        return {name: coder(getattr(value, name), references) for name, coder, _ in pairs}

    def decode(body: Body, references: References, **more: Any) -> Any:
        if names <= body.keys():
            values = {name: body[name] for name in as_they_are}
            for name, decoder in others:
                values[name] = decoder(body[name], references)
        else:
            # A field that came later is absent from old bodies and takes its default.
            values = {
                name: decoder(body[name], references)
                for name, _, decoder in pairs if name in body or name in required
            }
        return kind(**values, **more)

    return encode, decode


def _wholeness(hint: Any) -> Callable[[Any], bool] | None:
    """Whether a stored value lacks no field that came later; None for what has no fields."""
    inner, _ = without_none(hint)
    if get_origin(inner) is tuple:
        each = _wholeness(get_args(inner)[0])
        return None if each is None else lambda value: value is None or all(each(one) for one in value)
    if not (is_dataclass(inner) and isinstance(inner, type)):
        return None
    hints = stored_fields(inner)
    nested = [(name, one) for name in hints if (one := _wholeness(hints[name])) is not None]

    def is_whole(value: Any) -> bool:
        return value is None or (
            hints.keys() <= value.keys() and all(one(value[name]) for name, one in nested)
        )

    return is_whole


class Codec:
    """How one record type is stored.

    columns: body fields that stand in the projection under their own name;
    computed: further columns from the entity and its body; key: fields of the natural
    key, None for a random uuid; upgrades[i] lifts schema i+1 to i+2.
    references: fields that hold one reference; lists: fields that hold a tuple of
    references, which go to the table `link`.
    """

    def __init__(
        self, kind: type[Entity], columns: tuple[str, ...], *,
        computed: Callable[[Any, Body], Columns] | None = None,
        key: tuple[str, ...] | None = None, upgrades: tuple[Upgrade, ...] = (),
    ) -> None:
        self.kind = kind
        self.columns = columns
        self.computed = computed
        self.key = key
        self.upgrades = upgrades
        self._hints = stored_fields(kind)
        self._encode, self._decode = _dataclass_coders(kind)
        self._is_whole = _wholeness(kind) or bool
        self._key_encoders = [coders(self._hints[name])[0] for name in key or ()]
        kinds = {name: without_none(hint)[0] for name, hint in self._hints.items()}
        self._decimal_columns = tuple(name for name in columns if kinds.get(name) is Decimal)
        self._flag_columns = tuple(name for name in columns if kinds.get(name) is bool)
        self._reference_columns = tuple(name for name in columns if kinds.get(name) is RecordId)
        self._plain_columns = tuple(
            name for name in columns if kinds.get(name) not in (Decimal, bool, RecordId)
        )
        self.references = frozenset(name for name, kind in kinds.items() if kind is RecordId)
        self.lists = tuple(name for name, kind in kinds.items() if RecordId in get_args(kind))
        unknown = set(columns) - set(kinds)
        if unknown:
            raise TypeError(f"{kind.__name__} has no fields {sorted(unknown)}")

    @property
    def type_name(self) -> str:
        """Name of the record type and of its projection table."""
        return self.kind.type_name

    @property
    def schema(self) -> int:
        """Version of the body that is written."""
        return len(self.upgrades) + 1

    def encode(self, entity: Entity, references: References) -> Body:
        """The body of an entity; InputError for text that is refused at the door."""
        body: Body = self._encode(entity, references)
        return body

    def decode(self, record: RecordId, body: Body, references: References) -> Any:
        """The entity of a body in today's schema; StorageError when it cannot be one."""
        try:
            return self._decode(body, references, id=record)
        except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
            raise StorageError(
                f"数据文件中有一条记录({self.type_name} {record})的内容不合格式,文件可能已损坏。",
                "数据文件未被改动。",
                "请运行数据体检;如报告损坏,请从备份恢复。",
            ) from error

    def upgraded(self, body: Body, schema: int) -> Body:
        """A body written under an older schema as today's; pure, the stored body stays."""
        for upgrade in self.upgrades[schema - 1 :]:
            body = upgrade(dict(body))
        return body

    def is_whole(self, body: Body) -> bool:
        """Whether a body and the objects in it have all fields of today's schema."""
        return self._is_whole(body)

    def encode_key(self, values: tuple[Any, ...], references: References) -> list[Any]:
        """The natural key as it goes into the uuid; TypeError when the type has none."""
        if self.key is None or len(values) != len(self.key):
            raise TypeError(f"{self.kind.__name__} is named by {self.key}, not by {values}")
        return [
            encode(value, references)
            for encode, value in zip(self._key_encoders, values, strict=True)
        ]

    def projected(self, entity: Any, body: Body) -> Columns:
        """The projection's own columns; text is taken from the body, where it is clean."""
        row: Columns = {name: body[name] for name in self._plain_columns}
        for name in self._decimal_columns:
            row[name] = text = body[name]
            row[f"{name}_sort"] = None if text is None else float(text)
        for name in self._reference_columns:
            row[name] = getattr(entity, name)
        for name in self._flag_columns:
            row[name] = int(body[name])
        if self.computed is not None:
            row |= self.computed(entity, body)
        return row

    def linked(self, entity: Any) -> list[tuple[str, int, RecordId]]:
        """Rows of the table `link` without the record: field, place, target."""
        return [
            (name, place, target)
            for name in self.lists
            for place, target in enumerate(getattr(entity, name))
        ]


def decimal_columns(name: str, text: str | None) -> Columns:
    """The two columns of a decimal: the exact text, and a double for sorting."""
    return {name: text, f"{name}_sort": None if text is None else float(text)}
