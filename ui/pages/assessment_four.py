"""四栏对照: the four scores of every unit and indicator side by side, as rows of a table."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.domain.assessment import ScoreKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.services.score_board import ItemCell, ScoreBoard
from ui.grids.columns import Cell, Column, Kind, Row, Tone
from ui.pages.planning_sources import as_typed

KINDS = {one.value: one for one in ScoreKind}
FOUR_COLUMNS = (
    Column("unit", "单位", width=120, frozen=True), Column("name", "指标", width=180, frozen=True),
    Column("full", "分值", Kind.NUMBER, width=56), Column("computed", "规则计算", Kind.NUMBER, width=78),
    Column("self", "自评分", Kind.NUMBER, width=74, editable=True, read=as_typed),
    Column("certified", "核定分", Kind.NUMBER, width=74, editable=True, read=as_typed),
    Column("reviewed", "复核分", Kind.NUMBER, width=74, editable=True, read=as_typed),
    Column("final", "审定分", Kind.NUMBER, width=74, editable=True, read=as_typed),
    Column("used", "采用", Kind.NUMBER, width=70), Column("gap", "与自评差", Kind.NUMBER, width=76),
    Column("problem", "说明", width=200),
)


@dataclass(frozen=True, slots=True)
class FourRows:
    """The rows, and the unit and indicator of each; row numbers count from 1."""

    places: list[tuple[RecordId, RecordId]]
    rows: list[Row]


def four_rows(board: ScoreBoard, *, only_gaps: bool) -> FourRows:
    """Every score that counts; only_gaps: those that differ from the self-score."""
    places: list[tuple[RecordId, RecordId]] = []
    rows: list[Row] = []
    for line in board.units:
        for head in board.indicators:
            cell = line.items.get(head.id)
            if cell is None or not cell.counts or (only_gaps and not cell.from_self):
                continue
            places.append((line.unit, head.id))
            rows.append(Row(len(places), _cells(board, line.unit, head.id, cell) | {
                "unit": line.label, "name": Cell(head.name, note=head.category),
            }))
    return FourRows(places, rows)


def _cells(board: ScoreBoard, unit: RecordId, indicator: RecordId, cell: ItemCell) -> dict[str, Cell | str]:
    gap = cell.from_self
    cells: dict[str, Cell | str] = {
        "full": Cell(canonical(cell.full), cell.full),
        "computed": Cell("" if cell.points is None else f"{cell.points:f}", cell.points),
        "used": Cell("缺" if cell.used is None else f"{cell.used:f}", cell.used, bold=True,
                     tone=Tone.AMBER if cell.used is None else Tone.PLAIN),
        "gap": Cell("" if gap is None else f"{gap:+f}" if gap else "0", gap,
                    tone=Tone.RED if gap is not None and gap < 0 else Tone.PLAIN),
        "problem": cell.problem,
    }
    given = board.book.given.get((indicator, unit), {})
    for key, kind in KINDS.items():
        points = getattr(cell, {"self": "self_points"}.get(key, key))
        one = given.get(kind)
        note = "" if one is None else "，".join(
            part for part in (one.by, one.on.isoformat() if one.on else "", one.basis) if part)
        cells[key] = Cell("" if points is None else canonical(points), points, note=note)
    return cells
