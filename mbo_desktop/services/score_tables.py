"""A score board as tables of a workbook: ranking, units × indicators, every derivation."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop.services.score_board import ScoreBoard, UnitScore
from mbo_desktop.services.score_sources import Sources
from mbo_desktop.services.score_workings import total_of_board, working_of
from mbo_desktop.spreadsheets.writer import SheetTable, Value
from mbo_desktop.store.database import Store


def board_tables(store: Store | None, board: ScoreBoard, prefix: str = "") -> list[SheetTable]:
    """排名, 得分, 计算过程 of a board; store None: a board without records behind it."""
    return [
        SheetTable(_RANKING, [_ranking(one) for one in board.ranked()], sheet=f"{prefix}排名", is_paper=True),
        _matrix(board, f"{prefix}得分"), _workings(store, board, f"{prefix}计算过程"),
    ]


def grouped_tables(boards: Sequence[ScoreBoard], overall: ScoreBoard) -> list[SheetTable]:
    """The same of several groups with one scheme, below each other with their group first; and all units ranked together."""
    made = [board_tables(None, board) for board in boards]
    found = [overall_table(overall, boards, "总排名")]
    for same in zip(*made, strict=True):
        rows = [
            (board.scheme.peer_group, *row) for board, table in zip(boards, same, strict=True) for row in table.rows
        ]
        found.append(SheetTable((GROUP, *same[0].heads), rows, sheet=same[0].sheet, is_paper=same[0].is_paper))
    return [found[1], found[0], *found[2:]]


def overall_table(overall: ScoreBoard, boards: Sequence[ScoreBoard], name: str) -> SheetTable:
    """A ranking over several groups, each unit with its group and its place there."""
    own = {line.unit: (board.scheme.peer_group, line.rank, line.grade_now) for board in boards for line in board.units}
    rows: list[Sequence[Value]] = []
    for one in overall.ranked():
        group, rank, grade = own[one.unit]
        said = [one.grade_reason, *(mark.words for mark in one.vetoes)]
        if one.missing:
            said.append(f"{one.missing}项缺数据,总分为暂定")
        rows.append((one.rank, one.label, one.total, one.grade, group, rank, grade, ";".join(part for part in said if part)))
    return SheetTable(("总位次", "单位", "总分", "总等次", GROUP, "组内位次", "组内等次", "说明"), rows, sheet=name, is_paper=True)


GROUP = "分组"
_RANKING = ("位次", "单位", "指标得分", "计入分值", "折算得分", "加分", "扣分", "总分", "等次", "上年位次", "说明")


def _ranking(one: UnitScore) -> Sequence[Value]:
    said = [one.grade_reason, *(mark.words for mark in one.vetoes)]
    if one.missing:
        said.append(f"{one.missing}项缺数据,总分为暂定")
    return (
        one.rank, one.label, one.raw, one.full, one.targets, one.bonus, one.deduction, one.total, one.grade,
        one.rank_before, ";".join(part for part in said if part),
    )


def _matrix(board: ScoreBoard, name: str) -> SheetTable:
    components = [one.name for one in board.scheme.components]
    heads = ("单位", *(one.name for one in board.indicators), *components, "总分")
    rows: list[Sequence[Value]] = []
    for line in board.units:
        cells: list[Value] = [line.label]
        for head in board.indicators:
            cell = line.items.get(head.id)
            if cell is None or (cell.used is None and not cell.missing):
                cells.append("/")
            else:
                cells.append("缺数据" if cell.used is None else cell.used)
        cells += [line.components[one] for one in components]
        rows.append((*cells, line.total))
    return SheetTable(heads, rows, sheet=name)


def _workings(store: Store | None, board: ScoreBoard, name: str) -> SheetTable:
    rows: list[Sequence[Value]] = []
    sources = None if store is None else Sources.read_ahead(store, board)
    for line in board.units:
        for head in board.indicators:
            if head.id in line.items:
                made = working_of(sources, board, line.unit, head.id)
                rows.append((line.label, head.name, line.items[head.id].full, made.points, made.text))
        total = total_of_board(store, board, line.unit)
        rows.append((line.label, "总分", None, total.points, total.text))
    return SheetTable(("单位", "指标", "分值", "得分", "计算过程"), rows, sheet=name, is_paper=True)
