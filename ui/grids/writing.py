"""Typed and pasted blocks on their way into a table's source; what could not be read is kept."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mbo_desktop.errors import InputError, ProgramError, StorageError
from ui.grids.clipboard import Block
from ui.grids.columns import Edit, Kind
from ui.grids.reading import read_cell

if TYPE_CHECKING:
    from ui.grids.model import GridModel, Index

log = logging.getLogger("mbo.ui.grid")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a block of typed or pasted cells; anything not written is counted."""

    written: int = 0
    unreadable: int = 0
    read_only: int = 0
    beyond: int = 0
    added_rows: int = 0

    def sentence(self) -> str:
        """What to say about it; "" when all went in."""
        parts = []
        if self.unreadable:
            parts.append(f"{self.unreadable} 格无法识别,已保留原文并标红")
        if self.read_only:
            parts.append(f"{self.read_only} 格不可修改,未写入")
        if self.beyond:
            parts.append(f"{self.beyond} 格超出表格范围,未写入")
        if not parts:
            return ""
        return f"已写入 {self.written} 格;" + ";".join(parts) + "。"


class CellWriting:
    """The writing half of `GridModel`."""

    def write_texts(self: GridModel, cells: Sequence[tuple[int, int, str]], label: str) -> Outcome:
        """Read and save many (row, column, typed text) as one step; says what was left out."""
        edits, kept, read_only = self._read_block(cells)
        if edits and not self._save(edits, kept, label):
            return Outcome(read_only=read_only, unreadable=len(kept))
        self._keep(edits, kept)
        outcome = Outcome(
            written=len(edits) - sum((edit.row, edit.key) in kept for edit in edits),
            unreadable=len(kept),
            read_only=read_only,
        )
        self.wrote.emit(outcome)
        return outcome

    def _read_block(
        self: GridModel, cells: Sequence[tuple[int, int, str]]
    ) -> tuple[list[Edit], dict[tuple[int, str], tuple[str, str]], int]:
        """What the texts are read as, those that cannot be read, and how many are read-only."""
        edits: list[Edit] = []
        kept: dict[tuple[int, str], tuple[str, str]] = {}
        read_only = 0
        for place, section, text in cells:
            column = self.columns[section]
            if not self.is_editable(self.index(place, section)):
                read_only += 1
                continue
            try:
                value = read_cell(column, text)
            except InputError as error:
                kept[self._ids[place], column.key] = (text, f"{error.what}{error.todo}")
                continue
            edits.append(Edit(self._ids[place], column.key, text, value))
        return edits, kept, read_only

    def is_unsaved(self: GridModel, index: Index) -> bool:
        """Whether a cell holds what the disk did not take."""
        return (self._ids[index.row()], self.columns[index.column()].key) in self._unsaved

    def _save(
        self: GridModel, edits: list[Edit], kept: dict[tuple[int, str], tuple[str, str]], label: str
    ) -> bool:
        try:
            refused = self.source.write(edits, label)
        except ProgramError as error:
            log.info("write refused: %s", type(error).__name__)
            if isinstance(error, StorageError):
                # What was typed is not lost with a full disk: it stays in its cells, marked.
                self._keep([], {(edit.row, edit.key): (edit.text, f"{error.what}{error.todo}") for edit in edits})
                self._unsaved.update((edit.row, edit.key) for edit in edits)
            self.failed.emit(error)
            return False
        if refused:
            texts = {(edit.row, edit.key): edit.text for edit in edits}
            kept.update({place: (texts.get(place, ""), why) for place, why in refused.items()})
        return True

    def _keep(self: GridModel, edits: list[Edit], kept: dict[tuple[int, str], tuple[str, str]]) -> None:
        for edit in edits:
            self._kept.pop((edit.row, edit.key), None)
            self._unsaved.discard((edit.row, edit.key))
        self._kept.update(kept)
        self.refresh({edit.row for edit in edits} | {row for row, _ in kept})
        for row_id, key in kept:
            self.marked.emit(self.row_of(row_id), self.column_of(key))

    def paste(self: GridModel, block: Block, at: tuple[int, int], sections: Sequence[int]) -> Outcome:
        """Write a block with its corner at (row, column) as one step.

        sections: the visible columns in visible order; rows below the last become new ones
        when the source can append.
        """
        start = list(sections).index(at[1])
        targets = list(sections)[start:]
        cells: list[tuple[int, int, str]] = []
        beyond = 0
        surplus: list[list[str]] = []
        for offset, texts in enumerate(block):
            place = at[0] + offset
            beyond += max(0, len(texts) - len(targets))
            if place >= len(self._ids):
                surplus.append(texts[: len(targets)])
                continue
            cells += [(place, s, t) for s, t in zip(targets, texts, strict=False)]
        label = self.tr("粘贴 {} 格").format(len(cells) + sum(map(len, surplus)))
        if surplus and not self.read_only and hasattr(self.source, "write_and_append"):
            return self._paste_together(cells, surplus, targets, label, beyond)
        appender = getattr(self.source, "append", None)
        if surplus and (appender is None or self.read_only):
            beyond += sum(map(len, surplus))
            surplus = []
        outcome = self.write_texts(cells, label) if cells else Outcome()
        added = self._append(surplus, targets, label) if surplus else 0
        whole = Outcome(
            outcome.written, outcome.unreadable, outcome.read_only, beyond, added
        )
        if beyond:
            self.wrote.emit(whole)
        return whole

    def _paste_together(
        self: GridModel, cells: Sequence[tuple[int, int, str]], surplus: Sequence[Sequence[str]],
        sections: Sequence[int], label: str, beyond: int,
    ) -> Outcome:
        """Cells and rows below the last one in one step, where the source can."""
        edits, kept, read_only = self._read_block(cells)
        keys = [self.columns[section].key for section in sections]
        try:
            refused, added = self.source.write_and_append(edits, keys, surplus, label)  # type: ignore[attr-defined]
        except ProgramError as error:
            self.failed.emit(error)
            return Outcome(beyond=beyond)
        if refused:
            texts = {(edit.row, edit.key): edit.text for edit in edits}
            kept.update({place: (texts.get(place, ""), why) for place, why in refused.items()})
        self._keep(edits, kept)
        self.refresh()
        beyond += sum(map(len, surplus[added:]))
        outcome = Outcome(len(edits), len(kept), read_only, beyond, added)
        self.wrote.emit(outcome)
        return outcome

    def _append(self: GridModel, texts: list[list[str]], sections: Sequence[int], label: str) -> int:
        """Make new rows; what cannot be read is kept and marked in the row that was made."""
        rows: list[dict[str, object]] = []
        unread: list[tuple[int, str, str, str]] = []
        for number, line in enumerate(texts):
            values: dict[str, object] = {}
            for section, text in zip(sections, line, strict=False):
                column = self.columns[section]
                try:
                    values[column.key] = read_cell(column, text)
                except InputError as error:
                    unread.append((number, column.key, text, f"{error.what}{error.todo}"))
            rows.append(values)
        try:
            made = self.source.append(rows, label)  # type: ignore[attr-defined]
        except ProgramError as error:
            self.failed.emit(error)
            return 0
        for number, key, text, why in unread:
            self._kept[made[number], key] = (text, why)
        self.refresh()
        return len(rows)

    def toggle(self: GridModel, index: Index) -> bool:
        """Tick or untick a CHECK cell; False when it is not one or may not be changed."""
        column = self.columns[index.column()]
        if column.kind is not Kind.CHECK or not self.is_editable(index):
            return False
        return self.setData(index, "否" if self.cell(index).value else "是")
