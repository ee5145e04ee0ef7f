"""The one place where rights are enforced: who is signed in, and whether a change is theirs to make.

Every change passes here twice: before it begins (may this person write at all) and before
it is committed, when its revisions say what it amounts to. So no way around a window, a
command, an undo or an import leads past it.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from mbo_desktop.domain import rights
from mbo_desktop.domain.accounts import Role
from mbo_desktop.domain.exchange import PackageKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rights import Act, Actor, Deed
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.store.describe import describe

TYPES = frozenset({"account", "account_rules"})
_SIGN_IN = "请先登录。"
_ASK = "请由有这项权限的人员办理,或请管理员在“工具→账户管理”中调整角色。"

_WHOLE = frozenset({Act.RECOVER, Act.MERGE, Act.RESTORE, Act.PURGE})
"""Acts whose right stands for all that they write: other copies' work, bodies from backups, corrected words."""


class Gate:
    """Whether accounts are on, who is signed in, and what they may do."""

    def __init__(self, owner: bytes) -> None:
        self._owner = owner
        self._account: RecordId | None = None
        self.is_on = False
        """Whether accounts are on; off is 单人模式."""
        self.actor: Actor | None = None
        self.is_program = False
        """The program itself goes on with an act that was allowed before (restoring)."""

    def refresh(self, connection: sqlite3.Connection) -> None:
        """Read mode and roles as they stand."""
        row = connection.execute(
            "SELECT a.is_on FROM account_rules a JOIN record r ON r.id = a.record "
            "WHERE a.deleted = 0 AND r.owner = ?", (self._owner,),
        ).fetchone()
        self.is_on = row is not None and bool(row[0]) and not self.is_program
        self.actor = self._read_actor(connection) if self.is_on else None

    def _read_actor(self, connection: sqlite3.Connection) -> Actor | None:
        row = connection.execute(
            "SELECT a.name, a.roles FROM account a JOIN record r ON r.id = a.record "
            "WHERE a.record = ? AND a.deleted = 0 AND a.active = 1 AND r.owner = ?",
            (self._account, self._owner),
        ).fetchone()
        if row is None or self._account is None:
            return None
        return Actor(self._account, row[0], frozenset(Role.of(code) for code in row[1].split()))

    def let_in(self, account: RecordId | None) -> None:
        """Who works from now on; `refresh` reads the rest."""
        self._account = account

    @property
    def reason(self) -> str:
        """Why nothing may be written, for the bar above the rooms; "" when something may."""
        if not self.is_on:
            return ""
        if self.actor is None:
            return "尚未登录,只能查看。"
        if self.actor.only_reads:
            return f"{self.actor.name}以“{rights.roles_text(self.actor.roles)}”身份登录,只能查看,不能修改。"
        return ""

    def refusal(self, act: Act) -> str:
        """Why an act is not allowed now, in words; "" when it is."""
        if not self.is_on:
            return ""
        if self.actor is None:
            return _SIGN_IN
        return rights.refusal(self.actor, act)

    def require(self, act: Act) -> None:
        """NotAllowedError when an act is not allowed now."""
        reason = self.refusal(act)
        if reason:
            raise NotAllowedError(reason, _SIGN_IN if self.actor is None else _ASK)

    def admit(self, act: Act | None) -> None:
        """Before a change begins; act: what it says of itself."""
        if not self.is_on or act is Act.RECOVER:
            return
        if act is not None:
            self.require(act)
        elif self.reason:
            raise NotAllowedError(self.reason, _SIGN_IN if self.actor is None else _ASK)

    def look(self, connection: sqlite3.Connection, change: int, act: Act | None) -> None:
        """Before a change is committed: what it wrote decides which rights it needs."""
        if act in _WHOLE:
            return
        packages = _packages(connection, change)
        if any(kind == PackageKind.REPLICA for kind, _made_here in packages):
            self.require(Act.MERGE)
            return
        acts = self._acts_written(connection, change)
        if act is not None:
            acts.add(act)
        if packages:
            acts |= {Act.ISSUE if made_here else Act.RECEIVE for _kind, made_here in packages}
            # What a package tells of its sender is noted with it; whom to trust was decided before.
            acts.discard(Act.TRUST)
        if acts & rights.COVERING:
            acts.discard(Act.ENTER)
        for one in Act:
            if one in acts:
                self.require(one)

    def _acts_written(self, connection: sqlite3.Connection, change: int) -> set[Act]:
        """What the own records amount to that a change wrote; refuses judging one's own."""
        assert self.actor is not None
        types = {row[0] for row in connection.execute(
            "SELECT DISTINCT r.type FROM revision v JOIN record r ON r.id = v.record "
            "WHERE v.change = ? AND r.owner = ?", (change, self._owner),
        ).fetchall()}
        acts = {Act.ENTER} if types - rights.WATCHED else set()
        for type_name in types & rights.WATCHED:
            for record, before, after in _moves(connection, change, type_name, self._owner):
                for deed in rights.deeds(type_name, before, after):
                    if deed.act is Act.OWN_PASSWORD and record != self.actor.account:
                        acts.add(Act.ACCOUNTS)
                    acts.add(deed.act)
                    if deed.own:
                        self.require(deed.act)
                        self._refuse_own(connection, change, type_name, record, deed)
        return acts

    def _refuse_own(
        self, connection: sqlite3.Connection, change: int, type_name: str, record: RecordId,
        deed: Deed,
    ) -> None:
        """Nobody approves what they entered themselves."""
        assert self.actor is not None
        if deed.own[0] == "self":
            judged, aside = [record], frozenset(deed.own[1:])
        else:
            judged, aside = _beside(connection, record, deed.own), frozenset()
        for one in judged:
            if self.actor.name == _maker(connection, change, one, aside, self.actor.name):
                raise NotAllowedError(
                    f"{describe(connection, type_name, record)}是{self.actor.name}自己录入的,"
                    "不能由本人核定或批准。", "请由另一位有“审核”角色的人员办理。",
                )


