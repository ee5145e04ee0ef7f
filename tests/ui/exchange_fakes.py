"""What the services of the exchange answer, made up: the room is tested apart from files and signatures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mbo_desktop.domain.exchange import BindingRole, HandOverWay, OfficeCard, PackageKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import exchange_state, inbox, issuing, receiving, replies, trust
from mbo_desktop.services.exchange_state import ForkRow, GapRow, Pending, Side
from mbo_desktop.services.inbox import QuarantinedFile
from mbo_desktop.services.issued import Contents, ContentsRow, IssuedFile, Recipient, RegisterRow
from mbo_desktop.services.package_gaps import Gap
from mbo_desktop.services.received import (
    QUARANTINED,
    FieldChange,
    Inbox,
    InboxRow,
    Received,
    RowState,
)
from mbo_desktop.services.trust import BindingRow

PRINT = "3F2A 91BC 77D0 1E42 8A19 C0DE 55E1 02B7 4C4C 9D3A E0F1 7788 1234 ABCD 0F0F 6E6E"


def row(name: str, state: RowState, **facts: Any) -> InboxRow:
    """A file as the inbox judges it."""
    usual: dict[str, Any] = {
        "office_name": "柯城区目标办", "unit_label": "柯城区", "kind": PackageKind.REPORT, "year": 2020,
        "month": 6, "seq": 3, "package": "ab" * 32, "fingerprint": PRINT, "changes": 12,
    }
    folder = Path("/data/inbox/quarantine" if state in QUARANTINED else "/stick")
    return InboxRow(folder / name, name, state, f"{state.label}的一句话。", "照此办理。", **{**usual, **facts})


ROWS = (
    row("good.zrb", RowState.NEW),
    row("gap.zrb", RowState.GAP, unit_label="龙游县", office_name="龙游县目标办", package="ac" * 32),
    row("double.zrb", RowState.REPEATED, changes=0),
    row("stranger.zrb", RowState.STRANGER, unit_label="", office_name="江山市目标办", package="ad" * 32),
    row("forged.zrb", RowState.DAMAGED, unit_label="", office_name="", kind=None, year=0, month=0, seq=0, package=""),
    row("fork.zrb", RowState.FORK, package="ae" * 32, is_mass=True, mass_sentence="将删除 40% 的内容。"),
    row("locked.zrb", RowState.PASSWORD, package=""),
    row("replica.zrb", RowState.REPLICA, package="af" * 32),
)


class FakeServices:
    """Takes the place of the services; what was asked stands in `asked`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.rows: tuple[InboxRow, ...] = ROWS
        self.forks: tuple[ForkRow, ...] = ()
        self.recipients: tuple[Recipient, ...] = ()
        self.register: tuple[RegisterRow, ...] = ()
        self.bindings: tuple[BindingRow, ...] = ()
        for module, name in (
            (inbox, "take"), (inbox, "judge_again"), (inbox, "quarantined"), (inbox, "discard_quarantined"),
            (receiving, "preview"), (receiving, "apply"), (receiving, "withdraw"), (receiving, "take_back"),
            (receiving, "missing"), (issuing, "recipients"), (issuing, "preview"), (issuing, "issue"),
            (issuing, "register"), (issuing, "write_again"), (issuing, "hand_over"), (trust, "accept"),
            (trust, "own_card"), (trust, "fingerprint"), (trust, "bindings"), (exchange_state, "pending"),
            (exchange_state, "settle_fork"), (replies, "replies"),
        ):
            monkeypatch.setattr(module, name, getattr(self, f"{module.__name__.rpartition('.')[2]}_{name}"))

    # inbox, receiving -----------------------------------------------------------

    def inbox_take(self, store: Any, paths: Any, *, passwords: Any = None, **_rest: Any) -> Inbox:
        self.asked.append(("take", tuple(paths), dict(passwords or {})))
        return Inbox(self.rows, (None,) * len(self.rows), change_count=store.change_count)

    def inbox_judge_again(self, store: Any, found: Inbox) -> Inbox:
        self.asked.append(("judge_again",))
        return replace(found, rows=self.rows, change_count=store.change_count)

    def inbox_quarantined(self, _store: Any) -> tuple[QuarantinedFile, ...]:
        return (QuarantinedFile(Path("/data/隔离区/forged.zrb"), "forged.zrb", date(2020, 6, 3), "签名不对,请重新制作。"),)

    def inbox_discard_quarantined(self, _store: Any, path: Path) -> None:
        self.asked.append(("discard", path))

    def receiving_preview(self, _store: Any, found: Inbox, chosen: Any) -> tuple[FieldChange, ...]:
        return tuple(
            FieldChange(place, "a/b", found.rows[place].unit_label, "进度", "工业投资", "累计", "12", "30", "修改", 6)
            for place in chosen
        )

    def receiving_apply(self, _store: Any, _found: Inbox, chosen: Any, *, mass_confirmed: bool = False, **_rest: Any) -> Received:
        self.asked.append(("apply", tuple(chosen), mass_confirmed))
        return Received(f"已导入{len(chosen)}个数据包。", len(chosen), 24, ())

    def receiving_withdraw(self, _store: Any, package: str, reason: str) -> int:
        self.asked.append(("withdraw", package, reason))
        return 12

    def receiving_take_back(self, _store: Any, package: str) -> int:
        self.asked.append(("take_back", package))
        return 12

    def receiving_missing(self, _store: Any, _year: int, _month: int) -> tuple[tuple[RecordId, str], ...]:
        return ((RecordId(900_001), "开化县"),)

    # issuing --------------------------------------------------------------------

    def issuing_recipients(self, _store: Any, _year: int, kind: PackageKind) -> tuple[Recipient, ...]:
        return self.recipients if kind is PackageKind.ISSUE else ()

    def issuing_preview(self, _store: Any, key: RecordId, _kind: Any, _year: int) -> Contents:
        one = next(one for one in self.recipients if one.key == key)
        return Contents(one, (ContentsRow("target", "目标", 20, 3, 1, 2),), one.left_out, 1, 320_000)

    def issuing_issue(self, _store: Any, keys: Any, kind: Any, year: int, folder: Path, **facts: Any) -> tuple[IssuedFile, ...]:
        facts.pop("progress")
        facts.pop("cancelled")
        self.asked.append(("issue", tuple(keys), kind, year, folder, facts))
        return tuple(IssuedFile(folder / f"{key}.zrb", "aa" * 32, 4, key, f"单位{key}") for key in keys)

    def issuing_register(self, _store: Any, _year: int | None = None) -> tuple[RegisterRow, ...]:
        return self.register

    def issuing_write_again(self, _store: Any, package: str, folder: Path, *, password: str = "") -> Path:
        self.asked.append(("write_again", package, folder))
        return folder / "again.zrb"

    def issuing_hand_over(self, _store: Any, package: str, **facts: Any) -> None:
        self.asked.append(("hand_over", package, facts))

    # trust ----------------------------------------------------------------------

    def trust_accept(self, _store: Any, found: InboxRow, unit: RecordId | None, *, role: BindingRole, reason: str = "") -> RecordId:
        if found.state is RowState.OTHER_KEY and not reason:
            raise InputError("没有写理由。", "请写明。")
        self.asked.append(("accept", found.name, unit, role, reason))
        self.rows = tuple(replace(one, state=RowState.NEW) if one.name == found.name else one for one in self.rows)
        return RecordId(5)

    def trust_own_card(self, _store: Any) -> OfficeCard:
        return OfficeCard("11" * 16, "示例市目标办", "", "22" * 32, "", "示例市")

    def trust_fingerprint(self, _key: str) -> str:
        return PRINT

    def trust_bindings(self, _store: Any) -> tuple[BindingRow, ...]:
        return self.bindings

    # state ----------------------------------------------------------------------

    def exchange_state_pending(self, _store: Any) -> Pending:
        lost = Gap(("aa" * 16, "ab" * 16), 2, 2, ((PackageKind.REPORT, 2020),))
        return Pending(self.forks, (), (), (), 1, (GapRow("aa" * 16, "龙游县目标办", lost.sentence, lost),), 0)

    def exchange_state_settle_fork(self, _store: Any, record: RecordId, edition: str) -> None:
        self.asked.append(("settle", record, edition))
        self.forks = ()

    def replies_replies(self, _store: Any, _year: int, *, only_open: bool = False) -> tuple[Any, ...]:
        return ()


def fork(*, is_own: bool) -> ForkRow:
    """A record with two versions."""
    sides = (
        Side("e1" * 32, (("目标值", "30"), ("单位", "柯城区")), True),
        Side("e2" * 32, (("目标值", "35"), ("单位", "柯城区")), False),
    )
    return ForkRow(RecordId(7), "target", "目标", "工业投资", "龙游县目标办", is_own, sides)


def register_row(**facts: Any) -> RegisterRow:
    """A package of the register."""
    usual: dict[str, Any] = {
        "package": "ab" * 32, "way": HandOverWay.OUT, "office": "柯城区目标办", "kind": PackageKind.ISSUE,
        "year": 2020, "seq": 3, "on": date(2020, 6, 2), "by": "王敏", "carrier": "", "medium": "",
        "cleared": True, "file": "下发-柯城区.zrb", "state": "已制出", "receipt_on": None, "note": "",
        "can_withdraw": False, "can_take_back": False,
    }
    return RegisterRow(**{**usual, **facts})
