"""What is wrong or doubtful in a scheme, said before anybody is scored by it (domain notes §4, §9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.grading import GradeRule
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Year
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.scoring.group_sense import GroupDoubt
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.services.fact_book import codes_of
from mbo_desktop.services.group_checks import group_doubts
from mbo_desktop.services.procedure import dissolved_words
from mbo_desktop.services.scheme_items import TO_CONFIRM
from mbo_desktop.services.score_conversion import looks_at_best
from mbo_desktop.services.score_engine import rules_of_scheme
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import scores as reads
from mbo_desktop.store.queries.scores import Head

_AMOUNTS = frozenset({"ratio", "steps", "bands", "control", "efficacy", "anchored"})
_WORDED = (TargetForm.TEXT, TargetForm.CONDITION, TargetForm.MILESTONE, TargetForm.PROJECT)
_LISTED = 3


def problems_of(store: Store, scheme: Scheme) -> tuple[str, ...]:
    """In words, most serious first."""
    heads = reads.heads(store, scheme.year, [one.indicator for one in scheme.items])
    members = reads.members(store, scheme.year, scheme.peer_group)
    taking_no_part = {one.unit for one in scheme.left_out}
    units = [one.id for one in members if one.id not in taking_no_part]
    rules, broken = rules_of_scheme(scheme)
    found = [f"{heads[one].name}:{why}" for one, why in broken.items() if one in heads]
    gone = sum(one.indicator not in heads for one in scheme.items)
    if gone:
        found.append(f"{gone}项指标已从目标体系中删除")
    found += _points(store, scheme, heads, units)
    found += _rules(heads, rules, group_doubts(store, scheme, rules))
    found += _quotas(scheme, len(units))
    if len(units) == 1 and looks_at_best(scheme):
        found.append("本组只有1个单位,按最高分折算总是满分")
    found += _own_judges(store, scheme, heads, {one.id: one.label for one in members})
    found += [
        f"{one.name}仍在考核名单中:{words}" for one in store.get_many(Unit, units).values()
        if (words := dissolved_words(store, one))
    ]
    if any(mark in scheme.peer_group for mark in "、,，;；"):
        found.append(f"考核分组“{scheme.peer_group}”像是写了几个组:一个单位只在一个考核分组里排名,请在“机构人员”中改为其中一个")
    waiting = sum(TO_CONFIRM in one.note for one in scheme.items)
    if waiting:
        found.append(f"{waiting}项计分规则待确认")
    return tuple(found)


def unit_sums(
    store: Store, scheme: Scheme, heads: dict[RecordId, Head], units: list[RecordId]
) -> tuple[dict[RecordId, Decimal], set[RecordId]]:
    """Points that each unit's targets add up to, and carried indicators without points."""
    items = {one.indicator: one for one in scheme.items if one.indicator in heads}
    sums: dict[RecordId, Decimal] = {}
    without: set[RecordId] = set()
    for row in reads.cells(store, list(items), units):
        points = next((
            one for one in (row.points, items[row.indicator].points, heads[row.indicator].points)
            if one is not None
        ), None)
        if points is None and not row.is_na:
            without.add(row.indicator)
        # 缺项 keep their points in the sum: they are converted, not left out of the sheet.
        sums[row.unit] = sums.get(row.unit, Decimal(0)) + (points or Decimal(0))
    return sums, without


def sum_words(store: Store, scheme: RecordId) -> str:
    """「各单位分值合计100」, and where they differ 「各单位分值合计92.5—100」."""
    found = store.get(Scheme, scheme)
    heads = reads.heads(store, found.year, [one.indicator for one in found.items])
    taking_no_part = {one.unit for one in found.left_out}
    units = [one.id for one in reads.members(store, found.year, found.peer_group) if one.id not in taking_no_part]
    sums = sorted(set(unit_sums(store, found, heads, units)[0].values()))
    if not sums:
        return ""
    if len(sums) == 1:
        return f"各单位分值合计{canonical(sums[0])}"
    return f"各单位分值合计{canonical(sums[0])}—{canonical(sums[-1])}"


def _points(
    store: Store, scheme: Scheme, heads: dict[RecordId, Head], units: list[RecordId]
) -> list[str]:
    """Units whose points do not add up to the declared sum; indicators without points."""
    declared = next((one.declared_points for one in store.all(Year, number=scheme.year)), None)
    sums, without = unit_sums(store, scheme, heads, units)
    found = []
    if without:
        found.append(f"{len(without)}项指标没有分值:{_listed([head.name for one, head in heads.items() if one in without])}")
    if declared is not None:
        labels = {one.id: one.label for one in reads.members(store, scheme.year, scheme.peer_group)}
        wrong = [f"{labels[unit]}{canonical(total)}" for unit, total in sums.items() if total != declared]
        if wrong:
            found.append(f"分值合计不是{canonical(declared)}的单位{len(wrong)}个:{_listed(wrong)}")
    return found


def _rules(
    heads: dict[RecordId, Head], rules: dict[RecordId, Any], doubts: dict[RecordId, GroupDoubt]
) -> list[str]:
    found = []
    for record, rule in rules.items():
        head = heads.get(record)
        if head is None:
            continue
        codes = codes_of(rule)
        if record in doubts:
            found.append(f"{head.name}:{doubts[record].text}")
        if head.form in _WORDED and codes <= _AMOUNTS:
            found.append(f"{head.name}:{head.form.label}目标没有数值,不能{rule.label}")
        lower = head.form is TargetForm.AT_MOST or head.direction is Direction.LOWER
        if lower and rule.code == "ratio":
            found.append(f"{head.name}:反向指标不能按完成率计分")
        if head.form is TargetForm.RANGE and codes & {"ratio", "control", "met"}:
            found.append(f"{head.name}:区间目标应按区间计分")
    return found


def _quotas(scheme: Scheme, members: int) -> list[str]:
    """Shares that leave no place in so small a group: nobody could have the grade."""
    return [
        f"{one.name}名额{canonical(one.quota_share)}%,本组{members}个单位不足1个,没有单位能评{one.name};办法另有规定的,把名额改为个数"
        for one in scheme.grades
        if one.quota_share and GradeRule(one.name, one.least, one.quota_share, one.quota).places(members) == 0
    ]


def _own_judges(
    store: Store, scheme: Scheme, heads: dict[RecordId, Head], labels: dict[RecordId, str]
) -> list[str]:
    """自己考自己: units that alone certify an indicator they carry."""
    certifiers = {
        one: units[0] for one, units in reads.certifiers(store, list(heads)).items() if len(units) == 1
    }
    if not certifiers:
        return []
    carrying = {(row.indicator, row.unit) for row in reads.cells(
        store, list(certifiers), [unit for unit in certifiers.values() if unit in labels]
    )}
    listed = [f"{labels[unit]}“{heads[one].name}”" for one, unit in certifiers.items() if (one, unit) in carrying]
    return [f"{len(listed)}项由被考核单位自己核定:{_listed(listed)}"] if listed else []


def _listed(names: list[str]) -> str:
    return "、".join(names[:_LISTED]) + (f"等{len(names)}个" if len(names) > _LISTED else "")
