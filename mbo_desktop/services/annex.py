"""The annex of an agreement: the live list of a unit's targets, and how it differs from what was issued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from mbo_desktop.domain.adjustments import (
    Adjustment,
    AdjustmentKind,
    AdjustmentState,
    CorrectedField,
    Correction,
    in_order,
    paper_of,
)
from mbo_desktop.domain.agreements import Agreement, AnnexRow, Snapshot
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.joint import Consent, JointDuty
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Category, CategoryAxis, Indicator, Target
from mbo_desktop.domain.plausibility import GROWTHS, main_part
from mbo_desktop.domain.quantity import canonical, show
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.services.allocation_annex import tasks_of_posts, tasks_of_units
from mbo_desktop.services.joint_targets import lead_note, support_note
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued as argued_reads
from mbo_desktop.store.queries import framework as framework_reads
from mbo_desktop.store.queries import matrix as matrix_reads


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of an annex row that reads otherwise now than when it was issued."""

    indicator: str
    field: str
    """Chinese label: 目标值, 分值, …; 「新增指标」 or 「已取消」 for whole rows."""
    issued: str
    now: str
    basis: str = ""
    """The adjustment or correction it comes from; empty for an edit without paper."""
    is_correction: bool = False
    """The basis is a correction (更正), which is no adjustment."""

    @property
    def sentence(self) -> str:
        """「工业投资 目标值:52 → 60(2006-05-20调高(示政〔2006〕12号))」."""
        text = f"{self.indicator} {self.field}:{self.issued or '(空)'} → {self.now or '(空)'}"
        return f"{text}({self.basis})" if self.basis else text


_COMPARED = (
    ("计量单位", "unit_of_measure"),
    ("上年实绩", "last_year"),
    ("目标值", "target"),
    ("力争目标", "stretch"),
    ("分值", "points"),
    ("评分标准", "scoring_text"),
    ("考核部门", "certifying"),
    ("备注", "note"),
)


def annex_rows(store: Store, year: int, unit: RecordId) -> tuple[AnnexRow, ...]:
    """The unit's targets as they would be printed now, in printed order; N/A ones left out."""
    return annexes(store, year, (unit,)).get(unit, ())


def annexes(
    store: Store, year: int, units: Sequence[RecordId]
) -> dict[RecordId, tuple[AnnexRow, ...]]:
    """`annex_rows` of many units at once; units without targets are absent.

    Behind a unit's own targets stand the parts of others' targets that were given to it.
    """
    order = framework_reads.indicator_ids(store, year, framework_reads.FrameworkFilter())
    places = {record: place for place, record in enumerate(order)}
    targets = store.get_many(Target, matrix_reads.target_ids_of_year(store, year, units))
    by_unit: dict[RecordId, list[Target]] = defaultdict(list)
    notes = _joint_parts(store, year, units, by_unit)
    for target in targets.values():
        if target.value is None or not target.value.is_not_applicable:
            by_unit[target.unit].append(target)
    used = {target.indicator for listed in by_unit.values() for target in listed}
    indicators = store.get_many(Indicator, tuple(used))
    categories = {
        c.id: c.name for c in store.all(Category, year=year, axis=CategoryAxis.CATEGORY)
    }
    result = {}
    for unit, listed in by_unit.items():
        listed.sort(key=lambda target: places.get(target.indicator, len(places)))
        result[unit] = tuple(
            _row(
                number, indicators[target.indicator], target, categories,
                notes.get((target.indicator, target.unit, unit), ""), own=target.unit == unit,
            )
            for number, target in enumerate(listed, start=1)
        )
    for unit, tasks in tasks_of_units(store, year, units).items():
        first = result.get(unit, ())
        result[unit] = first + tuple(
            replace(row, number=len(first) + place) for place, row in enumerate(tasks, start=1)
        )
    return result


def live_rows(
    store: Store, records: Iterable[Agreement]
) -> dict[RecordId, tuple[AnnexRow, ...]]:
    """The annex of each agreement, unit's or person's, as it would be printed now; by agreement."""
    by_year: dict[int, list[Agreement]] = defaultdict(list)
    for record in records:
        by_year[record.year].append(record)
    found: dict[RecordId, tuple[AnnexRow, ...]] = {}
    for year, listed in by_year.items():
        units = [one.unit for one in listed if one.post is None]
        posts = [one.post for one in listed if one.post is not None]
        of_units = annexes(store, year, units) if units else {}
        of_posts = tasks_of_posts(store, year, posts) if posts else {}
        for one in listed:
            rows = of_units.get(one.unit, ()) if one.post is None else of_posts.get(one.post, ())
            found[one.id] = rows
    return found


def total_points(rows: Sequence[AnnexRow]) -> Decimal | None:
    """The sum of the points, None when no row has any."""
    points = [row.points for row in rows if row.points is not None]
    return sum(points, Decimal(0)) if points else None


def differences(snapshot: Snapshot, rows: Sequence[AnnexRow]) -> tuple[Difference, ...]:
    """What the live rows say otherwise than the snapshot; empty when they agree."""
    issued, live = _keyed(snapshot.rows), _keyed(rows)
    found = []
    for key, old in issued.items():
        new = live.get(key)
        if new is None:
            found.append(Difference(old.indicator, "已取消", old.target, ""))
            continue
        for label, field in _COMPARED:
            before, after = _text(getattr(old, field)), _text(getattr(new, field))
            if before != after:
                found.append(Difference(old.indicator, label, before, after))
    found += [
        Difference(row.indicator, "新增指标", "", row.target)
        for key, row in live.items()
        if key not in issued
    ]
    return tuple(found)


