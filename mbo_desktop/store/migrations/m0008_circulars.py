"""Texts of circulars on a year's results."""

from __future__ import annotations

from sqlite3 import Connection

STATEMENTS = (
    """CREATE TABLE circular (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        year INTEGER DEFAULT '0' NOT NULL,
        kind TEXT DEFAULT '' NOT NULL,
        title TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id)
    )""",
    "CREATE INDEX circular_year ON circular (year)",
)


def upgrade(connection: Connection) -> None:
    """Create the table."""
    for statement in STATEMENTS:
        connection.execute(statement)
