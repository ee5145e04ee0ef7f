"""What the tables of the data file are made of: shared columns, and the frame of a projection."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.types import REAL

metadata = MetaData()


def integer(name: str, default: int = 0) -> Column[int]:
    """A number that is never empty."""
    return Column(name, Integer, nullable=False, server_default=str(default))


def text(name: str) -> Column[str]:
    """A text that is never NULL."""
    return Column(name, Text, nullable=False, server_default="")


def optional(name: str) -> Column[str]:
    """A text that may be NULL: not stated."""
    return Column(name, Text)


def reference(name: str, *, required: bool = False) -> Column[int]:
    """The integer of another record."""
    return Column(name, Integer, ForeignKey("record.id"), nullable=not required)


def decimal(name: str) -> tuple[Column[str], Column[float]]:
    """The canonical decimal and a double beside it, the latter for sorting and filtering only."""
    return Column(name, Text), Column(f"{name}_sort", REAL)


def named() -> tuple[Column[str], Column[str], Column[str]]:
    """A name with its pinyin for sorting and finding."""
    return text("name"), text("name_pinyin"), text("name_initials")


def projection(name: str, *content: Column[str] | Column[int] | Column[float] | Index) -> Table:
    """The table of a record type: its frame and its own columns."""
    return Table(
        name, metadata,
        Column("record", Integer, ForeignKey("record.id"), primary_key=True),
        Column("revision", Integer, ForeignKey("revision.id"), nullable=False),
        Column("head", LargeBinary(32), nullable=False),
        integer("deleted"),
        *content,
    )
