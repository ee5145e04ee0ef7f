"""The commonest rules of published regulations, by name (domain notes §3, R numbers in brackets)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.scoring.attainment import Bands, Control, Met, Range, Ratio, Steps
from mbo_desktop.domain.scoring.combining import Either, Fixed, NotWorse, Proven, Sum, When
from mbo_desktop.domain.scoring.facts import ZERO
from mbo_desktop.domain.scoring.formula import Formula
from mbo_desktop.domain.scoring.relative import (
    Advance,
    Anchored,
    BeatsMean,
    Efficacy,
    Progressive,
    Rank,
)
from mbo_desktop.domain.scoring.tallies import (
    Events,
    Given,
    Grade,
    Milestones,
    Raters,
    Vote,
    Weighted,
)

D = Decimal


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule under the name offices know it by; needs: what must be filled for it."""

    code: str
    name: str
    rule: Any
    needs: str
    source: str


def _rows(*pairs: tuple[str, str]) -> tuple[tuple[Decimal, Decimal], ...]:
    return tuple((D(low), D(points)) for low, points in pairs)


PRESETS: tuple[Preset, ...] = (
    Preset("R01", "按完成率得分,不加分", Ratio(), "目标、实绩", "[S2]"),
    Preset("R02", "按完成率得分,最高120%", Ratio(cap=D("1.2")), "目标、实绩", "[S39]"),
    Preset("R03", "超额每1%加0.5分(最多3分),未完成按比例",
           Steps(gain=D("0.5"), gain_cap=D(3), under="ratio"), "目标、实绩", "[S15a]"),
    Preset("R04", "每超1%加0.5分,每少1%扣1分,扣完为止",
           Steps(gain=D("0.5"), gain_cap_share=D(1), loss=D(1)), "目标、实绩", "[S14]"),
    Preset("R05", "基本分100,每超(少)10%加(扣)0.2分",
           Steps(base_points=D(100), over_step=D(10), gain=D("0.2"), under_step=D(10), loss=D("0.2")),
           "目标、实绩", "[S35]"),
    Preset("R06", "完成得60分,每超10%加0.5分(最多10分),未完成0分",
           Steps(base_points=D(60), over_step=D(10), gain=D("0.5"), gain_cap=D(10), under="zero"),
           "目标、实绩", "[S36]"),
    Preset("R07", "完成得分,未完成不得分", Met(), "目标、实绩", "[S14]"),
    Preset("R08", "按完成率分档40/36/32/28/24/20,每超10%加3分最多9分", When(
        "ratio", ">=", "100",
        Steps(base_points=D(40), over_step=D(10), gain=D(3), gain_cap=D(9), measure="percent"),
        Bands(_rows(("90", "36"), ("80", "32"), ("70", "28"), ("60", "24"), ("50", "20")), step_down=D(10)),
    ), "目标、实绩", "[S16]"),
    Preset("R09", "完成率分档100/75/50/0,到位资金不足20%得0分", When(
        "到位率", ">=", "20", Bands(_rows(("100", "100"), ("80", "75"), ("50", "50")), as_share=True),
    ), "目标、实绩、到位率", "[S37]"),
    Preset("R10", "持平上年得80%,每超5%加1分,加分不超过一半",
           Steps(reference="base", base_share=D("0.8"), over_step=D(5), gain=D(1),
                 gain_cap_share=D("0.5"), under="zero"), "上年、实绩", "[S47]"),
    Preset("R11", "达到预期增幅得80%,每高(低)1个百分点加(减)0.5分",
           Steps(actual="growth", reference="target", measure="amount", base_share=D("0.8"), gain=D("0.5"),
                 gain_cap_share=D("0.2"), loss=D("0.5"), whole=False), "目标增幅、上年、实绩", "[S73]"),
    Preset("R12", "达到目标得50分,达到保底目标得40分",
           When("actual", ">=", "target", Fixed(D(50)), When("actual", ">=", "保底目标", Fixed(D(40)))),
           "目标、保底目标、实绩", "[S15b]"),
    Preset("R13", "两项都完成60分,仅本年完成55分,仅累计完成40分", When(
        "actual", ">=", "target",
        When("累计实绩", ">=", "累计目标", Fixed(D(60)), Fixed(D(55))),
        When("累计实绩", ">=", "累计目标", Fixed(D(40))),
    ), "目标、实绩、累计目标、累计实绩", "[S67]"),
    Preset("R14", "完成得40%,完成的再按位次最多得60%", Sum((
        (D("0.4"), Met()), (D("0.6"), When("actual", ">=", "target", Rank())),
    )), "目标、实绩", "[S21]"),
    Preset("R15", "按投资完成率得分不封顶,另按事项加分", Sum((
        (D(1), Ratio(cap=None)),
        (D(1), Events((("新开工", D(5)), ("续建", D(2)), ("投产", D(20))), start=ZERO, floor=None)),
    )), "目标、实绩、各事项次数", "[S66]"),
    Preset("R16", "完成进度计划得300分,每超(少)1%加(扣)5分,最多加50分",
           Steps(base_points=D(300), gain=D(5), gain_cap=D(50), loss=D(5), whole=False), "进度计划、实绩", "[S71]"),
    Preset("R17", "两项完成率各占一半,各不超过100%", Sum((
        (D("0.5"), Ratio()), (D("0.5"), Ratio(actual="第二项实绩", reference="第二项目标")),
    )), "两项的目标、实绩", "[S39]"),
    Preset("R20", "控制目标,超出按比例扣分", Control(), "目标、实绩", "[S2]"),
    Preset("R21", "控制目标,不超得分,超出不得分", Met(), "目标、实绩", "[S19]"),
    Preset("R22", "每超1个单位扣0.5分",
           Steps(measure="amount", loss=D("0.5"), whole=False), "目标、实绩", "[S42]"),
    Preset("R24", "按完成率得分,比上年退步不得分", NotWorse(Ratio()), "目标、上年、实绩", "[S50]"),
    Preset("R24C", "控制目标按超出比例扣分,比上年退步不得分", NotWorse(Control()), "目标、上年、实绩", "[S50]"),
    Preset("R26", "区间内得分,每出界0.5扣1分", Range(loss=D(1), step=D("0.5")), "区间、实绩", "[GK]"),
    Preset("R30", "功效系数法(60+40)", Efficacy(), "实绩", "[S20]"),
    Preset("R31", "增幅70%、总量30%功效系数",
           Sum(((D("0.7"), Efficacy(of="growth")), (D("0.3"), Efficacy()))), "上年、实绩", "[S20]"),
    Preset("R32", "按满意值、不允许值插值", Anchored(lowest=D(15), best=D(25)), "实绩", "[S74]"),
    Preset("R33", "第1位满分,每低1位少5%", Rank(), "实绩", "[S21]"),
    Preset("R34", "省内前5位加5—1分,后5位扣5—1分", Rank(
        of="省内位次", given=True,
        rows=tuple((place, D(6 - place)) for place in range(1, 6))
        + tuple((-place, D(place - 6)) for place in range(1, 6)),
    ), "省内位次、参评数", "[S46]"),
    Preset("R35", "先按完成率计算,再按排名赋分", Rank(part=Ratio(cap=None), less=D(5)), "目标、实绩", "[S53]"),
    Preset("R36", "与全省平均比较累进计分", Progressive(mean="省平均"), "增幅、省平均", "[S22]"),
    Preset("R36Z", "增量与全省平均比较累进计分(60、80、100)", Progressive(of="actual", mean="省平均", first=D(60)),
           "增量、省平均", "[S22]"),
    Preset("R37", "按完成率得分,高于全市平均另加1分",
           Sum(((D(1), Ratio()), (D(1), BeatsMean()))), "目标、上年、实绩", "[S15a]"),
    Preset("R38", "完成率占80%,贡献系数占20%", Sum((
        (D("0.8"), Ratio()), (D("0.2"), Weighted((("贡献系数", D(100)),), out_of=D(1))),
    )), "目标、实绩、贡献系数", "[S2]"),
    Preset("R39", "省内位次每升1位加0.5分", Advance(gain=D("0.5"), loss=D("0.5")), "本年位次、上年位次", "[S63]"),
    Preset("R40", "下级单位平均分作为得分", Weighted((("下级平均分", D(100)),), out_of=D(100)), "下级考核方案", "[S43]"),
    Preset("R50", "按节点完成情况(1/0.8/0)", Milestones(), "各状态节点数", "[S2]"),
    Preset("R51", "超额得110%,完成得满分,80%以上按比例,不足80%不得分",
           When("actual", ">", "target", Fixed(share=D("1.1")), Ratio(least=D(80))), "目标、实绩", "[S34]"),
    Preset("R52", "按等次系数1/0.8/0.6/0",
           Grade((("A", D(1)), ("B", D("0.8")), ("C", D("0.6")), ("D", ZERO))), "等次", "[GK]"),
    Preset("R53", "每发生1次扣分,扣完为止", Events((("发生", D(-2)),)), "发生次数", "[S55a]"),
    Preset("R54", "每发生1次扣分,只有列督事项的加倍", Events((("发生", D(-2)),), doubled="只有列督事项"),
           "发生次数、只有列督事项", "[S55a]"),
    Preset("R55", "按数量累加,不超过基本分",
           Events((("省级", D(2)), ("国家级", D(4))), start=ZERO, cap_is_full=True), "省级、国家级数量", "[S41]"),
    Preset("R56", "按时加1、表扬再加1、迟报扣1、退办扣2",
           Events((("按时", D(1)), ("表扬", D(1)), ("迟报", D(-1)), ("退办", D(-2))), floor=None),
           "按时、表扬、迟报、退办次数", "[S55b]"),
    Preset("R57", "按时15分、催后8分、未报扣10分",
           Grade((("按时", D(15)), ("催报后", D(8)), ("未报", D(-10))), as_points=True), "报送状态", "[S55c]"),
    Preset("R58", "满意度投票(100/70/30)", Vote(), "票数", "[S52a]"),
    Preset("R59", "五分制测评",
           Vote(tuple((str(mark), D(mark * 20)) for mark in (5, 4, 3, 2, 1))), "票数", "[S45c]"),
    Preset("R60", "分管领导20%、职工40%、考核组40%",
           Weighted((("分管领导", D(20)), ("职工", D(40)), ("考核组", D(40))), out_of=D(100)), "各方平均分", "[S52b]"),
    Preset("R61", "评委打分,去掉最高最低", Raters(), "评委分数", "[S52c]"),
    Preset("R62", "责任部门直接评分", Given(), "评定分数", "[S6]"),
    Preset("R63", "按完成率得分,无佐证不得分", Proven(Ratio()), "目标、实绩、佐证", "[S56e]"),
    Preset("PERIODS", "一季度15%、上半年25%、前三季度25%、全年35%", Weighted(), "各期得分", "[S6]"),
    Preset("SUBJECTS", "工作70%、领导15%、社会15%",
           Weighted((("工作", D(70)), ("领导", D(15)), ("社会", D(15))), out_of=D(100)), "各方面得分", "[GK]"),
    Preset("YEARS", "各年平均50%、末年50%", Weighted((("各年平均", D(50)), ("末年", D(50))), out_of=D(100)),
           "各年得分(结果取整数)", "[S49a]"),
    Preset("BEST", "按本组最高值折算", Formula("分值*实绩/组最大_实绩"), "实绩", "[GK]"),
    Preset("MIN", "两种办法取低", Either((Ratio(), Efficacy()), lowest=True), "目标、实绩", "[S50]"),
)


def preset(code: str) -> Preset:
    """The preset with this code; KeyError when there is none."""
    return next(one for one in PRESETS if one.code == code)
