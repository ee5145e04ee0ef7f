"""账户: turning them on and off, signing in, roles, passwords, the recovery code.

单人模式 is the default: a name is picked, nothing is asked. Passwords are checked here, what an
account may do is enforced by the store (`store.gate`).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace

from mbo_desktop.domain import accounts as rules
from mbo_desktop.domain.accounts import LONGEST_LOCK, STARTING_ROLES, Account, AccountRules, Role
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Operator
from mbo_desktop.domain.rights import Act, roles_text
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import passwords, sign_in_waits
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

_RECOVERY = "恢复码"
"""Under this name tries of the recovery code are counted."""
_WRONG = "姓名或密码不对。"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as it is listed."""

    id: RecordId
    name: str
    roles: tuple[Role, ...]
    active: bool
    must_change: bool

    @property
    def roles_text(self) -> str:
        """「录入、审核」."""
        return roles_text(self.roles)


@dataclass(frozen=True, slots=True)
class Mode:
    """Whether accounts are on, and after how many idle minutes the window locks itself (0: never)."""

    is_on: bool
    lock_minutes: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A name and password that fit."""

    account: RecordId
    name: str
    must_change: bool
    """A password of one's own must be set before anything else."""
    failures: int
    """Wrong ones before."""


def mode(store: Store) -> Mode:
    """How one signs in to this data folder."""
    found = _rules(store)
    return Mode(found.is_on, found.lock_minutes) if found else Mode(False, 0)


def listed(store: Store) -> tuple[AccountRow, ...]:
    """All accounts, those in use first, by name."""
    rows = [
        AccountRow(one.id, one.name, one.roles, one.active, one.must_change)
        for one in store.all(Account)
    ]
    return tuple(sorted(rows, key=lambda row: not row.active))


def names(store: Store) -> tuple[str, ...]:
    """Who can sign in."""
    return tuple(row.name for row in listed(store) if row.active)


def current(store: Store) -> AccountRow | None:
    """Who is signed in."""
    actor = store.gate.actor
    return next((row for row in listed(store) if actor and row.id == actor.account), None)


# Turning on and off


def turn_on(store: Store, *, name: str, password: str) -> str:
    """End 单人模式; who does so becomes administrator and is signed in. The recovery code, shown once.

    InputError for a name or password that breaks a rule, NotAllowedError when accounts are on.
    """
    if store.gate.is_on:
        raise NotAllowedError("账户登录已经启用。", "请在“账户管理”中添加人员。")
    who = rules.read_name(name)
    kept = passwords.hashed(rules.read_password(password, who))
    code, hashed = _new_code()
    with store.change("启用账户登录", barrier=True) as change:
        account = change.named(Account, who)
        old = change.find(Account, account)
        roles = rules.read_roles({*STARTING_ROLES, *_writing(old.roles if old else ())})
        change.put(Account(id=account, name=who, roles=roles, password=kept))
        _keep_operator(change, store, who)
        record = change.named(AccountRules)
        before = change.find(AccountRules, record) or AccountRules(id=record)
        change.put(replace(before, is_on=True, recovery=hashed, reason=""))
    store.sign_in(account)
    return code


def turn_off(store: Store, reason: str) -> None:
    """Go back to 单人模式 with a reason; the counter-act of `turn_on`. Accounts stay, unused."""
    why = " ".join(reason.split())
    if not why:
        raise InputError("没有写明理由。", "请写明为什么停用账户登录。")
    _require_on(store)
    operator = store.operator
    with store.change(f"停用账户登录:{why[:40]}", barrier=True, act=Act.ACCOUNTS) as change:
        change.put(replace(_required(store, change), is_on=False, reason=why))
    store.sign_in(None)
    store.operator = operator


def set_lock_minutes(store: Store, minutes: int) -> None:
    """After how many idle minutes the window locks itself; 0: never."""
    if not 0 <= minutes <= LONGEST_LOCK:
        raise InputError(f"自动锁定不能设为{minutes}分钟。", f"请填0到{LONGEST_LOCK},0为不自动锁定。")
    with store.change("设置自动锁定", barrier=True, act=Act.ACCOUNTS) as change:
        change.put(replace(_required(store, change), lock_minutes=minutes))


