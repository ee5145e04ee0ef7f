"""The list of 发件: who can be sent what, with its ticks."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop.domain.exchange import BindingRole
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.issued import Recipient
from ui.grids.columns import Cell, Column, Edit, Kind, Light, Row, Tone
from ui.grids.source import Refused
from ui.grids.ticks import NumberedSource


class SendingSource(NumberedSource):
    """Recipients by place from 1; nothing to send cannot be ticked."""

    columns = (
        Column("take", "发", Kind.CHECK, width=38, editable=True, sortable=False, filterable=False),
        Column("name", "接收单位", width=158, sortable=False, filterable=False),
        Column("role", "关系", width=58, sortable=False, filterable=False),
        Column("members", "内容", Kind.NUMBER, unit="条", width=70, sortable=False, filterable=False),
        Column("out", "不发", Kind.NUMBER, unit="类", width=70, sortable=False, filterable=False),
        Column("last", "上次发出", width=94, sortable=False, filterable=False),
        Column("seq", "上次包号", width=76, sortable=False, filterable=False),
        Column("receipt", "回执", width=134, sortable=False, filterable=False),
        Column("known", "机关", width=128, sortable=False, filterable=False),
    )

    def __init__(self, found: Sequence[Recipient], ticked: frozenset[RecordId]) -> None:
        super().__init__()
        self.found = tuple(found)
        self.ticked = {one.key for one in found if one.key in ticked and one.members}
        self.numbers = range(1, len(self.found) + 1)

    def recipient(self, number: int) -> Recipient | None:
        """Who stands in a row."""
        return self.found[number - 1] if 0 < number <= len(self.found) else None

    def words(self, number: int) -> str:
        """By name."""
        return self.found[number - 1].name

    def row(self, number: int) -> Row:
        """One recipient."""
        one = self.found[number - 1]
        receipt = ("", None)
        if one.last is not None:
            receipt = ((f"{one.received:%Y-%m-%d} 已收", Light.GREEN) if one.received is not None
                       else ("还没有回执", Light.GREY))
        known = "" if one.office else "没有来往过"
        return Row(number, {
            "take": Cell(value=one.key in self.ticked, editable=bool(one.members)), "name": Cell(one.name, note=one.name),
            "role": one.role.label, "members": f"{one.members:,}" if one.members else "",
            "out": Cell(str(len(one.left_out)) if one.left_out else "", note="\n".join(one.left_out)),
            "last": f"{one.last:%Y-%m-%d}" if one.last is not None else "",
            "seq": f"第{one.last_seq}包" if one.last_seq else "",
            "receipt": Cell(receipt[0], light=receipt[1]),
            "known": Cell(known or "已绑定", tone=Tone.MUTED, note=known),
        })

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Tick recipients."""
        refused: dict[tuple[int, str], str] = {}
        for edit in edits:
            one = self.found[edit.row - 1]
            if not one.members:
                refused[edit.row, edit.key] = "没有可以发的内容。"
            elif edit.value:
                self.ticked.add(one.key)
            else:
                self.ticked.discard(one.key)
        return refused or None

    def tick_all(self, ticked: bool, role: BindingRole | None = None) -> None:
        """All with something to send, or none of them."""
        keys = {one.key for one in self.found if one.members and (role is None or one.role is role)}
        self.ticked = self.ticked | keys if ticked else self.ticked - keys
