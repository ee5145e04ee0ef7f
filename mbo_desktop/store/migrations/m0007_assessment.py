"""Schemes of assessment, given scores, bonuses, vetoes, objections, sealed results."""

from __future__ import annotations

from sqlite3 import Connection

STATEMENTS = (
    """CREATE TABLE scheme (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        year INTEGER DEFAULT '0' NOT NULL,
        peer_group TEXT DEFAULT '' NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id)
    )""",
    "CREATE INDEX scheme_year ON scheme (year)",
    """CREATE TABLE given_score (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        subject INTEGER NOT NULL,
        unit INTEGER NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        kind TEXT DEFAULT '' NOT NULL,
        points TEXT,
        points_sort REAL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id),
        FOREIGN KEY(subject) REFERENCES record (id),
        FOREIGN KEY(unit) REFERENCES record (id)
    )""",
    "CREATE INDEX given_score_subject ON given_score (subject, kind)",
    "CREATE INDEX given_score_unit ON given_score (unit)",
    """CREATE TABLE bonus_item (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        year INTEGER DEFAULT '0' NOT NULL,
        unit INTEGER NOT NULL,
        matter TEXT DEFAULT '' NOT NULL,
        level TEXT DEFAULT '' NOT NULL,
        points TEXT,
        points_sort REAL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id),
        FOREIGN KEY(unit) REFERENCES record (id)
    )""",
    "CREATE INDEX bonus_item_unit ON bonus_item (unit)",
    "CREATE INDEX bonus_item_year ON bonus_item (year, unit)",
    """CREATE TABLE veto (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        year INTEGER DEFAULT '0' NOT NULL,
        unit INTEGER NOT NULL,
        subject TEXT DEFAULT '' NOT NULL,
        effect TEXT DEFAULT '' NOT NULL,
        indicator INTEGER,
        revoked_on TEXT,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id),
        FOREIGN KEY(unit) REFERENCES record (id),
        FOREIGN KEY(indicator) REFERENCES record (id)
    )""",
    "CREATE INDEX veto_indicator ON veto (indicator)",
    "CREATE INDEX veto_unit ON veto (unit)",
    "CREATE INDEX veto_year ON veto (year, unit)",
    """CREATE TABLE objection (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        year INTEGER DEFAULT '0' NOT NULL,
        unit INTEGER NOT NULL,
        indicator INTEGER,
        raised_on TEXT,
        decided_on TEXT,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id),
        FOREIGN KEY(unit) REFERENCES record (id),
        FOREIGN KEY(indicator) REFERENCES record (id)
    )""",
    "CREATE INDEX objection_indicator ON objection (indicator)",
    "CREATE INDEX objection_unit ON objection (unit)",
    "CREATE INDEX objection_year ON objection (year, unit)",
    """CREATE TABLE sealed_score (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        year INTEGER DEFAULT '0' NOT NULL,
        unit INTEGER NOT NULL,
        peer_group TEXT DEFAULT '' NOT NULL,
        total TEXT,
        total_sort REAL,
        rank INTEGER,
        grade TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id),
        FOREIGN KEY(unit) REFERENCES record (id)
    )""",
    "CREATE INDEX sealed_score_unit ON sealed_score (unit)",
    "CREATE INDEX sealed_score_year ON sealed_score (year, unit)",
)


def upgrade(connection: Connection) -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        connection.execute(statement)
