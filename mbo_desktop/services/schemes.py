"""Schemes of assessment: one per year and 考核分组, made from what the group carries, copied, checked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.assessment import (
    AssessmentStep,
    GradeLine,
    Scheme,
    SchemeItem,
    StepDone,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Year
from mbo_desktop.domain.scoring.rule import to_data
from mbo_desktop.domain.year_links import line_of, predecessors
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import office_words, sealing
from mbo_desktop.services.procedure import check_due
from mbo_desktop.services.scheme_checks import problems_of, unit_sums
from mbo_desktop.services.scheme_items import TO_CONFIRM, proposed_item
from mbo_desktop.services.scheme_parameters import check_names, refuse_gone
from mbo_desktop.services.scheme_state import changeable, sealing_done
from mbo_desktop.services.score_conversion import looks_at_best
from mbo_desktop.services.score_engine import rules_of_scheme
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import results as result_reads
from mbo_desktop.store.queries import scores as reads

USUAL_GRADES = (
    GradeLine("优秀", Decimal(90), Decimal(30)), GradeLine("良好", Decimal(80)),
    GradeLine("合格", Decimal(60)), GradeLine("不合格"),
)
"""Threshold 90/80/60 with at most 30 % 优秀 (domain notes §3.7)."""


@dataclass(frozen=True, slots=True)
class SchemeRow:
    """A group of units of the year with its scheme; id None: none made yet."""

    id: RecordId | None
    peer_group: str
    units: int
    items: int
    points: Decimal
    """What the targets of most of the units add up to."""
    declared: Decimal | None
    problems: tuple[str, ...]
    to_confirm: int = 0
    is_sealed: bool = False


def schemes(store: Store, year: int) -> tuple[SchemeRow, ...]:
    """Every group with targets in the year, in official order, and schemes whose group is gone."""
    found = {one.peer_group: one for one in store.all(Scheme, year=year)}
    members: dict[str, list[RecordId]] = {}
    for one in reads.members(store, year):
        members.setdefault(one.group, []).append(one.id)
    declared = next((one.declared_points for one in store.all(Year, number=year)), None)
    heads = reads.heads(store, year)
    rows = []
    for group in dict.fromkeys((*members, *found)):
        units = members.get(group, [])
        scheme = found.get(group)
        if scheme is None:
            carried = reads.carried_indicators(store, year, units)
            rows.append(SchemeRow(None, group, len(units), len(carried), Decimal(0), declared, ()))
            continue
        left = {one.unit for one in scheme.left_out}
        units = [one for one in units if one not in left]
        sums, _without = unit_sums(store, scheme, heads, units)
        points = Counter(sums.values()).most_common(1)[0][0] if sums else Decimal(0)
        rows.append(SchemeRow(
            scheme.id, group, len(units), len(scheme.items), points, declared,
            problems(store, scheme.id), sum(TO_CONFIRM in one.note for one in scheme.items),
            sealing_done(scheme),
        ))
    return tuple(rows)


def make_scheme(store: Store, year: int, peer_group: str) -> RecordId:
    """A scheme of all indicators the group carries, each with a proposed rule to be confirmed.

    NotAllowedError when the year is sealed or the group has one; InputError for a group without targets.
    """
    sealing.refuse_sealed(store, year)
    shown = office_words.group(store, peer_group)
    units = [one.id for one in reads.members(store, year, peer_group)]
    if not units:
        raise InputError(f"“{shown}”在{year}年度没有承担目标的单位。", "请先下达目标,或核对考核分组。")
    carried = reads.carried_indicators(store, year, units)
    heads = [one for one in reads.heads(store, year).values() if one.id in carried]
    with store.change(f"建立考核方案“{shown}”") as change:
        record = change.named(Scheme, year, peer_group)
        if change.find(Scheme, record) is not None:
            raise NotAllowedError(f"{year}年度“{shown}”已有考核方案。", "请在原方案上修改。")
        change.put(Scheme(
            id=record, year=year, peer_group=peer_group, name=f"{year}年度{shown}目标考核方案",
            items=tuple(proposed_item(one) for one in heads), grades=USUAL_GRADES,
        ))
    return record


def delete_scheme(store: Store, scheme: RecordId) -> None:
    """Take a scheme away; NotAllowedError when its results are sealed."""
    with store.change("删除考核方案") as change:
        change.delete(changeable(store, change.get(Scheme, scheme)).id)


def add_new_indicators(store: Store, scheme: RecordId) -> int:
    """Add indicators that the group carries since the scheme was made; how many."""
    found = changeable(store, store.get(Scheme, scheme))
    units = [one.id for one in reads.members(store, found.year, found.peer_group)]
    carried = reads.carried_indicators(store, found.year, units)
    there = {one.indicator for one in found.items}
    new = [one for one in reads.heads(store, found.year).values() if one.id in carried and one.id not in there]
    if new:
        with store.change(f"考核方案增加指标 {len(new)}项") as change:
            change.put(replace(found, items=(*found.items, *(proposed_item(one) for one in new))))
    return len(new)


_FACTS = frozenset(one.name for one in fields(Scheme)) - {"id", "year", "peer_group", "items", "done"}


def set_facts(store: Store, scheme: RecordId, **facts: Any) -> None:
    """Change what belongs to the scheme as a whole; InputError for weights that do not add up and the like."""
    unknown = facts.keys() - _FACTS
    if unknown:
        raise TypeError(f"a scheme has no {min(unknown)}")
    with store.change("修改考核方案") as change:
        old = changeable(store, change.get(Scheme, scheme))
        new = replace(old, **facts)
        check(new)
        refuse_gone(old, new, rules_of_scheme(new)[0].values())
        change.put(new)


def check(scheme: Scheme) -> None:
    """Raises InputError for what cannot be: weights, thresholds, caps, digits."""
    if scheme.components:
        weights = scheme.target_weight + sum((one.weight for one in scheme.components), Decimal(0))
        if weights != 100:
            raise InputError(f"各部分权重合计{weights:f}%,不是100%。", "请调整权重。")
        names = [one.name for one in scheme.components]
        if len(set(names)) != len(names) or not all(name.strip() for name in names):
            raise InputError("组成部分的名称为空或重复。", "请改正名称。")
    elif scheme.target_weight != 100:
        raise InputError(f"没有其他组成部分时,目标的权重应为100%,现为{scheme.target_weight:f}%。", "请改为100。")
    check_grades(scheme.grades)
    for value, name in ((scheme.scale, "满分"),):
        if value is not None and value <= 0:
            raise InputError(f"{name}“{value:f}”应大于0。", "请改正。")
    for value, name in ((scheme.bonus_cap, "加分上限"), (scheme.deduction_cap, "扣分上限"),
                        (scheme.late_filing_points, "迟报扣分"), (scheme.missed_filing_points, "未报扣分")):
        if value is not None and value < 0:
            raise InputError(f"{name}“{value:f}”是负数。", "请填0或大于0的数。")
    check_names([one.name for one in scheme.parameters])
    _check_full_marks(scheme)
    _check_categories(scheme)
    _check_periods(scheme)
    check_due(scheme.due)
    if not 0 <= scheme.digits <= 6:
        raise InputError(f"小数位数“{scheme.digits}”应在0到6之间。", "请改正。")


def check_grades(grades: Sequence[GradeLine]) -> None:
    """Raises InputError for thresholds that do not fall, or that leave a unit without a grade."""
    lines = [one.least for one in grades if one.least is not None]
    if lines != sorted(lines, reverse=True) or len(set(lines)) != len(lines):
        raise InputError("等次的分数线不是从高到低。", "请按从好到差的顺序填写。")
    if grades and grades[-1].least is not None:
        raise InputError("最后一个等次不能有分数线,否则低于它的单位没有等次。", "请清空最后一个等次的分数线。")


def _check_full_marks(scheme: Scheme) -> None:
    """What is converted needs full marks to be converted to."""
    own = next((one for one in scheme.components if one.full is not None and one.full <= 0), None)
    if own is not None:
        raise InputError(f"“{own.name}”的满分“{own.full:f}”应大于0。", "请改正。")
    converted = looks_at_best(scheme) or any(one.full is not None for one in scheme.components)
    if converted and scheme.scale is None:
        raise InputError("没有填“满分折算为”,不知道折算成多少分。", "请填写满分,如100,或取消按最高分折算和各部分自己的满分。")


def _check_categories(scheme: Scheme) -> None:
    names = [one.name.strip() for one in scheme.bonus_categories]
    if len(set(names)) != len(names) or not all(names) or any(one.cap < 0 for one in scheme.bonus_categories):
        raise InputError("加减分类别的名称为空、重复,或上限是负数。", "请改正。")


def _check_periods(scheme: Scheme) -> None:
    if not scheme.periods:
        return
    months = [one.month for one in scheme.periods]
    if months != sorted(set(months)) or not months[0] >= 1 or months[-1] != _YEAR_END:
        raise InputError("各考核时段应按月份先后排列、不重复,最后一个是全年(12月)。", "请改正时段。")
    weights = sum((one.weight for one in scheme.periods), Decimal(0))
    if weights != 100:
        raise InputError(f"各考核时段权重合计{weights:f}%,不是100%。", "请调整权重。")


_YEAR_END = 12


def set_step(store: Store, scheme: RecordId, done: StepDone | None, step: AssessmentStep) -> None:
    """Say that a step of the procedure was done, or (None) that it was not; sealing is its own act."""
    if step is AssessmentStep.SEAL:
        raise NotAllowedError("封存不能在步骤中直接登记。", "请使用“封存结果”。")
    with store.change(f"登记“{step.label}”") as change:
        old = changeable(store, change.get(Scheme, scheme))
        kept = tuple(one for one in old.done if one.step is not step)
        change.put(replace(old, done=kept if done is None else (*kept, done)))


def copy_from_last_year(store: Store, year: int) -> tuple[str, ...]:
    """Schemes of groups that have none yet, as last year's; what could not be taken over, in words.

    Items follow their indicator by name or `continues`; new indicators get a proposed rule.
    """
    sealing.refuse_sealed(store, year)
    earlier = {one.peer_group: one for one in store.all(Scheme, year=year - 1)}
    if not earlier:
        raise InputError(f"{year - 1}年度没有考核方案。", "请新建方案。")
    there = {one.peer_group for one in store.all(Scheme, year=year)}
    links = predecessors(result_reads.year_indicators(store, (year - 1, year)))
    heads, said = reads.heads(store, year), []
    made: list[Scheme] = []
    with store.change(f"沿用{year - 1}年考核方案") as change:
        for group, old in earlier.items():
            units = [one.id for one in reads.members(store, year, group)]
            if group in there or not units:
                said.append(f"“{group}”" + ("已有方案,未改动" if group in there else "今年没有承担目标的单位"))
                continue
            items, gone, new = _items_of(old, heads, reads.carried_indicators(store, year, units), links)
            made.append(replace(
                old, id=change.named(Scheme, year, group), year=year, items=tuple(items), done=(),
                name=old.name.replace(str(year - 1), str(year)),
                # Days, papers and remarks are last year's own; they would mislead this year.
                due=(), left_out=(), basis="", note="",
            ))
            if gone or new:
                said.append(f"“{group}”:{gone}项指标今年没有,{new}项是新指标,计分规则待确认")
        change.put_all(made)
        then, now = change.find(Year, change.named(Year, year - 1)), change.find(Year, change.named(Year, year))
        if then is not None and now is not None and then.overall and not now.overall:
            change.put(replace(now, overall=then.overall))
    return tuple(said)


def _items_of(
    old: Scheme, heads: dict[RecordId, reads.Head], carried: dict[RecordId, int], links: Any
) -> tuple[list[SchemeItem], int, int]:
    before = {one.indicator: one for one in old.items}
    items, used, new = [], set(), 0
    for record, head in heads.items():
        if record not in carried:
            continue
        found = next((one for one in line_of(record, links) if one in before), None)
        if found is None:
            items.append(proposed_item(head))
            new += 1
        else:
            used.add(found)
            # This year's points are the indicator's own: last year's would hide them.
            items.append(replace(before[found], indicator=record, points=None))
    return items, len(before.keys() - used), new


def problems(store: Store, scheme: RecordId) -> tuple[str, ...]:
    """What is wrong or doubtful in a scheme, most serious first."""
    return problems_of(store, store.get(Scheme, scheme))


def rule_text(rule: Any) -> str:
    """A rule as it is stored in an item: canonical JSON."""
    return json.dumps(to_data(rule), ensure_ascii=False, sort_keys=True)


def versions(store: Store, year: int) -> Sequence[Scheme]:
    """The schemes of a year as records."""
    return store.all(Scheme, year=year)
