"""Rules of a scheme that compare units with each other where there is nothing to compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.scoring.facts import ZERO, Facts
from mbo_desktop.domain.scoring.group_sense import GroupDoubt, compared_figures, group_doubt
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import scores as reads


def group_doubts(
    store: Store, scheme: Scheme, rules: Mapping[RecordId, Any]
) -> dict[RecordId, GroupDoubt]:
    """By indicator, why its comparison within the group tells nothing.

    Of the figures the year's results count, else the last month's.
    """
    relative = [one for one, rule in rules.items() if compared_figures(rule)]
    if not relative:
        return {}
    units = [one.id for one in reads.members(store, scheme.year, scheme.peer_group)]
    rows = [row for row in reads.cells(store, relative, units) if not row.is_na]
    month = max(reads.reported_months(store, scheme.year), default=12)
    figures = reads.counted_figures(store, [row.target for row in rows], month)
    carriers: dict[RecordId, list[Facts]] = {one: [] for one in relative}
    for row in rows:
        said = figures.get(row.target)
        actual = row.actual if row.actual is not None or said is None else said.amount
        carriers[row.indicator].append(Facts(full=ZERO, actual=actual, base=row.last_year))
    found = {one: group_doubt(rules[one], listed) for one, listed in carriers.items()}
    return {one: doubt for one, doubt in found.items() if doubt is not None}
