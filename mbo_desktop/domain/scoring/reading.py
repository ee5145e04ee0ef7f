"""An office's scoring text as a proposed rule: 「完成得基本分;每增加1%加0.5分,加至基本分为止;每少1%扣1分,扣完为止」.

Clause by clause; a rule is proposed only when every clause was understood and everything that was
said went into the rule. What was assumed is said, nothing is taken as read: somebody confirms it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from mbo_desktop.domain.scoring.attainment import Bands, Met, Ratio, Steps
from mbo_desktop.domain.scoring.combining import Proven, When
from mbo_desktop.domain.scoring.facts import HUNDRED, ZERO
from mbo_desktop.domain.scoring.reading_clauses import (
    Said,
    Step,
    clauses_of,
    plain_text,
    read_clause,
)
from mbo_desktop.domain.scoring.relative import Efficacy, Rank
from mbo_desktop.domain.scoring.tallies import Events, Given
from mbo_desktop.domain.units import conversion, exact_decimal
from mbo_desktop.errors import InputError

_LONGEST = 3
"""Clauses that may make one statement together: 「完成90%以上的,」「得8分」."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule proposed from words. rule None: not understood; unread: what was left over."""

    rule: Any
    sentence: str
    unread: str
    doubts: tuple[str, ...] = ()
    """What the words leave open, and how it was taken."""
    below_is_better: bool | None = None
    """Whether the words reward staying below the target; None: they do not say."""


def propose(text: str, full: Decimal, unit: str = "") -> Proposal:
    """The rule that a scoring text states. full: 分值 of the item; unit: the indicator's unit of measure.

    rule None when any clause was not understood, something said found no place in a rule, or
    clauses contradict each other.
    """
    clauses = clauses_of(plain_text(text))
    if not clauses:
        return Proposal(None, "", "")
    said = Said(full, unit)
    unread = _read_all(clauses, said)
    if unread:
        return Proposal(None, "", "；".join(unread))
    if said.clashes:
        return Proposal(None, "", text.strip(), ("几处说法互相矛盾,或不是按本指标的目标计分",))
    falls = said.facts.get("falls")
    subject = said.take("subject")
    if subject is not None:
        said.doubt(f"“{subject}”应就是本指标")
    try:
        rule = _rule(said)
        if rule is not None and said.take("proven"):
            rule = Proven(rule)
    except InputError as error:
        return Proposal(None, "", text.strip(), (error.what,))
    if rule is None or said.facts:
        return Proposal(None, "", text.strip(), tuple(said.doubts))
    for one in said.vetoes:
        said.doubt(f"“{one}”不改变得分,请另在一票否决中登记")
    return Proposal(rule, rule.sentence(), "；".join(said.vetoes), tuple(said.doubts), falls)


def _read_all(clauses: list[str], said: Said) -> list[str]:
    """What was not understood; a clause that says nothing alone is tried together with the next ones."""
    unread, at = [], 0
    while at < len(clauses):
        for length in range(1, _LONGEST + 1):
            together = clauses[at:at + length]
            if len(together) == length and any(
                read_clause(joint.join(together), said) for joint in (("", "的") if length > 1 else ("",))
            ):
                at += length
                break
        else:
            unread.append(clauses[at])
            at += 1
    return unread


# From what was said to a rule -----------------------------------------------------


def _rule(said: Said) -> Any:
    facts = said.facts
    steps = "over" in facts or "under" in facts
    ranked = bool(said.places) or "ranked_by" in facts or "per_place" in facts
    kinds = ("whole" in facts, bool(said.events), ranked, steps, "ratio" in facts)
    only_full = [points for low, points in said.bands if low == HUNDRED] if len(said.bands) == 1 else []
    if only_full and (steps or "ratio" in facts or facts.get("shortfall") == "ratio") and facts.get("of") == "ratio":
        # 「完成率达到100%得满分」 beside steps is what reaching the target gives.
        said.bands.clear()
        said.put("base", only_full[0])
    if sum(kinds) + bool(said.bands) > 1 or said.clashes:
        return None
    if kinds[0]:
        return Efficacy() if said.take("whole") == "efficacy" else Given()
    if kinds[1]:
        return _events(said)
    if ranked:
        return _rank(said)
    if said.bands:
        return _bands(said)
    if steps:
        return _steps(said)
    return _ratio(said) if kinds[4] else _plain_rule(said)


