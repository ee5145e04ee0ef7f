"""Cells of the item list typed or pasted as a block, one undo step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.registers import Source, SourceItem
from mbo_desktop.errors import InputError
from mbo_desktop.services import sealing
from mbo_desktop.store.database import Store


class ItemField(Choice):
    """A field of an item that a cell edits as text."""

    LABEL = "label", "序号"
    TEXT = "text", "内容"
    LEAD = "lead", "牵头单位"
    DUE = "due", "时限"
    NOTE = "note", "备注"


@dataclass(frozen=True, slots=True)
class ItemEdit:
    """One cell and the text that is to stand in it."""

    item: RecordId
    field: ItemField
    text: str


def apply_item_edits(store: Store, edits: Sequence[ItemEdit]) -> None:
    """All cells as one step; InputError for an emptied content, NotAllowedError in a sealed year."""
    label = f"修改{edits[0].field.label}" if len(edits) == 1 else f"修改条目 {len(edits)} 格"
    with store.change(label) as change:
        after: dict[RecordId, SourceItem] = {}
        for edit in edits:
            old = after.get(edit.item) or change.get(SourceItem, edit.item)
            text = edit.text.strip()
            if edit.field is ItemField.TEXT and not text:
                raise InputError("条目内容没有填写。", "请填写条目内容;不需要的条目可以删除。")
            changed: dict[str, Any] = {edit.field.value: text}
            after[edit.item] = replace(old, **changed)
        for year in {change.get(Source, one.source).year for one in after.values()}:
            sealing.refuse_sealed(store, year)
        change.put_all(list(after.values()))


def set_headings(store: Store, items: Sequence[RecordId], *, is_heading: bool) -> None:
    """Mark items as headings (no target is asked for) or as items again, one step."""
    with store.change("标为标题" if is_heading else "标为条目") as change:
        found = [change.get(SourceItem, record) for record in items]
        for year in {change.get(Source, one.source).year for one in found}:
            sealing.refuse_sealed(store, year)
        change.put_all([replace(one, is_heading=is_heading) for one in found])
