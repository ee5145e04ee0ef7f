"""Who may do what when accounts are on: one table from acts to roles, and which act a change is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mbo_desktop.domain.accounts import READING_ROLES, Role
from mbo_desktop.domain.adjustments import AdjustmentOrigin, AdjustmentState
from mbo_desktop.domain.assessment import AssessmentStep, ScoreKind
from mbo_desktop.domain.dockets import DocketAct
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.planning import YearState
from mbo_desktop.domain.reports import FigureKind, Verdict

Body = Mapping[str, Any]
"""A record's body: plain JSON."""


class Act(Choice):
    """What somebody does, as far as roles tell it apart."""

    ENTER = "enter", "录入和修改"
    SIGN = "sign", "签订、退回和撤回责任书"
    ISSUE = "issue", "制出数据包"
    RECEIVE = "receive", "导入和撤回数据包"
    TRUST = "trust", "接收往来机关"
    APPROVE = "approve", "审核和批准"
    CERTIFY = "certify", "核定和核实数据"
    SCORE = "score", "复核和审定分数"
    SEAL = "seal", "封存和定稿"
    UNSEAL = "unseal", "解封"
    YEAR = "year", "建立考核年度"
    SETTINGS = "settings", "修改设置"
    ACCOUNTS = "accounts", "管理账户"
    MERGE = "merge", "合并本机关另一台电脑的数据"
    RESTORE = "restore", "恢复到备份"
    PURGE = "purge", "清除误录内容"
    SIGN_IN = "sign_in", "登录"
    OWN_PASSWORD = "own_password", "修改自己的密码"
    RECOVER = "recover", "用恢复码重设密码"


_WRITERS = frozenset({Role.ENTRY, Role.REVIEW})
_REVIEWERS = frozenset({Role.REVIEW})
_ADMINS = frozenset({Role.ADMIN})
ROLES_OF: dict[Act, frozenset[Role]] = {
    Act.ENTER: _WRITERS,
    Act.SIGN: _REVIEWERS,
    Act.ISSUE: _REVIEWERS,
    Act.RECEIVE: _WRITERS,
    Act.TRUST: _REVIEWERS | _ADMINS,
    Act.APPROVE: _REVIEWERS,
    Act.CERTIFY: _REVIEWERS,
    Act.SCORE: _REVIEWERS,
    Act.SEAL: _REVIEWERS | _ADMINS,
    Act.UNSEAL: _ADMINS,
    Act.YEAR: _REVIEWERS | _ADMINS,
    Act.SETTINGS: _ADMINS,
    Act.ACCOUNTS: _ADMINS,
    Act.MERGE: _ADMINS,
    Act.RESTORE: _ADMINS,
    Act.PURGE: _ADMINS,
    Act.SIGN_IN: frozenset(Role),
    Act.OWN_PASSWORD: frozenset(Role),
    Act.RECOVER: frozenset(Role),
}
"""Which roles may do an act; one of them suffices."""
COVERING = frozenset({Act.YEAR, Act.PURGE})
"""Acts that write ordinary records on the way: a new year its categories, a purge the corrected words."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is signed in."""

    account: RecordId
    name: str
    roles: frozenset[Role]

    @property
    def only_reads(self) -> bool:
        """Whether nothing may be written at all."""
        return not self.roles - READING_ROLES

    def may(self, act: Act) -> bool:
        """Whether a role allows the act."""
        return bool(self.roles & ROLES_OF[act])


def refusal(actor: Actor, act: Act) -> str:
    """Why an act is not allowed, in words; "" when it is."""
    if actor.may(act):
        return ""
    wanted = "或".join(f"“{role.label}”" for role in Role if role in ROLES_OF[act])
    return f"“{act.label}”需要{wanted}角色,{actor.name}是“{roles_text(actor.roles)}”。"


def roles_text(roles: frozenset[Role] | tuple[Role, ...]) -> str:
    """「录入、审核」."""
    return "、".join(role.label for role in Role if role in roles)


