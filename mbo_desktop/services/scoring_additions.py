"""What is added to and taken off the targets' points, and the vetoes in force: bonuses, inspections, cases, late reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from mbo_desktop import clock
from mbo_desktop.domain.accountability import AccountabilityCase, CaseState
from mbo_desktop.domain.assessment import BonusItem, Scheme, Veto
from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import Finding
from mbo_desktop.domain.reports import Filing
from mbo_desktop.domain.scoring.facts import ZERO, shown
from mbo_desktop.services.reporting_rules import deadline, rules_of
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import filings as filing_reads
from mbo_desktop.store.queries import inspections as inspection_reads


@dataclass(frozen=True, slots=True)
class VetoMark:
    """A veto in force; record None: from a case or a what-if."""

    record: RecordId | None
    subject: str
    effect: VetoEffect
    organ: str = ""
    document: str = ""
    year: int = 0
    indicator: RecordId | None = None
    said: str = ""
    """The words as they were sealed."""

    @property
    def words(self) -> str:
        """「安全生产(市应急局,示政〔2020〕3号):取消评先资格」."""
        if self.said:
            return self.said
        papers = ",".join(one for one in (self.organ, self.document) if one)
        return f"{self.subject}{f'({papers})' if papers else ''}:{self.effect.label}"


@dataclass(frozen=True, slots=True)
class Addition:
    """A line of bonus or deduction; points are positive, counted is what of them counts."""

    text: str
    points: Decimal
    counted: Decimal
    record: RecordId | None = None
    why_less: str = ""


@dataclass(frozen=True, slots=True)
class Additions:
    """By unit: bonus lines, deduction lines, vetoes; caps are the scheme's."""

    bonuses: Mapping[RecordId, Sequence[Addition]]
    deductions: Mapping[RecordId, Sequence[Addition]]
    vetoes: Mapping[RecordId, Sequence[VetoMark]]
    bonus_cap: Decimal | None
    deduction_cap: Decimal | None

    def bonus_of(self, unit: RecordId) -> Decimal:
        """What is added, capped."""
        return _capped(self.bonuses.get(unit, ()), self.bonus_cap)

    def deduction_of(self, unit: RecordId) -> Decimal:
        """What is taken off, capped; positive."""
        return _capped(self.deductions.get(unit, ()), self.deduction_cap)


def _capped(lines: Iterable[Addition], cap: Decimal | None) -> Decimal:
    found = sum((one.counted for one in lines), ZERO)
    return found if cap is None else min(found, cap)


def read_additions(store: Store, scheme: Scheme, units: Sequence[RecordId]) -> Additions:
    """All bonuses, deductions and vetoes of these units in the scheme's year."""
    wanted = frozenset(units)
    items = [one for one in store.all(BonusItem, year=scheme.year) if one.unit in wanted]
    cases = [
        one for one in store.all(AccountabilityCase, year=scheme.year)
        if one.unit in wanted and one.effect is not None and one.state is not CaseState.DROPPED
    ]
    bonuses = once_each([one for one in items if one.points >= 0])
    deductions: dict[RecordId, list[Addition]] = once_each([one for one in items if one.points < 0])
    if scheme.bonus_categories:
        category_of = {one.id: one.category for one in items}
        caps = {one.name: one.cap for one in scheme.bonus_categories}
        for side in (bonuses, deductions):
            for unit, lines in side.items():
                side[unit] = within_categories(lines, category_of, caps)
    if scheme.inspections_count:
        _inspections(store, scheme.year, wanted, deductions)
        for case in cases:
            assert case.effect is not None
            assert case.unit is not None
            if case.effect.deduction:
                name = f"效能问责:{_title(store, case)}"
                points = case.effect.deduction
                deductions.setdefault(case.unit, []).append(Addition(name, points, points, case.id))
    if scheme.late_filing_points:
        _late(store, scheme, wanted, deductions)
    if scheme.missed_filing_points:
        _missed(store, scheme, wanted, deductions)
    vetoes = vetoes_in_force(store, scheme.year, wanted)
    for case in cases:
        assert case.effect is not None
        assert case.unit is not None
        if case.effect.is_veto:
            vetoes.setdefault(case.unit, []).append(VetoMark(
                None, f"效能问责:{_title(store, case)}", VetoEffect.DISQUALIFY,
                case.effect.decided_by, case.effect.paper, case.year,
            ))
    return Additions(bonuses, deductions, vetoes, scheme.bonus_cap, scheme.deduction_cap)


def _title(store: Store, case: AccountabilityCase) -> str:
    return case.title if not case.readers or store.operator in case.readers else "(限阅)"


