"""The tree of units: its columns, what its cells write, and its keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole, UnitKind
from mbo_desktop.errors import InputError
from mbo_desktop.services import office_words, offices, unit_table
from mbo_desktop.services.unit_table import FieldEdit
from mbo_desktop.store.database import Store
from ui.grids.clipboard import from_mime
from ui.grids.columns import Cell, Column, Edit, Kind, Option, Tone
from ui.grids.source import Refused, matches
from ui.grids.tree_model import TreeModel, TreeRow
from ui.grids.tree_view import TreeView
from ui.later import later
from ui.theme import scaled

Question = tuple[int, str, str]
"""unit, field ("name", "principal", "liaison") and the new text: a change that may be a correction."""


def kind_options(store: Store, typed: str) -> Sequence[Option]:
    """Kinds of units for a picker, in the office's words; those of other levels are understood."""
    named = office_words.kind_named(typed) if typed else None
    if named is not None:
        return [Option(named, office_words.kind(store, named))]
    words = [(kind, office_words.kind(store, kind)) for kind in UnitKind]
    return [Option(kind, word) for kind, word in words if not typed or matches(typed, word)]


def unit_columns(store: Store) -> tuple[Column, ...]:
    """The columns of the tree."""
    return (
        Column("name", "名称", width=226, editable=True, hint="F2 改名"),
        Column("short_name", "简称", width=104, editable=True),
        Column("kind", "类别", Kind.CHOICE, width=96, editable=True,
               lookup=lambda typed: kind_options(store, typed)),
        Column("peer_group", "考核分组", width=92, editable=True),
        Column("code", "代码", width=64, editable=True),
        Column("principal", "第一责任人", width=86, editable=True),
        Column("liaison", "联络员", width=72, editable=True),
    )


class UnitSource:
    """Units as nodes; what needs a question (rename or correction?) is kept in `questions`."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.columns = unit_columns(store)
        self.with_dissolved = False
        self.fresh: set[int] = set()
        """Units just added whose name is still to be typed."""
        self.questions: list[Question] = []

    def child_ids(self, parent: int) -> Sequence[int]:
        """Units below one in official order."""
        found = offices.children_of(
            self.store, RecordId(parent) if parent else None,
            with_dissolved=self.with_dissolved, limit=100_000,
        )
        return [row.id for row in found]

    def rows(self, ids: Sequence[int]) -> Mapping[int, TreeRow]:
        """Rows with who is responsible today."""
        units = [RecordId(number) for number in ids]
        liaisons = unit_table.role_holders(self.store, units, PostRole.LIAISON)
        return {
            row.id: TreeRow(row.id, self._cells(row, liaisons), child_count=row.child_count,
                            bold=row.depth == 0,
                            tone=Tone.MUTED if row.dissolved_on else Tone.PLAIN)
            for row in offices.unit_rows(self.store, units)
        }

    def _cells(
        self, row: offices.UnitRow, liaisons: Mapping[RecordId, tuple[str, str]]
    ) -> dict[str, Cell | str]:
        liaison = liaisons.get(row.id, ("", ""))
        gone = f"(已撤并 {row.dissolved_on.isoformat()})" if row.dissolved_on else ""
        own_group = row.peer_group == row.kind.label
        return {
            "name": Cell(
                f"{row.name}{gone}", edit_text="" if row.id in self.fresh else row.name,
                note=row.name,
            ),
            "short_name": Cell(
                row.short_name, tone=Tone.MUTED if row.short_name == row.name else Tone.PLAIN
            ),
            "kind": Cell(office_words.kind(self.store, row.kind), value=row.kind),
            "peer_group": Cell(office_words.group(self.store, row.peer_group), tone=Tone.MUTED if own_group else Tone.PLAIN),
            "code": row.code,
            "principal": Cell(row.principal, note=row.principal_title),
            "liaison": Cell(liaison[0], note=liaison[1]),
        }

    # Writing ------------------------------------------------------------------

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Save cells; names and holders that were there before become questions."""
        refused: dict[tuple[int, str], str] = {}
        plain: list[FieldEdit] = []
        rows = {row.id: row for row in offices.unit_rows(
            self.store, [RecordId(edit.row) for edit in edits]
        )}
        for edit in edits:
            text = "" if edit.value is None else str(edit.value).strip()
            if edit.key == "name":
                reason = self._name(edit.row, text)
                if reason:
                    refused[edit.row, "name"] = reason
            elif edit.key in ("principal", "liaison") and text and self._held(rows, edit):
                self.questions.append((edit.row, edit.key, text))
            else:
                plain.append(FieldEdit(RecordId(edit.row), edit.key, edit.value))
        if plain:
            refused.update(unit_table.write_units(self.store, plain, label))
        return refused

    def _name(self, unit: int, text: str) -> str:
        """Name a fresh unit or ask about another; the reason when it cannot be taken."""
        if not text:
            return "单位名称不能为空。"
        if unit not in self.fresh:
            self.questions.append((unit, "name", text))
            return ""
        try:
            unit_table.name_blank_unit(self.store, RecordId(unit), text)
        except InputError as error:
            return f"{error.what}{error.todo}"
        self.fresh.discard(unit)
        return ""

    def _held(self, rows: Mapping[RecordId, offices.UnitRow], edit: Edit) -> bool:
        unit = RecordId(edit.row)
        if edit.key == "principal":
            return bool(rows[unit].principal)
        return bool(unit_table.role_holders(self.store, [unit], PostRole.LIAISON).get(unit, ("",))[0])

    def take_questions(self) -> list[Question]:
        """What is to be asked now; it is forgotten here."""
        asked, self.questions = self.questions, []
        return asked

    # Structure ----------------------------------------------------------------

    def add(self, parent: int, after: int | None) -> int:
        """A unit without a real name, behind a sibling."""
        superior = RecordId(parent) if parent else None
        siblings = list(self.child_ids(parent)) if after else []
        place = siblings.index(after) + 1 if after in siblings else len(siblings)
        before = RecordId(siblings[place]) if place < len(siblings) else None
        made = unit_table.add_blank_unit(self.store, superior=superior, before=before)
        self.fresh.add(made)
        return made

    def move(self, ids: Sequence[int], parent: int, before: int | None) -> None:
        """Put units elsewhere; there is only one top, the own government."""
        superior = RecordId(parent) if parent else offices.root_unit(self.store)
        unit_table.move_units(
            self.store, [RecordId(number) for number in ids], superior=superior,
            before=RecordId(before) if before and parent else None,
        )

    def remove(self, ids: Sequence[int]) -> None:
        """Delete units with what stands below."""
        unit_table.delete_units(self.store, [RecordId(number) for number in ids])

    def describe_removal(self, ids: Sequence[int]) -> str:
        """The question before."""
        return unit_table.removal_question(self.store, [RecordId(number) for number in ids])