@dataclass(frozen=True, slots=True)
class Deed:
    """What writing a record amounts to.

    own: it may not be done by who last made the entry: ("self", fields that are not part of the
    entry) for the record itself, or ("beside", type, equal fields, kinds) for the records it judges.
    """

    act: Act
    own: tuple[Any, ...] = ()


_FIXED: dict[str, Act] = {
    "office": Act.SETTINGS, "work_calendar": Act.SETTINGS, "operator": Act.ACCOUNTS,
    "account": Act.ACCOUNTS, "account_rules": Act.ACCOUNTS, "binding": Act.TRUST,
    "sealed_score": Act.SEAL, "progress_snapshot": Act.SEAL, "correction": Act.APPROVE,
    "package_withdrawal": Act.RECEIVE, "gap_dismissal": Act.RECEIVE, "purge": Act.PURGE,
}
_DECIDED_STEPS = frozenset({
    AssessmentStep.CERTIFY, AssessmentStep.REVIEW, AssessmentStep.OBJECTION, AssessmentStep.APPROVE,
    AssessmentStep.SEAL,
})
_DOCKET_APPROVALS = frozenset({
    DocketAct.FILE, DocketAct.REVIEW, DocketAct.VERIFY, DocketAct.CLOSE, DocketAct.STRIKE_OFF,
    DocketAct.EXTEND, DocketAct.REFUSE_EXTENSION, DocketAct.REOPEN,
})
_CASE_DECISIONS = frozenset({"concluded", "closed", "dropped"})
WATCHED = frozenset({
    *_FIXED, "agreement", "adjustment", "progress_report", "evidence", "given_score", "objection",
    "scheme", "docket", "accountability_case", "year", "reporting_rules", "number_series", "hand_over",
})
"""Types whose writing may be more than entering; all others are `Act.ENTER`."""


def deeds(type_name: str, before: Body | None, after: Body | None) -> Iterator[Deed]:
    """What it means that a record came from one body to another (None: not there, or deleted)."""
    if type_name == "account" and _is_own_password(before, after):
        yield Deed(Act.OWN_PASSWORD)
    elif type_name in _FIXED:
        yield Deed(_FIXED[type_name])
    elif type_name in _SPECIAL:
        yield from _SPECIAL[type_name](before or {}, after or {})
    else:
        yield Deed(Act.ENTER)


def _is_own_password(before: Body | None, after: Body | None) -> bool:
    """Whether only the password changed; that it is one's own the gate looks at."""
    if before is None or after is None:
        return False
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    return changed <= {"password", "must_change"} and not after.get("must_change")


def _differ(before: Body, after: Body, *names: str) -> bool:
    return any((before.get(name) or None) != (after.get(name) or None) for name in names)


def _agreement(before: Body, after: Body) -> Iterator[Deed]:
    yield Deed(Act.ENTER)
    was, now = dict(before.get("snapshot") or {}), dict(after.get("snapshot") or {})
    if was:
        # That its file was made says nothing new.
        now["pdf_hash"] = was.get("pdf_hash", "")
    if was != now or _steps(before) != _steps(after) or _differ(before, after, "signed_on"):
        yield Deed(Act.SIGN)


def _steps(body: Body) -> list[Any]:
    """The copies that took a step; that there will be so many is said by the draft already."""
    return [one for one in body.get("copies") or () if one.get("steps")]


_DECISION_OF_ADJUSTMENT = (
    "state", "state_reason", "state_on", "approved_on", "approved_by", "effective_on", "opinions",
    "before", "number", "meeting", "meeting_item",
)


def _adjustment(before: Body, after: Body) -> Iterator[Deed]:
    yield Deed(Act.ENTER)
    states = {before.get("state", ""), after.get("state", "")} - {"", AdjustmentState.REQUESTED.value}
    if not states or not _differ(before, after, "state", "approved_on", "effective_on"):
        return
    approved = after.get("state") == AdjustmentState.APPROVED
    if approved and after.get("origin") != AdjustmentOrigin.ISSUER:
        yield Deed(Act.APPROVE, ("self", *_DECISION_OF_ADJUSTMENT))
    else:
        yield Deed(Act.APPROVE)