def once_each(items: Iterable[BonusItem]) -> dict[RecordId, list[Addition]]:
    """Lines by unit: the same matter counts once, with the most points given for it."""
    found: dict[RecordId, list[Addition]] = {}
    best: dict[tuple[RecordId, str], BonusItem] = {}
    listed = sorted(items, key=lambda one: (-abs(one.points), one.id))
    for one in listed:
        best.setdefault((one.unit, one.matter.strip()), one)
    for one in listed:
        top = best[one.unit, one.matter.strip()]
        level = f"({one.level})" if one.level else ""
        points = abs(one.points)
        counts = one is top
        found.setdefault(one.unit, []).append(Addition(
            f"{one.matter}{level}", points, points if counts else ZERO, one.id,
            "" if counts else f"同一事项已按{top.level or '最高'}计{shown(abs(top.points))}分",
        ))
    return found


def within_categories(
    lines: Sequence[Addition], category_of: Mapping[RecordId, str], caps: Mapping[str, Decimal]
) -> list[Addition]:
    """A unit's lines, each category up to its own cap, the first ones first."""
    used: dict[str, Decimal] = {}
    made = []
    for one in lines:
        name = "" if one.record is None else category_of.get(one.record, "")
        cap = caps.get(name)
        if cap is None or not one.counted:
            made.append(one)
            continue
        left = max(cap - used.get(name, ZERO), ZERO)
        counted = min(one.counted, left)
        used[name] = used.get(name, ZERO) + counted
        said = "" if counted == one.counted else f"“{name}”以{shown(cap)}分为限,本项计{shown(counted)}分"
        made.append(replace(one, counted=counted, why_less=said))
    return made


def _inspections(
    store: Store, year: int, wanted: frozenset[RecordId], found: dict[RecordId, list[Addition]]
) -> None:
    proposed = {
        unit: lines for unit, lines in inspection_reads.deductions(store, year).items() if unit in wanted
    }
    findings = store.get_many(Finding, [record for lines in proposed.values() for record, _ in lines])
    for unit, lines in proposed.items():
        for record, points in lines:
            finding = findings.get(record)
            said = "" if finding is None else finding.deduction_reason or finding.text
            found.setdefault(unit, []).append(
                Addition(f"督查扣分:{said[:40]}" if said else "督查扣分", points, points, record)
            )


def _late(
    store: Store, scheme: Scheme, wanted: frozenset[RecordId], found: dict[RecordId, list[Addition]]
) -> None:
    rules, points = rules_of(store, scheme.year), scheme.late_filing_points or ZERO
    filings = sorted(store.all(Filing, year=scheme.year), key=lambda one: (one.unit, one.month))
    for one in filings:
        if one.unit not in wanted or one.received_on is None or one.excused or one.month < rules.first_month:
            continue
        days = (one.received_on - deadline(rules, one.month)).days
        if days > 0:
            found.setdefault(one.unit, []).append(
                Addition(f"{one.month}月报表迟报{days}天", points, points, one.id)
            )


def _missed(
    store: Store, scheme: Scheme, wanted: frozenset[RecordId], found: dict[RecordId, list[Addition]]
) -> None:
    """Months that others handed in and a unit did not, once the last day is over; excused ones are left out."""
    rules, points = rules_of(store, scheme.year), scheme.missed_filing_points or ZERO
    filings = store.all(Filing, year=scheme.year)
    collected = {one.month for one in filings if one.received_on is not None}
    excused = {(one.unit, one.month) for one in filings if one.excused}
    for month in sorted(collected):
        if month < rules.first_month or clock.today() <= deadline(rules, month):
            continue
        for one in filing_reads.facts(store, scheme.year, month):
            if one.unit in wanted and one.received_on is None and not one.reported and (one.unit, month) not in excused:
                found.setdefault(one.unit, []).append(Addition(f"{month}月报表未报", points, points))


def vetoes_in_force(
    store: Store, year: int, units: frozenset[RecordId], *, on: date | None = None
) -> dict[RecordId, list[VetoMark]]:
    """Vetoes that count in a year, those of earlier years that last so long too, revoked ones left out.

    on: the day by which a revocation counts; None: any.
    """
    found: dict[RecordId, list[VetoMark]] = {}
    for one in sorted(store.all(Veto), key=lambda veto: (veto.year, veto.id)):
        if one.unit not in units or not one.year <= year < one.year + one.years:
            continue
        if one.revoked_on is not None and (on is None or one.revoked_on <= on):
            continue
        found.setdefault(one.unit, []).append(VetoMark(
            one.id, one.subject, one.effect, one.organ, one.document, one.year, one.indicator,
        ))
    return found
