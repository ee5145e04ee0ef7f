"""The sample city: any size, the same for the same seed, sound in itself."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain.adjustments import AdjustmentState
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.errors import Cancelled, InputError
from mbo_desktop.sample import build_sample
from mbo_desktop.sample.register import sizes
from mbo_desktop.services import (
    adjustment_lists,
    agreements,
    comparison,
    offices,
    overview,
    planning_checks,
    planning_matrix,
    registers,
    results,
    rounds,
    sealing,
    superior_results,
)
from mbo_desktop.store import checkup
from mbo_desktop.store.queries import scores


def facts(folder: Path) -> list[tuple[object, ...]]:
    """Everything visible, without numbers and times of records."""
    connection = sqlite3.connect(folder / "mbo.db")
    try:
        return [
            *connection.execute("SELECT name, code, kind, peer_group FROM unit ORDER BY code, name"),
            *connection.execute("SELECT name, phone FROM person ORDER BY record"),
            *connection.execute(
                "SELECT i.name, u.name, t.text, t.last_year, t.stretch_text FROM target t "
                "JOIN indicator i ON i.record = t.indicator JOIN unit u ON u.record = t.unit "
                "ORDER BY t.record"
            ),
        ]
    finally:
        connection.close()


@pytest.mark.parametrize(("units", "targets"), [(2, 2), (7, 40), (70, 400), (111, 1500)])
def test_any_size_comes_out_exactly(tmp_path: Path, units: int, targets: int, set_clock: None) -> None:
    with build_sample(tmp_path / "d", units=units, targets=targets) as store:
        now = overview.figures(store, 2020)
        assert now.targets + now.not_applicable == targets
        assert offices.count_units(store) == units + 1
        assert checkup.run(store).findings == ()


def test_the_same_seed_gives_the_same_city(tmp_path: Path, set_clock: None) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        build_sample(tmp_path / name, units=20, targets=120, seed=seed).close()
    assert facts(tmp_path / "a") == facts(tmp_path / "b")
    assert facts(tmp_path / "a") != facts(tmp_path / "c")


def test_the_city_is_sound(tmp_path: Path, set_clock: None) -> None:
    with build_sample(tmp_path / "d", units=75, targets=900) as store:
        now = overview.figures(store, 2020)
        assert now.without_principal == 0
        assert now.declared_points == Decimal(100)
        assert now.points_off <= now.not_applicable
        kinds = [row.kind for row in offices.units_in_order(store)]
        assert kinds.count(UnitKind.COUNTY) == 12
        assert kinds.count(UnitKind.TOWNSHIP) == 12
        columns = planning_matrix.columns(store, 2020)
        assert len(columns) == 75
        doubtful = [
            finding.what for finding in planning_checks.findings(store, 2020)
            if "分值合计" not in finding.what and "尚未落实到目标" not in finding.what
        ]
        assert doubtful == []
        forms = {
            cell.form
            for cell in planning_matrix.matrix_page(
                store, 2020, [column.unit for column in columns], limit=500
            ).cells.values()
        }
        assert {TargetForm.LEVEL, TargetForm.AT_MOST, TargetForm.AT_LEAST, TargetForm.TEXT} <= forms
        states = agreements.state_counts(store, 2020)
        assert sum(states.values()) == 75
        assert len(states) == 3, "drafts, signed ones, and townships without"


def test_the_city_stands_in_the_middle_of_the_season(tmp_path: Path, set_clock: None) -> None:
    with build_sample(tmp_path / "d", units=75, targets=900) as store:
        assert sealing.is_sealed(store, 2019)
        account = results.account(store, 2019)
        assert account.counts.undone > 10
        assert account.counts.done > 10 * account.counts.undone / 3
        assert account.remark == ""
        units = results.unit_results(store, 2019)
        assert len(units) == 15
        groups = [[row.rank for row in units if row.unit in members] for members in (
            {one.id for one in scores.members(store, 2020, name)} for name in ("县区", "开发区"))]
        assert [sorted(ranks) for ranks in groups] == [list(range(1, 13)), [1, 2, 3]], "within the group, as this year"
        assert [row.rank for row in units if row.veto] == [12]
        assert "连续二年" in superior_results.sentence(store, 2019)
        assert results.take_over_bases(store, 2020).taken == 0, "bases are last year's actuals"
        named = [source.genre for source in registers.sources(store, 2020)]
        assert named == ["政府工作报告", "市委经济工作会议", "省责任书", "市政府常务会议"]
        assert 5 <= registers.coverage(store, 2020).uncovered_items <= 10
        compared = [
            row for row in comparison.rows(store, 2020, years=3)
            if all(point.average and point.rank for point in row.history)
        ]
        assert len(compared) == 12
        assert not [row.name for row in compared if row.is_behind]
        (talked,) = rounds.rounds(store, 2020)
        assert talked.agreed > talked.declined > 0
        states = [row.state for row in adjustment_lists.adjustments(store, 2020)]
        assert states.count(AdjustmentState.APPROVED) == 2
        assert states.count(AdjustmentState.REQUESTED) == 1


def test_what_surrounds_the_targets_does_not_grow_with_them(tmp_path: Path, set_clock: None) -> None:
    counts = []
    for name, targets in (("a", 1500), ("b", 4000)):
        with build_sample(tmp_path / name, units=63, targets=targets) as store:
            counts.append((len(results.rows(store, 2019)), registers.coverage(store, 2020).items))
    assert counts[0] == counts[1]


def test_sizes_add_up() -> None:
    for units in range(2, 300):
        found = sizes(units)
        assert found.counties >= 1
        assert sum((found.counties, found.zones, found.departments, found.townships)) == units


def test_a_city_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    def stop(done: int, total: int, text: str) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        build_sample(tmp_path / "d", units=10, targets=30, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_city_too_small_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        build_sample(tmp_path / "d", units=10, targets=9)
    assert not (tmp_path / "d").exists()
