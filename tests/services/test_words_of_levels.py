"""A county's office says 县直部门 wherever kinds and groups are told; what is stored is the same as in a city."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Office, Unit, UnitKind
from mbo_desktop.services import (
    office_words,
    offices,
    planning_edits,
    planning_framework,
    results,
    schemes,
    search,
    session,
    unit_table,
)
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.services.unit_table import FieldEdit
from mbo_desktop.store.database import Store

YEAR = 2020


@pytest.fixture
def county(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    store = session.create_folder(
        tmp_path / "county", office_name="示例县人民政府目标管理办公室", kind=UnitKind.COUNTY, year=YEAR)
    yield store
    store.close()


@pytest.fixture
def bureau(county: Store) -> RecordId:
    made = offices.add_unit(county, "县教育局", superior=offices.root_unit(county))
    indicator = planning_framework.add_indicator(county, YEAR, "工业投资(亿元)")
    planning_edits.set_cell(county, indicator, made, TargetField.VALUE, "52")
    return made


def test_kinds_and_groups_are_told_in_the_county_s_words(county: Store, bureau: RecordId) -> None:
    assert office_words.kind(county, UnitKind.DEPARTMENT) == "县直部门"
    assert office_words.kind(county, UnitKind.TOWNSHIP) == "乡镇街道"
    assert office_words.group(county, offices.unit_row(county, bureau).peer_group) == "县直部门"
    assert office_words.group(county, "第一组") == "第一组"
    (hit,) = [one for one in search.search(county, "县教育局", year=YEAR) if one.kind.value == "unit"]
    assert hit.context == "县直部门"
    assert results.parties_of(county, YEAR, {bureau}) == "县直部门"


def test_a_scheme_is_called_so_and_still_finds_its_group(county: Store, bureau: RecordId) -> None:
    (row,) = schemes.schemes(county, YEAR)
    made = schemes.make_scheme(county, YEAR, row.peer_group)
    found = county.get(Scheme, made)
    assert found.name == "2020年度县直部门目标考核方案"
    assert [(one.id, one.units) for one in schemes.schemes(county, YEAR)] == [(made, 1)]


def test_any_level_s_word_typed_as_the_group_is_the_kind_s_own(county: Store, bureau: RecordId) -> None:
    for word in ("县直部门", "市直部门", "乡镇站所"):
        assert not unit_table.write_units(county, [FieldEdit(bureau, "peer_group", word)], "修改分组")
        assert county.get(Unit, bureau).peer_group == "县直部门", "one group, whatever it was called"


def test_the_word_follows_the_office_s_name(county: Store) -> None:
    own = session.office(county)
    with county.change("修改本机关") as change:
        change.put(Office(id=own.id, name=own.name, government_name="石桥镇人民政府", kind=own.kind, unit=own.unit))
    assert office_words.departments(county) == "乡镇站所"