def _packages(connection: sqlite3.Connection, change: int) -> list[tuple[str, bool]]:
    """Kind of the packages a change made or took in, and whether this office made them."""
    return [
        (row[0], bool(row[1])) for row in connection.execute(
            "SELECT p.kind, lower(hex(p.sender)) = replace("
            " (SELECT value FROM setting WHERE name = 'owner'), '-', '') FROM package_change x "
            "JOIN package p ON p.id = x.package WHERE x.change = ?", (change,),
        ).fetchall()
    ]


def _moves(
    connection: sqlite3.Connection, change: int, type_name: str, owner: bytes
) -> list[tuple[RecordId, dict[str, Any] | None, dict[str, Any] | None]]:
    """Own records of a type with their bodies before and after a change; None: not there or deleted."""
    rows = connection.execute(
        "SELECT v.record, v.deleted, v.body, b.deleted, b.body FROM revision v "
        "JOIN record r ON r.id = v.record LEFT JOIN revision b ON b.id = ("
        " SELECT id FROM revision WHERE record = v.record AND change <> v.change"
        " ORDER BY n DESC, hash DESC LIMIT 1) "
        "WHERE v.change = ? AND r.type = ? AND r.owner = ? ORDER BY v.id", (change, type_name, owner),
    ).fetchall()
    last = {row[0]: row for row in rows}
    return [
        (
            RecordId(record), None if row[4] is None or row[3] else json.loads(row[4]),
            None if row[1] else json.loads(row[2]),
        )
        for record, row in last.items()
    ]


def _beside(connection: sqlite3.Connection, record: RecordId, own: tuple[Any, ...]) -> list[RecordId]:
    """The records that this one judges: of the same type and place, of other kinds."""
    _, table, same, kinds = own
    equal = " AND ".join(f"o.{name} = j.{name}" for name in same)
    marks = ", ".join("?" * len(kinds))
    return [RecordId(row[0]) for row in connection.execute(
        f"SELECT o.record FROM {table} j JOIN {table} o ON {equal} AND o.kind IN ({marks}) "
        "WHERE j.record = ? AND o.deleted = 0", (*(str(one.value) for one in kinds), record),
    ).fetchall()]


def _maker(
    connection: sqlite3.Connection, change: int, record: RecordId, aside: frozenset[str], now: str
) -> str:
    """Who last changed what was entered; aside: fields that judge it. now: who makes this change."""
    rows = connection.execute(
        "SELECT v.body, v.deleted, c.who, v.change FROM revision v LEFT JOIN change c ON c.id = v.change "
        "WHERE v.record = ? ORDER BY v.n DESC, v.hash DESC", (record,),
    ).fetchall()
    entered = [
        ({} if deleted else {k: v for k, v in json.loads(body).items() if k not in aside},
         now if made == change else who)
        for body, deleted, who, made in rows
    ]
    for place, (content, who) in enumerate(entered):
        if place + 1 == len(entered) or content != entered[place + 1][0]:
            return str(who)
    return ""
