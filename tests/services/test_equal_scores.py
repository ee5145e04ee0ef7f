"""不得并列打分: who may not be given the same points, refused or reminded, in the scheme's own terms."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from mbo_desktop.domain.assessment import Component, EqualScores, ScoreKind
from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.domain.scoring.tallies import Given
from mbo_desktop.errors import InputError
from mbo_desktop.services import (
    given_scores,
    scheme_items,
    scheme_versions,
    schemes,
    sealing_scores,
    vetoes,
)
from mbo_desktop.services.equal_scores import equals_of
from mbo_desktop.services.given_scores import GivenEdit
from mbo_desktop.store.database import Store
from tests.services.scored_year import YEAR, Contest

D = Decimal
NAMES = ("甲县", "乙县", "丙县")
CERTIFIED = ScoreKind.CERTIFIED


@pytest.fixture
def made(store: Store) -> Contest:
    made = Contest(store, "县区", NAMES)
    made.add("党建", "20", Given(), dict.fromkeys(NAMES, ("完成", None)))
    made.add("投资", "80", Ratio(), dict.fromkeys(NAMES, ("100", "90")))
    made.ready(components=(Component("领导评价", D(20)),), target_weight=D(80))
    return made


def give(made: Contest, unit: str, place: str, text: str, kind: ScoreKind = CERTIFIED) -> None:
    given_scores.set_points(made.store, made.scheme, made.units[unit], made.indicators.get(place, place), kind, text)


def said(made: Contest) -> list[str]:
    return [one.words for one in equals_of(made.board())]


def test_equal_points_are_allowed_until_the_scheme_forbids_them(made: Contest) -> None:
    for unit in NAMES:
        give(made, unit, "党建", "18")
    assert said(made) == [] and made.board().problems == ()
    schemes.set_facts(made.store, made.scheme, equal_given=EqualScores.REMIND)
    assert said(made) == ["党建:甲县、乙县、丙县同为18分,办法规定不得并列"], "投资 is computed: 90 % of 100 three times is no judgement"
    assert made.board().problems == tuple(said(made))
    give(made, "乙县", "党建", "18"), "a reminder refuses nothing"
    assert any("不得并列" in one for one in sealing_scores.open_points(made.store, made.scheme))


def test_equal_points_are_refused_where_the_office_wants_it(made: Contest) -> None:
    schemes.set_facts(made.store, made.scheme, equal_given=EqualScores.REFUSE)
    give(made, "甲县", "党建", "18")
    for text in ("18", "18.00分", "18.001"):
        with pytest.raises(InputError, match="甲县已是18分,办法规定本组不得并列打分"):
            give(made, "乙县", "党建", text)
    give(made, "乙县", "党建", "18", ScoreKind.SELF), "what a unit says of itself is its own"
    give(made, "乙县", "党建", "18", ScoreKind.REVIEWED), "another side's points are held against that side's"
    give(made, "甲县", "党建", "18"), "the unit's own former points are in nobody's way"
    give(made, "甲县", "领导评价", "90")
    with pytest.raises(InputError, match="甲县已是90分"):
        give(made, "丙县", "领导评价", "90")
    assert said(made) == ["党建:甲县、乙县同为18分,办法规定不得并列"], "the season's check sees across the sides"


def test_points_typed_as_a_block_may_trade_places(made: Contest) -> None:
    schemes.set_facts(made.store, made.scheme, equal_given=EqualScores.REFUSE)
    indicator = made.indicators["党建"]

    def block(**texts: str) -> dict[int, str]:
        return given_scores.set_block(made.store, made.scheme, [
            GivenEdit(made.units[unit], indicator, CERTIFIED, text) for unit, text in texts.items()
        ])

    assert block(甲县="18", 乙县="17") == {}
    assert block(甲县="17", 乙县="18", 丙县="16") == {}
    refused = block(甲县="15", 乙县="15", 丙县="17")
    assert list(refused) == [1] and refused[1].startswith("甲县已是15分"), "of two at once the later one gives way"
    assert [cell[0] for cell in made.points().values()] == ["15.00", "18.00", "17.00"]
    refused = block(甲县="17", 乙县="17", 丙县="18")
    assert sorted(refused) == [0, 1, 2], "乙县 keeps its 18, so 丙县 cannot leave its 17, which 甲县 wanted"
    assert [cell[0] for cell in made.points().values()] == ["15.00", "18.00", "17.00"]


def test_an_indicator_says_otherwise_than_the_scheme(made: Contest) -> None:
    store, scheme = made.store, made.scheme
    scheme_items.set_item(store, scheme, made.indicators["投资"], equal=EqualScores.REMIND)
    assert said(made) == ["投资:甲县、乙县、丙县同为72分,办法规定不得并列"]
    vetoes.declare(store, YEAR, made.units["甲县"], "统计造假", organ="统计局")
    assert len(said(made)) == 1
    schemes.set_facts(store, scheme, equal_given=EqualScores.REFUSE)
    scheme_items.set_item(store, scheme, made.indicators["党建"], equal=EqualScores.ALLOWED)
    give(made, "甲县", "党建", "18")
    give(made, "乙县", "党建", "18")
    assert len(said(made)) == 1
    row = next(one for one in scheme_items.item_rows(store, scheme) if one.name == "党建")
    assert row.equal is EqualScores.ALLOWED
    scheme_items.set_item(store, scheme, made.indicators["党建"], equal=None)
    assert len(said(made)) == 2


def test_ballots_may_come_out_equal(made: Contest) -> None:
    schemes.set_facts(made.store, made.scheme, equal_given=EqualScores.REFUSE)
    for unit in NAMES:
        given_scores.set_counts(made.store, made.scheme, made.units[unit], "领导评价", {"满意": 8, "基本满意": 2})
    assert said(made) == []


def test_a_sealed_board_is_not_judged_again(made: Contest) -> None:
    for unit in NAMES:
        give(made, unit, "党建", "18")
    sealing_scores.seal(made.store, YEAR, made.scheme, "常务会议", although=True)
    board = made.board()
    changed = replace(board, scheme=replace(board.scheme, equal_given=EqualScores.REFUSE))
    assert equals_of(changed) == ()


def test_the_change_against_last_year_is_told() -> None:
    assert ("equal_given", "不得并列打分") in [(field, label) for field, label, _show in scheme_versions._TERMS]
