"""Cells of the score board: totals, ranks, grades, scores as they are to be shown."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from mbo_desktop.domain.assessment import ScoreKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical, show
from mbo_desktop.domain.scoring.facts import rounded
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.services import scores
from mbo_desktop.services.scores import ItemCell, UnitScore
from ui.grids.columns import Cell, Light, Tone

if TYPE_CHECKING:
    from ui.pages.assessment_board_source import BoardSource

LOW = Decimal("0.8")
"""Less than so much of the full points is marked."""


class Shown(StrEnum):
    """What the cells show."""

    USED = "used"
    ACTUAL = "actual"
    SELF = "self"
    CERTIFIED = "certified"
    REVIEWED = "reviewed"
    FINAL = "final"
    COMPUTED = "computed"
    RATE = "rate"
    FROM_SELF = "from_self"


_GROWTHS = (TargetForm.GROWTH, TargetForm.DECREASE_RATE)
KINDS = {
    Shown.SELF: ScoreKind.SELF, Shown.CERTIFIED: ScoreKind.CERTIFIED,
    Shown.REVIEWED: ScoreKind.REVIEWED, Shown.FINAL: ScoreKind.FINAL,
}
"""Columns of given points."""


def sum_cell(source: BoardSource, line: UnitScore, of: str) -> Cell:
    """A total, rank, grade or part of a unit."""
    if of == "total":
        if line.total is None:
            return Cell("—", tone=Tone.MUTED, note=line.grade_reason)
        if line.unscored:
            return Cell("缺", tone=Tone.AMBER, note="还没有任何数据,没有得分")
        note = f"还缺 {line.missing} 项数据,得分未定" if line.provisional else ""
        text = f"{line.total:f}" + ("*" if line.provisional else "")
        return Cell(text, line.total, bold=True, note=note, tone=Tone.AMBER if line.provisional else Tone.PLAIN)
    if of == "rank":
        move = 0 if line.provisional else line.rank_move or 0
        tone = Tone.MUTED if line.provisional else Tone.GREEN if move > 0 else Tone.RED if move < 0 else Tone.PLAIN
        return Cell(rank_words(line), None if line.rank is None else Decimal(line.rank), tone=tone,
                    note="缺数据,名次未定" if line.provisional else "")
    if of == "grade":
        return _grade_cell(source, line)
    if of == "targets":
        if line.targets is None or not any(cell.used is not None for cell in line.items.values()):
            return Cell("缺" if line.missing else "", tone=Tone.AMBER)
        return Cell(f"{line.targets:f}", line.targets)
    if of in ("bonus", "deduction"):
        amount = line.bonus if of == "bonus" else line.deduction
        sign = "+" if of == "bonus" else "−"
        return Cell(f"{sign}{show(amount)}" if amount else "0", amount, tone=Tone.PLAIN if amount else Tone.MUTED)
    if of == "missing":
        return Cell(str(line.missing) if line.missing else "", tone=Tone.AMBER)
    return _part_cell(source, line, of)


def full_cell(source: BoardSource, of: str) -> Cell | str:
    """Beside a total its full points, beside a part its share: points are given on the whole scale."""
    scheme = source.base.scheme
    scale = "" if scheme.scale is None else canonical(scheme.scale)
    if of == "total":
        return scale
    weight = next((one.weight for one in scheme.components if one.name == of), None)
    if of == "targets" and scheme.components:
        return Cell(f"{canonical(scheme.target_weight)}%", tone=Tone.MUTED, note="在综合得分中的权重")
    if weight is None:
        return ""
    part = next(one for one in scheme.components if one.name == of)
    out_of = scale or "100" if part.full is None else canonical(part.full)
    best = ",按本组最高分折算" if part.by_best else ""
    note = f"按满分{out_of}打分{best},乘{canonical(weight)}%计入综合得分"
    return Cell(f"{canonical(weight)}%", tone=Tone.MUTED, note=note)


def _grade_cell(source: BoardSource, line: UnitScore) -> Cell:
    """The grade; 未定 without figures, with * while others may still take its place."""
    marks = "、".join(mark.subject for mark in line.vetoes)
    if marks:
        text = f"{line.grade_now}(否决)" if line.grade else "一票否决"
        return Cell(text, tone=Tone.RED, light=Light.RED, note=f"一票否决:{marks}。{line.grade_reason}")
    if line.provisional and line.grade:
        return Cell(line.grade_now, tone=Tone.MUTED, note=f"还缺 {line.missing} 项数据;按现有数据为{line.grade}")
    if source.board.grade_may_move(line):
        waiting = sum(one.provisional for one in source.board.units)
        note = f"名额暂排:还有 {waiting} 个单位缺数据,等次可能变动"
        return Cell(f"{line.grade}*", tone=Tone.MUTED, note=";".join(p for p in (note, line.grade_reason) if p))
    return Cell(line.grade, note=line.grade_reason)


def _part_cell(source: BoardSource, line: UnitScore, name: str) -> Cell:
    """A component: typed where points are given."""
    points = line.components.get(name)
    given = source.base.book.components.get((line.unit, name), {})
    kind = KINDS.get(source.shows)
    if kind is not None:
        own = given.get(kind)
        amount = None if own is None else own.points
        return Cell("" if amount is None else canonical(amount), amount, editable=not source.state.trying)
    trying = source.state.trying and source.shows is Shown.USED
    locked = "" if trying else "各部分得分请把“显示”换成核定分等再录入;只想试试请先按“试算”。"
    if points is None:
        return Cell("缺", tone=Tone.AMBER, note="没有得分或计票", editable=trying, edit_text="", locked=locked)
    tried = (line.unit, name) in source.state.what_if.components
    return Cell(f"{points:f}", points, editable=trying, locked=locked, edit_text=canonical(_as_given(source, line, name)), bold=tried,
                tone=Tone.ACCENT if tried else Tone.PLAIN)


def _as_given(source: BoardSource, line: UnitScore, name: str) -> Decimal:
    """A part's points out of its own full marks, before the group's best was looked at: what is typed is taken so."""
    converted, scheme = line.components_from.get(name), source.base.scheme
    points = line.components.get(name) if converted is None else converted.own
    part = next(one for one in scheme.components if one.name == name)
    if points is None or part.full is None or not scheme.scale:
        return points or Decimal(0)
    return rounded(points * part.full / scheme.scale, scheme.digits)


def rank_words(line: UnitScore) -> str:
    """「1 ↑2」, 「3 —」, 「4」 without last year's."""
    if line.rank is None or line.unscored:
        return "—"
    move = line.rank_move
    if move is None:
        return str(line.rank)
    return f"{line.rank} {'↑' + str(move) if move > 0 else '↓' + str(-move) if move < 0 else '—'}"


