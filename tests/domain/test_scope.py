"""Who may write what in a package: directions, owners, types, field values, delegation."""

from __future__ import annotations

from typing import Any

import pytest

from mbo_desktop.domain import scope
from mbo_desktop.domain.exchange import BindingRole, EditionLine, PackageKind
from mbo_desktop.domain.scope import Standing, Subject

CITY, COUNTY, OTHER, TOWN = ("c" * 32, "a" * 32, "b" * 32, "d" * 32)
N = "1" * 32
UNIT, OTHER_UNIT = f"{CITY}/{'2' * 32}", f"{CITY}/{'3' * 32}"
TARGET, OTHER_TARGET, UNKNOWN = (f"{CITY}/{digit * 32}" for digit in "456")


def line(owner: str, type_name: str) -> EditionLine:
    return EditionLine(owner, N, type_name, 1, False, (), "0" * 64, "{}")


def said(kind: PackageKind, standing: Standing, owner: str, type_name: str, body: Any) -> str:
    found = scope.breaches(kind, standing, [(line(owner, type_name), body)])
    return found[0].why if found else ""


UP = Standing(
    sender=COUNTY, role=BindingRole.SUBORDINATE, own=CITY,
    units=frozenset({UNIT, f"{COUNTY}/{N}"}), registered=frozenset({TOWN}),
    subordinates=frozenset({COUNTY, OTHER}),
    subjects={
        TARGET: Subject(frozenset({UNIT})),
        OTHER_TARGET: Subject(frozenset({OTHER_UNIT}), frozenset({UNIT})),
    },
)
DOWN = Standing(
    sender=CITY, role=BindingRole.SUPERIOR, own=COUNTY, subordinates=frozenset({TOWN})
)


@pytest.mark.parametrize(("owner", "type_name", "body", "allowed"), [
    (COUNTY, "allocation", {"target": TARGET}, True),
    (COUNTY, "allocation", {"target": OTHER_TARGET}, False),
    (COUNTY, "allocation", {"target": None, "parent": f"{COUNTY}/{N}"}, True),
    (COUNTY, "progress_report", {"kind": "own", "subject": TARGET}, True),
    (COUNTY, "progress_report", {"kind": "own", "subject": OTHER_TARGET}, False),
    (COUNTY, "progress_report", {"kind": "certified", "subject": OTHER_TARGET}, True),
    (COUNTY, "progress_report", {"kind": "certified", "subject": TARGET}, False),
    (COUNTY, "progress_report", {"kind": "certified", "subject": UNKNOWN}, True),
    (COUNTY, "progress_report", {"kind": "verified", "subject": TARGET}, False),
    (COUNTY, "progress_report", {"kind": "proxy", "subject": TARGET}, False),
    (COUNTY, "progress_report", {"kind": "proxy", "subject": f"{COUNTY}/{N}"}, True),
    (TOWN, "progress_report", {"kind": "own", "subject": f"{COUNTY}/{N}"}, True),
    (OTHER, "progress_report", {"kind": "own", "subject": TARGET}, False),
    (COUNTY, "evidence", {"subject": TARGET}, True),
    (COUNTY, "given_score", {"kind": "self", "subject": TARGET}, True),
    (COUNTY, "given_score", {"kind": "final", "subject": TARGET}, False),
    (COUNTY, "given_score", {"kind": "certified", "subject": TARGET}, False),
    (COUNTY, "proposal_round", {"side": "unit"}, True),
    (COUNTY, "proposal_round", {"side": "office"}, False),
    (COUNTY, "target_proposal", {"unit": UNIT}, True),
    (COUNTY, "target_proposal", {"unit": OTHER_UNIT}, False),
    (COUNTY, "reply", {"kind": "objection", "subject": TARGET}, True),
    (COUNTY, "reply", {"kind": "return", "subject": TARGET}, False),
    (COUNTY, "binding", {"office": TOWN, "role": "subordinate"}, True),
    (COUNTY, "binding", {"office": CITY, "role": "subordinate"}, False),
    (COUNTY, "unit", {}, True),
    (COUNTY, "target", {}, False),
    (COUNTY, "scheme", {}, False),
    (COUNTY, "veto", {}, False),
    (COUNTY, "office", {}, False),
    (CITY, "target", {}, False),
    (CITY, "progress_report", {"kind": "own", "subject": TARGET}, False),
    (COUNTY, "progress_report", None, True),
    (COUNTY, "target", None, False),
])
def test_what_a_county_may_report(owner: str, type_name: str, body: Any, allowed: bool) -> None:
    assert (said(PackageKind.REPORT, UP, owner, type_name, body) == "") is allowed


@pytest.mark.parametrize(("owner", "type_name", "body", "allowed"), [
    (CITY, "target", {}, True),
    (CITY, "indicator", {}, True),
    (CITY, "scheme", {}, True),
    (CITY, "given_score", {"kind": "final"}, True),
    (CITY, "given_score", {"kind": "self"}, False),
    (CITY, "progress_report", {"kind": "certified"}, True),
    (CITY, "progress_report", {"kind": "own"}, False),
    (CITY, "reply", {"kind": "return"}, True),
    (CITY, "reply", {"kind": "objection"}, False),
    (CITY, "proposal_round", {"side": "unit"}, False),
    (CITY, "binding", {}, False),
    (CITY, "accountability_case", {}, False),
    (CITY, "leader_attention", {}, False),
    (OTHER, "target", {}, True),
    (OTHER, "progress_report", {"kind": "own"}, False),
    (COUNTY, "unit", {}, False),
    (TOWN, "allocation", {}, False),
])
def test_what_a_superior_may_issue(owner: str, type_name: str, body: Any, allowed: bool) -> None:
    assert (said(PackageKind.ISSUE, DOWN, owner, type_name, body) == "") is allowed


def test_an_office_registered_here_is_not_spoken_for_by_another() -> None:
    claimed = Standing(
        sender=COUNTY, role=BindingRole.SUBORDINATE, own=CITY, registered=frozenset({OTHER}),
        subordinates=frozenset({COUNTY, OTHER}),
    )
    assert said(PackageKind.REPORT, claimed, OTHER, "unit", {})


def test_a_receipt_carries_nothing() -> None:
    assert said(PackageKind.RECEIPT, UP, COUNTY, "unit", {})


def test_directions() -> None:
    assert scope.wrong_direction(PackageKind.ISSUE, BindingRole.SUBORDINATE)
    assert scope.wrong_direction(PackageKind.REPORT, BindingRole.SUPERIOR)
    assert not scope.wrong_direction(PackageKind.ISSUE, BindingRole.SUPERIOR)
    assert not scope.wrong_direction(PackageKind.REPORT, BindingRole.CERTIFIER)
    assert not scope.wrong_direction(PackageKind.RECEIPT, BindingRole.SUPERIOR)


def test_names_in_bodies() -> None:
    body = {"a": UNIT, "b": [TARGET, {"c": UNKNOWN}], "d": "text", "e": UNIT.upper(), "f": None}
    assert list(scope.references(body)) == [UNIT, TARGET, UNKNOWN]