# Accounts


def add(store: Store, name: str, roles: Collection[Role]) -> str:
    """A new account; the one-time password to hand over. InputError when the name is taken."""
    who, chosen = rules.read_name(name), rules.read_roles(roles)
    _require_on(store)
    if any(row.name == who for row in listed(store)):
        raise InputError(f"已有名为“{who}”的账户。", "同名的请加以区分(如 张伟(农业));停用过的请重新启用。")
    given, kept = _one_time()
    with store.change(f"添加账户 {who}", barrier=True, act=Act.ACCOUNTS) as change:
        change.put(Account(
            id=change.named(Account, who), name=who, roles=chosen, password=kept, must_change=True
        ))
        _keep_operator(change, store, who)
    return given


def set_roles(store: Store, account: RecordId, roles: Collection[Role]) -> None:
    """Give an account other roles; NotAllowedError for the last administrator."""
    chosen = rules.read_roles(roles)
    if Role.ADMIN not in chosen:
        _require_another_admin(store, account)
    name = store.get(Account, account).name
    with store.change(f"设置{name}的角色", barrier=True, act=Act.ACCOUNTS) as change:
        change.put(replace(change.get(Account, account), roles=chosen))


def set_active(store: Store, account: RecordId, active: bool) -> None:
    """Put an account out of use or back; NotAllowedError for the last administrator."""
    if not active:
        _require_another_admin(store, account)
    name = store.get(Account, account).name
    label = f"启用账户 {name}" if active else f"停用账户 {name}"
    with store.change(label, barrier=True, act=Act.ACCOUNTS) as change:
        change.put(replace(change.get(Account, account), active=active))


def reset(store: Store, account: RecordId) -> str:
    """Give a colleague a new one-time password, which is returned; the old one no longer works."""
    given, kept = _one_time()
    name = store.get(Account, account).name
    with store.change(f"重设密码 {name}", barrier=True, act=Act.ACCOUNTS) as change:
        change.put(replace(change.get(Account, account), password=kept, must_change=True))
    sign_in_waits.succeeded(store.folder, name)
    return given


def set_own_password(store: Store, old: str, new: str) -> None:
    """Change the password of who is signed in; InputError for a wrong old one or a weak new one."""
    actor = store.gate.actor
    if actor is None:
        raise NotAllowedError("尚未登录。", "请先登录。")
    check(store, actor.name, old)
    used = rules.read_password(new, actor.name)
    if used == rules.normalised(old) or used == rules.read_code(old):
        raise InputError("新密码与原密码相同。", "请另设一个。")
    kept = passwords.hashed(used)
    with store.change("修改自己的密码", barrier=True, act=Act.OWN_PASSWORD) as change:
        change.put(replace(change.get(Account, actor.account), password=kept, must_change=False))


# The recovery code


def new_recovery_code(store: Store) -> str:
    """A new recovery code, shown once; the one before no longer works."""
    code, hashed = _new_code()
    with store.change("换发恢复码", barrier=True, act=Act.ACCOUNTS) as change:
        change.put(replace(_required(store, change), recovery=hashed))
    return code


def recover(store: Store, name: str, code: str, password: str) -> str:
    """Use the recovery code: a new password and the role 管理 for an account. The next code, shown once.

    InputError for a wrong code or a weak password, NotAllowedError while one has to wait.
    """
    _require_on(store)
    found, row = _rules(store), next((one for one in listed(store) if one.name == name), None)
    if row is None or found is None:
        raise InputError(f"没有名为“{name}”的账户。", "请从列表中选择。")
    used = rules.read_password(password, name)
    sign_in_waits.begin(store.folder, _RECOVERY)
    if not passwords.fits(rules.read_code(code), found.recovery):
        raise InputError("恢复码不对。", "请照打印的恢复码核对;只有最近一次打印的有效。")
    sign_in_waits.succeeded(store.folder, _RECOVERY)
    kept = passwords.hashed(used)
    fresh, hashed = _new_code()
    store.operator = name
    with store.change(f"用恢复码重设密码 {name}", barrier=True, act=Act.RECOVER) as change:
        old = change.get(Account, row.id)
        roles = rules.read_roles({Role.ADMIN, *_writing(old.roles)})
        change.put(replace(old, roles=roles, active=True, password=kept, must_change=False))
        change.put(replace(_required(store, change), recovery=hashed))
    sign_in_waits.succeeded(store.folder, name)
    store.sign_in(row.id)
    return fresh


