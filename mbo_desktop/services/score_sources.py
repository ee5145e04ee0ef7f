"""Whose figures scores rest on: read one by one for one score, or ahead for a whole board."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.reports import ProgressReport
from mbo_desktop.domain.targets import TargetValue
from mbo_desktop.services.score_board import ScoreBoard
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as progress_reads
from mbo_desktop.store.queries import scores as reads
from mbo_desktop.store.queries.progress import Figure


class Sources:
    """Reports, other sides' figures and certifiers behind scores; what was not read ahead is read when asked."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._reports: dict[RecordId, ProgressReport] | None = None
        self._figures: dict[tuple[RecordId, int], Sequence[Figure]] | None = None
        self._targets: dict[RecordId, Target] | None = None
        self._certifiers: dict[RecordId, str] = {}

    @classmethod
    def read_ahead(cls, store: Store, board: ScoreBoard) -> Sources:
        """All that a board's workings name, in few reads."""
        made = cls(store)
        entries = [one for found in board.book.entries.values() for one in found.values()]
        records = [one.figure.record for one in entries if one.figure is not None]
        targets = [one.row.target for one in entries if one.row is not None]
        made._reports = dict(store.get_many(ProgressReport, records)) if records else {}
        made._targets = store.get_many(Target, targets) if targets else {}
        made._figures = dict(progress_reads.figures(store, targets, (board.month,))) if targets else {}
        return made

    def report(self, record: RecordId) -> ProgressReport | None:
        """The report that counts."""
        return self.store.find(ProgressReport, record) if self._reports is None else self._reports.get(record)

    def figures(self, target: RecordId, month: int) -> Sequence[Figure]:
        """What every side said of a month."""
        if self._figures is not None:
            return self._figures.get((target, month), ())
        return progress_reads.figures(self.store, [target], (month,)).get((target, month), ())

    def value(self, target: RecordId) -> TargetValue | None:
        """The target's value as it stands."""
        found = self.store.find(Target, target) if self._targets is None else self._targets.get(target)
        return None if found is None else found.value

    def certifiers(self, indicator: RecordId) -> str:
        """The offices that certify an indicator, by name."""
        if indicator not in self._certifiers:
            units = reads.certifiers(self.store, [indicator]).get(indicator, ())
            found = self.store.get_many(Unit, units) if units else {}
            self._certifiers[indicator] = "、".join(one.short_name or one.name for one in found.values())
        return self._certifiers[indicator]
