"""Accounts on a real data folder: signing in, waits, roles at the one door, codes, copies, logs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from services.conftest import Office

from mbo_desktop import clock
from mbo_desktop.domain.accounts import Account, AccountRules, Role
from mbo_desktop.domain.adjustments import Adjustment, AdjustmentKind, AdjustmentState, TargetTerms
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import accounts, passwords, plain_export, session, sign_in_waits
from mbo_desktop.store import checkup
from mbo_desktop.store.backup import make_backup
from mbo_desktop.store.database import Store
from mbo_desktop.store.restore import restore

BOSS = "春风又绿江南岸1"
MORNING = datetime(2020, 3, 12, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _light_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small costs; one test measures the real ones."""
    monkeypatch.setattr(passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "PASSES", 1)


@pytest.fixture
def code(store: Store) -> str:
    """Accounts turned on by 刘敏; the recovery code."""
    return accounts.turn_on(store, name="刘敏", password=BOSS)


@pytest.fixture
def later() -> Iterator[None]:
    """Lets a test move the clock with `at`."""
    yield
    clock.set_source(None)


def at(seconds: float) -> None:
    moment = MORNING + timedelta(seconds=seconds)
    clock.set_source(lambda: moment)


def person(store: Store, name: str, *roles: Role, password: str = "") -> str:
    """A colleague with a password of their own; the administrator stays signed in."""
    given = accounts.add(store, name, roles)
    own = password or f"{name}自己的密码x9"
    sign_in(store, name, given)
    accounts.set_own_password(store, given, own)
    sign_in(store, "刘敏", BOSS)
    return own


def sign_in(store: Store, name: str, password: str) -> None:
    accounts.enter(store, accounts.check(store, name, password))


def rename(store: Store, unit: Unit, name: str) -> None:
    from dataclasses import replace

    with store.change("改名") as change:
        change.put(replace(unit, name=name))


def test_single_mode_asks_nothing(office: Office) -> None:
    assert accounts.mode(office.store) == accounts.Mode(False, 0)
    assert accounts.refusal(office.store, Act.PURGE) == ""
    assert accounts.names(office.store) == ()


def test_turning_on_is_logged_and_makes_an_administrator(store: Store, code: str) -> None:
    assert len(code) == 23
    row = accounts.current(store)
    assert row is not None and set(row.roles) == {Role.ENTRY, Role.REVIEW, Role.ADMIN}
    assert accounts.mode(store) == accounts.Mode(True, 10)
    record = store.all(AccountRules)[0].id
    assert store.history(record)[0].label == "启用账户登录"
    assert store.undo_label is None
    with pytest.raises(NotAllowedError):
        accounts.turn_on(store, name="陈志远", password=BOSS)
    with pytest.raises(InputError):
        accounts.turn_off(store, " ")
    accounts.turn_off(store, "只剩一人")
    assert not store.read_only and accounts.mode(store).is_on is False
    assert store.history(record)[0].label == "停用账户登录:只剩一人"


def test_a_folder_with_accounts_opens_with_nobody_signed_in(store: Store, code: str) -> None:
    folder = store.folder
    store.close()
    with session.open_folder(folder, operator="刘敏") as again:
        assert again.read_only and "尚未登录" in again.read_only_reason
        assert again.operator == "", "nobody reads as somebody else"
        unit = again.all(Unit)[0]
        with pytest.raises(NotAllowedError):
            rename(again, unit, "改了")
        sign_in(again, "刘敏", BOSS)
        rename(again, again.get(Unit, unit.id), "改了")
        assert again.history(unit.id)[0].who == "刘敏"


def test_wrong_passwords_slow_down_over_restarts_and_kills(
    store: Store, code: str, later: None
) -> None:
    for _try in range(3):
        with pytest.raises(InputError):
            accounts.check(store, "刘敏", "不对的密码")
    assert accounts.wait_seconds(store, "刘敏") > 0
    with pytest.raises(NotAllowedError):
        accounts.check(store, "刘敏", BOSS)
    folder = store.folder
    store.close()
    with Store.open(folder) as again:
        with pytest.raises(NotAllowedError) as refused:
            accounts.check(again, "刘敏", BOSS)
        assert "还要等" in refused.value.what
        # A program killed in the middle of a try leaves it counted.
        at(10)
        sign_in_waits.begin(folder, "刘敏")
        assert sign_in_waits.failures(folder, "刘敏") == 4
        at(10 + 14)
        with pytest.raises(NotAllowedError):
            accounts.check(again, "刘敏", BOSS)
        at(10 + 16)
        checked = accounts.check(again, "刘敏", BOSS)
        assert checked.failures == 4
        accounts.enter(again, checked)
        accounts.note_failures(again, checked)
        assert accounts.wait_seconds(again, "刘敏") == 0
        with again.read() as connection:
            label = connection.exec_driver_sql("SELECT label FROM change ORDER BY id DESC").scalar()
        assert label == "登录(此前密码错误4次)"


