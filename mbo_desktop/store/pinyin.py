"""Full pinyin and initials of names, for sorting and for finding by first letters.

pypinyin is imported at the first name (0.2 s); `prepare` does it ahead of time.
"""

from __future__ import annotations

from functools import cache, lru_cache
from types import ModuleType

_PLACES = (
    "长葛 chang ge,单县 shan xian,乐陵 lao ling,乐亭 lao ting,乐清 yue qing,东阿 dong e,"
    "莘县 shen xian,浚县 xun xian,尉犁 yu li,尉氏 wei shi,渑池 mian chi,中牟 zhong mu,"
    "牟平 mu ping,牟定 mou ding,繁峙 fan shi,洪洞 hong tong,大城 dai cheng,蔚县 yu xian,"
    "井陉 jing xing,涡阳 guo yang,歙县 she xian,黟县 yi xian,枞阳 zong yang,铅山 yan shan,"
    "丽水 li shui,嵊州 sheng zhou,台州 tai zhou,天台 tian tai,番禺 pan yu,大埔 da bu,"
    "东莞 dong guan,黄陂 huang pi,监利 jian li,耒阳 lei yang,郴州 chen zhou,什邡 shi fang,"
    "犍为 qian wei,荥经 ying jing,荥阳 xing yang,筠连 jun lian,綦江 qi jiang,朝阳 chao yang,"
    "长子县 zhang zi xian,长治 chang zhi,长汀 chang ting,长丰 chang feng,长寿 chang shou,"
    "长垣 chang yuan,长兴 chang xing,长沙 chang sha,长春 chang chun,长岛 chang dao,"
    "长清 chang qing,长安 chang an,长海 chang hai,长岭 chang ling,长泰 chang tai,长乐 chang le,"
    "长阳 chang yang,长顺 chang shun,长宁 chang ning,长武 chang wu,隰县 xi xian,闽侯 min hou,"
    "厦门 xia men,栖霞 qi xia,芝罘 zhi fu,鄄城 juan cheng,茌平 chi ping,临朐 lin qu,"
    "济南 ji nan,济宁 ji ning,济源 ji yuan,泌阳 bi yang,召陵 shao ling,都江堰 du jiang yan,"
    "都匀 du yun,都昌 du chang,会泽 hui ze,会理 hui li,会稽 kuai ji,六安 lu an,六合 lu he,"
    "邳州 pi zhou,睢宁 sui ning,宿州 su zhou,宿迁 su qian,宿松 su song,柏乡 bai xiang,"
    "吴堡 wu bu,柞水 zha shui,华阴 hua yin,华州 hua zhou,华亭 hua ting,华容 hua rong,"
    "重庆 chong qing,盖州 gai zhou,珲春 hun chun,阿城 a cheng,阿拉善 a la shan,"
    "巴彦淖尔 ba yan nao er,台儿庄 tai er zhuang,乐山 le shan,乐平 le ping,乐东 le dong,"
    "任丘 ren qiu,任城 ren cheng,曾都 zeng du,亳州 bo zhou,蚌埠 beng bu,漯河 luo he,"
    "濮阳 pu yang,衢州 qu zhou,衢江 qu jiang,柯城 ke cheng,龙游 long you,开化 kai hua,"
    "江山市 jiang shan shi,曲阜 qu fu,曲靖 qu jing,阳曲 yang qu,行唐 xing tang,红河 hong he,"
    "调兵山 diao bing shan,兴国 xing guo,宁陕 ning shan,大荔 da li,藏自治 zang zi zhi"
)
_SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "查": "zha", "仇": "qiu", "盖": "ge", "区": "ou",
    "朴": "piao", "任": "ren", "华": "hua", "缪": "miao", "翟": "zhai", "乐": "yue", "尉": "yu",
    "覃": "qin", "员": "yun", "冼": "xian", "洗": "xian", "逄": "pang", "祭": "zhai", "召": "shao",
    "繁": "po", "折": "she", "种": "chong", "令": "ling", "车": "che", "宁": "ning", "石": "shi",
}

_OTHER = "\0"


@cache
def _reader() -> ModuleType:
    import os

    # The dictionaries are only read, so the copies it makes at import are not needed.
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    import pypinyin

    phrases = {}
    for entry in _PLACES.split(","):
        place, *syllables = entry.split(" ")
        phrases[place] = [[syllable] for syllable in syllables]
    pypinyin.load_phrases_dict(phrases)
    module: ModuleType = pypinyin
    return module


def prepare() -> None:
    """Load the dictionary now, so that the first name typed does not wait for it."""
    _reader()


@lru_cache(maxsize=50_000)
def full(text: str, *, person: bool = False) -> str:
    """Sort key: syllables in lower case, parted by spaces; what is not Chinese stays as it is.

    person: the first character is read as a surname (单 shan, 曾 zeng, 解 xie).
    """
    return " ".join(one.removeprefix(_OTHER) for one in _syllables(text, person=person))


@lru_cache(maxsize=50_000)
def initials(text: str, *, person: bool = False) -> str:
    """First letters of the syllables, with Latin letters and digits kept: 柯城区2 → kcq2."""
    return "".join(
        "".join(letter for letter in one if letter.isascii() and letter.isalnum())
        if one.startswith(_OTHER) else one[0]
        for one in _syllables(text, person=person)
    )


def _syllables(text: str, *, person: bool) -> list[str]:
    """Syllables in order; a run of other characters is one, marked by `_OTHER`."""
    surname = _SURNAMES.get(text[0]) if person and text else None
    rest = text[1:] if surname else text
    read: list[str] = []
    if rest:
        read = _reader().lazy_pinyin(rest.lower(), errors=lambda run: _OTHER + run.strip())
    syllables = [one for one in read if one != _OTHER]
    return [surname, *syllables] if surname else syllables
