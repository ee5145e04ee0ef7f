"""Accounts: who may sign in as what, rules for passwords, and the wait after wrong ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity
from mbo_desktop.errors import InputError

SHORTEST = 8
"""Characters of a password."""
LOCK_MINUTES = 10
LONGEST_LOCK = 240
_CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Signs of codes that are read from paper: no 0, 1, I, O."""
RECOVERY_SIGNS, ONE_TIME_SIGNS = 20, 10
_GROUP = 5
_FREE_FAILURES = 3
_WAITS = (5, 15, 30, 60, 120, 300)
"""Seconds after the third, fourth … failure; the last one for all further ones."""
_COMMON = frozenset({
    "12345678", "123456789", "1234567890", "87654321", "11223344", "password", "passw0rd",
    "password1", "qwertyui", "qwerty123", "1qaz2wsx", "1q2w3e4r", "abcd1234", "abc12345",
    "a1234567", "asdfghjk", "zaq12wsx", "iloveyou", "woaini1314", "5201314a", "admin123",
    "admin888", "administrator", "88888888", "66668888", "00000000",
})


class Role(Choice):
    """What an account may do; several go together, but reading roles stand alone."""

    ENTRY = "entry", "录入"
    REVIEW = "review", "审核"
    ADMIN = "admin", "管理"
    AUDIT = "audit", "审计"
    LEADER = "leader", "领导只读"


READING_ROLES = frozenset({Role.AUDIT, Role.LEADER})
"""Roles that see everything and change nothing."""
STARTING_ROLES = (Role.ENTRY, Role.REVIEW, Role.ADMIN)
"""Roles of who turns accounts on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Entity):
    """Somebody who signs in with a password (natural key: the name, so copies of an office agree)."""

    type_name: ClassVar[str] = "account"

    name: str
    roles: tuple[Role, ...] = ()
    active: bool = True
    password: str = field(default="", repr=False)
    """argon2id hash in PHC form; empty: cannot sign in."""
    must_change: bool = False
    """The password was given by the administrator and serves once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRules(Entity):
    """Whether accounts are on (one record); off is 单人模式: a name is picked, without a password."""

    type_name: ClassVar[str] = "account_rules"

    is_on: bool = False
    lock_minutes: int = LOCK_MINUTES
    """The window locks itself after so many idle minutes; 0: never."""
    recovery: str = field(default="", repr=False)
    """argon2id hash of the printed recovery code."""
    reason: str = ""


SECRETS: dict[str, frozenset[str]] = {
    "account": frozenset({"password"}), "account_rules": frozenset({"recovery"}),
}
"""Fields by record type that are shown nowhere: no history, no comparison, no export."""
HIDDEN = "(不显示)"
"""What stands in the place of a secret."""


def is_secret(type_name: str, field_name: str) -> bool:
    """Whether a field is shown nowhere."""
    return field_name in SECRETS.get(type_name, ())


def read_name(text: str) -> str:
    """The name of an account; InputError for an empty or overlong one."""
    name = " ".join(text.split())
    if not name:
        raise InputError("姓名没有填写。", "请填写姓名。")
    if len(name) > 30:
        raise InputError("姓名太长。", "姓名最多30个字。")
    return name


def read_roles(roles: Collection[Role]) -> tuple[Role, ...]:
    """Roles in their order; InputError when there is none, or a reading role beside another."""
    chosen = tuple(role for role in Role if role in roles)
    if not chosen:
        raise InputError("没有选择角色。", "请至少选择一个角色。")
    reading = [role for role in chosen if role in READING_ROLES]
    if reading and len(chosen) > 1:
        raise InputError(f"“{reading[0].label}”只能查看,不能与其他角色同时担任。", "请只选它,或去掉它。")
    return chosen


def normalised(password: str) -> str:
    """A password as it is hashed: full-width letters as plain ones, no blanks around it."""
    return unicodedata.normalize("NFKC", password).strip()


def read_password(password: str, name: str) -> str:
    """A new password as it is hashed; InputError in words when it breaks a rule."""
    used = normalised(password)
    todo = f"密码至少{SHORTEST}个字符,可以用几个词连起来。"
    if len(used) < SHORTEST:
        raise InputError("密码太短。", todo)
    if len(used) > 200:
        raise InputError("密码太长。", "密码最多200个字符。")
    plain = used.casefold()
    if plain in _COMMON or len(set(plain)) < 4 or _is_run(plain):
        raise InputError("密码太容易猜到。", f"不要用常见密码、重复或连续的字符。{todo}")
    if len(name) > 1 and plain.replace(normalised(name).casefold(), "").strip("0123456789 ") == "":
        raise InputError("密码只有姓名或数字。", f"请加上别的字符。{todo}")
    return used


def _is_run(text: str) -> bool:
    """Whether signs follow each other (12345678, hgfedcba)."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


def code_from(numbers: Collection[int]) -> str:
    """A code to be printed, in groups of five: 7KQ2M-…; numbers: random, below 32."""
    signs = "".join(_CODE_SIGNS[number] for number in numbers)
    return "-".join(signs[place : place + _GROUP] for place in range(0, len(signs), _GROUP))


def read_code(text: str) -> str:
    """A code as it was typed off paper, in the form that is hashed: no dashes, capitals only."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in plain if sign.isalnum())


def wait_after(failures: int) -> int:
    """Seconds to wait after so many wrong passwords in a row; never a lock-out for good."""
    if failures < _FREE_FAILURES:
        return 0
    return _WAITS[min(failures - _FREE_FAILURES, len(_WAITS) - 1)]


def still_to_wait(failures: int, last: datetime, now: datetime) -> int:
    """Seconds still to wait; a clock that was set back begins the wait anew."""
    wait = wait_after(failures)
    passed = (now - last).total_seconds()
    if passed < 0:
        return wait
    return max(0, round(wait - passed + 0.5)) if passed < wait else 0