def item_cell(source: BoardSource, line: UnitScore, indicator: RecordId) -> Cell:
    """One score as it is to be shown."""
    cell = line.items.get(indicator)
    if cell is None:
        return Cell("", editable=False, locked="该单位不承担这项指标。")
    shows = source.shows
    if shows in KINDS:
        amount = getattr(cell, "self_points" if shows is Shown.SELF else shows.value)
        return Cell("" if amount is None else canonical(amount), amount, editable=cell.counts and not source.state.trying,
                    locked="" if not source.state.trying else "试算时请在“计分结果”或“实绩”中改动。")
    if shows is Shown.ACTUAL:
        return _actual_cell(source, line, indicator, cell)
    if not cell.counts:
        return Cell("/", tone=Tone.MUTED, editable=False, note="不承担或不适用,总分按比例折算", locked="该单位不承担这项指标。")
    if shows is Shown.RATE:
        rate = scores.rate(cell)
        return Cell("" if rate is None else f"{rate:f}%", rate, editable=False)
    if shows is Shown.FROM_SELF:
        gap = cell.from_self
        text = "" if gap is None else f"{gap:+f}" if gap else "0"
        return Cell(text, gap, editable=False, tone=Tone.RED if gap is not None and gap < 0 else Tone.PLAIN)
    if shows is Shown.COMPUTED:
        return Cell("" if cell.points is None else f"{cell.points:f}", cell.points, editable=False)
    return _used_cell(source, cell)


def _used_cell(source: BoardSource, cell: ItemCell) -> Cell:
    trying = source.state.trying
    locked = "" if trying else "计分结果按规则得出。录入请把“显示”换成核定分或实绩;只想试试请先按“试算”。"
    if cell.used is None:
        return Cell("缺", tone=Tone.AMBER, note=cell.problem, editable=trying, edit_text="", locked=locked)
    tone = Tone.ACCENT if cell.is_what_if else Tone.PLAIN
    if tone is Tone.PLAIN and cell.used > cell.full:
        tone = Tone.GREEN
    elif tone is Tone.PLAIN and cell.used < cell.full * LOW:
        tone = Tone.RED
    notes = [cell.problem] if cell.problem else []
    if cell.used != cell.points and cell.points is not None:
        notes.append(f"按规则计算为{cell.points:f}")
    rate = scores.rate(cell)
    if rate is not None:
        notes.append(f"得分率{rate:f}%")
    return Cell(f"{cell.used:f}", cell.used, tone=tone, bold=cell.is_what_if, editable=trying,
                note=";".join(notes), locked=locked)


def _actual_cell(source: BoardSource, line: UnitScore, indicator: RecordId, cell: ItemCell) -> Cell:
    board = source.board
    entry = board.book.entries[indicator].get(line.unit)
    if entry is None or entry.absent:
        return Cell("/", tone=Tone.MUTED, editable=False, locked="该单位不承担这项指标。")
    tried = source.state.what_if.actuals
    key = (indicator, line.unit)
    head = board.book.heads[indicator]
    # A growth target is held against a growth, the year's result is an amount: typed elsewhere.
    grown = entry.row is not None and entry.row.form in _GROWTHS and head.unit_of_measure != "%"
    allowed = source.state.trying or (board.month == 12 and not grown)
    locked = "" if allowed else (
        "增长类目标的年终实绩请在“目标体系→上年”或“进度”录入,这里显示的是算出的增幅。" if grown
        else "这里录入的是年终结果;半年和月度的数请在“进度”填报。"
    )
    if source.state.trying and key in tried:
        amount = tried[key]
        return Cell("" if amount is None else canonical(amount), amount, tone=Tone.ACCENT, bold=True, editable=True)
    amount = entry.facts.actual
    if amount is None:
        said = "" if entry.row is None else entry.row.actual_text or (entry.figure.typed if entry.figure is not None else "")
        return Cell(said, None, editable=allowed, locked=locked, edit_text=said, note=entry.unknown or entry.adjustment,
                    tone=Tone.AMBER if entry.unknown else Tone.PLAIN)
    return Cell(show(amount), amount, editable=allowed, locked=locked, edit_text=canonical(amount),
                note=entry.unknown or entry.adjustment)
