"""An edit of the tree against issued agreements with lower units and people: told, whoever is concerned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mbo_desktop.domain.agreements import AgreementLevel
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.planning import Target
from mbo_desktop.services import (
    agreement_levels,
    decomposition_edits,
    planning_edits,
    signing,
)
from mbo_desktop.services.signed_nodes import unfounded_parties
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office
from tests.services.decomposed import Decomposed, decompose_county, level

DAY = date(2020, 3, 10)
OWN, LOWER, PERSON = AgreementLevel.OWN, AgreementLevel.LOWER, AgreementLevel.PERSON


@pytest.fixture
def made(office: Office) -> Decomposed:
    return decompose_county(office.store, office.units["柯城区"], YEAR)


def issue(store: Store, *levels: AgreementLevel) -> None:
    found = [one for each in levels for one in agreement_levels.make_agreements(store, YEAR, each).made]
    signing.issue(store, found, on=DAY)


def change_value(store: Store, node: int, amount: str) -> None:
    with store.change("改") as change:
        change.put(replace(change.get(Allocation, node), value=level(amount)))


def test_the_township_and_who_answers_for_the_task_are_named(store: Store, made: Decomposed) -> None:
    node = made.nodes["石梁"]
    change_value(store, node, "31")
    assert unfounded_parties(store, YEAR, [node]) == (), "nothing was issued"
    issue(store, OWN, LOWER, PERSON)
    assert unfounded_parties(store, YEAR, [node]) == ()
    change_value(store, node, "33")
    assert unfounded_parties(store, YEAR, [node]) == ("石梁镇", "石梁镇 经济办主任")
    assert unfounded_parties(store, YEAR, [made.nodes["航埠"]]) == ()
    assert unfounded_parties(store, YEAR + 1, [node]) == unfounded_parties(store, YEAR, []) == ()
    change_value(store, node, "31")
    assert unfounded_parties(store, YEAR, [node]) == (), "back to what was signed"


def test_a_target_edited_in_the_tree_is_its_units(store: Store, made: Decomposed) -> None:
    issue(store, OWN)
    target = made.targets["工业投资"]
    assert "已印发" in (decomposition_edits.write_field(store, YEAR, target, "value", "60") or "")
    planning_edits.set_cell(store, made.indicators["工业投资"], made.units["柯城区"], TargetField.VALUE, "60")
    assert unfounded_parties(store, YEAR, [target]) == ("柯城区",)
    with store.change("撤") as change:
        change.put(replace(change.get(Target, target), value=level("52")))
    assert unfounded_parties(store, YEAR, [target]) == ()
