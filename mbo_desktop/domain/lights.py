"""Lights by rules that are data: which measure, which bounds, and the reason in words (domain notes §5.5).

A rule never guesses: a gap that the office's regulation leaves undefined has a light of its own
that the office sets explicitly. No clock: the month is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from mbo_desktop.domain.identity import Choice
from mbo_desktop.domain.progress import (
    NO_FIGURES,
    Comparison,
    Measured,
    Standing,
    forecast_share,
    measure,
    percent,
)
from mbo_desktop.domain.quantity import show


class Light(Choice):
    """What a light says; the first four from best to worst."""

    GREEN = "green", "正常"
    YELLOW = "yellow", "预警"
    RED = "red", "滞后"
    UNREPORTED = "unreported", "未报"
    YEAR_END = "year_end", "年底认定"
    NOT_APPLICABLE = "not_applicable", "不适用"


_RANK = {Light.GREEN: 0, Light.YELLOW: 1, Light.RED: 2}


def worst(lights: list[Light]) -> Light:
    """The worst of green, yellow and red."""
    return max(lights, key=lambda one: _RANK[one])


class Yardstick(Choice):
    """What the bounds of a band are about."""

    GAP = "gap", "落后计划的百分点"
    RATIO = "ratio", "完成当期计划的百分比"
    GROWTH = "growth", "比上年同期增长"


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the yardstick with its light; bounds in percent or points, None = open end."""

    light: Light
    lower: Decimal | None = None
    lower_counts: bool = True
    upper: Decimal | None = None
    upper_counts: bool = False

    def holds(self, value: Fraction) -> bool:
        """Whether the value lies in the band."""
        # Whole numbers are compared crosswise: a fraction beside a decimal costs ten times as much.
        over, under = value.numerator, value.denominator
        if self.lower is not None:
            part, whole = self.lower.as_integer_ratio()
            above = over * whole - part * under
            if above < 0 or (above == 0 and not self.lower_counts):
                return False
        if self.upper is None:
            return True
        part, whole = self.upper.as_integer_ratio()
        above = over * whole - part * under
        return above < 0 or (above == 0 and self.upper_counts)


@dataclass(frozen=True, slots=True)
class Months:
    """From how many months on a light goes yellow, and red; None: never."""

    yellow: int | None = None
    red: int | None = None

    def light(self, months: int) -> Light | None:
        """The light after so many months, None before the first bound."""
        if self.red is not None and months >= self.red:
            return Light.RED
        return Light.YELLOW if self.yellow is not None and months >= self.yellow else None


@dataclass(frozen=True, slots=True)
class LightRule:
    """One office's rule; `undefined` is the light of what no band holds.

    rate_yellow: percent of a rate's target down to which missing it is yellow, below red.
    node_days: days after which a missed node is red; before, it is yellow.
    """

    name: str
    source: str
    yardstick: Yardstick
    bands: tuple[Band, ...]
    undefined: Light
    unstarted: Months = Months()
    unreported: Months = Months()
    made_up_turns_yellow: bool = False
    growth_must_hold: bool = False
    """Falling short of the growth wanted makes a green light yellow."""
    rate_yellow: Decimal = Decimal(80)
    node_days: int = 30


@dataclass(frozen=True, slots=True)
class Stage:
    """A node of a target and whether it was reached."""

    title: str
    due: date | None
    done: bool
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a light is decided by.

    months_unreported and months_unstarted count up to and with this month; as_of: the last day
    of the month (for nodes).
    """

    standing: Standing
    as_of: date
    reported: bool = True
    started: bool | None = None
    months_unreported: int = 0
    months_unstarted: int = 0
    year_end_only: bool = False
    applicable: bool = True
    withdrawn: bool = False
    stages: tuple[Stage, ...] = ()
    growth_wanted: Decimal | None = None
    unproven: bool = False
    """无证明的按未完成: a figure without evidence, where the office counts it so."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A light, why, and the figures behind it; the words are made when somebody reads them."""

    light: Light
    said: str
    """The reason, or what follows the figures of `standing` in it."""
    measured: Measured = NO_FIGURES
    in_undefined_zone: bool = False
    standing: Standing | None = None

    @property
    def reason(self) -> str:
        """For example 「应完成58.3%,实际41.0%,差17.3个百分点,按现速度12月底约70%。」."""
        if self.standing is None:
            return self.said
        return _in_words(self.standing, self.measured) + self.said


