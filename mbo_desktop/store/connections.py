"""Connections to the data file with the settings that keep it safe.

TRUNCATE with EXTRA lost no acknowledged commit in any simulated power cut, and
leaves one file that clerks may copy. Drivers run in autocommit; a writer says
BEGIN IMMEDIATE itself.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool, QueuePool

BUSY_SECONDS = 5.0
APPLICATION_ID = 0x4D424F31
""""MBO1" in the file's header."""


def open_raw(path: Path, *, writer: bool = False) -> sqlite3.Connection:
    """A driver connection to a file that exists; without `writer` it cannot write.

    Readers open the file writable too: the first one after a crash has to roll back
    what was half written, whoever it is.
    """
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS,
        isolation_level=None, check_same_thread=False,
    )
    try:
        settings = [
            "foreign_keys=ON", "trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0",
            "journal_mode=TRUNCATE", "synchronous=EXTRA",
        ]
        if writer:
            settings += ["cache_spill=0", "cache_size=-32000", "temp_store=MEMORY"]
        else:
            settings += ["query_only=ON"]
        for one in settings:
            connection.execute(f"PRAGMA {one}").fetchall()
    except UnicodeDecodeError as error:
        # SQLite quotes the schema in its message; a flipped bit there is no text any more.
        connection.close()
        raise sqlite3.DatabaseError("database disk image is malformed") from error
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def reading_engine(path: Path) -> Engine:
    """Short-lived reading connections, pooled; they cannot write."""
    return create_engine(
        "sqlite://", creator=lambda: open_raw(path), poolclass=QueuePool, pool_size=3,
        max_overflow=5,
    )


def writing_engine(path: Path) -> Engine:
    """The engine of the one writing connection."""
    return create_engine(
        "sqlite://", creator=lambda: open_raw(path, writer=True), poolclass=NullPool
    )


def raw(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection, for statements repeated thousands of times."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
