"""Tables of the exchange: editions, packages, and the records kept about other offices."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from mbo_desktop.store.columns import (
    integer,
    metadata,
    named,
    optional,
    projection,
    reference,
    text,
)

edition = Table(
    "edition", metadata,
    Column("id", Integer, primary_key=True),
    Column("record", Integer, ForeignKey("record.id"), nullable=False),
    Column("e", Integer, nullable=False),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    # Hashes of all ancestors, hex, sorted, joined by a space.
    text("earlier"),
    # 0: only the hash is known (named in a receipt after this office lost it).
    Column("schema", Integer, nullable=False),
    integer("deleted"),
    # NULL: a withheld edition, of which only hash and lineage travel.
    Column("body", Text),
    Column("replica", LargeBinary(16), nullable=False),
    Index("edition_record", "record", "e"),
)

edition_head = Table(
    # The editions of a record that no other names as earlier, over packages that count;
    # follows from the tables around it. Two rows: a fork.
    "edition_head", metadata,
    Column("record", Integer, ForeignKey("record.id"), primary_key=True),
    Column("edition", Integer, ForeignKey("edition.id"), primary_key=True),
    integer("withheld"),
    sqlite_with_rowid=False,
)

package = Table(
    "package", metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    text("kind"),
    Column("year", Integer),
    Column("sender", LargeBinary(16), nullable=False),
    # The uuid of the sender's unit record of the recipient; without one the recipient's office.
    Column("recipient", LargeBinary(16), nullable=False),
    Column("replica", LargeBinary(16), nullable=False),
    Column("seq", Integer, nullable=False),
    text("state"),
    text("manifest"),
    text("kept_at"),  # when it was made or taken in, here
    text("file_name"),
    Index("package_stream", "sender", "recipient", "kind", "year"),
)

package_edition = Table(
    "package_edition", metadata,
    Column("package", Integer, ForeignKey("package.id"), primary_key=True),
    Column("edition", Integer, ForeignKey("edition.id"), primary_key=True),
    integer("withheld"),  # it travelled without its body
    Index("package_edition_edition", "edition"),
    sqlite_with_rowid=False,
)

package_change = Table(
    # The log entries that made a package or took it in: one per replica that did.
    "package_change", metadata,
    Column("change", Integer, ForeignKey("change.id", deferrable=True, initially="DEFERRED"),
           primary_key=True),
    Column("package", Integer, ForeignKey("package.id"), primary_key=True),
    sqlite_with_rowid=False,
)

binding = projection(
    "binding", text("office"), *named(), text("code"), text("key"), reference("unit"),
    text("their_unit"), text("our_unit"), text("role"), optional("accepted_on"),
    Index("binding_office", "office"), Index("binding_unit", "unit"),
)

package_withdrawal = projection("package_withdrawal", text("package"))

gap_dismissal = projection("gap_dismissal", text("office"), text("replica"))

hand_over = projection(
    "hand_over", text("package"), text("way"), Index("hand_over_package", "package"),
)

reply = projection(
    "reply", reference("subject", required=True), text("kind"), integer("year"),
    Column("month", Integer), reference("unit"), optional("until"),
    Index("reply_subject", "subject"), Index("reply_unit", "unit"), Index("reply_year", "year"),
)

purge = projection("purge")