def _keyed(rows: Sequence[AnnexRow]) -> dict[tuple[str, int], AnnexRow]:
    """Rows by name; the second of the same name apart from the first."""
    seen: dict[str, int] = defaultdict(int)
    keyed = {}
    for row in rows:
        keyed[row.indicator, seen[row.indicator]] = row
        seen[row.indicator] += 1
    return keyed


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return canonical(value)
    return "" if value is None else str(value)


_JointNotes = dict[tuple[RecordId, RecordId, RecordId], str]
"""By indicator, lead unit, and the unit in whose annex it stands."""


def _joint_parts(
    store: Store, year: int, units: Sequence[RecordId], by_unit: dict[RecordId, list[Target]]
) -> _JointNotes:
    """Put the lead units' targets under those that support them; the notes of both sides."""
    ids = argued_reads.joint_ids(store, year=year, units=units)
    if not ids:
        return {}
    parts = store.get_many(JointDuty, ids)
    grouped: dict[tuple[RecordId, RecordId], list[JointDuty]] = defaultdict(list)
    for part in (parts[record] for record in ids if record in parts):
        grouped[part.indicator, part.lead].append(part)
    # The whole list of supporting units is wanted, not only those asked for.
    for row, lead in list(grouped):
        found = store.get_many(JointDuty, argued_reads.joint_ids(store, row=row, lead=lead))
        grouped[row, lead] = list(found.values())
    named = {unit for listed in grouped.values() for part in listed for unit in (part.unit, part.lead)}
    names = {
        record: unit.short_name or unit.name
        for record, unit in store.get_many(Unit, tuple(named)).items()
    }
    records = matrix_reads.target_ids(
        store, list({key[0] for key in grouped}), list({key[1] for key in grouped})
    )
    leads = {(one.indicator, one.unit): one for one in store.get_many(Target, records).values()}
    notes: _JointNotes = {}
    wanted = set(units)
    for (row, lead), listed in grouped.items():
        target = leads.get((row, lead))
        if target is None or (target.value is not None and target.value.is_not_applicable):
            continue
        notes[row, lead, lead] = lead_note(listed, names)
        for part in listed:
            if part.unit in wanted and part.consent is not Consent.REFUSED:
                by_unit[part.unit].append(target)
                notes[row, lead, part.unit] = support_note(part, names)
    return notes


def with_bases(
    store: Store, year: int, unit: RecordId, found: Sequence[Difference]
) -> tuple[Difference, ...]:
    """The differences with the adjustment or correction that each comes from."""
    if not found:
        return ()
    ids = list(argued_reads.adjustment_ids(
        store, year, states=(AdjustmentState.APPROVED,), owner=unit
    ))
    joint = store.get_many(JointDuty, argued_reads.joint_ids(store, year=year, units=(unit,)))
    for part in joint.values():
        if part.unit == unit:
            ids += argued_reads.adjustment_ids(
                store, year, states=(AdjustmentState.APPROVED,), owner=part.lead, row=part.indicator
            )
    lying = in_order(store.get_many(Adjustment, ids).values())
    mended = store.get_many(Correction, argued_reads.correction_ids(store, year=year, owner=unit))
    rows = {one.indicator for one in lying} | {one.indicator for one in mended.values()}
    names = {record: one.name for record, one in store.get_many(Indicator, tuple(rows)).items()}
    papers: dict[tuple[str, str], tuple[str, bool]] = {}
    for one in mended.values():
        if one.revoked_on is None:
            label = "备注" if one.field is CorrectedField.DUE else one.field.label
            papers[names.get(one.indicator, ""), label] = (
                f"{one.on.isoformat()}更正,{one.approved_by}批准", True
            )
    for adjusted in lying:
        papers[names.get(adjusted.indicator, ""), _ADJUSTED_FIELDS.get(adjusted.kind, "目标值")] = (
            paper_of(adjusted), False
        )
    explained = []
    for difference in found:
        basis, mended_so = papers.get((difference.indicator, difference.field), ("", False))
        explained.append(replace(difference, basis=basis, is_correction=mended_so))
    return tuple(explained)


_ADJUSTED_FIELDS = {
    AdjustmentKind.ADD: "新增指标", AdjustmentKind.WITHDRAW: "已取消",
    AdjustmentKind.DEADLINE: "备注", AdjustmentKind.POINTS: "分值", AdjustmentKind.PERSON: "责任人",
}


def _row(
    number: int, indicator: Indicator, target: Target, categories: dict[RecordId, str],
    joint: str, *, own: bool,
) -> AnnexRow:
    """own False: a joint target in the annex of a supporting unit, whose points are the lead's."""
    unit = indicator.unit_of_measure
    last_year = target.last_year
    category = categories.get(indicator.category, "") if indicator.category is not None else ""
    return AnnexRow(
        number=number,
        category=category,
        indicator=indicator.name,
        unit_of_measure=unit,
        last_year="" if last_year is None else show(last_year, indicator.decimals),
        target=show_target(target.value, unit_shown_in_header=unit),
        stretch=show_target(target.stretch, unit_shown_in_header=unit),
        points=None if not own else (
            indicator.points if target.points is None else target.points
        ),
        scoring_text=indicator.scoring_text,
        certifying=indicator.certifying_text,
        note=";".join(part for part in (_note(target) if own else "", joint) if part),
    )


def _note(target: Target) -> str:
    """The target's own note, its deadline, and the part that counts where it is the growth rate."""
    parts = [target.note] if target.note else []
    if target.due is not None:
        parts.append(f"{target.due.month}月{target.due.day}日前完成")
    value = target.value
    if (
        value is not None
        and len(value.parts) > 1
        and value.counted.form in GROWTHS
        and main_part(value) is not None
    ):
        parts.append("按增长率考核")
    return ";".join(parts)
