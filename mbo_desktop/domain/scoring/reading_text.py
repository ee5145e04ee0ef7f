"""Scoring texts made plain: half-width signs, figures for numerals, and split into clauses."""

from __future__ import annotations

import re

from mbo_desktop.domain.chinese_numerals import read_numeral
from mbo_desktop.domain.scoring.reading_words import AIM, LESS, MORE, N

_SIGNS = str.maketrans({
    "（": "(", "）": ")", "，": ",", "；": ";", "％": "%", "。": ";", "：": ":", "＝": "=", "－": "-",
    "–": "-", "～": "~", "＋": "+", "\n": ";", "\r": ";", "!": ";", "！": ";", "．": ".", "﹪": "%", "／": "/",
    "〔": "(", "〕": ")", "【": "(", "】": ")", "[": "(", "]": ")", "﹣": "-", "−": "-",
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
})
_NUMERALS = "一二两三四五六七八九十百"
_COUNTED = re.compile(
    rf"([{_NUMERALS}]+)(?=个?百分点|个百分|分(?!钟)|名|位|起|次|例|件|人|个|项(?!规定)|处|%|公顷|亩|万|亿|家|户|微克|天|批|条|篇|宗)"
)
_LEADS = re.compile(r"^(?:评分标准|计分办法|计分方法|考核办法|评分办法)[::]|^(?:其中|另外|同时|并且|并(?=实行)|即)[::,]?")
_WITHIN = re.compile(r"(?P<low>\d+(?:\.\d+)?)%?≤(?P<name>[^,;≤≥<>=\d]{1,16})<(?P<top>\d+(?:\.\d+)?)%")
"""「90%≤完成率<100%」."""
_BOTH = (
    re.compile(
        rf"每({MORE})(?:\(({LESS})\)|[/或、]({LESS}))({AIM}?的?\d+(?:\.\d+)?[^\d,;加扣减奖得的(]{{0,6}}),?的?"
        rf"(?:相应|分别)?(?:加|增加)分?(?:\((?:扣|减)分?\)|[/或、](?:扣|减))(\d+(?:\.\d+)?)分"
    ),
    re.compile(
        rf"每({LESS})(?:\(({MORE})\)|[/或、]({MORE}))({AIM}?的?\d+(?:\.\d+)?[^\d,;加扣减奖得的(]{{0,6}}),?的?"
        rf"(?:相应|分别)?(?:扣|减)分?(?:\((?:加|奖)分?\)|[/或、](?:加|奖))(\d+(?:\.\d+)?)分"
    ),
)
_EITHER_WAY = re.compile(rf"每增减({AIM}?的?\d+(?:\.\d+)?[^\d,;加扣减增]{{0,6}}),?(?:相应)?(?:增减|加减|加扣){N}分")


def plain_text(text: str) -> str:
    """Half-width signs, figures for counted numerals, 「每超(低)1%加(扣)1分」 written out as two clauses."""
    plain = re.sub(r"[ \t　\xa0]+", "", text.translate(_SIGNS))
    plain = re.sub(rf"百分之([{_NUMERALS}]+|\d+(?:\.\d+)?)", lambda match: f"{_digits(match.group(1))}%", plain)
    plain = re.sub(
        rf"(?<=第)[{_NUMERALS}](?:、[{_NUMERALS}])+(?=名|位)",
        lambda match: "、".join(_digits(one) for one in match.group(0).split("、")), plain,
    )
    plain = re.sub(r"零点([一二三四五六七八九])分", lambda match: f"0.{_digits(match.group(1))}分", plain)
    plain = re.sub(r"(?<=[得计记])(?:(?:基本分|满分|分值)的)?一半(?:的)?(?:分值|分数|分)?", "50%的分", plain)
    plain = plain.replace("加半分", "加0.5分").replace("扣半分", "扣0.5分").replace("减半分", "减0.5分")
    plain = _COUNTED.sub(lambda match: _digits(match.group(1)), plain)
    plain = _WITHIN.sub(r"\g<name>\g<low>%以上-\g<top>%", plain.replace("<=", "≤").replace(">=", "≥"))
    plain = re.sub(r"≥(?=\d)", "达到", re.sub(r"<(?=\d)", "低于", plain))
    plain = re.sub(rf"第([{_NUMERALS}]+)(?=的?[得计])", lambda match: f"第{_digits(match.group(1))}", plain)
    plain = re.sub(r"个?千分点", "‰", plain)
    plain = re.sub(r"(?:个)?百分点", "pp", plain)
    plain = re.sub(r"(\d)个(?=pp|%)", r"\1", plain)
    plain = re.sub(r"每(低于|高于|超过|超出|少于|超|低|高)(?:个)?(?=pp)", r"每\g<1>1", plain)
    plain = _BOTH[0].sub(lambda m: f"每{m[1]}{m[4]}加{m[5]}分;每{m[2] or m[3]}{m[4]}扣{m[5]}分", plain)
    plain = _BOTH[1].sub(lambda m: f"每{m[1]}{m[4]}扣{m[5]}分;每{m[2] or m[3]}{m[4]}加{m[5]}分", plain)
    return _EITHER_WAY.sub(lambda m: f"每增加{m[1]}加{m[2]}分;每减少{m[1]}扣{m[2]}分", plain)


def _digits(numeral: str) -> str:
    value = 2 if numeral == "两" else read_numeral(numeral)
    return numeral if value is None else str(value)


def clauses_of(plain: str) -> list[str]:
    """The clauses, split at commas and stops; a clause goes on where the next begins with what is given."""
    return [one for part in re.split(r"[;,]", plain) if (one := _LEADS.sub("", part.strip()))]
