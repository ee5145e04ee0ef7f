"""The months of the sample city: as many as are over, with the troubles that are told."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mbo_desktop import clock
from mbo_desktop.domain.lights import Light
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.sample import build_sample
from mbo_desktop.services import dockets, filings, inspections, progress, progress_lights
from mbo_desktop.services.filings import FilingState
from mbo_desktop.store.database import Store

YEAR = 2026


def made(folder: Path, month: int) -> tuple[Store, int]:
    clock.set_source(lambda: datetime(YEAR, month, 20, 9, 0, tzinfo=UTC))
    store = build_sample(folder, units=40, targets=260, with_months=True)
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


def test_the_inspection_office_has_something_on_its_desk(tmp_path: Path) -> None:
    store, _ = made(tmp_path / "数据", 8)
    with store:
        today = clock.today()
        states = {row.line.state for row in dockets.rows(
            store, dockets.ids(store, YEAR, dockets.DocketFilter())
        ).values()}
        assert len(states) >= 8
        assert dockets.overdue(store, today)
        done, planned = inspections.log(store, YEAR)
        assert (done.subjects, done.findings) == (12, 6)
        assert planned.findings == 0
        assert inspections.offenders(store, YEAR)


def test_in_january_nothing_is_over(tmp_path: Path) -> None:
    store, written = made(tmp_path / "数据", 1)
    with store:
        assert written == 0
        assert store.all(ProgressReport) == []