def test_tries_are_counted_without_a_writable_folder(
    store: Store, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kw: object) -> None:
        raise PermissionError("read-only")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuse)
        for _try in range(3):
            with pytest.raises(InputError):
                accounts.check(store, "刘敏", "不对")
        assert accounts.wait_seconds(store, "刘敏") > 0
    sign_in_waits._kept.clear()


@pytest.mark.parametrize("role", [Role.AUDIT, Role.LEADER])
def test_readers_see_and_write_nothing_but_their_password(store: Store, code: str, role: Role) -> None:
    password = person(store, "李局", role)
    sign_in(store, "李局", password)
    assert store.read_only and "只能查看" in store.read_only_reason
    unit = store.all(Unit)[0]
    with pytest.raises(NotAllowedError):
        rename(store, unit, "改了")
    accounts.set_own_password(store, password, "再换一个新的密码8")
    sign_in(store, "李局", "再换一个新的密码8")
    accounts.note_failures(store, accounts.Checked(unit.id, "李局", False, 5))
    for act in (Act.MERGE, Act.RESTORE, Act.ENTER):
        assert "需要" in accounts.refusal(store, act)
        with pytest.raises(NotAllowedError):
            accounts.require(store, act)


def test_a_clerk_enters_and_decides_nothing(office: Office, code: str) -> None:
    store = office.store
    password = person(store, "小王", Role.ENTRY)
    target = store.all(Unit)[0]
    sign_in(store, "小王", password)
    rename(store, target, "改了名的市")
    store.undo()
    with pytest.raises(NotAllowedError):
        session.set_office(store, name="另一机关")
    with pytest.raises(NotAllowedError):
        session.add_operator(store, "某人")
    with pytest.raises(NotAllowedError):
        accounts.reset(store, accounts.listed(store)[0].id)
    with pytest.raises(NotAllowedError):
        accounts.turn_off(store, "想停用")
    # Nor by an account record written directly.
    own = store.get(Account, accounts.current(store).id)  # type: ignore[union-attr]
    from dataclasses import replace

    for stolen in (replace(own, roles=tuple(Role)), ):
        with pytest.raises(NotAllowedError), store.change("提权") as change:
            change.put(stolen)
    boss = next(one for one in store.all(Account) if one.name == "刘敏")
    with pytest.raises(NotAllowedError), store.change("换掉他的密码") as change:
        change.put(replace(boss, password="$argon2id$x"))
    assert accounts.current(store).roles == (Role.ENTRY,)  # type: ignore[union-attr]


def test_nobody_certifies_what_they_entered(office: Office, code: str) -> None:
    store = office.store
    unit = office.units["柯城区"]
    other = person(store, "老陈", Role.ENTRY, Role.REVIEW)

    def report(kind: FigureKind, typed: str, month: int = 3) -> None:
        with store.change("录入") as change:
            record = change.named(ProgressReport, unit, month, kind)
            change.put(ProgressReport(id=record, subject=unit, month=month, kind=kind, typed=typed))

    report(FigureKind.OWN, "120")
    with pytest.raises(NotAllowedError) as refused:
        report(FigureKind.CERTIFIED, "118")
    assert "自己录入" in refused.value.what
    sign_in(store, "老陈", other)
    report(FigureKind.CERTIFIED, "118")
    # Entered by one, then changed by the other: whoever changed it last is the maker.
    report(FigureKind.OWN, "121")
    with pytest.raises(NotAllowedError):
        report(FigureKind.CERTIFIED, "119")
    sign_in(store, "刘敏", BOSS)
    report(FigureKind.CERTIFIED, "119")

    def both() -> None:
        with store.change("一次录入并核定") as change:
            for kind in (FigureKind.OWN, FigureKind.CERTIFIED):
                record = change.named(ProgressReport, unit, 4, kind)
                change.put(ProgressReport(id=record, subject=unit, month=4, kind=kind, typed="1"))

    with pytest.raises(NotAllowedError):
        both()


def test_nobody_approves_their_own_request(office: Office, code: str) -> None:
    from dataclasses import replace

    store = office.store
    other = person(store, "老陈", Role.ENTRY, Role.REVIEW)
    with store.change("申请") as change:
        asked = Adjustment(
            id=change.new(Adjustment), year=2020, indicator=office.root, unit=office.units["柯城区"],
            kind=AdjustmentKind.LOWER if hasattr(AdjustmentKind, "LOWER") else next(iter(AdjustmentKind)),
            after=TargetTerms(person="张三"),
        )
        change.put(asked)
    approved = replace(asked, state=AdjustmentState.APPROVED, approved_by="刘敏")
    with pytest.raises(NotAllowedError), store.change("批准", barrier=True) as change:
        change.put(approved)
    sign_in(store, "老陈", other)
    with store.change("批准", barrier=True) as change:
        change.put(approved)
    assert store.get(Adjustment, asked.id).state is AdjustmentState.APPROVED


