"""Clauses about places in a ranking, events that are counted, and grades that are given."""

from __future__ import annotations

import re
from decimal import Decimal

from mbo_desktop.domain.scoring.facts import HUNDRED, ZERO
from mbo_desktop.domain.scoring.reading_said import Act, Said, compiled, number, put, worth
from mbo_desktop.domain.scoring.reading_words import (
    FULL,
    GETS,
    NOTHING,
    PLACE,
    POINTS,
    TAKES,
    TIMES,
    WORTH,
    N,
)

# Places ------------------------------------------------------------------------------


def _ranked(said: Said, words: str | None) -> None:
    """By what, and among whom, the units are ranked."""
    if words is None:
        return
    if re.search(r"省|国", words):
        if not re.search(r"全省|省内", words) or "国" in words:
            said.clashes = True
        said.put("among", "省内位次")
        return
    if re.search(r"区域|得分|综合|考核|考评|测评|总分", words):
        # A rank by something else than this figure.
        said.clashes = True
    of = "growth" if "增" in words and not said.is_rate else "ratio" if "完成" in words and not said.is_completion else "actual"
    if re.search(r"增|完成|排名|排序|位次|名次", words) or of != "actual":
        said.put("ranked_by", of)


def _ranked_by(said: Said, match: re.Match[str]) -> None:
    said.put("ranks")
    _ranked(said, f"{match.group(1)}排名")


def _place_rows(said: Said, match: re.Match[str]) -> None:
    who, first, last, *groups = match.groups()
    _ranked(said, who)
    points, _whole = worth(said, tuple(groups))
    start, end = int(first), int(last or first)
    if not 0 < start <= end <= start + 60:
        said.clashes = True
        return
    for place in range(start, end + 1):
        _place(said, place, points)


def _first_places(said: Said, match: re.Match[str]) -> None:
    who, count, *groups = match.groups()
    _ranked(said, who)
    points, _whole = worth(said, tuple(groups))
    for place in range(1, min(int(count), 60) + 1):
        _place(said, place, points)


def _last_places(said: Said, match: re.Match[str]) -> None:
    who, count, *groups = match.groups()
    _ranked(said, who)
    points = worth(said, tuple(groups))[0] if any(groups) else ZERO
    for place in range(1, min(int(count), 60) + 1):
        _place(said, -place, points)


def _places_in_turn(said: Said, match: re.Match[str]) -> None:
    _ranked(said, match.group(1))
    listed = match.group(2).split("、") if match.group(2) else [str(one) for one in range(1, int(match.group(3)) + 1)]
    points = match.group(4).split("、")
    if len(listed) != len(points):
        said.clashes = True
        return
    for place, value in zip(listed, points, strict=True):
        _place(said, int(place), Decimal(value.removesuffix("分")))


def _after(said: Said, match: re.Match[str]) -> None:
    place, own, *groups = match.groups()
    said.put("rest", worth(said, tuple(groups))[0])
    said.put("rest_from", int(place) + (0 if own else 1))


def _place(said: Said, place: int, points: Decimal) -> None:
    if said.places.setdefault(place, points) != points:
        said.clashes = True


def _per_place(said: Said, match: re.Match[str]) -> None:
    said.put("per_place", (Decimal(match.group(1)), match.group(2)))


