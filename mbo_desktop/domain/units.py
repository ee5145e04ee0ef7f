"""Units of measure: which words are units, and the exact factor between those of one dimension."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

SCALES = {
    "百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7,
    "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
"""Words that multiply: 1.2万 is 12 000, 1.2万元 is 1.2 of the unit 万元."""

_MEASURES: dict[str, tuple[str, Fraction]] = {
    "元": ("money", Fraction(1)), "人民币元": ("money", Fraction(1)), "角": ("money", Fraction(1, 10)),
    "美元": ("usd", Fraction(1)), "欧元": ("eur", Fraction(1)), "港元": ("hkd", Fraction(1)),
    "港币": ("hkd", Fraction(1)), "日元": ("jpy", Fraction(1)),
    "平方米": ("area", Fraction(1)), "平米": ("area", Fraction(1)), "㎡": ("area", Fraction(1)),
    "m²": ("area", Fraction(1)), "m2": ("area", Fraction(1)), "亩": ("area", Fraction(2000, 3)),
    "公顷": ("area", Fraction(10000)), "hm²": ("area", Fraction(10000)),
    "平方公里": ("area", Fraction(10**6)), "平方千米": ("area", Fraction(10**6)),
    "km²": ("area", Fraction(10**6)), "km2": ("area", Fraction(10**6)),
    "米": ("length", Fraction(1)), "m": ("length", Fraction(1)), "延米": ("length", Fraction(1)),
    "公里": ("length", Fraction(1000)), "千米": ("length", Fraction(1000)),
    "km": ("length", Fraction(1000)), "厘米": ("length", Fraction(1, 100)),
    "cm": ("length", Fraction(1, 100)), "毫米": ("length", Fraction(1, 1000)),
    "mm": ("length", Fraction(1, 1000)),
    "克": ("mass", Fraction(1)), "千克": ("mass", Fraction(1000)), "公斤": ("mass", Fraction(1000)),
    "kg": ("mass", Fraction(1000)), "斤": ("mass", Fraction(500)), "吨": ("mass", Fraction(10**6)),
    "t": ("mass", Fraction(10**6)), "毫克": ("mass", Fraction(1, 10**3)), "mg": ("mass", Fraction(1, 10**3)),
    "微克": ("mass", Fraction(1, 10**6)), "μg": ("mass", Fraction(1, 10**6)),
    "µg": ("mass", Fraction(1, 10**6)), "ug": ("mass", Fraction(1, 10**6)),
    "吨标准煤": ("coal", Fraction(1)), "吨标煤": ("coal", Fraction(1)), "tce": ("coal", Fraction(1)),
    "千克标准煤": ("coal", Fraction(1, 1000)), "克标准煤": ("coal", Fraction(1, 10**6)),
    "吨二氧化碳": ("carbon", Fraction(1)), "吨二氧化碳当量": ("carbon", Fraction(1)),
    "立方米": ("volume", Fraction(1)), "立方": ("volume", Fraction(1)), "方": ("volume", Fraction(1)),
    "m³": ("volume", Fraction(1)), "m3": ("volume", Fraction(1)), "升": ("volume", Fraction(1, 1000)),
    "瓦": ("power", Fraction(1)), "千瓦": ("power", Fraction(1000)), "kW": ("power", Fraction(1000)),
    "kw": ("power", Fraction(1000)), "兆瓦": ("power", Fraction(10**6)), "MW": ("power", Fraction(10**6)),
    "吉瓦": ("power", Fraction(10**9)), "GW": ("power", Fraction(10**9)),
    "千伏安": ("apparent", Fraction(1)), "kVA": ("apparent", Fraction(1)), "兆伏安": ("apparent", Fraction(1000)),
    "千瓦时": ("energy", Fraction(1)), "度": ("energy", Fraction(1)), "kWh": ("energy", Fraction(1)),
    "兆瓦时": ("energy", Fraction(1000)),
    "%": ("ratio", Fraction(1, 100)), "‰": ("ratio", Fraction(1, 1000)), "‱": ("ratio", Fraction(1, 10000)),
    "百分点": ("points", Fraction(1)), "个百分点": ("points", Fraction(1)), "千分点": ("points", Fraction(1, 10)),
    "个千分点": ("points", Fraction(1, 10)),
    "人": ("person", Fraction(1)), "名": ("person", Fraction(1)), "位": ("person", Fraction(1)),
    "秒": ("time", Fraction(1)), "分钟": ("time", Fraction(60)), "小时": ("time", Fraction(3600)),
    "天": ("time", Fraction(86400)),
    "个月": ("month", Fraction(1)), "年": ("month", Fraction(12)),
    "℃": ("celsius", Fraction(1)), "分贝": ("sound", Fraction(1)), "dB": ("sound", Fraction(1)),
    "Mbps": ("bandwidth", Fraction(1)), "千伏": ("voltage", Fraction(1)), "kV": ("voltage", Fraction(1)),
}  # fmt: skip

_COUNTER_WORDS = """
个 项 件 家 户 处 座 所 条 台 套 辆 艘 架 栋 幢 间 张 份 篇 期 次 场 例 起 宗 批 笔 种 类 门 部 本 册 只 头 羽 匹 尾
株 棵 村 镇 乡 县 街道 社区 片 块 眼 口 盏 根 段 站 厂 店 馆 班 组 队 届 周 分 项次 人次 户次 车次 班次 架次 艘次 件次
台次 场次 家次 人日 工日 床 张床位 床位 个床位 学位 个学位 车位 个车位 泊位 个泊位 标准箱 TEU 箱 盒 瓶 袋 桶 包
标台 标立方米 吨公里 人公里 吨次 道 面 堂 课时 学时 级 档 星 倍 字 页 卷 盘 支 颗 粒 枚 副 双 对 个班 名额 单 路
个村 个镇 个乡镇 个县 个社区 个项目 个品牌 家企业 户企业 盘次 亩次 批次 个点 个中心 家庭农场 个基地 栏 棚 窑
"""  # fmt: skip
_COUNTERS = frozenset(_COUNTER_WORDS.split())

_RATIOS = frozenset({"%", "‰", "‱"})
_NO_SCALE = frozenset({"ratio", "points", "celsius", "sound"})
PERCENT_POINTS = frozenset({"百分点", "个百分点"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: its dimension, its factor to the dimension's base, the unscaled word."""

    dimension: str
    factor: Fraction
    base: str


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit | None:
    """The unit a word names (亿元, 万人, 吨标准煤/万元), None when it is no unit known here."""
    if not text or len(text) > 16:
        return None
    over, slash, under = text.partition("/")
    if slash:
        top, bottom = parse_unit(over), parse_unit(under)
        if top is None or bottom is None:
            return None
        return Unit(f"{top.dimension}/{bottom.dimension}", top.factor / bottom.factor, text)
    found = _unscaled(text)
    if found is not None:
        return found
    for word in sorted(SCALES, key=len, reverse=True):
        if text.startswith(word):
            base = _unscaled(text[len(word) :])
            if base is None or base.dimension in _NO_SCALE:
                continue
            return Unit(base.dimension, base.factor * SCALES[word], base.base)
    return None


