"""The checks of domain notes §4 that look beside the tree: points, the province, comparison, certifying, people."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from scored_year import Contest

from mbo_desktop.domain.blanks import Blank, BlankKind, Room, Severity
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.domain.scoring.relative import Efficacy, Rank
from mbo_desktop.services import (
    blanks,
    offices,
    outside_figures,
    people,
    planning_edits,
    planning_framework,
    reporting_rules,
    session,
)
from mbo_desktop.services.indicator_fields import IndicatorField
from mbo_desktop.services.outside_figures import OutsideColumn, OutsideField
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store

YEAR = 2020
D = Decimal


def of_kind(store: Store, *kinds: BlankKind) -> list[Blank]:
    return [one for one in blanks.all_blanks(store, YEAR).blanks if one.kind in kinds]


def texts(store: Store, *kinds: BlankKind) -> list[str]:
    return [f"{one.place}:{one.text}" for one in of_kind(store, *kinds)]


def allotted(store: Store, name: str, unit: int, text: str = "75", points: str = "10") -> int:
    made = planning_framework.add_indicator(store, YEAR, name, points=D(points))
    planning_edits.set_cell(store, made, unit, TargetField.VALUE, text)
    return made


def certified_by(store: Store, indicator: int, *units: int) -> None:
    with store.change("考核部门") as change:
        change.put(replace(change.get(Indicator, indicator), certifying_units=units))


def test_4_the_province_asks_for_more_or_for_something_nobody_set(store: Store, office) -> None:
    made = planning_framework.add_indicator(store, YEAR, "工业投资(亿元)")
    outside_figures.set_figure(store, made, OutsideColumn(OutsideField.PROVINCE_TARGET, str(YEAR)), "90")
    (missing,) = of_kind(store, BlankKind.PROVINCE)
    assert (missing.severity, missing.text) == (Severity.BLANK, "省定目标90亿元,本市没有目标")
    planning_edits.set_cell(store, made, office.root, TargetField.VALUE, "80")
    (short,) = of_kind(store, BlankKind.PROVINCE)
    assert short.severity is Severity.WRONG and "80" in short.text and "省定目标90" in short.text
    planning_edits.set_cell(store, made, office.root, TargetField.VALUE, "90")
    assert of_kind(store, BlankKind.PROVINCE) == []


def test_5_points_that_do_not_add_up(store: Store, office) -> None:
    allotted(store, "工业投资(亿元)", office.units["柯城区"], points="60")
    session.set_declared_points(store, YEAR, D(100))
    assert texts(store, BlankKind.POINTS) == ["柯城区:分值合计60分,规定为100分"]
    allotted(store, "招商引资(亿元)", office.units["柯城区"], points="40")
    assert texts(store, BlankKind.POINTS) == []


def test_6_people_without_anything_to_do(store: Store, office) -> None:
    county = office.units["柯城区"]
    for name, title in (("张伟", "经济科科长"), ("李娜", "经济科科员")):
        people.add_post(store, county, role=PostRole.HANDLER, title=title, holder=name)
    assert texts(store, BlankKind.PERSON_FREE) == [], "the unit itself carries nothing"
    allotted(store, "工业投资(亿元)", county)
    assert texts(store, BlankKind.PERSON_FREE) == ["柯城区:2人都没有承担任务:张伟、李娜"]


def test_6_a_department_that_certifies_without_a_day(store: Store, office) -> None:
    county, bureau = office.units["柯城区"], office.units["市交委"]
    made = allotted(store, "公路里程(公里)", county)
    idle = planning_framework.add_indicator(store, YEAR, "没有下达的指标")
    certified_by(store, idle, bureau)
    assert of_kind(store, BlankKind.NO_DEADLINE) == [], "nobody carries what it would certify"
    certified_by(store, made, bureau)
    (row,) = of_kind(store, BlankKind.NO_DEADLINE)
    assert (row.unit, row.severity) == (bureau, Severity.BLANK)
    assert row.text == "要核定1项指标,没有规定2020年度的报送截止日"
    assert (row.room, row.record, row.record_type) == (Room.PROGRESS, 0, "settings")
    reporting_rules.set_rules(store, reporting_rules.rules_of(store, YEAR))
    assert of_kind(store, BlankKind.NO_DEADLINE) == []


def test_6_a_department_that_is_only_named(store: Store, office) -> None:
    made = allotted(store, "公路里程(公里)", office.units["柯城区"])
    planning_framework.set_indicator_field(store, made, IndicatorField.CERTIFYING, "市交委、省交通厅")
    (row,) = of_kind(store, BlankKind.NO_DEADLINE)
    assert row.unit == office.units["市交委"], "others are not in the register"


def test_6_many_departments_without_a_day_are_one_row(store: Store, office) -> None:
    names = [f"市{name}局" for name in ("统计", "财政", "商务", "民政", "水利", "林业")]
    offices.add_units_from_list(store, "\n".join(names), superior=office.root)
    units = {row.name: row.id for row in offices.children_of(store, office.root)}
    made = allotted(store, "公路里程(公里)", office.units["柯城区"])
    certified_by(store, made, *(units[name] for name in names))
    (row,) = of_kind(store, BlankKind.NO_DEADLINE)
    assert row.text.startswith("6个考核部门要核定指标,没有规定2020年度的报送截止日:")
    assert row.text.endswith("等") and row.text.count("、") == 4


@pytest.mark.parametrize(("actuals", "said"), [
    (("5", "6"), [(Severity.WRONG, "按组内比较计分,但本组只有2个单位承担")]),
    (("5", "5", "5"), [(Severity.NOTE, "按组内比较计分,但各单位的实绩都是5,分不出高低")]),
    (("5", "6", "5"), []), ((None, None, None), []),
])
@pytest.mark.parametrize("rule", [Efficacy(), Rank()])
@pytest.mark.parametrize("reported", [True, False])
def test_11_comparison_where_there_is_nothing_to_compare(store: Store, rule, actuals, said, reported) -> None:
    names = ("甲县", "乙县", "丙县", "丁县")
    made = Contest(store, "县组", names)
    cells = dict(zip(names, (("4", one) for one in actuals), strict=False))
    made.add("比较", "40", rule, {**cells, "丁县": ("/", None)}, reported=reported)
    made.add("完成", "60", Ratio(), {"甲县": ("1", "1")})
    made.ready()
    found = of_kind(store, BlankKind.RELATIVE)
    assert [(one.severity, one.text) for one in found] == said, "N/A does not count"
    assert all((one.place, one.room, one.record_type) == ("比较 · 县组", Room.ASSESSMENT, "scheme") for one in found)
