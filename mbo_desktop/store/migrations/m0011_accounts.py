"""Accounts, and whether they are on."""

from __future__ import annotations

from sqlite3 import Connection

STATEMENTS = (
    """CREATE TABLE account (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        name_pinyin TEXT DEFAULT '' NOT NULL,
        name_initials TEXT DEFAULT '' NOT NULL,
        roles TEXT DEFAULT '' NOT NULL,
        active INTEGER DEFAULT '1' NOT NULL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id)
    )""",
    """CREATE TABLE account_rules (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        is_on INTEGER DEFAULT '0' NOT NULL,
        lock_minutes INTEGER DEFAULT '0' NOT NULL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id)
    )""",
)


def upgrade(connection: Connection) -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        connection.execute(statement)
