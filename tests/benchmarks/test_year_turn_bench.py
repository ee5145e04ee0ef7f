"""The year's turn of a large office: 200 indicators × 60 units and 6,000 nodes, read, planned, written, undone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import pytest

from mbo_desktop.services import offices, session, year_turn
from tests.services.turning_year import LAST, NEXT, Turning, large

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]


@pytest.fixture
def turning(tmp_path: Path) -> Iterator[Turning]:
    with session.create_folder(
        tmp_path / "数据", office_name="示例市人民政府目标管理办公室", operators=["刘敏"], year=LAST
    ) as store:
        root = offices.root_unit(store)
        assert root is not None
        yield large(store, root, indicators=200, units=60, nodes=6000)


def test_a_large_office_turns_its_year_within_seconds(turning: Turning) -> None:
    times = [perf_counter()]
    reading = year_turn.read_turn(turning.store, LAST, NEXT)
    times.append(perf_counter())
    plan = year_turn.make_plan(reading)
    times.append(perf_counter())
    done = year_turn.apply_turn(turning.store, plan)
    times.append(perf_counter())
    turning.store.undo()
    times.append(perf_counter())
    assert (len(plan.new_indicators), len(plan.targets), len(plan.nodes)) == (200, 12_000, 6_000)
    steps = [later - earlier for earlier, later in pairwise(times)]
    words = zip(("读取", "核对", "写入", "撤销"), steps, strict=True)
    sys.stderr.write(f"\n年度结转 {done.records}条:{'、'.join(f'{word}{spent:.1f}秒' for word, spent in words)}\n")
    assert sum(steps) < 120, "generous: a shared machine"
