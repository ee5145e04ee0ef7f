"""Rules of attainment and control: ratio, steps, bands, all or nothing, ranges (domain notes §3.1, §3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.scoring.facts import (
    HUNDRED,
    ZERO,
    Facts,
    Group,
    Say,
    name_of,
    shown,
    steps_in,
)
from mbo_desktop.domain.scoring.rule import primitive


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

    reference: the figure to be reached; a reference of 0 is reached by 0 or more.
    """

    cap: Decimal = Decimal(1)
    reference: str = "target"
    actual: str = "actual"

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        actual, aim = facts.value(self.actual), facts.value(self.reference)
        if actual is None or aim is None:
            return None
        if aim <= 0:
            points = facts.full if actual >= aim else ZERO
        else:
            points = min(max(facts.full * actual / aim, ZERO), facts.full * self.cap)
        if say is not None:
            self._tell(facts, actual, aim, points, say)
        return points

    def _tell(self, facts: Facts, actual: Decimal, aim: Decimal, points: Decimal, say: Say) -> None:
        if aim <= 0:
            say.append(f"{name_of(self.reference)}为{shown(aim)},不能按比例,得{shown(points)}分")
            return
        ratio = actual / aim * HUNDRED
        capped = f",封顶{shown(self.cap * HUNDRED)}%" if ratio > self.cap * HUNDRED else ""
        negative = ",负数计0分" if actual < 0 else ""
        say.append(
            f"{shown(actual)}÷{shown(aim)}={shown(ratio, 2)}%{capped}{negative},"
            f"{shown(facts.full)}×{shown(min(max(ratio, ZERO), self.cap * HUNDRED), 2)}%={shown(points)}"
        )

    def sentence(self) -> str:
        """In words."""
        cap = "不超过基本分" if self.cap == 1 else f"最高为基本分的{shown(self.cap * HUNDRED)}%"
        return f"按{name_of(self.actual)}占{name_of(self.reference)}的比例得分,{cap}"


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

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        actual, aim = facts.value(self.actual), facts.value(self.reference)
        if actual is None or aim is None:
            return None
        start = facts.full * self.base_share if self.base_points is None else self.base_points
        over = aim - actual if facts.lower_is_better else actual - aim
        by_amount = aim == 0 or self.measure == "amount" or (self.measure == "auto" and facts.is_rate)
        distance = over if by_amount else over / abs(aim) * HUNDRED
        if say is not None:
            words = "" if by_amount else f"÷{shown(abs(aim))}×100"
            left, right = (aim, actual) if facts.lower_is_better else (actual, aim)
            say.append(f"({shown(left)}−{shown(right)}){words}={shown(distance)}{self._unit(facts)}")
        if over >= 0:
            return self._above(facts, start, distance, say)
        return self._below(facts, start, -distance, actual, aim, say)

    def _unit(self, facts: Facts) -> str:
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
            points = max(start * actual / aim, ZERO) if aim > 0 else ZERO
            if say is not None:
                say.append(f"未完成,按比例{shown(start)}×{shown(actual)}÷{shown(aim)}={shown(points)}")
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
        said = [f"达到{name_of(self.reference)}得{base}"]
        how = "满" if self.whole else ""
        unit = "" if self.measure == "amount" else "%"
        if self.gain:
            cap = self._cap_words()
            said.append(f"每超{how}{shown(self.over_step)}{unit}加{shown(self.gain)}分{cap}")
        if self.under == "zero":
            said.append("未达到不得分")
        elif self.under == "ratio":
            said.append("未达到按比例得分")
        elif self.loss:
            end = ",扣完为止" if self.floor is not None else ""
            said.append(f"每少{how}{shown(self.under_step)}{unit}扣{shown(self.loss)}分{end}")
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

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        value = facts.value(self.of)
        if value is None:
            return None
        cut = value
        if self.step_down is not None and self.step_down > 0:
            cut = (value // self.step_down) * self.step_down
        found = [row for row in self.rows if cut >= row[0]]
        points = max(found, key=lambda row: row[0])[1] if found else ZERO
        points = facts.full * points / HUNDRED if self.as_share else points
        if say is not None:
            cut_words = f",按{shown(cut)}计" if cut != value else ""
            where = f"达到{shown(max(found, key=lambda row: row[0])[0])}档" if found else "未达到最低档"
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
        if facts.actual <= cap:
            points, words = facts.full, f"实绩{shown(facts.actual)}≤{shown(cap)},得{shown(facts.full)}分"
        elif cap <= 0:
            points, words = ZERO, f"控制数为{shown(cap)},实绩{shown(facts.actual)},得0分"
        else:
            points = max(facts.full * (2 * cap - facts.actual) / cap, ZERO)
            words = (
                f"实绩{shown(facts.actual)}>{shown(cap)},{shown(facts.full)}×(2−{shown(facts.actual)}÷{shown(cap)})"
                f"={shown(points)}"
            )
        if say is not None:
            say.append(words)
        return points

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

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        if facts.actual is None or facts.target is None or facts.upper is None:
            return None
        away = max(facts.target - facts.actual, facts.actual - facts.upper, ZERO)
        points = max(facts.full - self.loss * steps_in(away, self.step, whole=self.whole), ZERO)
        if say is not None:
            place = "在区间内" if not away else f"出界{shown(away)}"
            say.append(f"实绩{shown(facts.actual)},区间{shown(facts.target)}~{shown(facts.upper)},{place},得{shown(points)}分")
        return points

    def sentence(self) -> str:
        """In words."""
        return f"在区间内得基本分,每出界{shown(self.step)}扣{shown(self.loss)}分,扣完为止"
