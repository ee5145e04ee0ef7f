"""Fields that only a newer program knows live on when an older one writes the record."""

from __future__ import annotations

from typing import Any


def merged(new: Any, old: Any) -> Any:
    """The new content with the fields that only a newer program knows kept from the old.

    Objects are merged by field; in a list an old object whose known fields are all as
    in the new one stands for it.
    """
    if isinstance(new, dict) and isinstance(old, dict):
        return {
            **old, **{key: merged(value, old.get(key)) for key, value in new.items()},
        }
    if isinstance(new, list) and isinstance(old, list):
        return [next((was for was in old if _covers(was, one)), one) for one in new]
    return new


def _covers(old: Any, new: Any) -> bool:
    """Whether old says all that new says, possibly more."""
    if isinstance(new, dict):
        return isinstance(old, dict) and all(
            key in old and _covers(old[key], value) for key, value in new.items()
        )
    if isinstance(new, list):
        return isinstance(old, list) and len(old) == len(new) and all(
            _covers(was, one) for was, one in zip(old, new, strict=True)
        )
    return bool(old == new)
