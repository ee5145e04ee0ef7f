"""What decides between units of the same total, as the scheme says it (domain notes §3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from mbo_desktop.domain.assessment import Scheme, TieBreak
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.scoring.facts import ZERO
from mbo_desktop.services.score_board import UnitScore


def tie_breaks_of(scheme: Scheme) -> tuple[TieBreak, ...]:
    """In their order; a bonus that only breaks ties goes first."""
    own = tuple(one for one in scheme.ties if not (scheme.bonus_breaks_ties_only and one is TieBreak.BONUS))
    return (TieBreak.BONUS, *own) if scheme.bonus_breaks_ties_only else own


def tie_figures(scheme: Scheme, lines: Mapping[RecordId, UnitScore]) -> dict[RecordId, tuple[Decimal, ...]] | None:
    """Further figures of each unit, more is better; None where equal totals share a rank."""
    wanted = tie_breaks_of(scheme)
    if not wanted:
        return None
    return {unit: tuple(_figure(one, line) for one in wanted) for unit, line in lines.items()}


def _figure(one: TieBreak, line: UnitScore) -> Decimal:
    match one:
        case TieBreak.HEAVIER:
            return line.full
        case TieBreak.BONUS:
            return line.bonus
        case TieBreak.TARGETS:
            return line.targets or ZERO
        case TieBreak.DEDUCTION:
            return -line.deduction
        case TieBreak.EXCEEDED:
            return Decimal(sum(cell.used is not None and cell.used > cell.full for cell in line.items.values()))


def tie_words(scheme: Scheme, lines: Mapping[RecordId, UnitScore], unit: RecordId) -> str:
    """「同分单位2个,按加分多的在前排列」; "" where no total is equal."""
    own = lines[unit].total
    equal = [one for one, line in lines.items() if own is not None and line.total == own]
    if len(equal) < 2:
        return ""
    for place, one in enumerate(tie_breaks_of(scheme)):
        figures = {_figure(one, lines[other]) for other in equal}
        if len(figures) > 1:
            more = "等" if place + 1 < len(tie_breaks_of(scheme)) and len(figures) < len(equal) else ""
            return f"同分单位{len(equal)}个,按{one.label}{more}排列"
    return f"同分单位{len(equal)}个,名次并列"
