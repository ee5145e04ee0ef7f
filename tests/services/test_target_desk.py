"""The target-setting desk over the data file: read once, moved freely, written in one step."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.target_moves import SpreadBy, raise_by, reach_total, set_amount
from mbo_desktop.domain.target_setting import OutsideMarks, row_result
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    agreements,
    outside_figures,
    planning_edits,
    planning_framework,
    planning_matrix,
    sealing,
    signing,
    target_setting,
)
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office

D = Decimal


@pytest.fixture
def row(office: Office) -> RecordId:
    """工业投资 of three units: 52, 30 and 18 after 45, 28 and 20 last year."""
    record = planning_framework.add_indicator(office.store, YEAR, "工业投资(亿元)")
    for name, value, last in (("柯城区", "52", "45"), ("江山市", "30", "28"), ("高新区", "18", "20")):
        for field, text in ((TargetField.VALUE, value), (TargetField.LAST_YEAR, last)):
            planning_edits.set_cell(office.store, record, office.units[name], field, text)
    return record


def values(store: Store, row: RecordId) -> dict[str, str]:
    columns = planning_matrix.columns(store, YEAR)
    cells = planning_matrix.cells(store, [row], [one.unit for one in columns])
    return {one.heading: cells[row, one.unit].value for one in columns}


def test_a_total_is_spread_accepted_in_one_step_and_undone_in_one(
    office: Office, row: RecordId
) -> None:
    store = office.store
    desk = target_setting.desk(store, YEAR)
    assert [one.heading for one in desk.units] == ["柯城区", "江山市", "高新区"]
    assert row_result(desk.row(row), {}).growth == D("7.5")
    moved = reach_total(
        desk.row(row), D(110), by=SpreadBy.LAST_YEAR, drafts={}, locks={(row, desk.units[2].unit)}
    )
    assert values(store, row) == {"柯城区": "52", "江山市": "30", "高新区": "18"}, "nothing written"
    said = target_setting.accept(store, desk, moved.drafts)
    assert (said.written, said.sentence) == (2, "已写入2个目标。")
    assert values(store, row) == {"柯城区": "57", "江山市": "35", "高新区": "18"}
    assert store.undo_label == "采纳测算结果"
    store.undo()
    assert values(store, row) == {"柯城区": "52", "江山市": "30", "高新区": "18"}


def test_a_cell_changed_meanwhile_is_refused_by_name_and_the_others_go(
    office: Office, row: RecordId
) -> None:
    store = office.store
    desk = target_setting.desk(store, YEAR)
    moved = raise_by(desk.rows, D(10), drafts={})
    planning_edits.set_cell(store, row, office.units["江山市"], TargetField.VALUE, "31")
    said = target_setting.accept(store, desk, moved.drafts)
    assert values(store, row) == {"柯城区": "57", "江山市": "31", "高新区": "20"}
    assert said.sentence == "已写入2个目标;1个未写入:工业投资 · 江山市(打开测算表之后又被改过)。"


def test_issued_cells_are_locked_and_never_written(office: Office, row: RecordId) -> None:
    store = office.store
    (made,) = agreements.make_agreements(store, YEAR, [office.units["柯城区"]]).made
    before = target_setting.desk(store, YEAR)
    signing.issue(store, [made], on=date(YEAR, 3, 1))
    after = target_setting.desk(store, YEAR)
    assert [cell.lock for cell in after.row(row).cells] == ["责任书已印发", "", ""]
    drafts = raise_by(after.rows, D(10), drafts={}).drafts
    assert len(drafts) == 2
    said = target_setting.accept(store, before, raise_by(before.rows, D(10), drafts={}).drafts)
    assert [one.reason for one in said.refused] == ["责任书已印发,请用“目标调整”"]
    assert values(store, row)["柯城区"] == "52"


def test_a_unit_that_was_not_allotted_gets_the_target_only_when_typed(
    office: Office, row: RecordId
) -> None:
    store = office.store
    desk = target_setting.desk(store, YEAR, units=list(office.units.values()))
    cell = desk.row(row).cells[3]
    assert (cell.allotted, cell.why) == (False, "未下达")
    assert len(raise_by(desk.rows, D(10), drafts={}).drafts) == 3
    drafts = set_amount(desk.row(row), cell.unit, D("2.5"), drafts={})
    target_setting.accept(store, desk, drafts)
    assert values(store, row)["市交委"] == "2.5"


def test_typed_drafts_are_read_in_the_row_s_unit(office: Office, row: RecordId) -> None:
    of_row = target_setting.desk(office.store, YEAR).row(row)
    assert target_setting.read_amount(of_row, "520000万元") == D(52)
    assert target_setting.read_amount(of_row, " ") is None
    for text in ("约3成", "58%"):
        with pytest.raises(InputError):
            target_setting.read_amount(of_row, text)


def test_what_the_province_wants_comes_from_the_outside_figures(
    office: Office, row: RecordId
) -> None:
    store = office.store
    column = outside_figures.OutsideColumn(
        outside_figures.OutsideField.PROVINCE_TARGET, str(YEAR)
    )
    outside_figures.set_figure(store, row, column, "110亿元,增长9%")
    found = target_setting.marks(store, YEAR)
    assert found == {row: OutsideMarks(D(9), D(110), "省定目标")}
    desk = target_setting.desk(store, YEAR, outside=found)
    texts = [one.text for one in row_result(desk.row(row), {}).checks]
    assert "全市增长7.5%,低于全省9%" in texts
    assert "全市合计100,低于省下达的110" in texts


def test_a_sealed_year_is_not_written(office: Office, row: RecordId) -> None:
    desk = target_setting.desk(office.store, YEAR)
    drafts = raise_by(desk.rows, D(10), drafts={}).drafts
    sealing.seal_year(office.store, YEAR)
    with pytest.raises(NotAllowedError, match="封存"):
        target_setting.accept(office.store, desk, drafts)


def test_the_real_ledger_on_the_desk(six_counties: Store) -> None:
    """Numbers, N/A, texts and other conditions in one row; only what can be added is."""
    desk = target_setting.desk(six_counties, 2006)
    natures = {one.name: one.nature.value for one in desk.rows}
    assert set(natures.values()) <= {"additive", "control", "rate", "rank", "words"}
    for one in desk.rows:
        result = row_result(one, {})
        told = result.counted + len(result.left_out)
        absent = sum(cell.why == "不适用" or not cell.allotted for cell in one.cells)
        if natures[one.name] != "words":
            assert told + absent == len(one.cells), one.name
    moved = raise_by(desk.rows, D(5), drafts={})
    before = {t.id: t for t in six_counties.all(Target)}
    said = target_setting.accept(six_counties, desk, moved.drafts)
    changed = sum(before[t.id].value != t.value for t in six_counties.all(Target))
    assert said.written == changed > 0
    assert said.refused == ()
