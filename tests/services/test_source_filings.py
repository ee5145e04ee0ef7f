"""A 来源部门 that hands in its workbook has handed in: its day, its file, beside its own report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.reports import Filing
from mbo_desktop.services import collecting, filings
from mbo_desktop.services.collecting import ReturnState, apply_collection
from mbo_desktop.services.filings import FilingState
from mbo_desktop.spreadsheets.form_kinds import FormPurpose
from tests.services.conftest import YEAR, Office
from tests.services.returned_forms import Targets, fill, made, read, state, with_targets


@pytest.fixture
def targets(office: Office) -> Targets:
    found = with_targets(office)
    row = next(one for one in office.store.all(Indicator, year=YEAR) if one.name == "工业投资")
    with office.store.change("委托") as change:
        change.put(replace(row, certifying_units=(office.units["市交委"],)))
    return found


def returned(office: Office, folder: Path) -> Path:
    path = made(office, folder, purpose=FormPurpose.SOURCE)["市交委"]
    return fill(path, {"柯城区": {"本月累计": 7}, "江山市": {"本月累计": 6}})


def test_who_gives_figures_and_whether_he_did(office: Office, targets: Targets, tmp_path: Path) -> None:
    store = office.store
    (row,) = filings.sources(store, YEAR, 2)
    assert (row.label, row.indicators, row.certified, row.state) == ("市交委", 1, 0, FilingState.MISSING)
    assert "没有提供数据的来源部门1个:市交委" in filings.missing_text(store, YEAR, 2)
    path = returned(office, tmp_path)
    found = read(office, path)
    assert found.missing == (), "the only one is here"
    apply_collection(store, found, received_on=date(2020, 3, 5))
    (row,) = filings.sources(store, YEAR, 2)
    assert (row.received_on, row.file_name, row.state) == (date(2020, 3, 5), path.name, FilingState.LATE)
    assert row.days_late == 6, "after 28 February"
    assert "来源部门" not in filings.missing_text(store, YEAR, 2)
    assert filings.sources(store, YEAR, 3)[0].state is FilingState.MISSING
    assert state(office, path) == (ReturnState.KNOWN, "2020年3月5日已作为2月的表收过。")
    assert collecting.open_original(store, YEAR, 2, office.units["市交委"]).read_bytes() == path.read_bytes()
    store.undo()
    assert filings.sources(store, YEAR, 2)[0].received_on is None


def test_its_own_report_is_another_matter(office: Office, targets: Targets, tmp_path: Path) -> None:
    store, unit = office.store, office.units["市交委"]
    apply_collection(store, read(office, returned(office, tmp_path)), received_on=date(2020, 2, 20))
    (filing,) = store.all(Filing, year=YEAR, month=2)
    assert (filing.unit, filing.received_on, filing.confirmed, filing.file_hash) == (unit, None, False, "")
    assert all(one.received_on is None for one in filings.board(store, YEAR, 2))
    filings.receive(store, YEAR, 2, [unit], on=date(2020, 3, 1))
    filings.take_back(store, YEAR, 2, [unit])
    (filing,) = store.all(Filing, year=YEAR, month=2)
    assert (filing.received_on, filing.confirmed, filing.source_received_on) == (None, False, date(2020, 2, 20))


def test_a_corrected_version_keeps_the_day_of_the_first(office: Office, targets: Targets, tmp_path: Path) -> None:
    path = returned(office, tmp_path)
    apply_collection(office.store, read(office, path), received_on=date(2020, 2, 20))
    fill(path, {"柯城区": {"本月累计": 8}})
    apply_collection(office.store, read(office, path), received_on=date(2020, 3, 9))
    (row,) = filings.sources(office.store, YEAR, 2)
    assert (row.received_on, row.days_late, row.certified) == (date(2020, 2, 20), 0, 2)


def test_a_department_that_sent_none_is_named_among_the_others(
    office: Office, targets: Targets, tmp_path: Path
) -> None:
    store = office.store
    other = next(one for one in store.all(Indicator, year=YEAR) if one.name == "招商引资")
    with store.change("委托") as change:
        change.put(replace(other, certifying_units=(office.units["高新区"],)))
    assert read(office, returned(office, tmp_path)).missing == ("高新区",)
