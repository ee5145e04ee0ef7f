"""From what a scoring text says to a rule; None where the words leave no rule that can be stated exactly."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

from mbo_desktop.domain.scoring.attainment import Bands, Met, Ratio, Steps
from mbo_desktop.domain.scoring.combining import Fixed, When
from mbo_desktop.domain.scoring.facts import HUNDRED, ZERO
from mbo_desktop.domain.scoring.reading_said import Said
from mbo_desktop.domain.scoring.reading_steps import floor_of, steps_rule
from mbo_desktop.domain.scoring.relative import Efficacy, Rank
from mbo_desktop.domain.scoring.tallies import Events, Given, Grade

_MOST_PLACES = 60
"""Places that are listed one by one; more are no table anybody checks."""


def rule_of(said: Said) -> Any:
    """The one kind of rule that all of it is about; what it uses is taken out of `said`."""
    facts = said.facts
    steps = "over" in facts or "under" in facts
    ranked = bool(said.places) or bool(facts.keys() & {"ranked_by", "per_place", "ranks"})
    _settle_bands(said, steps=steps)
    kinds = (
        "whole" in facts, bool(said.events), ranked, steps, "ratio" in facts or "over_ratio" in facts,
        "each" in facts, bool(said.bands), bool(said.grades), bool(said.turns) and not steps, "against" in facts and not steps,
    )
    if sum(kinds) > 1 or said.clashes:
        return None
    if kinds[0]:
        return Efficacy() if said.take("whole") == "efficacy" else Given()
    makers = (None, _events, _rank, steps_rule, _ratio, _each, _bands, _grade, _turns, _mean)
    return next((maker(said) for kind, maker in zip(kinds, makers, strict=True) if kind and maker), None) if any(
        kinds) else _plain_rule(said)


def _settle_bands(said: Said, *, steps: bool) -> None:
    """A single band beside steps or a proportion says where full points begin."""
    if len(said.bands) != 1:
        return
    (low, points), of = said.bands[0], said.facts.get("of")
    by_ratio = "ratio" in said.facts or said.facts.get("shortfall") == "ratio"
    if low == HUNDRED and of == "ratio" and (steps or by_ratio):
        # 「完成率达到100%得满分」 beside steps is what reaching the target gives.
        said.bands.clear()
        said.put("base", points)
    elif (steps or (by_ratio and of == "actual" and "ratio" not in said.facts)) and not said.tops and "level" not in said.facts:
        said.bands.clear()
        if of == "growth":
            said.take("since_base")
        said.base_in_points = said.base_in_points or points != said.full
        said.put("base", points)
        said.put("level", (of, low))


def _events(said: Said) -> Any:
    if len({kind for kind, _ in said.events}) != len(said.events):
        return None
    earned, added = said.take("earned"), said.take("added")
    said.take("adds_up")
    if said.take("once"):
        said.doubt("同一事项只按最高的登记一次")
    if all(points > 0 for _, points in said.events):
        return _earnings(said, earned=bool(earned) and not added)
    if any(points > 0 for _, points in said.events):
        return None
    said.take("none_is_full")
    base = said.take("base")
    if base not in (None, said.full):
        return None
    end = floor_of(said)
    cap = said.take("loss_cap")
    if end is None and cap is not None:
        return None
    return Events(tuple(said.events), floor=end if cap is None else max(said.full - cap, ZERO))


def _earnings(said: Said, *, earned: bool) -> Any:
    """Points from 0 upward: 「每采用1条得0.5分,最高5分」; with 加 only where the most is all of W."""
    caps = {one for name in ("gain_cap", "bare_cap", "total_cap") if (one := said.take(name)) is not None}
    if said.take("total_full") or said.take("no_bonus"):
        caps.add(said.full)
    if len(caps) > 1 or (caps and min(caps) <= 0):
        return None
    cap = caps.pop() if caps else None
    if cap != said.full and not earned:
        # 「每项加2分,最高6分」 of an item of 10: nobody knows where it begins.
        return None
    if cap is None:
        said.doubt("没有写最高得多少分,按不超过分值")
        cap = said.full
    said.doubt("从0分起按次数计分")
    return Events(tuple(said.events), start=ZERO, floor=None, cap=None if cap == said.full else cap, cap_is_full=cap == said.full)


def _rank(said: Said) -> Any:
    of = said.take("ranked_by", "actual")
    said.take("ranks")
    said.take("floor")
    said.doubt({"actual": "在本考核组内按实绩排名", "growth": "在本考核组内按增幅排名", "ratio": "在本考核组内按完成率排名"}[of])
    step, rest, least = said.take("per_place"), said.take("rest"), said.take("least")
    step = _step_in_turn(said) if step is None and said.take("in_turn") else step
    after = said.take("rest_from")
    ahead = sorted(place for place in said.places if place > 0)
    if after is not None and after != max(ahead, default=0) + 1:
        return None
    if step is None:
        if rest is None or least is not None:
            said.doubt("没有写其余名次得多少分")
            return None
        return Rank(of=of, rows=tuple(sorted(said.places.items(), key=lambda one: (one[0] < 0, one[0]))), rest=rest)
    if rest is not None or not said.full or len(ahead) != len(said.places) or ahead != list(range(1, len(ahead) + 1)):
        return None
    less, unit = step
    points = less if unit == "分" else said.full * less / HUNDRED
    if said.places == {1: said.full} and (share := _share_of(points, said.full)) is not None:
        if unit == "分":
            said.doubt(f"每低1位少{less}分,折合分值的{share.normalize():f}%")
        return Rank(of=of, less=share, least=least or ZERO)
    return _listed_places(said, of, points, least or ZERO) if said.places else None


def _share_of(points: Decimal, full: Decimal) -> Decimal | None:
    """Points per place as % of W; None where that does not end."""
    share = points * HUNDRED / full
    if share != share.quantize(Decimal("0.000001")):
        return None
    return share.normalize() if share % 1 else Decimal(int(share))


def _step_in_turn(said: Said) -> tuple[Decimal, str] | None:
    """「第一名10分,第二名9分,依次递减」: the step that the places named make, when it is the same."""
    listed = [said.places[place] for place in sorted(said.places) if place > 0]
    gaps = {one - other for one, other in pairwise(listed)}
    if len(gaps) != 1 or min(gaps) <= 0:
        return None
    step = gaps.pop()
    said.doubt(f"“依次递减”按每低1位少{step:f}分")
    first = said.places.get(1)
    if first == said.full and len(said.places) == len(listed):
        said.places = {1: first}
    return step, "分"


def _listed_places(said: Said, of: str, less: Decimal, least: Decimal) -> Rank | None:
    rows = dict(said.places)
    place = max(rows)
    points = rows[place] - less
    while points > least and place < _MOST_PLACES:
        place += 1
        rows[place] = points
        points -= less
    if points > least:
        return None
    return Rank(of=of, rows=tuple(sorted(rows.items())), rest=least)


def _each(said: Said) -> Any:
    """「每完成1亿元得1分,最高10分」: counted from 0, whatever the target."""
    size, points = said.take("each")
    caps = {one for name in ("bare_cap", "total_cap", "gain_cap") if (one := said.take(name)) is not None}
    if said.take("total_full") or said.take("no_bonus"):
        caps.add(said.full)
    if len(caps) > 1 or (caps and min(caps) <= 0):
        return None
    if not caps:
        said.doubt("没有写最高得多少分,按不超过分值")
    said.doubt("从0起计算,与目标无关")
    said.doubt("“每”按整步计算,不足一步不计")
    return Steps(
        reference="0", base_points=ZERO, over_step=size, gain=points, gain_cap=caps.pop() if caps else said.full,
        measure="amount", under="zero",
    )


def _grade(said: Said) -> Any:
    rows = list(said.grades)
    base, failed = said.take("base"), said.take("shortfall")
    if base is not None or failed is not None:
        if said.unit or failed not in (None, "zero") or base is None:
            return None
        rows += [("完成", base), ("未完成", ZERO)]
    if said.take("rest") is not None:
        return None
    said.doubt("完成状态逐个单位认定" if base is not None else "等次逐个单位填写")
    return Grade(tuple(rows), as_points=True)


def _fixed(said: Said, points: Decimal) -> Fixed:
    return Fixed(share=Decimal(1)) if points == said.full else Fixed(points)


def _turns(said: Said) -> Any:
    """Above, at or below last year's figure."""
    said.take("turns")
    if not said.take("since_base"):
        return None
    rest = said.take("rest")
    if rest is None and len(said.turns) < 3:
        said.doubt("没有写到的情形(与上年相比增长、持平、下降)按不得分")
    up, level, down = (said.turns.get(side, rest or ZERO) for side in (1, 0, -1))
    below = None if not down else _fixed(said, down)
    if up == level:
        return When("actual", ">=", "base", _fixed(said, up), below)
    if level == down:
        return When("actual", ">", "base", _fixed(said, up), below)
    return When("actual", ">", "base", _fixed(said, up), When("actual", "=", "base", _fixed(said, level), below))


