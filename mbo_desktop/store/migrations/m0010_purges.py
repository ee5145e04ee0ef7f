"""Acts of removal (清除误录内容)."""

from __future__ import annotations

from sqlite3 import Connection

STATEMENTS = (
    """CREATE TABLE purge (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id)
    )""",
)


def upgrade(connection: Connection) -> None:
    """Create the table."""
    for statement in STATEMENTS:
        connection.execute(statement)