def _events(said: Said) -> Any:
    if len({kind for kind, _ in said.events}) != len(said.events):
        return None
    said.take("none_is_full")
    if said.take("floor") is None:
        said.doubt("没有写扣完为止,按最低0分")
    cap = said.take("loss_cap")
    floor = ZERO if cap is None else max(said.full - cap, ZERO)
    return Events(tuple(said.events), floor=floor)


def _rank(said: Said) -> Any:
    of = said.take("ranked_by", "actual")
    said.doubt({"actual": "在本考核组内按实绩排名", "growth": "在本考核组内按增幅排名", "ratio": "在本考核组内按完成率排名"}[of])
    step, rest = said.take("per_place"), said.take("rest")
    if step is None:
        if rest is None:
            said.doubt("没有写其余名次得多少分")
            return None
        return Rank(of=of, rows=tuple(sorted(said.places.items())), rest=rest)
    if said.places != {1: said.full} or rest is not None or not said.full:
        return None
    less, unit = step
    if unit == "分":
        share = less * HUNDRED / said.full
        if share != share.quantize(Decimal("0.000001")):
            return None
        said.doubt(f"每低1位少{less}分,折合分值的{share.normalize():f}%")
        less = share.normalize() if share % 1 else Decimal(int(share))
    return Rank(of=of, less=less)


def _bands(said: Said) -> Any:
    rows = dict(said.bands)
    if len(rows) != len(said.bands):
        return None
    of = said.take("of", "ratio")
    base, cutoff = said.take("base"), said.take("cutoff")
    if base is not None:
        if of != "ratio" or rows.get(HUNDRED, base) != base:
            return None
        rows[HUNDRED] = base
    lows = sorted(rows)
    # A band that names its upper end must end where the next one begins.
    for low, top in said.tops:
        above = [one for one in lows if one > low]
        if top <= low or (above and above[0] != top) or (not above and top != HUNDRED):
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
    base, failed, cutoff = said.take("base"), said.take("shortfall"), said.take("cutoff")
    of = said.take("of", "ratio")
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
    cutoff, of = said.take("cutoff"), said.take("of", "ratio")
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


# Steps ----------------------------------------------------------------------------


def _steps(said: Said) -> Any:
    over, under = said.take("over"), said.take("under")
    failed, cutoff, of = said.take("shortfall"), said.take("cutoff"), said.take("of", "ratio")
    falls = said.take("falls")
    if failed is not None and under is not None:
        return None
    said_steps = [one for one in (over, under) if one is not None]
    parts = [part for one in said_steps if (part := _measured(said, one)) is not None]
    if len(parts) < len(said_steps):
        return None
    facts = _caps(said, has_over=over is not None, has_under=under is not None)
    if facts is None:
        return None
    if over is not None:
        facts |= _over_facts(said, parts[0], facts)
    if under is not None:
        facts |= _under_facts(said, parts[-1])
    elif failed is not None:
        facts["under"] = failed
    elif said.take("rest") is not None:
        facts["under"] = "zero"
    else:
        facts["under"] = "zero"
        said.doubt("没有写未完成怎样计分,按不得分")
    said.doubt("“每”按整步计算,不足一步不计")
    measures = {measure for _size, measure, _points in parts}
    rule: Any = _two_measures(facts, parts, falls=falls) if len(measures) > 1 else Steps(measure=parts[0][1], **facts)
    if cutoff is not None:
        if falls or (cutoff > HUNDRED and of == "ratio"):
            return None
        rule = When(of, ">=", f"{cutoff:f}", rule)
    return rule


