"""Editions as they travel, where packages stand, and records about other offices."""

from __future__ import annotations

import secrets
from sqlite3 import Connection

STATEMENTS = (
    # Nothing was ever in these three: packages begin with this version.
    "DROP TABLE package_edition",
    "DROP TABLE package",
    "DROP TABLE edition",
    """CREATE TABLE edition (
        id INTEGER NOT NULL,
        record INTEGER NOT NULL,
        e INTEGER NOT NULL,
        hash BLOB NOT NULL,
        earlier TEXT DEFAULT '' NOT NULL,
        schema INTEGER NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        body TEXT,
        replica BLOB NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(record) REFERENCES record (id),
        UNIQUE (hash)
    )""",
    "CREATE INDEX edition_record ON edition (record, e)",
    """CREATE TABLE edition_head (
        record INTEGER NOT NULL,
        edition INTEGER NOT NULL,
        withheld INTEGER DEFAULT '0' NOT NULL,
        PRIMARY KEY (record, edition),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(edition) REFERENCES edition (id)
    ) WITHOUT ROWID""",
    """CREATE TABLE package (
        id INTEGER NOT NULL,
        hash BLOB NOT NULL,
        kind TEXT DEFAULT '' NOT NULL,
        year INTEGER,
        sender BLOB NOT NULL,
        recipient BLOB NOT NULL,
        replica BLOB NOT NULL,
        seq INTEGER NOT NULL,
        state TEXT DEFAULT '' NOT NULL,
        manifest TEXT DEFAULT '' NOT NULL,
        kept_at TEXT DEFAULT '' NOT NULL,
        file_name TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (hash)
    )""",
    "CREATE INDEX package_stream ON package (sender, recipient, kind, year)",
    """CREATE TABLE package_edition (
        package INTEGER NOT NULL,
        edition INTEGER NOT NULL,
        withheld INTEGER DEFAULT '0' NOT NULL,
        PRIMARY KEY (package, edition),
        FOREIGN KEY(package) REFERENCES package (id),
        FOREIGN KEY(edition) REFERENCES edition (id)
    ) WITHOUT ROWID""",
    "CREATE INDEX package_edition_edition ON package_edition (edition)",
    """CREATE TABLE package_change (
        change INTEGER NOT NULL,
        package INTEGER NOT NULL,
        PRIMARY KEY (change, package),
        FOREIGN KEY(change) REFERENCES change (id) DEFERRABLE INITIALLY DEFERRED,
        FOREIGN KEY(package) REFERENCES package (id)
    ) WITHOUT ROWID""",
    """CREATE TABLE binding (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        office TEXT DEFAULT '' NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        name_pinyin TEXT DEFAULT '' NOT NULL,
        name_initials TEXT DEFAULT '' NOT NULL,
        code TEXT DEFAULT '' NOT NULL,
        "key" TEXT DEFAULT '' NOT NULL,
        unit INTEGER,
        their_unit TEXT DEFAULT '' NOT NULL,
        our_unit TEXT DEFAULT '' NOT NULL,
        role TEXT DEFAULT '' NOT NULL,
        accepted_on TEXT,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id),
        FOREIGN KEY(unit) REFERENCES record (id)
    )""",
    "CREATE INDEX binding_office ON binding (office)",
    "CREATE INDEX binding_unit ON binding (unit)",
    """CREATE TABLE package_withdrawal (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        package TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id)
    )""",
    """CREATE TABLE hand_over (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        package TEXT DEFAULT '' NOT NULL,
        way TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id)
    )""",
    "CREATE INDEX hand_over_package ON hand_over (package)",
    """CREATE TABLE reply (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        subject INTEGER NOT NULL,
        kind TEXT DEFAULT '' NOT NULL,
        year INTEGER DEFAULT '0' NOT NULL,
        month INTEGER,
        unit INTEGER,
        until TEXT,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id),
        FOREIGN KEY(subject) REFERENCES record (id),
        FOREIGN KEY(unit) REFERENCES record (id)
    )""",
    "CREATE INDEX reply_subject ON reply (subject)",
    "CREATE INDEX reply_unit ON reply (unit)",
    "CREATE INDEX reply_year ON reply (year)",
)


def upgrade(connection: Connection) -> None:
    """Create the tables, and the key that signs this office's packages.

    The key is made here so that every later copy and backup holds the same one.
    """
    for statement in STATEMENTS:
        connection.execute(statement)
    connection.execute(
        "INSERT OR IGNORE INTO setting VALUES ('signing_key', ?)", (secrets.token_bytes(32).hex(),)
    )
