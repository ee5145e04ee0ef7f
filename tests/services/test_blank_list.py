"""空白清单 over the sample city: every planted spot is found, and an edit's answer equals the whole list."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from mbo_desktop import clock
from mbo_desktop.domain.allocations import Allocation, Plan, PlanBasis, PlanPeriod
from mbo_desktop.domain.blanks import BlankKind, Room, Severity
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import FormerName, Tenure, Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.targets import NOT_APPLICABLE
from mbo_desktop.errors import Cancelled
from mbo_desktop.sample import build_sample
from mbo_desktop.sample.spots import Spot, SpotKind
from mbo_desktop.services import (
    blank_trees,
    blanks,
    offices,
    overview,
    planning_edits,
    planning_framework,
)
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store

YEAR = 2020
FOUND_AS: dict[SpotKind, BlankKind] = {
    SpotKind.NOBODY: BlankKind.NO_RESPONSIBLE, SpotKind.NO_HANDLER: BlankKind.NO_HANDLER,
    SpotKind.LATE_DUE: BlankKind.DUE_LATER, SpotKind.SHORT: BlankKind.SUM,
    SpotKind.OVER: BlankKind.SUM, SpotKind.REDIVIDE: BlankKind.REDIVIDE,
    SpotKind.FALLING_PLAN: BlankKind.PLAN, SpotKind.PLAN_END: BlankKind.PLAN,
    SpotKind.OTHER_MEASURE: BlankKind.MEASURE, SpotKind.FEW_CLEARS: BlankKind.CLEARS,
    SpotKind.NO_RULE: BlankKind.NO_SCORING, SpotKind.NO_CERTIFIER: BlankKind.NO_CERTIFIER,
    SpotKind.NO_AGREEMENT: BlankKind.NO_AGREEMENT, SpotKind.UNCOVERED_ITEM: BlankKind.ITEM_OPEN,
    SpotKind.IDLE_PERSON: BlankKind.PERSON_FREE,
}


@dataclass(frozen=True)
class City:
    folder: Path
    spots: tuple[Spot, ...]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city") / "data"
    spots: list[Spot] = []
    clock.set_source(lambda: datetime(2020, 5, 12, 9, 0, tzinfo=UTC))
    try:
        build_sample(folder, units=40, targets=350, nodes=900, year=YEAR, spots=spots).close()
    finally:
        clock.set_source(None)
    return City(folder, tuple(spots))


@pytest.fixture
def city(made: City, tmp_path: Path) -> Iterator[Store]:
    folder = Path(shutil.copytree(made.folder, tmp_path / "数据"))
    with Store.open(folder, operator="刘敏") as store:
        yield store


def tree_ids(store: Store, spot: Spot) -> set[int]:
    """Where a spot is shown: roots stand as their target, carriers as their indicator."""
    node = store.find(Allocation, spot.record)
    if node is None or node.target is None:
        return {spot.record}
    return {node.target, store.get(Target, node.target).indicator}


def test_every_planted_spot_is_found(made: City, city: Store) -> None:
    found = blanks.all_blanks(city, YEAR)
    for spot in made.spots:
        kind = FOUND_AS.get(spot.kind)
        if kind is None:
            continue
        rows = [one for one in found.blanks if one.kind is kind]
        places = {one.node for one in rows} | {one.record for one in rows} | {
            one.person or 0 for one in rows}
        named = spot.kind is SpotKind.IDLE_PERSON and any(
            one.unit == spot.unit and one.person is None for one in rows)
        assert places & tree_ids(city, spot) or named, spot
    silenced = {one for spot in made.spots if spot.kind is SpotKind.UNDIVIDED
                for one in tree_ids(city, spot)}
    assert not any(one.kind is BlankKind.NOT_DIVIDED and one.node in silenced for one in found.blanks)
    vacant = {spot.record for spot in made.spots if spot.kind is SpotKind.VACANT_POST}
    assert vacant and any(one.kind is BlankKind.LEFT for one in found.blanks)


def test_counts_and_order(city: Store) -> None:
    found = blanks.all_blanks(city, YEAR)
    assert found.checked >= 900
    assert sum(found.by_kind.values()) == sum(found.by_severity.values()) == len(found.blanks)
    assert sum(row.total for row in found.by_unit) == len(found.blanks)
    order = {row.unit: place for place, row in enumerate(found.by_unit)}
    places = [order[one.unit] for one in found.blanks]
    assert places == sorted(places)
    assert found.sentence.startswith(f"检查了{found.checked:,}项:空白{found.by_severity[Severity.BLANK]}处")
    assert all(one.text and one.place and one.advice for one in found.blanks)


def edits(store: Store, random: Random) -> None:
    """One random change of the tree."""
    nodes = [one for one in store.all(Allocation) if one.parent is not None]
    roots = [one for one in store.all(Allocation) if one.target is not None]
    node, root = random.choice(nodes), random.choice(roots)
    deed = random.randrange(8)
    with store.change("改动") as change:
        if deed == 0:
            change.put(replace(node, value=read_target(str(random.randrange(1, 99)))))
        elif deed == 1:
            change.put(replace(node, responsible=None, handler=None))
        elif deed == 2:
            change.put(replace(root, responsible=None, handler=None, difficulties=""))
        elif deed == 3:
            target = store.get(Target, RecordId(root.target or 0))
            change.put(replace(target, value=random.choice([None, NOT_APPLICABLE, read_target("77")])))
        elif deed == 4:
            change.delete(node.id)
        elif deed == 5:
            change.put(replace(node, parent=random.choice(roots).id))
        elif deed == 6:
            change.put(replace(node, due=date(2020, 11, 30), unit=None))
        else:
            plan = Plan(PlanPeriod.QUARTER, PlanBasis.TYPED, (Decimal(9), Decimal(5), None, Decimal(7)))
            change.put(replace(root, plan=plan, divided_at=Decimal(1), undivided="由监管单位负责"))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_found_around_edits_is_what_the_whole_list_says(city: Store, seed: int) -> None:
    random = Random(seed)
    known = blanks.all_blanks(city, YEAR)
    written: list[int] = []
    city.subscribe(lambda done: written.extend(i for ids in done.ids_by_type.values() for i in ids))
    for _ in range(8):
        edits(city, random)
        if city.undo_label and random.random() < 0.3:
            city.undo()
        near = blanks.blanks_near(city, YEAR, written)
        assert near.is_complete
        known = known.after(near)
        written.clear()
    whole = blanks.all_blanks(city, YEAR)

    def of_tree(found: blanks.BlankList) -> list[tuple[object, ...]]:
        return sorted((one.node, one.kind.value, one.text) for one in found.blanks
                      if one.room is Room.DECOMPOSITION and one.node)

    assert of_tree(known) == of_tree(whole)


def test_a_large_branch_is_left_to_the_whole_list(city: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blank_trees, "SIBLINGS", 2)
    parents = [one.parent for one in city.all(Allocation) if one.parent is not None]
    crowded = max(set(parents), key=parents.count)
    child = next(one for one in city.all(Allocation) if one.parent == crowded)
    near = blanks.blanks_near(city, YEAR, [child.id])
    assert not near.is_complete and crowded not in near.nodes and child.id in near.nodes


def test_progress_and_cancel(city: Store) -> None:
    seen: list[tuple[int, int]] = []
    blanks.all_blanks(city, YEAR, progress=lambda done, total, _text: seen.append((done, total)))
    assert seen == sorted(seen) and seen[-1][0] == seen[-1][1] >= 350
    with pytest.raises(Cancelled):
        blanks.all_blanks(city, YEAR, cancelled=lambda: True)


def test_the_five_clears_of_a_node(made: City, city: Store) -> None:
    spot = next(one for one in made.spots if one.kind is SpotKind.FEW_CLEARS)
    node = next(iter(tree_ids(city, spot) - {0}))
    answers = {name: (clear, why) for one in tree_ids(city, spot)
               for name, clear, why in blanks.five_clears(city, YEAR, one)}
    assert node and list(answers) == ["目标任务", "攻坚难点", "措施办法", "时间进度", "责任人员"]
    assert answers["攻坚难点"] == (False, "没有写") and answers["措施办法"][0] is False
    assert answers["责任人员"][0] is True
    assert blanks.five_clears(city, YEAR, 10**9) == ()


def test_a_branch_of_depth_thirty_and_five_thousand_children(city: Store) -> None:
    root = next(one for one in city.all(Allocation) if one.target is not None)
    with city.change("深而宽") as change:
        above = root.id
        for depth in range(30):
            node = Allocation(id=change.new(Allocation), parent=above, title=f"第{depth}层",
                              value=read_target("100"), unit_of_measure="项")
            change.put(node)
            above = node.id
        last = node
        change.put_all([
            Allocation(id=change.new(Allocation), parent=above, ord=f"{place:05d}", title=f"任务{place}",
                       value=read_target("0.01"), unit_of_measure="项")
            for place in range(5000)
        ])
    near = blanks.blanks_near(city, YEAR, [last.id])
    assert not near.is_complete and last.id not in near.nodes
    sums = [one for one in blanks.all_blanks(city, YEAR).blanks
            if one.node == last.id and one.kind is BlankKind.SUM]
    assert [one.text for one in sums] == ["分解合计50项,低于100项,还差50项"]
    people = blanks.five_clears(city, YEAR, last.id)[4]
    assert people == ("责任人员", True, "已落实"), "its children were read"
    top = blanks.blanks_near(city, YEAR, [root.id])
    assert not top.is_complete, "the branch is too large to be looked at at once"


# Beside the tree, on a register of one's own ------------------------------------


def rows(store: Store, *kinds: BlankKind) -> list[str]:
    return [f"{one.place}:{one.text}" for one in blanks.all_blanks(store, YEAR).blanks if one.kind in kinds]


def test_units_people_and_framework(store: Store, office) -> None:
    county, city = office.units["柯城区"], office.units["江山市"]
    assert rows(store, BlankKind.UNIT_FREE) == [
        f"{name}:登记在册,本年度没有承担任何目标" for name in office.units]
    made = planning_framework.add_indicator(store, YEAR, "工业投资(亿元)", points=Decimal(10))
    assert rows(store, BlankKind.NOT_ALLOTTED) == ["工业投资:没有下达到任何单位"]
    planning_edits.set_cell(store, made, county, TargetField.VALUE, "75")
    planning_edits.set_cell(store, made, city, TargetField.VALUE, "/")
    assert len(rows(store, BlankKind.UNIT_FREE)) == 3, "N/A carries nothing"
    assert rows(store, BlankKind.NO_PRINCIPAL, BlankKind.NO_AGREEMENT) == [
        "柯城区:没有在任的第一责任人", "柯城区:有1项目标,没有责任书"]
    assert rows(store, BlankKind.NO_SCORING, BlankKind.NO_CERTIFIER, BlankKind.NO_DATA_SOURCE) == [
        "工业投资:有分值,没有评分标准", "工业投资:有分值,没有考核部门", "工业投资:没有数据来源"]
    assert rows(store, BlankKind.NOT_DIVIDED) == [
        "工业投资 · 柯城区:尚未分解:没有下级,也没有责任人和经办人"]


def test_what_no_indicator_has_is_one_row(store: Store, office) -> None:
    made = [planning_framework.add_indicator(store, YEAR, f"指标{n}", points=Decimal(5)) for n in range(6)]
    for one in made:
        planning_edits.set_cell(store, one, office.units["柯城区"], TargetField.VALUE, "1")
    with store.change("考核部门") as change:
        change.put(replace(change.get(Indicator, made[0]), certifying_text="市统计局"))
    assert rows(store, BlankKind.NO_SCORING) == ["指标体系:6项有分值的指标都没有评分标准"]
    assert len(rows(store, BlankKind.NO_CERTIFIER)) == 5


def test_who_assesses_himself_and_the_same_name_twice(store: Store, office) -> None:
    county = office.units["柯城区"]
    first, second = (
        planning_framework.add_indicator(store, YEAR, name, category=category.id)
        for name, category in zip(("信访化解(件)", "信访 化解(件)"), planning_framework.categories(store, YEAR), strict=False)
    )
    with store.change("考核部门") as change:
        change.put(replace(change.get(Indicator, first), certifying_text="柯城区人民政府"))
    for one, text in ((first, "30"), (second, "40")):
        planning_edits.set_cell(store, one, county, TargetField.VALUE, text)
    assert rows(store, BlankKind.SELF_CERTIFIED) == [
        "信访化解 · 柯城区:责任单位和考核部门都是“柯城区”"]
    (double,) = rows(store, BlankKind.DOUBLE)
    assert double.startswith("信访化解 · 柯城区:同名指标下达了2次:") and "”30、" in double


def test_who_left_since_signing(city: Store) -> None:
    before = rows(city, BlankKind.SIGNED_CHANGED)
    assert before == []
    from mbo_desktop.store.queries import blank_registers as reads

    signed = next(one for one in reads.agreements(city, YEAR) if reads.is_signed(one) and one.party_post)
    held = next(one for one in city.all(Tenure) if one.post == signed.party_post and one.until is None)
    with city.change("变动") as change:
        unit = change.get(Unit, RecordId(signed.unit))
        change.put(replace(held, until=date(2020, 4, 30)))
        change.put(replace(unit, former_names=(FormerName("老名称", date(2020, 4, 1)),)))
    clock.set_source(lambda: datetime(2020, 5, 12, 9, 0, tzinfo=UTC))
    (row,) = [one for one in blanks.all_blanks(city, YEAR).blanks if one.kind is BlankKind.SIGNED_CHANGED]
    assert row.severity is Severity.WRONG
    assert "签订时名称为“老名称”" in row.text and "已离任,岗位空缺" in row.text
    assert offices.unit_row(city, RecordId(signed.unit)).short_name == row.place


def test_the_first_page_tells_what_the_last_run_found(city: Store) -> None:
    assert blanks.last_list(city, YEAR) is None
    assert not any(step.filter_hint == "blanks" for step in overview.next_steps(city, YEAR))
    found = blanks.all_blanks(city, YEAR)
    assert blanks.last_list(city, YEAR) is found is blanks.current_list(city, YEAR)
    (step,) = [step for step in overview.next_steps(city, YEAR) if step.filter_hint == "blanks"]
    assert step.text == f"目标分解有{found.in_decomposition}处空白和不一致" and found.in_decomposition > 10
    with city.change("改动") as change:
        node = next(one for one in city.all(Allocation) if one.parent is not None)
        change.put(replace(node, note="改"))
    assert blanks.current_list(city, YEAR) is not found, "something was changed since"


def test_a_reader_of_another_year_sees_nothing(city: Store) -> None:
    found = blanks.all_blanks(city, 2031)
    assert found.checked == 0 and {one.kind for one in found.blanks} <= {BlankKind.UNIT_FREE}
    some = next(one for one in city.all(Allocation) if one.parent is not None)
    assert blanks.blanks_near(city, 2031, [some.id]).blanks == ()
