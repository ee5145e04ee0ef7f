"""Packages as files: a monthly report written and read, sixty large ones read."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "exchange"))

from package_maker import make, photos

from mbo_desktop.exchange import frame

pytestmark = pytest.mark.bench
PHOTO = 200_000


def test_monthly_report_written(tmp_path: Path, benchmark: Any) -> None:
    """600 records and 5 photographs: at most 0.5 s, read back from the disk."""
    maker = make(tmp_path, 600, photos(5, PHOTO))
    benchmark(lambda: frame.write_package(tmp_path / "a.zrb", maker.content()))


def test_monthly_report_read(tmp_path: Path, benchmark: Any) -> None:
    """The same read and verified: at most 1 s."""
    path = frame.write_package(tmp_path / "a.zrb", make(tmp_path, 600, photos(5, PHOTO)).content())
    assert len(benchmark(lambda: frame.read_package(path)).lines) == 600


def test_sixty_packages_read(tmp_path: Path) -> None:
    """60 × 2,000 records read and verified: at most 3 s."""
    path = frame.write_package(tmp_path / "a.zrb", make(tmp_path, 2000).content())
    started = perf_counter()
    for _ in range(60):
        frame.read_package(path)
    took = perf_counter() - started
    print(f"\n60 packages of 2,000 records, {path.stat().st_size // 1000} kB each: {took:.2f} s")


def test_growth_of_reading(tmp_path: Path) -> None:
    """Ten times the records take about ten times as long."""
    took = []
    for count in (2000, 20_000):
        path = frame.write_package(tmp_path / f"{count}.zrb", make(tmp_path, count).content())
        started = perf_counter()
        frame.read_package(path)
        took.append(perf_counter() - started)
    print(f"\n2,000 records {took[0] * 1000:.0f} ms, 20,000 records {took[1] * 1000:.0f} ms")
    assert took[1] < took[0] * 30
