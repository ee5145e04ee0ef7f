"""What an office settled about dockets: the ladder of colours and the usual limits by source (domain notes §5.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mbo_desktop.domain.docket_flow import DEFAULT_COLOURS
from mbo_desktop.domain.dockets import DayKind, SourceLimit, Urgency
from mbo_desktop.domain.inspections import MatterSource
from mbo_desktop.domain.reports import ReportingRules
from mbo_desktop.errors import InputError
from mbo_desktop.services import sealing
from mbo_desktop.services.reporting_rules import rules_of
from mbo_desktop.store.database import Store

_LONGEST = 365
_MOST_COLOURS = 5
_S = MatterSource
USUAL_LIMITS = (
    SourceLimit(_S.MEETING, 20), SourceLimit(_S.INSTRUCTION, 15), SourceLimit(_S.REPORT, 30),
    SourceLimit(_S.SUPERIOR, 5, DayKind.WORKING), SourceLimit(_S.PROPOSAL, 30),
    SourceLimit(_S.PUBLIC, 5, DayKind.WORKING), SourceLimit(_S.PROGRESS, 7),
    SourceLimit(_S.COORDINATION, 7), SourceLimit(_S.INSPECTION, 15), SourceLimit(_S.PLAN, 30),
    SourceLimit(_S.OTHER, 7),
)
"""As published offices have them; each year may have its own."""
URGENT_DAYS = {Urgency.URGENT: 3, Urgency.MOST_URGENT: 1}
"""急件 3 days, 特急件 随到随办."""


def colours(store: Store, year: int) -> tuple[str, ...]:
    """The ladder of the year from mild to sharp; 蓝, 橙, 红 where nothing was set."""
    return rules_of(store, year).docket_colours or DEFAULT_COLOURS


def limits(store: Store, year: int) -> dict[MatterSource, SourceLimit]:
    """The usual limit of every source."""
    found = {one.source: one for one in USUAL_LIMITS}
    return found | {one.source: one for one in rules_of(store, year).docket_limits}


def limit_for(
    store: Store, year: int, source: MatterSource, urgency: Urgency = Urgency.PLAIN
) -> SourceLimit:
    """What a docket is usually given; what is urgent has its own few calendar days."""
    usual = limits(store, year)[source]
    if urgency in URGENT_DAYS:
        return SourceLimit(source, URGENT_DAYS[urgency], DayKind.CALENDAR)
    return usual


def read_colours(text: str) -> tuple[str, ...]:
    """「蓝、橙、红」 → the ladder; InputError for fewer than two, doubles, or more than five."""
    for mark in ",,;;":
        text = text.replace(mark, "、")
    found = tuple(one.strip().removesuffix("色") for one in text.split("、") if one.strip())
    if not 2 <= len(found) <= _MOST_COLOURS:
        raise InputError("督办颜色要写2到5种。", "请由轻到重写,例如 蓝、橙、红。")
    if len(set(found)) < len(found):
        raise InputError("督办颜色有重复。", "请由轻到重各写一次。")
    return found


def set_rules(
    store: Store, year: int, ladder: Sequence[str], wanted: Sequence[SourceLimit]
) -> None:
    """Settle the year's ladder and limits; InputError for a limit of no day or above a year."""
    sealing.refuse_sealed(store, year)
    for one in wanted:
        if not 1 <= one.days <= _LONGEST:
            raise InputError(f"“{one.source.label}”的时限{one.days}天不可用。", "请填1到365天。")
    ladder = read_colours("、".join(ladder))
    own = tuple(one for one in wanted if one not in USUAL_LIMITS)
    old = rules_of(store, year)
    with store.change("设置督办颜色和时限") as change:
        change.put(replace(
            old, id=change.named(ReportingRules, year), docket_limits=own,
            docket_colours=() if ladder == DEFAULT_COLOURS else ladder,
        ))
