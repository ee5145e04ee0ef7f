"""A part of a received target that was given to a township: reported on, certified, carried up like a target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from offices_exchanging import (
    YEAR,
    begin_below,
    level,
    make_city,
    received_targets,
    send_down,
    send_up,
    take_in,
    unit_named,
)

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.exchange import PackageKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Light
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import FigureKind, ProgressReport, ReportingRules
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import (
    blanks,
    decomposition,
    decomposition_edits,
    decomposition_structure,
    duties,
    filings,
    issuing,
    offices,
    origins,
    overview,
    own_figures,
    planning_edits,
    progress,
    progress_entry,
    progress_lights,
    progress_sides,
    progress_statistics,
    receiving,
    reporting_rules,
    templates,
)
from mbo_desktop.services.collecting import read_returned
from mbo_desktop.services.collecting_write import apply_collection
from mbo_desktop.services.filings import FilingState
from mbo_desktop.services.own_figures import reports_only_itself
from mbo_desktop.services.progress import ProgressRow, Sought
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.services.templates import FormPurpose
from mbo_desktop.store import checkup
from mbo_desktop.store.database import Store
from tests.services.returned_forms import fill

AMOUNT = ReportField.AMOUNT


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Store]:
    with make_city(tmp_path / "city", ["甲县", "乙县"], 2) as store:
        yield store


@pytest.fixture
def county(city: Store, tmp_path: Path) -> Iterator[Store]:
    """Two townships that carry 6 and 4 of the first target."""
    with begin_below(tmp_path / "county", send_down(city, "甲县", tmp_path / "u")) as store:
        offices.add_units_from_list(
            store, "东镇人民政府\n西镇人民政府", superior=offices.root_unit(store)
        )
        for short, value in (("东镇", "6"), ("西镇", "4")):
            give(store, received_targets(store)[0].id, unit_named(store, short), value)
        yield store


@pytest.fixture
def town(county: Store, tmp_path: Path) -> Iterator[Store]:
    with begin_below(tmp_path / "town", send_down(county, "东镇", tmp_path / "d1")) as store:
        yield store


def give(store: Store, above: RecordId, unit: RecordId, value: str) -> RecordId:
    """A node below a target or node, given to a unit."""
    node = decomposition_structure.add_child(store, YEAR, above)
    assert not decomposition_edits.write_field(store, YEAR, node, "unit", unit)
    assert not decomposition_edits.write_field(store, YEAR, node, "value", value)
    return RecordId(node)


def rows(store: Store, month: int) -> list[ProgressRow]:
    return list(progress.month_rows(store, YEAR, month, progress.month_ids(store, YEAR, Sought())).values())


def typed(store: Store, row: ProgressRow, month: int, text: str, kind: FigureKind = FigureKind.PROXY) -> str:
    """The refusal, "" when it was written."""
    outcome = progress_entry.write_cells(
        store, YEAR, month, [ReportEdit(row.subject, AMOUNT, text)], kind=kind
    )
    return outcome.refused.get((row.subject, AMOUNT), "")


def of_unit(store: Store, month: int, label: str) -> ProgressRow:
    (found,) = [one for one in rows(store, month) if one.unit_label == label]
    return found


def test_a_township_reports_on_the_part_it_was_given(town: Store) -> None:
    (row,) = rows(town, 3)
    assert (row.title, row.target, row.unit_label, row.is_node) == ("指标1", "6", "东镇", True)
    assert (row.is_self_reported, row.judged.light) == (True, Light.RED), "three months unreported"
    assert reports_only_itself(town)
    assert not typed(town, row, 3, "1.2")
    (said,) = town.all(ProgressReport)
    assert (said.kind, said.amount, said.on_behalf_of) == (FigureKind.OWN, Decimal("1.2"), None)
    (row,) = rows(town, 3)
    assert (row.counted, row.planned, row.judged.light) == ("1.2", "1.5", Light.YELLOW)
    assert progress.count_months(town, YEAR) == {3: 1}
    assert progress_sides.reported(town, YEAR, 3) == {row.subject}


def test_the_county_follows_its_townships_beside_its_own_targets(county: Store) -> None:
    assert [(one.unit_label, one.title, one.target, one.is_node) for one in rows(county, 3)] == [
        ("甲县", "指标1", "10", False), ("甲县", "指标2", "11", False),
        ("东镇", "指标1", "6", True), ("西镇", "指标1", "4", True),
    ]
    assert [one.is_self_reported for one in rows(county, 3)] == [True, True, False, False]
    assert not reports_only_itself(county)
    assert not typed(county, of_unit(county, 3, "西镇"), 3, "0.5")
    proxy = next(one for one in county.all(ProgressReport))
    assert (proxy.kind, proxy.on_behalf_of) == (FigureKind.PROXY, unit_named(county, "西镇"))
    board = {one.label: (one.state, one.targets, one.reported) for one in filings.board(county, YEAR, 3)}
    assert board == {"东镇": (FilingState.MISSING, 1, 0), "西镇": (FilingState.RECEIVED, 1, 1)}
    lit = progress_lights.lights(county, YEAR, 3)
    assert len(lit) == 4
    units = {one.label: one.tally.total for one in progress_statistics.summary(county, YEAR, lit).units}
    assert units == {"甲县": 2, "东镇": 1, "西镇": 1}


def test_what_is_asked_narrows_nodes_too(county: Store) -> None:
    def labels(sought: Sought) -> list[str]:
        found = progress.month_ids(county, YEAR, sought)
        return [one.unit_label for one in progress.month_rows(county, YEAR, 3, found).values()]

    first, second = sorted(county.all(Indicator, year=YEAR), key=lambda one: one.name)
    assert labels(Sought(indicator=first.id)) == ["甲县", "东镇", "西镇"]
    assert labels(Sought(indicator=second.id)) == ["甲县"]
    assert labels(Sought(unit=unit_named(county, "西镇"))) == ["西镇"]
    assert labels(Sought(text="dz")) == ["东镇"]
    assert labels(Sought(with_nodes=False)) == ["甲县", "甲县"]
    assert labels(Sought(by_indicator=True)) == ["甲县", "东镇", "西镇", "甲县"]


def test_a_unit_with_a_target_of_its_own_answers_by_that(city: Store) -> None:
    """Whoever breaks the city's own target down beside the units' targets asks nobody twice."""
    root = offices.root_unit(city)
    head = city.all(Indicator, year=YEAR)[0]
    planning_edits.set_cell(city, head.id, root, TargetField.VALUE, "30")
    before = [one.subject for one in rows(city, 3)]
    own = next(one for one in progress.month_ids(city, YEAR, Sought(indicator=head.id)) if one not in before)
    give(city, own, unit_named(city, "甲县"), "12")
    assert [one.subject for one in rows(city, 3)] == before


def test_a_round_from_the_city_to_the_township_and_back(
    city: Store, county: Store, town: Store, tmp_path: Path
) -> None:
    typed(town, rows(town, 3)[0], 3, "1.2")
    take_in(county, send_up(town, tmp_path / "t2"))
    row = of_unit(county, 3, "东镇")
    assert (row.counted, row.counted_kind) == ("1.2", FigureKind.OWN)
    assert receiving.missing(county, YEAR, 3) == ()
    assert [one.state for one in filings.board(county, YEAR, 3)] == [FilingState.RECEIVED, FilingState.MISSING]
    assert typed(county, row, 3, "1", FigureKind.VERIFIED) == ""
    assert typed(county, of_unit(county, 3, "西镇"), 3, "0.8") == ""
    row = of_unit(county, 3, "东镇")
    assert (row.counted_kind, row.difference) == (FigureKind.VERIFIED, "核实少0.2")
    # The county's own figure on the whole, then all of it to the city.
    assert typed(county, rows(county, 3)[0], 3, "1.8") == ""
    take_in(city, send_up(county, tmp_path / "c2"))
    listed = {(one.unit_label, one.title): one for one in rows(city, 3)}
    assert listed["甲县", "指标1"].counted == "1.8"
    assert len(listed) == 4, "the county's own tree is not the city's to collect"
    tree = decomposition.child_ids(city, YEAR, listed["甲县", "指标1"].subject)
    said = {one.subject: one.amount for one in city.all(ProgressReport) if one.subject in tree}
    assert sorted(said.values()) == [Decimal("0.8"), Decimal("1.2")]
    # What the county verified comes back down to the township, what the city verified to the county.
    assert typed(city, listed["甲县", "指标1"], 3, "1.7", FigureKind.VERIFIED) == ""
    take_in(county, send_down(city, "甲县", tmp_path / "u3"))
    take_in(town, send_down(county, "东镇", tmp_path / "d3"))
    assert (rows(town, 3)[0].counted, rows(town, 3)[0].counted_kind) == ("1", FigureKind.VERIFIED)
    assert rows(county, 3)[0].sides[FigureKind.VERIFIED].shown == "1.7"
    assert [checkup.run(one).findings for one in (city, county, town)] == [(), (), ()]


def test_evidence_and_nodes_of_a_part_are_the_townships(county: Store, town: Store, tmp_path: Path) -> None:
    (row,) = rows(town, 4)
    progress_sides.set_node(town, YEAR, 4, row.subject, "开工", done=True)
    (said,) = town.all(ProgressReport)
    assert said.kind is FigureKind.OWN
    take_in(county, send_up(town, tmp_path / "t2"))
    assert [one.nodes_done[0].title for one in county.all(ProgressReport)] == ["开工"]


def test_a_part_given_on_to_a_village_travels_with_its_figure(
    county: Store, town: Store, tmp_path: Path
) -> None:
    offices.add_units_from_list(town, "石村", superior=offices.root_unit(town))
    (part,) = rows(town, 3)
    give(town, part.subject, unit_named(town, "石村"), "2")
    assert [(one.unit_label, one.target) for one in rows(town, 3)] == [("东镇", "6"), ("石村", "2")]
    with begin_below(tmp_path / "village", send_down(town, "石村", tmp_path / "v1")) as village:
        (row,) = rows(village, 3)
        assert (row.unit_label, row.target, row.is_self_reported) == ("石村", "2", True)
        typed(village, row, 3, "0.3")
        take_in(town, send_up(village, tmp_path / "v2"))
    assert of_unit(town, 3, "石村").counted == "0.3"
    take_in(county, send_up(town, tmp_path / "t2"))
    assert [one.amount for one in county.all(ProgressReport)] == [Decimal("0.3")]
    assert len(rows(county, 3)) == 4


def test_the_form_of_a_unit_without_the_program_holds_its_part(county: Store, tmp_path: Path) -> None:
    assert [name for _unit, name in templates.receivers(county, YEAR, FormPurpose.PROGRESS)] == ["东镇", "西镇"]
    assert templates.receivers(county, YEAR, FormPurpose.SELF_SCORE) == ((offices.root_unit(county), "甲县"),)
    made = templates.make_templates(county, YEAR, 3, FormPurpose.PROGRESS, (), tmp_path / "forms")
    path = next(one for one in made.files if "西镇" in one.name)
    fill(path, {"指标1": {"本月累计": 0.7}})
    apply_collection(county, read_returned(county, YEAR, 3, [path]))
    assert of_unit(county, 3, "西镇").counted == "0.7"


# What is another office's to say ------------------------------------------------


def test_verified_is_the_superiors_to_type(city: Store, county: Store) -> None:
    row = rows(county, 3)[0]
    for kind, word in ((FigureKind.VERIFIED, "核实数由"), (FigureKind.CERTIFIED, "没有委托")):
        why = typed(county, row, 3, "2", kind)
        assert "示例市" in why
        assert word in why
        assert row.closed[kind] == why
    assert county.all(ProgressReport) == []
    assert not typed(county, row, 3, "2")
    assert [one.kind for one in county.all(ProgressReport)] == [FigureKind.OWN]
    assert of_unit(county, 3, "东镇").closed == {}
    with pytest.raises(NotAllowedError, match="核实数"):
        progress_sides.set_node(county, YEAR, 3, row.subject, "开工", done=True, kind=FigureKind.VERIFIED)


def test_a_delegated_office_gives_certified_figures_of_what_others_carry(city: Store, tmp_path: Path) -> None:
    head = next(one for one in city.all(Indicator, year=YEAR) if one.name == "指标1")
    with city.change("委托") as change:
        change.put(replace(head, certifying_units=(unit_named(city, "乙县"),)))
    with begin_below(tmp_path / "bureau", send_down(city, "乙县", tmp_path / "u")) as store:
        theirs = next(
            one for one in store.all(type(received_targets(store)[0]))
            if one.unit != offices.root_unit(store)
        )
        root = offices.root_unit(store)
        listed = progress.month_ids(store, YEAR, Sought(indicator=theirs.indicator, certifying_unit=root))
        assert set(listed) == {theirs.id, received_targets(store)[0].id}, "the column of all units"
        assert theirs.id not in progress.month_ids(store, YEAR, Sought())
        row = progress.month_rows(store, YEAR, 3, [theirs.id])[theirs.id]
        assert set(row.closed) == {FigureKind.VERIFIED, FigureKind.OWN, FigureKind.PROXY}
        assert typed(store, row, 3, "2", FigureKind.CERTIFIED) == ""
        assert "自己报" in typed(store, row, 3, "2")
        other = next(one for one in rows(store, 3) if one.title == "指标2")
        assert "没有委托" in typed(store, other, 3, "2", FigureKind.CERTIFIED)


def test_an_allocation_of_the_own_office_is_still_open(county: Store) -> None:
    node = county.all(Allocation)[-1]
    assert node.parent is not None
    assert progress.month_rows(county, YEAR, 3, [node.id])[node.id].closed == {}


# What the first page and the heads tell ------------------------------------------


def test_the_first_page_counts_what_was_received(county: Store, town: Store) -> None:
    now = overview.figures(county, YEAR)
    assert (now.units, now.units_with_targets, now.targets) == (3, 3, 2)
    assert (now.received, now.received_agreements) == (2, 1)
    assert not any("还没有目标" in one.text for one in overview.next_steps(county, YEAR))
    assert not any("现行目标不一致" in one.text for one in overview.next_steps(county, YEAR)), "the city's to mend"
    below = overview.figures(town, YEAR)
    assert (below.units_with_targets, below.received, below.received_agreements) == (1, 1, 0)
    assert own_figures.received_targets(county, YEAR) == {one.id for one in received_targets(county)}
    assert len(own_figures.received_targets(town, YEAR)) == 1


def test_the_own_report_is_due_at_the_superiors_deadline(
    city: Store, county: Store, town: Store, tmp_path: Path
) -> None:
    reporting_rules.set_rules(city, ReportingRules(id=RecordId(0), year=YEAR, deadline_day=15))
    take_in(county, send_down(city, "甲县", tmp_path / "u5"))

    def said(store: Store) -> list[tuple[str, bool]]:
        return [(one.text, one.is_late) for one in duties.duties(store, YEAR) if one.room == "progress"]

    assert said(county) == [], "nothing was reported in any month yet"
    typed(county, of_unit(county, 2, "西镇"), 2, "1")
    assert said(county) == [
        ("上级下达的2项3月进度还没有填报,应在2020年3月15日前报出", False), ("2个单位3月进度未报齐", False),
    ]
    for row in rows(county, 3)[:2]:
        typed(county, row, 3, "1")
    assert [text for text, _late in said(county)] == ["2个单位3月进度未报齐"]
    typed(town, rows(town, 2)[0], 2, "1")
    reporting_rules.set_rules(county, replace(reporting_rules.rules_of(county, YEAR), deadline_day=10))
    take_in(town, send_down(county, "东镇", tmp_path / "d5"))
    assert said(town) == [("上级下达的1项3月进度还没有填报,应在2020年3月10日前报出", True)]


def test_a_township_is_asked_for_its_part_only(county: Store, town: Store) -> None:
    listed = blanks.all_blanks(town, YEAR).blanks
    assert {one.place for one in listed} <= {"指标1 · 甲县 · 东镇", "东镇"}, "nothing of what the county carries"
    assert {"指标1 · 甲县", "指标1 · 甲县 · 东镇"} <= {one.place for one in blanks.all_blanks(county, YEAR).blanks}


def test_a_lost_report_that_the_next_one_makes_up_for_is_not_asked_for(
    county: Store, town: Store, tmp_path: Path
) -> None:
    typed(town, rows(town, 2)[0], 2, "1")
    send_up(town, tmp_path / "lost")
    typed(town, rows(town, 3)[0], 3, "2")
    take_in(county, send_up(town, tmp_path / "t2"))
    assert not any(one.room == "exchange" for one in duties.duties(county, YEAR))
    assert {one.month for one in county.all(ProgressReport)} >= {2, 3}, "what was lost came with the next"


def test_what_a_part_hangs_on_is_marked_as_the_superiors(county: Store, town: Store) -> None:
    (target,) = town.all(Target)
    found = origins.origin(town, target.id)
    assert found is not None
    assert (found.word, "更上一级" in found.sentence) == ("上级", True)
    given = origins.origin(county, received_targets(county)[0].id)
    assert given is not None
    assert given.word == "上级"


def test_what_the_superior_changed_is_told_before_it_goes_on_to_the_township(
    city: Store, county: Store, town: Store, tmp_path: Path
) -> None:
    east = unit_named(county, "东镇")

    def changed() -> dict[str, int]:
        rows_of = issuing.preview(county, east, PackageKind.ISSUE, YEAR).rows
        return {row.label: row.changed for row in rows_of if row.changed}

    assert changed() == {}
    target = received_targets(county)[0]
    (theirs,) = [one for one in city.all(Target, unit=unit_named(city, "甲县"))
                 if one.value == target.value]
    with city.change("调整") as change:
        change.put(replace(theirs, value=level(99)))
    take_in(county, send_down(city, "甲县", tmp_path / "d2"))
    assert changed() == {"目标值": 1}
    take_in(town, send_down(county, "东镇", tmp_path / "d3"))
    assert changed() == {}


def test_what_went_to_one_unit_only_is_still_new_for_the_other(city: Store, tmp_path: Path) -> None:
    for short in ("甲县", "乙县"):
        send_down(city, short, tmp_path / short)
    head = city.all(Indicator, year=YEAR)[0]
    with city.change("改名") as change:
        change.put(replace(head, definition="另一口径"))
    send_down(city, "甲县", tmp_path / "again")
    rows_of = issuing.preview(city, unit_named(city, "乙县"), PackageKind.ISSUE, YEAR).rows
    assert {row.label: row.changed for row in rows_of if row.changed} == {"指标": 1}
