"""Rules of attainment and control: ratio, steps, bands, all or nothing, ranges (domain notes §3.1, §3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from mbo_desktop.domain.scoring.facts import (
    HUNDRED,
    ZERO,
    Facts,
    Group,
    Say,
    name_of,
    number_in,
    shown,
    steps_in,
)
from mbo_desktop.domain.scoring.rule import insist, primitive
from mbo_desktop.errors import InputError


def reached(facts: Facts, reference: str = "target") -> bool | None:
    """Whether the actual reaches the reference (stays below it where lower is better)."""
    aim = facts.value(reference)
    if facts.actual is None or aim is None:
        return None
    return facts.actual <= aim if facts.lower_is_better else facts.actual >= aim


@primitive("ratio", "按完成率计分")
@dataclass(frozen=True, slots=True)
class Ratio:
    """W × 实绩 ÷ 目标, never above `cap` × W (R01, R02); a negative actual gives 0.

    reference: the figure to be reached; a reference of 0 is reached by 0 or more. cap None: no
    upper end (R15). least: below this 完成率 in % nothing is given. Where less is better the ratio
    of the target would reward the worse: InputError.
    """

    cap: Decimal | None = Decimal(1)
    reference: str = "target"
    actual: str = "actual"
    least: Decimal | None = None

    def __post_init__(self) -> None:
        insist(self.cap is None or self.cap > 0, "最高倍数应大于0。", "不封顶请留空。")

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        actual, aim = facts.value(self.actual), facts.value(self.reference)
        if actual is None or aim is None:
            return None
        if facts.lower_is_better and self.actual == "actual":
            raise InputError("反向指标不能按完成率计分。", "请改用“控制目标按超出比例扣分”。")
        if aim <= 0:
            points = facts.full if actual >= aim else ZERO
        elif actual <= 0 or (self.least is not None and actual * HUNDRED < self.least * aim):
            points = ZERO
        else:
            points = facts.full * actual / aim
            if self.cap is not None:
                points = min(points, facts.full * self.cap)
        if say is not None:
            self._tell(facts, actual, aim, points, say)
        return points

    def _tell(self, facts: Facts, actual: Decimal, aim: Decimal, points: Decimal, say: Say) -> None:
        if aim <= 0:
            say.append(f"{name_of(self.reference)}为{shown(aim)},不能按比例,得{shown(points)}分")
            return
        ratio = actual * HUNDRED / aim
        head = f"{shown(actual)}÷{shown(aim)}={shown(ratio, 2)}%"
        if self.least is not None and ratio < self.least:
            say.append(f"{head},未达到{shown(self.least)}%,得0分")
            return
        top = None if self.cap is None else self.cap * HUNDRED
        counted = max(ratio, ZERO) if top is None else min(max(ratio, ZERO), top)
        capped = f",封顶{shown(top)}%" if top is not None and ratio > top else ""
        negative = ",负数计0分" if actual < 0 else ""
        say.append(f"{head}{capped}{negative},{shown(facts.full)}×{shown(counted, 2)}%={shown(points)}")

    def sentence(self) -> str:
        """In words."""
        cap = "不封顶" if self.cap is None else "不超过基本分" if self.cap == 1 else (
            f"最高为基本分的{shown(self.cap * HUNDRED)}%"
        )
        least = "" if self.least is None else f",未达到{shown(self.least)}%不得分"
        return f"按{name_of(self.actual)}占{name_of(self.reference)}的比例得分,{cap}{least}"


@primitive("met", "完成得分,未完成不得分")
@dataclass(frozen=True, slots=True)
class Met:
    """All or nothing (R07, R21)."""

    share: Decimal = Decimal(1)
    """Part of W for reaching it."""
    reference: str = "target"

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        done = reached(facts, self.reference)
        if done is None:
            return None
        points = facts.full * self.share if done else ZERO
        if say is not None:
            sign = ("≤" if done else ">") if facts.lower_is_better else ("≥" if done else "<")
            say.append(
                f"实绩{shown(facts.actual or ZERO)}{sign}{name_of(self.reference)}"
                f"{shown(facts.value(self.reference) or ZERO)},{'完成' if done else '未完成'},得{shown(points)}分"
            )
        return points

    def sentence(self) -> str:
        """In words."""
        what = "基本分" if self.share == 1 else f"基本分的{shown(self.share * HUNDRED)}%"
        return f"完成{name_of(self.reference)}得{what},未完成不得分"


_UNDER = frozenset({"steps", "ratio", "zero"})
_MEASURES = frozenset({"auto", "percent", "amount"})
_PERCENTS = frozenset({"ratio", "growth"})
"""Figures that are percentages whatever the indicator's unit: their steps are percentage points."""