def _mean(said: Said) -> Any:
    """Better or worse than a mean, without steps."""
    mean, better, worse, rest = said.take("against"), said.take("better"), said.take("worse"), said.take("rest")
    said.take("falls")
    if better is None or (worse is not None and rest is not None):
        return None
    sign, points = better
    if worse is None:
        worse = ("<", ZERO if rest is None else rest)
        if rest is None:
            said.doubt("没有写低于平均怎样计分,按不得分")
    if (sign == ">=") == (worse[0] == "<="):
        if sign == ">=":
            return None
    elif sign == ">":
        said.doubt("没有写与平均持平怎样计分,按低于平均计")
    if worse[1] is None:
        if points != said.full:
            return None
        return When("actual", sign, mean, Fixed(share=Decimal(1)), Ratio(reference=mean))
    return When("actual", sign, mean, _fixed(said, points), None if not worse[1] else _fixed(said, worse[1]))


def _bands(said: Said) -> Any:
    rows = dict(said.bands)
    if len(rows) != len(said.bands):
        return None
    of = said.take("of", "ratio")
    if of == "growth":
        said.doubt("增幅为比上年的增幅")
        said.take("since_base")
    base, cutoff = said.take("base"), said.take("cutoff")
    if base is not None:
        if of != "ratio" or rows.get(HUNDRED, base) != base:
            return None
        rows[HUNDRED] = base
    lows = sorted(rows)
    # A band that names its upper end must end where the next one begins.
    for low, top in said.tops:
        above = [one for one in lows if one > low]
        end = above[0] if above else HUNDRED
        if top == end - 1 and top % 1 == 0:
            # 「90%—99%」 under a band that begins at 100 %.
            said.doubt(f"{low:f}%—{top:f}%按{low:f}%以上、不足{end:f}%计")
        elif top <= low or top != end:
            return None
    if cutoff is not None and cutoff != lows[0]:
        return None
    rest = said.take("rest")
    failed = said.take("shortfall")
    if rest or (failed is not None and not (failed == "zero" and lows[0] == HUNDRED)):
        return None
    if cutoff is None and rest is None and failed is None:
        said.doubt(f"没有写{lows[0]}%以下怎样计分,按不得分")
    if any(rows[low] > rows[high] for low, high in pairwise(lows)):
        said.doubt("分档的分数不是越高越多,请核对")
    said.take("no_bonus")
    return Bands(tuple(sorted(rows.items(), reverse=True)), of=of)


