"""Rounds side by side: a line per cell, a column per round, who said what and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rounds import ProposalState
from mbo_desktop.services import round_blocks, round_talks, rounds
from mbo_desktop.services.round_blocks import ProposedText
from mbo_desktop.services.round_talks import CellTalk, ProposedValue, TalkState
from mbo_desktop.services.rounds import RoundRow
from ui.grids.columns import Cell, Column, Edit, GridQuery, Kind, Light, Row, Tone
from ui.grids.source import ListSource, Refused
from ui.pages.planning_sources import as_typed
from ui.workspace import Workspace

Place = tuple[RecordId, RecordId]
"""Indicator and unit."""

_LIGHTS = {
    TalkState.NONE: Light.GREY, TalkState.OPEN: Light.AMBER, TalkState.AGREED: Light.GREEN,
    TalkState.SIGNED: Light.GREEN,
}


class TalkSource(ListSource):
    """The cells of the chosen unit, or all that any round speaks of; round columns take typing.

    Only the rows that are shown are read: a year may have thousands of cells. A filter or
    another order needs them all.
    """

    def __init__(self, workspace: Workspace, rows: Sequence[RoundRow]) -> None:
        super().__init__(_columns(rows), self._load_all, self._propose)
        self._workspace = workspace
        self.rounds = tuple(rows)
        self.unit: RecordId | None = None
        self.only_open = False
        self.by = ""
        """Who proposes what is typed; "" is the operator."""
        self.kept: tuple[tuple[int, str], ...] = ()
        """Cells of the last write in which words stand where a number is asked for."""
        self._numbers: dict[Place, int] = {}
        self._places: dict[int, Place] | None = None
        self._talks: dict[int, CellTalk] = {}

    # Reading ------------------------------------------------------------------

    def reload(self) -> None:
        """Forget which cells there are and what is said of them."""
        super().reload()
        self._places = None
        self._talks = {}

    def ids(self, query: GridQuery, limit: int | None = None) -> Sequence[int]:
        """The cells in the official order, or as asked."""
        if query.narrows or query.sort:
            return super().ids(query, limit)
        return list(self._present())[:limit]

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """What the rounds say of these cells."""
        self._read(ids)
        return {row: self._row(row, self._talks[row]) for row in ids if row in self._talks}

    def total(self) -> int:
        """All cells."""
        return len(self._present())

    def talk(self, row: int) -> CellTalk | None:
        """What the rounds say of a cell; None when there is no such row."""
        self._read((row,))
        return self._talks.get(row)

    def value(self, row: int, key: str) -> ProposedValue | None:
        """What a round says in a row; None for nothing and for other columns."""
        code, _, number = key.partition("@")
        talk = self.talk(row) if code == "round" else None
        if talk is None:
            return None
        place = next((n for n, one in enumerate(self.rounds) if one.id == int(number)), -1)
        return talk.values[place] if 0 <= place < len(talk.values) else None

    def _present(self) -> dict[int, Place]:
        if self._places is None:
            store, year = self._workspace.store, self._workspace.year
            found = round_talks.sheet_keys(store, year, unit=self.unit, only_open=self.only_open)
            # A cell keeps its number while the view lives, so the selection stays where it was.
            self._places = {
                self._numbers.setdefault(key, len(self._numbers) + 1): key for key in found
            }
        return self._places

    def _read(self, ids: Sequence[int]) -> None:
        present = self._present()
        missing = {present[row]: row for row in ids if row in present and row not in self._talks}
        if missing:
            store, year = self._workspace.store, self._workspace.year
            for talk in round_talks.talks(store, year, list(missing)):
                self._talks[missing[talk.indicator, talk.unit]] = talk

    def _load_all(self) -> Sequence[Row]:
        return list(self.rows(list(self._present())).values())

    def _row(self, number: int, talk: CellTalk) -> Row:
        cells: dict[str, Cell | str] = {
            "name": talk.name, "unit": talk.heading, "measure": talk.unit_of_measure,
            "last": Cell(talk.last_year, tone=Tone.MUTED), "current": Cell(talk.current, problem=talk.current_as_text),
            "gap": talk.gap,
            "state": Cell(talk.state.label, light=_LIGHTS[talk.state], note=talk.locked),
        }
        for one, value in zip(self.rounds, talk.values, strict=True):
            cells[f"round@{one.id}"] = _value_cell(value, talk.locked)
        return Row(number, cells)

    def _propose(self, edits: Sequence[Edit], label: str) -> Refused | None:
        cells = {}
        for edit in edits:
            talk = self.talk(edit.row)
            if talk is None:
                continue
            record = RecordId(int(edit.key.partition("@")[2]))
            cells[edit.row, edit.key] = ProposedText(record, talk.indicator, talk.unit, edit.text)
        done = round_blocks.propose_block(
            self._workspace.store, tuple(cells.values()), by=self.by
        )
        words = {id(one.cell) for one in done.kept}
        self.kept = tuple(place for place, cell in cells.items() if id(cell) in words)
        reasons = {id(one.cell): one.reason for one in done.refused}
        return {place: reasons[id(cell)] for place, cell in cells.items() if id(cell) in reasons}


def read_rounds(workspace: Workspace) -> tuple[RoundRow, ...]:
    """The rounds of the year."""
    return rounds.rounds(workspace.store, workspace.year)


def _columns(rows: Sequence[RoundRow]) -> tuple[Column, ...]:
    columns = [
        Column("name", "指标", width=166, frozen=True),
        Column("unit", "责任单位", width=84, frozen=True),
        Column("state", "状态", width=84),
        Column("measure", "单位", width=48),
        Column("last", "上年", Kind.NUMBER, width=70),
        Column("current", "现目标", Kind.NUMBER, width=112),
    ]
    columns += [
        Column(f"round@{one.id}", one.title, Kind.TARGET, width=116, editable=True, read=as_typed,
               hint=_round_hint(one))
        for one in rows
    ]
    columns += [
        Column("gap", "差距", Kind.NUMBER, width=72, hint="最后一轮比前一轮"),
    ]
    return tuple(columns)


def _round_hint(one: RoundRow) -> str:
    day = show_date(one.on, "iso") if one.on else ""
    counts = f"{one.proposals} 个值:待商定 {one.open},已商定 {one.agreed},未采纳 {one.declined}"
    return "\n".join(part for part in (one.title, day, one.source, counts, one.note) if part)


def _value_cell(value: ProposedValue | None, fixed_by: str) -> Cell:
    """fixed_by: the signed agreement that the cell stands in, "" for none."""
    locked = f"{fixed_by},未写入。签订后的改动请到“责任书→调整”登记。" if fixed_by else ""
    if value is None:
        return Cell(editable=not locked, note=fixed_by, locked=locked)
    day = show_date(value.on, "iso") if value.on else ""
    words = [" ".join(part for part in (value.by, day) if part), value.reason, value.state.label]
    if value.state_reason:
        words[-1] += f":{value.state_reason}"
    agreed, declined = value.state is ProposalState.AGREED, value.state is ProposalState.DECLINED
    return Cell(
        f"{value.value} ✓" if agreed else f"{value.value} ×" if declined else value.value,
        number=value.amount, bold=agreed,
        tone=Tone.GREEN if agreed else Tone.MUTED if declined else Tone.PLAIN,
        editable=not locked and not agreed, edit_text=value.value, problem=_problem(value),
        note="\n".join(word for word in words if word),
        locked=locked or ("已商定的建议值不能改写,未写入。请在新的一轮中提出。" if agreed else ""),
    )


def _problem(value: ProposedValue) -> str:
    """What is wrong with words under a numeric indicator, and the way out."""
    if not value.kept_as_text or value.state is ProposalState.DECLINED:
        return ""
    if value.state is ProposalState.AGREED:
        return f"{value.kept_as_text}。已商定的不能改写,请在新的一轮中提出数字。"
    return f"{value.kept_as_text}。请改为数字,不适用的填 /。"