def judge(situation: Situation, rule: LightRule) -> Judged:
    """The light of a situation under a rule, with the reason as a clerk would write it."""
    standing = situation.standing
    if situation.withdrawn:
        return Judged(Light.NOT_APPLICABLE, "此项目标已撤销。")
    if not situation.applicable:
        return Judged(Light.NOT_APPLICABLE, "本单位不承担此项。")
    if situation.year_end_only and standing.month < 12:
        return Judged(Light.YEAR_END, "此项年底才能认定,年中不亮灯。", measure(standing))
    if not situation.reported:
        return _unreported(situation, rule)
    if situation.started is False:
        return _unstarted(situation, rule)
    if situation.unproven:
        return Judged(Light.RED, "没有佐证材料,按规定视为未完成。", measure(standing))
    if situation.stages and standing.comparison in (Comparison.STAGES, Comparison.NONE):
        return _by_stages(situation, rule)
    if standing.comparison in (Comparison.STAGES, Comparison.NONE):
        return Judged(Light.GREEN, "已报进展,无定量口径和节点,由核查认定。")
    measured = measure(standing)
    if standing.actual is None or standing.target is None:
        return Judged(rule.undefined, "有进展文字但没有数字,不能与计划比较。", measured, True)
    if standing.comparison in (Comparison.CUMULATIVE, Comparison.CAP):
        return _by_bands(situation, rule, measured)
    return _by_rate(standing, rule, measured)


def _unreported(situation: Situation, rule: LightRule) -> Judged:
    months = situation.months_unreported
    light = rule.unreported.light(months) or Light.UNREPORTED
    words = f"连续{months}个月未报" if months > 1 else "本月未报"
    return Judged(light, f"{words}。", measure(situation.standing))


def _unstarted(situation: Situation, rule: LightRule) -> Judged:
    months = situation.months_unstarted
    measured = measure(situation.standing)
    light = rule.unstarted.light(months)
    if light is None:
        return Judged(Light.GREEN, "未启动,尚未到计划启动时间。", measured)
    return Judged(light, f"应启动而未启动,已{months}个月。", measured)


def _by_stages(situation: Situation, rule: LightRule) -> Judged:
    late = [one for one in situation.stages if not one.done and one.due and one.due <= situation.as_of]
    done = sum(one.done for one in situation.stages)
    count = f"共{len(situation.stages)}个节点,已完成{done}个"
    if not late:
        return Judged(Light.GREEN, f"{count},没有逾期节点。")
    first = min(late, key=lambda one: one.due or situation.as_of)
    days = (situation.as_of - (first.due or situation.as_of)).days
    light = Light.RED if days > rule.node_days else Light.YELLOW
    return Judged(light, f"{count};“{first.title}”应于{_day(first.due)}完成,已逾期{days}天。")


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.month}月{day.day}日"


def _by_bands(situation: Situation, rule: LightRule, measured: Measured) -> Judged:
    standing = situation.standing
    if standing.target == 0:
        happened = bool(standing.actual)
        reason = f"目标为0,实际{show(standing.actual or Decimal(0))}。"
        return Judged(Light.RED if happened else Light.GREEN, reason, measured)
    if measured.reached:
        return Judged(Light.GREEN, ",年度目标已达到。", measured, standing=standing)
    value = _held_against(rule.yardstick, standing.comparison is Comparison.CAP, measured)
    band = next((one for one in rule.bands if value is not None and one.holds(value)), None)
    light = rule.undefined if band is None else band.light
    notes = [] if band is not None or value is None else ["在规定未写明的区间,按本机关设定亮灯"]
    if value is None and rule.yardstick is Yardstick.GROWTH:
        notes.append("没有上年同期数,按本机关设定亮灯")
    if rule.growth_must_hold and _growth_falls_short(situation, measured):
        light = worst([light, Light.YELLOW])
        notes.append(f"比上年同期{_signed(measured.growth)},低于要求的{show(situation.growth_wanted or Decimal(0))}%")
    said = "".join(f",{one}" for one in notes) + "。"
    return Judged(light, said, measured, band is None, standing)