# Signing in


def check(store: Store, name: str, password: str) -> Checked:
    """Look at a name and password, a third of a second beside the window.

    InputError when they do not fit, NotAllowedError while one has to wait.
    """
    row = next((one for one in listed(store) if one.name == name and one.active), None)
    sign_in_waits.begin(store.folder, name)
    kept = "" if row is None else store.get(Account, row.id).password
    must_change = row is not None and row.must_change
    secret = rules.read_code(password) if must_change else rules.normalised(password)
    if not passwords.fits(secret, kept) or row is None:
        wait = sign_in_waits.seconds(store.folder, name)
        todo = f"请{wait}秒后再试。" if wait else "请重新输入;忘记密码的请管理员重设。"
        raise InputError(_WRONG, todo, "数据未受影响。")
    return Checked(row.id, row.name, must_change, sign_in_waits.succeeded(store.folder, name))


def wait_seconds(store: Store, name: str) -> int:
    """How long somebody has to wait before the next try."""
    return sign_in_waits.seconds(store.folder, name)


def enter(store: Store, checked: Checked) -> None:
    """Work as who was checked from now on."""
    store.sign_in(checked.account)


def note_failures(store: Store, checked: Checked) -> None:
    """Leave in the log that wrong passwords came before this sign-in, when there were several."""
    if checked.failures >= 3 and not store.opened_to_look:
        with store.change(f"登录(此前密码错误{checked.failures}次)", barrier=True, act=Act.SIGN_IN):
            pass


def sign_out(store: Store) -> None:
    """Nobody works from now on; only looking is left until somebody signs in."""
    store.sign_in(None)


# Rights, for menus and buttons


def refusal(store: Store, act: Act) -> str:
    """Why who is signed in may not do this, in words; "" when they may."""
    return store.gate.refusal(act)


def require(store: Store, act: Act) -> None:
    """NotAllowedError when who is signed in may not do this."""
    store.gate.require(act)


def _rules(store: Store) -> AccountRules | None:
    return next(iter(store.all(AccountRules)), None)


def _required(store: Store, change: Change) -> AccountRules:
    return change.get(AccountRules, change.named(AccountRules))


def _require_on(store: Store) -> None:
    if not store.gate.is_on:
        raise NotAllowedError("现在是单人模式,没有账户。", "请先在“工具→账户管理”中启用账户登录。")


def _require_another_admin(store: Store, account: RecordId) -> None:
    if not any(
        row.active and Role.ADMIN in row.roles for row in listed(store) if row.id != account
    ):
        raise NotAllowedError("这是最后一位管理员。", "请先让另一位担任“管理”,再停用或改他的角色。")


def _writing(roles: Collection[Role]) -> set[Role]:
    return set(roles) - rules.READING_ROLES


def _keep_operator(change: Change, store: Store, name: str) -> None:
    """The name can be picked again should accounts be turned off."""
    if not any(one.name == name and one.active for one in store.all(Operator)):
        change.put(Operator(id=change.new(Operator), name=name))


def _new_code() -> tuple[str, str]:
    """A recovery code and its hash."""
    code = rules.code_from([secrets.randbelow(32) for _ in range(rules.RECOVERY_SIGNS)])
    return code, passwords.hashed(rules.read_code(code))


def _one_time() -> tuple[str, str]:
    """A one-time password and its hash."""
    given = rules.code_from([secrets.randbelow(32) for _ in range(rules.ONE_TIME_SIGNS)])
    return given, passwords.hashed(rules.read_code(given))