def _ratio(said: Said) -> Any:
    said.take("ratio")
    over_ratio = said.take("over_ratio")
    base, failed, cutoff = said.take("base"), said.take("shortfall"), said.take("cutoff")
    of = said.take("of", "ratio")
    if said.is_completion:
        said.doubt("指标本身是完成率,按实绩占目标的比例计")
    if base not in (None, said.full) or failed not in (None, "ratio") or not said.full:
        return None
    if cutoff is not None and of != "ratio":
        return None
    said.take("floor")
    if cutoff is not None and (said.take("rest", ZERO) != 0 or cutoff > HUNDRED):
        return None
    caps = [one for one in (
        said.take("ratio_cap"), said.take("total_share"),
        _over_full(said.take("total_cap"), said.full), _over_full(said.take("bare_cap"), said.full),
        Decimal(1) if said.take("no_bonus") else None, Decimal(1) if said.take("total_full") else None,
    ) if one is not None]
    open_end = said.take("no_cap")
    if over_ratio:
        if failed != "ratio" or caps:
            return None
        gain, share = said.take("gain_cap"), said.take("gain_cap_share")
        if gain is None and share is None:
            said.doubt("加分没有写上限,按不封顶")
            return Ratio(cap=None, least=cutoff)
        caps = [1 + (share if gain is None else gain / said.full)]
    if len(set(caps)) > 1 or any(one < 1 for one in caps) or (caps and open_end):
        return None
    if open_end:
        return Ratio(cap=None, least=cutoff)
    if not caps:
        said.doubt("没有写超额怎样计分,按不超过分值")
    return Ratio(cap=caps[0] if caps else Decimal(1), least=cutoff)


def _over_full(points: Decimal | None, full: Decimal) -> Decimal | None:
    return None if points is None else points / full


def _plain_rule(said: Said) -> Any:
    base, failed, falls = said.take("base"), said.take("shortfall"), said.take("falls", False)
    cutoff, of, level = said.take("cutoff"), said.take("of", "ratio"), said.take("level")
    if level is not None:
        said.doubt(f"按{level[1]:f}{said.unit}计,不是按目标值")
        # 「控制在6‰以内得满分」 and nothing else.
        if base != said.full or cutoff is not None:
            return None
        low = f"{level[1]:f}"
        return Ratio(reference=low) if failed == "ratio" else Met(reference=low)
    if base not in (None, said.full) or (base is None and failed is None):
        return None
    said.take("no_bonus")
    if said.take("rest") is not None:
        failed = failed or "zero"
    if failed == "ratio":
        if cutoff is not None and (of != "ratio" or cutoff > HUNDRED):
            return None
        said.take("floor")
        return Steps(under="ratio") if falls else Ratio(least=cutoff)
    if cutoff is not None:
        return None
    if failed is None:
        said.doubt("没有写未完成怎样计分,按不得分")
    return Met()
