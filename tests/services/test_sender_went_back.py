"""An old data file put back by hand, or a log cut back, is noticed by who receives the next package."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from offices_exchanging import (
    begin_below,
    make_city,
    report,
    send_down,
    send_up,
    take,
    take_in,
)

from mbo_desktop.domain.exchange import HandOverWay
from mbo_desktop.services import issuing
from mbo_desktop.store import checkup
from mbo_desktop.store.database import Store


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Store]:
    with make_city(tmp_path / "city", ["柯城区"], 3) as store:
        yield store


def put_back(folder: Path, kept: Path) -> None:
    """The old data file in the place of the present one, as a copy by hand does it."""
    shutil.copyfile(kept, folder / "mbo.db")


def test_the_receiver_says_that_the_sender_went_back(city: Store, tmp_path: Path) -> None:
    county = begin_below(tmp_path / "county", send_down(city, "柯城区", tmp_path / "down"))
    folder = county.folder
    county.close()
    kept = shutil.copyfile(folder / "mbo.db", tmp_path / "kept.db")
    with Store.open(folder, operator="王芳") as county:
        report(county, 3, [1, 2, 3])
        first = send_up(county, tmp_path / "first")
    take_in(city, first)
    put_back(folder, Path(kept))
    with Store.open(folder, operator="王芳") as county:
        report(county, 3, [4, 5, 6])
        second = send_up(county, tmp_path / "second")
        said = checkup.run(county)
    (row,) = take(city, second).rows
    assert "退回过较早的状态" in row.sentence
    assert "核实" in row.advice
    assert any("日志被截短" in one.what for one in said.damage)


def test_packages_in_order_are_not_suspected(city: Store, tmp_path: Path) -> None:
    county = begin_below(tmp_path / "county", send_down(city, "柯城区", tmp_path / "down"))
    for month in (3, 4):
        report(county, month, [1, 2, month])
        package = send_up(county, tmp_path / f"up{month}")
        (row,) = take(city, package).rows
        assert "退回" not in row.sentence
        take_in(city, package)
    (row,) = take(city, package).rows
    assert "退回" not in row.sentence
    county.close()


def test_the_register_says_which_of_two_packages_with_one_number_it_is(city: Store, tmp_path: Path) -> None:
    county = begin_below(tmp_path / "county", send_down(city, "柯城区", tmp_path / "down"))
    report(county, 3, [1, 2, 3])
    take_in(city, send_up(county, tmp_path / "first"))
    assert [one.number for one in issuing.register(city) if one.way is HandOverWay.IN] == ["第1包"]
    county.close()
    shutil.copytree(county.folder, tmp_path / "restored")
    with Store.open(tmp_path / "restored", operator="王芳") as restored:
        report(restored, 4, [4, 5, 6])
        second = send_up(restored, tmp_path / "second")
        sent = [one for one in issuing.register(restored) if one.way is HandOverWay.OUT]
    (row,) = take(city, second).rows
    assert row.seq == 1
    assert "重新编起" in row.sentence
    take_in(city, second)
    came = [one for one in issuing.register(city) if one.way is HandOverWay.IN]
    assert [one.number for one in came] == [one.number for one in sent] == ["第1包·第2份", "第1包·第1份"]
    assert "对方恢复过备份" in came[0].number_sentence
    assert "还有一个第1包" in came[0].number_sentence
    assert "本机关恢复过备份" in sent[1].number_sentence
    report_again = take(city, second).rows[0]
    assert "重新编起" not in report_again.sentence
