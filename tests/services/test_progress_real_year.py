"""Twelve months of the three published target sets: late, missing, corrected and impossible figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Light
from mbo_desktop.domain.progress import Comparison
from mbo_desktop.domain.quantity import canonical, round_half_up
from mbo_desktop.domain.reports import FigureKind, SnapshotKind
from mbo_desktop.services import (
    collecting,
    filings,
    importing,
    progress,
    progress_analysis,
    progress_entry,
    progress_lights,
    progress_papers,
    progress_snapshots,
    progress_standing,
    progress_statistics,
    reporting_rules,
    settled_papers,
    templates,
)
from mbo_desktop.services.collecting import ReturnState
from mbo_desktop.services.filings import FilingState
from mbo_desktop.services.progress_entry import EntryOutcome, ReportEdit, ReportField
from mbo_desktop.services.templates import FormPurpose
from mbo_desktop.store.database import Store
from tests.services.test_ledgers_in import FENGTAI, JINGYANG, SIX, given_to, read

SILENT, LATE, TENFOLD, WORDS, FALLING, IMPOSSIBLE = 3, 4, 5, 7, 8, 9
"""The month in which something goes wrong."""


@dataclass
class Year:
    """A target set of one year with its targets in official order."""

    store: Store
    year: int

    def __post_init__(self) -> None:
        self.ids = progress.month_ids(self.store, self.year, progress.Sought())
        known = progress_standing.known(
            self.store, reporting_rules.rules_of(self.store, self.year), 12, self.ids
        )
        self.known = {record: one for record, one in known.items() if one.situation.applicable}
        self.counted = [
            record for record, one in self.known.items()
            if one.situation.standing.comparison is Comparison.CUMULATIVE
            and one.situation.standing.target and one.situation.standing.target >= 1
        ]

    def write(self, month: int, values: dict[RecordId, str]) -> EntryOutcome:
        return progress_entry.write_cells(self.store, self.year, month, [
            ReportEdit(record, self.field(record), text) for record, text in values.items()
        ])

    def field(self, record: RecordId) -> ReportField:
        standing = self.known[record].situation.standing
        return ReportField.PHYSICAL if standing.target is None else ReportField.AMOUNT

    def usual(self, month: int) -> dict[RecordId, str]:
        """Every third target keeps its plan, the others do four fifths and a half of it."""
        found = {}
        for place, (record, one) in enumerate(self.known.items()):
            standing = one.situation.standing
            if standing.target is None:
                found[record] = f"{month}月:按方案推进"
                continue
            part = (Decimal(1), Decimal("0.8"), Decimal("0.5"))[place % 3]
            share = Decimal(month) / 12 if standing.comparison is Comparison.CUMULATIVE else Decimal(1)
            found[record] = canonical(round_half_up(standing.target * part * share, 4))
        return found

    def row(self, month: int, record: RecordId) -> progress.ProgressRow:
        return progress.month_rows(self.store, self.year, month, (record,))[record]

    @property
    def units(self) -> Sequence[RecordId]:
        return list(dict.fromkeys(one.subject.unit for one in self.known.values()))


@pytest.fixture(params=[(SIX, 2006, ""), (FENGTAI, 2006, "凤台县人民政府"), (JINGYANG, 2016, "旌阳区人民政府")],
                ids=["six", "fengtai", "jingyang"])
def played(request: pytest.FixtureRequest, store: Store, data_files: Path) -> Year:
    """The set with twelve months of reports, and what is wrong with some of them."""
    name, number, unit = request.param
    proposal = read(store, data_files / name, number)
    if unit:
        proposal = given_to(store, proposal, unit)
    importing.apply_import(store, proposal, importing.plan_import(store, proposal, number))
    year = Year(store, number)
    rules = reporting_rules.rules_of(store, number)
    for month in range(1, 13):
        values = year.usual(month)
        if month == SILENT:
            values = {
                record: text for record, text in values.items()
                if year.known[record].subject.unit != year.units[0]
            }
        outcome = year.write(month, values)
        assert (outcome.refused, outcome.changed) == ({}, len(values))
        until = reporting_rules.deadline(rules, month)
        for unit_id in year.units:
            if month != SILENT or unit_id != year.units[0]:
                late = month == LATE and unit_id == year.units[-1]
                filings.receive(store, number, month, [unit_id], on=until + timedelta(4 if late else 0))
    return year


def test_late_and_missing_months(played: Year) -> None:
    rows = {row.unit: row for row in filings.board(played.store, played.year, SILENT)}
    assert rows[played.units[0]].state is FilingState.MISSING
    assert "未报1个" in filings.missing_text(played.store, played.year, SILENT)
    rows = {row.unit: row for row in filings.board(played.store, played.year, LATE)}
    last = rows[played.units[-1]]
    assert (last.state, last.days_late) == (FilingState.LATE, 4)
    silent = next(one for one in played.counted if played.known[one].subject.unit == played.units[0])
    assert played.row(SILENT, silent).judged.light is Light.YELLOW
    assert played.row(SILENT, silent).counted_kind is None
    assert [one.month for one in progress_lights.history(played.store, played.year, silent, 12)] == [*range(1, 13)]


def test_impossible_figures_are_asked_about_and_corrected(played: Year) -> None:
    first = played.counted[0]
    usual = {month: played.usual(month)[first] for month in range(1, 13)}
    tenfold = canonical(Decimal(usual[TENFOLD]) * 20)
    assert "倍" in played.write(TENFOLD, {first: tenfold}).doubts[first]
    assert played.row(TENFOLD, first).counted_kind is FigureKind.PROXY, "asked about, never blocked"
    assert "小于上次" in played.row(TENFOLD + 1, first).doubt
    played.store.undo()
    assert played.row(TENFOLD, first).doubt == ""
    assert played.write(WORDS, {first: "约三成"}).doubts[first].startswith("“约三成”不是数字")
    told = played.row(WORDS, first)
    assert (told.counted, told.share) == ("约三成", None)
    assert told.judged.light is not Light.GREEN
    falling = canonical(Decimal(usual[FALLING - 1]) / 2)
    played.write(WORDS, {first: usual[WORDS]})
    assert "小于上次" in played.write(FALLING, {first: falling}).doubts[first]
    progress_entry.write_cells(
        played.store, played.year, FALLING, [ReportEdit(first, ReportField.NOTE, "统计口径调整")]
    )
    assert played.row(FALLING, first).doubt == "", "explained"
    played.write(IMPOSSIBLE, {first: "-99999999999999999999.5"})
    assert played.row(IMPOSSIBLE, first).judged.light is Light.RED
    progress_lights.lights(played.store, played.year, IMPOSSIBLE)


def test_the_year_adds_up(played: Year) -> None:
    for month in (1, 6, 12):
        judged = progress_lights.lights(played.store, played.year, month)
        assert set(judged) == set(played.ids)
        table = progress_lights.matrix(played.store, played.year, month, judged)
        cells = [count for cell in table.cells.values() for count in cell.counts.values()]
        assert sum(cells) == sum(table.totals.values()) == len(judged)
        counts = progress_statistics.summary(played.store, played.year, judged)
        assert sum(one.share for one in counts.classes) == 100
        assert sum(one.tally.total for one in counts.units) == counts.tally.total
    done = {record: one for record, one in judged.items() if one.measured.reached}
    kept = [one for place, one in enumerate(played.known) if place % 3 == 0 and one in played.counted]
    assert kept
    assert set(kept) <= set(done)
    assert all(judged[one].light is Light.GREEN for one in kept)


def test_papers_of_the_half_year_stay_as_they_were(played: Year) -> None:
    store, year = played.store, played.year
    for month, kind in ((6, SnapshotKind.HALF_YEAR), (9, SnapshotKind.QUARTER), (12, SnapshotKind.MONTH)):
        assert progress_papers.analysis_document(store, year, month, kind).blocks
    assert progress_papers.feedback_document(store, year, 6, played.units).blocks
    for unit in played.units:
        assert progress_papers.self_check_document(store, year, 6, unit).blocks
        order = [row.subject for row in progress_analysis.gaps(store, year, 6, unit)]
        assert order == [one for one in played.ids if one in set(order)], "in official order"
    live = progress_papers.analysis_paper(store, year, 6, SnapshotKind.HALF_YEAR)
    assert settled_papers.settle(store, year, 6, SnapshotKind.HALF_YEAR) == len(played.units)
    before = progress_snapshots.snapshots(store, year, 6, SnapshotKind.HALF_YEAR)
    kept = settled_papers.analysis_document(store, year, 6, SnapshotKind.HALF_YEAR).blocks
    table = settled_papers.figures_document(store, year, 6, SnapshotKind.HALF_YEAR)
    assert "未报" not in str(table.blocks), "what was reported in words was reported"
    played.write(6, dict.fromkeys(played.counted, "0"))
    assert progress_papers.analysis_paper(store, year, 6, SnapshotKind.HALF_YEAR) != live
    assert progress_snapshots.snapshots(store, year, 6, SnapshotKind.HALF_YEAR) == before
    assert settled_papers.analysis_document(store, year, 6, SnapshotKind.HALF_YEAR).blocks == kept
    progress_snapshots.take_back(store, year, 6, SnapshotKind.HALF_YEAR, "数据有误")
    assert settled_papers.analysis_document(store, year, 6, SnapshotKind.HALF_YEAR).blocks != kept


def test_forms_of_the_year_go_out_and_come_back(played: Year, tmp_path: Path) -> None:
    store, year = played.store, played.year
    done = templates.make_templates(store, year, 12, FormPurpose.PROGRESS, (), tmp_path / "发出")
    assert len(done.files) == len(played.units)
    found = collecting.read_returned(store, year, 12, done.files)
    assert {one.state for one in found.files} == {ReturnState.EMPTY}
    book = openpyxl.load_workbook(done.files[0])
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[4]}
    line = next(
        at for at in range(5, sheet.max_row + 1)
        if str(sheet.cell(at, 2).value) in {played.known[one].subject.title for one in played.counted}
    )
    sheet.cell(line, heads["本月累计"]).value = 123456.75
    book.save(done.files[0])
    found = collecting.read_returned(store, year, 12, done.files[:1])
    (change,) = found.changes
    assert change.new == "123456.75"
    steps = store.change_count
    assert collecting.apply_collection(store, found).fields == 1
    assert store.change_count == steps + 1, "one step"
    assert played.row(12, change.subject).sides[FigureKind.PROXY].amount == Decimal("123456.75")
