"""The key to which attachments beside sealed backups are closed; it stands in the data file.

So every backup of the data file holds it, behind the backup's own password.
"""

from __future__ import annotations

from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store

_SETTING = "backup_identity"


def backup_identity(store: Store, *, make: bool = True) -> str:
    """The age identity of this data file, made at the first need; "" when there is none."""
    with store.read() as connection:
        row = raw(connection).execute(
            "SELECT value FROM setting WHERE name = ?", (_SETTING,)
        ).fetchone()
    if row is not None or not make:
        return "" if row is None else str(row[0])
    from pyrage import x25519  # type: ignore[import-untyped]

    identity = str(x25519.Identity.generate())
    with store.change("启用带口令的外部备份", barrier=True) as change:
        change.connection.execute(
            "INSERT OR IGNORE INTO setting (name, value) VALUES (?, ?)", (_SETTING, identity)
        )
    return backup_identity(store, make=False)
