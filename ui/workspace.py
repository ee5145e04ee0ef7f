"""What every page works with: the open store, the year, jobs, messages, ways to other pages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from mbo_desktop.errors import Cancelled, ProgramError
from ui.changes import ChangeBus
from ui.jobs import DirectRunner, JobRunner
from ui.settings import Settings

if TYPE_CHECKING:
    from mbo_desktop.store.database import Store

T = TypeVar("T")
Action = tuple[str, Callable[[], object]]
"""A button of a message: its label and what it does."""

QUICK_RECORDS = 500
"""Steps of so many records are taken back at once; larger ones are long work."""

log = logging.getLogger("mbo.ui")


class Workspace(QObject):
    """The open data folder as the window's parts see it. Everything here is in the GUI thread."""

    changed = Signal(object)
    """A committed ChangeSet."""
    year_changed = Signal(int)
    said = Signal(str, str, object)
    """text, tone ("", "green", "amber", "red"), Sequence[Action]: for the message bar."""
    status_changed = Signal(str, str)
    """place ("rows", "summary", "backup") and text of the status bar."""
    page_asked = Signal(str, object, str)
    """page key, the record to show there (0: none), and the record's type name."""
    read_only_changed = Signal(bool)

    def __init__(
        self, store: Store, jobs: JobRunner | DirectRunner, settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.store = store
        self.jobs = jobs
        self.settings = settings
        self.kept: dict[str, object] = {}
        """What rooms find again when they are made anew while the folder is open, by their keys."""
        self._year = 0
        self.bus = ChangeBus(self)
        self.bus.attach(store)
        self.bus.changed.connect(self.changed)
        jobs.unhandled.connect(self.report)
        jobs.started.connect(self._on_job)
        jobs.ended.connect(self._on_job)

    @property
    def year(self) -> int:
        """The assessment year that is looked at."""
        return self._year

    def set_year(self, year: int) -> None:
        """Look at another year; all pages follow."""
        if year != self._year:
            self._year = year
            self.year_changed.emit(year)

    @property
    def read_only(self) -> bool:
        """Whether nothing may be changed now (second start, or a job holds the lock)."""
        return self.store.read_only or self.jobs.writing

    def _on_job(self, _job: object) -> None:
        self.read_only_changed.emit(self.read_only)

    def perform(self, action: Callable[[], T], *, saying: str = "") -> T | None:
        """Do a service call; an expected error is shown and gives None, others surface.

        saying: what the message bar says afterwards.
        """
        try:
            result = action()
        except Cancelled:
            return None
        except ProgramError as error:
            self.report(error)
            return None
        if saying:
            self.say(saying, tone="green")
        return result

    def say(self, text: str, *, tone: str = "", actions: Sequence[Action] = ()) -> None:
        """A sentence in the message bar with up to three buttons; 撤销 there means the step just made."""
        self.said.emit(text, tone, tuple(
            (label, self._undo_of_now() if act == self.undo else act) for label, act in actions
        ))

    def _undo_of_now(self) -> Callable[[], None]:
        """Takes back the step that is the last one now; when others followed, it says so and leaves them."""
        store, made = self.store, self.store.change_count

        def act() -> None:
            if self.store is store and store.change_count == made:
                self.undo()
            else:
                self.say(self.tr("这一步之后又有改动,不能从这里撤销;可用 Ctrl+Z 逐步撤销。"), tone="amber")

        return act

    def may_write(self, deed: str) -> bool:
        """Whether something may be written; where not, it is said that the deed (修改, 导入) cannot be done."""
        if self.read_only:
            self.say(self.tr("现在是只读状态,不能{}。").format(deed), tone="amber")
        return not self.read_only

    def report(self, error: BaseException) -> None:
        """Show an expected error in the message bar; anything else is a fault and surfaces."""
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, ProgramError):
            raise error
        log.info("shown to the user: %s", type(error).__name__)
        self.said.emit(error.sentences(), "red", ())

    def status(self, place: str, text: str) -> None:
        """A figure in the status bar."""
        self.status_changed.emit(place, text)

    def go(self, page: str, record: int = 0, kind: str = "") -> None:
        """Show another page, and there a record of a type ("unit", "person", "indicator", …).

        With record 0 the kind is a hint of what to show: `Page.show_hint`.
        """
        self.page_asked.emit(page, record, kind)

    def undo(self) -> None:
        """Take the last step back; what could not be taken back is said."""
        store = self.store
        self._step(store.undo, store.undo_label, store.undo_records, self.tr("已撤销:{}"))

    def redo(self) -> None:
        """Do the step taken back once more."""
        store = self.store
        self._step(store.redo, store.redo_label, store.redo_records, self.tr("已重做:{}"))

    def _step(self, act: Callable[[], Any], label: str | None, records: int, said: str) -> None:
        if not label or self.read_only:
            return
        sentence = said.format(label)

        def done(outcome: Any) -> None:
            self._say_step(outcome, sentence)

        if records > QUICK_RECORDS:
            # An imported ledger takes seconds to take back: beside the window, with the bar.
            self.jobs.run(label, lambda _control: act(), done=done, owner=self, writes=True)
            return
        outcome = self.perform(act)
        if outcome is not None:
            done(outcome)

    def _say_step(self, outcome: Any, sentence: str) -> None:
        if outcome.skipped:
            text = self.tr("{};{} 处此后又被修改,未恢复。")
            self.say(text.format(sentence, len(outcome.skipped)), tone="amber")
        else:
            self.say(sentence)