def test_the_last_administrator_stays(store: Store, code: str) -> None:
    me = accounts.current(store)
    assert me is not None
    for deed in (
        lambda: accounts.set_active(store, me.id, False),
        lambda: accounts.set_roles(store, me.id, [Role.ENTRY]),
    ):
        with pytest.raises(NotAllowedError) as refused:
            deed()
        assert "最后一位管理员" in refused.value.what
    person(store, "老陈", Role.ADMIN)
    accounts.set_active(store, me.id, False)
    # Out at once: what was signed in a moment ago may write no more.
    assert store.read_only
    with pytest.raises(InputError):
        accounts.check(store, "刘敏", BOSS)


def test_a_one_time_password_asks_for_an_own_one(store: Store, code: str) -> None:
    given = accounts.add(store, "小王", [Role.ENTRY])
    checked = accounts.check(store, "小王", given.lower().replace("-", " "))
    assert checked.must_change
    accounts.enter(store, checked)
    with pytest.raises(InputError):
        accounts.set_own_password(store, given, given)
    accounts.set_own_password(store, given, "小王的新密码77")
    with pytest.raises(InputError):
        accounts.check(store, "小王", given)
    assert not accounts.check(store, "小王", "小王的新密码77").must_change


def test_the_recovery_code_works_once_and_gives_the_next(store: Store, code: str) -> None:
    accounts.sign_out(store)
    with pytest.raises(InputError):
        accounts.recover(store, "刘敏", "AAAAA-BBBBB-CCCCC-DDDDD", "另一个新的密码5")
    with pytest.raises(InputError):
        accounts.recover(store, "刘敏", code, "123")
    fresh = accounts.recover(store, "刘敏", code.lower().replace("-", ""), "另一个新的密码5")
    assert fresh != code and not store.read_only
    accounts.sign_out(store)
    with pytest.raises(InputError):
        accounts.recover(store, "刘敏", code, "第三个新的密码5")
    sign_in(store, "刘敏", "另一个新的密码5")


def test_secrets_stand_in_no_history_export_file_or_repr(store: Store, code: str, tmp_path: Path) -> None:
    kept = {store.all(Account)[0].password, store.all(AccountRules)[0].recovery}
    assert all(one.startswith("$argon2id$") for one in kept)
    said = repr(store.all(Account)) + repr(store.all(AccountRules))
    for record in (store.all(Account)[0].id, store.all(AccountRules)[0].id):
        said += repr(store.history(record))
        with pytest.raises(NotAllowedError):
            store.restore_revision(record, 1)
    plain_export.export_folder(store, tmp_path / "表")
    for path in (tmp_path / "表").iterdir():
        said += path.read_text("utf-8-sig")
    assert "argon2" not in said and "刘敏" in said
    # The data file keeps hashes only, never a password or code.
    raw = store.path.read_bytes()
    assert BOSS.encode() not in raw and code.encode() not in raw
    assert code.replace("-", "").encode() not in raw


def test_the_data_check_and_a_restore_go_on(store: Store, code: str) -> None:
    backup = make_backup(store, "手动")
    assert not checkup.run(store).findings
    folder = store.folder
    store.close()
    restore(folder, backup)
    with Store.open(folder) as again:
        assert again.read_only and again.gate.is_on
        sign_in(again, "刘敏", BOSS)
        assert not again.read_only


def test_switching_people_leaves_nothing_to_undo(store: Store, code: str) -> None:
    password = person(store, "小王", Role.ENTRY)
    rename(store, store.all(Unit)[0], "改了名的市")
    assert store.undo_label
    sign_in(store, "小王", password)
    assert store.undo_label is None


def test_a_hash_from_elsewhere_cannot_ask_too_much() -> None:
    huge = "$argon2id$v=19$m=9999999,t=3,p=1$UJw3K93kzf9zPxEh3aojPw$U+B1n22JgzQ1lQ0/aRSp+Qn29IA4whVduvoPYB0bC54"
    assert not passwords.fits("x", huge)
    for odd in ("", "$argon2i$", "x" * 500, huge.replace("9999999", "8")):
        assert not passwords.fits("x", odd)


def test_the_real_cost_is_sane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    kept = passwords.hashed("春风")
    assert "$m=65536,t=3," in kept
    assert passwords.fits("春风", kept) and not passwords.fits("秋风", kept)


def test_the_count_file_is_no_list_of_secrets(store: Store, code: str) -> None:
    with pytest.raises(InputError):
        accounts.check(store, "刘敏", "秘密的尝试99")
    text = (store.folder / sign_in_waits.FILE).read_text("utf-8")
    assert list(json.loads(text)) == ["刘敏"] and "秘密" not in text


def test_a_folder_that_could_ask_for_a_password_is_not_restored_without_one(store: Store) -> None:
    from mbo_desktop.services import restoring

    restoring.refuse_unsigned(store.folder)
    accounts.turn_on(store, name="刘敏", password="green river table 9")
    with pytest.raises(NotAllowedError, match="账户登录"):
        restoring.refuse_unsigned(store.folder)
    store.close()
    (store.folder / "mbo.db").write_bytes(b"nothing")
    restoring.refuse_unsigned(store.folder)
