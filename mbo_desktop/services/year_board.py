"""The year on one board, as a leader asks for it: eight figures, lights, ranks with moves, blank spots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from mbo_desktop import clock
from mbo_desktop.domain.blanks import Severity
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.lights import Judged, Light
from mbo_desktop.domain.outside import Standing
from mbo_desktop.domain.quantity import show
from mbo_desktop.services import (
    blanks,
    comparison,
    dockets,
    duties,
    filings,
    office_words,
    offices,
    overview,
    progress,
    progress_lights,
    progress_statistics,
    results,
    score_comparison,
    sealing,
    statistics,
)
from mbo_desktop.services.dockets import DocketFilter
from mbo_desktop.services.progress_lights import LightMatrix
from mbo_desktop.store.database import Store

Step = Callable[[int, int], None]
"""(done, total); may raise to stop."""


class Tone(Choice):
    """How a figure is shown; the word is for those who cannot tell the colours."""

    PLAIN = "plain", ""
    GOOD = "good", "正常"
    WARN = "warn", "需关注"
    BAD = "bad", "有问题"
    UNKNOWN = "unknown", "尚无数据"


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the eight figures: what it is, the number, a line below it, the room it opens."""

    key: str
    words: str
    number: str
    detail: str
    room: str
    hint: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class RankLine:
    """A unit's place; move: places gained (positive) or lost against `Ranking.against`, None: not placed then."""

    unit: RecordId
    label: str
    rank: int
    figure: str
    move: int | None
    grade: str = ""

    @property
    def move_text(self) -> str:
        """「↑2」, 「↓1」, 「—」 unchanged, "" unknown."""
        if self.move is None:
            return ""
        return f"↑{self.move}" if self.move > 0 else f"↓{-self.move}" if self.move else "—"


@dataclass(frozen=True, slots=True)
class Ranking:
    """The places within one group; what the figure is, and what the moves are against."""

    group: str
    figure: str
    """「得分」 or 「正常率(%)」."""
    against: str
    """「上年」, 「上月」; "" when there is nothing to compare with."""
    lines: tuple[RankLine, ...]
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class BlankSpots:
    """How many blank spots a unit has (office: what is nobody else's to mend)."""

    unit: RecordId | None
    label: str
    blanks: int


@dataclass(frozen=True, slots=True)
class YearBoard:
    """All that the board of a year shows; month 0: nothing was reported yet."""

    year: int
    month: int
    day: date
    headlines: tuple[Headline, ...]
    lights: LightMatrix | None
    rankings: tuple[Ranking, ...]
    blanks: tuple[BlankSpots, ...]
    groups: Mapping[RecordId, str]
    """The 考核分组 of every unit with a light."""

    @property
    def group_names(self) -> tuple[str, ...]:
        """Groups with lights or places, in official order; 未分组 last."""
        named = dict.fromkeys([*self.groups.values(), *(one.group for one in self.rankings)])
        return tuple(sorted(named, key=lambda one: not one))

    def units_of(self, group: str | None) -> tuple[tuple[RecordId, str], ...]:
        """Units with lights of a group (None: of all) with their labels, in official order."""
        if self.lights is None:
            return ()
        return tuple(one for one in self.lights.units if group is None or self.groups.get(one[0]) == group)


def quick_headlines(store: Store, year: int, today: date | None = None) -> tuple[Headline, ...]:
    """The figures that are counted at once: signed, overdue, not reported, against the province."""
    day = today or clock.today()
    return (_signed(store, year), _overdue(store, year, day), _unreported(store, year, day),
            _province(store, year))


def year_board(
    store: Store, year: int, *, today: date | None = None, step: Step | None = None
) -> YearBoard:
    """The whole board; 20,000 targets take some seconds, so it is made beside the window."""
    day = today or clock.today()
    month = last_month(store, year, day)
    judged = progress_lights.lights(store, year, month, progress=step) if month else {}
    # A sealed year is told as it was; nobody fills its blanks any more.
    listed = None if sealing.is_sealed(store, year) else blanks.current_list(
        store, year, progress=None if step is None else lambda done, total, _text: step(done, total))
    by_key = {one.key: one for one in (
        *quick_headlines(store, year, day), *_outcome(store, year, judged),
        _behind(judged, month), _blank(listed),
    )}
    matrix = progress_lights.matrix(store, year, month, judged) if judged else None
    lit = [] if matrix is None else [unit for unit, _label in matrix.units]
    return YearBoard(
        year, month, day, tuple(by_key[key] for key in ORDER), matrix,
        rankings(store, year, month, judged), () if listed is None else _blank_units(listed),
        {row.id: office_words.group(store, row.peer_group) for row in offices.unit_rows(store, lit)} if lit else {},
    )


