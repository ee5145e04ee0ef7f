"""The office's words typed with the scheme: kept with the indicator, and proposing the rule until it is confirmed."""

from __future__ import annotations

import json
from decimal import Decimal

from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.scoring.attainment import Met, Ratio
from mbo_desktop.services import planning_framework as framework
from mbo_desktop.services import scheme_items, schemes
from mbo_desktop.services.indicator_fields import IndicatorField
from mbo_desktop.store.database import Store
from tests.services.scored_year import YEAR, Contest

D = Decimal
SHARE = "完成得满分，每低1个百分点扣该项分值的5%，扣完为止"


def made(store: Store) -> tuple[RecordId, RecordId]:
    """A scheme as it is made from indicators whose points nobody typed yet."""
    contest = Contest(store, "甲组", ("甲县", "乙县", "丙县"))
    one = contest.add("投资", "10", Ratio(), dict.fromkeys(contest.names, ("100", "90")))
    framework.set_indicator_field(store, one, IndicatorField.POINTS, "")
    return schemes.make_scheme(store, YEAR, "甲组"), one


def item(store: Store, scheme: RecordId) -> tuple[dict[str, object], str]:
    (found,) = store.get(Scheme, scheme).items
    return json.loads(found.rule), found.note


def test_words_typed_into_the_scheme_propose_the_rule_and_are_kept(store: Store) -> None:
    scheme, one = made(store)
    assert item(store, scheme) == ({"is": "ratio"}, "待确认:按目标形式提出")
    scheme_items.set_scoring_text(store, scheme, one, "完成得满分，未完成不得分")
    assert item(store, scheme) == ({"is": "met"}, "待确认:按评分标准文字提出")
    assert store.get(Indicator, one).scoring_text == "完成得满分，未完成不得分"
    store.undo()
    assert item(store, scheme)[0] == {"is": "ratio"}
    assert store.get(Indicator, one).scoring_text == ""


def test_a_confirmed_rule_stays_when_its_words_are_typed(store: Store) -> None:
    scheme, one = made(store)
    scheme_items.confirm_all(store, scheme)
    scheme_items.set_scoring_text(store, scheme, one, "完成得满分，未完成不得分")
    assert item(store, scheme)[0] == {"is": "ratio"}


def test_shares_of_points_that_nobody_typed_yet_make_no_rule(store: Store) -> None:
    scheme, one = made(store)
    scheme_items.set_scoring_text(store, scheme, one, SHARE)
    assert item(store, scheme)[0] == {"is": "ratio"}, "5 % of nobody knows what"
    scheme_items.set_item(store, scheme, one, points=D(20))
    rule, note = item(store, scheme)
    assert (rule["is"], rule["loss"]) == ("steps", "1")
    assert note == "待确认:按评分标准文字提出"
    scheme_items.set_item(store, scheme, one, points=D(40))
    assert item(store, scheme)[0]["loss"] == "2", "the item's own points, not the indicator's"
    scheme_items.confirm_all(store, scheme)
    scheme_items.set_item(store, scheme, one, points=D(10))
    assert item(store, scheme)[0]["loss"] == "2", "what somebody confirmed is not changed"


def test_a_rule_and_its_words_are_one_step(store: Store) -> None:

    scheme, one = made(store)
    scheme_items.set_rule(store, scheme, {one}, Met(), {one: " 完成得满分，未完成不得分 "})
    assert store.get(Indicator, one).scoring_text == "完成得满分，未完成不得分"
    store.undo()
    assert item(store, scheme)[0] == {"is": "ratio"}
    assert store.get(Indicator, one).scoring_text == ""
