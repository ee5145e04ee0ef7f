"""What follows for each unit from the whole tree of units: path, depth, children, order.

Recomputed whole (a city has some hundred units, a province some thousand: 1 to 10 ms)
whenever a superior, an order key or a tombstone changed, and only differences are
written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from mbo_desktop.errors import InputError

DERIVED = ("path", "sort_path", "depth", "child_count", "deleted")


@dataclass(frozen=True, slots=True)
class _Node:
    record: int
    superior: int | None
    ord: str
    removed: int
    uuid: str
    stored: tuple[str, str, int, int, int]


def refresh(connection: sqlite3.Connection, moved: Collection[int] = ()) -> None:
    """Bring the derived columns up to date; InputError when a unit closes a cycle.

    moved: the units whose superior was chosen anew; deleting or reordering one that stands in
    a cycle is no fault.

    A cycle that came with a merge (two copies moved units below each other) is cut: its
    units stand nowhere (待归位, path "") until one of them is moved.
    """
    nodes = _load(connection)
    places = _places(nodes)
    lost = [one for one in nodes if one not in places]
    if any(one in moved for one in lost):
        raise _cycle(connection, lost)
    places |= dict.fromkeys(lost, ("", "", 0, 0, 1))
    changed = [
        (*place, record) for record, place in places.items()
        if place != nodes[record].stored
    ]
    connection.executemany(
        "UPDATE unit SET path = ?, sort_path = ?, depth = ?, child_count = ?, deleted = ? "
        "WHERE record = ?", changed,
    )


def _load(connection: sqlite3.Connection) -> dict[int, _Node]:
    rows = connection.execute(
        "SELECT u.record, u.superior, u.ord, u.removed, r.uuid, u.path, u.sort_path, u.depth, "
        "u.child_count, u.deleted FROM unit u JOIN record r ON r.id = u.record"
    ).fetchall()
    return {
        row[0]: _Node(row[0], row[1], row[2], row[3], row[4].hex(), tuple(row[5:])) for row in rows
    }


def _places(nodes: dict[int, _Node]) -> dict[int, tuple[str, str, int, int, int]]:
    """path, sort_path, depth, child_count, deleted by record, walked from the roots."""
    children: dict[int | None, list[_Node]] = {}
    for node in nodes.values():
        # A superior that is not in the register (not received yet) leaves its units at the top.
        superior = node.superior if node.superior in nodes else None
        children.setdefault(superior, []).append(node)
    places: dict[int, tuple[str, str, int, int, int]] = {}
    open_nodes = [(node, "/", "", 0, 0) for node in children.get(None, ())]
    while open_nodes:
        node, path, sort_path, depth, gone = open_nodes.pop()
        path, gone = f"{path}{node.record}/", gone or node.removed
        # A space sorts before every digit of a key, so a branch follows its own unit.
        sort_path = f"{sort_path}{node.ord} {node.uuid[:12]}/"
        below = children.get(node.record, ())
        count = sum(not child.removed for child in below)
        places[node.record] = (path, sort_path, depth, count, gone)
        open_nodes += [(child, path, sort_path, depth + 1, gone) for child in below]
    return places


def _cycle(connection: sqlite3.Connection, records: list[int]) -> InputError:
    marks = ", ".join("?" * len(records[:500]))
    names = [row[0] for row in connection.execute(
        f"SELECT label FROM unit WHERE record IN ({marks}) ORDER BY record LIMIT 5", records[:500]
    ).fetchall()]
    return InputError(
        f"上级单位成了循环:{'、'.join(names)}互为上下级。",
        "单位的上级不能是它自己或它的下级,请另选上级单位。",
    )
