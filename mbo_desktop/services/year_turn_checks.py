"""上年情况: what is still open in the year that ends; the office may go on knowingly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mbo_desktop import clock
from mbo_desktop.domain.adjustments import AdjustmentState
from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.planning import YearState
from mbo_desktop.services import agreements, sealing, session
from mbo_desktop.services.adjustment_lists import count_adjustments
from mbo_desktop.services.objections import objections
from mbo_desktop.services.scheme_state import sealing_done
from mbo_desktop.services.year_turn_reading import TurnReading
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import framework as framework_reads
from mbo_desktop.store.queries import year_turn as reads

_SETTLED = (AgreementState.ISSUER_SIGNED, AgreementState.ARCHIVED)
FIRST_MONTH, LAST_MONTH = 12, 3
"""From December on the coming year is offered, until March the present one."""


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """Something of last year that is not settled, and the room where it is."""

    text: str
    count: int
    room: str


def open_ends(store: Store, reading: TurnReading) -> tuple[OpenEnd, ...]:
    """What is open in last year, in the order in which it is usually settled; nothing: all is settled."""
    last = reading.last
    schemes = store.all(Scheme, year=last)
    unsealed = sum(not sealing_done(one) for one in schemes)
    waiting = sum(one.objection.decided_on is None for one in objections(store, last))
    asked = count_adjustments(store, last, states=(AdjustmentState.REQUESTED,))
    states = agreements.state_counts(store, last)
    unsigned = sum(many for state, many in states.items() if state is not None and state not in _SETTLED)
    lacking = sum(one.wanted and not one.is_certified for one in reading.actuals.values())
    found = (
        OpenEnd("{}项目标没有核定的实绩,不能转为基数", lacking, "planning"),
        OpenEnd("{}项目标的完成情况尚未认定", reading.undecided, "planning"),
        OpenEnd("{}个考核分组的结果没有封存", unsealed, "assessment"),
        OpenEnd("{}件申诉没有复核结论", waiting, "assessment"),
        OpenEnd("{}项目标调整申请没有批复", asked, "planning"),
        OpenEnd("{}份责任书没有签完", unsigned, "agreements"),
        OpenEnd("{}件督查事项没有办结,年度封存后不能再办理,在新年度列为“上年结转”", reads.open_dockets(store, last), "inspections"),
    )
    ends = [OpenEnd(one.text.format(one.count), one.count, one.room) for one in found if one.count]
    if not sealing.is_sealed(store, last):
        ends.append(OpenEnd(f"{last}年度还没有封存", 1, "planning"))
    return tuple(ends)


def offered(store: Store, today: date | None = None) -> tuple[int, int] | None:
    """(last, next) when the year is about to turn and the next one has no indicators; None otherwise."""
    day = today or clock.today()
    years = {row.number: row.state for row in session.years(store)}
    filled = framework_reads.years_with_indicators(store)
    if day.month >= FIRST_MONTH:
        last = day.year
    elif day.month <= LAST_MONTH:
        last = day.year - 1
    else:
        return None
    if last not in filled or last + 1 in filled or years.get(last + 1) is YearState.CLOSED:
        return None
    return last, last + 1


def suggested(store: Store, year: int) -> tuple[int, int]:
    """(last, next) to begin with: as the time of year says, else from the year looked at or into it when it is empty."""
    turn = offered(store)
    if turn is not None:
        return turn
    filled = framework_reads.years_with_indicators(store)
    return (year - 1, year) if year not in filled and year - 1 in filled else (year, year + 1)
