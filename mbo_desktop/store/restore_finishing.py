"""The last part of a restore: the log says so, purges are carried over, lists are written anew.

The order for it stands in the restored file itself, so that it is carried out at the next
opening when the restore was cut off after the file had taken its place.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop.store import purge_carrying
from mbo_desktop.store.connections import open_raw, raw
from mbo_desktop.store.purge_carrying import Carried, State

if TYPE_CHECKING:
    from mbo_desktop.store.database import Store

_NAME = "restored"
"""The setting in which the order stands."""


def order(part: Path, backup: str, operator: str, carried: Carried) -> None:
    """Write into a file that is about to take its place what remains to be done then."""
    said = {
        "backup": backup, "operator": operator, "hashes": sorted(carried.hashes),
        "states": [asdict(one) for one in carried.states],
    }
    with closing(open_raw(part, writer=True)) as connection:
        # Another place than last time: opening begins a new replica.
        connection.execute("UPDATE setting SET value = '恢复' WHERE name = 'place'")
        # What a purge had to remove when the backup was made is no order for today's files.
        connection.execute("DELETE FROM setting WHERE name = 'purge_rest'")
        connection.execute(
            "INSERT OR REPLACE INTO setting VALUES (?, ?)", (_NAME, json.dumps(said, ensure_ascii=False))
        )


def finish(store: Store) -> bool:
    """Carry the order out, if there is one; False without one, or where nothing may be written."""
    if store.opened_to_look:
        return False
    with store.read() as connection:
        row = raw(connection).execute("SELECT value FROM setting WHERE name = ?", (_NAME,)).fetchone()
    if row is None:
        return False
    said = json.loads(row[0])
    carried = Carried(frozenset(said["hashes"]), tuple(State(**one) for one in said["states"]))
    operator = store.operator
    # Whoever has accounts in the restored data signs in afterwards; the restoring is logged all the same.
    store.gate.is_program = True
    store.sign_in(None)
    store.operator = said["operator"]
    try:
        # Examined was the history; the lists follow from it.
        store.rebuild_projections()
        with store.change(f"恢复到备份:{said['backup']}", barrier=True) as change:
            purge_carrying.carry_over(change, carried)
            _forget(change.connection)
        if carried.hashes:
            store.compact()
    finally:
        store.gate.is_program = False
        store.operator = operator
        store.sign_in(None)
    return True


def _forget(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM setting WHERE name = ?", (_NAME,))
