"""A unit's own decomposition at its superior: shown in place of the typed one, not grown into, given back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from offices_exchanging import (
    YEAR,
    begin_below,
    make_city,
    received_targets,
    report,
    send_down,
    send_up,
    take_in,
    unit_named,
)

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.blanks import BlankKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Person
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import (
    blanks,
    decomposition,
    decomposition_edits,
    decomposition_structure,
    exchange_state,
    issuing,
    offices,
    overview,
    progress,
    receiving,
)
from mbo_desktop.services.decomposition import BranchFilter
from mbo_desktop.services.progress_entry import ReportEdit, ReportField, write_cells
from mbo_desktop.store import checkup
from mbo_desktop.store.database import Store


@pytest.fixture
def city(tmp_path: Path) -> Store:
    with make_city(tmp_path / "city", ["甲县", "乙县"], 2) as store:
        yield store  # type: ignore[misc]


@pytest.fixture
def county(city: Store, tmp_path: Path) -> Store:
    """Two townships that carry 6 and 4 of the first target."""
    with begin_below(tmp_path / "county", send_down(city, "甲县", tmp_path / "u")) as store:
        offices.add_units_from_list(
            store, "东镇人民政府\n西镇人民政府", superior=offices.root_unit(store)
        )
        first = received_targets(store)[0]
        for short, value in (("东镇", "6"), ("西镇", "4")):
            node = decomposition_structure.add_child(store, YEAR, first.id)
            assert not decomposition_edits.write_field(store, YEAR, node, "unit", unit_named(store, short))
            assert not decomposition_edits.write_field(store, YEAR, node, "value", value)
        yield store  # type: ignore[misc]


def target_of(store: Store, short: str) -> Target:
    """The first target of a unit."""
    return min(store.all(Target, unit=unit_named(store, short)), key=lambda one: str(one.value))


def below(store: Store, target: RecordId) -> list[str]:
    ids = decomposition.child_ids(store, YEAR, target)
    return [f"{row.name} {row.value}" for row in decomposition.rows(store, YEAR, ids).values()]


def test_the_units_tree_goes_first_and_gives_way_when_withdrawn(
    city: Store, county: Store, tmp_path: Path
) -> None:
    target = target_of(city, "甲县").id
    typed = decomposition_structure.add_child(city, YEAR, target)
    decomposition_edits.write_field(city, YEAR, typed, "title", "代为分解")
    before = (decomposition.counts(city, YEAR), below(city, target))
    report(county, 3, [2, 2])
    take_in(city, send_up(county, tmp_path / "up"))
    assert below(city, target) == ["东镇 6", "西镇 4"]
    now = decomposition.counts(city, YEAR)
    assert (now.targets, now.decomposed, now.allocations) == (4, 1, 2), "nothing is counted twice"
    listed = blanks.all_blanks(city, YEAR)
    assert not any("代为分解" in str(one) for one in listed.blanks)
    assert [row.short_name for row in offices.units_in_order(city)][1:] == ["甲县", "乙县"]
    assert checkup.run(city).findings == ()
    package = next(row.package for row in issuing.register(city) if row.can_withdraw)
    receiving.withdraw(city, package, "误导入")
    assert (decomposition.counts(city, YEAR), below(city, target)) == before
    assert checkup.run(city).findings == ()


@pytest.mark.parametrize("which", ["child", "below", "sibling", "move", "value", "remove", "root"])
def test_the_superior_does_not_grow_into_a_units_tree(
    city: Store, county: Store, tmp_path: Path, which: str
) -> None:
    target = target_of(city, "甲县").id
    other = decomposition_structure.add_child(city, YEAR, target_of(city, "乙县").id)
    take_in(city, send_up(county, tmp_path / "up"))
    node = decomposition.child_ids(city, YEAR, target)[0]
    deeds: dict[str, Callable[[], object]] = {
        "child": lambda: decomposition_structure.add_child(city, YEAR, target),
        "below": lambda: decomposition_structure.add_child(city, YEAR, node),
        "sibling": lambda: decomposition_structure.add_sibling(city, YEAR, node),
        "move": lambda: decomposition_structure.move(city, YEAR, [other], target),
        "value": lambda: decomposition_edits.write_field(city, YEAR, node, "value", "7"),
        "remove": lambda: decomposition_structure.remove(city, YEAR, [node]),
        "root": lambda: decomposition_edits.write_field(city, YEAR, target, "note", "备注"),
    }
    before, count = city.change_count, len(city.all(Allocation))
    with pytest.raises(NotAllowedError) as caught:
        deeds[which]()
    assert "甲县" in caught.value.what
    assert caught.value.todo
    assert (city.change_count, len(city.all(Allocation))) == (before, count)
    assert below(city, target) == ["东镇 6", "西镇 4"]


def test_nothing_is_written_into_the_tree_that_gave_way(
    city: Store, county: Store, tmp_path: Path
) -> None:
    """What this office typed for the unit stays hidden as it was, refused with what to do instead."""
    target = target_of(city, "甲县").id
    typed = RecordId(decomposition_structure.add_child(city, YEAR, target))
    root = next(one.id for one in city.all(Allocation, target=target))
    take_in(city, send_up(county, tmp_path / "up"))
    other = target_of(city, "乙县").id
    outside = RecordId(decomposition_structure.add_child(city, YEAR, other))

    def put(node: Allocation) -> None:
        with city.change("改") as change:
            change.put(node)

    before = city.change_count
    for node in (
        Allocation(id=typed, parent=root, title="代为分解"), Allocation(id=root, target=target, note="备注"),
        Allocation(id=outside, parent=root),
    ):
        with pytest.raises(NotAllowedError) as caught:
            put(node)
        assert "甲县" in caught.value.what
        assert "代为录入" in caught.value.what
        assert caught.value.safe
        assert "答复" in caught.value.todo
    assert city.change_count == before
    put(Allocation(id=outside, parent=next(one.id for one in city.all(Allocation, target=other)), title="乙"))
    with city.change("删") as change:
        change.delete(typed)
    package = next(row.package for row in issuing.register(city) if row.can_withdraw)
    receiving.withdraw(city, package, "误导入")
    put(Allocation(id=root, target=target, note="备注"))
    assert checkup.run(city).findings == ()


def test_no_second_tree_is_begun_beside_the_units(city: Store, county: Store, tmp_path: Path) -> None:
    target = target_of(city, "甲县").id
    take_in(city, send_up(county, tmp_path / "up"))
    count = len(city.all(Allocation))
    with pytest.raises(NotAllowedError, match="代为录入"), city.change("改") as change:
        change.put(Allocation(id=change.named(Allocation, target), target=target))
    assert len(city.all(Allocation)) == count


def test_another_units_branch_is_not_copied_into_it(city: Store, county: Store, tmp_path: Path) -> None:
    source = target_of(city, "乙县")
    decomposition_structure.add_child(city, YEAR, source.id)
    take_in(city, send_up(county, tmp_path / "up"))
    first = target_of(city, "甲县")
    assert first.indicator == source.indicator
    with pytest.raises(NotAllowedError, match="甲县"):
        decomposition_structure.copy_branch(city, YEAR, source.id, [first.unit])


def test_what_the_city_types_for_the_county_stands_behind_its_own_figure(
    city: Store, county: Store, tmp_path: Path
) -> None:
    target = target_of(city, "甲县").id
    write_cells(city, YEAR, 3, [ReportEdit(target, ReportField.AMOUNT, "9")])
    assert progress.month_rows(city, YEAR, 3, [target])[target].counted == "9"
    report(county, 3, [2, 2])
    take_in(city, send_up(county, tmp_path / "up"))
    row = progress.month_rows(city, YEAR, 3, [target])[target]
    assert (row.counted, row.counted_kind) == ("2", FigureKind.OWN)
    write_cells(city, YEAR, 3, [ReportEdit(target, ReportField.AMOUNT, "8")])
    assert progress.month_rows(city, YEAR, 3, [target])[target].counted == "2"


def test_the_units_parts_and_people_are_found_and_named_at_the_superior(
    city: Store, county: Store, tmp_path: Path
) -> None:
    """Townships and people of the county are in no list of the city, yet the nodes that name them are found."""
    first = received_targets(county)[0].id
    east = decomposition.child_ids(county, YEAR, first)[0]
    assert not decomposition_edits.write_field(county, YEAR, east, "handler", "张三")
    take_in(city, send_up(county, tmp_path / "up"))
    target = target_of(city, "甲县")
    node, _west = decomposition.child_ids(city, YEAR, target.id)
    row = decomposition.rows(city, YEAR, [node])[node]
    assert (row.unit_label, row.handler.label.startswith("张三")) == ("东镇", True)
    listed = [one for one in blanks.all_blanks(city, YEAR).blanks if "东镇" in one.place]
    assert {one.kind for one in listed} <= {BlankKind.NO_RESPONSIBLE, BlankKind.CLEARS}, "no unit or post is gone"
    register = {BlankKind.UNIT_FREE, BlankKind.NO_PRINCIPAL, BlankKind.PERSON_FREE}
    told = [one.place for one in blanks.all_blanks(city, YEAR).blanks if one.kind in register]
    assert told == ["甲县", "乙县"], "each own unit once, none of the county's"
    for chosen in (
        BranchFilter(unit=target.unit), BranchFilter(text="东镇"), BranchFilter(text="张三"),
        BranchFilter(text="dongzhen"),
    ):
        assert node in decomposition.matching(city, YEAR, chosen).hits, chosen


def test_a_township_counts_its_part_and_not_the_countys_target(
    city: Store, county: Store, tmp_path: Path
) -> None:
    east = decomposition.child_ids(county, YEAR, received_targets(county)[0].id)[0]
    assert not decomposition_edits.write_field(county, YEAR, east, "handler", "张三")
    with begin_below(tmp_path / "town", send_down(county, "东镇", tmp_path / "down")) as town:
        now = overview.figures(town, YEAR)
        assert (now.units, now.targets, now.without_principal) == (1, 0, 0)
        (node,) = (one.id for one in town.all(Allocation) if one.parent is not None)
        row = decomposition.rows(town, YEAR, [node])[node]
        assert (row.value, row.handler.label.startswith("张三")) == ("6", True)
        assert [one.short_name for one in offices.units_in_order(town)] == ["东镇"]
        assert town.all(Person) == []
        assert exchange_state.pending(town).stubs == (), "nothing is waited for that never comes"
