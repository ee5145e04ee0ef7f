"""这个分怎么来的: which value, whose figure, which adjustment, the rule, the calculation, up to the total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.assessment import GivenScore, ScoreKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.domain.scoring.facts import ZERO, Facts, shown
from mbo_desktop.domain.scoring.item import Item, MissingPolicy, explain, score_item
from mbo_desktop.domain.scoring.tallies import Given
from mbo_desktop.errors import InputError
from mbo_desktop.services import score_conversion
from mbo_desktop.services.fact_book import (
    COUNTING,
    WITHDRAWN_WORD,
    Entry,
    source_words,
)
from mbo_desktop.services.score_board import ItemCell, ScoreBoard, UnitScore
from mbo_desktop.services.score_components import component_points
from mbo_desktop.services.score_periods import parts_of_cell, summed
from mbo_desktop.services.score_sources import Sources
from mbo_desktop.services.score_status import status_of_entry
from mbo_desktop.services.score_ties import tie_words
from mbo_desktop.services.scoring_additions import Addition
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.scores import Head

_YEAR_END = 12


@dataclass(frozen=True, slots=True)
class Working:
    """A derivation, line by line, as it is printed in answer to a unit."""

    unit: RecordId
    unit_label: str
    title: str
    lines: tuple[str, ...]
    points: Decimal | None

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)


def working_of(
    store: Store | Sources | None, board: ScoreBoard, unit: RecordId, indicator: RecordId
) -> Working:
    """One score of a board, down to its records. KeyError for a unit or indicator outside the scheme.

    Many of them want `Sources.read_ahead` in the place of the store.
    """
    line = board.unit(unit)
    if board.sealed:
        item = next((one for one in board.sealed[unit].items if one.indicator == indicator), None)
        if item is None:
            return Working(unit, line.label, "", ("本单位没有承担这项指标,不计入。",), None)
        return Working(unit, line.label, item.title, tuple(item.working.splitlines()), item.points)
    head = board.book.heads[indicator]
    entry = board.book.entries[indicator].get(unit)
    if entry is None:
        return Working(unit, line.label, head.name, ("本单位没有承担这项指标,不计入。",), None)
    cell = line.items[indicator]
    said = [f"分值:{shown(cell.full)}分"]
    sources = Sources(store) if isinstance(store, Store) else store
    if entry.absent:
        said += _absent(board, indicator, entry, cell)
    else:
        said += _figures(sources, board, entry)
        said += _status(sources, board, head, entry)
        if (indicator, unit) in board.changes.actuals:
            actual = board.changes.actuals[indicator, unit]
            said.append("试算:" + ("没有实绩" if actual is None else f"实绩按{shown(actual)}"))
        said += _calculation(board, indicator, unit, cell)
        said += _periods(board, indicator, unit)
        if board.scheme.lowered_without_bonus and entry.lowered and cell.points == cell.full:
            said.append(f"目标经批准调低,超额部分不加分,最多计{shown(cell.full)}分")
    given = board.book.given.get((indicator, unit), {})
    said += _given_lines(given)
    said += _result(board, indicator, cell, given)
    return Working(unit, line.label, head.name, tuple(said), cell.used)


def _status(sources: Sources | None, board: ScoreBoard, head: Head, entry: Entry) -> list[str]:
    """完成情况 of the year, told by its own rule beside the score; nothing at a half-year or while it is not known."""
    if entry.row is None or sources is None or board.month != _YEAR_END:
        return []
    status = status_of_entry(entry, head, sources.value(entry.row.target))
    return [] if status is None else [f"完成情况:{status.label}"]


def _absent(board: ScoreBoard, indicator: RecordId, entry: Entry, cell: ItemCell) -> list[str]:
    if entry.absent == WITHDRAWN_WORD:
        paper = f"({entry.adjustment})" if entry.adjustment else ""
        return [f"目标已撤销{paper},不计入,总分按比例折算"]
    policy: MissingPolicy = board.book.items[indicator].missing
    return [f"本单位{entry.absent},缺项按方案:{policy.label}"]


def _figures(sources: Sources | None, board: ScoreBoard, entry: Entry) -> list[str]:
    facts, row = entry.facts, entry.row
    said = []
    unit = facts.unit_of_measure
    shown_target = "" if row is None else row.shown
    if shown_target or facts.target is not None:
        target = shown_target or shown(facts.target or ZERO)
        target += unit if target[-1:].isdigit() else ""
        basis = f"({entry.adjustment or '按责任书'})" if row is not None else ""
        said.append(f"目标:{target}{basis}")
    if entry.prorated and facts.target is not None:
        said.append(f"{board.month}月目标:{shown(facts.target)}{unit}({entry.prorated})")
    said += _actual(sources, board, entry)
    if facts.base is not None:
        said.append(f"上年实绩:{shown(facts.base)}{unit}")
    hidden = {"实绩数", "上年数", *facts.counts}
    named = [f"{name}{shown(value)}" for name, value in facts.named.items() if name not in hidden]
    if named:
        said.append(f"其他数据:{'、'.join(named)}")
    if facts.counts:
        said.append("核报:" + "、".join(f"{name}{shown(value)}" for name, value in facts.counts.items()))
    if facts.word:
        said.append(f"认定:{facts.word}")
    return said


def _actual(sources: Sources | None, board: ScoreBoard, entry: Entry) -> list[str]:
    facts = entry.facts
    raw = facts.named.get("实绩数")
    value = facts.actual if raw is None else raw
    if entry.figure is None and not entry.from_result:
        return [f"{board.month}月实绩:没有数据"]
    words = "" if value is None else f"{shown(value)}{facts.unit_of_measure if raw is None else ''}"
    if entry.row is not None and not words:
        words = entry.row.actual_text or (entry.figure.typed if entry.figure else "")
    if raw is not None and facts.actual is not None:
        words += f",增幅{shown(facts.named['增幅'], 2)}%(上年{shown(facts.named['上年数'])})"
    if not words and facts.actual is None and entry.figure is None and entry.row is None:
        return [] if facts.counts or facts.word or facts.given is not None else ["实绩:没有数据"]
    whose = _whose(sources, entry)
    said = [f"实绩:{words}{f'({whose})' if whose else ''}"]
    others = _others(sources, board, entry)
    return [*said, f"其他口径:{others}"] if others else said


def _whose(sources: Sources | None, entry: Entry) -> str:
    """「来源部门核定,市统计局,2020-12-28」."""
    if entry.row is None or sources is None:
        return ""
    words = [source_words(entry)]
    if entry.figure is not None:
        report = sources.report(entry.figure.record)
        if report is not None:
            words.append(report.reported_by)
            if entry.figure.kind is FigureKind.CERTIFIED and not report.reported_by and entry.row is not None:
                words.append(sources.certifiers(entry.row.indicator))
            if report.reported_on is not None:
                words.append(report.reported_on.isoformat())
    return ",".join(one for one in words if one)


def _others(sources: Sources | None, board: ScoreBoard, entry: Entry) -> str:
    """What other sides said of the same month."""
    if entry.row is None or sources is None:
        return ""
    listed = [
        f"{one.kind.label}{shown(one.amount)}" for one in sources.figures(entry.row.target, board.month)
        if one.amount is not None and (entry.figure is None or one.record != entry.figure.record)
    ]
    return "、".join(listed)


def _calculation(
    board: ScoreBoard, indicator: RecordId, unit: RecordId, cell: ItemCell
) -> list[str]:
    rule = board.book.rules.get(indicator)
    if rule is None:
        return [f"计分规则:{board.book.broken.get(indicator, '没有规则')}"]
    item = board.book.items[indicator]
    said = [f"计分规则:{rule.sentence()}"]
    if cell.problem and cell.points is None:
        return [*said, f"未计分:{cell.problem}"]
    listed = Item(rule, item.digits, item.missing, item.cap)
    try:
        said.append(f"计算:{explain(listed, board.facts(indicator, unit), carried(board, indicator))}")
    except InputError as error:
        said.append(f"未计分:{error.what}")
    return said


def _periods(board: ScoreBoard, indicator: RecordId, unit: RecordId) -> list[str]:
    """「分期得分:一季度3.2×15%+…=3.46分」; nothing for an item of the year alone."""
    rule, item = board.book.rules.get(indicator), board.book.items[indicator]
    if not board.book.periods.get((indicator, unit)) or rule is None:
        return []
    listed = Item(rule, item.digits, item.missing, item.cap)
    own = score_item(listed, carried(board, indicator), refusals={}).get(unit)
    parts = () if own is None else parts_of_cell(board.book, (indicator, unit), own)
    return [f"分期得分:{summed(parts, item.digits).words}"] if parts else []


def carried(board: ScoreBoard, indicator: RecordId) -> list[Facts]:
    """Facts of the units that are compared in an indicator."""
    return [
        board.facts(indicator, unit) for unit, one in board.book.entries[indicator].items()
        if not one.absent and (not one.unknown or (indicator, unit) in board.changes.actuals)
    ]


def _given_lines(given: Mapping[ScoreKind, GivenScore]) -> list[str]:
    said = []
    for kind in ScoreKind:
        one = given.get(kind)
        if one is not None and one.points is not None:
            papers = ",".join(
                text for text in (one.by, one.on.isoformat() if one.on else "", f"依据:{one.basis}" if one.basis else "") if text
            )
            said.append(f"{kind.label}:{shown(one.points)}分{f'({papers})' if papers else ''}")
    return said


def _result(
    board: ScoreBoard, indicator: RecordId, cell: ItemCell, given: Mapping[ScoreKind, GivenScore]
) -> list[str]:
    if cell.used is None:
        return ["得分:不计入" if not cell.counts else f"得分:暂缺({cell.problem or '没有数据'})"]
    digits = board.book.items[indicator].digits
    how = ""
    if cell.problem:
        how = f"({cell.problem})"
    elif cell.is_what_if:
        how = "(试算)"
    else:
        is_given = isinstance(board.book.rules.get(indicator), Given)
        kind = next((
            one for one in COUNTING
            if one in given and given[one].points is not None
            and not (one is ScoreKind.CERTIFIED and is_given)
        ), None)
        if kind is not None:
            how = f"(采用{kind.label})"
    return [f"得分:{cell.used:.{digits}f}分{how}"]


# The total ------------------------------------------------------------------------


def total_of_board(store: Store | None, board: ScoreBoard, unit: RecordId) -> Working:
    """A unit's total: items, conversion, components, bonus, deductions, rank, grade, vetoes."""
    line, scheme = board.unit(unit), board.scheme
    if board.sealed:
        lines = board.sealed[unit].lines or (f"总分:{line.total}分(按封存时的结果)",)
        return Working(unit, line.label, "总分", lines, line.total)
    said = [*_items(board, line)]
    said += _components(board, line)
    additions = board.additions
    said += _added("加分", additions.bonuses.get(unit, ()), line.bonus, scheme.bonus_cap)
    said += _added("扣分", additions.deductions.get(unit, ()), line.deduction, scheme.deduction_cap)
    if scheme.bonus_breaks_ties_only and line.bonus:
        said.append("加分不计入总分,只用于同分排序")
    said += [f"一票否决:{mark.words}" for mark in line.vetoes]
    if line.total is not None and line.total_from is not None:
        best = _best(board, "total_from")
        said.append(f"合计:{line.total_from.own:.{scheme.digits}f}分{_sum_words(board, line)}")
        said.append(f"总分折算:{score_conversion.words(line.total_from, best, scheme.digits)}")
    if line.total is None:
        said.append("总分:不排名(没有参加计分的指标)")
    else:
        sums = "" if line.total_from is not None else _sum_words(board, line)
        said.append(f"总分:{line.total:.{scheme.digits}f}分{sums}")
        if line.rank is not None:
            ranked = sum(one.rank is not None for one in board.units)
            before = f",上年第{line.rank_before}位" if line.rank_before is not None else ""
            said.append(f"位次:{scheme.peer_group}{ranked}个单位中{'暂列' if line.provisional else ''}第{line.rank}位{before}")
            tied = tie_words(scheme, {one.unit: one for one in board.units}, unit)
            if tied:
                said.append(f"同分:{tied}")
        if line.grade or line.grade_reason:
            said.append(f"等次:{line.grade_now or '未定'}{f'({line.grade_reason})' if line.grade_reason else ''}")
    if line.missing:
        said.append(f"另有{line.missing}项缺数据,按0分暂计,总分为暂定")
    return Working(unit, line.label, "总分", tuple(said), line.total)


