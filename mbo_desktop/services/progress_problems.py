"""Problems met with targets: as reported, what is asked of whom, and how they were settled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.progress import percent
from mbo_desktop.domain.reports import CauseKind, FigureKind, ProgressProblem
from mbo_desktop.errors import InputError
from mbo_desktop.services import sealing
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as reads
from mbo_desktop.store.queries import progress_side as side
from mbo_desktop.store.queries.progress import Sought


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem with its target and unit, as the list shows it."""

    problem: ProgressProblem
    title: str
    unit: RecordId
    unit_label: str


@dataclass(frozen=True, slots=True)
class CauseShare:
    """How a unit explains its lagging targets."""

    unit: RecordId
    unit_label: str
    objective: int
    subjective: int
    without: int
    """Lagging targets of which no cause was given."""

    @property
    def objective_share(self) -> Decimal | None:
        """客观 causes in % of those given; None when none was."""
        given = self.objective + self.subjective
        return percent(Fraction(self.objective * 100, given)) if given else None


def problems_of(store: Store, subject: RecordId) -> tuple[ProgressProblem, ...]:
    """The problems of a target, month by month."""
    return tuple(store.get_many(ProgressProblem, side.problem_ids(store, subject)).values())


def problem_rows(store: Store, year: int, *, only_open: bool = False) -> tuple[ProblemRow, ...]:
    """All problems of a year, unit by unit."""
    found = store.get_many(ProgressProblem, side.problems_of_year(store, year))
    subjects = reads.subjects(store, list({one.subject for one in found.values()}))
    return tuple(
        ProblemRow(one, at.title, at.unit, at.unit_label)
        for one in found.values()
        if (at := subjects.get(one.subject)) and not (only_open and one.settled_on)
    )


def add_problem(
    store: Store, year: int, subject: RecordId, month: int, text: str, *,
    cause: CauseKind | None = None, own_effort: str = "", wanted: str = "",
    wanted_from: RecordId | None = None,
) -> RecordId:
    """Note a problem; InputError without words."""
    if not text.strip():
        raise InputError("问题没有填写。", "请写明遇到什么问题。")
    sealing.refuse_sealed(store, year)
    with store.change("登记存在问题") as change:
        record = change.new(ProgressProblem)
        change.put(ProgressProblem(
            id=record, subject=subject, month=month, text=text.strip(), cause=cause,
            own_effort=own_effort.strip(), wanted=wanted.strip(), wanted_from=wanted_from,
        ))
    return record


def change_problem(store: Store, new: ProgressProblem) -> None:
    """Write a problem anew; InputError without words."""
    if not new.text.strip():
        raise InputError("问题没有填写。", "请写明问题;要去掉这一条请用“删除”。")
    with store.change("修改存在问题") as change:
        change.get(ProgressProblem, new.id)
        change.put(new)


def settle_problem(store: Store, record: RecordId, how: str, *, on: date | None = None) -> None:
    """Close a problem with how it was settled; InputError without words."""
    if not how.strip():
        raise InputError("解决情况没有填写。", "请写明怎样解决的。")
    with store.change("问题销号") as change:
        old = change.get(ProgressProblem, record)
        change.put(replace(old, settled_on=on or clock.today(), settled_how=how.strip()))


def reopen_problem(store: Store, record: RecordId) -> None:
    """Take a settling back."""
    with store.change("问题恢复") as change:
        change.put(replace(change.get(ProgressProblem, record), settled_on=None, settled_how=""))


def remove_problem(store: Store, record: RecordId) -> None:
    """Delete a problem that was noted by mistake."""
    with store.change("删除存在问题") as change:
        change.delete(record)


def cause_shares(
    store: Store, year: int, month: int, lagging: frozenset[RecordId]
) -> tuple[CauseShare, ...]:
    """How each unit explains its lagging targets of a month, in official order.

    lagging: targets with a yellow or red light.
    """
    ids = [one for one in reads.subject_ids(store, year, Sought()) if one in lagging]
    subjects = reads.subjects(store, ids)
    said = reads.figures(store, ids, (month,))
    counts: dict[RecordId, Counter[str]] = {}
    labels: dict[RecordId, str] = {}
    for record in ids:
        one = subjects[record]
        labels[one.unit] = one.unit_label
        causes = [
            figure.cause for figure in said.get((record, month), ())
            if figure.cause and figure.kind in (FigureKind.OWN, FigureKind.PROXY)
        ]
        counts.setdefault(one.unit, Counter())[causes[0] if causes else ""] += 1
    return tuple(
        CauseShare(unit, labels[unit], found[CauseKind.OBJECTIVE], found[CauseKind.SUBJECTIVE], found[""])
        for unit, found in counts.items()
    )
