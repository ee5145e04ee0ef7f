"""The board of the year on one sheet of A4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.lights import Light
from mbo_desktop.services import duties, session
from mbo_desktop.services.paper_heads import government
from mbo_desktop.services.progress_lights import LightMatrix
from mbo_desktop.services.year_board import RankLine, YearBoard
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document
    from mbo_desktop.documents.year_board_paper import LightsLine, RankingLine, YearBoardPaper

LIGHTS: Mapping[Light, str] = {
    Light.RED: "■滞后", Light.YELLOW: "▲预警", Light.GREEN: "●正常", Light.UNREPORTED: "○未报",
}


@dataclass(frozen=True, slots=True)
class _Room:
    """How much of each part is printed."""

    categories: int
    groups: int
    places: int
    units: int


_ROOMS = (_Room(12, 10, 3, 12), _Room(10, 8, 3, 8), _Room(8, 6, 2, 6), _Room(6, 4, 2, 4), _Room(4, 3, 1, 3))
"""From all that may stand on the sheet to what always fits it."""


def year_board_document(store: Store, board: YearBoard) -> Document:
    """The sheet of a board: as much as one page holds; what is left out is said on it."""
    from mbo_desktop.documents.pdf import render_pdf
    from mbo_desktop.documents.year_board_paper import year_board_document as laid_out

    for room in _ROOMS:
        document = laid_out(_paper(store, board, room))
        if render_pdf(document, BytesIO()).pages == 1:
            return document
    return document


def _paper(store: Store, board: YearBoard, room: _Room) -> YearBoardPaper:
    from mbo_desktop.documents.year_board_paper import PaperFigure, YearBoardPaper

    notes = []
    lights, left = _lights(board.lights, room.categories) if board.lights else ((), 0)
    if left:
        notes.append(f"另有{left}个类别未列出")
    if len(board.rankings) > room.groups:
        notes.append(f"另有{len(board.rankings) - room.groups}个分组的位次未列出")
    return YearBoardPaper(
        f"{government(store)}{board.year}年责任目标管理情况一览",
        tuple(PaperFigure(one.words, one.number, one.detail) for one in board.headlines),
        f"截至{board.month}月底亮灯情况(项)", tuple(LIGHTS.values()), lights,
        tuple(_ranking(one.group, one.figure, one.lines, room.places) for one in board.rankings[: room.groups]),
        _open_points(store, board, room), session.office(store).name, show_date(board.day),
        (f"注：{'；'.join(notes)}，见软件“工作台”。",) if notes else (),
    )


def _lights(matrix: LightMatrix, most: int) -> tuple[tuple[LightsLine, ...], int]:
    """Lines of categories with the total on top, and how many were left out."""
    from mbo_desktop.documents.year_board_paper import LightsLine

    by_category: dict[object, Counter[Light]] = {}
    for (_unit, category), cell in matrix.cells.items():
        by_category.setdefault(category, Counter()).update(cell.counts)

    def line(name: str, counts: Mapping[Light, int]) -> LightsLine:
        return LightsLine(name, tuple(f"{counts.get(one, 0):,}" for one in LIGHTS))

    listed = [line(name, by_category[one]) for one, name in matrix.categories]
    return (line("合计", matrix.totals), *listed[:most]), max(len(listed) - most, 0)


def _ranking(group: str, figure: str, lines: Sequence[RankLine], places: int) -> RankingLine:
    """The first and the last places; a small group is not named twice."""
    from mbo_desktop.documents.year_board_paper import RankingLine

    first = lines[:places]
    last = lines[max(places, len(lines) - places):]
    return RankingLine(group or "未分组", figure, _places(first), _places(last))


def _places(lines: Sequence[RankLine]) -> str:
    return "、".join(
        f"{one.rank} {one.label} {one.figure}{f'({one.move_text})' if one.move else ''}" for one in lines
    )


def _open_points(store: Store, board: YearBoard, room: _Room) -> tuple[tuple[str, str], ...]:
    found = []
    if board.blanks:
        named = "、".join(f"{one.label}{one.blanks}处" for one in board.blanks[: room.units])
        rest = len(board.blanks) - room.units
        found.append(("空白点较多", named + (f"等{len(board.blanks)}个单位" if rest > 0 else "")))
    due = duties.duties(store, board.year)
    late = [one.text for one in due if one.is_late]
    soon = [one.text for one in due if not one.is_late]
    if late:
        found.append(("已逾期", "；".join(late)))
    if soon:
        found.append(("近期要办", "；".join(soon)))
    return tuple(found)
