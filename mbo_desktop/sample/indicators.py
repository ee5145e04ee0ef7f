"""Indicators of the sample city: plausible names with unit, size, usual growth and wording."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from random import Random

from mbo_desktop.domain.targets import Direction, TargetForm


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an indicator's figures are made up: a county's usual level and growth in %."""

    name: str
    unit: str
    category: str
    level: Decimal
    growth: tuple[int, int]
    decimals: int = 0
    form: TargetForm = TargetForm.LEVEL
    direction: Direction = Direction.HIGHER
    certifying: str = "市统计局"
    text: str = ""


def _d(text: str) -> Decimal:
    return Decimal(text)


_UP, _LOW = Direction.HIGHER, Direction.LOWER
_MOST, _LEAST, _TEXT = TargetForm.AT_MOST, TargetForm.AT_LEAST, TargetForm.TEXT

FIXED: tuple[Recipe, ...] = (
    Recipe("地区生产总值", "亿元", "主要综合目标", _d("186"), (6, 12), 1),
    Recipe("地方公共财政预算收入", "亿元", "主要综合目标", _d("9.6"), (7, 14), 2, certifying="市财政局"),
    Recipe("城镇居民人均可支配收入", "元", "主要综合目标", _d("32860"), (6, 10)),
    Recipe("农村居民人均可支配收入", "元", "主要综合目标", _d("15420"), (7, 11)),
    Recipe("全社会固定资产投资", "亿元", "主要综合目标", _d("142"), (9, 18), 1),
    Recipe("人口自然增长率", "‰", "主要综合目标", _d("6.4"), (-4, 0), 1, _MOST, _LOW, "市卫健委"),
    Recipe("规模以上工业增加值", "亿元", "工业经济", _d("64"), (7, 13), 1),
    Recipe("工业投资", "亿元", "工业经济", _d("52"), (10, 20), 1, certifying="市工信局"),
    Recipe("技术改造投资", "亿元", "工业经济", _d("28"), (10, 22), 1, certifying="市工信局"),
    Recipe("新增规模以上工业企业", "家", "工业经济", _d("14"), (5, 25), certifying="市工信局"),
    Recipe("高新技术产业产值", "亿元", "工业经济", _d("88"), (9, 18), 1, certifying="市科技局"),
    Recipe("发明专利申请量", "件", "工业经济", _d("210"), (8, 20), certifying="市科技局"),
    Recipe("粮食总产量", "万吨", "新农村建设", _d("18.6"), (0, 3), 2, certifying="市农业农村局"),
    Recipe("新建农村公路", "公里", "新农村建设", _d("64"), (3, 20), certifying="市交通局"),
    Recipe("行政村生活污水治理率", "%", "新农村建设", _d("62"), (5, 15), 1, _LEAST, _UP, "市生态环境局"),
    Recipe("新增高标准农田", "万亩", "新农村建设", _d("3.2"), (4, 15), 2, certifying="市农业农村局"),
    Recipe("重点项目年度投资", "亿元", "重点项目", _d("46"), (8, 20), 1, certifying="市发改委"),
    Recipe("重点项目开工数", "个", "重点项目", _d("22"), (5, 20), certifying="市发改委"),
    Recipe("重点项目竣工数", "个", "重点项目", _d("12"), (5, 20), certifying="市发改委"),
    Recipe("税收占财政收入比重", "%", "县域经济", _d("74"), (1, 4), 1, _LEAST, _UP, "市财政局"),
    Recipe("县域产业集聚区主营业务收入", "亿元", "县域经济", _d("126"), (8, 16), 1),
    Recipe("社会消费品零售总额", "亿元", "现代服务业", _d("72"), (7, 12), 1, certifying="市商务局"),
    Recipe("服务业增加值", "亿元", "现代服务业", _d("78"), (7, 12), 1),
    Recipe("旅游综合收入", "亿元", "现代服务业", _d("24"), (8, 18), 1, certifying="市文广旅局"),
    Recipe("外贸进出口额", "万美元", "现代服务业", _d("10600"), (6, 16), certifying="市商务局"),
    Recipe("民营经济增加值", "亿元", "民营经济", _d("96"), (8, 14), 1),
    Recipe("新登记市场主体", "户", "民营经济", _d("4200"), (5, 14), certifying="市市场监管局"),
    Recipe("小微企业贷款余额", "亿元", "民营经济", _d("58"), (10, 18), 1, certifying="市金融局"),
    Recipe("引进市外到位资金", "亿元", "招商引资", _d("62"), (9, 18), 1, certifying="市招商局"),
    Recipe("新引进5亿元以上项目", "个", "招商引资", _d("6"), (10, 40), certifying="市招商局"),
    Recipe("实际利用外资", "万美元", "招商引资", _d("1500"), (6, 15), certifying="市商务局"),
    Recipe("单位生产总值能耗降低率", "%", "环境保护", _d("3.2"), (1, 6), 1, TargetForm.DECREASE_RATE,
           _UP, "市发改委"),
    Recipe("化学需氧量排放量", "吨", "环境保护", _d("3860"), (-6, -2), 0, _MOST, _LOW, "市生态环境局"),
    Recipe("空气质量优良天数比例", "%", "环境保护", _d("78"), (1, 5), 1, _LEAST, _UP, "市生态环境局"),
    Recipe("细颗粒物年均浓度", "微克/立方米", "环境保护", _d("46"), (-9, -3), 0, _MOST, _LOW,
           "市生态环境局"),
    Recipe("生产安全事故死亡人数", "人", "安全生产", _d("9"), (-12, 0), 0, _MOST, _LOW, "市应急局"),
    Recipe("亿元生产总值生产安全事故死亡率", "人/亿元", "安全生产", _d("0.042"), (-9, -2), 3, _MOST, _LOW,
           "市应急局"),
    Recipe("食品安全监督抽检合格率", "%", "安全生产", _d("97"), (0, 1), 1, _LEAST, _UP, "市市场监管局"),
    Recipe("安全生产责任制", "", "安全生产", _d("0"), (0, 0), 0, _TEXT, _UP, "市应急局",
           "落实安全生产责任制,不发生较大以上生产安全事故"),
    Recipe("城镇新增就业", "人", "实事办理", _d("5800"), (1, 6), certifying="市人社局"),
    Recipe("城镇登记失业率", "%", "实事办理", _d("4.1"), (-4, 0), 1, _MOST, _LOW, "市人社局"),
    Recipe("新建改造中小学校舍", "万平方米", "实事办理", _d("3.6"), (2, 20), 1, certifying="市教育局"),
    Recipe("棚户区改造新开工", "套", "实事办理", _d("860"), (0, 12), certifying="市住建局"),
    Recipe("民生支出占公共财政支出比重", "%", "实事办理", _d("72"), (0, 3), 1, _LEAST, _UP, "市财政局"),
    Recipe("农村饮水安全巩固提升", "", "实事办理", _d("0"), (0, 0), 0, _TEXT, _UP, "市水利局",
           "6月底前全部开工,11月底前完成并通过验收"),
)

