"""Rounds of proposals, adjustments and corrections of signed targets, joint targets."""

from __future__ import annotations

from sqlite3 import Connection

STATEMENTS = (
    """CREATE TABLE proposal_round (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        year INTEGER DEFAULT '0' NOT NULL,
        number INTEGER DEFAULT '0' NOT NULL,
        side TEXT DEFAULT '' NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        source TEXT DEFAULT '' NOT NULL,
        note TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id)
    )""",
    "CREATE INDEX proposal_round_year ON proposal_round (year, number)",
    """CREATE TABLE target_proposal (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        round INTEGER NOT NULL,
        indicator INTEGER NOT NULL,
        unit INTEGER NOT NULL,
        state TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id),
        FOREIGN KEY(round) REFERENCES record (id),
        FOREIGN KEY(indicator) REFERENCES record (id),
        FOREIGN KEY(unit) REFERENCES record (id)
    )""",
    "CREATE INDEX target_proposal_cell ON target_proposal (indicator, unit)",
    "CREATE INDEX target_proposal_round ON target_proposal (round)",
    "CREATE INDEX target_proposal_unit ON target_proposal (unit)",
    """CREATE TABLE adjustment (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        year INTEGER DEFAULT '0' NOT NULL,
        indicator INTEGER NOT NULL,
        unit INTEGER NOT NULL,
        kind TEXT DEFAULT '' NOT NULL,
        origin TEXT DEFAULT '' NOT NULL,
        requested_by INTEGER,
        requested_on TEXT,
        cause TEXT DEFAULT '' NOT NULL,
        reason TEXT DEFAULT '' NOT NULL,
        meeting TEXT DEFAULT '' NOT NULL,
        meeting_item INTEGER,
        number TEXT DEFAULT '' NOT NULL,
        approved_on TEXT,
        effective_on TEXT,
        state TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id),
        FOREIGN KEY(indicator) REFERENCES record (id),
        FOREIGN KEY(unit) REFERENCES record (id),
        FOREIGN KEY(requested_by) REFERENCES record (id),
        FOREIGN KEY(meeting_item) REFERENCES record (id)
    )""",
    "CREATE INDEX adjustment_cell ON adjustment (indicator, unit)",
    "CREATE INDEX adjustment_meeting ON adjustment (meeting_item)",
    "CREATE INDEX adjustment_unit ON adjustment (unit)",
    "CREATE INDEX adjustment_year ON adjustment (year, state)",
    """CREATE TABLE correction (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        year INTEGER DEFAULT '0' NOT NULL,
        indicator INTEGER NOT NULL,
        unit INTEGER NOT NULL,
        field TEXT DEFAULT '' NOT NULL,
        reason TEXT DEFAULT '' NOT NULL,
        approved_by TEXT DEFAULT '' NOT NULL,
        revoked_on TEXT,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id),
        FOREIGN KEY(indicator) REFERENCES record (id),
        FOREIGN KEY(unit) REFERENCES record (id)
    )""",
    "CREATE INDEX correction_cell ON correction (indicator, unit)",
    "CREATE INDEX correction_unit ON correction (unit)",
    """CREATE TABLE joint_duty (
        record INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        head BLOB NOT NULL,
        deleted INTEGER DEFAULT '0' NOT NULL,
        indicator INTEGER NOT NULL,
        lead INTEGER NOT NULL,
        unit INTEGER NOT NULL,
        ord TEXT DEFAULT '' NOT NULL,
        duty TEXT DEFAULT '' NOT NULL,
        share TEXT,
        share_sort REAL,
        consent TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (record),
        FOREIGN KEY(record) REFERENCES record (id),
        FOREIGN KEY(revision) REFERENCES revision (id),
        FOREIGN KEY(indicator) REFERENCES record (id),
        FOREIGN KEY(lead) REFERENCES record (id),
        FOREIGN KEY(unit) REFERENCES record (id)
    )""",
    "CREATE INDEX joint_duty_indicator ON joint_duty (indicator)",
    "CREATE INDEX joint_duty_lead ON joint_duty (lead, indicator)",
    "CREATE INDEX joint_duty_unit ON joint_duty (unit)",
)


def upgrade(connection: Connection) -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        connection.execute(statement)
