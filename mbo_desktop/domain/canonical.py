"""Canonical JSON: one form per content.

UTF-8, NFC, keys sorted, no white space, no floats, no duplicate keys. What is hashed
or signed anywhere in the program is this text.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from mbo_desktop.errors import StorageError

Body = dict[str, Any]
"""A record's fields as canonical JSON holds them."""

MAX_DEPTH = 8
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
)


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"not allowed in canonical JSON: {text}")


def _unique(pairs: list[tuple[str, Any]]) -> Body:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError("duplicate key")
    return body


_DECODER = json.JSONDecoder()
_STRICT_DECODER = json.JSONDecoder(
    parse_float=_refuse_number, parse_constant=_refuse_number, object_pairs_hook=_unique
)


def dump(content: Any) -> str:
    """The canonical JSON text of dictionaries, lists, strings, integers, booleans and None."""
    return _ENCODER.encode(content)


def load(text: str) -> Body:
    """Read back a body of this file; StorageError when it is no JSON object."""
    return _object(text, _DECODER)


def load_strictly(text: str) -> Body:
    """Read a body from outside: floats and duplicate keys are StorageErrors too."""
    return _object(text, _STRICT_DECODER)


def _object(text: str, decoder: json.JSONDecoder) -> Body:
    try:
        body = decoder.decode(text)
    except (ValueError, RecursionError) as error:
        raise _damaged() from error
    if not isinstance(body, dict):
        raise _damaged()
    return body


def is_canonical(text: str) -> bool:
    """Whether the text is exactly what `dump` writes for its content, within the depth allowed."""
    try:
        body = load_strictly(text)
    except StorageError:
        return False
    return _depth(body) <= MAX_DEPTH and dump(body) == text


def _depth(content: Any) -> int:
    if isinstance(content, dict):
        return 1 + max((_depth(one) for one in content.values()), default=0)
    if isinstance(content, list):
        return 1 + max((_depth(one) for one in content), default=0)
    return 0


def _damaged() -> StorageError:
    return StorageError(
        "数据文件中有一条记录的内容无法读出,文件可能已损坏。",
        "数据文件未被改动。",
        "请运行数据体检;如报告损坏,请从备份恢复。",
    )
