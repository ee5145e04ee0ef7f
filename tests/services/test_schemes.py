"""Schemes made, checked, copied; what-if and one change; odd figures; sealing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from mbo_desktop import clock
from mbo_desktop.domain.assessment import (
    AssessmentStep,
    Component,
    GradeLine,
    ScoreKind,
    SealedScore,
    StepDone,
)
from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.domain.results import Completion, TargetResult, UnitResult
from mbo_desktop.domain.scoring.attainment import Control, Met, Ratio, Steps
from mbo_desktop.domain.scoring.formula import Formula
from mbo_desktop.domain.scoring.item import MissingPolicy
from mbo_desktop.domain.scoring.presets import preset
from mbo_desktop.domain.scoring.relative import Efficacy, Rank
from mbo_desktop.domain.scoring.tallies import Events
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.errors import Cancelled, InputError, NotAllowedError
from mbo_desktop.services import (
    given_scores,
    objections,
    planning_edits,
    results,
    scheme_items,
    schemes,
    scores,
    sealing_scores,
    session,
    vetoes,
)
from mbo_desktop.services import planning_framework as framework
from mbo_desktop.services.score_board import WhatIf
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from tests.services.scored_year import YEAR, Contest

D = Decimal
NAMES = ("甲县", "乙县", "丙县")


def contest(store: Store, names: tuple[str, ...] = NAMES) -> Contest:
    return Contest(store, "甲组", names)


# Making -----------------------------------------------------------------------------


def test_a_ledger_gives_its_scheme(six_counties: Store) -> None:
    (row,) = [one for one in schemes.schemes(six_counties, 2006) if one.items]
    assert (row.id, row.units, row.items) == (None, 6, 8)
    record = schemes.make_scheme(six_counties, 2006, row.peer_group)
    rows = scheme_items.item_rows(six_counties, record)
    assert [one.label for one in rows] == [
        # The first one's targets are words (各建制镇): its 98% stands in the name alone.
        "按等次或状态计分", "基本分加减分", "基本分加减分", "基本分加减分", "完成得分,未完成不得分", "按条件选用", "按条件选用", "按完成率计分",
    ]
    assert not any(one.confirmed for one in rows)
    assert rows[1].sentence == "达到目标得基本分;每超满1%加0.5分,加分不超过基本分的100%;每少满1%扣1分,扣完为止"
    assert rows[1].example.startswith("例:分值5,目标")
    assert "8项计分规则待确认" in schemes.problems(six_counties, record)
    assert scheme_items.confirm_all(six_counties, record) == 8
    assert all(one.confirmed for one in scheme_items.item_rows(six_counties, record))
    with pytest.raises(NotAllowedError, match="已有考核方案"):
        schemes.make_scheme(six_counties, 2006, row.peer_group)
    six_counties.undo()
    assert not any(one.confirmed for one in scheme_items.item_rows(six_counties, record))


def test_words_that_do_not_fit_the_indicator_are_not_taken(store: Store) -> None:
    made = contest(store)
    made.add("排放量", "5", Ratio(), {"甲县": ("不高于10", None)}, unit="吨", form=TargetForm.AT_MOST, direction=Direction.LOWER)
    made.add("安全责任", "5", Ratio(), {"甲县": ("落实责任", None)}, unit="", form=TargetForm.TEXT)
    for name, text in (("排放量", "按完成率计分"), ("安全责任", "完成得基本分;未完成不得分")):
        results_of = made.indicators[name]
        with store.change("评分标准") as change:
            own = change.get(Indicator, results_of)
            change.put(replace(own, scoring_text=text))
    record = schemes.make_scheme(store, YEAR, "甲组")
    assert [one.label for one in scheme_items.item_rows(store, record)] == ["控制目标按超出比例扣分", "按等次或状态计分"]


def test_checks(store: Store) -> None:
    made = contest(store, ("甲县", "乙县"))
    made.add("比较", "40", Efficacy(), {"甲县": ("1", "1"), "乙县": ("1", "2")})
    made.add("反向", "30", Ratio(), {"甲县": ("不高于1", "1"), "乙县": ("不高于1", "1")}, form=TargetForm.AT_MOST, direction=Direction.LOWER)
    made.add("文字", "20", Ratio(), {"甲县": ("做好工作", None)}, unit="", form=TargetForm.TEXT)
    session.set_declared_points(store, YEAR, D(100))
    record = made.ready()
    with store.change("核定") as change:
        own = change.get(Indicator, made.indicators["反向"])
        change.put(replace(own, certifying_units=(made.units["甲县"],)))
    assert schemes.problems(store, record) == (
        "分值合计不是100的单位2个:甲县90、乙县70", "比较:按组内比较计分,但本组只有2个单位承担",
        "反向:反向指标不能按完成率计分", "文字:定性目标没有数值,不能按完成率计分", "1项由被考核单位自己核定:甲县“反向”",
    )


@pytest.mark.parametrize(("facts", "said"), [
    ({"components": (Component("领导评价", D(20)),), "target_weight": D(70)}, "权重合计90%"),
    ({"target_weight": D(80)}, "目标的权重应为100%"),
    ({"grades": (GradeLine("优", D(80)), GradeLine("良", D(90)), GradeLine("差"))}, "从高到低"),
    ({"grades": (GradeLine("优", D(80)),)}, "最后一个等次"),
    ({"scale": D(0)}, "应大于0"), ({"bonus_cap": D(-1)}, "是负数"), ({"digits": 9}, "0到6"),
])
def test_facts_that_cannot_be(store: Store, facts: dict[str, object], said: str) -> None:
    made = contest(store)
    made.add("投资", "10", Ratio(), {"甲县": ("1", "1")})
    with pytest.raises(InputError, match=said):
        schemes.set_facts(store, made.ready(), **facts)


def test_copied_from_last_year(store: Store) -> None:
    made = contest(store)
    made.add("投资", "10", Ratio(cap=D("1.2")), {"甲县": ("1", "1")})
    made.add("旧项", "10", Met(), {"甲县": ("1", "1")})
    made.ready(bonus_cap=D(3))
    session.open_year(store, YEAR + 1)
    for name in ("投资", "新项"):
        row = framework.add_indicator(store, YEAR + 1, name, unit_of_measure="亿元", points=D(50))
        planning_edits.set_cell(store, row, made.units["甲县"], TargetField.VALUE, "5")
    assert schemes.copy_from_last_year(store, YEAR + 1) == ("“甲组”:1项指标今年没有,1项是新指标,计分规则待确认",)
    (row,) = [one for one in schemes.schemes(store, YEAR + 1) if one.id]
    assert row.to_confirm == 1
    first, second = scheme_items.item_rows(store, row.id)
    assert (first.rule, first.points) == (Ratio(cap=D("1.2")), D(50))
    assert second.name == "新项"


def test_what_a_formula_may_not(store: Store) -> None:
    made = contest(store)
    row = made.add("投资", "10", Ratio(), {"甲县": ("1", "1")})
    record = made.ready()
    for text, said in (("__import__('os')", "没有|不允许|读不出"), ("分值**9", "不允许"), ("分值*名次", "没有数据"),
                       ("分值*(", "读不出来"), ("循环(分值)", "没有“循环”")):
        with pytest.raises(InputError, match=said):
            scheme_items.set_item(store, record, row, rule=Formula(text))
    scheme_items.set_item(store, record, row, rule=Formula("分值×实绩÷目标"), points=D(20), missing=MissingPolicy.FULL)
    assert made.points()["甲县"] == ["20.00"]


# Odd figures ---------------------------------------------------------------------------


def test_zero_targets_and_negative_actuals(store: Store) -> None:
    made = contest(store)
    made.add("完成率", "10", Ratio(), {"甲县": ("0", "3"), "乙县": ("10", "-4"), "丙县": ("0", "-1")})
    made.add("加减", "10", Steps(gain=D(1), loss=D(1)), {"甲县": ("0", "3"), "乙县": ("10", "-4"), "丙县": ("0", "0")})
    made.add("控制", "10", Control(), {"甲县": ("0", "1"), "乙县": ("0", "0"), "丙县": ("-1", "0")}, direction=Direction.LOWER)
    made.add("公式", "10", Formula("分值×实绩÷目标"), {"甲县": ("0", "3"), "乙县": ("10", "5"), "丙县": ("4", "4")})
    made.ready()
    assert made.points() == {
        "甲县": ["10.00", None, "0.00", None], "乙县": ["0.00", "0.00", "10.00", "5.00"],
        "丙县": ["0.00", "10.00", "0.00", "10.00"],
    }
    found = made.board()
    cell = found.unit(made.units["甲县"]).items[made.indicators["公式"]]
    assert (cell.missing, cell.problem) == (True, "公式“分值×实绩÷目标”除以了0,或数太大。")
    over = found.unit(made.units["甲县"]).items[made.indicators["加减"]]
    assert over.problem == "目标为0,不能按百分比计算超欠。", "3 over a target of 0 is no percentage"
    assert found.unit(made.units["甲县"]).provisional
    said = scores.working(store, made.scheme, made.units["甲县"], made.indicators["公式"]).text
    assert "除以了0" in said


def test_all_equal_alone_none_huge(store: Store) -> None:
    made = contest(store)
    made.add("都一样", "8", Efficacy(), dict.fromkeys(NAMES, ("5", "5")))
    made.add("只一家", "5", Rank(), {"甲县": ("5", "5"), "乙县": ("/", None), "丙县": ("/", None)})
    made.add("都没有", "9", Ratio(), dict.fromkeys(NAMES, ("/", None)))
    huge = "9" * 30
    made.add("大数", "7", Ratio(), {"甲县": (huge, huge), "乙县": (huge, "1"), "丙县": ("0.000001", huge)})
    made.add("没报", "6", Ratio(), dict.fromkeys(NAMES, ("5", None)))
    made.ready()
    assert made.points() == {
        "甲县": ["8.00", "5.00", None, "7.00", None], "乙县": ["8.00", None, None, "0.00", None],
        "丙县": ["8.00", None, None, "7.00", None],
    }
    # 缺项 convert, unreported ones stand at 0 in the full points: 20÷26, 8÷21, 15÷21.
    assert made.totals() == {"甲县": ("76.92", 1, ""), "乙县": ("38.10", 3, ""), "丙县": ("71.43", 2, "")}
    assert [(line.label, head.name, why) for line, head, why in scores.missing_cells(made.board())] == [
        (name, "没报", "没有实绩") for name in NAMES
    ]


def test_a_unit_of_which_nothing_counts_is_not_ranked(store: Store) -> None:
    made = contest(store)
    made.add("投资", "10", Ratio(), {"甲县": ("5", "5"), "乙县": ("5", "4"), "丙县": ("/", None)})
    made.ready(grades=schemes.USUAL_GRADES)
    assert made.totals()["丙县"] == (None, None, "")
    assert made.board().unit(made.units["丙县"]).grade_reason == "没有参加计分的指标"


def test_events_unreported_are_not_none_happened(store: Store) -> None:
    made = contest(store)
    rule = Events((("较大", D(-5)), ("一般", D(-2))))
    item = made.add("事故", "10", rule, dict.fromkeys(NAMES, ("不发生事故", None)), unit="", form=TargetForm.TEXT)
    record = made.ready()
    given_scores.set_counts(store, record, made.units["甲县"], item, {})
    given_scores.set_counts(store, record, made.units["乙县"], item, {"较大": 1, "一般": 2})
    assert made.points() == {"甲县": ["10.00"], "乙县": ["1.00"], "丙县": [None]}
    assert made.board().unit(made.units["丙县"]).items[item].problem == "次数还没有核报"
    with pytest.raises(InputError, match="负数"):
        given_scores.set_counts(store, record, made.units["丙县"], item, {"较大": -1})


def test_broken_rule_is_said_not_scored(store: Store) -> None:
    made = contest(store)
    made.add("投资", "10", Ratio(), {"甲县": ("5", "5")})
    made.items[0] = replace(made.items[0], rule='{"is": "magic"}')
    made.ready()
    found = made.board()
    assert found.problems == ("投资:没有名为“magic”的计分方法。",)
    assert made.points(found)["甲县"] == [None]


def test_half_year_holds_against_the_plan(store: Store) -> None:
    made = contest(store)
    made.add("工业投资", "10", Ratio(), {"甲县": ("120", None)})
    made.add("合格率", "10", Ratio(), {"甲县": ("98", None)}, unit="%")
    made.ready()
    with store.change("六月") as change:
        for name, amount in (("工业投资", D(54)), ("合格率", D(98))):
            target = change.named(Target, made.indicators[name], made.units["甲县"])
            change.put(ProgressReport(id=change.named(ProgressReport, target, 6, FigureKind.OWN), subject=target, month=6, amount=amount))
    assert made.points(made.board(month=6))["甲县"] == ["9.00", "10.00"]
    assert made.board(month=None).month == 6
    assert made.points()["甲县"] == [None, None], "the year is not judged by June"
    said = scores.working(store, made.scheme, made.units["甲县"], made.indicators["工业投资"], month=6).text
    assert "6月目标:60亿元(按6/12序时进度)" in said


def below(store: Store, made: Contest, names: dict[str, str]) -> None:
    """Put units under others: lower → upper."""
    with store.change("隶属") as change:
        for lower, upper in names.items():
            unit = next(one for one in store.all(Unit) if one.name == lower)
            change.put(replace(unit, superior=made.units[upper]))


def test_roll_up_of_subordinates(store: Store) -> None:
    upper = contest(store, ("甲县", "乙县"))
    lower = Contest(store, "乡镇", ("东镇", "西镇", "南乡"))
    lower.add("公路", "10", Ratio(), {"东镇": ("10", "9"), "西镇": ("10", "8"), "南乡": ("10", "5")})
    lower.ready()
    below(store, upper, {"东镇": "甲县", "西镇": "甲县", "南乡": "乙县"})
    item = upper.add("乡镇工作", "20", Formula("分值×下级平均分/100"), dict.fromkeys(("甲县", "乙县"), ("做好乡镇工作", None)), unit="", form=TargetForm.TEXT)
    upper.ready()
    # (90+80)÷2 = 85 % and 50 % of 20.
    assert upper.points() == {"甲县": ["17.00"], "乙县": ["10.00"]}
    assert "下级平均分85" in scores.working(store, upper.scheme, upper.units["甲县"], item).text


def test_a_circle_of_roll_ups_is_refused(store: Store) -> None:
    made = contest(store, ("甲县", "东镇"))
    below(store, made, {"东镇": "甲县"})
    made.add("合计", "20", Formula("分值×下级平均分/100"), dict.fromkeys(("甲县", "东镇"), ("1", "1")))
    made.ready()
    with pytest.raises(InputError, match="互相引用"):
        made.board()


def test_growth_is_scored_as_it_is_printed(store: Store) -> None:
    made = contest(store)
    made.add("增速", "10", Met(), {"甲县": ("增长8%", "1079.6"), "乙县": ("增长8%", "1079.4"), "丙县": ("增长8%", "1080")},
             form=TargetForm.GROWTH, bases=dict.fromkeys(NAMES, "1000"))
    made.ready()
    assert made.points() == {"甲县": ["10.00"], "乙县": ["0.00"], "丙县": ["10.00"]}


def test_a_word_taken_back_says_nothing(store: Store) -> None:
    made = contest(store)
    item = made.add("事故", "10", Events((("较大", D(-5)), ("一般", D(-2)))), dict.fromkeys(NAMES, ("不发生", None)), unit="", form=TargetForm.TEXT)
    record = made.ready()
    given_scores.set_word(store, record, made.units["甲县"], item, "完成")
    given_scores.set_word(store, record, made.units["甲县"], item, "")
    assert made.points()["甲县"] == [None]


# One change, what-if ------------------------------------------------------------------------


def mixed(store: Store) -> Contest:
    made = contest(store)
    cells = {"甲县": ("100", "110"), "乙县": ("100", "90"), "丙县": ("100", "100")}
    for place, code in enumerate(("R01", "R03", "R04", "R30", "R33", "R35")):
        made.add(f"指标{place}", "10", preset(code).rule, cells)
    made.ready(grades=schemes.USUAL_GRADES)
    return made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contest]:
    folder = tmp_path_factory.mktemp("试算") / "数据"
    with session.create_folder(folder, office_name="示例市目标办", operators=["刘敏"], year=YEAR) as store:
        yield mixed(store)


@generated(st.dictionaries(
    st.tuples(st.sampled_from([f"指标{n}" for n in range(6)]), st.sampled_from(NAMES)),
    st.none() | st.integers(-20, 300).map(str), max_size=4,
), st.sets(st.sampled_from(NAMES), max_size=1))
def test_one_change_gives_what_all_anew_gives(shared: Contest, cells: dict[tuple[str, str], str | None], vetoed: set[str]) -> None:
    changes = WhatIf(
        actuals=shared.what_if(cells).actuals,
        vetoes_on={shared.units[name]: VetoEffect.FORCE_GRADE for name in vetoed},
    )
    before = shared.store.change_count
    quick = scores.rescored(shared.board(), changes)
    whole = shared.board(what_if=changes)
    assert quick.units == whole.units
    assert quick.is_what_if
    assert whole.is_what_if
    assert shared.store.change_count == before, "a what-if is never saved"


def test_what_if_over_what_stands(store: Store) -> None:
    made = mixed(store)
    veto = vetoes.declare(store, YEAR, made.units["甲县"], "环境保护", organ="市生态环境局", effect=VetoEffect.FORCE_GRADE)
    found = made.board()
    assert found.unit(made.units["甲县"]).grade == "不合格"
    lifted = scores.rescored(found, WhatIf(vetoes_off=frozenset({veto})))
    assert lifted.unit(made.units["甲县"]).grade == "优秀" or lifted.unit(made.units["甲县"]).grade == "良好"
    better = scores.rescored(found, made.what_if({("指标0", "乙县"): "100"}))
    assert better.unit(made.units["乙县"]).items[made.indicators["指标0"]].is_what_if
    said = scores.working_of(store, better, made.units["乙县"], made.indicators["指标0"]).text
    assert "试算:实绩按100" in said
    assert "计算:100÷100=100%,10×100%=10;得10.00分。\n得分:10.00分(试算)" in said
    assert better.unit(made.units["乙县"]).total > found.unit(made.units["乙县"]).total  # type: ignore[operator]


# Sealing ------------------------------------------------------------------------------------


def test_sealed_result_stays_until_unsealed(store: Store) -> None:
    made = contest(store)
    made.add("工业投资", "60", Ratio(), {"甲县": ("100", "110"), "乙县": ("100", "90"), "丙县": ("100", "50")}, reported=True)
    made.add("增速", "40", Met(), dict.fromkeys(NAMES, ("增长8%", "9")), form=TargetForm.GROWTH, reported=True)
    scheme = made.ready(grades=schemes.USUAL_GRADES)
    for step in (AssessmentStep.SELF, AssessmentStep.CERTIFY, AssessmentStep.APPROVE):
        schemes.set_step(store, scheme, StepDone(step, clock.today()), step)
    with pytest.raises(InputError, match="审定依据"):
        sealing_scores.seal(store, YEAR, scheme, " ")
    objection = objections.raise_objection(store, YEAR, made.units["丙县"], "投资少计一个项目", indicator=made.indicators["工业投资"])
    with pytest.raises(NotAllowedError, match="1件申诉没有复核结论"):
        sealing_scores.seal(store, YEAR, scheme, "市政府第1次常务会议")
    objections.decide(store, objection, "该项目上年已计", upheld=False)
    with pytest.raises(Cancelled):
        sealing_scores.seal(store, YEAR, scheme, "市政府第1次常务会议", cancelled=lambda: True)
    assert not sealing_scores.sealed(store, YEAR), "nothing was written"
    told: list[tuple[int, int, str]] = []
    done = sealing_scores.seal(
        store, YEAR, scheme, "市政府第1次常务会议", progress=lambda n, of, text: told.append((n, of, text)))
    assert told == [(0, 3, "甲县"), (1, 3, "乙县"), (2, 3, "丙县"), (3, 3, "写入封存的结果")]
    assert (done.units, done.results, done.without) == (3, 6, ())
    first = sealing_scores.sealed(store, YEAR)[0]
    assert (first.total, first.rank, first.ranked, first.grade) == (D("100.00"), 1, 3, "良好"), "30 % of three is none"
    assert "计算:110÷100=110%" in first.items[0].working
    kept = {one.unit: one for one in store.all(UnitResult, year=YEAR)}
    assert (kept[made.units["乙县"]].score, kept[made.units["乙县"]].rank) == (D("94.00"), 2)
    rows = {(row.unit_name, row.indicator_name): row for row in results.rows(store, YEAR)}
    assert (rows["乙县", "工业投资"].actual, rows["乙县", "工业投资"].completion) == ("90", Completion.NOT_MET)
    assert (rows["甲县", "增速"].actual, rows["甲县", "增速"].completion) == ("增长9%", Completion.EXCEEDED)
    for act in (
        lambda: given_scores.set_points(store, scheme, made.units["甲县"], made.indicators["增速"], ScoreKind.FINAL, "1"),
        lambda: schemes.set_facts(store, scheme, digits=1),
        lambda: vetoes.declare(store, YEAR, made.units["甲县"], "信访", organ="信访局"),
        lambda: sealing_scores.seal(store, YEAR, scheme, "再封"),
    ):
        with pytest.raises(NotAllowedError):
            act()
    assert store.undo().skipped, "sealing is a barrier: undo no longer reaches behind it"
    with pytest.raises(InputError, match="解封的理由"):
        sealing_scores.unseal(store, scheme, "")
    sealing_scores.unseal(store, scheme, "统计局更正数据")
    assert not store.all(SealedScore, year=YEAR)
    assert not store.all(TargetResult, indicator=made.indicators["工业投资"]), "what sealing made is taken back"
    assert not store.all(UnitResult, year=YEAR)
    given_scores.set_points(store, scheme, made.units["丙县"], made.indicators["工业投资"], ScoreKind.REVIEWED, "40", "更正")
    assert made.totals()["丙县"][0] == "80.00"


def test_next_year_knows_last_years_rank(store: Store) -> None:
    made = contest(store)
    made.add("投资", "10", Ratio(), {"甲县": ("10", "10"), "乙县": ("10", "9"), "丙县": ("10", "8")})
    made.ready()
    results.set_unit_result(store, YEAR - 1, made.units["甲县"], rank=3)
    results.set_unit_result(store, YEAR - 1, made.units["丙县"], rank=1)
    found = made.board()
    assert [(one.label, one.rank_move) for one in found.ranked()] == [("甲县", 2), ("乙县", None), ("丙县", -2)]
