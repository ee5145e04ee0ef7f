"""Text at the door."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import InputError
from mbo_desktop.store.database import Store
from mbo_desktop.store.text import clean
from tests.store.examples import new_unit


@pytest.mark.parametrize(("typed", "stored"), [
    ("示例市　目标办", "示例市　目标办"),
    ("零\u200b宽\ufeff字\u2060符", "零宽字符"),
    ("\u202e颠倒\u202c\u2066方向\u2069", "颠倒方向"),
    ("一行\r\n二行\r三行\u2028四行\x0b五行\x85六行", "一行\n二行\n三行\n四行\n五行\n六行"),
    ("e\u0301", "\u00e9"),
    ("\uf900", "\u8c48"),
    ("制表\t符", "制表\t符"),
    ("䶮喆堃祎玥㛃𬭸", "䶮喆堃祎玥㛃𬭸"),
])
def test_text_is_normalised(typed: str, stored: str) -> None:
    assert clean(typed) == stored


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\x7f", "\x9f", "\ud800", "\ufffe"])
def test_control_characters_are_refused_with_their_place(sign: str) -> None:
    with pytest.raises(InputError) as refused:
        clean(f"目标{sign}值")
    assert "第3个字符" in refused.value.what
    assert f"U+{ord(sign):04X}" in refused.value.what
    assert sign not in refused.value.sentences()


@given(st.text())
def test_what_passed_once_passes_unchanged(text: str) -> None:
    try:
        once = clean(text)
    except InputError:
        return
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\t" for one in once)


def test_the_store_cleans_what_is_put_and_refuses_what_it_cannot_keep(store: Store) -> None:
    record = new_unit(store, "柯\u200b城区\r\n")
    assert store.get(Unit, record).name == "柯城区\n"
    before = store.change_count
    with pytest.raises(InputError), store.change("坏") as change:
        change.put(Unit(id=record, name="空\0字符"))
    assert store.change_count == before
    assert store.get(Unit, record).name == "柯城区\n"


def test_a_label_is_text_too(store: Store) -> None:
    with pytest.raises(InputError), store.change("坏\0标签"):
        pass