_WHO = (
    r"((?:按|根据|依据)?(?!.*(?:完成目标|且))[^,;\d得扣]{0,18}?(?:排名|排序|位居|名列|位列|排在|列|居|排)"
    r"(?:全省|省内|全市|全县|全区|本组|同组|同类|各县\(市、区\)|各县区|各乡镇|本考核组)?)?"
)
_DROPS = r"(?:低|降|降低|下降|后移|退|退后|靠后|递减)"
PLACES = compiled((
    (r"(?:根据|依据|按|按照)([^,;\d]{0,12}?)(?:从高到低|由高到低|由大到小|从大到小)?(?:进行)?(?:排名|排序|位次|名次)(?:计分|赋分|得分|排序)?", _ranked_by),
    (rf"{_WHO}(?:排名|排)?第?(\d+)(?:{PLACE}?(?:-|—|~|至|到)第?(\d+))?{PLACE}(?:的)?{GETS}{WORTH}", _place_rows),
    (rf"{_WHO}第(\d+)()的?{GETS}{WORTH}", _place_rows),
    (rf"{_WHO}前(\d+){PLACE}(?:以内)?(?:的)?(?:均)?{GETS}{WORTH}", _first_places),
    (rf"{_WHO}(?:后|末|最后|倒数|倒数后)(\d+){PLACE}的?(?:{NOTHING}|{GETS}{WORTH})", _last_places),
    (rf"{_WHO}第(\d+(?:、\d+)+)(){PLACE}(?:的)?(?:分别|依次){GETS}(\d+(?:\.\d+)?分?(?:、\d+(?:\.\d+)?分?)+)分?", _places_in_turn),
    (rf"{_WHO}()前(\d+){PLACE}(?:的)?(?:分别|依次){GETS}(\d+(?:\.\d+)?分?(?:、\d+(?:\.\d+)?分?)+)分?", _places_in_turn),
    (rf"(?:排名|位次|名次)?第?(\d+){PLACE}(?:\(不含\))?(?:(及以后|及以下|及之后)|以后|之后|以下|以外)(?:的)?{GETS}{WORTH}", _after),
    (rf"(?:以后|其后|之后|以下|排名|位次|名次)?(?:每|依次每){_DROPS}1(?:名|位|个位次|个名次)(?:的)?(?:依次)?(?:减|扣|少得|递减|减少|扣减|少){N}(分|%)", _per_place),
    (rf"(?:以后|其后|其余|其余名次|之后|以下)?依次(?:递减|减少|扣减|减){N}(分|%)", _per_place),
    (r"(?:以后|其后|其余|其余名次|之后|以下)?依次(?:递减|类推|减少)", put("in_turn")),
))

# Events ------------------------------------------------------------------------------

_NO_TARGET = r"(?!.*(?:完成|达到|上年|去年|同期|同比|平均|另行|低于|高于|少于|多于|不足|不到|增加|增长|提高|下降|降低|上升|减少|名次|位次|每(?:[少多低高]|缺(?![席勤])|超(?![期时限]))|[每低高少多]目标))"
"""Words that compare with a target: such a clause counts no events."""
_HAPPENS = r"(?:凡|如|若)?(?:每)?(?:发生|出现|查实|发现|造成|有)"
_WORDS = r"((?:\d+强|[^\d,;:%扣加减每得]){0,18}?)"


def _event(sign: int) -> Act:
    def act(said: Said, match: re.Match[str]) -> None:
        *words, points, share, plain_share = match.groups()
        kind = "".join(one for one in words if one).strip("的、") or "发生"
        value = Decimal(points) if points else said.full * Decimal(share or plain_share or 0) / HUNDRED
        said.events.append((kind, sign * value))
        if sign > 0:
            said.put("earned" if re.search(r"得\d+(?:\.\d+)?分$", match.group(0)) else "added")

    return act


def _event_once(said: Said, match: re.Match[str]) -> None:
    _event(-1)(said, match)
    said.doubt(f"“{match.group(1).strip('的')}”没有写每次,按发现1次扣1次")


def _none(said: Said, match: re.Match[str]) -> None:
    """「未发生得满分」."""
    if match.group(1) is not None and Decimal(match.group(1)) != said.full:
        said.clashes = True
    said.put("none_is_full")


def _event_all(said: Said, match: re.Match[str]) -> None:
    said.events.append((match.group(1).strip("的"), -said.full))


