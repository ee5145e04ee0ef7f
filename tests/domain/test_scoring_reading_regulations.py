"""Scoring texts in the manner of published regulations: read with hand-worked points, or left unread as a whole."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mbo_desktop.domain.scoring  # noqa: F401 the primitives register
from mbo_desktop.domain.scoring.facts import Facts
from mbo_desktop.domain.scoring.item import Item, score_item
from mbo_desktop.domain.scoring.reading import propose
from mbo_desktop.errors import InputError

D = Decimal

# Text, unit, target, lower is better, (actual → points of 10 worked by hand).
READ: tuple[tuple[str, str, str, bool, dict[str, str]], ...] = (
    ("完成年度目标任务的，得满分；每超过目标１个百分点，加0.1分，最多加0.5分；每低于目标1个百分点，扣0.2分，扣完为止。", "%", "90", False,
     {"90": "10.00", "93.5": "10.30", "99": "10.50", "88": "9.60", "20": "0.00"}),
    ("完成目标任务得基本分，未完成的按完成比例得分，完成率低于80％的不得分。", "亿元", "50", False,
     {"60": "10.00", "45": "9.00", "40": "8.00", "39.9": "0.00"}),
    ("完成80%以上的按比例得分，80%以下的不得分。", "亿元", "50", False, {"40": "8.00", "39": "0.00", "70": "10.00"}),
    ("完成率达到100%得满分；每低1个百分点扣0.5分，扣完为止", "亿元", "200", False, {"200": "10.00", "194": "8.50", "10": "0.00"}),
    ("完成率每低1个百分点扣0.5分，扣完为止", "%", "80", False, {"80": "10.00", "76": "7.50", "0": "0.00"}),
    ("完成100%的得10分，完成90%（含）—100%的得8分，完成80%（含）—90%的得6分，80%以下不得分", "个", "20", False,
     {"20": "10.00", "18": "8.00", "17": "6.00", "16": "6.00", "15": "0.00", "30": "10.00"}),
    ("达到90%以上得满分，80%-90%得8分，70%-80%得5分，70%以下不得分", "%", "95", False,
     {"90": "10.00", "89": "8.00", "70": "5.00", "69.9": "0.00"}),
    ("每超（低）目标1个百分点，加（扣）0.5分，最高加减不超过3分", "%", "60", False,
     {"60": "10.00", "63": "11.50", "80": "13.00", "58": "9.00", "10": "7.00"}),
    ("完成得基本分，每增减1%，相应增减0.5分，最低得0分，最高加2分", "亿元", "100", False, {"103": "11.50", "110": "12.00", "95": "7.50"}),
    ("不高于控制目标得满分，每超过1个百分点扣1分，扣完为止", "%", "5", True, {"5": "10.00", "4": "10.00", "7": "8.00", "30": "0.00"}),
    ("未突破控制目标得满分；每超过控制目标1%扣1分，扣完为止", "吨", "200", True, {"200": "10.00", "206": "7.00", "300": "0.00"}),
    ("事故死亡人数控制在目标以内得满分，每超1人扣2分，扣完为止", "人", "3", True, {"3": "10.00", "5": "6.00", "9": "0.00"}),
    ("实际完成数÷目标数×分值，最高不超过满分", "亿元", "80", False, {"60": "7.50", "100": "10.00"}),
    ("得分=分值×完成率，超额完成不加分", "亿元", "80", False, {"60": "7.50", "100": "10.00"}),
    ("达到目标值得满分；低于目标值的，按（实际值/目标值）×分值计算", "亿元", "40", False, {"41": "10.00", "30": "7.50"}),
    ("按目标完成率得分，完成率超过120%的按120%计算", "亿元", "10", False, {"11": "11.00", "15": "12.00", "5": "5.00"}),
    ("完成目标得8分，每超1%加0.5分，加至满分为止；每少1%扣0.5分", "亿元", "100", False,
     {"100": "8.00", "102": "9.00", "120": "10.00", "97": "6.50", "50": "0.00"}),
    ("完成目标得80%的分，每超过1个百分点，加1%的分，最高加20%；每低于1个百分点，扣2%的分", "%", "70", False,
     {"70": "8.00", "75": "8.50", "99": "10.00", "65": "7.00"}),
    ("未完成目标的，本项不得分；完成目标的，得满分；超额完成的，每超10%加1分，加分不超过本项分值的20%", "亿元", "100", False,
     {"99": "0.00", "100": "10.00", "115": "11.00", "190": "12.00"}),
    ("完成任务数的，得基本分10分；每多完成1家，加1分，5分封顶", "家", "20", False, {"20": "10.00", "23": "13.00", "40": "15.00", "19": "0.00"}),
    ("完成目标任务，得10分；每超过5%，加1分；最高不超过15分。未完成目标任务，按比例计算得分", "亿元", "100", False,
     {"112": "12.00", "199": "15.00", "80": "8.00"}),
    ("超额完成目标任务10%（含）以上的得满分，完成目标任务的得90%，完成90%以上的得70%，其余不得分", "亿元", "100", False,
     {"110": "10.00", "109": "9.00", "99": "7.00", "89": "0.00"}),
    ("完成任务的100%得10分,每少1%扣0.5分,完成不足60%的不得分", "亿元", "100", False, {"100": "10.00", "90": "5.00", "60": "0.00", "59": "0.00"}),
    ("完成目标得满分，未完成目标的，完成率每降低1%，扣减0.2分", "%", "50", False, {"50": "10.00", "49": "9.60", "25": "0.00"}),
    ("根据市统计局提供的数据，完成目标任务得满分，每超额完成5000万元加1分，最高加5分", "亿元", "10", False,
     {"10": "10.00", "11.2": "12.00", "30": "15.00", "9.9": "0.00"}),
    ("完成目标得满分，完成目标任务80%以上的得一半分，其余不得分", "亿元", "100", False, {"100": "10.00", "80": "5.00", "79": "0.00"}),
    ("每低百分之一扣半分，扣完为止", "亿元", "100", False, {"97": "8.50", "100": "10.00"}),
)


@pytest.mark.parametrize("case", READ, ids=[str(place) for place in range(len(READ))])
def test_read(case: tuple[str, str, str, bool, dict[str, str]]) -> None:
    text, unit, target, lower, wanted = case
    read = propose(text, D(10), unit)
    assert read.rule is not None, (read.unread, read.doubts)
    assert read.below_is_better in (None, lower)
    found = {
        actual: str(score_item(Item(read.rule), [
            Facts(D(10), D(target), D(actual), unit=1, is_rate=unit == "%", lower_is_better=lower)
        ])[1].points) for actual in wanted
    }
    assert found == wanted


NOT_READ: tuple[tuple[str, str], ...] = (
    # Against last year, a mean or another place than the target.
    ("以上年实绩为基数，每增长1%加1分，最多加5分，未完成不得分", "亿元"),
    ("工业增加值增速高于全省平均水平的得满分，每低于1个百分点扣1分", "%"),
    ("增速每高于全市平均增速1个百分点加0.2分", "%"), ("按全省排名计分，第一名得满分，每低一位减5%", "%"),
    ("省对市考核排名前3位得满分，每后移1位扣0.5分", "位"), ("完成目标且位居全省前六名得满分，完成目标但未进入前六名得80%", "亿元"),
    ("综合得分排名第一的得满分，其余依次递减1分", "分"), ("对照序时进度，每慢1个百分点扣0.2分", "%"), ("按照序时进度，完成得满分，未完成不得分", "亿元"),
    # A growth of an amount, whose own target is no growth.
        ("增速达到目标得满分，每低1个百分点扣1分", "亿元"), ("增速每低1个百分点扣1分，扣完为止", "亿元"),
    # Another shape than can be stated from the words.
    ("完成目标的得60分，超额完成的按比例加分，最高加20分；未完成的按比例扣分", "亿元"), ("完成省下达目标得5分，完成市定目标得10分，均未完成不得分", "亿元"),
    ("考核期内每获得1项国家级荣誉加2分，省级荣誉加1分，最高加5分", "项"), ("受国家表彰的，加3分；完成得基本分，未完成不得分", "亿元"),
    ("工作推进有力、成效明显的得8-10分；一般的得5-7分；较差的得0-4分", ""), ("按时完成得2分，延期完成得1分，未完成不得分", ""),
    ("没有完成目标得5分，完成得满分", ""), ("超额完成目标得满分，完成目标得8分", "亿元"),
    ("定量指标按功效系数法计算得分,定性指标由考核组评分", ""),
    ("以完成率高低排序，第一名得10分，末位得6分，其他按插值法计算", "亿元"), ("第一名加3分，第二名加2分，第三名加1分", "亿元"),
    ("未完成的每项扣1分，扣完为止", "项"), ("由市统计局按完成率评分", "亿元"), ("按完成情况得分", "亿元"), ("得满分", "亿元"),
    # Contradictions, gaps and wrong sums.
    ("60%-70%得5分，80%-90%得8分，100%得10分", "个"), ("完成得满分，按完成率计分，最高得8分", "亿元"), ("按完成率计分，最高80%", "亿元"),
    ("完成得10分，每超1%加1分，最高得10分", "亿元"), ("完成得基本分，扣完为止", "亿元"), ("本项15分。完成得满分，未完成不得分", "亿元"),
    ("第一名得10分，第二名得9分", "亿元"), ("第一、二、三名分别得10、9分，其余得6分", "亿元"), ("每提高1个名次加1分", "位"),
    ("甲镇投资完成目标得满分，乙镇收入完成目标得满分", "亿元"),
)


@pytest.mark.parametrize(("text", "unit"), NOT_READ)
def test_left_unread(text: str, unit: str) -> None:
    read = propose(text, D(10), unit)
    assert read.rule is None, read.sentence
    assert read.unread or read.doubts


def test_places_counts_and_evidence() -> None:
    rank = propose("按增速在县（市、区）中排名赋分，第一名得满分，以后每降低一个名次扣减0.5分", D(10), "%").rule
    assert (rank.code, rank.of, rank.less) == ("rank", "actual", D(5)), "the growth of a growth rate is not meant"
    assert propose("按增速排名计分，第一名得满分，每低一位减5%", D(10), "亿元").rule.of == "growth"
    table = propose("前三名得满分，4-6名得80%的分值，其余不得分", D(10), "亿元").rule
    assert dict(table.rows) == {1: 10, 2: 10, 3: 10, 4: 8, 5: 8, 6: 8}
    assert table.rest == 0
    listed = propose("第一、二、三名分别得10、9、8分，其余得6分", D(10), "亿元").rule
    assert (dict(listed.rows), listed.rest) == ({1: 10, 2: 9, 3: 8}, 6)
    events = propose("未发生得满分，每发生一起一般事故扣2分，发生较大事故的不得分，扣完为止", D(10), "起").rule
    assert events.rows == (("一般事故", D(-2)), ("较大事故", D(-10)))
    assert propose("未按时报送的，每次扣0.2分，最多扣3分", D(10), "次").rule.floor == 7
    proven = propose("完成得满分，未完成按比例计分，不能提供佐证材料的不得分", D(10), "亿元").rule
    assert (proven.code, proven.part.code) == ("proven", "ratio")


def test_a_veto_stays_beside_the_points_and_is_said() -> None:
    read = propose("完成目标得满分，未完成不得分。发生较大及以上生产安全事故的，一票否决", D(10), "亿元")
    assert read.rule.code == "met"
    assert read.unread == "发生较大及以上生产安全事故的一票否决"
    assert any("一票否决中登记" in one for one in read.doubts)


@pytest.mark.parametrize(("text", "unit", "doubt"), [
    ("完成得基本分，每少1个百分点扣1分，扣完为止", "亿元", "指标不是百分数,“百分点”按目标的百分比计"),
    ("完成得基本分，每增长1%加1分，最多加3分，未完成不得分", "亿元", "“增长”按与目标相比计,不是比上年"),
    ("城镇新增就业完成目标任务得基本分，未完成不得分", "人", "“城镇新增就业”应就是本指标"),
    ("完成得20分，每少1%扣2分，扣完为止", "亿元", "文字写完成得20分,多于分值10分"),
    ("按完成率计分", "亿元", "没有写超额怎样计分,按不超过分值"),
])
def test_what_is_assumed_is_said(text: str, unit: str, doubt: str) -> None:
    read = propose(text, D(10), unit)
    assert read.rule is not None
    assert doubt in read.doubts


PIECES = ("完成得满分", "完成目标得8分", "未完成不得分", "每超1%加0.5分", "每少1个百分点扣1分", "扣完为止", "最多加3分", "按完成率计分", "80%以上得6分",
          "低于60%不得分", "第一名得满分", "每低一位减5%", "5分封顶", "一票否决", "比上年", "其余不得分", "另行研究", "功效系数法", "发生一起扣2分")


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6), st.sampled_from(["%", "亿元", ""]))
def test_whatever_is_put_together_is_a_sound_rule_or_none(pieces: list[str], unit: str) -> None:
    """Nothing falls over; unknown words are never passed over; points stay at or above 0."""
    text = "，".join(pieces)
    read = propose(text, D(10), unit)
    assert (read.rule is None) == (read.sentence == "")
    if {"比上年", "另行研究"} & set(pieces):
        assert read.rule is None
    if read.rule is not None:
        for actual in ("0", "59", "80", "100", "250"):
            rows = [Facts(D(10), D(100), D(actual), D(90), unit=1), Facts(D(10), D(100), D(70), D(90), unit=2)]
            try:
                points = score_item(Item(read.rule), rows)[1].points
            except InputError:
                continue
            assert points is None or points >= 0