def _held_against(yardstick: Yardstick, is_cap: bool, measured: Measured) -> Fraction | None:
    """What the bands are held against: more is better for RATIO and GROWTH, of caps too."""
    if yardstick is Yardstick.GAP:
        return measured.gap
    if yardstick is Yardstick.GROWTH:
        # Of what is to be kept low, less than last year is the good direction.
        return -measured.growth if is_cap and measured.growth is not None else measured.growth
    planned, actual = measured.planned_share, measured.actual_share
    if planned is None or actual is None:
        return None
    part, whole = (planned, actual) if is_cap else (actual, planned)
    # Nothing was to be done yet, or nothing of what is to be kept low has happened.
    return part / whole * 100 if whole else Fraction(100)


def _growth_falls_short(situation: Situation, measured: Measured) -> bool:
    wanted, growth = situation.growth_wanted, measured.growth
    if wanted is None or growth is None:
        return False
    if situation.standing.comparison is Comparison.CAP:
        growth = -growth
    return growth < Fraction(wanted)


def _by_rate(standing: Standing, rule: LightRule, measured: Measured) -> Judged:
    actual, target = standing.actual or Decimal(0), standing.target or Decimal(0)
    rank = standing.comparison is Comparison.RANK
    said = (
        f"目标前{show(target)}名,实际第{show(actual)}名" if rank
        else f"目标{show(target)}{'~' + show(standing.upper) if standing.upper is not None else ''},实际{show(actual)}"
    )
    if measured.reached:
        return Judged(Light.GREEN, f"{said},已达到。", measured)
    # Differences of decimals end: 0.042 is 0.002 above 0.04, not 0.
    gap = measured.gap or Fraction(0)
    short = show(Decimal(gap.numerator) / Decimal(gap.denominator))
    unit = "位" if rank else ""
    light = Light.RED
    if standing.comparison is Comparison.RATE and actual > 0 and measured.ratio is not None:
        light = Light.YELLOW if measured.ratio >= rule.rate_yellow else Light.RED
    elif standing.comparison is not Comparison.RATE and target:
        over = (Fraction(actual) / Fraction(target) - 1) * 100
        light = Light.YELLOW if over <= 100 - Fraction(rule.rate_yellow) else Light.RED
    return Judged(light, f"{said},{'超出' if _is_cap(standing) else '差'}{short}{unit}。", measured)


def _is_cap(standing: Standing) -> bool:
    return standing.comparison is Comparison.RATE_CAP


def _in_words(standing: Standing, measured: Measured) -> str:
    """「应完成58.3%,实际41.0%,差17.3个百分点,按现速度12月底约70%」."""
    planned, actual = percent(measured.planned_share), percent(measured.actual_share)
    # The printed gap is that of the printed shares, as anybody would subtract them.
    gap = (planned or Decimal(0)) - (actual or Decimal(0))
    cap = standing.comparison is Comparison.CAP
    if gap == 0:
        difference = "与进度持平"
    elif cap:
        difference = f"{'低于' if gap > 0 else '超过'}控制进度{abs(gap)}个百分点"
    else:
        difference = f"{'差' if gap > 0 else '超'}{abs(gap)}个百分点"
    words = f"{'控制在' if cap else '应完成'}{planned}%,实际{actual}%,{difference}"
    ahead = forecast_share(measured, standing.month)
    if standing.month < 12 and ahead is not None:
        words += f",按现速度12月底约{percent(ahead, 0)}%"
    return words


def _signed(growth: Fraction | None) -> str:
    shown = percent(growth) or Decimal(0)
    return f"{'下降' if shown < 0 else '增长'}{abs(shown)}%"


def after_made_up(light: Light, later: list[Light], rule: LightRule) -> Light:
    """A month's light in the history: red turns yellow once a later month is green (瓯海)."""
    made_up = rule.made_up_turns_yellow and light is Light.RED and Light.GREEN in later
    return Light.YELLOW if made_up else light
