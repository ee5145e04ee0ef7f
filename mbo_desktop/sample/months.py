"""The sample city's months: figures that grow at their own pace, with the troubles of a real year.

Most targets keep pace, some lag with a cause, some run ahead. Deliberate: two units that did not
report the last month, three that were late, one cumulative figure that falls, one that jumps
tenfold, one project not begun, source figures that differ from the reported ones, scaffolding
(same figure for months without evidence), problems, and a piece of evidence noted by title.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from mbo_desktop import clock
from mbo_desktop.domain.calendar import month_end
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.progress import Comparison, comparison_of
from mbo_desktop.domain.reports import (
    CauseKind,
    Evidence,
    FigureKind,
    Filing,
    ProgressProblem,
    ProgressReport,
)
from mbo_desktop.domain.targets import TargetPart
from mbo_desktop.sample.register import Placed
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

_LAST_MONTHS = {UnitKind.TOWNSHIP: 2, UnitKind.DEPARTMENT: 4, UnitKind.VERTICAL: 4}
"""Only the last months of these are in the city's file; counties and zones have them all."""
_STAGES = ("正在办理前期手续", "已开工建设", "完成总工程量的一半", "主体完工", "进入收尾阶段", "全面完成")
_CAUSES = (
    (CauseKind.OBJECTIVE, "土地指标尚未批复", "已三次上门对接", "月底前取得批复,下月集中开工"),
    (CauseKind.SUBJECTIVE, "前期谋划不够,项目储备不足", "", "每周调度一次,班子成员包抓"),
    (CauseKind.OBJECTIVE, "上级资金下达较晚", "先行垫付启动资金", "资金到位后两个月内补齐进度"),
    (CauseKind.SUBJECTIVE, "责任分工没有落实到人", "", "重新明确责任人和时间节点"),
)
_PROBLEMS = ("征地拆迁推进缓慢", "施工用电未接通", "主管部门审批尚未办结")


@dataclass(frozen=True, slots=True)
class _Row:
    target: Target
    indicator: Indicator
    part: TargetPart
    comparison: Comparison
    pace: Decimal
    """What part of the planned progress it keeps: 1 is on time."""


def put_months(store: Store, year: int, placed: Sequence[Placed], seed: int) -> int:
    """Report the months of the year that are over; how many figures were written."""
    today = clock.today()
    last = 12 if today.year > year else today.month - 1
    if last < 1:
        return 0
    random = Random(seed + 5)  # noqa: S311 the same city every time, no secret
    rows = _rows(store, year, placed, random)
    kinds = {unit.id: unit.kind for unit in placed}
    departments = [unit.id for unit in placed if unit.kind is UnitKind.DEPARTMENT]
    silent = set(departments[3:5])
    written = 0
    with store.change("建立样例进度", barrier=True) as change:
        for month in range(1, last + 1):
            reports = [
                report for row in rows
                if not (month == last and row.target.unit in silent)
                and month > last - _LAST_MONTHS.get(kinds[row.target.unit], 12)
                for report in _reports(change, row, month, random)
            ]
            change.put_all(reports)
            written += len(reports)
            _file(change, year, month, placed, silent if month == last else set(), last)
        written += _put_troubles(change, rows, last)
    return written


def _rows(store: Store, year: int, placed: Sequence[Placed], random: Random) -> list[_Row]:
    indicators = {one.id: one for one in store.all(Indicator, year=year)}
    reporting = {one.id for one in placed}
    found = []
    for target in store.all(Target):
        indicator = indicators.get(target.indicator)
        if indicator is None or target.unit not in reporting or target.value is None:
            continue
        part = target.value.counted
        comparison = comparison_of(part, indicator.direction, indicator.name, indicator.unit_of_measure)
        if target.value.is_not_applicable:
            continue
        chance = random.random()
        pace = Decimal(random.randint(104, 118)) / 100
        if chance < 0.12:
            pace = Decimal(random.randint(45, 85)) / 100
        elif chance < 0.2:
            pace = Decimal(random.randint(115, 135)) / 100
        found.append(_Row(target, indicator, part, comparison, pace))
    return found


