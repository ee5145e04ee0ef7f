"""Scoring texts of six kinds of regulations (招商, 投资, 环保, 信访, 效能, 乡镇): each with points worked by hand."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

import mbo_desktop.domain.scoring  # noqa: F401 the primitives register
from mbo_desktop.domain.scoring.facts import Facts
from mbo_desktop.domain.scoring.item import Item, score_item
from mbo_desktop.domain.scoring.reading import propose

D = Decimal

# Text, unit, target, lower is better, (actual → points of 10); last year is 80, 省平均 60, 全市实绩 70.
READ: tuple[tuple[str, str, str, bool, dict[str, str]], ...] = (
    # A threshold of its own.
    ("信访事项按期办结率达到98%以上得满分，每低1个百分点扣0.5分", "%", "90", False, {"98": "10.00", "96": "9.00", "90": "6.00"}),
    ("签约项目履约率不低于60%的得满分，每低5个百分点扣1分，扣完为止", "%", "70", False, {"60": "10.00", "54": "9.00"}),
    ("调解成功率低于95%的，每低1个百分点扣0.2分", "%", "90", False, {"99": "10.00", "93": "9.60"}),
    ("完成率低于90%的，每低1个百分点扣1分", "亿元", "200", False, {"180": "10.00", "170": "5.00"}),
    ("90%以上得满分，每低1个百分点扣0.5分，低于60%不得分", "%", "120", False, {"90": "10.00", "88": "9.00", "74": "2.00", "59": "0.00"}),
    ("增速达到10%得满分，每低1个百分点扣1分", "亿元", "100", False, {"88": "10.00", "84": "5.00"}),
    ("增速达到10%以上得满分，每低1个百分点扣1分", "%", "12", False, {"10": "10.00", "8": "8.00"}),
    ("开工率达到100%的得满分，未达到的按比例得分", "%", "90", False, {"100": "10.00", "90": "9.00"}),
    ("完成80%以上得8分，每超过1%加0.1分，加满为止，80%以下不得分", "亿元", "100", False, {"79": "0.00", "80": "8.00", "90": "9.00", "130": "10.00"}),
    ("人口自然增长率控制在6‰以内得满分，每高0.1个千分点扣0.5分", "‰", "5", True, {"6": "10.00", "6.25": "9.00"}),
    ("90%≤完成率<100%得8分，80%≤完成率<90%得6分，完成率≥100%得10分，完成率<80%不得分", "亿元", "50", False,
     {"50": "10.00", "45": "8.00", "40": "6.00", "39": "0.00"}),
    ("信访积案化解率达到90%以上的得10分，80%—90%的得6分，低于80%的不得分", "%", "95", False, {"90": "10.00", "89": "6.00", "79": "0.00"}),
    ("完成任务得满分，完成90%-99%得80%分值，完成80%-89%得60%分值，80%以下不得分", "万元", "100", False,
     {"100": "10.00", "99.5": "8.00", "89": "6.00", "79": "0.00"}),
    # Last year.
    ("比上年增加得满分，否则不得分", "亿元", "100", False, {"81": "10.00", "80": "0.00"}),
    ("粮食总产量较上年增长得满分，持平得80%的分，下降不得分", "万吨", "100", False, {"81": "10.00", "80": "8.00", "79": "0.00"}),
    ("森林覆盖率比上年提高得满分，持平得一半分，下降不得分", "%", "90", False, {"81": "10.00", "80": "5.00", "79": "0.00"}),
    ("生产安全事故死亡人数同比下降得满分，持平得80%，上升不得分", "人", "90", True, {"79": "10.00", "80": "8.00", "81": "0.00"}),
    ("粮食播种面积不低于上年得满分，每减少1%扣1分", "万亩", "90", False, {"80": "10.00", "78.4": "8.00"}),
    ("案件数不高于上年得满分，每增加1起扣1分", "起", "70", True, {"80": "10.00", "83": "7.00"}),
    ("与上年持平得基本分的80%，每增长1%加0.2分，加至满分为止；比上年下降不得分", "亿元", "90", False,
     {"80": "8.00", "84": "9.00", "100": "10.00", "79": "0.00"}),
    ("比上年增长10%以上得满分，增长5%以上得8分，增长5%以下不得分", "亿元", "90", False, {"88": "10.00", "84": "8.00", "83": "0.00"}),
    # A mean.
    ("增速高于全市平均水平的得满分，低于全市平均水平的按比例得分", "%", "80", False, {"71": "10.00", "35": "5.00"}),
    ("达到全省平均水平得满分，每低1个百分点扣0.5分", "%", "80", False, {"60": "10.00", "58": "9.00"}),
    ("群众满意度每低于全市平均值1个百分点扣0.5分，扣完为止", "%", "80", False, {"70": "10.00", "66": "8.00"}),
    ("高于全市平均增速得满分，低于全市平均增速的不得分", "%", "90", False, {"71": "10.00", "70": "0.00", "69": "0.00"}),
    # Formulas and named tasks.
    ("完成年度引资目标任务的，得满分；未完成的，按完成比例得分；超额完成的，每超10%加0.5分，最高加2分", "亿元", "10", False,
     {"10": "10.00", "8": "8.00", "12.5": "11.00", "30": "12.00"}),
    ("得分=(实际到位资金额/目标任务)×分值，最高得10分", "亿元", "80", False, {"60": "7.50", "90": "10.00"}),
    ("省域外签约项目投资额分值=当年签约项目投资额/当年签约项目目标任务金额×10，最高得10分", "亿元", "80", False, {"60": "7.50"}),
    ("满分10分，完成率×10", "万元", "50", False, {"40": "8.00"}), ("完成率乘以权重", "万元", "50", False, {"40": "8.00"}),
    ("完成比例×标准分=实际得分", "万元", "50", False, {"40": "8.00"}),
    ("完成目标任务得10分，超额完成的按超额比例加分，最高加2分；未完成的按比例扣分", "万元", "50", False, {"55": "11.00", "90": "12.00", "40": "8.00"}),
    ("完成招商工作任务80%以上的得10分，50%以上的得5分，50%以下的不得分", "亿元", "10", False, {"8": "10.00", "7.9": "5.00", "4.9": "0.00"}),
    ("实际完成值每低于目标值1个百分点，扣该项分值的5%", "亿元", "100", False, {"98": "9.00"}),
    ("招商引资到位资金每完成1亿元得1分，最高得10分", "亿元", "6", False, {"3.5": "3.00", "12": "10.00"}),
    # Steps that name what they count; deductions without an end.
    ("新增城镇就业人数每少10人扣0.5分，扣完为止", "人", "500", False, {"500": "10.00", "475": "9.00"}),
    ("PM2.5年均浓度控制在目标值以内得满分，每超出1微克/立方米扣1分，扣完为止", "微克/立方米", "40", True, {"40": "10.00", "43": "7.00"}),
    ("PM2.5年均浓度每超过目标值1微克扣0.5分", "微克/立方米", "40", True, {"42": "9.00"}),
    ("实行倒扣分，每少1个项目扣2分，不保底", "个", "10", False, {"4": "-2.00", "10": "10.00"}),
    ("超出控制目标的不得分", "吨", "100", True, {"100": "10.00", "101": "0.00"}),
    ("单位生产总值二氧化碳排放强度下降率达到目标得满分，达不到目标不得分", "%", "3", False, {"3": "10.00", "2.9": "0.00"}),
)


@pytest.mark.parametrize("case", READ, ids=[str(place) for place in range(len(READ))])
def test_read(case: tuple[str, str, str, bool, dict[str, str]]) -> None:
    text, unit, target, lower, wanted = case
    read = propose(text, D(10), unit)
    assert read.rule is not None, (read.unread, read.doubts)
    assert read.below_is_better in (None, lower)
    named = {"省平均": D(60), "全市实绩": D(70)}
    found = {actual: str(score_item(Item(read.rule), [Facts(
        D(10), D(target), D(actual), D(80), unit=1, unit_of_measure=unit, is_rate=unit in ("%", "‰"), lower_is_better=lower, named=named,
    )])[1].points) for actual in wanted}
    assert found == wanted


EVENTS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("发生进京非访1人次扣0.5分，赴省集体上访1批次扣1分，扣完为止", (("进京非访", "-0.5"), ("赴省集体上访", "-1"))),
    ("每被省级通报1次扣1分，被国家级通报1次扣2分，扣完为止", (("被省级通报", "-1"), ("被国家级通报", "-2"))),
    ("凡发生1起瞒报、漏报、迟报的，扣1分", (("瞒报、漏报、迟报", "-1"),)), ("每逾期1天扣0.1分", (("逾期", "-0.1"),)),
    ("电子监察每亮1次红牌扣2分，每亮1次黄牌扣1分，扣完为止", (("电子监察亮红牌", "-2"), ("亮黄牌", "-1"))),
    ("每有1名工作人员受到党纪政纪处分的扣1分", (("工作人员受到党纪政纪处分", "-1"),)),
    ("发现1例违反中央八项规定精神问题扣2分", (("违反中央八项规定精神问题", "-2"),)),
    ("发生1起一般事故扣2分，1起较大事故扣5分", (("一般事故", "-2"), ("较大事故", "-5"))),
    ("未发生得满分，每发生1起扣20%的分", (("发生", "-2"),)), ("水质考核断面每1个不达标扣2分", (("水质考核断面不达标", "-2"),)),
    ("未建立台账的扣2分，台账不完善的扣1分", (("未建立台账", "-2"), ("台账不完善", "-1"))),
    ("每缺席1次会议扣0.5分", (("缺席会议", "-0.5"),)),
    ("每引进1个亿元项目加2分，最高不超过10分", (("引进亿元项目", "2"),)), ("政务公开信息每采用1条得0.5分，最高5分", (("政务公开信息采用", "0.5"),)),
    ("每新引进1个世界500强企业加3分，累计加分不超过10分", (("新引进世界500强企业", "3"),)),
)


@pytest.mark.parametrize(("text", "rows"), EVENTS)
def test_events(text: str, rows: tuple[tuple[str, str], ...]) -> None:
    rule = propose(text, D(10), "次").rule
    assert rule is not None
    assert rule.rows == tuple((kind, D(points)) for kind, points in rows)
    assert rule.start == (None if rows[0][1].startswith("-") else 0), "what is earned begins at 0"


def test_places() -> None:
    rank = propose("按增速由高到低排名，第一名得满分，每降低一位扣0.5分", D(10), "%").rule
    assert (rank.of, rank.less, rank.rows) == ("actual", D(5), ())
    turn = propose("在全市排名第一的得10分，第二名得9分，依次递减，最低得1分", D(10), "%").rule
    assert (turn.less, turn.least) == (D(10), D(1))
    after = propose("满意度位居全市前3名的得满分，每后移1位扣4分", D(10), "%").rule
    assert (after.rows, after.rest) == (((1, D(10)), (2, D(10)), (3, D(10)), (4, D(6)), (5, D(2))), 0)
    assert after.sentence() == "按实绩排名计分:第1—3位得10分、第4位得6分、第5位得2分,其余0分"
    ends = propose("列前2位的得满分，列后2位的不得分，其余得60%", D(10), "%").rule
    assert (dict(ends.rows), ends.rest) == ({1: 10, 2: 10, -1: 0, -2: 0}, 6)
    assert propose("排名1-3名得10分，4-6名得8分，6名以后得4分", D(10), "%").rule.rest == 4
    assert propose("排名1-3名得10分，4-6名得8分，7名以后得4分", D(10), "%").rule is None, "nobody says what the seventh gets"
    assert propose("位居全省前3名得满分，其余不得分", D(10), "%").rule is None, "the group's places are not the province's"


def test_grades() -> None:
    rule = propose("A级得满分，B级得80%，C级得60%，D级不得分", D(10)).rule
    assert rule.rows == (("A", D(10)), ("B", D(8)), ("C", D(6)), ("D", D(0)))
    listed = propose("优秀、良好、合格、不合格分别得10分、8分、6分、0分", D(10)).rule
    assert dict(listed.rows) == {"优秀": 10, "良好": 8, "合格": 6, "不合格": 0}
    state = "完成得10分，基本完成得7分，未完成得0分"
    assert dict(propose(state, D(10)).rule.rows) == {"完成": 10, "基本完成": 7, "未完成": 0}
    assert propose(state, D(10), "亿元").rule is None, "how much 基本完成 is of an amount was not said"


NOT_READ: tuple[tuple[str, str], ...] = (
    # Another target, another figure, nothing to compare with.
    ("超额完成得满分，未完成不得分", "亿元"), ("完成保底目标得60%，未完成不得分", "亿元"), ("完成一季度目标得满分，未完成不得分", "亿元"),
    ("得分=实际增速÷目标增速×10", "亿元"), ("得分=完成数÷全市总数×10", "亿元"), ("税收占比每提高1个百分点加1分", "亿元"),
    ("每减少1%扣1分", "%"), ("能耗强度每下降1%加1分", "吨标准煤"), ("案件数同比上升的，每上升1%扣1分", "起"),
    ("增速每高于全市平均增速1个百分点加0.5分，最高加3分", "%"), ("控制在3%以内得满分，每超0.1个百分点扣0.5分", "人"),
    ("按完成率计分，比上年下降的不得分", "亿元"), ("完成率60%、增速40%计分", "亿元"), ("较目标值下降的不得分，比上年增长得满分", "亿元"),
    # Escalation, mixtures, an end that was not said.
    ("发生1起扣5分，发生2起及以上不得分", "起"), ("首次发生扣1分，再次发生扣3分", "起"), ("完成得满分，获国家级表彰加2分", "亿元"),
    ("获得国家级表彰加3分，省级表彰加2分，同一事项按最高级别计分", "项"), ("每引进1个亿元项目加2分，最高加6分", "个"),
    ("按期办结率100%得满分，每逾期1件扣0.5分，扣完为止", "件"), ("完成得满分，每少1%扣1分，倒扣分", "亿元"), ("每有1项未完成扣2分", "项"),
    ("高于目标值得满分，等于目标值得8分，低于目标值不得分", "%"), ("第一名得10分，最后一名得6分，其余按等差递减", "亿元"),
)


@pytest.mark.parametrize(("text", "unit"), NOT_READ)
def test_left_unread(text: str, unit: str) -> None:
    read = propose(text, D(10), unit)
    assert read.rule is None, read.sentence
    assert read.unread or read.doubts


NOISE = (
    "另行研究", "比上年", "由领导小组酌情", "视情况", "参照省里办法", "重点企业除外", "连续两年的加倍", "情节严重的加重处理", "以季度为单位",
    "按人均计算", "新增部分", "原则上", "较计划提前", "与全国平均水平相比",
)


@pytest.mark.parametrize("noise", NOISE)
def test_a_clause_that_nobody_understands_is_never_taken_for_a_name(noise: str) -> None:
    """Put in any place of any text, it leaves the text unread."""
    for text in (*(one[0] for one in READ), *(one[0] for one in EVENTS)):
        clauses = [one for one in re.split("[，；]", text) if one]
        for place in range(len(clauses) + 1):
            mixed = "，".join((*clauses[:place], noise, *clauses[place:]))
            for unit in ("亿元", "%"):
                assert propose(mixed, D(10), unit).rule is None, mixed


def test_an_indicator_that_is_a_completion_rate_is_not_divided_by_its_target_again() -> None:
    text = "问题整改完成率达到95%以上得满分，每低1个百分点扣1分"
    rule = propose(text, D(10), "%", "交办问题整改完成率").rule
    facts = Facts(D(10), D(98), D(94), unit=1, is_rate=True)
    assert str(score_item(Item(rule), [facts])[1].points) == "9.00", "94 is 95.9 % of 98"
    assert propose(text, D(10), "%").rule is None, "without the name nobody knows which rate is meant"
    bare = propose("完成率达到95%以上得满分，其余不得分", D(10), "%", "整改完成率")
    assert str(score_item(Item(bare.rule), [facts])[1].points) == "0.00"
    assert "指标本身是完成率,“95%”按实绩计" in bare.doubts


def test_a_name_that_is_the_indicators_own_raises_no_doubt() -> None:
    text = "城镇新增就业完成目标任务得基本分，未完成不得分"
    assert "“城镇新增就业”应就是本指标" in propose(text, D(10), "人", "新增贷款").doubts
    assert not any("应就是" in one for one in propose(text, D(10), "人", "城镇新增就业人数").doubts)


def test_the_working_of_steps_of_a_completion_rate_counts_percentage_points() -> None:
    from mbo_desktop.domain.scoring.item import explain

    rule = propose("完成率达到90%以上得满分，每低1个百分点扣1分", D(10), "亿元").rule
    said = explain(Item(rule), Facts(D(10), D(200), D(170), unit=1, unit_of_measure="亿元"), [])
    assert said == "(85−90)=-5个百分点,每少1个百分点扣1分共5分,基本分10−5=5;得5.00分。"
    assert rule.sentence() == "完成率达到90%得基本分;每少满1个百分点扣1分,扣完为止"


def test_sentences_of_rules_cannot_be_misread() -> None:
    from mbo_desktop.domain.scoring.presets import preset

    assert "5分按100、4分按80" in preset("R59").rule.sentence(), "not 5100、480"
    assert "满意100、基本满意70" in preset("R58").rule.sentence()
    steps = propose("新增城镇就业人数每少10人扣0.5分，扣完为止", D(10), "人").rule
    assert "每少满10个计量单位扣0.5分" in steps.sentence(), "单位 are offices in this program"
