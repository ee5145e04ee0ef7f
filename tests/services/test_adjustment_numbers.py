"""The number of an approval in its register; what did not apply before is added."""

from __future__ import annotations

from datetime import date

import pytest

from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import adjustments, numbering
from mbo_desktop.services.adjustments import Approval
from tests.services.conftest import YEAR, Office
from tests.services.test_adjustments import MAY, K, Signed


@pytest.fixture
def city(office: Office) -> Signed:
    return Signed(office)


def test_the_number_of_an_approval_stands_in_the_register(city: Signed) -> None:
    numbering.set_pattern(city.store, "文号", YEAR, "示政〔{年}〕{号}号")
    day = date(YEAR, 5, 20)
    with pytest.raises(NotAllowedError, match="作废"):
        _decide_with_a_void_number(city, day)
    assert city.value("柯城区") == "52", "nothing is approved by a void number"
    done = adjustments.decide_by_issuer(
        city.store, [city.input(K.RAISE, "60"), city.input(K.RAISE, "35", "江山市")],
        Approval(day, number="示政〔2020〕2号".replace("2020", str(YEAR))),
    )
    assert len(done.done) == 2
    rows = numbering.issued_numbers(city.store, "文号", YEAR)
    assert [(row.number, row.title) for row in rows] == [(1, "作废的"), (2, "目标调整(2项)")]


def test_in_january_the_registers_of_both_years_are_known(city: Signed) -> None:
    numbering.set_pattern(city.store, "文号", YEAR, "示政〔{年}〕{号}号")
    numbering.start_after(city.store, "文号", YEAR, 14)
    january = date(YEAR + 1, 1, 12)
    with pytest.raises(NotAllowedError, match="跳过了"):
        adjustments.decide_by_issuer(city.store, [city.input(K.RAISE, "60")], Approval(january, number=f"示政〔{YEAR}〕17号"))
    adjustments.decide_by_issuer(city.store, [city.input(K.RAISE, "60")], Approval(january, number=f"示政〔{YEAR}〕15号"))
    adjustments.decide_by_issuer(city.store, [city.input(K.RAISE, "62")], Approval(january, number=f"示政〔{YEAR + 1}〕1号"))
    for year, numbers in ((YEAR, [15]), (YEAR + 1, [1])):
        rows = numbering.issued_numbers(city.store, "文号", year)
        assert [row.number for row in rows] == numbers
        assert [row.issued_on for row in rows] == [january]
    void = numbering.issued_numbers(city.store, "文号", YEAR)[0]
    numbering.void_number(city.store, void.id, "印错")
    with pytest.raises(NotAllowedError, match="作废"):
        adjustments.decide_by_issuer(city.store, [city.input(K.RAISE, "64")], Approval(january, number=void.text))


def test_what_did_not_apply_can_be_added(city: Signed) -> None:
    city.type(city.other, "江山市", "/")
    approval = Approval(MAY, meeting="常务会议")
    refused = adjustments.decide_by_issuer(
        city.store, [city.input(K.RAISE, "5", "江山市", row=city.other)], approval
    )
    assert "请用新增" in refused.refused[0].reason
    done = adjustments.decide_by_issuer(
        city.store, [city.input(K.ADD, "5", "江山市", row=city.other)], approval
    )
    assert not done.refused and city.value("江山市", city.other) == "5"
    adjustments.revoke_approval(city.store, done.done, reason="会议改期")
    assert city.value("江山市", city.other) == "/"


def _decide_with_a_void_number(city: Signed, day: date) -> None:
    void = numbering.issue(city.store, "文号", YEAR, title="作废的", on=day)
    numbering.void_number(city.store, void.id, "印错")
    adjustments.decide_by_issuer(
        city.store, [city.input(K.RAISE, "60")], Approval(day, number=void.text)
    )
