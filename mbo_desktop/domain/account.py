"""The counts and sentences of account (domain notes §6.4): so many signed, so many done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.chinese_numerals import show_numeral
from mbo_desktop.domain.quantity import round_half_up
from mbo_desktop.domain.results import Completion, SuperiorResult


@dataclass(frozen=True, slots=True)
class AccountCounts:
    """Unit-targets by status; withdrawn and N/A ones count nowhere."""

    met: int = 0
    exceeded: int = 0
    substantially_met: int = 0
    not_met: int = 0
    undecided: int = 0
    """Neither recorded nor told by the rule."""
    withdrawn: int = 0
    substantial_counts_as_met: bool = False

    @property
    def done(self) -> int:
        """完成和超额完成, with 基本完成 where it counts so."""
        return self.met + self.exceeded + (self.substantially_met if self.substantial_counts_as_met else 0)

    @property
    def undone(self) -> int:
        """未完成."""
        return self.not_met + (0 if self.substantial_counts_as_met else self.substantially_met)

    @property
    def total(self) -> int:
        """All that are decided."""
        return self.done + self.undone

    def shares(self, digits: int = 1) -> tuple[Decimal, Decimal]:
        """(done, undone) in %, half-up; the second is 100 less the first, so that both print as 100.

        ZeroDivisionError when nothing is decided.
        """
        if not self.total:
            raise ZeroDivisionError
        share = round_half_up(Decimal(self.done * 100) / Decimal(self.total), digits)
        return share, Decimal(100) - share


def count(
    statuses: Iterable[Completion | None], *, substantial_counts_as_met: bool = False
) -> AccountCounts:
    """Count the statuses of unit-targets."""
    found = Counter(statuses)
    return AccountCounts(
        met=found[Completion.MET],
        exceeded=found[Completion.EXCEEDED],
        substantially_met=found[Completion.SUBSTANTIALLY_MET],
        not_met=found[Completion.NOT_MET],
        undecided=found[None],
        withdrawn=found[Completion.WITHDRAWN],
        substantial_counts_as_met=substantial_counts_as_met,
    )


def account_sentence(
    year: int, issuer: str, parties: str, counts: AccountCounts, digits: int = 1
) -> str:
    """The speech's opening sentence; "" when nothing is decided.

    issuer: 市政府; parties: 县（区）、市直部门.
    """
    if not counts.total:
        return ""
    done, undone = counts.shares(digits)
    met = "完成和超额完成"
    return (
        f"{year}年，{issuer}与{parties}共签订责任目标{counts.total}项，{met}{counts.done}项，"
        f"占签订目标总项数的{_percent(done, digits)}；未完成的{counts.undone}项，"
        f"占总数的{_percent(undone, digits)}。"
    )


def _percent(share: Decimal, digits: int) -> str:
    """93.5%; 100% and 0% without a decimal point."""
    return f"{share:.0f}%" if share in (0, 100) else f"{share:.{digits}f}%"


def streak(results: Mapping[int, SuperiorResult], year: int) -> int:
    """For how many years in a row up to `year` the same title was won; 0 without one."""
    now = results.get(year)
    if now is None or not now.title:
        return 0
    length = 1
    while (earlier := results.get(year - length)) is not None and earlier.title == now.title:
        length += 1
    return length


def superior_sentence(results: Mapping[int, SuperiorResult], year: int, superior: str) -> str:
    """「2019年，在省政府目标考核中得分96.5分，列第3位，连续三年被评为优秀单位。」; "" for a year without any."""
    now = results.get(year)
    if now is None:
        return ""
    facts = []
    if now.points is not None:
        facts.append(f"得分{_plain(now.points)}分")
    if now.rank is not None:
        facts.append(f"列第{now.rank}位{_moved(results.get(year - 1), now)}")
    if now.title:
        years = streak(results, year)
        head = f"连续{show_numeral(years)}年" if years > 1 else ""
        facts.append(f"{head}被评为{now.title}")
    return f"{year}年，在{superior}目标考核中{'，'.join(facts)}。" if facts else ""


def _moved(earlier: SuperiorResult | None, now: SuperiorResult) -> str:
    if earlier is None or earlier.rank is None or now.rank is None:
        return ""
    places = earlier.rank - now.rank
    if not places:
        return "（与上年持平）"
    return f"（比上年{'上升' if places > 0 else '下降'}{abs(places)}位）"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
