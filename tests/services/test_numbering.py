"""Numbers are given out at 印发, without gaps; void ones stay in the register."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.agreements import Agreement, AgreementState
from mbo_desktop.domain.registers import check_pattern, number_in, number_text
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import agreements, numbering, signing
from mbo_desktop.store.database import Store


def give_out(store: Store, kind: str, year: int = 2020, title: str = "") -> str:
    with store.change("印发", barrier=True) as change:
        return numbering.issue_number(change, kind, year, title=title).text


def test_numbers_run_on_per_kind_and_year(store: Store) -> None:
    numbering.set_pattern(store, "文号", 2020, "示政目〔{年}〕{号}号")
    assert give_out(store, "文号") == "示政目〔2020〕1号"
    assert give_out(store, "文号") == "示政目〔2020〕2号"
    assert give_out(store, "督查通报") == "第1期"
    assert give_out(store, "文号", 2021) == "示政目〔2021〕1号"
    row = next(row for row in numbering.series(store, 2020) if row.kind == "文号")
    assert (row.last, row.next_text) == (2, "示政目〔2020〕3号")


def test_several_in_one_change_and_none_when_it_fails(store: Store) -> None:
    with store.change("印发通知", barrier=True) as change:
        texts = [numbering.issue_number(change, "调整通知", 2020).text for _ in range(3)]
    assert texts == ["调整〔2020〕1号", "调整〔2020〕2号", "调整〔2020〕3号"]
    with pytest.raises(RuntimeError):
        _fail_after_numbering(store)
    assert give_out(store, "调整通知") == "调整〔2020〕4号"


def test_a_void_number_stays_and_is_not_given_out_again(store: Store) -> None:
    give_out(store, "文号", title="关于调整目标的通知")
    (row,) = numbering.issued_numbers(store, "文号", 2020)
    with pytest.raises(InputError, match="原因"):
        numbering.void_number(store, row.id, " ")
    numbering.void_number(store, row.id, "内容有误,另行印发")
    with pytest.raises(NotAllowedError):
        numbering.void_number(store, row.id, "再来一次")
    assert give_out(store, "文号") == "〔2020〕2号"
    with pytest.raises(NotAllowedError, match="没有可以撤销"):
        store.undo()
    rows = numbering.issued_numbers(store, "文号", 2020)
    assert [(r.number, r.is_void, r.void_reason) for r in rows] == [
        (1, True, "内容有误,另行印发"), (2, False, ""),
    ]
    assert rows[0].title == "关于调整目标的通知"


def test_numbers_given_out_on_paper_before(store: Store) -> None:
    numbering.start_after(store, "文号", 2020, 17)
    assert give_out(store, "文号") == "〔2020〕18号"
    with pytest.raises(NotAllowedError):
        numbering.start_after(store, "文号", 2020, 30)


def _fail_after_numbering(store: Store) -> None:
    with store.change("印发通知", barrier=True) as change:
        numbering.issue_number(change, "调整通知", 2020)
        raise RuntimeError


@pytest.mark.parametrize("pattern", ["第期", "〔{年}〕号", "{号}{月}", "{号", ""])
def test_patterns_that_would_not_number_are_refused(store: Store, pattern: str) -> None:
    with pytest.raises(InputError):
        numbering.set_pattern(store, "文号", 2020, pattern)


@given(
    st.text(st.characters(exclude_characters="{}", categories=["L", "N", "P"]), max_size=8),
    st.integers(1, 999), st.integers(1, 999),
)
def test_different_numbers_print_differently(words: str, one: int, other: int) -> None:
    pattern = check_pattern(f"{words}〔{{年}}〕第{{号}}号")
    same = number_text(pattern, 2020, one) == number_text(pattern, 2020, other)
    assert same == (one == other)


def test_a_document_made_elsewhere_gets_the_next_number(store: Store) -> None:
    with pytest.raises(InputError, match="哪份公文"):
        numbering.issue(store, "文号", 2020, title=" ")
    issued = numbering.issue(store, "文号", 2020, title="关于下达目标的通知", on=date(2020, 3, 2))
    assert (issued.text, issued.issued_on) == ("〔2020〕1号", date(2020, 3, 2))
    with pytest.raises(NotAllowedError, match="没有可以撤销"):
        store.undo()


def keep(store: Store, text: str, year: int = 2020) -> None:
    with store.change("批准", barrier=True) as change:
        numbering.keep_number(store, change, text, title="目标调整", on=date(year, 5, 20), year=year)


def test_the_number_of_a_formal_act_is_entered_without_gaps(store: Store) -> None:
    numbering.set_pattern(store, "文号", 2020, "示政目〔{年}〕{号}号")
    for text in ("示政目〔2020〕1号", "示政目〔2020〕1号", "省政〔2020〕77号", "", "示政目〔2020〕2号"):
        keep(store, text)
    with pytest.raises(NotAllowedError, match="跳过了示政目〔2020〕3号"):
        keep(store, "示政目〔2020〕5号")
    rows = numbering.issued_numbers(store, "文号", 2020)
    assert [(row.number, row.issued_on) for row in rows] == [(1, date(2020, 5, 20)), (2, date(2020, 5, 20))]
    numbering.void_number(store, rows[1].id, "印错")
    with pytest.raises(NotAllowedError, match="已经作废"):
        keep(store, "示政目〔2020〕2号")


@given(st.integers(1, 99999), st.integers(1990, 2100))
def test_a_number_is_read_back_from_its_text(number: int, year: int) -> None:
    for pattern in ("〔{年}〕{号}号", "第{号}期", "a.({年})[{号}]"):
        assert number_in(pattern, year, number_text(pattern, year, number)) == number
    assert number_in("〔{年}〕{号}号", year, f"〔{year}〕0{number}号") is None


def test_agreements_get_their_numbers_when_issued_and_a_withdrawn_one_is_void(
    six_counties: Store,
) -> None:
    store = six_counties
    agreements.make_agreements(store, 2006)
    numbering.set_pattern(store, "责任书", 2006, "衢政责〔{年}〕{号}号")
    ids = agreements.agreement_ids(store, 2006)
    assert signing.next_number(store, ids) == ("衢政责〔2006〕1号", False)
    signing.advance(store, ids[:2], AgreementState.ISSUED, on=date(2006, 3, 1), numbered=True)
    signing.advance(store, ids[2:3], AgreementState.ISSUED, on=date(2006, 3, 1))
    assert signing.next_number(store, ids) == ("衢政责〔2006〕3号", True)
    signing.sign_at_meeting(store, 2006, on=date(2006, 3, 2), numbered=True)
    numbers = [store.get(Agreement, one).number for one in ids]
    assert numbers == [f"衢政责〔2006〕{n}号" if n else "" for n in (1, 2, 0, 3, 4, 5)]
    signing.withdraw(store, ids[1], reason="改目标")
    rows = numbering.issued_numbers(store, "责任书", 2006)
    assert [(r.number, r.subject, r.is_void) for r in rows] == [
        (1, ids[0], False), (2, ids[1], True), (3, ids[3], False), (4, ids[4], False), (5, ids[5], False),
    ]
    assert rows[1].void_reason == "撤回责任书:改目标"
    assert store.get(Agreement, ids[1]).number == ""
    signing.advance(store, ids, AgreementState.ISSUED, numbered=True)
    assert store.get(Agreement, ids[1]).number == "衢政责〔2006〕6号"
