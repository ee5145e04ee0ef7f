"""Bodies of a package against what their types say."""

from __future__ import annotations

from typing import Any

import pytest

from mbo_desktop.domain.exchange import EditionLine
from mbo_desktop.services.bodies_checked import first_wrong
from mbo_desktop.store.identities import natural_uuid

SUBJECT = f"{'a' * 32}/{'b' * 32}"
GOOD: dict[str, Any] = {
    "subject": SUBJECT, "month": 3, "kind": "own", "amount": "3.5", "typed": "", "started": None,
    "nodes_done": [{"title": "开工", "on": "2020-03-01"}], "reported_on": "2020-03-25",
}


def wrong(body: dict[str, Any], uuid: str = "", type_name: str = "progress_report") -> str:
    named = natural_uuid("progress_report", [body.get("subject"), body.get("month"), body.get("kind")]).hex
    line = EditionLine("c" * 32, uuid or named, type_name, 1, False, (), "0" * 64, "{}")
    return first_wrong([(line, body)])


def test_a_proper_body_and_one_with_unknown_fields_pass() -> None:
    assert wrong(GOOD) == ""
    assert wrong({**GOOD, "later": {"x": 1}}) == ""


@pytest.mark.parametrize("change", [
    {"amount": 3}, {"amount": "3,5"}, {"amount": "NaN"}, {"amount": "1e5"}, {"amount": "3.50"},
    {"amount": "-0.0"}, {"amount": "9" * 61}, {"kind": "owned"}, {"kind": ["own"]}, {"month": "3"},
    {"month": True}, {"month": 2**60}, {"typed": 5}, {"typed": None}, {"started": "no"},
    {"nodes_done": {}}, {"nodes_done": [{"on": None}]}, {"nodes_done": ["开工"]},
    {"reported_on": "2020-02-30"}, {"reported_on": "20200325"}, {"subject": "x"},
    {"subject": SUBJECT.upper()}, {"subject": None},
])
def test_a_field_of_another_form_is_told(change: dict[str, Any]) -> None:
    assert "字段读不出来" in wrong({**GOOD, **change})


def test_a_lacking_field_an_unknown_type_a_false_name() -> None:
    assert "字段读不出来" in wrong({key: value for key, value in GOOD.items() if key != "month"})
    assert "不认识" in wrong(GOOD, type_name="pet")
    assert "编号与它的内容不符" in wrong(GOOD, uuid="d" * 32)
