"""Roles over the real services, and accounts between the copies of one office."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from offices_exchanging import YEAR, begin_below, level, make_city, send_down, take_in

from mbo_desktop.domain.accounts import Account, Role
from mbo_desktop.domain.adjustments import AdjustmentKind
from mbo_desktop.domain.exchange import PackageKind
from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import Evidence, Verdict
from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import (
    accounts,
    adjustments,
    agreements,
    change_words,
    evidence,
    inbox,
    issuing,
    log,
    passwords,
    planning_edits,
    planning_framework,
    replica_packages,
    sealing,
    session,
    signing,
    trust,
)
from mbo_desktop.services.adjustments import AdjustmentInput, Approval
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from tests.services.conftest import Office

BOSS, OWN = "春风又绿江南岸1", "明月何时照我还2"


@pytest.fixture(autouse=True)
def _light_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "PASSES", 1)


def as_(store: Store, name: str) -> None:
    accounts.enter(store, accounts.check(store, name, BOSS if name == "刘敏" else OWN))


def people(store: Store) -> None:
    """刘敏 administers only; 小王 enters, 老陈 enters and reviews, 老赵 reviews."""
    accounts.turn_on(store, name="刘敏", password=BOSS)
    for name, roles in (
        ("小王", [Role.ENTRY]), ("老陈", [Role.ENTRY, Role.REVIEW]), ("老赵", [Role.REVIEW]),
    ):
        given = accounts.add(store, name, roles)
        accounts.enter(store, accounts.check(store, name, given))
        accounts.set_own_password(store, given, OWN)
        as_(store, "刘敏")
    accounts.set_roles(store, accounts.current(store).id, [Role.ADMIN])  # type: ignore[union-attr]


def refused(deed: Callable[[], object]) -> str:
    with pytest.raises(NotAllowedError) as caught:
        deed()
    return caught.value.what


@pytest.fixture
def year(office: Office) -> Office:
    """工业投资 with three targets, its agreements made; 小王 is signed in."""
    store = office.store
    people(store)
    as_(store, "小王")
    row = planning_framework.add_indicator(store, YEAR, "工业投资(亿元)", points=Decimal(5))
    for name, value in (("柯城区", "52"), ("江山市", "30"), ("高新区", "18")):
        planning_edits.set_cell(store, row, office.units[name], TargetField.VALUE, value)
    agreements.make_agreements(store, YEAR)
    return office


def rows(store: Store) -> list[int]:
    return [one.id for one in store.all(agreements.Agreement, year=YEAR)]


def test_signing_wants_a_reviewer(year: Office) -> None:
    store = year.store
    made = rows(store)
    before = store.change_count
    assert "审核" in refused(lambda: signing.sign_at_meeting(store, YEAR, on=date(YEAR, 3, 1), agreements=made))
    assert store.change_count == before
    as_(store, "老赵")
    signing.sign_at_meeting(store, YEAR, on=date(YEAR, 3, 1), agreements=made)
    as_(store, "小王")
    refused(lambda: signing.take_back(store, made[0], reason="错了"))


def test_an_adjustment_is_asked_by_one_and_approved_by_another(year: Office) -> None:
    store, unit = year.store, year.units["柯城区"]
    as_(store, "老赵")
    signing.sign_at_meeting(store, YEAR, on=date(YEAR, 3, 1), agreements=rows(store))
    row = store.all(Indicator, year=YEAR)[0].id
    paper = Approval(date(YEAR, 7, 20), meeting="常务会议", number="示政〔2020〕12号")

    as_(store, "老陈")
    asked = AdjustmentInput(row, unit, AdjustmentKind.RAISE, "60", reason="项目提前")
    (mine,) = adjustments.request(store, [asked], requested_on=date(YEAR, 7, 10))
    assert "自己录入" in refused(lambda: adjustments.approve(store, [mine], paper))
    as_(store, "小王")
    refused(lambda: adjustments.approve(store, [mine], paper))
    as_(store, "老赵")
    adjustments.approve(store, [mine], paper)


def test_evidence_is_verified_by_another(year: Office) -> None:
    store = year.store
    as_(store, "老陈")
    with store.change("佐证") as change:
        paper = Evidence(id=change.new(Evidence), subject=year.units["柯城区"], month=3, title="证明")
        change.put(paper)
    refused(lambda: evidence.judge_evidence(store, paper.id, Verdict.ACCEPTED))
    as_(store, "老赵")
    evidence.judge_evidence(store, paper.id, Verdict.ACCEPTED)
    assert store.get(Evidence, paper.id).verdict is Verdict.ACCEPTED


def test_sealing_unsealing_and_settings(year: Office) -> None:
    store = year.store
    refused(lambda: sealing.seal_year(store, YEAR))
    as_(store, "老赵")
    sealing.seal_year(store, YEAR)
    refused(lambda: sealing.unseal_year(store, YEAR, "补录"))
    as_(store, "刘敏")
    sealing.unseal_year(store, YEAR, "补录")
    session.open_year(store, YEAR + 1)
    # Who only administers enters nothing.
    refused(lambda: planning_framework.add_indicator(store, YEAR, "另一项"))


def test_only_a_reviewer_makes_packages_and_a_clerk_takes_them_in(tmp_path: Path) -> None:
    city = make_city(tmp_path / "city", ["甲县", "乙县"], 2)
    with city as store:
        people(store)
        key = next(one.key for one in issuing.recipients(store, YEAR, PackageKind.ISSUE))
        out = tmp_path / "u"
        out.mkdir()

        def pack() -> object:
            return issuing.issue(store, [key], PackageKind.ISSUE, YEAR, out, cleared=True)

        as_(store, "小王")
        assert "制出数据包" in refused(pack)
        assert not list(out.iterdir())
        as_(store, "老赵")
        pack()
        assert len(list(out.iterdir())) == 1


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Two copies of one office with accounts, 刘敏 signed in at both."""
    with make_city(tmp_path / "one", ["甲县"], 2) as store:
        people(store)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    with Store.open(tmp_path / "one") as one, Store.open(tmp_path / "two") as two:
        as_(one, "刘敏")
        as_(two, "刘敏")
        yield one, two


