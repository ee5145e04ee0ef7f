"""The signing season: the desk follows a keystroke, the comparison of rounds fills a page."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.rounds import RoundSide, TargetProposal
from mbo_desktop.domain.target_moves import SpreadBy, raise_by, reach_total, set_amount
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.target_setting import OutsideMarks, results, row_result
from mbo_desktop.services import (
    adjustment_lists,
    adjustments,
    agreements,
    round_talks,
    rounds,
    session,
    signing,
    target_setting,
)
from mbo_desktop.store.database import Store

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

YEAR, ROWS, UNITS = 2026, 60, 100


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """60 indicators × 100 units with a value and last year each, three rounds of proposals."""
    folder: Path = tmp_path_factory.mktemp("season") / "数据"
    store = session.create_folder(folder, office_name="目标办", operators=["刘敏"], year=YEAR)
    talk = [rounds.add_round(store, YEAR, side) for side in RoundSide]
    with store.change("造数") as change:
        units = [change.new(Unit) for _ in range(UNITS)]
        rows = [change.new(Indicator) for _ in range(ROWS)]
        change.put_all([
            Unit(id=one, name=f"第{place}县人民政府", kind=UnitKind.COUNTY, ord=f"{place:04d}")
            for place, one in enumerate(units)
        ])
        change.put_all([
            Indicator(id=one, year=YEAR, name=f"指标{place}", unit_of_measure="亿元",
                      ord=f"{place:04d}", decimals=1)
            for place, one in enumerate(rows)
        ])
        for place, (row, unit) in enumerate(itertools.product(rows, units)):
            value = read_target(f"{100 + place % 97}.{place % 10}", unit="亿元")
            change.put(Target(
                id=change.named(Target, row, unit), indicator=row, unit=unit, value=value,
                last_year=Decimal(90 + place % 89),
            ))
            for record in talk:
                change.put(TargetProposal(
                    id=change.named(TargetProposal, record, row, unit), round=record,
                    indicator=row, unit=unit, value=value, by="县发改局",
                ))
    yield store
    store.close()


def best(action: Callable[[], object], times: int = 15) -> float:
    """Milliseconds of the quickest of some rounds."""
    found = []
    for _ in range(times):
        started = perf_counter()
        action()
        found.append(perf_counter() - started)
    return min(found) * 1000


def say(label: str, milliseconds: float) -> None:
    sys.stdout.write(f"{label:44s} {milliseconds:7.2f} ms\n")


def test_the_desk_follows_a_keystroke(city: Store) -> None:
    outside = {RecordId(0): OutsideMarks()}
    say("\ndesk read from the file, 60 × 100", best(
        lambda: target_setting.desk(city, YEAR, outside=outside), 3
    ))
    desk = target_setting.desk(city, YEAR)
    drafts = raise_by(desk.rows, Decimal(5), drafts={}).drafts
    row = desk.rows[30]
    unit = desk.units[50].unit

    def keystroke() -> None:
        now = set_amount(row, unit, Decimal("123.4"), drafts=drafts)
        row_result(row, {key[1]: amount for key, amount in now.items() if key[0] == row.indicator})

    one, whole = best(keystroke), best(lambda: results(desk.rows, drafts), 5)
    say("a keystroke: one row of 100 units", one)
    say("the whole desk anew, 6000 cells", whole)
    say("raise everything by 5 %", best(lambda: raise_by(desk.rows, Decimal(5), drafts={}), 5))
    say("spread a total over 100 units", best(
        lambda: reach_total(row, Decimal(12000), by=SpreadBy.LAST_YEAR, drafts={})
    ))
    # The row a key is typed in costs a small part of the desk.
    assert one < whole


def test_the_comparison_of_rounds_fills_a_page(city: Store) -> None:
    page = best(lambda: round_talks.comparison(city, YEAR, offset=3000, limit=100), 5)
    say("\n100 cells × 3 rounds out of 18000 proposals", page)
    whole = best(lambda: round_talks.comparison(city, YEAR, limit=6000), 1)
    say("all 6000 cells", whole)
    assert page < whole
    keys = round_talks.sheet_keys(city, YEAR)
    opened = best(lambda: round_talks.talks(city, YEAR, round_talks.sheet_keys(city, YEAR)[:50]), 5)
    say("the table of 6000 cells opens with 50 rows", opened)
    assert len(keys) == ROWS * UNITS
    assert opened < 100


def test_a_raise_for_all_units_is_one_quick_action(city: Store) -> None:
    units = [one.unit for one in target_setting.desk(city, YEAR).units]
    row = target_setting.desk(city, YEAR).rows[0].indicator
    agreements.make_agreements(city, YEAR)
    started = perf_counter()
    signing.sign_at_meeting(city, YEAR, on=date(YEAR, 3, 1))
    say("\n100 agreements of 60 targets signed", (perf_counter() - started) * 1000)
    approval = adjustments.Approval(date(YEAR, 5, 20), meeting="常务会议")
    started = perf_counter()
    said = adjustments.raise_units(city, row, Decimal(5), units, approval, reason="加压")
    say("one indicator raised for 100 units", (perf_counter() - started) * 1000)
    assert len(said.done) == UNITS
    say("value in effect of 6000 targets on a day", best(
        lambda: adjustment_lists.effective_of_year(city, YEAR, date(YEAR, 6, 30)), 3
    ))
    say("list of changes, 100 units", best(lambda: adjustment_lists.changed_list(city, YEAR), 3))
    say("desk read after signing", best(lambda: target_setting.desk(city, YEAR), 3))
