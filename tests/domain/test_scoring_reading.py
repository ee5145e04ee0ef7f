"""Scoring texts of offices read as rules: what is understood, what must not be."""

from __future__ import annotations

from decimal import Decimal

import pytest

import mbo_desktop.domain.scoring  # noqa: F401 the primitives register
from mbo_desktop.domain.scoring.facts import Facts
from mbo_desktop.domain.scoring.item import Item, score_item
from mbo_desktop.domain.scoring.reading import Proposal, propose

D = Decimal


def points(read: Proposal, full: str, target: str, *actuals: str, rate: bool = False, lower: bool = False) -> list[str]:
    """What the rule gives for these actuals."""
    assert read.rule is not None
    found = []
    for actual in actuals:
        facts = Facts(D(full), D(target), D(actual), unit=1, is_rate=rate, lower_is_better=lower)
        found.append(str(score_item(Item(read.rule), [facts])[1].points))
    return found


# Text, full points, unit, target, rate, lower is better, (actual → points worked by hand).
READ: tuple[tuple[str, str, str, str, bool, bool, dict[str, str]], ...] = (
    # Those of the ledger of six counties (tests/data).
    ("完成得基本分;每增加1%加1分,最高加2分;每少1%扣1分,扣完为止", "5", "%", "98", True, False,
     {"98": "5.00", "99.5": "6.00", "101": "7.00", "96.5": "4.00", "90": "0.00"}),
    ("完成得基本分;每增加1%加0.5分,加至基本分为止;每少1%扣1分,扣完为止", "5", "%", "90", True, False,
     {"92": "6.00", "87": "2.00", "103": "10.00", "80": "0.00"}),
    ("完成得基本分;每增加5%加1分;每少1%扣1分,扣完为止", "5", "%", "70", True, False, {"80": "7.00", "68": "3.00"}),
    ("完成得基本分;每增加10万元加0.5分,基本分封顶;每少10万元扣1分,扣完为止", "5", "万元", "200", False, False,
     {"225": "6.00", "175": "3.00", "500": "10.00"}),
    ("完成得基本分,未完成的不得分", "10", "座", "3", False, False, {"3": "10.00", "2": "0.00", "5": "10.00"}),
    ("完成得基本分;每增加1公顷加2分,基本分封顶;每少完成目标值10%扣1分,扣完为止", "10", "公顷", "20", False, False,
     {"22": "14.00", "16": "8.00", "30": "20.00"}),
    ("完成得基本分;每增加0.1万人加0.5分,基本分封顶;每少目标值4%扣1分,扣完为止", "5", "万人", "2", False, False,
     {"2.2": "6.00", "1.84": "3.00"}),
    ("完成得基本分;未完成按比例扣分", "5", "户", "100", False, False, {"120": "5.00", "80": "4.00"}),
    # Other phrasings in use.
    ("按期完成得基本分;未完成不得分", "3", "", "1", False, False, {"1": "3.00", "0": "0.00"}),
    ("完成得基本分;每超1%加0.1分,加分不超过基本分的10%;每少1%扣0.2分,扣完为止", "2", "亿元", "100", False, False,
     {"101": "2.10", "110": "2.20", "97": "1.40"}),
    ("完成目标任务得满分，每超过一个百分点加0.5分，最多加3分；每低一个百分点扣1分，扣完为止。", "15", "%", "90", True, False,
     {"92.5": "16.00", "99": "18.00", "88": "13.00"}),
    ("按完成率计分", "12", "亿元", "150", False, False, {"135": "10.80", "200": "12.00"}),
    ("按完成比例得分,最高不超过120%", "10", "亿元", "100", False, False, {"130": "12.00", "75": "7.50"}),
    ("以市统计局数据为准,按完成率计分", "10", "亿元", "100", False, False, {"50": "5.00"}),
    ("完成目标得60分,每超10%加0.5分,最高加10分;未完成不得分", "100", "亿元", "100", False, False,
     {"125": "61.00", "99": "0.00"}),
    ("100%以上得40分,90%以上得36分,80%以上得32分,低于80%不得分", "40", "万吨", "100", False, False,
     {"112": "40.00", "86": "32.00", "79": "0.00"}),
    ("完成率达到100%得10分,80%-100%得8分,60%-80%得5分,60%以下不得分", "10", "个", "10", False, False,
     {"10": "10.00", "8": "8.00", "7": "5.00", "5": "0.00"}),
    ("达到目标值得基本分,每超过1%扣0.5分,扣完为止", "5", "吨", "100", False, True, {"99": "5.00", "103": "3.50"}),
    ("完成得基本分,每降低1微克加0.5分,最多加2分,每升高1微克扣0.5分,扣完为止", "5", "微克", "46", False, True,
     {"43": "6.50", "48": "4.00", "30": "7.00"}),
    ("完成目标任务得满分;未完成的按完成比例计分", "8", "亿元", "40", False, False, {"30": "6.00"}),
    ("完成得基本分的80%,每超5%加1分,最高得15分;未完成不得分", "10", "亿元", "100", False, False,
     {"100": "8.00", "112": "10.00", "199": "15.00", "90": "0.00"}),
    ("完成年度目标任务得基础分；每增长2%奖励1分，累计加分不超过5分；每减少2%扣减1分，不计负分", "20", "亿元", "50", False, False,
     {"52": "22.00", "60": "25.00", "48": "18.00"}),
    ("完成任务得20分，每少１％扣２分，扣完为止", "20", "亿元", "100", False, False, {"97": "14.00", "100": "20.00"}),
    ("完成得满分,每增加100户加1分,最多加3分,每少100户扣2分,最多扣6分", "10", "户", "1000", False, False,
     {"1250": "12.00", "400": "4.00"}),
    ("完成得基本分;每增加1亿元加1分,最高加5分;每少1000万元扣0.5分,扣完为止", "10", "万元", "50000", False, False,
     {"70000": "12.00", "47000": "8.50"}),
)