WORDS = {
    "signed": "签订责任目标", "met": "完成和超额完成", "unmet": "未完成", "behind": "落后于时间进度",
    "blanks": "责任空白点", "overdue": "督查事项超期", "unreported": "未报进度单位", "province": "优于全省平均",
}
ORDER = tuple(WORDS)
"""As the speech counts them."""


def last_month(store: Store, year: int, today: date) -> int:
    """The last month in which anything was reported, no later than the day; 0: none was."""
    limit = 12 if today.year > year else today.month if today.year == year else 0
    told = [month for month, count in progress.count_months(store, year).items() if count and month <= limit]
    return max(told, default=0)


# The eight figures -----------------------------------------------------------


def _signed(store: Store, year: int) -> Headline:
    """What was signed with those below; an office that only carries its superior's says that."""
    found = overview.signed_targets(store, year)
    known = overview.figures(store, year)
    units = sum(known.agreements.values())
    if not units and known.received:
        made = known.received_agreements
        return Headline(
            "signed", "承接上级目标", f"{known.received:,}", f"与上级签订责任书 {made} 份" if made else "尚未收到责任书",
            "agreements", "", Tone.GOOD if made else Tone.WARN,
        )
    detail = f"{found.units} / {units} 个单位已签" if units else "还没有下达目标"
    if known.received:
        detail += f",承接上级 {known.received:,} 项"
    tone = Tone.UNKNOWN if not units else Tone.GOOD if found.units >= units else Tone.WARN
    return Headline("signed", WORDS["signed"], f"{found.targets:,}", detail, "agreements", "not_signed", tone)


def _outcome(
    store: Store, year: int, judged: Mapping[RecordId, Judged]
) -> tuple[Headline, Headline]:
    """Met and unmet: as settled at the year's end, before that as the last month's figures have it."""
    words = (WORDS["met"], WORDS["unmet"])
    lines = statistics.account(store, year)
    counts = lines[0].counts if lines else None
    if counts is not None and counts.total:
        share, rest = counts.shares()
        undecided = f",另 {counts.undecided:,} 项未认定" if counts.undecided else ""
        return (
            Headline("met", words[0], f"{counts.done:,}", f"占 {share}%{undecided}", "circulars", "",
                     Tone.GOOD),
            Headline("unmet", words[1], f"{counts.undone:,}", f"占 {rest}%", "circulars", "unmet",
                     Tone.BAD if counts.undone else Tone.GOOD),
        )
    counted = [one for one in judged.values() if one.light is not Light.NOT_APPLICABLE]
    if not counted:
        nothing = "还没有上报进度"
        return (Headline("met", words[0], "—", nothing, "progress", "", Tone.UNKNOWN),
                Headline("unmet", words[1], "—", nothing, "progress", "", Tone.UNKNOWN))
    reached = sum(one.measured.reached for one in counted)
    return (
        Headline("met", "已达全年目标", f"{reached:,}", "按上报进度,年底认定", "progress", "lights"),
        Headline("unmet", "尚未达到", f"{len(counted) - reached:,}", "按上报进度,年底认定", "progress", "lights"),
    )


def _behind(judged: Mapping[RecordId, Judged], month: int) -> Headline:
    words, room = WORDS["behind"], "progress"
    if not judged:
        return Headline("behind", words, "—", "还没有上报进度", room, "", Tone.UNKNOWN)
    lights = Counter(one.light for one in judged.values())
    red, yellow = lights[Light.RED], lights[Light.YELLOW]
    tone = Tone.BAD if red else Tone.WARN if yellow else Tone.GOOD
    return Headline("behind", words, f"{red:,}", f"{month}月滞后,另预警 {yellow:,} 项", room, "lights", tone)


def _blank(listed: blanks.BlankList | None) -> Headline:
    if listed is None:
        return Headline("blanks", WORDS["blanks"], "—", "年度已封存", "decomposition", "", Tone.UNKNOWN)
    counts = listed.by_severity
    count, wrong = counts[Severity.BLANK], counts[Severity.WRONG]
    units = sum(bool(one.blanks) for one in listed.by_unit)
    found = [f"涉及 {units} 个单位"] if count else []
    found += [f"不一致 {wrong:,} 处"] if wrong else []
    return Headline(
        "blanks", WORDS["blanks"], f"{count:,}", ",".join(found) or "横向到边、纵向到底", "decomposition", "blanks",
        Tone.WARN if count or wrong else Tone.GOOD,
    )


def _overdue(store: Store, year: int, day: date) -> Headline:
    late = dockets.count(store, year, DocketFilter(overdue_at=day))
    near = dockets.count(store, year, DocketFilter(
        due_from=day, due_until=day + timedelta(days=duties.NEAR_DAYS)))
    left = dockets.count(store, year, DocketFilter(carried=True))
    detail = f"三日内到期 {near:,}" + (f" · 上年结转 {left:,}" if left else "")
    return Headline("overdue", WORDS["overdue"], f"{late:,}", detail, "inspections", "overdue",
                    Tone.BAD if late else Tone.GOOD)


