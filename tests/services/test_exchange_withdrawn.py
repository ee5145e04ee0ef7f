"""Days after an import: what a withdrawal leaves of who handed in, sealed years, files of the same name."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
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

from mbo_desktop.domain.exchange import BindingRole
from mbo_desktop.domain.reports import Filing
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import (
    exchange_state,
    filings,
    inbox,
    issuing,
    overview,
    receiving,
    sealing,
    session,
    trust,
)
from mbo_desktop.services.received import RowState
from mbo_desktop.store.database import Store


@pytest.fixture
def city(tmp_path: Path) -> Store:
    with make_city(tmp_path / "city", ["甲县", "乙县"], 3) as store:
        yield store  # type: ignore[misc]


@pytest.fixture
def county(city: Store, tmp_path: Path) -> Store:
    with begin_below(tmp_path / "county", send_down(city, "甲县", tmp_path / "u")) as store:
        yield store  # type: ignore[misc]


def taken(city: Store) -> list[str]:
    """Packages taken in, the last first."""
    return [row.package for row in issuing.register(city) if row.can_withdraw]


def months(city: Store) -> list[int]:
    return sorted(one.month for one in city.all(Filing) if one.received_on is not None)


def test_a_month_that_another_package_brought_too_stays_filed(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1, 2, 3])
    take_in(city, send_up(county, tmp_path / "u1"))
    report(county, 4, [4, 5, 6])
    take_in(city, send_up(county, tmp_path / "u2"))
    last, first = taken(city)
    receiving.withdraw(city, first, "先撤早的")
    assert figures_of(city, 3) == [1, 2, 3], "the later package brought March too"
    assert months(city) == [3, 4]
    receiving.withdraw(city, last, "再撤晚的")
    assert (figures_of(city, 3), months(city)) == ([], [])


def test_a_withdrawal_taken_back_files_the_month_again(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1, 2, 3])
    take_in(city, send_up(county, tmp_path / "u1"))
    (package,) = taken(city)
    before = city.all(Filing)
    receiving.withdraw(city, package, "看错了")
    assert months(city) == []
    receiving.take_back(city, package)
    assert [(one.unit, one.month, one.received_on) for one in city.all(Filing)] == [
        (one.unit, one.month, one.received_on) for one in before
    ]


def test_a_withdrawal_leaves_what_else_is_known_of_a_filing(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1, 2, 3])
    take_in(city, send_up(county, tmp_path / "u1"))
    (filing,) = city.all(Filing)
    assert filing.unit is not None
    with city.change("来源部门数") as change:
        change.put(replace(filing, source_received_on=date(YEAR, 4, 2), source_file_name="数.xlsx"))
    filings.excuse(city, YEAR, 3, filing.unit, "停电")
    receiving.withdraw(city, taken(city)[0], "误导入")
    (left,) = city.all(Filing)
    assert (left.received_on, left.source_file_name, left.excused) == (None, "数.xlsx", "停电")


def test_nothing_is_withdrawn_from_a_sealed_year(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    (package,) = taken(city)
    sealing.seal_year(city, YEAR)
    with pytest.raises(NotAllowedError, match="封存"):
        receiving.withdraw(city, package, "想改")
    assert figures_of(city, 3) == [1]
    sealing.unseal_year(city, YEAR, "更正")
    receiving.withdraw(city, package, "更正")
    sealing.seal_year(city, YEAR)
    with pytest.raises(NotAllowedError, match="封存"):
        receiving.take_back(city, package)
    assert figures_of(city, 3) == []


def test_the_page_of_a_sealed_year_still_says_what_waits(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    sealing.seal_year(city, YEAR)
    report(county, 4, [2])
    inbox.take(city, [send_up(county, tmp_path / "u2")])
    steps = overview.next_steps(city, YEAR)
    assert "1个包属于已封存的年度,待解封后导入" in [one.text for one in steps]
    assert steps[-1].text == f"{YEAR} 年度已封存"
    session.open_year(city, YEAR + 1)
    assert "1个包属于已封存的年度,待解封后导入" in [one.text for one in overview.next_steps(city, YEAR + 1)], (
        "the page of a year without indicators too"
    )


def test_the_same_file_in_two_folders_is_told_as_doubled(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    path = send_up(county, tmp_path / "stick")
    (tmp_path / "stick" / "备份").mkdir()
    shutil.copy(path, tmp_path / "stick" / "备份" / path.name)
    found = take(city, tmp_path / "stick")
    assert [row.state for row in found.rows] == [RowState.NEW, RowState.REPEATED]


def test_a_note_that_was_cut_short_hides_nothing(city: Store, county: Store, tmp_path: Path) -> None:
    broken = tmp_path / "坏.zrb"
    broken.write_bytes(b"PK\x03\x04" + b"0" * 100)
    inbox.take(city, [broken])
    (kept,) = inbox.quarantined(city)
    kept.path.with_suffix(".json").write_bytes(b"")
    (kept,) = inbox.quarantined(city)
    assert kept.name == kept.path.name


def test_a_long_file_name_is_read_like_any_other(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    path = send_up(county, tmp_path / "u1")
    long = path.rename(path.with_name("名" * 83 + ".zrb"))
    assert take(city, long).rows[0].state is RowState.NEW


def test_a_lost_package_that_a_later_one_made_up_for_is_not_waited_for(
    city: Store, county: Store, tmp_path: Path
) -> None:
    send_down(city, "甲县", tmp_path / "lost")
    take_in(county, send_down(city, "甲县", tmp_path / "u2"))
    send_down(city, "甲县", tmp_path / "u3")
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u4"))
    told = {row.seq: (row.receipt_on is not None, row.covered_by) for row in issuing.register(city) if row.way.value == "out"}
    assert told == {1: (True, 0), 2: (False, 3), 3: (True, 0), 4: (False, 0)}


def test_what_was_sent_before_the_office_began_is_no_gap(city: Store, tmp_path: Path) -> None:
    send_down(city, "甲县", tmp_path / "lost")
    with begin_below(tmp_path / "late", send_down(city, "甲县", tmp_path / "u2")) as county:
        assert exchange_state.pending(county).gaps == ()
        send_down(city, "甲县", tmp_path / "lost")
        take_in(county, send_down(city, "甲县", tmp_path / "u4"))
        assert exchange_state.pending(county).gaps == (), "it brought all that was in the third"


def test_a_quarantined_file_can_be_read_again_days_later(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    new_key(county)
    report(county, 4, [2])
    path = send_up(county, tmp_path / "u2")
    inbox.take(city, [path])
    path.unlink()
    (kept,) = inbox.quarantined(city)
    assert (kept.is_other_key, kept.name) == (True, path.name)
    found = inbox.take(city, [kept.path])
    assert (found.rows[0].state, found.rows[0].name) == (RowState.OTHER_KEY, path.name)
    trust.accept(city, found.rows[0], found.rows[0].unit, role=BindingRole.SUBORDINATE, reason="已电话核实")
    found = inbox.judge_again(city, found)
    assert found.rows[0].can_be_taken
    receiving.apply(city, found, [0])
    assert (figures_of(city, 4), inbox.quarantined(city)) == ([2], ())


def test_a_file_that_became_good_leaves_the_quarantine(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    new_key(county)
    report(county, 4, [2])
    path = send_up(county, tmp_path / "u2")
    found = inbox.take(city, [path])
    trust.accept(city, found.rows[0], found.rows[0].unit, role=BindingRole.SUBORDINATE, reason="已电话核实")
    assert inbox.take(city, [path]).rows[0].can_be_taken
    assert inbox.quarantined(city) == ()


def new_key(store: Store) -> None:
    """As after a folder that was set up anew under the same office: only its key differs."""
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute("UPDATE setting SET value = ? WHERE name = 'signing_key'", ("11" * 32,))


def test_a_withdrawn_package_goes_in_again_only_when_somebody_says_so(
    city: Store, county: Store, tmp_path: Path
) -> None:
    report(county, 3, [1])
    path = send_up(county, tmp_path / "u1")
    take_in(city, path)
    receiving.withdraw(city, taken(city)[0], "看错了")
    (row,) = take(city, path).rows
    assert (row.can_be_taken, row.was_withdrawn, "又撤回了" in row.sentence) == (True, True, True)
    take_in(city, path)
    assert (figures_of(city, 3), months(city)) == ([1], [3])


def test_a_fork_that_leaves_what_stands_is_not_told_as_the_same(
    city: Store, county: Store, tmp_path: Path
) -> None:
    report(county, 3, [1, 2, 3])
    county.close()
    shutil.copytree(county.folder, tmp_path / "two")
    with Store.open(county.folder) as one, Store.open(tmp_path / "two") as two:
        report(one, 3, [4, 5, 6])
        take_in(city, send_up(one, tmp_path / "u1"))
        report(two, 3, [7, 8, 9])
        found = take(city, send_up(two, tmp_path / "u2"))
        assert found.rows[0].state is RowState.FORK
        told = [one.new for one in receiving.preview(city, found, [0]) if one.type_label == "进度"]
        assert len(told) == 3
        assert "内容相同" not in told
