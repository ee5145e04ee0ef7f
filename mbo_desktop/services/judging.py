"""What a package that was read and verified is found to be; each rule sees only what the one before let by."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mbo_desktop.domain import scope
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.exchange import Binding, BindingRole, EditionLine, PackageKind, PackageState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import YearState
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.domain.scope import Standing
from mbo_desktop.errors import ProgramError
from mbo_desktop.exchange import signing
from mbo_desktop.services import (
    bodies_checked,
    bound_offices,
    package_register,
    session,
    stream_checks,
)
from mbo_desktop.services.body_words import type_label
from mbo_desktop.services.filed_by_packages import AT_MONTH, OWN
from mbo_desktop.services.package_register import PackageRow
from mbo_desktop.services.received import Brief, InboxRow, OpenedPackage, RowState, mark
from mbo_desktop.store import receiving as store_receiving
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.portable import by_names
from mbo_desktop.store.queries.standing import subjects_of
from mbo_desktop.store.queries.units import known_units
from mbo_desktop.store.receiving import Difference, DifferenceState

Pair = tuple[EditionLine, Mapping[str, Any] | None]
_UNCHANGED = frozenset({DifferenceState.KNOWN, DifferenceState.OLDER})
_GONE = frozenset({DifferenceState.DELETED, DifferenceState.WITHHELD})
_COMING = frozenset({DifferenceState.NEW, DifferenceState.CHANGED, DifferenceState.BACK})
_MASS_FROM = 20
"""Fewer known records than this never make a mass change."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A row of the list with what is kept of comparing it."""

    row: InboxRow
    brief: Brief = field(default_factory=Brief)