_POOR = r"(?:不及时|不到位|不完善|不规范|不健全|不齐全|不完整|不准确|不符合要求|不实|不力|滞后|缺失|弄虚作假)"
EVENTS = compiled((
    (rf"{_NO_TARGET}{_HAPPENS}1个?{TIMES}{_WORDS}的?{TAKES}{POINTS}", _event(-1)),
    (rf"{_NO_TARGET}{_HAPPENS}{_WORDS}1个?{TIMES}的?{TAKES}{POINTS}", _event(-1)),
    (rf"{_NO_TARGET}每(漏|漏报|迟|迟报|误|错|退回|退办|瞒报|缺席|逾期|超期|超时|被|受到?|亮|旷工|投诉){_WORDS}1个?{TIMES}{_WORDS}的?{TAKES}{POINTS}", _event(-1)),
    (rf"{_NO_TARGET}(被|受到?){_WORDS}1个?{TIMES}的?{TAKES}{POINTS}", _event(-1)),
    (rf"{_NO_TARGET}([^\d,;:%扣加减每得分]{{2,18}}?)每?1个?{TIMES}的?{TAKES}{POINTS}", _event(-1)),
    (rf"{_NO_TARGET}([^\d,;:%扣加减每得分]{{2,16}}?)每((?:亮|出现|发生|发现|有)?)1?个?{TIMES}([^\d,;:%扣加减每得分]{{2,12}}?)的?{TAKES}{POINTS}", _event(-1)),
    (rf"(?!未?完成|未?达|不足|少|低|缺|超|多|高)([^\d,;:%扣加减每得分]{{2,16}}?)的?每{TIMES}{TAKES}{POINTS}", _event(-1)),
    (rf"{_NO_TARGET}((?:未|没有|无)[^\d,;:%扣加减每得分]{{2,16}}?)的{TAKES}{POINTS}", _event_once),
    (rf"{_NO_TARGET}([^\d,;:%扣加减每得分]{{2,14}}?{_POOR})的?{TAKES}{POINTS}", _event_once),
    (rf"(?:凡|每)?发生([^\d,;:%扣加减每]{{2,16}}?)(?:1{TIMES})?的?{NOTHING}", _event_all),
    (rf"{_NO_TARGET}1个?{TIMES}([^\d,;:%扣加减每得分]{{2,18}}?)的?{TAKES}{POINTS}", _event(-1)),
    (rf"(?:未|没有|无)(?:发生|出现|事故)[^\d,;:%扣加减]{{0,12}}?的?{GETS}(?:{FULL}|{N}分)", _none),
    (rf"{_NO_TARGET}每([^\d,;:%扣加减每得]{{0,12}}?)1个?{TIMES}{_WORDS}的?(?:加|得|计|记|奖励){POINTS}", _event(1)),
    (rf"{_NO_TARGET}([^\d,;:%扣加减每得]{{2,16}}?)每([^\d,;:%扣加减每得]{{0,8}}?)1个?{TIMES}的?(?:加|得|计|记|奖励){POINTS}", _event(1)),
    (rf"{_NO_TARGET}([^\d,;:%扣加减每得]{{2,16}}?)1{TIMES}的?(?:加|得|计|记|奖励){POINTS}", _event(1)),
    (rf"{_NO_TARGET}(?:获得|获|受到?)?((?:被|受)?[^\d,;:%扣加减每得]{{0,14}}(?:表彰|表扬|奖励|荣誉|肯定|推广|采用))的?(?:加|得|计|记){POINTS}", _event(1)),
    (rf"(?:最低|最少)(?:得|计|不低于|为)?{N}分", number("least")),
    (r"(?:多[^,;:\d扣]{0,6})?(?:按数量)?累计(?:得分|加分|计分)", put("adds_up")),
    (r"同一(?:事项|项目|工作|内容|奖项)(?:获多[项次个][^,;\d]{0,8})?(?:的)?(?:只|仅)?(?:按|取|以)最高(?:级别|奖项|层级|等次|分|一项|项)?(?:计分|计|加分|计算|记分)?|不(?:重复|累计)(?:加分|计分|计算)", put("once")),
))

# Grades ------------------------------------------------------------------------------

_GRADE = (
    r"(超额完成|基本完成|优秀|良好|较好|一般|较差|基本合格|不合格|合格|基本达标|不达标|优等|优|良|中|好|差|[A-Ea-e])"
    r"(?:等次|档次|等级|级|等|档)?(?:的|者)?"
)
_LISTED = r"(?:优秀|良好|较好|一般|较差|基本合格|不合格|合格|好|差|[A-E]级?)"


def _grade(said: Said, match: re.Match[str]) -> None:
    word, *groups = match.groups()
    said.grades.append((word, worth(said, tuple(groups))[0] if any(groups) else ZERO))


def _grades_in_turn(said: Said, match: re.Match[str]) -> None:
    words, points = match.group(1).split("、"), match.group(2).split("、")
    if len(words) != len(points):
        said.clashes = True
        return
    said.grades += [(word.removesuffix("级"), Decimal(one.removesuffix("分"))) for word, one in zip(words, points, strict=True)]


GRADES = compiled((
    (rf"(?:评为|评定为|考核结果为|考评|被评为|为)?{_GRADE}(?:{NOTHING}|{GETS}{WORTH})", _grade),
    (rf"({_LISTED}(?:、{_LISTED})+)(?:等次|的)?(?:分别|依次){GETS}(\d+(?:\.\d+)?分?(?:、\d+(?:\.\d+)?分?)+)分?", _grades_in_turn),
))
