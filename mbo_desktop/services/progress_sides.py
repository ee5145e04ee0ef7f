"""What the screens of progress ask and write beside the single side's block: all sides in one step, nodes, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from mbo_desktop.domain.identity import Entity, RecordId
from mbo_desktop.domain.lights import Stage
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.reports import FigureKind, NodeDone, ProgressReport
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import progress_entry, sealing
from mbo_desktop.services.own_figures import closed_sides, kind_of, self_reported
from mbo_desktop.services.progress_entry import EntryOutcome, ReportEdit, ReportField, put_report
from mbo_desktop.services.progress_standing import known
from mbo_desktop.services.reporting_rules import rules_of
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as progress_reads
from mbo_desktop.store.queries import progress_sides as reads
from mbo_desktop.store.queries.progress_sides import CauseFact, CertifiedIndicator

__all__ = [
    "Background", "CauseFact", "CertifiedIndicator", "ReportChange", "SidesOutcome",
    "background_of", "causes_of_year", "certified_indicators", "changes_of", "reported", "set_node", "touched_subjects", "write_sides",
]

HISTORY_LISTED = 40


@dataclass(frozen=True, slots=True)
class SidesOutcome:
    """What a block over several sides did; refusals and doubts by side."""

    changed: int
    refused: Mapping[tuple[RecordId, FigureKind, ReportField], str]
    doubts: Mapping[tuple[RecordId, FigureKind], str]


@dataclass(frozen=True, slots=True)
class ReportChange:
    """One change of what was said of a target: when, by whom, of which month and side, old → new."""

    at: datetime
    who: str
    month: int
    kind: FigureKind
    words: str


@dataclass(frozen=True, slots=True)
class Background:
    """What stands behind a target's months."""

    nodes: tuple[Stage, ...]
    target: Decimal | None
    """The whole year's amount; None where it cannot be counted."""


def write_sides(
    store: Store, year: int, month: int, edits: Sequence[tuple[FigureKind, ReportEdit]], *,
    label: str,
) -> SidesOutcome:
    """Save cells of several sides as one undo step; as `progress_entry.write_cells` otherwise."""
    sealing.refuse_sealed(store, year)
    by_kind: dict[FigureKind, list[ReportEdit]] = {}
    for kind, edit in edits:
        by_kind.setdefault(kind, []).append(edit)
    refused: dict[tuple[RecordId, FigureKind, ReportField], str] = {}
    doubts: dict[tuple[RecordId, FigureKind], str] = {}
    changed = 0
    with store.change(label) as change:
        for kind, found in by_kind.items():
            outcome: EntryOutcome = progress_entry.write_in(
                store, change, year, month, found, kind=kind
            )
            changed += outcome.changed
            refused |= {(row, kind, field): why for (row, field), why in outcome.refused.items()}
            doubts |= {(row, kind): why for row, why in outcome.doubts.items()}
    return SidesOutcome(changed, refused, doubts)


def reported(store: Store, year: int, month: int) -> frozenset[RecordId]:
    """Targets of which anything was said in a month."""
    return reads.reported_subjects(store, year, month)


def touched_subjects(
    store: Store, changed: Mapping[str, frozenset[RecordId]]
) -> frozenset[RecordId]:
    """Targets whose reports, evidence or problems are among changed records (by type name)."""
    found: frozenset[RecordId] = frozenset()
    for kind, records in changed.items():
        found |= reads.subjects_of(store, kind, list(records))
    return found


def certified_indicators(store: Store, year: int, month: int) -> tuple[CertifiedIndicator, ...]:
    """Which unit gives the figures of which indicator, and for how many targets it did so."""
    return reads.certified_indicators(store, year, month)


def causes_of_year(store: Store, year: int) -> tuple[CauseFact, ...]:
    """Every cause that was given for a target in any month of the year, unit by unit."""
    return reads.causes_of_year(store, year)


# Nodes ------------------------------------------------------------------------