def _progress_report(before: Body, after: Body) -> Iterator[Deed]:
    kind = (after or before).get("kind")
    if kind not in (FigureKind.CERTIFIED, FigureKind.VERIFIED):
        yield Deed(Act.ENTER)
    elif after:
        own = ("beside", "progress_report", ("subject", "month"), (FigureKind.OWN, FigureKind.PROXY))
        yield Deed(Act.CERTIFY, own)
    else:
        yield Deed(Act.CERTIFY)


def _evidence(before: Body, after: Body) -> Iterator[Deed]:
    yield Deed(Act.ENTER)
    if after and _differ(before, after, "verdict") and (before or after.get("verdict") != Verdict.OPEN):
        yield Deed(Act.CERTIFY, ("self", "verdict", "verified_by", "verified_on", "note"))


def _given_score(before: Body, after: Body) -> Iterator[Deed]:
    kind = (after or before).get("kind")
    if kind not in (ScoreKind.REVIEWED, ScoreKind.FINAL):
        yield Deed(Act.ENTER)
    elif after:
        judged = (ScoreKind.SELF, ScoreKind.CERTIFIED)
        yield Deed(Act.SCORE, ("beside", "given_score", ("subject", "unit", "name"), judged))
    else:
        yield Deed(Act.SCORE)


def _objection(before: Body, after: Body) -> Iterator[Deed]:
    yield Deed(Act.ENTER)
    if _differ(before, after, "decision", "decided_on", "is_upheld"):
        yield Deed(Act.APPROVE)


def _scheme(before: Body, after: Body) -> Iterator[Deed]:
    yield Deed(Act.ENTER)
    was = [one for one in before.get("done") or () if one["step"] in _DECIDED_STEPS]
    now = [one for one in after.get("done") or () if one["step"] in _DECIDED_STEPS]
    if was != now:
        yield Deed(Act.APPROVE)


def act_of_docket(step: DocketAct) -> Act:
    """What a step of a docket amounts to."""
    return Act.APPROVE if step in _DOCKET_APPROVALS else Act.ENTER


def _docket(before: Body, after: Body) -> Iterator[Deed]:
    yield Deed(Act.ENTER)
    was = [one for one in before.get("steps") or () if one["act"] in _DOCKET_APPROVALS]
    now = [one for one in after.get("steps") or () if one["act"] in _DOCKET_APPROVALS]
    if was != now:
        yield Deed(Act.APPROVE)


def _case(before: Body, after: Body) -> Iterator[Deed]:
    yield Deed(Act.ENTER)
    if (_differ(before, after, "state") and {before.get("state"), after.get("state")} & _CASE_DECISIONS) or _differ(before, after, "effect"):
        yield Deed(Act.APPROVE)


def _year(before: Body, after: Body) -> Iterator[Deed]:
    # Whoever may begin a year may take its beginning back; a sealed one is not gone through that door.
    if not before or (not after and before.get("state") != YearState.CLOSED):
        yield Deed(Act.YEAR)
    elif before.get("state") != after.get("state"):
        yield Deed(Act.SEAL if after.get("state") == YearState.CLOSED else Act.UNSEAL)
    else:
        yield Deed(Act.SETTINGS)


def _reporting_rules(before: Body, after: Body) -> Iterator[Deed]:
    yield Deed(Act.SETTINGS if before and after else Act.YEAR)


def _number_series(before: Body, after: Body) -> Iterator[Deed]:
    # Each number that is given out moves the last one on.
    yield Deed(Act.SETTINGS if before and after and _differ(before, after, "pattern") else Act.ENTER)


def _hand_over(_before: Body, _after: Body) -> Iterator[Deed]:
    # Its package says which act it is.
    return iter(())


_SPECIAL = {
    "agreement": _agreement, "adjustment": _adjustment, "progress_report": _progress_report,
    "evidence": _evidence, "given_score": _given_score, "objection": _objection, "scheme": _scheme,
    "docket": _docket, "accountability_case": _case, "year": _year,
    "reporting_rules": _reporting_rules, "number_series": _number_series, "hand_over": _hand_over,
}
