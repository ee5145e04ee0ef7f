"""What real ledgers bring to a year-end: N/A, withdrawn, adjusted targets, a unit alone, without targets, of two groups."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from mbo_desktop.domain.adjustments import (
    WITHDRAWN,
    Adjustment,
    AdjustmentKind,
    AdjustmentState,
    TargetTerms,
)
from mbo_desktop.domain.assessment import CircularKind, GradeLine
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.results import Completion, TargetResult
from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.domain.scoring.presets import preset
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import (
    assessment_circulars,
    assessment_papers,
    results,
    schemes,
    score_status,
    scores,
    sealing_scores,
    statistics,
)
from mbo_desktop.services.circular_reading import lines_of
from mbo_desktop.services.results import ResultField
from mbo_desktop.store.database import Store
from tests.services.scored_year import YEAR, Contest

D = Decimal
NAMES = ("甲县", "乙县", "丙县", "丁县")


def adjust(made: Contest, indicator: str, unit: str, kind: AdjustmentKind, text: str, on: date) -> RecordId:
    """An approved adjustment as the room of adjustments leaves it: the target carries the newest terms."""
    store = made.store
    with store.change("调整") as change:
        target = change.get(Target, change.named(Target, made.indicators[indicator], made.units[unit]))
        value = WITHDRAWN if kind is AdjustmentKind.WITHDRAW else read_target(text, unit="亿元")
        record = change.new(Adjustment)
        change.put(Adjustment(
            id=record, year=YEAR, indicator=target.indicator, unit=target.unit, kind=kind, state=AdjustmentState.APPROVED,
            before=TargetTerms(target.value, target.points, target.due), after=TargetTerms(value, target.points, target.due),
            effective_on=on, approved_on=on, number="示政〔2020〕12号",
        ))
        change.put(replace(target, value=value))
    return record


@pytest.fixture
def made(store: Store) -> Contest:
    """甲 lowered to 80, 乙 withdrawn, 丙 N/A, 丁 raised to 120; all at 100 with 90 reached; a second item for all."""
    made = Contest(store, "县区", NAMES)
    made.add("投资", "60", Ratio(), {"甲县": ("100", "90"), "乙县": ("100", "90"), "丙县": ("/", None), "丁县": ("100", "90")})
    made.add("就业", "40", Ratio(), dict.fromkeys(NAMES, ("10", "10")), unit="万人")
    adjust(made, "投资", "甲县", AdjustmentKind.LOWER, "80", date(YEAR, 9, 1))
    adjust(made, "投资", "乙县", AdjustmentKind.WITHDRAW, "", date(YEAR, 9, 1))
    adjust(made, "投资", "丁县", AdjustmentKind.RAISE, "120", date(YEAR, 9, 1))
    made.ready(grades=(GradeLine("优秀", D(90)), GradeLine("良好")))
    return made


def test_scores_statuses_and_account_rest_on_the_terms_in_effect(made: Contest) -> None:
    store, board = made.store, made.board()
    assert made.points() == {"甲县": ["60.00", "40.00"], "乙县": [None, "40.00"], "丙县": [None, "40.00"], "丁县": ["45.00", "40.00"]}
    assert made.totals() == {
        "甲县": ("100.00", 1, "优秀"), "乙县": ("100.00", 1, "优秀"), "丙县": ("100.00", 1, "优秀"), "丁县": ("85.00", 4, "良好"),
    }
    told = score_status.statuses(store, board)
    assert [told[made.indicators["投资"], made.units[name]] for name in NAMES] == [
        Completion.EXCEEDED, Completion.WITHDRAWN, Completion.NOT_APPLICABLE, Completion.NOT_MET]
    counts = statistics.account(store, YEAR)[0].counts
    assert (counts.done, counts.undone, counts.withdrawn, counts.undecided) == (5, 1, 1, 0)
    assert "1项已撤销" in statistics.remark(counts)
    assert "按2020-09-01调低(示政〔2020〕12号)" in scores.working(store, made.scheme, made.units["甲县"], made.indicators["投资"]).text
    withdrawn = scores.working(store, made.scheme, made.units["乙县"], made.indicators["投资"]).text
    assert "目标已撤销(按2020-09-01撤销(示政〔2020〕12号)),不计入" in withdrawn


def test_sealing_says_the_same(made: Contest) -> None:
    store = made.store
    before = statistics.account(store, YEAR)[0]
    sealing_scores.seal(store, YEAR, made.scheme, "常务会议", although=True)
    after = statistics.account(store, YEAR)[0]
    assert (after.sentence, after.counts) == (before.sentence, before.counts)
    assert [one.title for one in statistics.unmet(store, YEAR)] == ["投资"]
    assert scores.changed_since_sealing(store, made.scheme) == ()


def test_at_the_half_year_the_terms_of_that_day_count(made: Contest) -> None:
    board = made.board(month=6)
    facts = board.book.entries[made.indicators["投资"]]
    assert [facts[made.units[name]].facts.target for name in ("甲县", "丁县")] == [D(50), D(50)], "6/12 of what was signed"
    assert facts[made.units["乙县"]].absent == "", "withdrawn only in September"


def test_a_unit_alone_is_scored_but_told(store: Store) -> None:
    made = Contest(store, "开发区", ("高新园",))
    made.add("投资", "60", preset("R30").rule, {"高新园": ("100", "90")})
    made.add("就业", "40", Ratio(), {"高新园": ("10", "9")})
    made.ready(grades=(GradeLine("优秀", D(90), D(30)), GradeLine("良好")))
    (line,) = made.board().units
    assert (line.rank, line.grade) == (1, "良好"), "30 % of one is none"
    assert any("只有1个单位" in one for one in schemes.problems(store, made.scheme))
    sealing_scores.seal(store, YEAR, made.scheme, "会议", although=True)
    assert made.board().units[0].total == line.total


def test_a_unit_without_targets_is_on_no_list(made: Contest) -> None:
    store = made.store
    with store.change("单位") as change:
        record = change.new(Unit)
        change.put(Unit(id=record, name="戊县", kind=UnitKind.COUNTY, peer_group="县区", ord="z"))
    assert record not in {line.unit for line in made.board().units}
    assert "戊县" not in "".join(lines_of(assessment_papers.ranking(store, YEAR)))
    assert [row.peer_group for row in schemes.schemes(store, YEAR)] == ["县区"]


def test_a_unit_that_moves_to_another_group_takes_its_score_along(made: Contest) -> None:
    """A unit is ranked in one group; what was sealed stays in the group it was sealed in."""
    store, unit = made.store, made.units["丁县"]
    sealing_scores.seal(store, YEAR, made.scheme, "会议", although=True)
    with store.change("改组") as change:
        change.put(replace(change.get(Unit, unit), peer_group="开发区"))
    assert [line.label for line in made.board().units] == list(NAMES)
    assert [(one.label, one.peer_group) for one in statistics.awards(store, YEAR)].count(("丁县", "县区")) == 1
    assert any("丁县“总分”" in one.words for one in scores.changed_since_sealing(store, made.scheme))
    row = next(row for row in schemes.schemes(store, YEAR) if row.peer_group == "开发区")
    assert row.id is None and row.units == 1


def test_a_unit_written_into_two_groups_is_told(store: Store) -> None:
    made = Contest(store, "县区、开发区", ("高新区",))
    made.add("投资", "100", Ratio(), {"高新区": ("10", "9")})
    made.ready()
    assert any("一个单位只在一个考核分组" in one for one in schemes.problems(store, made.scheme))


def test_nothing_but_na_gives_no_total_no_rank_no_grade(store: Store) -> None:
    made = Contest(store, "县区", NAMES[:2])
    made.add("投资", "100", Ratio(), {"甲县": ("/", None), "乙县": ("10", "9")})
    made.ready(grades=(GradeLine("优秀", D(90)), GradeLine("良好")))
    assert made.totals()["甲县"] == (None, None, "")
    done = sealing_scores.seal(store, YEAR, made.scheme, "会议", although=True)
    assert done.without == ("甲县",)
    assert [line.label for line in made.board().units] == ["乙县"]
    assert [one.label for one in statistics.awards(store, YEAR)] == ["乙县"]


def test_a_lowered_target_earns_no_bonus_where_the_scheme_says_so(store: Store) -> None:
    """[S33]: a lowered value that is met costs nothing; exceeding it brings nothing."""
    made = Contest(store, "县区", NAMES[:2])
    made.add("投资", "60", preset("R03").rule, {"甲县": ("100", "110"), "乙县": ("80", "90")})
    adjust(made, "投资", "甲县", AdjustmentKind.LOWER, "80", date(YEAR, 9, 1))
    made.ready()
    assert made.points() == {"甲县": ["63.00"], "乙县": ["63.00"]}
    schemes.set_facts(store, made.scheme, lowered_without_bonus=True)
    assert made.points() == {"甲县": ["60.00"], "乙县": ["63.00"]}
    said = scores.working(store, made.scheme, made.units["甲县"], made.indicators["投资"]).text
    assert "目标经批准调低,超额部分不加分,最多计60分" in said
    assert scores.rescored(made.board(), made.what_if({("投资", "甲县"): "70"})).unit(made.units["甲县"]).items[
        made.indicators["投资"]].used == D("52.50"), "short of it, as the rule says"


def test_a_unit_of_which_nothing_is_known_is_not_sealed_as_the_worst(store: Store) -> None:
    made = Contest(store, "县区", NAMES[:3])
    made.add("投资", "60", Ratio(), {"甲县": ("10", "10"), "乙县": ("10", None), "丙县": ("10", "5")})
    made.add("就业", "40", Ratio(), {"甲县": ("10", "10"), "乙县": ("10", None), "丙县": ("10", None)})
    made.ready(grades=(GradeLine("优秀", D(90)), GradeLine("良好", D(60)), GradeLine("较差")))
    against = sealing_scores.open_points(store, made.scheme)
    assert any("3项得分缺数据,照此封存即按0分计" in one for one in against)
    done = sealing_scores.seal(store, YEAR, made.scheme, "会议", although=True)
    assert done.without == ("乙县",)
    assert made.totals() == {"甲县": ("100.00", 1, "优秀"), "丙县": ("30.00", 2, "较差")}
    assert [line.provisional for line in made.board().units] == [False, False], "the meeting decided"
    assert [one.label for one in statistics.criticised(store, YEAR)] == ["丙县"]
    sealing_scores.unseal(store, made.scheme, "补报")
    assert not store.all(TargetResult, unit=made.units["乙县"]) and len(made.board().units) == 3


def test_circulars_that_would_name_nobody_are_not_given_out(store: Store) -> None:
    made = Contest(store, "县区", NAMES[:2])
    made.add("投资", "100", Ratio(), {"甲县": ("10", "7"), "乙县": ("10", "7")})
    made.ready(grades=(GradeLine("优秀", D(90)), GradeLine("良好", D(60)), GradeLine("较差")))
    sealing_scores.seal(store, YEAR, made.scheme, "会议", although=True)
    for kind in (CircularKind.COMMENDATION, CircularKind.CRITICISM):
        with pytest.raises(NotAllowedError, match="没有对象"):
            assessment_circulars.final_word(store, YEAR, kind)
    assert assessment_circulars.final_word(store, YEAR, CircularKind.REPORT)


def test_nothing_decided_is_not_all_done(store: Store) -> None:
    made = Contest(store, "县区", NAMES[:2])
    made.add("投资", "100", Ratio(), {"甲县": ("10", None), "乙县": ("10", None)})
    made.ready()

    def said() -> str:
        return next(one.value for one in assessment_circulars.fields(store, YEAR) if one.name == "未完成说明")

    assert said() == "责任目标完成情况尚未认定。"
    results.set_result(store, made.indicators["投资"], made.units["甲县"], ResultField.ACTUAL, "10")
    assert said() == "已认定的责任目标全部完成。"
    results.set_result(store, made.indicators["投资"], made.units["乙县"], ResultField.ACTUAL, "10")
    assert said() == "各单位责任目标全部完成。"
