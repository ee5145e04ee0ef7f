"""Rounds side by side: a line per cell, a column per round, who said what and when."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rounds import ProposalState
from mbo_desktop.services import round_blocks, rounds
from mbo_desktop.services.round_blocks import ProposedText
from mbo_desktop.services.rounds import CellTalk, ProposedValue, RoundRow, TalkState
from ui.grids.columns import Cell, Column, Edit, Kind, Light, Row, Tone
from ui.grids.source import ListSource, Refused
from ui.pages.planning_sources import as_typed
from ui.workspace import Workspace

_LIGHTS = {
    TalkState.NONE: Light.GREY, TalkState.OPEN: Light.AMBER, TalkState.AGREED: Light.GREEN,
    TalkState.SIGNED: Light.GREEN,
}


class TalkSource(ListSource):
    """The cells of the chosen unit, or all that any round speaks of; round columns take typing."""

    def __init__(self, workspace: Workspace, rows: Sequence[RoundRow]) -> None:
        super().__init__(_columns(rows), self._load_talks, self._propose)
        self._workspace = workspace
        self.rounds = tuple(rows)
        self.unit: RecordId | None = None
        self.only_open = False
        self.by = ""
        """Who proposes what is typed; "" is the operator."""
        self.talks: dict[int, CellTalk] = {}
        self._numbers: dict[tuple[RecordId, RecordId], int] = {}

    def value(self, row: int, key: str) -> ProposedValue | None:
        """What a round says in a row; None for nothing and for other columns."""
        code, _, number = key.partition("@")
        talk = self.talks.get(row)
        if code != "round" or talk is None:
            return None
        place = next((n for n, one in enumerate(self.rounds) if one.id == int(number)), -1)
        return talk.values[place] if 0 <= place < len(talk.values) else None

    def _load_talks(self) -> Sequence[Row]:
        store, year = self._workspace.store, self._workspace.year
        found = round_blocks.sheet(store, year, unit=self.unit, only_open=self.only_open)
        self.talks = {}
        for talk in found:
            # A cell keeps its number while the view lives, so the selection stays where it was.
            key = (talk.indicator, talk.unit)
            self.talks[self._numbers.setdefault(key, len(self._numbers) + 1)] = talk
        return [self._row(number, talk) for number, talk in self.talks.items()]

    def _row(self, number: int, talk: CellTalk) -> Row:
        cells: dict[str, Cell | str] = {
            "name": talk.name, "unit": talk.heading, "measure": talk.unit_of_measure,
            "last": Cell(talk.last_year, tone=Tone.MUTED), "current": talk.current,
            "gap": talk.gap,
            "state": Cell(talk.state.label, light=_LIGHTS[talk.state], note=talk.locked),
        }
        for one, value in zip(self.rounds, talk.values, strict=True):
            cells[f"round@{one.id}"] = _value_cell(value, talk.locked)
        return Row(number, cells)

    def _propose(self, edits: Sequence[Edit], label: str) -> Refused | None:
        cells = {}
        for edit in edits:
            talk = self.talks[edit.row]
            record = RecordId(int(edit.key.partition("@")[2]))
            cells[edit.row, edit.key] = ProposedText(record, talk.indicator, talk.unit, edit.text)
        refused = round_blocks.propose_block(
            self._workspace.store, tuple(cells.values()), by=self.by
        )
        reasons = {id(one.cell): one.reason for one in refused}
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


def _value_cell(value: ProposedValue | None, locked: str) -> Cell:
    if value is None:
        return Cell(editable=not locked, note=locked)
    day = show_date(value.on, "iso") if value.on else ""
    words = [" ".join(part for part in (value.by, day) if part), value.reason, value.state.label]
    if value.state_reason:
        words[-1] += f":{value.state_reason}"
    agreed, declined = value.state is ProposalState.AGREED, value.state is ProposalState.DECLINED
    return Cell(
        f"{value.value} ✓" if agreed else f"{value.value} ×" if declined else value.value,
        number=value.amount, bold=agreed,
        tone=Tone.GREEN if agreed else Tone.MUTED if declined else Tone.PLAIN,
        editable=not locked and not agreed, edit_text=value.value,
        note="\n".join(word for word in words if word),
    )