def _reports(change: Change, row: _Row, month: int, random: Random) -> Iterator[ProgressReport]:
    subject = row.target.id
    if row.comparison in (Comparison.STAGES, Comparison.NONE):
        stage = min(month * len(_STAGES) // 12, len(_STAGES) - 1)
        yield _report(change, row, month, FigureKind.PROXY, physical=_STAGES[stage])
        return
    amount = _amount(row, month, random)
    words = _explained(subject, row.pace) if row.pace < Decimal("0.9") and month > 2 else {}
    yield _report(change, row, month, FigureKind.PROXY, amount=amount, **words)
    if row.indicator.is_key and subject % 7 == 0 and amount:
        source = (amount * Decimal("0.96")).quantize(_step(row), ROUND_HALF_UP)
        yield _report(change, row, month, FigureKind.CERTIFIED, amount=source)


def _report(
    change: Change, row: _Row, month: int, kind: FigureKind, **facts: object
) -> ProgressReport:
    proxy = kind is FigureKind.PROXY
    return ProgressReport(
        id=change.named(ProgressReport, row.target.id, month, kind), subject=row.target.id,
        month=month, kind=kind, on_behalf_of=row.target.unit if proxy else None,
        **facts,  # type: ignore[arg-type]
    )


def _amount(row: _Row, month: int, random: Random) -> Decimal:
    goal = row.part.amount or Decimal(0)
    step = _step(row)
    if row.comparison is Comparison.CUMULATIVE:
        # Winters are slow: the curve starts below the straight line and meets it in December.
        bend = Decimal(month * (month + 24)) / Decimal(12 * 36)
        return (goal * bend * row.pace).quantize(step, ROUND_HALF_UP)
    if row.comparison is Comparison.CAP:
        return (goal * month / 12 * (2 - row.pace)).quantize(step, ROUND_HALF_UP)
    noise = Decimal(random.randint(985, 1020)) / 1000
    better = row.pace if row.comparison is Comparison.RATE else 2 - row.pace
    return (goal * noise * min(better, Decimal("1.05"))).quantize(step, ROUND_HALF_UP)


def _step(row: _Row) -> Decimal:
    return Decimal(1).scaleb(-(row.indicator.decimals or 0))


def _explained(subject: RecordId, pace: Decimal) -> dict[str, object]:
    if subject % 5 == 0:
        return {}
    cause, text, effort, measure = _CAUSES[subject % len(_CAUSES)]
    return {"cause": cause, "cause_text": text, "own_effort": effort, "measure": measure}


def _file(
    change: Change, year: int, month: int, placed: Sequence[Placed], silent: set[RecordId],
    last: int,
) -> None:
    """The day each unit's report came in; three are late each month."""
    end = min(month_end(year, month).replace(day=28), clock.today())
    for place, unit in enumerate(placed):
        if unit.id in silent or month <= last - _LAST_MONTHS.get(unit.kind, 12):
            continue
        late = (place + month) % 37 == 0
        day: date = end + timedelta(days=3) if late else end - timedelta(days=place % 4)
        change.put(Filing(
            id=change.named(Filing, year, month, unit.id), year=year, month=month, unit=unit.id,
            received_on=min(day, clock.today()), confirmed=True,
        ))


def _put_troubles(change: Change, rows: Sequence[_Row], last: int) -> int:
    """A fall, a jump, a project not begun, a figure that never moves; problems and a paper."""
    numbers = [row for row in rows if row.comparison is Comparison.CUMULATIVE and row.part.amount]
    if len(numbers) < 8 or last < 3:
        return 0
    falling, jumping, still = numbers[1], numbers[3], numbers[7]
    projects = [row for row in rows if row.comparison is Comparison.STAGES]
    amount = falling.part.amount or Decimal(1)
    put = [
        _report(change, falling, last - 1, FigureKind.PROXY, amount=(amount * Decimal("0.8")).quantize(_step(falling))),
        _report(change, falling, last, FigureKind.PROXY, amount=(amount * Decimal("0.7")).quantize(_step(falling))),
        _report(change, jumping, last, FigureKind.PROXY, amount=(jumping.part.amount or Decimal(1)) * 9),
    ]
    put += [_report(change, row, last, FigureKind.PROXY, started=False) for row in projects[:1]]
    put += [
        _report(change, still, month, FigureKind.PROXY, amount=((still.part.amount or Decimal(1)) / 5).quantize(_step(still)))
        for month in range(1, last + 1)
    ]
    change.put_all(put)
    lagging = [row for row in numbers if row.pace < Decimal("0.8")][: len(_PROBLEMS)]
    for row, text in zip(lagging, _PROBLEMS, strict=False):
        change.put(ProgressProblem(
            id=change.new(ProgressProblem), subject=row.target.id, month=last, text=text,
            cause=CauseKind.OBJECTIVE, own_effort="已多次协调", wanted="请市政府专题研究",
        ))
    for row in numbers[10:14]:
        change.put(Evidence(
            id=change.new(Evidence), subject=row.target.id, month=last,
            title="统计部门核定表(纸质,存档案柜)", dated=clock.today(),
        ))
    return len(put)
