"""Comparison table, coverage and results at a city's size: times are reported, growth is asserted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.domain.outside import Amount, NeighbourFigure, OutsideFigure
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.results import TargetResult
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.services import comparison, registers, results, session
from mbo_desktop.store.database import Store

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

YEAR, UNITS = 2020, 100


def city(folder: Path, indicators: int) -> Store:
    """A city of a hundred units with five years of the same indicators and outside figures."""
    store = session.create_folder(folder, office_name="示例市人民政府目标管理办公室", year=YEAR)
    for year in range(YEAR - 5, YEAR):
        session.open_year(store, year)
    with store.change("数据") as change:
        units = [change.new(Unit) for _ in range(UNITS)]
        change.put_all(
            Unit(id=u, name=f"第{n}县人民政府", kind=UnitKind.COUNTY, ord=f"a{n:03d}")
            for n, u in enumerate(units)
        )
        for year in range(YEAR - 5, YEAR + 1):
            for n in range(indicators):
                record = change.new(Indicator)
                change.put(
                    Indicator(id=record, year=year, name=f"指标{n}", ord=f"a{n:03d}", unit_of_measure="亿元")
                )
                _figures(change.named(OutsideFigure, record, str(year)), change.put, record, year, n)
                if year >= YEAR - 1:
                    for unit in units:
                        change.put(
                            Target(
                                id=change.named(Target, record, unit), indicator=record, unit=unit,
                                value=read_target(str(10 + n), unit="亿元"),
                            )
                        )
                        if year == YEAR - 1:
                            change.put(
                                TargetResult(
                                    id=change.named(TargetResult, record, unit), indicator=record,
                                    unit=unit, actual=Decimal(10 + n),
                                )
                            )
    return store


def _figures(
    number: RecordId, put: Callable[[OutsideFigure], None], indicator: RecordId, year: int, n: int
) -> None:
    put(
        OutsideFigure(
            id=number, indicator=indicator, period=str(year),
            own=None if year == YEAR else Amount(Decimal(1000 + n)),
            province_target=read_target("增长8%", unit="亿元"),
            province_average=Amount(Decimal("7.5"), "%"), rank=3, ranked=11,
            neighbours=tuple(
                NeighbourFigure(name, Amount(Decimal("7.9"), "%")) for name in ("衢州", "丽水", "金华")
            ),
        )
    )


def best(action: Callable[[], object], rounds: int = 5) -> float:
    times = []
    for _ in range(rounds):
        started = perf_counter()
        action()
        times.append(perf_counter() - started)
    return min(times) * 1000


def test_the_comparison_table_grows_with_the_indicators_only(tmp_path: Path) -> None:
    times = {}
    for count in (15, 60):
        with city(tmp_path / str(count), count) as store:
            rows = comparison.rows(store, YEAR)
            assert len(rows) == count
            assert rows[0].target_gap is not None
            assert len(rows[0].history) == 5
            times[count] = best(lambda: comparison.rows(store, YEAR))
            done = best(lambda: results.account(store, YEAR - 1), 3)
            bases = best(lambda: results.bases(store, YEAR), 3)
            source = registers.add_source(store, YEAR, "政府工作报告")
            text = "\n".join(f"{n}.新建{n}号管网{n}公里" for n in range(1, 223))
            started = perf_counter()
            registers.add_items_from_text(store, source, text)
            pasted = (perf_counter() - started) * 1000
            covered = best(lambda: registers.items(store, YEAR), 3)
            sys.stdout.write(
                f"\n{count} indicators x {UNITS} units: comparison {times[count]:.1f} ms, account of "
                f"{count * UNITS} results {done:.1f} ms, bases {bases:.1f} ms, 222 items pasted "
                f"{pasted:.0f} ms, listed {covered:.1f} ms\n"
            )
    assert times[60] < times[15] * 8
