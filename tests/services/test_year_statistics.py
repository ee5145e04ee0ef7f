"""The sentences of account word for word, shares that add to 100, what was not met, lists from grades."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from mbo_desktop.domain.assessment import GradeLine
from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.planning import Category, CategoryAxis, Indicator, Target
from mbo_desktop.domain.reports import CauseKind, FigureKind, ProgressReport
from mbo_desktop.domain.results import Completion
from mbo_desktop.domain.scoring.attainment import Met, Ratio
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.services import assessment_circulars, results, sealing_scores, statistics, vetoes
from mbo_desktop.services.statistics import Axis
from mbo_desktop.store.database import Store
from tests.services.scored_year import YEAR, Contest

D = Decimal
NAMES = ("甲县", "乙县", "丙县")


@pytest.fixture
def year(store: Store) -> Contest:
    """Eight targets: five met, two not, one withdrawn nowhere, one not decided."""
    made = Contest(store, "县区", NAMES)
    made.add("工业投资", "50", Ratio(), {"甲县": ("100", "110"), "乙县": ("100", "100"), "丙县": ("100", "60")})
    made.add("合格率", "30", Ratio(), {"甲县": ("98", "99"), "乙县": ("98", "97"), "丙县": ("/", None)}, unit="%", reported=True)
    made.add("增速", "20", Met(), {"甲县": ("增长8%", "8"), "乙县": ("增长8%", "9"), "丙县": ("增长8%", None)},
             form=TargetForm.GROWTH, reported=True)
    made.ready(grades=(GradeLine("优秀", D(90)), GradeLine("良好", D(70)), GradeLine("较差")))
    return made


def test_the_speechs_sentence(year: Contest) -> None:
    (line,) = statistics.account(year.store, YEAR)
    assert line.sentence == (
        "2020年，市政府与县（区）共签订责任目标7项，完成和超额完成5项，占签订目标总项数的71.4%；未完成的2项，占总数的28.6%。"
    )
    assert (line.done_share, line.undone_share) == (D("71.4"), D("28.6"))
    assert statistics.remark(line.counts) == "另有1项尚未认定，未计入。"
    lines = statistics.account(year.store, YEAR, Axis.UNIT)
    assert [one.sentence for one in lines] == [
        "2020年，市政府与甲县共签订责任目标3项，完成和超额完成3项，占签订目标总项数的100%；未完成的0项，占总数的0%。",
        "2020年，市政府与乙县共签订责任目标3项，完成和超额完成2项，占签订目标总项数的66.7%；未完成的1项，占总数的33.3%。",
        "2020年，市政府与丙县共签订责任目标1项，完成和超额完成0项，占签订目标总项数的0%；未完成的1项，占总数的100%。",
    ]


@pytest.mark.parametrize("axis", list(Axis))
def test_shares_of_every_line_add_to_100(year: Contest, axis: Axis) -> None:
    for line in statistics.account(year.store, YEAR, axis):
        assert line.done_share is None or line.done_share + line.undone_share == 100
    assert sum(one.share for one in statistics.status_shares(statistics.settled_rows(year.store, YEAR))) == 100


def test_unmet_with_causes(year: Contest) -> None:
    store = year.store
    with store.change("原因") as change:
        target = change.named(Target, year.indicators["工业投资"], year.units["丙县"])
        change.put(ProgressReport(
            id=change.named(ProgressReport, target, 10, FigureKind.OWN), subject=target, month=10, amount=D(50),
            cause=CauseKind.OBJECTIVE, cause_text="用地未批", own_effort="已三次报批", measure="明年一季度补齐"))
    rows = statistics.unmet(store, YEAR)
    assert [(one.unit_label, one.title, one.actual, one.status) for one in rows] == [
        ("乙县", "合格率", "97", Completion.NOT_MET), ("丙县", "工业投资", "60", Completion.NOT_MET),
    ]
    assert (rows[1].cause, rows[1].cause_text, rows[1].own_effort) == ("客观", "用地未批", "已三次报批")
    results.set_result(store, year.indicators["合格率"], year.units["乙县"], results.ResultField.COMPLETION, "基本完成")
    assert [one.status for one in statistics.unmet(store, YEAR)] == [Completion.SUBSTANTIALLY_MET, Completion.NOT_MET]
    results.set_substantial_counts(store, YEAR, as_met=True)
    assert len(statistics.unmet(store, YEAR)) == 1


def test_commended_and_criticised(year: Contest) -> None:
    store = year.store
    assert not statistics.criticised(store, YEAR), "a unit whose figures are missing is on no list"
    with store.change("补报") as change:
        target = change.named(Target, year.indicators["增速"], year.units["丙县"])
        change.put(ProgressReport(
            id=change.named(ProgressReport, target, 12, FigureKind.OWN), subject=target, month=12, amount=D(5)))
    assert [(one.label, one.grade) for one in statistics.awards(store, YEAR)] == [
        ("甲县", "优秀"), ("乙县", "优秀"), ("丙县", "较差"),
    ]
    assert {one.label for one in statistics.commended(store, YEAR)} == {"甲县", "乙县"}
    assert [one.label for one in statistics.criticised(store, YEAR)] == ["丙县"]
    vetoes.declare(store, YEAR, year.units["甲县"], "安全生产", organ="市应急局", effect=VetoEffect.DISQUALIFY)
    assert {one.label for one in statistics.commended(store, YEAR)} == {"乙县"}
    sealing_scores.seal(store, YEAR, year.scheme, "常务会议", although=True)
    listed = statistics.awards(store, YEAR)
    assert all(one.is_final for one in listed)
    assert [one.label for one in statistics.commended(store, YEAR)] == ["乙县"]


def test_circulars_take_each_breakdown_as_a_field(year: Contest) -> None:
    store = year.store
    known = {one.name: one.value for one in assessment_circulars.fields(store, YEAR)}
    assert known["分类别统计"] == "" and known["分战略统计"] == "" and known["分领导统计"] == ""
    with store.change("类别和战略") as change:
        of, strategy = change.new(Category), change.new(Category)
        change.put(Category(id=of, year=YEAR, axis=CategoryAxis.CATEGORY, name="工业经济", ord="a"))
        change.put(Category(id=strategy, year=YEAR, axis=CategoryAxis.STRATEGY, name="以工兴市", ord="a"))
        row = change.get(Indicator, year.indicators["工业投资"])
        change.put(replace(row, category=of, strategies=(strategy,)))
    known = {one.name: one.value for one in assessment_circulars.fields(store, YEAR)}
    assert known["分类别统计"] == (
        "2020年，工业经济方面，市政府与各责任单位共签订责任目标3项，完成和超额完成2项，占签订目标总项数的66.7%；未完成的1项，占总数的33.3%。"
    )
    assert known["分战略统计"].startswith("2020年，以工兴市方面，")
