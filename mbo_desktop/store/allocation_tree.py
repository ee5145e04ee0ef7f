"""What follows for each node of the decomposition trees from the nodes above it.

Target, unit, leader, responsible person, handler and due date in effect, depth, and
whether it is gone with a branch above. Only the branches that were touched are walked
and only differences are written, so that moving or deleting a branch of 5,000 nodes
costs one revision and some ten thousand quick reads.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mbo_desktop.errors import InputError
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.owners import DELETED, NAMED

DERIVED = (
    "in_target", "in_unit", "in_leader", "in_responsible", "in_handler", "in_due", "depth",
    "deleted",
)
TREE_FIELDS = ("target", "parent", "unit", "leader", "responsible", "handler", "due")
"""Fields of a body on which the derived columns of the branch depend."""

_State = tuple[int | None, int | None, int | None, int | None, int | None, str | None, int, int]
_LOST: _State = (None, None, None, None, None, None, 0, 1)
"""What stands in a circle."""
_HIDDEN: _State = (None, None, None, None, None, None, 0, 1)
"""Stands above a node whose parent is not here: it is kept, and shown nowhere."""


def moves(old: Body | None, new: Body) -> bool:
    """Whether a new body changes what the branch below inherits."""
    return old is None or any(old.get(field) != new.get(field) for field in TREE_FIELDS)


@dataclass(frozen=True, slots=True)
class _Node:
    record: int
    target: int | None
    parent: int | None
    own: tuple[int | None, int | None, int | None, int | None, str | None]
    """unit, leader, responsible, handler, due as stated here."""
    removed: int
    stored: _State


def refresh(
    connection: sqlite3.Connection, touched: Iterable[int] | None = None,
    received: Collection[int] = (),
) -> None:
    """Bring the branches below the touched nodes up to date (None: all).

    InputError when a node would stand below itself; one of the received nodes is kept
    instead and shown nowhere (待归位), as is all in its circle.
    """
    if touched is None:
        touched = [row[0] for row in connection.execute(
            "SELECT record FROM allocation WHERE parent IS NULL "
            "OR parent NOT IN (SELECT record FROM allocation)"
        ).fetchall()]
        # What no walk from the tops comes to stands in a circle and is shown nowhere.
        connection.execute("UPDATE allocation SET in_target = NULL, deleted = 1")
    start = sorted(set(touched))
    if not start:
        return
    nodes = _branches(connection, start)
    lost = _circles(connection, nodes, start, received)
    places = _places(connection, nodes)
    places |= {one: _LOST for one in nodes if one not in places or one in lost}
    marks = ", ".join(f"{name} = ?" for name in DERIVED)
    connection.executemany(
        f"UPDATE allocation SET {marks} WHERE record = ?",
        [(*place, record) for record, place in places.items() if place != nodes[record].stored],
    )


def roots_of(connection: sqlite3.Connection, targets: Iterable[int]) -> list[int]:
    """The roots that hang under these targets."""
    return [row[0] for row in connection.execute(
        "SELECT record FROM allocation WHERE target IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(targets)),),
    ).fetchall()]


def _branches(connection: sqlite3.Connection, start: list[int]) -> dict[int, _Node]:
    rows = connection.execute(
        "WITH RECURSIVE below (id) AS (SELECT value FROM json_each(?) "
        "UNION SELECT a.record FROM allocation a JOIN below b ON a.parent = b.id) "
        "SELECT a.record, a.target, a.parent, a.unit, a.leader, a.responsible, a.handler, a.due, "
        f"a.removed, {', '.join('a.' + name for name in DERIVED)} "
        "FROM below b JOIN allocation a ON a.record = b.id",
        (json.dumps(start),),
    ).fetchall()
    return {
        row[0]: _Node(row[0], row[1], row[2], row[3:8], row[8], row[9:]) for row in rows
    }


def _circles(
    connection: sqlite3.Connection, nodes: dict[int, _Node], start: list[int],
    received: Collection[int],
) -> set[int]:
    """Walk up from each touched node: those on ways that come back to themselves.

    InputError when a node that is not received closes a circle.
    """
    sound: set[int] = set()
    lost: set[int] = set()
    for record in start:
        way: list[int] = []
        at: int | None = record
        while at is not None and at not in sound and at not in lost:
            if at in way:
                if not any(one in received for one in way[way.index(at) :]):
                    raise InputError(
                        "分解项不能放到它自己或它的下级下面。", "请另选位置;原来的位置没有改变。"
                    )
                lost.update(way)
                break
            way.append(at)
            at = nodes[at].parent if at in nodes else _parent(connection, at)
        else:
            (lost if at in lost else sound).update(way)
    return lost


def _parent(connection: sqlite3.Connection, record: int) -> int | None:
    row = connection.execute("SELECT parent FROM allocation WHERE record = ?", (record,)).fetchone()
    return row[0] if row else None


def _places(connection: sqlite3.Connection, nodes: dict[int, _Node]) -> dict[int, _State]:
    children: dict[int, list[_Node]] = {}
    tops = []
    for node in nodes.values():
        if node.parent in nodes:
            children.setdefault(node.parent, []).append(node)
        else:
            tops.append(node)
    above = _above(connection, tops)
    superseded = _superseded(connection, tops)
    places: dict[int, _State] = {}
    waiting = [(node, above.get(node.record, _HIDDEN)) for node in tops]
    while waiting:
        node, upper = waiting.pop()
        place = _root_place(node, upper) if node.parent is None else _place(node, upper)
        if node.record in superseded and not place[-1]:
            place = (*place[:-1], NAMED)
        places[node.record] = place
        waiting += [(child, place) for child in children.get(node.record, ())]
    return places


def _place(node: _Node, upper: _State) -> _State:
    unit, leader, responsible, handler, due = node.own
    target, in_unit, in_leader, in_responsible, in_handler, in_due, depth, gone = upper
    if unit is not None and unit != in_unit:
        # Another unit's people are not answered for by those of the one above.
        in_responsible = in_handler = None
    return (
        target, in_unit if unit is None else unit, in_leader if leader is None else leader,
        in_responsible if responsible is None else responsible,
        in_handler if handler is None else handler, in_due if due is None else due,
        depth + 1, DELETED if node.removed else gone,
    )


def _root_place(node: _Node, upper: _State) -> _State:
    _, leader, responsible, handler, due = node.own
    target, unit, gone = upper[0], upper[1], upper[7]
    return (target, unit, leader, responsible, handler, due, 0, DELETED if node.removed else gone)


def _superseded(connection: sqlite3.Connection, tops: list[_Node]) -> set[int]:
    """Roots that give way to another of the same target: what a unit typed itself goes first.

    Its office's tree supersedes the one that this office typed for it; that one stays, with all
    below it, and is in no list.
    """
    targets = json.dumps([one.target for one in tops if one.target is not None])
    found: dict[int, list[tuple[bool, bool, str, int]]] = {}
    for record, target, owner, unit_office, own in connection.execute(
        "SELECT a.record, a.target, lower(hex(r.owner)), "
        "(SELECT b.office FROM binding b WHERE b.unit = t.unit AND b.deleted = 0 "
        " ORDER BY b.record LIMIT 1), (SELECT replace(value, '-', '') FROM setting WHERE name = 'owner') "
        "FROM allocation a JOIN record r ON r.id = a.record LEFT JOIN target t ON t.record = a.target "
        "WHERE a.removed = 0 AND a.target IN (SELECT value FROM json_each(?)) "
        "AND a.target IN (SELECT target FROM allocation WHERE removed = 0 "
        " AND target IN (SELECT value FROM json_each(?)) GROUP BY target HAVING count(*) > 1)",
        (targets, targets),
    ).fetchall():
        found.setdefault(target, []).append((owner != (unit_office or own), owner != own, owner, record))
    return {one[-1] for roots in found.values() for one in sorted(roots)[1:]}


def _above(connection: sqlite3.Connection, tops: list[_Node]) -> dict[int, _State]:
    """By node: its parent's place, for roots the target's number, unit and tombstone."""
    found: dict[int, _State] = {}
    targets = json.dumps([node.target for node in tops if node.target is not None])
    cells = {row[0]: row for row in connection.execute(
        "SELECT record, unit, deleted FROM target "
        "WHERE record IN (SELECT value FROM json_each(?))", (targets,),
    ).fetchall()}
    parents = json.dumps([node.parent for node in tops if node.parent is not None])
    places = {row[0]: row[1:] for row in connection.execute(
        f"SELECT record, {', '.join(DERIVED)} FROM allocation "
        "WHERE record IN (SELECT value FROM json_each(?))", (parents,),
    ).fetchall()}
    for node in tops:
        if node.parent is None and node.target in cells:
            record, unit, deleted = cells[node.target]
            found[node.record] = (record, unit, None, None, None, None, 0, deleted)
        elif node.parent in places:
            found[node.record] = places[node.parent]
    return found
