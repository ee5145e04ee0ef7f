"""Numbers are given out at 印发, without gaps; void ones stay in the register."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.registers import check_pattern, number_text
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import numbering
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
