"""Rules of accounts: passwords in words, codes off paper, the wait after wrong ones, roles and acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain import accounts, rights
from mbo_desktop.domain.accounts import Role
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rights import ROLES_OF, Act, Actor
from mbo_desktop.errors import InputError

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(("password", "said"), [
    ("", "太短"), ("abc12", "太短"), ("12345678", "太容易"), ("Password", "太容易"),
    ("aaaaaaaa", "太容易"), ("ababababab", "太容易"), ("34567890", "只有姓名或数字"),
    ("刘敏2020刘敏99", "只有姓名或数字"), ("abcdefgh", "太容易"), ("x" * 300, "太长"),
    ("１２３４５６７８", "太容易"),
])
def test_weak_passwords_are_refused_in_words(password: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        accounts.read_password(password, "刘敏")
    assert said in refused.value.what


@pytest.mark.parametrize("password", ["示范区春风十里2", "correct horse", "Kq7#mm21x", "ＡＢcd1234x"])
def test_good_passwords_are_taken_full_width_or_not(password: str) -> None:
    assert accounts.read_password(f"  {password} ", "刘敏") == accounts.normalised(password)


@given(st.lists(st.integers(0, 31), min_size=5, max_size=20))
def test_a_code_is_read_back_however_it_is_typed(numbers: list[int]) -> None:
    code = accounts.code_from(numbers)
    plain = accounts.read_code(code)
    assert len(plain) == len(numbers)
    for typed in (code.lower(), code.replace("-", " "), f" {plain} ", code.replace("-", "—")):
        assert accounts.read_code(typed) == plain


@given(st.text(max_size=60), st.text(max_size=10))
def test_any_text_is_taken_or_refused_in_words(password: str, name: str) -> None:
    used, said = "", ""
    try:
        used = accounts.read_password(password, name)
    except InputError as refused:
        said = refused.what and refused.todo
    assert len(used) >= accounts.SHORTEST or said


def test_the_wait_grows_and_never_locks_out_for_good() -> None:
    waits = [accounts.wait_after(count) for count in range(40)]
    assert waits[:6] == [0, 0, 0, 5, 15, 30]
    assert waits == sorted(waits)
    assert waits[-1] == 300


@given(st.integers(0, 30), st.integers(-10**6, 10**6))
def test_no_clock_makes_the_wait_longer_than_its_step_or_ends_it_when_set_back(
    failures: int, seconds: int
) -> None:
    left = accounts.still_to_wait(failures, NOW, NOW + timedelta(seconds=seconds))
    assert 0 <= left <= accounts.wait_after(failures) + 1
    if seconds < 0:
        assert left == accounts.wait_after(failures)
    if seconds >= accounts.wait_after(failures):
        assert left == 0


def test_reading_roles_stand_alone() -> None:
    assert accounts.read_roles([Role.ADMIN, Role.ENTRY]) == (Role.ENTRY, Role.ADMIN)
    for wrong in ([], [Role.AUDIT, Role.ENTRY], [Role.LEADER, Role.AUDIT]):
        with pytest.raises(InputError):
            accounts.read_roles(wrong)


def test_every_act_has_roles_and_readers_only_sign_in() -> None:
    assert set(ROLES_OF) == set(Act)
    own = {Act.SIGN_IN, Act.OWN_PASSWORD, Act.RECOVER}
    for role in accounts.READING_ROLES:
        reader = Actor(RecordId(1), "李局", frozenset({role}))
        assert reader.only_reads
        assert {act for act in Act if reader.may(act)} == own
        assert "需要" in rights.refusal(reader, Act.APPROVE)


def acts(type_name: str, before: object, after: object) -> set[Act]:
    return {deed.act for deed in rights.deeds(type_name, before, after)}  # type: ignore[arg-type]


def test_what_a_change_amounts_to() -> None:
    assert acts("target", None, {"value": 1}) == {Act.ENTER}
    assert acts("office", {"name": "甲"}, {"name": "乙"}) == {Act.SETTINGS}
    assert acts("year", {"state": "open"}, {"state": "closed"}) == {Act.SEAL}
    assert acts("year", {"state": "closed"}, {"state": "open"}) == {Act.UNSEAL}
    assert acts("year", None, {"state": "open"}) == acts("year", {"state": "open"}, None) == {Act.YEAR}
    assert acts("account", {"password": "a", "name": "甲"}, {"password": "b", "name": "甲"}) == {Act.OWN_PASSWORD}
    assert acts("account", {"password": "a"}, {"password": "b", "must_change": True}) == {Act.ACCOUNTS}
    assert acts("account", {"roles": []}, {"roles": ["admin"]}) == {Act.ACCOUNTS}
    assert acts("progress_report", None, {"kind": "own"}) == {Act.ENTER}
    assert acts("progress_report", None, {"kind": "certified"}) == {Act.CERTIFY}
    assert acts("number_series", {"last": 1, "pattern": "a"}, {"last": 2, "pattern": "a"}) == {Act.ENTER}
    assert acts("number_series", {"pattern": "a"}, {"pattern": "b"}) == {Act.SETTINGS}


def test_the_file_of_a_signed_agreement_is_no_signing() -> None:
    before = {"snapshot": {"title": "责任书", "pdf_hash": ""}, "copies": []}
    filed = {"snapshot": {"title": "责任书", "pdf_hash": "ab"}, "copies": []}
    assert acts("agreement", before, filed) == {Act.ENTER}
    assert Act.SIGN in acts("agreement", before, {"snapshot": None, "copies": []})
    assert acts("agreement", before, {**before, "copies": [{"holder": "甲方", "steps": []}]}) == {Act.ENTER}
    assert Act.SIGN in acts("agreement", before, {**before, "copies": [{"holder": "甲方", "steps": [1]}]})
    assert acts("agreement", None, {"snapshot": None, "copies": []}) == {Act.ENTER}