def _unscaled(word: str) -> Unit | None:
    if word in _MEASURES:
        dimension, factor = _MEASURES[word]
        return Unit(dimension, factor, word)
    if word in _COUNTERS:
        return Unit(f"count:{word}", Fraction(1), word)
    return None


def is_unit(text: str) -> bool:
    """Whether the word is a unit of measure."""
    return parse_unit(text) is not None


def is_ratio(text: str) -> bool:
    """Whether the unit is a share: %, ‰ or ‱."""
    return text in _RATIOS


def exact_decimal(value: Fraction) -> Decimal | None:
    """The fraction as a decimal, None when it does not end (1/3)."""
    denominator = value.denominator
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    if denominator != 1:
        return None
    places = max(twos, fives)
    digits = abs(value.numerator) * 2 ** (places - twos) * 5 ** (places - fives)
    sign = 1 if value < 0 else 0
    return Decimal((sign, tuple(int(ch) for ch in str(digits)), -places))


def conversion(from_unit: str, to_unit: str) -> Fraction | None:
    """How many `to_unit` one `from_unit` is, exactly; None when the dimensions differ."""
    if from_unit == to_unit:
        return Fraction(1)
    source, goal = parse_unit(from_unit), parse_unit(to_unit)
    if source is None or goal is None or source.dimension != goal.dimension:
        return None
    return source.factor / goal.factor