def _pro_rata(start: Decimal, actual: Decimal, aim: Decimal, *, lower: bool) -> Decimal:
    """What is left of the base points by proportion; for a control target by how far it is exceeded (R20)."""
    if aim <= 0:
        return ZERO
    return max(start * (2 * aim - actual) / aim if lower else start * actual / aim, ZERO)


@primitive("steps", "基本分加减分")
@dataclass(frozen=True, slots=True)
class Steps:
    """Base points, so much more per step over, so much less per step under (R03–R05, R10, R11, R16, R22).

    measure: "auto" (percentage points for rates, percent of the reference for levels),
    "percent" or "amount" (in the actual's own unit). base_points None: base_share × W.
    under: "steps" | "ratio" (pro rata) | "zero". whole: whole steps only, else pro rata.
    gain_cap and loss_cap in points; gain_cap_share as part of W.
    """

    over_step: Decimal = Decimal(1)
    gain: Decimal = ZERO
    gain_cap: Decimal | None = None
    gain_cap_share: Decimal | None = None
    under_step: Decimal = Decimal(1)
    loss: Decimal = ZERO
    loss_cap: Decimal | None = None
    under: str = "steps"
    base_points: Decimal | None = None
    base_share: Decimal = Decimal(1)
    reference: str = "target"
    actual: str = "actual"
    measure: str = "auto"
    whole: bool = True
    floor: Decimal | None = ZERO

    def __post_init__(self) -> None:
        insist(self.under in _UNDER, f"未达到时“{self.under[:20]}”不是可选的办法。", "可选:逐步扣分、按完成比例得分、不得分。")
        insist(self.measure in _MEASURES, f"超欠的量法“{self.measure[:20]}”不是可选的办法。", "可选:按百分点或百分比、按对照数的百分比、按计量单位。")
        insist(self.over_step > 0 and self.under_step > 0, "每超、每少的步长应大于0。", "步长请填大于0的数。")
        insist(self.gain >= 0 and self.loss >= 0, "加分、扣分不能是负数。", "扣分请填正数。")
        insist(
            (self.gain_cap or ZERO) >= 0 and (self.gain_cap_share or ZERO) >= 0 and (self.loss_cap or ZERO) >= 0,
            "加分、扣分的上限不能是负数。",
        )

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        actual, aim = facts.value(self.actual), facts.value(self.reference)
        if actual is None or aim is None:
            return None
        start = facts.full * self.base_share if self.base_points is None else self.base_points
        over = aim - actual if facts.lower_is_better else actual - aim
        if over >= 0:
            distance = self._distance(facts, over, aim, say, needed=bool(self.gain))
            return self._above(facts, start, distance, say)
        by_steps = self.under == "steps" and bool(self.loss)
        distance = self._distance(facts, -over, aim, say, needed=by_steps)
        return self._below(facts, start, distance, actual, aim, say)

    def _distance(
        self, facts: Facts, over: Decimal, aim: Decimal, say: Say | None, *, needed: bool
    ) -> Decimal:
        """How far from the reference, in the measure of the steps; InputError for percent of a reference of 0."""
        if say is None and not needed:
            return ZERO
        by_amount = self.measure == "amount" or (self.measure == "auto" and facts.is_rate)
        if not by_amount and aim == 0:
            if over and needed:
                raise InputError(
                    f"{name_of(self.reference)}为0,不能按百分比计算超欠。", "请改为按计量单位加减分。"
                )
            return ZERO
        distance = over if by_amount else over * HUNDRED / abs(aim)
        if say is not None:
            high, low = (aim, facts.value(self.actual)) if facts.lower_is_better else (facts.value(self.actual), aim)
            words = "" if by_amount else f"÷{shown(abs(aim))}×100"
            signed = distance if (high or ZERO) >= (low or ZERO) else -distance
            say.append(f"({shown(high or ZERO)}−{shown(low or ZERO)}){words}={shown(signed)}{self._unit(facts)}")
        return distance

    def _unit(self, facts: Facts) -> str:
        if self.actual in _PERCENTS and self.measure == "amount":
            return "个百分点"
        if self.measure == "amount":
            return facts.unit_of_measure
        return "个百分点" if facts.is_rate and self.measure == "auto" else "%"

    def _above(self, facts: Facts, start: Decimal, distance: Decimal, say: Say | None) -> Decimal:
        extra = self.gain * steps_in(distance, self.over_step, whole=self.whole) if self.gain else ZERO
        cap = self.gain_cap if self.gain_cap_share is None else facts.full * self.gain_cap_share
        held = extra if cap is None else min(extra, cap)
        if say is not None and self.gain:
            capped = f",封顶{shown(held)}分" if held < extra else ""
            say.append(
                f"每超{shown(self.over_step)}{self._unit(facts)}加{shown(self.gain)}分共{shown(extra)}分{capped}"
            )
        if say is not None:
            say.append(f"基本分{shown(start)}+{shown(held)}={shown(start + held)}")
        return start + held

    def _below(
        self, facts: Facts, start: Decimal, distance: Decimal, actual: Decimal, aim: Decimal,
        say: Say | None,
    ) -> Decimal:
        if self.under == "zero":
            if say is not None:
                say.append("未完成,不得分")
            return ZERO
        if self.under == "ratio":
            points = _pro_rata(start, actual, aim, lower=facts.lower_is_better)
            if say is not None:
                ratio = f"{shown(actual)}÷{shown(aim)}"
                by = f"(2−{ratio})" if facts.lower_is_better else ratio
                say.append(f"未完成,按比例{shown(start)}×{by}={shown(points)}")
            return points
        lost = self.loss * steps_in(distance, self.under_step, whole=self.whole) if self.loss else ZERO
        held = lost if self.loss_cap is None else min(lost, self.loss_cap)
        points = start - held
        cut = points if self.floor is None else max(points, self.floor)
        if say is not None:
            capped = f",最多扣{shown(held)}分" if held < lost else ""
            emptied = ",扣完为止" if cut != points else ""
            say.append(
                f"每少{shown(self.under_step)}{self._unit(facts)}扣{shown(self.loss)}分共{shown(lost)}分{capped}"
            )
            say.append(f"基本分{shown(start)}−{shown(held)}={shown(points)}{emptied}")
        return cut

    def sentence(self) -> str:
        """In words."""
        base = "基本分" if self.base_points is None and self.base_share == 1 else (
            f"{shown(self.base_points)}分" if self.base_points is not None
            else f"基本分的{shown(self.base_share * HUNDRED)}%"
        )
        points_of = self.actual in _PERCENTS and self.measure == "amount"
        whose, sign = (name_of(self.actual), "%" if number_in(self.reference) is not None else "") if points_of else ("", "")
        said = [f"{whose}达到{name_of(self.reference)}{sign}得{base}"]
        how = "满" if self.whole else ""
        unit = "个百分点" if points_of else "个计量单位" if self.measure == "amount" else "%"
        of = f"{name_of(self.reference)}的" if self.measure == "percent" else ""
        if self.gain:
            cap = self._cap_words()
            said.append(f"每超{how}{of}{shown(self.over_step)}{unit}加{shown(self.gain)}分{cap}")
        if self.loss_cap is not None and self.under == "steps" and self.loss:
            end_loss = f",最多扣{shown(self.loss_cap)}分"
        else:
            end_loss = ""
        if self.under == "zero":
            said.append("未达到不得分")
        elif self.under == "ratio":
            said.append("未达到按比例得分")
        elif self.loss:
            end = ",扣完为止" if self.floor is not None else ""
            said.append(f"每少{how}{of}{shown(self.under_step)}{unit}扣{shown(self.loss)}分{end_loss}{end}")
        elif self.under == "steps":
            said.append("未达到的也按基本分")
        return ";".join(said)

    def _cap_words(self) -> str:
        if self.gain_cap_share is not None:
            return f",加分不超过基本分的{shown(self.gain_cap_share * HUNDRED)}%"
        return "" if self.gain_cap is None else f",最多加{shown(self.gain_cap)}分"