@dataclass(slots=True)
class Judge:
    """Judges packages against the data as they stood when it was made."""

    store: Store
    own: str = ""
    own_key: str = ""
    bindings: dict[str, Binding] = field(default_factory=dict)
    registered: dict[str, str] = field(default_factory=dict)
    packages: dict[str, PackageRow] = field(default_factory=dict)
    sealed: frozenset[int] = frozenset()
    labels: dict[RecordId, str] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> Judge:
        """With everything read that packages are judged by."""
        from mbo_desktop.services.trust import own_card

        found = bound_offices.own_bindings(store)
        units = store.get_many(Unit, [one.unit for one in found if one.unit is not None])
        return cls(
            store, store.owner.hex, own_card(store).key, {one.office: one for one in found},
            bound_offices.registered_under(store),
            {one.package: one for one in package_register.packages(store)},
            frozenset(row.number for row in session.years(store) if row.state is YearState.CLOSED),
            {one.id: one.short_name or one.name for one in units.values()},
        )

    def judge(
        self, row: InboxRow, opened: OpenedPackage, understood: Sequence[Pair] | None = None
    ) -> Judged:
        """The row with its state, sentence and advice, and what taking it in would change.

        understood: the lines with their bodies, of a package that was read just now.
        """
        row = self._introduced(row, opened)
        if opened.manifest.kind is PackageKind.REPLICA:
            return Judged(self._replica(row, opened))
        lines = opened.lines if understood is None else tuple(line for line, _ in understood)
        refused = self._misdirected(row, opened) or self._untrusted(row, opened, lines)
        if refused is not None:
            return Judged(refused)
        known = self.packages.get(row.package)
        if known is not None and known.state is PackageState.APPLIED and not known.withdrawn:
            on = show_date(known.on) if known.on else "以前"
            return Judged(replace(
                row, state=RowState.REPEATED, sentence=f"已于{on}导入,无新内容。", advice="不用再导入。"
            ))
        row = replace(row, month=_month(lines))
        with self.store.read() as connection:
            found = store_receiving.compare(connection, lines)
        overstepped = self._overstepped(row, opened, _looked_into(lines, found, understood))
        if overstepped is not None:
            return Judged(overstepped)
        if row.year in self.sealed and row.kind is not PackageKind.RECEIPT:
            return Judged(replace(
                row, state=RowState.SEALED_YEAR, sentence=f"是{row.year}年度的数据,该年度已封存。",
                advice="已放入“待处理”,原样保留。确需导入的,请管理员解封该年度并写明理由,再从“待处理”读入,导入后重新封存。",
            ))
        judged = self._compared(row, opened, found, len(lines))
        told = stream_checks.went_back(self.packages.values(), opened.manifest, row.package)
        advice, was_withdrawn = stream_checks.ADVICE if told else "", known is not None and known.withdrawn
        if was_withdrawn:
            told, advice = "以前导入过,又撤回了。", "再导入就是取消撤回。"
        if not told:
            again = stream_checks.new_copy(self.packages.values(), opened.manifest)
            return replace(judged, row=replace(judged.row, sentence=f"{judged.row.sentence}{again}")) if again else judged
        row = judged.row
        return replace(judged, row=replace(
            row, sentence=f"{row.sentence}{told}", advice=f"{row.advice}{advice}", was_withdrawn=was_withdrawn))

    def _introduced(self, row: InboxRow, opened: OpenedPackage) -> InboxRow:
        manifest = opened.manifest
        card = manifest.sender
        bound = self.bindings.get(card.office)
        unit = None if bound is None else bound.unit
        down = manifest.kind is PackageKind.ISSUE
        return replace(
            row, office=card.office, office_name=card.name, unit=unit,
            unit_label=self.labels.get(unit, card.unit_name) if unit is not None else card.unit_name or card.name,
            kind=manifest.kind, year=manifest.year, seq=manifest.seq,
            package=package_register.identity(opened.manifest_text),
            fingerprint=signing.fingerprint(card.key), card=card,
            recipient_unit=manifest.recipient_unit if down else "",
        )

    def _replica(self, row: InboxRow, opened: OpenedPackage) -> InboxRow:
        manifest = opened.manifest
        if manifest.sender.office != self.own:
            return replace(
                row, state=RowState.NOT_FOR_US,
                sentence=f"是“{row.office_name}”内部两台电脑合并用的包,不能导入本机关。",
                advice="请对方改用“上报”或“下发”制包。",
            )
        if manifest.sender.key != self.own_key:
            return self._other_key(row, "本机关的密钥")
        if manifest.replica == self.store.replica.hex:
            return replace(
                row, state=RowState.NOT_FOR_US, sentence="是本机自己制出的合并包。", advice="请到另一台电脑上合并。"
            )
        known = self.packages.get(row.package)
        if known is not None and known.state is PackageState.APPLIED:
            on = show_date(known.on) if known.on else "以前"
            return replace(
                row, state=RowState.REPEATED, sentence=f"已于{on}合并,无新内容。", advice="不用再合并。"
            )
        return replace(
            row, state=RowState.REPLICA, sentence="是本机关另一台电脑的数据,可以合并。",
            advice="两边都改过的内容会逐条询问。",
        )

    def _misdirected(self, row: InboxRow, opened: OpenedPackage) -> InboxRow | None:
        manifest = opened.manifest
        named = manifest.recipient_name or "另一机关"
        if manifest.sender.office == self.own:
            return replace(
                row, state=RowState.NOT_FOR_US,
                sentence=f"是本机关制出的包(发给“{named}”,第{row.seq}包)。", advice="请送给对方。",
            )
        bound = self.bindings.get(manifest.sender.office)
        other_unit = bool(
            row.recipient_unit and bound is not None and bound.our_unit
            and row.recipient_unit not in bound.our_unit.split()
        )
        if (manifest.recipient and manifest.recipient != self.own) or (
            not manifest.recipient and other_unit
        ):
            return replace(
                row, state=RowState.NOT_FOR_US, sentence=f"是发给“{named}”的,不是发给本机关的。",
                advice="请退给送件人,换取发给本机关的一份。",
            )
        return None

    def _untrusted(
        self, row: InboxRow, opened: OpenedPackage, lines: Sequence[EditionLine]
    ) -> InboxRow | None:
        bound = self.bindings.get(row.office)
        if bound is None:
            role, unit = self._suggested(opened, lines)
            addressed = opened.manifest.recipient_name
            return replace(
                row, state=RowState.STRANGER,
                sentence=f"“{row.office_name}”还没有在本机关接收过"
                + (f"(包上写明发给“{addressed}”)。" if row.recipient_unit else "。"),
                advice="请与送件人当面核对指纹后接收,再导入。", suggested_unit=unit,
                suggested_role=role.value,
            )
        if bound.key != opened.manifest.sender.key:
            if opened.manifest.sender.key in bound.earlier_keys:
                return self._other_key(row, "已经停用的旧密钥")
            return self._other_key(row, "与登记不同的密钥")
        why = scope.wrong_direction(opened.manifest.kind, bound.role)
        if why:
            return replace(
                row, state=RowState.OUT_OF_SCOPE, sentence=why,
                advice="请核对对方在“往来机关”中的登记;登记无误的,请对方重新制包。",
            )
        return None

    def _other_key(self, row: InboxRow, what: str) -> InboxRow:
        return replace(
            row, state=RowState.OTHER_KEY,
            sentence=f"名义上来自“{row.office_name}”,但签名用的是{what},可能是伪造的。",
            advice="已隔离。请电话核实;对方确实换了密钥(重装、另建数据)的,当面核对指纹后重新接收并写明理由。",
        )

    def _suggested(
        self, opened: OpenedPackage, lines: Sequence[EditionLine]
    ) -> tuple[BindingRole, RecordId | None]:
        """What a stranger seems to be: by the targets it speaks of, else by its name."""
        if opened.manifest.kind is PackageKind.ISSUE:
            return BindingRole.SUPERIOR, None
        bodies = [
            json.loads(line.body) for line in lines[:500]
            if line.type in ("progress_report", "allocation") and line.body is not None
        ]
        wanted = [
            name for body in bodies if body.get("kind", FigureKind.OWN) == FigureKind.OWN
            for name in scope.references([body.get("subject"), body.get("target")])
            if name.startswith(self.own)
        ]
        units = {one for subject in subjects_of(self.store, wanted).values() for one in subject.units}
        found = by_names(self.store, sorted(units))
        if len(found) == 1:
            return BindingRole.SUBORDINATE, next(iter(found.values()))
        card = opened.manifest.sender
        for record, name, short, code in known_units(self.store):
            if card.unit_name in (name, short) or (card.code and card.code == code):
                return BindingRole.SUBORDINATE, record
        return BindingRole.SUBORDINATE, None

    def _overstepped(
        self, row: InboxRow, opened: OpenedPackage, pairs: Sequence[Pair]
    ) -> InboxRow | None:
        bound = self.bindings[row.office]
        standing = self._standing(bound, pairs)
        found = scope.breaches(opened.manifest.kind, standing, pairs)
        if found:
            more = f"等{len(found)}条" if len(found) > 1 else ""
            first = found[0]
            return replace(
                row, state=RowState.OUT_OF_SCOPE,
                sentence=f"其中有对方无权写的内容:{type_label(first.type_name)}{more}({first.why.rstrip('。')})。",
                advice="整包未导入,已隔离。请对方核对程序和操作后重新制包。",
            )
        wrong = bodies_checked.first_wrong(pairs, shaped=True)
        if wrong:
            return replace(
                row, state=RowState.DAMAGED, sentence=f"内容不合格式:{wrong}",
                advice="整包未导入,已隔离。请对方升级程序后重新制包。",
            )
        return None

    def _standing(self, bound: Binding, pairs: Sequence[Pair]) -> Standing:
        spoken = {
            str(name) for line, body in pairs if body is not None
            and line.type in ("progress_report", "evidence", "progress_problem", "given_score", "allocation")
            and (name := body.get("subject") or body.get("target"))
        }
        claimed = {
            str(body.get("office")) for line, body in pairs
            if line.type == "binding" and body is not None and not line.deleted
        }
        registered = {office for office, owner in self.registered.items() if owner == bound.office}
        elsewhere = {office for office, owner in self.registered.items() if owner != bound.office}
        return Standing(
            sender=bound.office, role=bound.role, own=self.own,
            units=bound_offices.unit_names(self.store, bound),
            registered=frozenset((registered | claimed) - elsewhere),
            subordinates=frozenset(
                one.office for one in self.bindings.values() if one.role is not BindingRole.SUPERIOR
            ),
            subjects=subjects_of(self.store, sorted(spoken)),
        )

    def _compared(
        self, row: InboxRow, opened: OpenedPackage, found: tuple[Difference, ...], lines: int
    ) -> Judged:
        changing = [one for one in found if one.state not in _UNCHANGED]
        forks = sum(one.state is DifferenceState.FORK for one in found)
        mass = _mass(found)
        row = replace(row, changes=len(changing), is_mass=bool(mass), mass_sentence=mass)
        brief = Brief(
            _months(changing), array("q", [mark(one.name) for one in changing]),
            lines == len(found) and all(one.state is DifferenceState.NEW for one in found),
        )
        if not changing and row.kind is not PackageKind.RECEIPT and row.package not in self.packages:
            return Judged(replace(
                row, state=RowState.OLDER, sentence="内容都已有,没有新内容。", advice="导入只登记收到和回执。"
            ), brief)
        gap = package_register.gap_before(
            self.packages.values(), row.office, opened.manifest.replica, row.seq
        )
        if forks:
            return Judged(replace(
                row, state=RowState.FORK,
                sentence=f"有{forks}条内容与以前收到的互不知晓(对方两台电脑各改了一版,或恢复过备份),导入后暂按其中一版,标为未定。",
                advice="对方有两台电脑的,请它合并后再报。恢复过备份的,给它发一个包(下发或回执),它导入后再报一次,就定下来了。",
            ), brief)
        if gap:
            return Judged(replace(
                row, state=RowState.GAP, sentence=f"{gap},不影响数据。", advice="每包都带全部数据,直接导入即可。"
            ), brief)
        return Judged(replace(row, state=RowState.NEW, sentence=news(len(changing))), brief)