class UnitTree(TreeView):
    """The tree of units; pasting on a name takes a list of units in."""

    list_pasted = Signal(str)
    """Text of several lines pasted on a name."""
    asked = Signal(object)
    """Questions about renames and changes of holders."""

    def __init__(self, source: UnitSource, parent: QWidget | None = None) -> None:
        self._remembered = False
        super().__init__(TreeModel(source), parent)
        self.source = source
        self.header_row.setStretchLastSection(True)
        self.tree.wrote.connect(self._on_wrote)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Spare room goes to the columns with long texts, until widths were chosen by hand."""
        super().resizeEvent(event)
        spare = self.viewport().width() - sum(scaled(c.width) for c in self.tree.columns)
        if self._remembered or spare <= 0:
            return
        for key, share in (("name", 0.5), ("short_name", 0.15), ("peer_group", 0.15)):
            section = next(n for n, c in enumerate(self.tree.columns) if c.key == key)
            self.setColumnWidth(section, round(scaled(self.tree.columns[section].width) + spare * share))

    def restore_state(self, state: Mapping[str, object]) -> None:
        """Take up widths and open branches."""
        self._remembered = bool(state.get("widths"))
        super().restore_state(state)

    def _on_wrote(self, _outcome: object) -> None:
        # A turn later: the cell's editor is still closing.
        if self.source.questions:
            later(self, self._ask)

    def _ask(self) -> None:
        questions = self.source.take_questions()
        if questions:
            self.asked.emit(questions)

    def add_sibling(self) -> None:
        """Behind the current unit; the top has no siblings, so below it."""
        if len(self.tree.path(self.current_id())) <= 1:
            self.add_child()
        else:
            super().add_sibling()

    def add_child(self) -> None:
        """Below the current unit, or below the top."""
        if not self.current_id():
            root = offices.root_unit(self.source.store)
            if root is None or not self.show_record([root]):
                return
        super().add_child()

    def paste(self) -> None:
        """A list on a name makes units, a block elsewhere fills cells."""
        text = QGuiApplication.clipboard().text()
        on_name = self.currentIndex().column() <= 0
        if on_name and len(from_mime(QGuiApplication.clipboard().mimeData())) > 1:
            if not self.tree.read_only:
                self.list_pasted.emit(text)
            return
        super().paste()

