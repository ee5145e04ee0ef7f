"""What every record has in common: its number in the data file and its named choices."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NewType, Self, cast

RecordId = NewType("RecordId", int)
"""Number of a record in the open data file; never leaves it (files carry owner and uuid)."""


class Choice(StrEnum):
    """A named choice: an English code that is stored, a Chinese label that is shown."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        """Keep the label beside the stored code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def of(cls, code: str) -> Self:
        """The choice with this stored code; KeyError when there is none."""
        return cast("Self", cls._value2member_map_[code])

    @classmethod
    def from_label(cls, label: str) -> Self | None:
        """The choice with this Chinese label, None when there is none."""
        return next((member for member in cls if member.label == label), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A record as the program handles it; references to others are their `RecordId`."""

    type_name: ClassVar[str]

    id: RecordId