def news(changes: int) -> str:
    """What a package brings, in a sentence."""
    return f"有{changes}条新内容。" if changes else "带有回执,没有其他内容。"


def refusal(row: InboxRow, error: ProgramError, state: RowState) -> InboxRow:
    """The row of a file that could not be read."""
    def named(text: str) -> str:
        # The copy in the inbox is named by its content; the clerk knows the file by its own name.
        return text.replace(row.path.name, row.name)

    aloud = getattr(error, "aloud", "")
    return replace(row, state=state, sentence=named(error.what), advice=named(aloud or error.todo))


def _mass(found: Sequence[Difference]) -> str:
    """「将删除60条(40 %)」 where more than 30 % of the known go or more than 50 % change; else ""."""
    known = [one for one in found if one.state is not DifferenceState.NEW]
    if len(known) < _MASS_FROM:
        return ""
    gone = sum(one.state in _GONE for one in known)
    changed = sum(one.state is DifferenceState.CHANGED for one in known)
    if gone * 10 > len(known) * 3:
        return f"将删除已有{len(known)}条中的{gone}条,请向对方核实后再确认。"
    if changed * 2 > len(known):
        return f"将修改已有{len(known)}条中的{changed}条,请向对方核实后再确认。"
    return ""


def _looked_into(
    lines: Sequence[EditionLine], found: Sequence[Difference], understood: Sequence[Pair] | None
) -> Sequence[Pair]:
    """Every line, with its body where it is not held here already: that was looked into when it came."""
    several = Counter(line.name for line in lines)
    held = {
        one.name for one in found if one.state is DifferenceState.KNOWN and several[one.name] == 1
    }
    if understood is not None:
        return [(line, None) if line.name in held else (line, body) for line, body in understood]
    return [
        (line, None if line.body is None or line.name in held else json.loads(line.body)) for line in lines
    ]


def _months(changing: Sequence[Difference]) -> frozenset[int]:
    """The months of which own figures come."""
    return frozenset(
        int(found[1]) for one in changing
        if one.type == "progress_report" and one.after_text and OWN in one.after_text
        and one.state in _COMING and (found := AT_MONTH.search(one.after_text))
    )


def _month(lines: Sequence[EditionLine]) -> int:
    """The last month reported on; read off the canonical text, which is quicker than reading it."""
    return max((
        int(found[1]) for line in lines
        if line.type == "progress_report" and line.body is not None and not line.deleted
        and (found := AT_MONTH.search(line.body))
    ), default=0)
