"""A rule of steps from what a scoring text says: base points, so much per step over and under, caps."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mbo_desktop.domain.scoring.attainment import Steps
from mbo_desktop.domain.scoring.combining import When
from mbo_desktop.domain.scoring.facts import HUNDRED, ZERO
from mbo_desktop.domain.scoring.reading_said import Said, Step
from mbo_desktop.domain.units import conversion, exact_decimal


def steps_rule(said: Said) -> Any:
    """Steps, or the rule on either side where the two are measured in different ways; None: not to be stated."""
    over, under = said.take("over"), said.take("under")
    from_where = _from_where(said, has_under=under is not None)
    if from_where is None:
        return None
    failed, cutoff, of = said.take("shortfall"), said.take("cutoff"), said.take("of", "ratio")
    falls = said.take("falls")
    if cutoff is not None and from_where.get("reference") == f"{cutoff:f}" and of == from_where.get("actual", "actual"):
        # 「完成80%以上得8分,每超过1%加0.1分,80%以下不得分」: one and the same end.
        cutoff, failed = None, failed or "zero"
    if failed is not None and under is not None:
        return None
    said_steps = [one for one in (over, under) if one is not None]
    parts = [part for one in said_steps if (part := _measured(said, one, from_where)) is not None]
    caps = _caps(said, has_over=over is not None, has_under=under is not None)
    if len(parts) < len(said_steps) or caps is None:
        return None
    facts = caps | from_where
    facts |= {} if over is None else _over_facts(said, parts[0], facts)
    facts |= {"under": _without_steps(said, failed)} if under is None else _under_facts(said, parts[-1])
    said.doubt("“每”按整步计算,不足一步不计")
    rule = _in_one(facts, parts, falls=falls, of_its_own=bool(from_where))
    if cutoff is None or rule is None:
        return rule
    if falls or (cutoff > HUNDRED and of == "ratio"):
        return None
    return When(of, ">=", f"{cutoff:f}", rule)


def _without_steps(said: Said, failed: str | None) -> str:
    """What a shortfall gives where it is not counted in steps."""
    rest = said.take("rest") if failed is None else None
    if failed is None and rest is None:
        said.doubt("没有写未完成怎样计分,按不得分")
    if rest:
        said.clashes = True
    return failed or "zero"


def _in_one(facts: dict[str, Any], parts: list[Step], *, falls: bool, of_its_own: bool) -> Any:
    """One rule where both sides are measured in one way, else one for either side of the target."""
    if len({measure for _size, measure, _points in parts}) == 1:
        return Steps(**{"measure": parts[0][1]} | facts)
    return None if of_its_own else _two_measures(facts, parts, falls=falls)


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
        said.facts.setdefault("floor", True)
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
    floor = floor_of(said)
    return {"under_step": part[0], "loss": part[2]} | ({} if floor is not None else {"floor": None})


def _two_measures(facts: dict[str, Any], parts: list[Step], *, falls: bool) -> When:
    """Steps over and under that are measured in different ways: a rule for either side."""
    side = {"over_step", "gain", "gain_cap", "gain_cap_share"}, {"under_step", "loss", "loss_cap", "under"}
    above = Steps(measure=parts[0][1], **{name: value for name, value in facts.items() if name not in side[1]})
    below = Steps(measure=parts[1][1], **{name: value for name, value in facts.items() if name not in side[0]})
    return When("actual", "<=" if falls else ">=", "target", above, below)


def floor_of(said: Said) -> Decimal | None:
    """0 where points are taken until none are left; None where the text lets them fall below."""
    ends, backwards = said.take("floor"), said.take("backwards")
    if backwards and not ends and "no_floor" not in said.facts:
        # 「倒扣分」: taking from the base, or below nothing.
        said.clashes = True
    if said.take("no_floor"):
        said.clashes = said.clashes or bool(ends)
        said.doubt("扣分不保底,得分可以是负数")
        return None
    if ends is None and "loss_cap" not in said.facts:
        said.doubt("没有写扣完为止,按最低0分")
    return ZERO


def _from_where(said: Said, *, has_under: bool) -> dict[str, Any] | None:
    """Where steps are counted from when it is not the target: last year, a mean, a level of its own."""
    level, base, mean = said.take("level"), said.take("since_base"), said.take("against")
    if "turned" in said.facts and not (level or base or mean or "base" in said.facts):
        # 「每下降1%加1分」 and nothing else: against the target or last year, nobody knows.
        said.doubt("没有写与什么相比")
        return None
    turned = said.take("turned")
    if turned and level is None and not base and mean is None:
        said.doubt(f"“{turned}”按与目标相比计,不是比上年")
    if sum(one is not None for one in (level, base, mean)) > 1:
        return None
    if base:
        return _from_base(said, has_under=has_under)
    if mean is not None:
        return _from_mean(said, mean, has_under=has_under)
    if level is None:
        return {}
    of, low = level
    said.doubt(f"从{low:f}{said.unit if of == 'actual' else '%'}起计算加减分,不是从目标值")
    reference = {"reference": f"{low:f}"}
    return reference if of == "actual" else reference | {"actual": of, "measure": "amount"}


def _from_base(said: Said, *, has_under: bool) -> dict[str, Any] | None:
    """「与上年持平得80%,每增长1%加0.2分」: what level pay gives is the base; the other sides as said."""
    sign = -1 if said.facts.get("falls") else 1
    turns = {side * sign: points for side, points in said.turns.items()}
    said.turns.clear()
    said.take("turns")
    if 0 in turns:
        if said.facts.get("base", turns[0]) != turns[0] or turns.get(1, turns[0]) != turns[0]:
            return None
        said.base_in_points = True
        said.put("base", turns[0])
    elif turns.keys() & {1}:
        return None
    below = turns.get(-1)
    if below is not None:
        if below or has_under:
            return None
        said.put("shortfall", "zero")
    return {"reference": "base"}


def _from_mean(said: Said, mean: str, *, has_under: bool) -> dict[str, Any] | None:
    better, worse = said.take("better"), said.take("worse")
    if better is None and not has_under and "base" not in said.facts:
        # Only what is added above the mean: what it is added to was not said.
        return None
    if better is not None:
        said.base_in_points = True
        said.put("base", better[1])
    if worse is not None:
        if worse[1] is None:
            said.put("shortfall", "ratio")
        elif worse[1] == 0:
            said.put("shortfall", "zero")
        else:
            return None
    return {"reference": mean}


def _measured(said: Said, step: Step, from_where: dict[str, Any]) -> Step | None:
    """The step with the code of its measure, in the indicator's unit."""
    size, unit, points = step
    if from_where.get("actual") in ("ratio", "growth"):
        return (size, "amount", points) if unit in ("%", "pp", "目标%") else None
    if from_where:
        return (size, "auto", points) if unit in ("%", "pp") else (size, "amount", points) if unit == said.unit else None
    if unit == "目标%":
        return (size, "percent", points)
    if unit in ("%", "pp"):
        if unit == "pp" and said.unit and not said.is_rate:
            said.doubt("指标不是百分数,“百分点”按目标的百分比计")
        return (size, "auto", points)
    if not unit:
        # A bare number is a step in the indicator's own unit.
        return (size, "amount", points)
    if not said.unit or unit == said.unit or said.unit.startswith(f"{unit}/") or (said.unit, unit) == ("个", "项目"):
        if not said.unit:
            said.doubt(f"步长的单位“{unit}”应与指标的计量单位一致")
        return (size, "amount", points)
    factor = conversion(unit, said.unit)
    exact = None if factor is None else exact_decimal(factor)
    return None if exact is None else (size * exact, "amount", points)
