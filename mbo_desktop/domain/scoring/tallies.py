"""Rules that count: milestones, events, votes, raters, grades, given points (domain notes §3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.scoring.facts import HUNDRED, ZERO, Facts, Group, Say, shown
from mbo_desktop.domain.scoring.rule import primitive


@primitive("milestones", "按节点完成情况计分")
@dataclass(frozen=True, slots=True)
class Milestones:
    """W × mean of state coefficients over all nodes (R50); states without a row count 0."""

    rows: tuple[tuple[str, Decimal], ...] = (
        ("完成", Decimal(1)), ("基本完成", Decimal("0.8")), ("未完成", ZERO),
    )

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        total = sum(facts.counts.values(), ZERO)
        if not total:
            return None
        table = dict(self.rows)
        earned = sum((number * table.get(state, ZERO) for state, number in facts.counts.items()), ZERO)
        points = facts.full * earned / total
        if say is not None:
            parts = "+".join(f"{shown(n)}×{shown(table.get(s, ZERO))}" for s, n in facts.counts.items())
            say.append(f"{shown(facts.full)}×({parts})÷{shown(total)}={shown(points)}")
        return points

    def sentence(self) -> str:
        """In words."""
        rows = "、".join(f"{state}按{shown(value)}" for state, value in self.rows)
        return f"按节点完成情况计分:{rows},取平均乘以基本分"


@primitive("grade", "按等次或状态计分")
@dataclass(frozen=True, slots=True)
class Grade:
    """A word (等次, 完成状态) gives a part of W, or points (R51, R52, R57)."""

    rows: tuple[tuple[str, Decimal], ...]
    as_points: bool = False

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        table = dict(self.rows)
        if not facts.word or facts.word not in table:
            return None
        value = table[facts.word]
        points = value if self.as_points else facts.full * value
        if say is not None:
            how = "" if self.as_points else f",{shown(facts.full)}×{shown(value)}"
            say.append(f"{facts.word}{how},得{shown(points)}分")
        return points

    def sentence(self) -> str:
        """In words."""
        unit = "分" if self.as_points else ""
        rows = "、".join(f"{word}{shown(value)}{unit}" for word, value in self.rows)
        return f"按等次计分:{rows}" + ("" if self.as_points else "(乘以基本分)")


@primitive("events", "按次数加减分")
@dataclass(frozen=True, slots=True)
class Events:
    """W (or `start`) plus points per event by kind, kept between floor and cap (R53, R55, R56).

    rows: kind, points each (negative = deduction); kinds without a row count nothing. doubled:
    a named figure that, when it is above 0, doubles the deductions (R54).
    """

    rows: tuple[tuple[str, Decimal], ...]
    start: Decimal | None = None
    """None: W."""
    floor: Decimal | None = ZERO
    cap: Decimal | None = None
    cap_is_full: bool = False
    doubled: str = ""

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        start = facts.full if self.start is None else self.start
        double = bool(self.doubled and facts.named.get(self.doubled))
        points, words = start, []
        for kind, each in self.rows:
            number = facts.counts.get(kind, ZERO)
            if number:
                value = each * 2 if double and each < 0 else each
                points += number * value
                words.append(f"{kind}{shown(number)}次×{shown(value)}={shown(number * value)}")
        cap = facts.full if self.cap_is_full else self.cap
        cut = points if cap is None else min(points, cap)
        cut = cut if self.floor is None else max(cut, self.floor)
        if say is not None:
            say += words or ["没有发生"]
            limited = f",计{shown(cut)}分" if cut != points else ""
            say.append(f"{shown(start)}分起,合计{shown(points)}分{limited}")
        return cut

    def sentence(self) -> str:
        """In words."""
        rows = "、".join(f"{kind}每次{'加' if each >= 0 else '扣'}{shown(abs(each))}分" for kind, each in self.rows)
        end = ",扣完为止" if self.floor == 0 else ""
        return f"{rows}{end}"


@primitive("vote", "按投票计分")
@dataclass(frozen=True, slots=True)
class Vote:
    """Mean value of the valid ballots as % of W (R58, R59); answers without a row are no valid ballots."""

    rows: tuple[tuple[str, Decimal], ...] = (
        ("满意", Decimal(100)), ("基本满意", Decimal(70)), ("不满意", Decimal(30)),
    )

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        valid = [(answer, facts.votes.get(answer, ZERO), value) for answer, value in self.rows]
        total = sum((number for _, number, _ in valid), ZERO)
        if not total:
            return None
        mean = sum((number * value for _, number, value in valid), ZERO) / total
        points = facts.full * mean / HUNDRED
        if say is not None:
            parts = "+".join(f"{shown(number)}×{shown(value)}" for _, number, value in valid if number)
            left = sum(facts.votes.values(), ZERO) - total
            outside = f"(另有{shown(left)}票不计)" if left else ""
            say.append(f"({parts})÷{shown(total)}张有效票={shown(mean)}{outside},{shown(mean)}%×{shown(facts.full)}={shown(points)}")
        return points

    def sentence(self) -> str:
        """In words."""
        rows = "、".join(f"{answer}{shown(value)}" for answer, value in self.rows)
        return f"按有效票平均计分:{rows};其他选项不计为有效票"


@primitive("raters", "按评委打分平均")
@dataclass(frozen=True, slots=True)
class Raters:
    """Mean of what raters gave as % of W (R61); the highest and lowest are dropped above `whole_up_to` raters."""

    trim: bool = True
    whole_up_to: int = 5
    scale: Decimal = HUNDRED
    """What full marks of a rater are."""

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        given = sorted(facts.scores)
        if not given or self.scale <= 0:
            return None
        kept = given[1:-1] if self.trim and len(given) > self.whole_up_to else given
        mean = sum(kept, ZERO) / len(kept)
        points = facts.full * mean / self.scale
        if say is not None:
            dropped = f"去掉最高{shown(given[-1])}和最低{shown(given[0])}," if len(kept) < len(given) else ""
            say.append(f"{dropped}{len(kept)}人平均{shown(mean)},÷{shown(self.scale)}×{shown(facts.full)}={shown(points)}")
        return points

    def sentence(self) -> str:
        """In words."""
        cut = f"超过{self.whole_up_to}人的去掉一个最高分、一个最低分," if self.trim else ""
        return f"{cut}取平均分"


@primitive("given", "直接给分")
@dataclass(frozen=True, slots=True)
class Given:
    """Points that a department or leader gave; a basis is kept beside them (R62)."""

    cap_is_full: bool = True

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        if facts.given is None:
            return None
        points = min(facts.given, facts.full) if self.cap_is_full else facts.given
        if say is not None:
            cut = f",最高{shown(facts.full)}分" if points < facts.given else ""
            say.append(f"评定给{shown(facts.given)}分{cut}")
        return points

    def sentence(self) -> str:
        """In words."""
        return "由责任部门按依据直接评分" + (",不超过基本分" if self.cap_is_full else "")
