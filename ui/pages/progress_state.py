"""The month that all views of 进度 look at, and its lights: computed once beside the window, kept up to date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Judged, Light
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.services import progress, progress_lights, progress_sides
from mbo_desktop.services.progress import Sought
from ui.grids.columns import Light as Shape
from ui.jobs import Job, JobControl
from ui.workspace import Workspace

WITH_A_BAR = 6_000
"""So many targets take longer than 0.3 s: the work is shown with a bar."""
COUNT_REST_MS = 300
AT_ONCE = 30
"""Lights of so few targets are found at once after an edit."""
OF_TARGETS = frozenset({"progress_report", "evidence", "progress_problem"})
OF_ALL = frozenset({
    "target", "indicator", "unit", "category", "year", "adjustment", "allocation", "reporting_rules",
})
SHAPES: Mapping[Light, Shape | None] = {
    Light.GREEN: Shape.GREEN, Light.YELLOW: Shape.AMBER, Light.RED: Shape.RED,
    Light.UNREPORTED: Shape.GREY, Light.YEAR_END: Shape.GREY, Light.NOT_APPLICABLE: None,
}
"""How a light is drawn; the word beside it tells 未报 from 年底认定."""


class MonthState(QObject):
    """Year and month looked at, how many reported, the lights of all targets of the month."""

    month_changed = Signal()
    counted = Signal()
    """How many were reported in each month is known anew."""
    lights_known = Signal()
    """The lights of the month are known, or some of them changed."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.store = workspace.store
        self.year = 0
        self.month = 1
        self.total = 0
        """Targets of the year, all that are listed."""
        self.due = 0
        """Of these those to be reported on: N/A ones are listed and never reported."""
        self.reported: Mapping[int, int] = {}
        self.judged: dict[RecordId, Judged] = {}
        self.known = False
        """Whether `judged` is of this year and month."""
        self._asked = 0
        self._running = False
        self._job: Job | None = None
        self._count_timer = QTimer(self, singleShot=True, interval=COUNT_REST_MS)
        self._count_timer.timeout.connect(self._count_reports)

    # Year and month -----------------------------------------------------------

    def open_year(self, year: int, month: int = 0) -> None:
        """Look at a year; month 0: the one that is being reported."""
        if year != self.year:
            self.year = year
            self.forget()
        self.count()
        if month or not 1 <= self.month <= 12:
            self.month = month or 1

    def usual_month(self) -> int:
        """The last month in which anything was reported; this month where nothing was yet."""
        today = clock.today()
        told = [month for month, count in self.reported.items() if count]
        if told:
            return max(told)
        return today.month if today.year == self.year else 1

    def set_month(self, month: int) -> None:
        """Look at another month; all views follow."""
        if 1 <= month <= 12 and month != self.month:
            self.month = month
            self.forget()
            self.month_changed.emit()

    def count(self) -> None:
        """Count targets and reports again."""
        self.total = len(progress.month_ids(self.store, self.year, Sought()))
        idle = progress.month_ids(self.store, self.year, Sought(forms=(TargetForm.NOT_APPLICABLE,)))
        self.due = self.total - len(idle)
        self.reported = progress.count_months(self.store, self.year)
        self.counted.emit()

    # Lights -------------------------------------------------------------------

    def forget(self) -> None:
        """The lights are no longer right; they are found again when somebody asks."""
        self._asked += 1
        self._running = False
        if self._job is not None:
            # Stepping through the months must not queue up work nobody waits for.
            self._job.control.cancel()
            self._job = None
        self.known = False
        self.judged = {}

    def ask(self) -> None:
        """Find the lights of the month unless they are known; `lights_known` tells when."""
        if self.known or self._running:
            return
        self._running = True
        self._asked += 1
        asked, store, year, month = self._asked, self.store, self.year, self.month

        def work(control: JobControl | None = None) -> dict[RecordId, Judged]:
            def tell(done: int, total: int) -> None:
                if control is not None:
                    control.check()
                    control.progress(done, total)

            return progress_lights.lights(store, year, month, progress=tell)

        def done(found: dict[RecordId, Judged]) -> None:
            if asked == self._asked:
                self._running = False
                self.judged, self.known = found, True
                self.lights_known.emit()

        def failed(error: BaseException) -> None:
            if asked == self._asked:
                self._running = False
            self.workspace.report(error)

        if self.total > WITH_A_BAR:
            self._job = self.workspace.jobs.run(
                self.tr("计算{}月亮灯").format(month), work, done=done, failed=failed, owner=self
            )
        else:
            # Not among the quiet reads: the panel and the table must not wait for it.
            self.workspace.jobs.quietly(work, done, self)

    def at_once(self) -> dict[RecordId, Judged]:
        """The lights now, computed here if need be (in a thread that reads, or for few targets)."""
        if self.known:
            return self.judged
        return progress_lights.lights(self.store, self.year, self.month)

    def totals(self) -> Counter[Light]:
        """How many targets have each light."""
        return Counter(one.light for one in self.judged.values())

    def follow(self, changes: Any) -> frozenset[RecordId] | None:
        """Take in what changed: the targets it concerns, or None when it may be all of them."""
        touched = {} if changes is None else dict(changes.ids_by_type)
        if changes is None or OF_ALL & set(touched):
            self.forget()
            self.count()
            return None
        own = {kind: ids for kind, ids in touched.items() if kind in OF_TARGETS}
        if not own:
            return frozenset()
        subjects = progress_sides.touched_subjects(self.store, own)
        if "progress_report" in own:
            self._count_timer.start()
        self._renew(subjects)
        return subjects

    def _count_reports(self) -> None:
        """How many were reported, month by month; a turn after typing rests."""
        store, year = self.store, self.year

        def done(found: Mapping[int, int]) -> None:
            if year == self.year:
                self.reported = found
                self.counted.emit()

        self.workspace.jobs.read(lambda: progress.count_months(store, year), done, self)

    def _renew(self, subjects: frozenset[RecordId]) -> None:
        """The lights of these targets anew: few at once, a pasted block beside the window."""
        if not self.known:
            if self._running:
                self.forget()
                self.ask()
            return
        store, year, month, asked = self.store, self.year, self.month, self._asked
        here = [one for one in subjects if one in self.judged]

        def done(found: dict[RecordId, Judged]) -> None:
            if asked == self._asked:
                self.judged.update(found)
                self.lights_known.emit()

        if len(here) > AT_ONCE:
            self.workspace.jobs.read(
                lambda: progress_lights.lights(store, year, month, here), done, self
            )
        else:
            done(progress_lights.lights(store, year, month, here))
