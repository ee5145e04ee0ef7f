"""Rows of the catalogue (domain notes §3) that need more than one primitive, with boundary, zero and cap; bad input refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.grading import GradeRule, VetoEffect, grades
from mbo_desktop.domain.scoring.attainment import Bands, Ratio, Steps
from mbo_desktop.domain.scoring.combining import Either
from mbo_desktop.domain.scoring.facts import Facts
from mbo_desktop.domain.scoring.item import Item, score_item
from mbo_desktop.domain.scoring.presets import PRESETS, preset
from mbo_desktop.domain.scoring.relative import Anchored, Progressive, Rank
from mbo_desktop.domain.scoring.rule import from_data
from mbo_desktop.domain.scoring.tallies import Raters, Weighted
from mbo_desktop.errors import InputError

D = Decimal


def one(rule: Any, full: str = "10", digits: int = 2, **more: Any) -> str:
    """The printed points of a unit alone; figures given as texts, named ones by their names."""
    own = {name: D(more.pop(name)) for name in ("target", "actual", "base", "upper", "given") if name in more}
    plain = {name: more.pop(name) for name in ("is_rate", "lower_is_better", "word", "proven") if name in more}
    counts = {name: D(value) for name, value in more.pop("counts", {}).items()}
    facts = Facts(D(full), **own, **plain, unit=1, counts=counts, named={**{k: D(v) for k, v in more.items()}, **counts})
    return str(score_item(Item(rule, digits), [facts])[1].points)


def test_every_row_has_a_preset_or_is_stated_by_one() -> None:
    """R23 is R08 on a rate of reduction, R25 is R30 where less is better; the others stand by name."""
    rows = [*range(1, 18), *range(20, 27), *range(30, 41), *range(50, 64)]
    named = {one.code for one in PRESETS} | {"R23", "R25"}
    assert [place for place in rows if f"R{place:02d}" not in named] == []


@pytest.mark.parametrize(("code", "full", "figures", "points"), [
    ("R13", "60", {"target": "5", "actual": "5", "累计目标": "9", "累计实绩": "9"}, "60.00"),
    ("R13", "60", {"target": "5", "actual": "5", "累计目标": "9", "累计实绩": "8"}, "55.00"),
    ("R13", "60", {"target": "5", "actual": "4", "累计目标": "9", "累计实绩": "9"}, "40.00"),
    ("R13", "60", {"target": "5", "actual": "4", "累计目标": "9", "累计实绩": "8"}, "0.00"),
    ("R14", "10", {"target": "8", "actual": "8"}, "10.00"), ("R14", "10", {"target": "8", "actual": "7.9"}, "0.00"),
    ("R15", "60", {"target": "10", "actual": "12", "counts": {"新开工": "2", "投产": "1"}}, "102.00"),
    ("R15", "60", {"target": "10", "actual": "0", "counts": {}}, "0.00"),
    ("R16", "300", {"target": "100", "actual": "104"}, "320.00"), ("R16", "300", {"target": "100", "actual": "150"}, "350.00"),
    ("R16", "300", {"target": "100", "actual": "97"}, "285.00"), ("R16", "300", {"target": "100", "actual": "0"}, "0.00"),
    # The published 2024 table: 96 % of 0.5, exactly 120 % of 0.5, both ratios.
    ("R01", "0.5", {"target": "25", "actual": "24"}, "0.48"), ("R02", "0.5", {"target": "25", "actual": "30"}, "0.60"),
    ("R02", "0.5", {"target": "25", "actual": "90"}, "0.60"),
    ("R17", "0.5", {"target": "25", "actual": "24", "第二项实绩": "12", "第二项目标": "10"}, "0.49"),
    ("R21", "5", {"target": "20", "actual": "20", "lower_is_better": True}, "5.00"),
    ("R21", "5", {"target": "20", "actual": "20.1", "lower_is_better": True}, "0.00"),
    ("R08", "40", {"target": "4", "actual": "3.44", "is_rate": True}, "32.00"),
    ("R24C", "10", {"target": "50", "actual": "55", "base": "60", "lower_is_better": True}, "9.00"),
    ("R24C", "10", {"target": "50", "actual": "61", "base": "60", "lower_is_better": True}, "0.00"),
    ("R38", "10", {"target": "1", "actual": "1", "贡献系数": "0.9"}, "9.80"), ("R40", "10", {"下级平均分": "86"}, "8.60"),
    ("R51", "10", {"target": "100", "actual": "101"}, "11.00"), ("R51", "10", {"target": "100", "actual": "100"}, "10.00"),
    ("R51", "10", {"target": "100", "actual": "80"}, "8.00"), ("R51", "10", {"target": "100", "actual": "79.9"}, "0.00"),
    ("R54", "10", {"counts": {"发生": "2", "只有列督事项": "1"}}, "2.00"), ("R54", "10", {"counts": {"发生": "2"}}, "6.00"),
    ("R60", "100", {"分管领导": "90", "职工": "85", "考核组": "80"}, "84.00"),
    ("PERIODS", "4", {"一季度": "3.2", "上半年": "3.6", "前三季度": "3.0", "全年": "3.8"}, "3.46"),
    ("SUBJECTS", "100", {"工作": "90", "领导": "85", "社会": "92"}, "89.55"),
    ("BEST", "100", {"actual": "86"}, "100.00"),
])
def test_composed_rows(code: str, full: str, figures: dict[str, Any], points: str) -> None:
    assert one(preset(code).rule, full, **figures) == points


def test_worked_examples_that_need_votes_raters_years_and_the_best() -> None:
    """R59 [S45c] 20×5, 15×4, 4×3, 1×2 → 87; R61 [S52c] five trimmed → 90; years as integers [S49a]; 86 of 95 → 90.53."""
    votes = {"5": D(20), "4": D(15), "3": D(4), "2": D(1), "不了解": D(3)}
    assert score_item(Item(preset("R59").rule), [Facts(D(100), unit=1, votes=votes)])[1].points == D("87.00")
    raters = tuple(D(value) for value in (95, 90, 88, 92, 60))
    assert score_item(Item(Raters(whole_up_to=4)), [Facts(D(100), unit=1, scores=raters)])[1].points == D("90.00")
    assert one(preset("YEARS").rule, "100", 0, 各年平均="87", 末年="90") == "89"
    found = score_item(Item(preset("BEST").rule), [Facts(D(100), actual=D(value), unit=value) for value in (86, 95)])
    assert (found[86].points, found[95].points) == (D("90.53"), D("100.00"))


def test_progressive_goes_on_band_by_band() -> None:
    """[S22]: 35 pp above: 10·8/20 + 10·8/40 + 10·8/60 + 5·8/80; increments begin at 60, 80, 100."""
    assert one(Progressive(mean="省平均"), "8", 4, base="100", actual="145", 省平均="10") == "15.8333"
    assert one(preset("R36Z").rule, "8", 4, actual="35", 省平均="10") == "10.7333"
    assert one(Progressive(mean="省平均"), "8", base="100", actual="110", 省平均="10") == "8.00"
    with pytest.raises(InputError, match="超过"):
        one(Progressive(mean="省平均"), "8", base="0.000001", actual="1000", 省平均="10")


# Never a wrong number -----------------------------------------------------------------


@pytest.mark.parametrize(("rule", "figures", "said"), [
    (Ratio(), {"target": "10", "actual": "12", "lower_is_better": True}, "反向"),
    (Bands(((D(90), D(5)),)), {"target": "10", "actual": "12", "lower_is_better": True}, "反向"),
    (Steps(gain=D(1)), {"target": "0", "actual": "3"}, "目标为0"),
    (preset("R26").rule, {"target": "6", "upper": "4", "actual": "5"}, "大于上限"),
    (Anchored(lowest=D(10), best=D(20)), {"actual": "12", "lower_is_better": True}, "填反"),
    (preset("R34").rule, {"省内位次": "2.5", "参评数": "14"}, "不是位次"),
    (preset("R34").rule, {"省内位次": "15", "参评数": "14"}, "不是位次"),
    (preset("R34").rule, {"省内位次": "4", "参评数": "8"}, "重叠"),
    (preset("R53").rule, {"counts": {"发现": "3"}}, "没有“发现”"), (preset("R53").rule, {"counts": {"发生": "-3"}}, "负数"),
    (preset("R50").rule, {"counts": {"己完成": "3"}}, "没有“己完成”"),
    (preset("R60").rule, {"分管领导": "101", "职工": "85", "考核组": "80"}, "不在0到100"),
    (Steps(gain=D(10) ** 30), {"target": "1", "actual": "1" + "0" * 50}, "超出|太大"),
])
def test_refused_with_a_sentence(rule: Any, figures: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        one(rule, **figures)


@pytest.mark.parametrize("data", [
    {"is": "steps", "under": "x"}, {"is": "steps", "measure": "x"}, {"is": "steps", "over_step": "0"}, {"is": "steps", "loss": "-1"},
    {"is": "ratio", "cap": "0"}, {"is": "bands", "rows": []}, {"is": "bands", "rows": [["9", "1"], ["9", "2"]]}, {"is": "sum", "parts": []},
    {"is": "either", "parts": []}, {"is": "when", "left": "actual", "sign": "~", "right": "1", "yes": {"is": "ratio"}},
    {"is": "anchored", "lowest": "5", "best": "5"}, {"is": "rank", "rows": [[0, "5"]]}, {"is": "progressive", "band": "0"},
    {"is": "events", "rows": []}, {"is": "weighted", "rows": [["甲", "60"], ["乙", "50"]]}, {"is": "raters", "scale": "0"},
])
def test_parameters_that_cannot_be_used_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        from_data(data)


def test_missing_is_not_guessed() -> None:
    """A rank from the end without the number ranked, the lower of two with one unknown, a period without its score."""
    assert one(preset("R34").rule, 省内位次="6") == "None"
    assert one(Either((Ratio(), Ratio(reference="省平均")), lowest=True), target="10", actual="10") == "None"
    assert one(Weighted(), 一季度="3") == "None"


def test_a_control_target_loses_by_how_far_it_is_exceeded() -> None:
    rule = Steps(under="ratio")
    assert one(rule, target="100", actual="110", lower_is_better=True) == "9.00"
    assert one(rule, target="100", actual="250", lower_is_better=True) == "0.00"
    assert one(rule, target="100", actual="90") == "9.00"


def test_a_negative_figure_is_cut_downward() -> None:
    rule = Bands(((D(0), D(5)), (D(100), D(10))), step_down=D(10))
    assert (one(rule, target="100", actual="-5"), one(rule, target="100", actual="5")) == ("0.00", "5.00")


def test_rank_by_the_printed_points_of_another_rule() -> None:
    rows = [Facts(D(10), D(100000), D(value), unit=place) for place, value in enumerate((90001, 90002, 80000), 1)]
    found = score_item(Item(Rank(part=Ratio())), rows)
    assert [found[place].points for place in (1, 2, 3)] == [D("10.00"), D("10.00"), D("9.00")], "both print 9.00"


def test_dropped_level_and_vetoes_of_two_kinds() -> None:
    rules = (GradeRule("优秀", D(90)), GradeRule("良好", D(80)), GradeRule("合格", D(60)), GradeRule("不合格"))
    drop, gate = VetoEffect.DROP_LEVEL, VetoEffect.GATE
    found = grades({1: D(95), 2: D(85), 3: D(95), 4: D(95), 5: D(50)}, rules, {1: [drop], 2: [drop], 3: [gate], 4: [drop, drop], 5: [drop]})
    assert [found[unit].grade for unit in range(1, 6)] == ["良好", "合格", "良好", "不合格", "不合格"]


FIGURES = st.decimals("-1000", "1000", places=2)


@given(FIGURES, FIGURES, FIGURES, st.booleans())
def test_presets_stay_above_their_floor_and_give_numbers_or_a_reason(target: D, actual: D, base: D, lower: bool) -> None:
    for code in ("R01", "R02", "R03", "R04", "R10", "R20", "R24C", "R30", "R33", "R51"):
        facts = [Facts(D(10), target, value, base, unit=place, lower_is_better=lower) for place, value in enumerate((actual, base), 1)]
        refused: dict[int, str] = {}
        for found in score_item(Item(preset(code).rule), facts, (), refused).values():
            assert found.missing or (found.points is not None and 0 <= found.points <= 20), code
            assert found.unit not in refused or found.missing
