"""What the months tell: scaffolding (棚架), who lags and why, a unit beside the best of its group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Judged, Light, judge
from mbo_desktop.domain.progress import Comparison, measure, percent
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.services import comparison, offices
from mbo_desktop.services.progress_lights import planned_amount
from mbo_desktop.services.progress_standing import Known, counted_figure, known
from mbo_desktop.services.reporting_rules import light_rule, rules_of
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as reads
from mbo_desktop.store.queries import progress_side as side
from mbo_desktop.store.queries.progress import Figure, Sought


@dataclass(frozen=True, slots=True)
class StaleRow:
    """A target on the 棚架 list: reported, but nothing moves and nothing proves it."""

    subject: RecordId
    title: str
    unit: RecordId
    unit_label: str
    amount: Decimal | None
    since: int
    """The month from which on the figure has not changed."""
    months: int
    is_decomposed: bool

    @property
    def reason(self) -> str:
        """In words, as the list prints it."""
        stands = "进展文字" if self.amount is None else f"累计{show(self.amount)}"
        below = "已分解到下级" if self.is_decomposed else "未分解到下级"
        return f"{stands}自{self.since}月起{self.months}个月没有变化,无佐证材料,从未核实,{below}。"


@dataclass(frozen=True, slots=True)
class GapRow:
    """One indicator of a unit beside the others (对照先进找差距); shares in %, amounts in its unit."""

    subject: RecordId
    title: str
    unit_of_measure: str
    target: Decimal | None
    planned: Decimal | None
    actual: Decimal | None
    share: Decimal | None
    judged: Judged
    growth: Decimal | None
    """Against the same months of last year, in %."""
    rank: int | None
    """Place of the share within the group; None where it cannot be compared."""
    ranked: int
    best_unit: str
    best_share: Decimal | None
    group_mean: Decimal | None
    outside: str
    """Against the province and neighbours, in words."""


def stale(store: Store, year: int, month: int) -> tuple[StaleRow, ...]:
    """Targets reported on whose figure has stood still for the months of the rules, in official order.

    Left out: those with evidence that was not refused, those that were ever verified on the
    spot, those whose year's target stands, N/A ones, and rates and caps, which may well stand.
    """
    rules = rules_of(store, year)
    span = rules.stale_months
    if month - rules.first_month < span:
        return ()
    ids = reads.subject_ids(store, year, Sought())
    said = reads.figures(store, ids, tuple(range(1, month + 1)))
    counts = reads.counts(store, ids, month)
    by_subject: dict[RecordId, dict[int, Sequence[Figure]]] = {}
    for (subject, at), figures in said.items():
        by_subject.setdefault(subject, {})[at] = figures
    suspects: dict[RecordId, tuple[Figure, int]] = {}
    for subject, months in by_subject.items():
        if counts.get(subject, (0, 0))[0] or any(
            one.kind is FigureKind.VERIFIED for figures in months.values() for one in figures
        ):
            continue
        found = _standing_since(months, month)
        if found is not None and month - found[1] >= span:
            suspects[subject] = found
    listed = known(store, rules, month, [one for one in ids if one in suspects])
    decomposed = side.decomposed(store, list(listed))
    rows = []
    for record, one in listed.items():
        figure, since = suspects[record]
        standing = one.situation.standing
        moves = standing.comparison in (Comparison.CUMULATIVE, Comparison.STAGES)
        if not moves or not one.situation.applicable or measure(standing).reached:
            continue
        rows.append(StaleRow(
            record, one.subject.title, one.subject.unit, one.subject.unit_label, figure.amount,
            since, month - since, record in decomposed,
        ))
    return tuple(rows)


def _standing_since(
    months: Mapping[int, Sequence[Figure]], month: int
) -> tuple[Figure, int] | None:
    """The newest figure and the first month since which it says the same; None when it is not of the span."""
    told = {
        at: one for at, figures in months.items()
        if (one := counted_figure({f.kind: f for f in figures})) is not None
    }
    if not told:
        return None
    last = told[max(told)]
    since = max(told)
    for at in sorted(told, reverse=True):
        same = (told[at].amount, told[at].physical, told[at].text) == (
            last.amount, last.physical, last.text
        )
        if not same:
            break
        since = at
    return last, since


@dataclass(frozen=True, slots=True)
class GapBasis:
    """What the gaps of many units are told from, read once for all of them."""

    outside: Mapping[RecordId, str]
    shares: Mapping[RecordId, Mapping[RecordId, Fraction]]
    """By indicator and unit: the share reached so far."""


def gap_basis(store: Store, year: int, month: int) -> GapBasis:
    """The basis for `gaps` of more than a few units."""
    ids = reads.subject_ids(store, year, Sought())
    shares: dict[RecordId, dict[RecordId, Fraction]] = {}
    for one in known(store, rules_of(store, year), month, ids).values():
        share = measure(one.situation.standing).actual_share
        if share is not None:
            shares.setdefault(one.subject.indicator, {})[one.subject.unit] = share
    return GapBasis(_outside(store, year), shares)


def _outside(store: Store, year: int) -> dict[RecordId, str]:
    return {row.indicator: row.gap_text for row in comparison.rows(store, year)}


def gaps(
    store: Store, year: int, month: int, unit: RecordId, basis: GapBasis | None = None
) -> tuple[GapRow, ...]:
    """One unit's indicators beside the best of its 考核分组, last year, province and neighbours."""
    rules = rules_of(store, year)
    own = known(store, rules, month, reads.subject_ids(store, year, Sought(unit=unit)))
    # Units below this one have pages of their own.
    own = {record: one for record, one in own.items() if one.subject.unit == unit}
    group = _group_of(store, unit)
    outside = _outside(store, year) if basis is None else basis.outside
    rule = light_rule(rules)
    indicators = {one.subject.indicator for one in own.values()}
    if basis is None:
        peers = _peers(store, year, month, group, indicators)
    else:
        peers = {
            row: {at: (share, group[at]) for at, share in basis.shares.get(row, {}).items() if at in group}
            for row in indicators
        }
    rows = []
    for record, one in own.items():
        judged = judge(one.situation, rule)
        if judged.light is Light.NOT_APPLICABLE:
            continue
        standing = one.situation.standing
        others = peers.get(one.subject.indicator, {})
        share = judged.measured.actual_share
        better = standing.comparison is not Comparison.CAP
        ranked = sorted((value for value, _ in others.values()), reverse=better)
        best = max(others.values(), key=lambda pair: pair[0] if better else -pair[0], default=None)
        mean = sum(ranked, Fraction(0)) / len(ranked) if ranked else None
        rows.append(GapRow(
            record, one.subject.title, one.subject.unit_of_measure, standing.target,
            planned_amount(one), standing.actual, percent(share), judged,
            percent(judged.measured.growth),
            None if share is None or not ranked else ranked.index(share) + 1, len(ranked),
            best[1] if best else "", percent(best[0]) if best else None, percent(mean),
            outside.get(one.subject.indicator, ""),
        ))
    return tuple(rows)


def _group_of(store: Store, unit: RecordId) -> dict[RecordId, str]:
    """Units of the same 考核分组 with their names in tables."""
    group = offices.unit_row(store, unit).peer_group
    return {one.id: one.short_name for one in offices.units_in_order(store, peer_group=group)}


def _peers(
    store: Store, year: int, month: int, group: Mapping[RecordId, str],
    indicators: set[RecordId],
) -> dict[RecordId, dict[RecordId, tuple[Fraction, str]]]:
    """By indicator and unit of the group: the share reached so far, with the unit's name."""
    rules = rules_of(store, year)
    ids = side.targets_of(store, list(indicators), list(group))
    found: dict[RecordId, dict[RecordId, tuple[Fraction, str]]] = {}
    one: Known
    for one in known(store, rules, month, ids).values():
        share = measure(one.situation.standing).actual_share
        if share is not None:
            found.setdefault(one.subject.indicator, {})[one.subject.unit] = (
                share, group[one.subject.unit]
            )
    return found