def background_of(store: Store, year: int, month: int, subject: RecordId) -> Background:
    """A target's nodes, with what was reported as reached up to a month, and the year's amount."""
    found = known(store, rules_of(store, year), month, (subject,)).get(subject)
    if found is None:
        return Background((), None)
    return Background(found.situation.stages, found.situation.standing.target)


def set_node(
    store: Store, year: int, month: int, subject: RecordId, title: str, *,
    done: bool, on: date | None = None, kind: FigureKind = FigureKind.PROXY,
) -> None:
    """Say that a node was reached (and when), or that it was not; one undo step.

    NotAllowedError where this side is another office's to say. A node taken back is taken out of every month up to this one in which this side named it.
    """
    sealing.refuse_sealed(store, year)
    found = progress_reads.subjects(store, [subject]).get(subject)
    carried = {subject: found.unit} if found else {}
    kind = kind_of(kind, subject, self_reported(store, carried))
    shut = closed_sides(store, carried).get(subject, {}).get(kind)
    if shut:
        raise NotAllowedError(shut, "请与下达的机关联系;数据没有改动。")
    with store.change(f"填报节点“{title[:12]}”") as change:
        for at in range(1, month + 1):
            record = change.named(ProgressReport, subject, at, kind)
            old = change.find(ProgressReport, record)
            if old is None and not (done and at == month):
                continue
            if old is None:
                old = ProgressReport(id=record, subject=subject, month=at, kind=kind, reported_on=on)
            kept = tuple(one for one in old.nodes_done if one.title != title)
            if done and at == month:
                kept += (NodeDone(title, on),)
            if kept != old.nodes_done:
                put_report(change, replace(old, nodes_done=kept))


# History ----------------------------------------------------------------------


def changes_of(store: Store, subject: RecordId) -> tuple[ReportChange, ...]:
    """All changes of what was said of a target, newest first, at most 40."""
    found = []
    for (month, kind), record in reads.reports_of(store, subject).items():
        entries = store.history(record)
        for place, entry in enumerate(entries):
            before = entries[place + 1].entity if place + 1 < len(entries) else None
            if entry.purged:
                found.append(ReportChange(entry.at, entry.who, month, kind, "(已清除)"))
                continue
            words = "清除" if entry.deleted else _changed_words(before, entry.entity)
            if words:
                found.append(ReportChange(entry.at, entry.who, month, kind, words))
    found.sort(key=lambda one: one.at, reverse=True)
    return tuple(found[:HISTORY_LISTED])


def _changed_words(before: Entity | None, after: Entity | None) -> str:
    old = _said(before) if isinstance(before, ProgressReport) else {}
    new = _said(after) if isinstance(after, ProgressReport) else {}
    return ";".join(
        f"{label} {old.get(label) or '空'} → {new.get(label) or '空'}"
        for label in dict.fromkeys((*old, *new)) if old.get(label, "") != new.get(label, "")
    )


def _said(report: ProgressReport) -> dict[str, str]:
    """What a report says, by the heading of its field."""
    amount = report.typed if report.amount is None else show(report.amount)
    started = {True: "已启动", False: "未启动", None: ""}[report.started]
    return {
        ReportField.AMOUNT.label: amount,
        ReportField.IN_PERIOD.label: "" if report.in_period is None else show(report.in_period),
        ReportField.STARTED.label: started,
        ReportField.PHYSICAL.label: report.physical, ReportField.TEXT.label: report.text,
        ReportField.INVESTMENT.label: "" if report.investment is None else show(report.investment),
        ReportField.CAUSE.label: report.cause.label if report.cause else "",
        ReportField.CAUSE_TEXT.label: report.cause_text,
        ReportField.OWN_EFFORT.label: report.own_effort, ReportField.MEASURE.label: report.measure,
        ReportField.NOTE.label: report.note,
        "完成节点": "、".join(one.title for one in report.nodes_done),
    }