def _items(board: ScoreBoard, line: UnitScore) -> list[str]:
    said = []
    for head in board.indicators:
        cell = line.items.get(head.id)
        if cell is None:
            continue
        digits = board.book.items[head.id].digits
        got = f"{cell.used:.{digits}f}" if cell.used is not None else "缺数据" if cell.missing else "不计入"
        said.append(f"{head.name}:{got}(分值{shown(cell.full)})")
    said.append(f"指标得分合计:{shown(line.raw)}分,计入分值{shown(line.full)}分")
    scale = board.scheme.scale
    targets = line.targets if line.targets_from is None else line.targets_from.own
    if targets is not None and scale is not None and scale != line.full:
        said.append(f"折算:{shown(line.raw)}×{shown(scale)}÷{shown(line.full)}={targets:.{board.scheme.digits}f}分")
    if line.targets_from is not None:
        best = _best(board, "targets_from")
        said.append(f"目标得分折算:{score_conversion.words(line.targets_from, best, board.scheme.digits)}")
    return said


def _best(board: ScoreBoard, of: str, name: str = "") -> str:
    """The units whose points the others are held against: 「丙县」, 「甲县、丙县」."""
    found = []
    for one in board.units:
        made = one.components_from.get(name) if name else getattr(one, of)
        if made is not None and made.own == made.best:
            found.append(one.label)
    return "、".join(found)


