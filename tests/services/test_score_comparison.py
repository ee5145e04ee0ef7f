"""Groups side by side, and the list of leaders for the personnel department."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.services import offices, people, schemes, score_comparison, sealing_scores, vetoes
from tests.ui.assessment_folder import Group
from tests.ui.planning_folder import YEAR


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    yield made
    made.store.close()


def test_groups_stand_side_by_side_with_what_sums_them_up(group):
    offices.change_unit(group.store, group.units[3], peer_group="山区组")
    schemes.make_scheme(group.store, YEAR, "山区组")
    plain, mountain = score_comparison.side_by_side(group.store, YEAR)
    assert (plain.peer_group, mountain.peer_group) == ("县区组", "山区组")
    assert [one.label for one in plain.lines] == ["甲县", "丙县", "乙县"]
    assert plain.average == Decimal("95.00") and plain.spread == Decimal("10.00")
    assert sum(plain.grades.values()) == 3 and not plain.missing and not plain.is_final
    assert mountain.missing == 1 and mountain.grades["未定"] == 1


def test_every_leader_of_the_year_stands_with_the_units_result(group):
    store, first = group.store, group.units[0]
    post = people.add_post(store, first, role=PostRole.PRINCIPAL, title="县长", holder="张三", since=date(YEAR - 3, 2, 1))
    moved = people.assign(store, post, name="李四", since=date(YEAR, 5, 1))
    people.add_post(store, group.units[1], role=PostRole.LEADER_IN_CHARGE, title="副县长", holder="王五")
    people.add_post(store, group.units[1], role=PostRole.LIAISON, holder="赵六")
    vetoes.declare(store, YEAR, first, "安全生产", organ="市应急局", effect=VetoEffect.DISQUALIFY)
    found = score_comparison.by_leader(store, YEAR)
    assert [(one.name, one.title, one.served) for one in found] == [
        ("张三", "县长", f"至{YEAR}年4月"), ("李四", "县长", f"{YEAR}年5月起"), ("王五", "副县长", "")]
    assert found[1].person == moved and found[0].result.rank == 1 and found[0].of == 4
    assert found[0].result.vetoes and (found[0].done, found[0].undone) == (2, 0)
    assert (found[2].done, found[2].undone) == (1, 1)
    assert not score_comparison.by_leader(store, YEAR - 1)


def test_sealed_results_are_told_as_sealed(group):
    people.add_post(group.store, group.units[0], role=PostRole.PRINCIPAL, title="县长", holder="张三")
    sealing_scores.seal(group.store, YEAR, group.scheme, "常务会议", although=True)
    group.report(group.indicators[0], group.units[0], "1")
    (one,) = score_comparison.by_leader(group.store, YEAR)
    assert one.result.is_final and one.result.total == Decimal("100.00")
    (board,) = score_comparison.side_by_side(group.store, YEAR)
    assert board.is_final and board.highest == Decimal("100.00")
