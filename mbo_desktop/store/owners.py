"""Whose a record is: what of other offices is listed, and what is said to who would change it."""

from __future__ import annotations

import sqlite3
from uuid import UUID

from mbo_desktop.domain.exchange import BindingRole
from mbo_desktop.domain.identity import RecordId
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


def received_target(
    connection: sqlite3.Connection, own: str, indicator: int, unit: int
) -> RecordId | None:
    """The target of another office that stands in a cell of the own tables, None when there is none."""
    row = connection.execute(
        "SELECT t.record FROM target t JOIN record r ON r.id = t.record "
        "WHERE t.indicator = ? AND t.unit = ? AND t.deleted = 0 AND r.owner <> ?",
        (indicator, unit, bytes.fromhex(own)),
    ).fetchone()
    return None if row is None else RecordId(row[0])


def is_superior(connection: sqlite3.Connection, office: str) -> bool:
    """Whether an office is bound here as a superior."""
    return connection.execute(
        "SELECT 1 FROM binding WHERE office = ? AND role = ? AND deleted = 0",
        (office, BindingRole.SUPERIOR.value),
    ).fetchone() is not None


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


_CARRIERS = (
    "SELECT b.name FROM allocation a JOIN record r ON r.id = a.record JOIN target t ON t.record = a.target "
    "JOIN binding b ON b.unit = t.unit AND b.deleted = 0 AND b.office = lower(hex(r.owner)) "
    "WHERE a.target = ? AND a.removed = 0 LIMIT 1"
)
"""The office that carries a target and decomposed it itself."""


def require_shown(
    connection: sqlite3.Connection, record: RecordId, parent: RecordId | None, target: RecordId | None
) -> None:
    """Refuse a node of a decomposition that gave way to the carrying unit's own: nobody would see it.

    target: of a root, also of one that is still to be made.
    """
    row = connection.execute(
        "SELECT in_target FROM allocation WHERE record IN (?, ?) AND deleted = ?", (record, parent, NAMED)
    ).fetchone()
    at = target if row is None else row[0]
    carrier = None if at is None else connection.execute(_CARRIERS, (at,)).fetchone()
    if row is None and carrier is None:
        return
    whose = f"「{carrier[0]}」" if carrier else "承担单位"
    raise NotAllowedError(
        f"{whose}已上报自己的分解,以它为准;本机关代为录入的分解不再显示,不能再改。",
        "请在“目标分解”中查看上报的分解;有不同意见请用“答复”提出,由对方修改后重新发来。",
    )
