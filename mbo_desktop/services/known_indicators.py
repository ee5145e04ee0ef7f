"""Which indicator of the year a row of a workbook is."""

from __future__ import annotations

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.spreadsheets.proposal import ProposedIndicator
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import framework as framework_reads


class KnownIndicators:
    """The year's indicators, each taken by one row of a ledger at most."""

    def __init__(self, store: Store, year: int) -> None:
        self._by_code: dict[str, RecordId] = {}
        self._by_name: dict[str, list[tuple[RecordId, str, RecordId | None]]] = {}
        self._taken: set[RecordId] = set()
        for record, name, code, unit, category in framework_reads.named_indicators(store, year):
            if code:
                self._by_code.setdefault(code, record)
            self._by_name.setdefault(_plain(name), []).append((record, unit, category))

    def take(self, row: ProposedIndicator, category: RecordId | None) -> RecordId | None:
        """The indicator that a row is: the same code, else the same name, unit and (if told) category."""
        found = self._by_code.get(row.code) if row.code else None
        if found is None or found in self._taken:
            fitting = [
                entry
                for entry in self._by_name.get(_plain(row.name), ())
                if entry[0] not in self._taken
                and (not row.unit_of_measure or entry[1] in ("", row.unit_of_measure))
                and (not row.category or entry[2] in (None, category))
            ]
            found = fitting[0][0] if fitting else None
        if found is not None:
            self._taken.add(found)
        return found


def _plain(name: str) -> str:
    return "".join(name.split()).replace("\uff08", "(").replace("\uff09", ")")
