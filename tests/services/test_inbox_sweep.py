"""Old copies leave the inbox; what was never taken in, was withdrawn, or cannot be told never does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from offices_exchanging import (
    YEAR,
    begin_below,
    figures_of,
    make_city,
    report,
    send_down,
    send_up,
    take,
    take_in,
)

from mbo_desktop import clock
from mbo_desktop.domain.exchange import PackageKind
from mbo_desktop.services import inbox, inbox_sweep, issuing, receiving, replica_packages
from mbo_desktop.store import checkup
from mbo_desktop.store.database import Store

BEGUN = datetime(2020, 3, 12, 9, tzinfo=UTC)
WORD = "六个字的口令"


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    clock.set_source(lambda: BEGUN)
    yield
    clock.set_source(None)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Store]:
    with make_city(tmp_path / "city", ["甲县", "乙县"], 3) as store:
        yield store


@pytest.fixture
def county(city: Store, tmp_path: Path) -> Iterator[Store]:
    with begin_below(tmp_path / "county", send_down(city, "甲县", tmp_path / "u")) as store:
        yield store


def copies(store: Store) -> list[Path]:
    return sorted((store.folder / "inbox").rglob("*.zrb"))


def pass_days(store: Store, days: int) -> None:
    """So many days later; the files were written on the first of them."""
    clock.set_source(lambda: BEGUN + timedelta(days=days))
    for path in copies(store):
        os.utime(path, (BEGUN.timestamp(), BEGUN.timestamp()))


def test_a_copy_leaves_long_after_its_package_was_taken_in(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    pass_days(city, inbox_sweep.KEEP_DAYS)
    assert inbox_sweep.sweep(city) == 0
    pass_days(city, inbox_sweep.KEEP_DAYS + 1)
    assert inbox_sweep.sweep(city) == 1
    assert copies(city) == []
    assert figures_of(city, 3) == [1]
    assert checkup.run(city).findings == ()


def test_what_was_not_taken_in_stays_for_ever(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take(city, send_up(county, tmp_path / "u1"))
    broken = tmp_path / "坏.zrb"
    broken.write_bytes(b"PK\x03\x04" + b"0" * 100)
    inbox.take(city, [broken])
    (to,) = issuing.recipients(county, YEAR, PackageKind.REPORT)
    (sealed,) = issuing.issue(county, [to.key], PackageKind.REPORT, YEAR, tmp_path / "u1", cleared=True, password=WORD)
    inbox.take(city, [sealed.path])
    before = copies(city)
    assert len(before) == 3
    pass_days(city, 4000)
    assert inbox_sweep.sweep(city) == 0
    assert copies(city) == before


def test_what_was_withdrawn_or_taken_in_lately_stays(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    (package,) = [one.package for one in issuing.register(city) if one.can_withdraw]
    receiving.withdraw(city, package, "看错了")
    pass_days(city, 4000)
    assert inbox_sweep.sweep(city) == 0
    receiving.take_back(city, package)
    assert inbox_sweep.sweep(city) == 1


def test_read_long_ago_and_taken_in_today_stays(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    found = take(city, send_up(county, tmp_path / "u1"))
    pass_days(city, 4000)
    receiving.apply(city, found, [0])
    assert inbox_sweep.sweep(city) == 0


def test_what_is_for_another_office_leaves(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    inbox.take(county, [send_up(county, tmp_path / "u2")])  # its own
    with begin_below(tmp_path / "other", send_down(city, "乙县", tmp_path / "u3")) as other:
        inbox.take(other, [send_down(city, "甲县", tmp_path / "u4")])
        for store, left in ((county, 1), (other, 1)):
            pass_days(store, 4000)
            assert len(copies(store)) == left + 1
            assert inbox_sweep.sweep(store) == left + 1, "with the package it began with"
            assert copies(store) == []


def test_a_merged_copy_behind_its_password_leaves(city: Store, tmp_path: Path) -> None:
    city.close()
    shutil.copytree(city.folder, tmp_path / "two")
    with Store.open(tmp_path / "two", operator="周宁") as two, Store.open(city.folder, operator="刘敏") as one:
        made = replica_packages.make(two, tmp_path, password=WORD)
        assert inbox.take(one, [made.path]).rows[0].state.value == "password"
        found = inbox.take(one, [made.path], passwords={"": WORD})
        pass_days(one, 4000)
        assert inbox_sweep.sweep(one) == 0, "not merged yet"
        clock.set_source(lambda: BEGUN)
        replica_packages.merge(one, found, 0)
        pass_days(one, 4000)
        assert inbox_sweep.sweep(one) == 1
        assert list((one.folder / "inbox").iterdir()) == []