def _caps(said: Said, *, has_over: bool, has_under: bool) -> dict[str, Any] | None:
    """Base points and the caps as parameters; None when they contradict each other."""
    base = said.take("base")
    facts: dict[str, Any] = {}
    if base is None:
        base = said.full
        said.doubt("没有写完成得多少分,按完成得基本分")
    elif base != said.full:
        in_points = said.base_in_points or not said.full
        facts |= {"base_points": base} if in_points else {"base_share": base / said.full}
        if base > said.full:
            said.doubt(f"文字写完成得{base:f}分,多于分值{said.full:f}分")
    share = said.take("gain_cap_share")
    caps = _gain_caps(said, base)
    if said.take("no_bonus"):
        # 「最高不超过分值」 where reaching the target gives less than W.
        caps.append(said.full - base)
    open_end = said.take("no_cap")
    ways = len(set(caps)) + (share is not None) + bool(open_end)
    if ways > 1 or any(one <= 0 for one in caps) or (ways and not has_over):
        return None
    if share is not None:
        facts["gain_cap_share"] = share
    if open_end:
        facts["gain_cap"] = None
    if caps:
        facts["gain_cap"] = caps[0]
    loss_cap = said.take("loss_cap")
    if loss_cap is not None:
        if not has_under:
            return None
        facts["loss_cap"] = loss_cap
    return facts


def _gain_caps(said: Said, base: Decimal) -> list[Decimal]:
    """All caps that were said, as points above the base."""
    caps = [said.take("gain_cap")]
    total, bare, share = said.take("total_cap"), said.take("bare_cap"), said.take("total_share")
    if total is not None:
        caps.append(total - base)
    if said.take("total_full"):
        caps.append(said.full - base)
    if bare is not None:
        said.doubt(f"“{bare:f}分封顶”按" + ("得分封顶计" if bare > base else "加分封顶计"))
        caps.append(bare - base if bare > base else bare)
    if share is not None:
        said.doubt(f"“最高为基本分的{share * HUNDRED:f}%”按" + ("得分封顶计" if share > 1 else "加分封顶计"))
        caps.append(share * said.full - base if share > 1 else share * said.full)
    return [one for one in caps if one is not None]


def _over_facts(said: Said, part: Step, facts: dict[str, Any]) -> dict[str, Any]:
    if not facts.keys() & {"gain_cap", "gain_cap_share"}:
        said.doubt("加分没有写上限,按不封顶")
    return {"over_step": part[0], "gain": part[2]}


def _under_facts(said: Said, part: Step) -> dict[str, Any]:
    if said.take("floor") is None:
        said.doubt("没有写扣完为止,按最低0分")
    return {"under_step": part[0], "loss": part[2]}


def _two_measures(facts: dict[str, Any], parts: list[Step], *, falls: bool) -> When:
    """Steps over and under that are measured in different ways: a rule for either side."""
    side = {"over_step", "gain", "gain_cap", "gain_cap_share"}, {"under_step", "loss", "loss_cap", "under"}
    above = Steps(measure=parts[0][1], **{name: value for name, value in facts.items() if name not in side[1]})
    below = Steps(measure=parts[1][1], **{name: value for name, value in facts.items() if name not in side[0]})
    return When("actual", "<=" if falls else ">=", "target", above, below)


def _measured(said: Said, step: Step) -> Step | None:
    """The step with the code of its measure, in the indicator's unit."""
    size, unit, points = step
    if unit == "目标%":
        return (size, "percent", points)
    if unit in ("%", "pp"):
        if unit == "pp" and said.unit and not said.is_rate:
            said.doubt("指标不是百分数,“百分点”按目标的百分比计")
        return (size, "auto", points)
    if not unit:
        # A bare number is a step in the indicator's own unit.
        return (size, "amount", points)
    if not said.unit or unit == said.unit:
        if not said.unit:
            said.doubt(f"步长的单位“{unit}”应与指标的计量单位一致")
        return (size, "amount", points)
    factor = conversion(unit, said.unit)
    exact = None if factor is None else exact_decimal(factor)
    return None if exact is None else (size * exact, "amount", points)