@primitive("bands", "分档计分")
@dataclass(frozen=True, slots=True)
class Bands:
    """Points by where a figure lies; each row: lower end (counts in), points (R08, R09, R13).

    of: the figure ("ratio" = 完成率 in %). as_share: the points are % of W. Below all rows: 0.
    step_down: the figure is first cut to whole multiples of it (86 → 80 at 10).
    """

    rows: tuple[tuple[Decimal, Decimal], ...]
    of: str = "ratio"
    as_share: bool = False
    step_down: Decimal | None = None

    def __post_init__(self) -> None:
        lows = [low for low, _ in self.rows]
        insist(bool(lows), "分档表是空的。", "请至少填一档。")
        insist(len(set(lows)) == len(lows), "分档表有两档的下限相同。")
        insist(self.step_down is None or self.step_down > 0, "整档应大于0。", "不取整档请留空。")

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        value = facts.value(self.of)
        if value is None:
            return None
        if facts.lower_is_better and self.of == "ratio":
            raise InputError("反向指标不能按完成率分档。", "请按实绩分档,或改用控制目标的办法。")
        cut = value
        if self.step_down is not None:
            # Downward for negative figures too: −5 % is in the step below 0.
            cut = (value / self.step_down).to_integral_value(ROUND_FLOOR) * self.step_down
        found = [row for row in self.rows if cut >= row[0]]
        points = max(found)[1] if found else ZERO
        points = facts.full * points / HUNDRED if self.as_share else points
        if say is not None:
            cut_words = f",按{shown(cut)}计" if cut != value else ""
            where = f"达到{shown(max(found)[0])}档" if found else "未达到最低档"
            say.append(f"{name_of(self.of)}{shown(value, 2)}{cut_words},{where},得{shown(points)}分")
        return points

    def sentence(self) -> str:
        """In words."""
        unit = "%" if self.of in ("ratio", "growth") else ""
        listed = sorted(self.rows, reverse=True)
        rows = "、".join(
            f"{shown(low)}{unit}以上得{shown(points)}{'%' if self.as_share else '分'}" for low, points in listed
        )
        return f"{name_of(self.of)}{rows},以下不得分"