def _unreported(store: Store, year: int, day: date) -> Headline:
    month = duties.asked_month(store, year, day)
    if not month:
        return Headline("unreported", WORDS["unreported"], "—", "还没有开始上报", "progress", "board", Tone.UNKNOWN)
    rows = filings.board(store, year, month)
    missing = sum(row.state in duties.MISSING for row in rows)
    return Headline("unreported", WORDS["unreported"], f"{missing:,}", f"{month}月应报 {len(rows):,}", "progress",
                    "board", Tone.WARN if missing else Tone.GOOD)


def _province(store: Store, year: int) -> Headline:
    """Standing goes by the indicator's direction: a lower energy use stands above the average."""
    counts = Counter(
        row.average_gap.standing for row in comparison.rows(store, year, years=1)
        if row.average_gap is not None
    )
    words = WORDS["province"]
    if not counts:
        return Headline("province", words, "—", "还没有录入全省平均", "planning", "comparison", Tone.UNKNOWN)
    behind, level = counts[Standing.BEHIND], counts[Standing.LEVEL]
    detail = f"低于 {behind:,} 项" + (f" · 持平 {level:,}" if level else "")
    return Headline("province", words, f"{counts[Standing.AHEAD]:,}", detail, "planning", "comparison",
                    Tone.WARN if behind else Tone.GOOD)


# Ranks and blank spots ---------------------------------------------------------


def rankings(
    store: Store, year: int, month: int, judged: Mapping[RecordId, Judged]
) -> tuple[Ranking, ...]:
    """By score where a group's figures are complete or sealed, else by the month's share of green lights."""
    scored = {
        one.peer_group: _by_score(one) for one in score_comparison.side_by_side(store, year)
        if one.is_final or not one.missing
    }
    found = [one for one in scored.values() if one.lines]
    if judged:
        found += [one for one in _by_lights(store, year, month, judged) if one.group not in scored]
    placed = tuple(found) or _by_results(store, year)
    return tuple(replace(one, group=office_words.group(store, one.group)) for one in placed)


def _by_results(store: Store, year: int) -> tuple[Ranking, ...]:
    """The places of a year that was not assessed here, as they were entered."""
    placed = {one.unit: one for one in results.unit_results(store, year) if one.rank is not None}
    if not placed:
        return ()
    groups: dict[str, list[RankLine]] = {}
    digits = _digits(one.score for one in placed.values())
    for row in offices.unit_rows(store, list(placed)):
        one = placed[row.id]
        figure = "" if one.score is None else show(one.score, digits)
        groups.setdefault(row.peer_group, []).append(
            RankLine(row.id, row.short_name, one.rank or 0, figure, None, one.grade))
    return tuple(
        Ranking(group, "得分", "", tuple(sorted(lines, key=lambda one: one.rank)), is_final=True)
        for group, lines in groups.items()
    )


def _by_score(one: score_comparison.GroupResult) -> Ranking:
    digits = _digits(line.total for line in one.lines)
    lines = tuple(
        RankLine(
            line.unit, line.label, line.rank, show(line.total, digits),
            None if line.rank_before is None else line.rank_before - line.rank, line.grade,
        )
        for line in one.lines if line.rank is not None and line.total is not None
    )
    against = "上年" if any(line.move is not None for line in lines) else ""
    return Ranking(one.peer_group, "得分", against, lines, one.is_final)


def _digits(figures: Iterable[Decimal | None]) -> int:
    """Decimals that show all of these figures exactly, below each other."""
    return max((-int(one.as_tuple().exponent) for one in figures if one is not None), default=0)


def _by_lights(
    store: Store, year: int, month: int, judged: Mapping[RecordId, Judged]
) -> list[Ranking]:
    now = progress_statistics.summary(store, year, judged).units
    before: dict[RecordId, int | None] = {}
    if progress.count_months(store, year).get(month - 1):
        earlier = progress_lights.lights(store, year, month - 1)
        before = {one.unit: one.rank for one in progress_statistics.summary(store, year, earlier).units}
    return [
        Ranking(group, f"{month}月正常率(%)", "上月" if before else "", tuple(
            RankLine(
                one.unit, one.label, one.rank, str(one.tally.green_share),
                None if (old := before.get(one.unit)) is None else old - one.rank,
            )
            for one in units if one.rank is not None
        ))
        for group, units in progress_statistics.ranked(now).items()
    ]


def _blank_units(listed: blanks.BlankList) -> tuple[BlankSpots, ...]:
    """Units with blanks, most first, equal ones in official order."""
    counted = [one for one in listed.by_unit if one.blanks]
    found = [BlankSpots(one.unit, one.label, one.blanks) for one in counted]
    return tuple(sorted(found, key=lambda one: -one.blanks))