def _components(board: ScoreBoard, line: UnitScore) -> list[str]:
    said = []
    scheme = board.scheme
    if scheme.components and line.targets is not None:
        said.append(f"目标任务:{line.targets:.{scheme.digits}f}分×{shown(scheme.target_weight)}%")
    for one in scheme.components:
        points = line.components[one.name]
        lines: list[str] = []
        if (line.unit, one.name) in board.changes.components:
            lines.append("试算")
        else:
            component_points(board.book.components.get((line.unit, one.name), {}), scheme, lines, one)
        if one.name in line.components_from:
            best = _best(board, "", one.name)
            lines.append("按最高分折算" + score_conversion.words(line.components_from[one.name], best, scheme.digits))
        how = f"({','.join(lines)})" if lines else ""
        said.append(f"{one.name}:" + ("缺数据" if points is None else f"{shown(points)}分×{shown(one.weight)}%{how}"))
    return said


def _added(word: str, lines: Sequence[Addition], total: Decimal, cap: Decimal | None) -> list[str]:
    said = [
        f"{word}:{one.text} {shown(one.points)}分" + (
            "" if not one.why_less else f"({one.why_less})" if one.counted else f",不计({one.why_less})"
        )
        for one in lines
    ]
    full = sum((one.counted for one in lines), ZERO)
    if said and cap is not None and full > cap:
        said.append(f"{word}合计{shown(full)}分,按上限计{shown(total)}分")
    return said


def _sum_words(board: ScoreBoard, line: UnitScore) -> str:
    scheme = board.scheme
    if line.targets is None or not (scheme.components or line.bonus or line.deduction):
        return ""
    bonus = f"+{shown(line.bonus)}" if line.bonus and not scheme.bonus_breaks_ties_only else ""
    less = f"−{shown(line.deduction)}" if line.deduction else ""
    if not scheme.components:
        return f"({line.targets:.{scheme.digits}f}{bonus}{less})" if bonus or less else ""
    parts = [f"{line.targets:.{scheme.digits}f}×{shown(scheme.target_weight)}%"]
    for one in scheme.components:
        points = line.components[one.name]
        if points is not None:
            parts.append(f"{shown(points)}×{shown(one.weight)}%")
    return f"({'+'.join(parts)}{bonus}{less})"