_TRADES = (
    "装备制造业", "食品加工业", "纺织服装业", "新型建材业", "生物医药业", "电子信息业", "汽车零部件业", "化工新材料业",
    "现代物流业", "电子商务", "文化创意产业", "健康养老服务业", "畜禽养殖业", "设施蔬菜产业", "特色林果业", "水产养殖业",
    "中药材产业", "乡村旅游业", "建筑业", "节能环保产业",
)
_MEASURES = (
    ("产值", "亿元", "24", (7, 15), 1), ("增加值", "亿元", "8.6", (6, 13), 2),
    ("固定资产投资", "亿元", "6.4", (8, 20), 2), ("从业人员", "人", "1860", (1, 6), 0),
    ("龙头企业数", "家", "8", (5, 25), 0), ("税收", "万元", "3260", (6, 15), 0),
    ("新增产能项目", "个", "5", (5, 40), 0), ("品牌产品数", "个", "12", (4, 20), 0),
    ("标准化示范基地", "个", "7", (5, 30), 0), ("培训人次", "人次", "640", (4, 20), 0),
)
_FIELDS = ("工业经济", "现代服务业", "县域经济", "民营经济", "新农村建设")


def recipes(random: Random) -> Iterator[Recipe]:
    """Indicators without end: the well-known ones first, then trades and their measures, none twice."""
    yield from _spread_over_categories()
    for series in count(1):
        pairs = [(trade, measure) for trade in _TRADES for measure in _MEASURES]
        random.shuffle(pairs)
        for trade, (word, unit, level, growth, decimals) in pairs:
            name = f"{trade}{word}" if series == 1 else f"{trade}{word}(第{series}批)"
            category = random.choice(_FIELDS)
            yield Recipe(name, unit, category, Decimal(level), growth, decimals)


def _spread_over_categories() -> Iterator[Recipe]:
    """The well-known ones, a round of all categories at a time, so that small cities have each."""
    listed: dict[str, list[Recipe]] = {}
    for recipe in FIXED:
        listed.setdefault(recipe.category, []).append(recipe)
    for place in range(max(map(len, listed.values()))):
        for found in listed.values():
            if place < len(found):
                yield found[place if found[0].category not in _FROM_THE_END else -1 - place]


_FROM_THE_END = frozenset({"安全生产", "实事办理", "新农村建设"})
"""Taken from their end, so that texts and bounds come early too."""

DUTIES = (
    ("{field}年度重点工作任务完成率", "%", "98", _LEAST),
    ("{field}群众满意度", "%", "92", _LEAST),
    ("人大代表建议、政协提案按期办结率", "%", "100", _LEAST),
    ("行政审批事项平均办理时限", "工作日", "6", _MOST),
    ("向上争取专项资金", "万元", "4200", TargetForm.LEVEL),
    ("组织{field}专项督导", "次", "4", TargetForm.LEVEL),
    ("{field}信访事项办结率", "%", "97", _LEAST),
    ("部门预算执行率", "%", "93", _LEAST),
    ("一般性支出压减率", "%", "5", TargetForm.DECREASE_RATE),
    ("{field}业务培训", "人次", "320", TargetForm.LEVEL),
    ("开展送政策下基层", "场", "12", TargetForm.LEVEL),
    ("{field}数据共享接口", "个", "9", TargetForm.LEVEL),
)
"""A department's own duties: name, unit, usual level, form."""
