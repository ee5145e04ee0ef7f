"""Rules that count: milestones, events, votes, raters, grades, given points (domain notes §3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.scoring.facts import HUNDRED, ZERO, Facts, Group, Say, shown
from mbo_desktop.domain.scoring.rule import insist, primitive
from mbo_desktop.errors import InputError


def _once_each(rows: tuple[tuple[str, Decimal], ...], what: str) -> None:
    """InputError for an empty table or one with a name twice."""
    names = [name for name, _ in rows]
    insist(bool(names) and all(names), f"{what}是空的,或有一行没有名称。", "请至少填一行。")
    insist(len(set(names)) == len(names), f"{what}有重复的名称。")


@primitive("milestones", "按节点完成情况计分")
@dataclass(frozen=True, slots=True)
class Milestones:
    """W × mean of state coefficients over all nodes (R50)."""

    rows: tuple[tuple[str, Decimal], ...] = (
        ("完成", Decimal(1)), ("基本完成", Decimal("0.8")), ("未完成", ZERO),
    )

    def __post_init__(self) -> None:
        _once_each(self.rows, "节点状态表")

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        counted = [(facts.counts.get(state, ZERO), value) for state, value in self.rows]
        total = sum((number for number, _ in counted), ZERO)
        if not total:
            return None
        points = facts.full * sum((number * value for number, value in counted), ZERO) / total
        if say is not None:
            parts = "+".join(f"{shown(number)}×{shown(value)}" for number, value in counted if number)
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

    def __post_init__(self) -> None:
        _once_each(self.rows, "等次表")

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

    rows: kind, points each (negative = deduction). doubled: a named figure that, when it is above 0,
    doubles the deductions (R54).
    """

    rows: tuple[tuple[str, Decimal], ...]
    start: Decimal | None = None
    """None: W."""
    floor: Decimal | None = ZERO
    cap: Decimal | None = None
    cap_is_full: bool = False
    doubled: str = ""

    def __post_init__(self) -> None:
        _once_each(self.rows, "事项表")

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
        start = "从基本分起," if self.start is None else f"从{shown(self.start)}分起,"
        double = f",有“{self.doubled}”的扣分加倍" if self.doubled else ""
        end = ",扣完为止" if self.floor == 0 else "" if self.floor is None else f",最低{shown(self.floor)}分"
        top = ",不超过基本分" if self.cap_is_full else "" if self.cap is None else f",最高{shown(self.cap)}分"
        return f"{start}{rows}{double}{end}{top}"


@primitive("vote", "按投票计分")
@dataclass(frozen=True, slots=True)
class Vote:
    """Mean value of the valid ballots as % of W (R58, R59); answers without a row are no valid ballots."""

    rows: tuple[tuple[str, Decimal], ...] = (
        ("满意", Decimal(100)), ("基本满意", Decimal(70)), ("不满意", Decimal(30)),
    )

    def __post_init__(self) -> None:
        _once_each(self.rows, "选项表")

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
        # 「5分按100」: an answer that ends in a figure would run into its points.
        rows = "、".join(
            f"{answer}分按{shown(value)}" if answer[-1:].isdigit() else f"{answer}{shown(value)}" for answer, value in self.rows
        )
        return f"按有效票平均计分:{rows};其他选项不计为有效票"


@primitive("raters", "按评委打分平均")
@dataclass(frozen=True, slots=True)
class Raters:
    """Mean of what raters gave as % of W (R61); the highest and lowest are dropped above `whole_up_to` raters."""

    trim: bool = True
    whole_up_to: int = 5
    scale: Decimal = HUNDRED
    """What full marks of a rater are."""

    def __post_init__(self) -> None:
        insist(self.scale > 0, "评委满分应大于0。")
        insist(not self.trim or self.whole_up_to >= 2, "去掉最高最低至少要有3个评委。", "“不超过此人数不去”请填2以上。")

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        given = sorted(facts.scores)
        if not given:
            return None
        if given[0] < 0 or given[-1] > self.scale:
            wrong = given[0] if given[0] < 0 else given[-1]
            raise InputError(f"评委打分{shown(wrong)}不在0到{shown(self.scale)}之间。", "请核对打分和评委满分。")
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


@primitive("weighted", "各期、各部分得分加权")
@dataclass(frozen=True, slots=True)
class Weighted:
    """Given figures by weight: periods of the year, groups of raters, subjects (R38, R60, §3.5).

    rows: name of the figure, weight in %; they add up to 100. out_of: what the figures are full
    marks of (150, 100, 1); the result is then a part of W. None: the figures are points as they stand.
    """

    rows: tuple[tuple[str, Decimal], ...] = (
        ("一季度", Decimal(15)), ("上半年", Decimal(25)), ("前三季度", Decimal(25)), ("全年", Decimal(35)),
    )
    out_of: Decimal | None = None

    def __post_init__(self) -> None:
        _once_each(self.rows, "权重表")
        weights = sum((weight for _, weight in self.rows), ZERO)
        insist(weights == HUNDRED, f"权重合计{shown(weights)}%,不是100%。", "请调整权重。")
        insist(all(weight >= 0 for _, weight in self.rows), "权重不能是负数。")
        insist(self.out_of is None or self.out_of > 0, "各部分的满分应大于0。")

    def score(self, facts: Facts, group: Group, say: Say | None) -> Decimal | None:
        """Points with their working, as `Scorer.score`."""
        found = []
        for name, weight in self.rows:
            value = facts.value(name)
            if value is None:
                return None
            if self.out_of is not None and not 0 <= value <= self.out_of:
                raise InputError(f"{name}{shown(value)}不在0到{shown(self.out_of)}之间。", "请核对这个数。")
            found.append((value, weight))
        mean = sum((value * weight for value, weight in found), ZERO) / HUNDRED
        points = mean if self.out_of is None else facts.full * mean / self.out_of
        if say is not None:
            say.append("+".join(f"{shown(value)}×{shown(weight)}%" for value, weight in found) + f"={shown(mean)}")
            if self.out_of is not None:
                say.append(f"÷{shown(self.out_of)}×{shown(facts.full)}={shown(points)}")
        return points

    def sentence(self) -> str:
        """In words."""
        rows = "、".join(f"{name}占{shown(weight)}%" for name, weight in self.rows)
        return f"{rows}" + ("" if self.out_of is None else f",满{shown(self.out_of)}分折算为基本分")
