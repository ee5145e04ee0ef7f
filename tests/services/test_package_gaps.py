"""Lost packages: told until a later one makes up for them, or until somebody gives them up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from offices_exchanging import YEAR, begin_below, make_city, report, send_down, send_up, take_in

from mbo_desktop.domain.exchange import PackageKind, PackageState
from mbo_desktop.errors import InputError
from mbo_desktop.services import duties, exchange_state, issuing, package_gaps, receiving
from mbo_desktop.services.package_gaps import gaps_in
from mbo_desktop.services.package_register import PackageRow
from mbo_desktop.store import checkup
from mbo_desktop.store.database import Store

ISSUE, REPORT, RECEIPT = PackageKind.ISSUE, PackageKind.REPORT, PackageKind.RECEIPT
A, B = "aa" * 16, "bb" * 16


def row(seq: int, kind: PackageKind = REPORT, year: int = 2020, *, replica: str = A, withdrawn: bool = False) -> PackageRow:
    return PackageRow(
        f"{seq:064d}", kind, year, "cc" * 16, "dd" * 16, replica, seq, PackageState.APPLIED,
        date(2020, 6, 1), "", withdrawn, "甲县", "", "示例市", (),
    )


def told(*rows: PackageRow, closed: frozenset[int] = frozenset()) -> list[str]:
    return [one.sentence.partition(",可")[0] for one in gaps_in(rows, closed)]


def test_a_later_package_of_the_same_kind_and_year_makes_up_for_a_lost_one() -> None:
    assert told(row(1), row(3)) == []
    assert told(row(2)) == [], "the first was lost, the second brought all"
    assert told(row(1), row(3, RECEIPT)) == ["缺第2包,此后还没有收到2020年度上报"]
    assert told(row(1), row(3, RECEIPT), row(4)) == []
    assert told(row(1), row(3, year=2021)) == ["缺第2包,此后还没有收到2020年度上报"]
    assert told(row(1), row(3, year=2021), closed=frozenset({2020})) == [], "a sealed year takes nothing in"
    assert told(row(2, RECEIPT)) == ["缺第1包,此后还没有收到带内容的包"]


def test_each_gap_is_looked_at_by_itself() -> None:
    rows = (row(1), row(5), row(9, RECEIPT))
    assert told(*rows) == ["缺第6–8包,此后还没有收到2020年度上报"]
    assert told(*rows, row(2, REPORT, 2019)) == ["缺第3–4包,此后还没有收到2019年度上报", "缺第6–8包,此后还没有收到2019年度上报、2020年度上报"]


def test_another_copy_and_a_withdrawn_package_make_up_for_nothing() -> None:
    assert told(row(1), row(3, RECEIPT), row(1, replica=B)) == ["缺第2包,此后还没有收到2020年度上报"]
    assert told(row(1), row(3, withdrawn=True)) == ["缺第2包,此后还没有收到2020年度上报"]


def test_the_unit_that_this_office_became_is_numbered_anew() -> None:
    """After a merger the superior's copy counts its packages for the new unit from one."""
    before = [row(1, ISSUE), row(3, RECEIPT)]
    anew = [replace(row(seq, ISSUE), recipient="ee" * 16) for seq in (1, 2)]
    assert told(*before) == ["缺第2包,此后还没有收到2020年度下发"]
    assert told(*before, *anew) == []
    assert told(*anew, *before) == ["缺第2包,此后还没有收到2020年度下发"], "what came before the gap makes up for nothing"


def test_what_is_given_up_is_told_no_more_but_a_later_gap_is() -> None:
    rows = (row(1), row(3, RECEIPT))
    assert gaps_in(rows, given_up={("cc" * 16, A): 2}) == ()
    (gap,) = gaps_in((*rows, row(7, RECEIPT)), given_up={("cc" * 16, A): 2})
    assert (gap.first, gap.last) == (4, 6)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Store]:
    with make_city(tmp_path / "city", ["甲县"], 3) as store:
        yield store


@pytest.fixture
def county(city: Store, tmp_path: Path) -> Iterator[Store]:
    with begin_below(tmp_path / "county", send_down(city, "甲县", tmp_path / "u")) as store:
        yield store


def lose_one(city: Store, county: Store, tmp_path: Path) -> None:
    """The county's second report gets lost; then comes a receipt."""
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    report(county, 4, [2])
    send_up(county, tmp_path / "lost")
    take_in(city, send_up(county, tmp_path / "u2", PackageKind.RECEIPT))


def asked_for(store: Store) -> bool:
    """Whether the 工作台 says that a package is missing."""
    return any("有1处缺包还没有补上" in one.text for one in duties.duties(store, YEAR))


def test_a_lost_package_is_given_up_with_a_reason_and_asked_for_again_when_undone(
    city: Store, county: Store, tmp_path: Path
) -> None:
    lose_one(city, county, tmp_path)
    (waiting,) = exchange_state.pending(city).gaps
    assert waiting.gap is not None
    assert asked_for(city)
    with pytest.raises(InputError, match="理由"):
        package_gaps.give_up(city, waiting.gap, "  ")
    package_gaps.give_up(city, waiting.gap, "对方没有送出过")
    assert exchange_state.pending(city).gaps == ()
    assert not asked_for(city)
    assert city.undo().restored == 1
    assert len(exchange_state.pending(city).gaps) == 1
    city.redo()
    assert exchange_state.pending(city).gaps == ()
    assert checkup.run(city).findings == ()
    assert "不再催要" in (city.undo_label or "")


def test_giving_up_stays_in_the_office(city: Store, county: Store, tmp_path: Path) -> None:
    lose_one(city, county, tmp_path)
    (waiting,) = exchange_state.pending(city).gaps
    assert waiting.gap is not None
    package_gaps.give_up(city, waiting.gap, "对方没有送出过")
    took = take_in(county, send_down(city, "甲县", tmp_path / "u3"))
    assert took.records == 0


def test_withdrawing_what_made_up_for_it_tells_the_gap_again(city: Store, county: Store, tmp_path: Path) -> None:
    lose_one(city, county, tmp_path)
    report(county, 5, [3])
    take_in(city, send_up(county, tmp_path / "u3"))
    assert exchange_state.pending(city).gaps == ()
    last = next(one.package for one in issuing.register(city, YEAR) if one.can_withdraw)
    receiving.withdraw(city, last, "看错了")
    assert len(exchange_state.pending(city).gaps) == 1
