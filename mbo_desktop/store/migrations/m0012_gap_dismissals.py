"""Missing packages that are not asked for any more."""

from __future__ import annotations

from sqlite3 import Connection

STATEMENTS = (
    """CREATE TABLE gap_dismissal (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        office TEXT DEFAULT '' NOT NULL,
        replica TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id)
    )""",
)


def upgrade(connection: Connection) -> None:
    """Create the table."""
    for statement in STATEMENTS:
        connection.execute(statement)