def bring(made: Store, to: Store, stick: Path) -> inbox.Inbox:
    stick.mkdir(exist_ok=True)
    file = replica_packages.make(made, stick, password=replica_packages.WITHOUT)
    return inbox.take(to, [file.path])


def account(store: Store, name: str) -> Account:
    return next(one for one in store.all(Account) if one.name == name)


def test_accounts_travel_to_the_other_pc_and_nowhere_else(
    pair: tuple[Store, Store], tmp_path: Path
) -> None:
    one, two = pair
    accounts.set_active(two, account(two, "小王").id, False)
    accounts.add(two, "新来的", [Role.ENTRY])
    found = bring(two, one, tmp_path / "u")
    as_(one, "老陈")
    assert "合并" in refused(lambda: replica_packages.merge(one, found, 0))
    as_(one, "刘敏")
    replica_packages.merge(one, found, 0)
    assert "新来的" in accounts.names(one) and "小王" not in accounts.names(one)
    key = next(row.key for row in issuing.recipients(one, YEAR, PackageKind.ISSUE))
    as_(one, "老赵")
    out = tmp_path / "out"
    out.mkdir()
    issuing.issue(one, [key], PackageKind.ISSUE, YEAR, out, cleared=True)
    import zipfile

    (package,) = out.iterdir()
    with zipfile.ZipFile(package) as frame:
        assert b"argon2" not in b"".join(frame.read(name) for name in frame.namelist())


def test_the_same_account_changed_on_both_is_asked_once_without_its_hash(
    pair: tuple[Store, Store], tmp_path: Path
) -> None:
    one, two = pair
    accounts.set_roles(one, account(one, "小王").id, [Role.ENTRY, Role.REVIEW])
    accounts.reset(two, account(two, "小王").id)
    found = bring(two, one, tmp_path / "u")
    (asked,) = replica_packages.conflicts(one, found, 0)
    said = repr(asked)
    assert asked.type_label == "账户" and asked.title == "小王"
    assert "argon2" not in said and "不显示" in said
    replica_packages.merge(one, found, 0, theirs=frozenset({asked.name}))
    assert account(one, "小王").must_change
    back = bring(one, two, tmp_path / "u")
    assert replica_packages.conflicts(two, back, 0) == ()


def test_the_log_tells_who_did_it_and_no_hash(pair: tuple[Store, Store]) -> None:
    one, _two = pair
    accounts.reset(one, account(one, "小王").id)
    numbers = log.find(one, log.reads.LogFilter())
    said = repr(log.lines(one, numbers)) + "".join(repr(log.entries(one, number)) for number in numbers)
    assert "重设密码 小王" in said and "启用账户登录" in said
    assert "argon2" not in said
    assert change_words.type_label("account") == "账户"


def test_the_look_at_a_large_change_does_not_grow_with_it(pair: tuple[Store, Store]) -> None:
    one, _two = pair
    as_(one, "小王")
    with one.change("批量") as change:
        for number in range(300):
            change.put(Unit(id=change.new(Unit), name=f"单位{number}", kind=UnitKind.TOWNSHIP))
    said: list[str] = []
    with one.read() as connection:
        plain = connection.connection.driver_connection
        assert plain is not None
        plain.set_trace_callback(said.append)
        one.gate.look(plain, one.change_count, None)
        plain.set_trace_callback(None)
    assert len(said) <= 3


def test_no_act_that_is_named_lets_more_through(pair: tuple[Store, Store]) -> None:
    one, _two = pair
    as_(one, "小王")

    def write(act: Act) -> None:
        with one.change("借名", act=act) as change:
            change.put(Unit(id=change.new(Unit), name="某单位", kind=UnitKind.TOWNSHIP))

    for act in (Act.MERGE, Act.RESTORE, Act.PURGE, Act.YEAR, Act.ACCOUNTS):
        assert "需要" in refused(lambda act=act: write(act))
    as_(one, "刘敏")
    assert "录入" in refused(lambda: write(Act.OWN_PASSWORD))
    accounts.sign_out(one)
    assert "登录" in refused(lambda: write(Act.ENTER))


def test_a_clerk_takes_a_package_in_but_trusts_nobody(tmp_path: Path) -> None:
    with make_city(tmp_path / "city", ["甲县"], 2) as city:
        first = send_down(city, "甲县", tmp_path / "u")
        with begin_below(tmp_path / "county", first) as store:
            people(store)
            with city.change("加目标") as change:
                target = city.all(Target)[0]
                change.put(replace(target, value=level(99)))
            again = send_down(city, "甲县", tmp_path / "u2")
            as_(store, "小王")
            take_in(store, again)
            binding = trust.bindings(store)[0].id
            assert "往来机关" in refused(lambda: trust.set_contact(store, binding, "李科 123"))
