"""Keeping the register of units."""

from __future__ import annotations

from datetime import date

import pytest

from mbo_desktop.domain.offices import PostRole, Unit, UnitKind
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    offices,
    people,
    planning_edits,
    planning_framework,
    planning_matrix,
    unit_table,
)
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from tests.services.conftest import Office


def names(store: Store, office: Office) -> list[str]:
    return [row.short_name for row in offices.children_of(store, office.root)]


def test_kinds_and_short_names_follow_from_the_names(office: Office) -> None:
    rows = offices.children_of(office.store, office.root)
    assert [(row.short_name, row.kind) for row in rows] == [
        ("柯城区", UnitKind.COUNTY), ("江山市", UnitKind.COUNTY), ("高新区", UnitKind.ZONE),
        ("市交委", UnitKind.DEPARTMENT),
    ]
    assert rows[0].peer_group == "县区"


def test_pasted_list_skips_what_is_there_and_says_why(office: Office) -> None:
    store = office.store
    outcome = offices.add_units_from_list(
        store, "龙游县人民政府\n\n柯城区人民政府\n龙游县人民政府\n市财政局\t\tC01\n", superior=office.root
    )
    assert len(outcome.added) == 1
    assert [(line.number, line.reason) for line in outcome.skipped] == [
        (3, "同名单位已存在"), (4, "同名单位已存在"), (5, "编码 C01 已被使用"),
    ]
    assert names(store, office)[-1] == "龙游县"
    store.undo()
    assert "龙游县" not in names(store, office)


def test_units_stand_in_official_order_and_move(office: Office) -> None:
    store, units = office.store, office.units
    unit_table.move_units(
        store, [units["市交委"], units["高新区"]], superior=office.root, before=units["江山市"]
    )
    assert names(store, office) == ["柯城区", "市交委", "高新区", "江山市"]
    unit_table.move_units(store, [units["市交委"]], superior=office.root)
    assert names(store, office) == ["柯城区", "高新区", "江山市", "市交委"]
    unit_table.move_units(store, [units["高新区"]], superior=units["柯城区"])
    assert [row.short_name for row in offices.path_of(store, units["高新区"])] == [
        "示例市", "柯城区", "高新区",
    ]
    in_order = [row.short_name for row in offices.units_in_order(store)]
    assert in_order == ["示例市", "柯城区", "高新区", "江山市", "市交委"]


def test_no_unit_stands_below_itself(office: Office) -> None:
    store, units = office.store, office.units
    unit_table.move_units(store, [units["高新区"]], superior=units["柯城区"])
    with pytest.raises(NotAllowedError, match="自己"):
        unit_table.move_units(store, [units["柯城区"]], superior=units["高新区"])
    with pytest.raises(NotAllowedError, match="自己"):
        unit_table.move_units(store, [units["柯城区"]], superior=units["柯城区"])


def test_renaming_keeps_the_former_name_with_its_date(office: Office) -> None:
    store, unit = office.store, office.units["市交委"]
    unit_table.rename_units(store, {unit: "市交通运输局"}, on=date(2020, 5, 1))
    record = store.get(Unit, unit)
    assert record.name == "市交通运输局"
    assert [(f.name, f.until) for f in record.former_names] == [("市交通委员会", date(2020, 5, 1))]
    # Found by the old name too.
    assert [row.id for row in offices.search_units(store, "交通委员会")] == [unit]
    unit_table.rename_units(store, {unit: "市交通运输局党委"}, keep_former=False)
    assert len(store.get(Unit, unit).former_names) == 1


def test_name_and_code_are_taken_once(office: Office) -> None:
    store = office.store
    with pytest.raises(InputError, match="柯城区人民政府"):
        offices.add_unit(store, "柯城区人民政府", superior=office.root)
    with pytest.raises(InputError, match="C01"):
        offices.change_unit(store, office.units["柯城区"], code="C01")
    offices.change_unit(store, office.units["市交委"], code="C01", peer_group="经济部门")
    assert offices.peer_groups(store) == ("经济部门",)


@pytest.mark.parametrize("typed", ["sjw", "SJW", "市交", "C01", "shijiao", "交通"])
def test_units_are_found_as_people_type(office: Office, typed: str) -> None:
    assert office.units["市交委"] in [row.id for row in offices.search_units(office.store, typed)]


def test_percent_sign_is_no_wildcard(office: Office) -> None:
    assert offices.search_units(office.store, "%") == ()


def test_filter_by_kind_and_group(office: Office) -> None:
    store = office.store
    rows = offices.units_in_order(store, kinds=[UnitKind.COUNTY])
    assert [row.short_name for row in rows] == ["柯城区", "江山市"]
    assert offices.count_units(store, peer_group="县区") == 2
    columns = planning_matrix.columns(store, 2020, peer_group="县区", with_empty=True)
    assert [column.heading for column in columns] == ["柯城区", "江山市"]
    assert offices.count_units(store, text="江山") == 1


def test_what_rests_on_a_unit_forbids_deleting_it(office: Office) -> None:
    store, unit = office.store, office.units["柯城区"]
    for name in ("工业投资", "粮食总产量"):
        indicator = planning_framework.add_indicator(store, 2020, name)
        planning_edits.set_cell(store, indicator, unit, TargetField.VALUE, "5")
    offices.add_unit(store, "石桥镇人民政府", superior=unit)
    assert offices.what_rests_on(store, unit) == ("1个下级单位", "2项目标")
    with pytest.raises(NotAllowedError, match="2项目标"):
        unit_table.delete_units(store, [unit])
    assert offices.unit_row(store, unit).child_count == 1


def test_deleting_takes_the_posts_along_and_undo_brings_all_back(office: Office) -> None:
    store, unit = office.store, office.units["市交委"]
    people.add_post(store, unit, role=PostRole.PRINCIPAL, holder="王建国")
    unit_table.delete_units(store, [unit])
    assert "市交委" not in names(store, office)
    store.undo()
    assert offices.unit_row(store, unit).principal == "王建国"
    with pytest.raises(NotAllowedError, match="本级政府"):
        unit_table.delete_units(store, [office.root])
