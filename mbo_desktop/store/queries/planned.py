"""What cutting a package now would hold against the last one, found by reading only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.editions import heads_by_record, stream_records, types_of
from mbo_desktop.store.projections import heads_of


@dataclass(frozen=True, slots=True)
class Planned:
    """One record of a package to be: its state against the stream so far, its body (None: withheld)."""

    type: str
    state: str
    """"new", "changed", "same" or "withheld"."""
    body: str | None
    deleted: bool


def planned(
    store: Store, members: Collection[RecordId], *, kind: str, year: int, recipient: bytes
) -> tuple[Planned, ...]:
    """The members and what the stream carried before; recipient as `packages.stream_of` gives it."""
    with store.read() as connection:
        plain = raw(connection)
        sent = stream_records(plain, store.owner.bytes, recipient, kind, year)
        records = sorted(set(members) | sent.keys())
        states = heads_of(plain, records)
        heads = heads_by_record(plain, records)
        types = types_of(plain, records)
    found = []
    for record in records:
        state, known = states.get(record), heads.get(record, [])
        if record not in members:
            if record in sent and any(one.visible for one in known):
                gone = state is None or not state.deleted
                found.append(Planned(types[record], "withheld" if gone else "changed", None, not gone))
            continue
        if state is None:
            continue
        # What stands may have been sent to others only, or have come from above since.
        same = (
            len(known) == 1 and known[0].id in sent.get(record, ())
            and known[0].body == state.text and known[0].deleted == state.deleted
        )
        word = "new" if record not in sent else "same" if same else "changed"
        found.append(Planned(state.type_name, word, state.text, state.deleted))
    return tuple(found)
