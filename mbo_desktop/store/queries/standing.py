"""What is known here of the targets and nodes that a package speaks of: who carries and certifies them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.scope import Subject
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.portable import by_names, names_of

_QUERY = (
    "SELECT t.record, t.unit, t.indicator FROM target t WHERE t.record IN (SELECT value FROM json_each(:ids)) "
    "UNION ALL SELECT a.record, coalesce(a.in_unit, t.unit), t.indicator FROM allocation a "
    "LEFT JOIN target t ON t.record = a.in_target WHERE a.record IN (SELECT value FROM json_each(:ids))"
)


def subjects_of(store: Store, names: Sequence[str]) -> dict[str, Subject]:
    """The known ones among the names, with the names of the units that carry and certify them."""
    ids = {record: name for name, record in by_names(store, names).items()}
    with store.read() as connection:
        plain = raw(connection)
        rows = plain.execute(_QUERY, {"ids": json.dumps(list(ids))}).fetchall()
        certifying: dict[int, list[int]] = defaultdict(list)
        for indicator, unit in plain.execute(
            "SELECT record, target FROM link WHERE field = 'certifying_units' AND record IN "
            "(SELECT value FROM json_each(?))",
            (json.dumps([row[2] for row in rows if row[2] is not None]),),
        ).fetchall():
            certifying[indicator].append(unit)
    units = {row[1] for row in rows} | {one for found in certifying.values() for one in found}
    named = names_of(store, [RecordId(one) for one in units if one is not None])
    return {
        ids[record]: Subject(
            frozenset({named[RecordId(unit)]} if unit is not None else ()),
            frozenset(named[RecordId(one)] for one in certifying.get(indicator, ())),
        )
        for record, unit, indicator in rows
    }
