"""The months of the sample city: as many as are over, with the troubles that are told."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mbo_desktop import clock
from mbo_desktop.domain.lights import Light
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.sample import build_sample, months, register
from mbo_desktop.services import filings, offices, progress, progress_lights
from mbo_desktop.services.filings import FilingState
from mbo_desktop.store.database import Store

YEAR = 2026


def made(folder: Path, month: int) -> tuple[Store, int]:
    clock.set_source(lambda: datetime(YEAR, month, 20, 9, 0, tzinfo=UTC))
    store = build_sample(folder, units=40, targets=260)
    root = offices.root_unit(store)
    placed = [
        register.Placed(row.id, row.name, row.short_name, row.kind, "")
        for row in offices.units_in_order(store) if row.id != root
    ]
    if not store.all(ProgressReport):
        return store, months.put_months(store, YEAR, placed, 1)
    return store, len(store.all(ProgressReport))


@pytest.fixture(autouse=True)
def _clock_back() -> None:
    yield  # type: ignore[misc]
    clock.set_source(None)


def test_the_months_that_are_over_are_reported(tmp_path: Path) -> None:
    store, written = made(tmp_path / "数据", 8)
    with store:
        assert written > 300
        assert set(progress.count_months(store, YEAR)) == set(range(1, 8))
        states = Counter(row.state for row in filings.board(store, YEAR, 7))
        assert states[FilingState.MISSING] == 2
        judged = progress_lights.lights(store, YEAR, 7)
        lights = Counter(one.light for one in judged.values())
        assert lights[Light.GREEN] > lights[Light.YELLOW] > 0
        assert lights[Light.RED] > 0
        rows = progress.month_rows(store, YEAR, 7, list(judged)).values()
        assert sum("小于上次" in row.doubt for row in rows) == 1
        assert sum("倍" in row.doubt for row in rows) == 1
        assert sum(FigureKind.CERTIFIED in row.sides for row in rows) > 0


def test_in_january_nothing_is_over(tmp_path: Path) -> None:
    store, written = made(tmp_path / "数据", 1)
    with store:
        assert written == 0
        assert store.all(ProgressReport) == []
