"""City, county, township and a second PC through two months with sticks."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from offices_exchanging import (
    YEAR,
    begin_below,
    level,
    make_city,
    received_targets,
    report,
    send_down,
    send_up,
    take,
    take_in,
    unit_named,
)

from mbo_desktop.domain.exchange import BindingRole, PackageKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import FigureKind, Filing, ProgressReport
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    duties,
    exchange_state,
    inbox,
    issuing,
    offices,
    progress,
    receiving,
    sealing,
    trust,
)
from mbo_desktop.services.progress_entry import ReportEdit, ReportField, write_cells
from mbo_desktop.services.received import RowState
from mbo_desktop.store import backup, checkup, restore
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.progress import Sought


@pytest.fixture
def city(tmp_path: Path) -> Store:
    with make_city(tmp_path / "city", ["甲县", "乙县"], 3) as store:
        yield store  # type: ignore[misc]


@pytest.fixture
def county(city: Store, tmp_path: Path) -> Store:
    path = send_down(city, "甲县", tmp_path / "u")
    with begin_below(tmp_path / "county", path) as store:
        yield store  # type: ignore[misc]


def figures(store: Store, month: int) -> list[Decimal | None]:
    found = store.all(ProgressReport, month=month)
    return sorted(one.amount for one in found if one.kind is FigureKind.OWN and one.amount is not None)


def test_the_first_package_makes_the_county_and_its_targets_are_its_own(city: Store, county: Store) -> None:
    assert [one.value for one in received_targets(county)] == [level(10), level(11), level(12)]
    root = offices.root_unit(county)
    assert root is not None
    assert [row.id for row in offices.units_in_order(county)] == [root], "no foreign unit in the register"
    assert len(progress.month_ids(county, YEAR, Sought())) == 3
    (bound,) = trust.bindings(county)
    assert (bound.role, bound.name) == (BindingRole.SUPERIOR, "示例市人民政府目标管理办公室")
    assert bound.fingerprint == trust.fingerprint(trust.own_card(city).key)
    with pytest.raises(NotAllowedError, match="上级"), county.change("改") as change:
        change.put(replace(received_targets(county)[0], note="改"))


def test_what_the_county_types_goes_up_as_its_own_and_is_filed(
    city: Store, county: Store, tmp_path: Path
) -> None:
    targets = received_targets(county)
    write_cells(county, YEAR, 3, [ReportEdit(targets[0].id, ReportField.AMOUNT, "3.5")])
    (said,) = county.all(ProgressReport)
    assert said.kind is FigureKind.OWN
    row = progress.month_rows(county, YEAR, 3, [targets[0].id])[targets[0].id]
    assert row.is_self_reported
    path = send_up(county, tmp_path / "u")
    found = inbox.take(city, [path])
    assert found.rows[0].state is RowState.STRANGER
    assert found.rows[0].suggested_unit == unit_named(city, "甲县")
    assert receiving.missing(city, YEAR, 3) == ()
    found = take(city, path)
    assert (found.rows[0].state, found.rows[0].month) == (RowState.NEW, 3)
    changes = receiving.preview(city, found, [0])
    assert [(one.unit_label, one.new) for one in changes if one.type_label == "进度"] == [("甲县", "3.5")]
    before = city.change_count
    done = receiving.apply(city, found, [0])
    assert (done.packages, city.change_count) == (1, before + 1)
    assert figures(city, 3) == [Decimal("3.5")]
    (filing,) = city.all(Filing)
    assert (filing.unit, filing.month, filing.confirmed) == (unit_named(city, "甲县"), 3, False)
    assert take(city, path).rows[0].state is RowState.REPEATED
    assert checkup.run(city).findings == ()


def test_two_months_with_a_lost_a_doubled_and_an_older_stick(
    city: Store, county: Store, tmp_path: Path
) -> None:
    report(county, 3, [1, 2, 3])
    march = send_up(county, tmp_path / "u1")
    take_in(city, march)
    report(county, 4, [4, 5, 6])
    lost = send_up(county, tmp_path / "u2")
    report(county, 4, [4, 5, 7])
    april = send_up(county, tmp_path / "u3")
    found = take(city, april, shutil.copy(april, tmp_path / "again.zrb"))
    assert [row.state for row in found.rows] == [RowState.GAP, RowState.REPEATED]
    assert "缺第2包" in found.rows[0].sentence
    receiving.apply(city, found, [0])
    assert (figures(city, 3), figures(city, 4)) == ([1, 2, 3], [4, 5, 7])
    assert exchange_state.pending(city).gaps == (), "the third package makes up for the second"
    late = take(city, lost)
    assert late.rows[0].state in (RowState.OLDER, RowState.NEW)
    if late.rows[0].can_be_taken:
        receiving.apply(city, late, [0])
    assert figures(city, 4) == [4, 5, 7]
    assert exchange_state.pending(city).count == 0


def test_receipts_travel_back_by_themselves(city: Store, county: Store, tmp_path: Path) -> None:
    assert [row.state for row in issuing.register(city)] == ["已制出"]
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u"))
    out, = [row for row in issuing.register(city) if row.way.value == "out"]
    assert (out.state, out.receipt_on is not None) == ("对方已收", True)
    (down,) = [one for one in issuing.recipients(city, YEAR, PackageKind.ISSUE) if one.name == "甲县"]
    assert (down.last_seq, down.received is not None) == (1, True)


def test_a_changed_target_comes_down_and_one_that_left_is_withheld(
    city: Store, county: Store, tmp_path: Path
) -> None:
    unit = unit_named(city, "甲县")
    first, second, _third = list(city.all(Target, unit=unit))
    with city.change("调整") as change:
        change.put(replace(first, value=level(99)))
        change.delete(second.id)
    contents = issuing.preview(city, unit, PackageKind.ISSUE, YEAR)
    assert next(row for row in contents.rows if row.label == "目标值").changed == 2, "one of them a deletion"
    path = send_down(city, "甲县", tmp_path / "u2")
    found = take(county, path)
    told = receiving.preview(county, found, [0])
    assert ("目标值", "10亿元", "99亿元") in [(one.field, one.old, one.new) for one in told]
    receiving.apply(county, found, [0])
    assert [one.value for one in received_targets(county)] == [level(99), level(12)]
    (package,) = [row for row in issuing.register(county) if row.seq == 2]
    receiving.withdraw(county, package.package, "上级要求")
    assert [one.value for one in received_targets(county)] == [level(10), level(11), level(12)]
    receiving.take_back(county, package.package)
    assert [one.value for one in received_targets(county)] == [level(99), level(12)]


def test_withdrawing_a_report_takes_its_filing_away(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1, 2, 3])
    take_in(city, send_up(county, tmp_path / "u"))
    (package,) = [row.package for row in issuing.register(city) if row.can_withdraw]
    with pytest.raises(InputError, match="理由"):
        receiving.withdraw(city, package, " ")
    receiving.withdraw(city, package, "误导入")
    assert (figures(city, 3), city.all(Filing)) == ([], [])
    assert next(row for row in issuing.register(city) if row.package == package).can_take_back
    receiving.take_back(city, package)
    assert figures(city, 3) == [1, 2, 3]


def test_a_package_for_another_county_is_refused(city: Store, county: Store, tmp_path: Path) -> None:
    other = send_down(city, "乙县", tmp_path / "u")
    (row,) = take(county, other).rows
    assert (row.state, "乙县" in row.sentence) == (RowState.NOT_FOR_US, True)
    (row,) = take(city, other).rows
    assert row.state is RowState.NOT_FOR_US


def test_another_key_is_quarantined_until_accepted_with_a_reason(
    city: Store, county: Store, tmp_path: Path
) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u"))
    with county.read() as connection:
        assert connection is not None
    _new_key(county)
    report(county, 4, [2])
    path = send_up(county, tmp_path / "u2")
    found = inbox.take(city, [path])
    assert found.rows[0].state is RowState.OTHER_KEY
    (kept,) = inbox.quarantined(city)
    assert "密钥" in kept.sentence
    with pytest.raises(InputError, match="理由"):
        trust.accept(city, found.rows[0], unit_named(city, "甲县"), role=BindingRole.SUBORDINATE)
    trust.accept(
        city, found.rows[0], unit_named(city, "甲县"), role=BindingRole.SUBORDINATE, reason="电脑重装,已当面核对"
    )
    found = inbox.judge_again(city, found)
    assert found.rows[0].can_be_taken
    assert inbox.quarantined(city) == ()
    receiving.apply(city, found, [0])
    assert figures(city, 4) == [2]
    assert trust.bindings(city)[0].earlier_keys == 1


def _new_key(store: Store) -> None:
    """As after a folder that was set up anew under the same office: only its key differs."""
    import sqlite3

    connection = sqlite3.connect(store.path)
    with connection:
        connection.execute("UPDATE setting SET value = ? WHERE name = 'signing_key'", ("11" * 32,))
    connection.close()


def test_a_restored_backup_is_found_by_its_fork_or_settles_by_receipt(
    city: Store, county: Store, tmp_path: Path
) -> None:
    report(county, 3, [1])
    kept = backup.make_backup(county, "手动")
    report(county, 3, [2])
    take_in(city, send_up(county, tmp_path / "u1"))
    assert figures(city, 3) == [2]
    folder = county.folder
    county.close()
    restore.restore(folder, kept)
    with Store.open(folder, operator="王芳") as again:
        report(again, 3, [3])
        take_in(city, send_up(again, tmp_path / "u2"))
        assert len(exchange_state.pending(city).forks) == 1
        take_in(again, send_down(city, "甲县", tmp_path / "u3"))
        report(again, 3, [4])
        take_in(city, send_up(again, tmp_path / "u4"))
        assert figures(city, 3) == [4]
        assert exchange_state.pending(city).forks == ()


def test_a_sealed_year_is_held(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u"))
    report(county, 4, [1])
    path = send_up(county, tmp_path / "u2")
    sealing.seal_year(city, YEAR)
    (row,) = take(city, path).rows
    assert row.state is RowState.SEALED_YEAR
    assert "待处理" in row.advice
    take(city, path)
    (waiting,) = inbox.held(city)
    assert (waiting.name, waiting.year, waiting.office) == (path.name, YEAR, row.office_name)
    assert waiting.path.read_bytes() == path.read_bytes()
    assert exchange_state.pending(city).count == 1
    assert [one.text for one in duties.duties(city, YEAR) if one.room == "exchange"] == [
        "1个包属于已封存的年度,待解封后导入"
    ]
    assert take(city, waiting.path).rows[0].state is RowState.SEALED_YEAR
    sealing.unseal_year(city, YEAR, "补报")
    path.unlink()
    (row,) = take(city, waiting.path).rows
    assert (row.state, row.name) == (RowState.NEW, path.name)
    assert len(inbox.held(city)) == 1, "looked at is not taken in"
    take_in(city, waiting.path)
    assert figures(city, 4) == [1]
    assert inbox.held(city) == ()
    assert exchange_state.pending(city).held == 0


def test_what_waits_for_its_year_can_be_given_up(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u"))
    report(county, 4, [1])
    sealing.seal_year(city, YEAR)
    take(city, send_up(county, tmp_path / "u2"))
    (waiting,) = inbox.held(city)
    with pytest.raises(InputError):
        inbox.discard_held(city, tmp_path / "u2" / "x.zrb")
    inbox.discard_held(city, waiting.path)
    assert inbox.held(city) == ()
    assert list(waiting.path.parent.iterdir()) == []


def test_a_report_on_an_older_target_says_so(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u"))
    first = city.all(Target, unit=unit_named(city, "甲县"))[0]
    with city.change("调整") as change:
        change.put(replace(first, value=level(99)))
    down = send_down(city, "甲县", tmp_path / "u2")
    report(county, 3, [2])
    take_in(city, send_up(county, tmp_path / "u3"))
    (stale,) = exchange_state.pending(city).stale
    assert (stale.subject, stale.month) == (first.id, 3)
    take_in(county, down)
    take_in(city, send_up(county, tmp_path / "u4"))
    assert exchange_state.pending(city).stale == ()


def test_a_mass_change_asks_twice(city: Store, county: Store, tmp_path: Path) -> None:
    head = city.all(Indicator, year=YEAR)[0]
    unit = unit_named(city, "甲县")
    with city.change("许多") as change:
        for number in range(40):
            record = change.new(Indicator)
            change.put(replace(head, id=record, name=f"多{number}"))
            change.put(Target(
                id=change.named(Target, record, unit), indicator=record, unit=unit, value=level(number + 1)
            ))
    take_in(county, send_down(city, "甲县", tmp_path / "u1"))
    with city.change("删") as change:
        for one in city.all(Target, unit=unit):
            change.delete(one.id)
    path = send_down(city, "甲县", tmp_path / "u2")
    found = take(county, path)
    assert found.rows[0].is_mass
    with pytest.raises(InputError, match="核实"):
        receiving.apply(county, found, [0])
    assert len(received_targets(county)) == 43
    receiving.apply(county, found, [0], mass_confirmed=True)
    assert received_targets(county) == []


def test_what_two_packages_change_alike_is_shown_once_as_it_will_be(
    city: Store, county: Store, tmp_path: Path
) -> None:
    report(county, 3, [1, 2, 3])
    march = send_up(county, tmp_path / "u1")
    report(county, 3, [1, 2, 4])
    report(county, 4, [5])
    april = send_up(county, tmp_path / "u2")
    found = take(city, march, april)
    assert [row.state for row in found.rows] == [RowState.NEW, RowState.NEW]

    def shown(*places: int) -> list[tuple[int, int, str]]:
        told = receiving.preview(city, found, places)
        return sorted((one.row, one.month, one.new) for one in told if one.type_label == "进度")

    assert shown(0) == [(0, 3, "1"), (0, 3, "2"), (0, 3, "3")]
    assert shown(1) == [(1, 3, "1"), (1, 3, "2"), (1, 3, "4"), (1, 4, "5")]
    both = [(0, 3, "1"), (0, 3, "2"), (1, 3, "4"), (1, 4, "5")]
    assert shown(0, 1) == both
    assert {one[1:] for one in shown(1, 0)} == {one[1:] for one in both}
    receiving.apply(city, found, [0, 1])
    assert (figures(city, 3), figures(city, 4)) == ([1, 2, 4], [5])


def test_what_was_made_before_an_office_was_bound_counts_as_sent_to_it(
    city: Store, county: Store, tmp_path: Path
) -> None:
    sent = issuing.register(city)[0].on
    report(county, 3, [1])
    take(city, send_up(county, tmp_path / "u"))
    (row,) = trust.bindings(city)
    assert (row.unit_label, row.last_issued, row.last_received) == ("甲县", sent, None)
    assert sent is not None