@pytest.mark.parametrize("case", READ, ids=[one[0][:24] for one in READ])
def test_read(case: tuple[str, str, str, str, bool, bool, dict[str, str]]) -> None:
    text, full, unit, target, rate, lower, wanted = case
    read = propose(text, D(full), unit)
    assert points(read, full, target, *wanted, rate=rate, lower=lower) == list(wanted.values())
    assert read.sentence
    assert read.below_is_better in (None, lower)


NOT_READ = (
    "", "扣完为止", "发生重特大事故一票否决", "按照市委市政府有关文件另行制定",
    "完成得基本分,超额部分由领导小组研究加分",
    "完成得基本分;每超1%加0.5分,超过10%的部分每1%加1分;每少1%扣1分",
    "完成得5分,未完成酌情扣分", "高于全省平均水平得满分,低于全省平均的按差距扣分",
    "组织领导2分;制度建设3分;工作落实5分", "每增加1个项目加2分或每引进1亿元加1分",
    "完成得基本分;完成得80分;每少1%扣1分", "完成得基本分;每超1%加0.5分,加分封顶3分,且不超过全市平均",
    "完成得基本分;每超1%加0.5分;每超1%加1分", "完成得基本分,每少1%扣1分,每超1%扣1分",
    "按完成率计分,未完成不得分", "完成得基本分;每增加0%加1分;每少1%扣1分",
    "完成得基本分;每增加10亩加1分;每少10亩扣1分,扣完为止(林业部门另加2分)",
    "由功效系数法和排名各占50%", "100%以上得40分,100%以上得36分",
    "第一名得满分,第二名得8分,第三名得6分", "完成得基本分,每提前1个月加1分",
)


@pytest.mark.parametrize("text", NOT_READ)
def test_not_read(text: str) -> None:
    read = propose(text, D(10), "亿元")
    assert read.rule is None
    assert read.sentence == ""
    assert not text or read.unread or read.doubts


def test_wholly_other_methods() -> None:
    assert propose("采用功效系数法计分", D(8)).rule.code == "efficacy"
    assert propose("由市委组织部直接评分", D(8)).rule.code == "given"
    events = propose("发生一起较大事故扣5分,发生一起一般事故扣2分,扣完为止", D(10)).rule
    assert events.rows == (("较大事故", D(-5)), ("一般事故", D(-2)))
    rank = propose("按增幅排名计分,第一名得满分,每低一位减5%", D(8)).rule
    assert (rank.of, rank.less) == ("growth", D(5))
    read = propose("第1名得满分,以后每低1名扣0.5分", D(10))
    assert read.rule.less == D(5)
    assert read.doubts == ("在本考核组内按实绩排名", "每低1位少0.5分,折合分值的5%")


def test_doubts_are_said() -> None:
    read = propose("每增加5%加1分;每少1%扣1分", D(5), "亿元")
    assert read.doubts == (
        "没有写完成得多少分,按完成得基本分", "加分没有写上限,按不封顶", "没有写扣完为止,按最低0分", "“每”按整步计算,不足一步不计",
    )
    read = propose("完成得基本分;每增加10亩加1分,最多加2分;每少10亩扣1分,扣完为止", D(5))
    assert "步长的单位“亩”应与指标的计量单位一致" in read.doubts


def test_a_step_in_another_kind_of_unit_is_not_read() -> None:
    text = "完成得基本分;每增加10亩加1分,最多加2分;每少10亩扣1分,扣完为止"
    assert propose(text, D(5), "亿元").rule is None
    assert propose(text, D(5), "亩").rule is not None