@primitive("control", "控制目标按超出比例扣分")
@dataclass(frozen=True, slots=True)
class Control:
    """Within the cap W, above it W(2 − r) down to 0 (R20)."""

    reference: str = "target"

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        cap = facts.value(self.reference)
        if facts.actual is None or cap is None:
            return None
        points = facts.full if facts.actual <= cap else _pro_rata(facts.full, facts.actual, cap, lower=True)
        if say is not None:
            self._tell(facts, facts.actual, cap, points, say)
        return points

    def _tell(self, facts: Facts, actual: Decimal, cap: Decimal, points: Decimal, say: Say) -> None:
        full = shown(facts.full)
        if actual <= cap:
            say.append(f"实绩{shown(actual)}≤{shown(cap)},得{full}分")
        elif cap <= 0:
            say.append(f"控制数为{shown(cap)},实绩{shown(actual)},得0分")
        else:
            say.append(f"实绩{shown(actual)}>{shown(cap)},{full}×(2−{shown(actual)}÷{shown(cap)})={shown(points)}")

    def sentence(self) -> str:
        """In words."""
        return f"不超过{name_of(self.reference)}得基本分,超出的按超出比例扣分,扣完为止"


@primitive("range", "区间内得分,出界扣分")
@dataclass(frozen=True, slots=True)
class Range:
    """Inside [目标, 上限] W, outside `loss` per `step` of distance to the nearer end (R26)."""

    loss: Decimal
    step: Decimal = Decimal(1)
    whole: bool = False

    def __post_init__(self) -> None:
        insist(self.step > 0 and self.loss >= 0, "每出界的步长应大于0,扣分不能是负数。")

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        if facts.actual is None or facts.target is None or facts.upper is None:
            return None
        if facts.target > facts.upper:
            raise InputError(f"区间的下限{shown(facts.target)}大于上限{shown(facts.upper)}。", "请核对目标值。")
        away = max(facts.target - facts.actual, facts.actual - facts.upper, ZERO)
        points = max(facts.full - self.loss * steps_in(away, self.step, whole=self.whole), ZERO)
        if say is not None:
            place = "在区间内" if not away else f"出界{shown(away)}"
            say.append(f"实绩{shown(facts.actual)},区间{shown(facts.target)}~{shown(facts.upper)},{place},得{shown(points)}分")
        return points

    def sentence(self) -> str:
        """In words."""
        return f"在区间内得基本分,每出界{shown(self.step)}扣{shown(self.loss)}分,扣完为止"
