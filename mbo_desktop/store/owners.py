"""Whose a record is: what of other offices is listed, and what is said to who would change it."""

from __future__ import annotations

import sqlite3
from uuid import UUID

from mbo_desktop.domain.exchange import BindingRole
from mbo_desktop.errors import NotAllowedError

KNOWN_BY_NAME = frozenset({"unit", "post", "person", "tenure", "binding"})
"""Record types of another office's register: found by number and named, in no list of this office."""
LISTED, DELETED, NAMED = 0, 1, 2
"""The column `deleted` of projections: in lists; gone; known by name only."""


def own_office(connection: sqlite3.Connection) -> str:
    """The office that this data file belongs to, 32 hexadecimal digits."""
    row = connection.execute("SELECT value FROM setting WHERE name = 'owner'").fetchone()
    return UUID(row[0]).hex


def standing(type_name: str, *, deleted: bool, foreign: bool) -> int:
    """What the column `deleted` of a record says."""
    if deleted:
        return DELETED
    return NAMED if foreign and type_name in KNOWN_BY_NAME else LISTED


def not_ours(connection: sqlite3.Connection, office: str) -> NotAllowedError:
    """The refusal to change a record of another office, with its name where it is known."""
    row = connection.execute(
        "SELECT name, role FROM binding WHERE office = ? AND deleted = 0", (office,)
    ).fetchone()
    if row is None:
        what = "这是其他机关的内容,只有它的制作机关能改。"
    elif row[1] == BindingRole.SUPERIOR:
        what = f"这是上级「{row[0]}」下达的内容,本机关不能改。"
    else:
        what = f"这是「{row[0]}」上报的内容,本机关不能改。"
    return NotAllowedError(what, "有不同意见请用“答复”提出,由对方修改后重新发来。")
