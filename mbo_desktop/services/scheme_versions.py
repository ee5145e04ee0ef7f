"""What is different in a scheme against last year's of the same group, in words (考核办法逐年版本)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mbo_desktop.domain.assessment import Scheme, SchemeItem
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.year_links import line_of, predecessors
from mbo_desktop.services.scheme_parameters import show_parameters
from mbo_desktop.services.score_engine import rules_of_scheme
from mbo_desktop.services.score_periods import show_periods
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import results as result_reads
from mbo_desktop.store.queries import scores as reads
from mbo_desktop.store.queries.scores import Head


@dataclass(frozen=True, slots=True)
class SchemeDifference:
    """One thing that changed: of an indicator, or (name "") of the scheme as a whole."""

    name: str
    what: str
    before: str
    now: str

    @property
    def words(self) -> str:
        """「工业投资 分值:50 → 60」, 「新增指标:绿化面积」."""
        head = f"{self.name} {self.what}" if self.name else self.what
        if not self.before or not self.now:
            return f"{head}:{self.now or self.before}" if self.what in ("新增指标", "取消指标") else f"{head}:{self.before or '无'} → {self.now or '无'}"
        return f"{head}:{self.before} → {self.now}"


def against_last_year(store: Store, scheme: RecordId) -> tuple[SchemeDifference, ...] | None:
    """Terms first, then indicators in printed order, those that are gone last; None without a scheme last year."""
    new = store.get(Scheme, scheme)
    old = next((one for one in store.all(Scheme, year=new.year - 1) if one.peer_group == new.peer_group), None)
    if old is None:
        return None
    return (*_terms(old, new), *_items(store, old, new))


def _listed(of: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda values: "、".join(of(one) for one in values)


def _amount(value: Any) -> str:
    return "" if value is None else canonical(value)


def _equal(item: SchemeItem) -> str:
    return "按总则" if item.equal is None else item.equal.label


def _label(one: Choice) -> str:
    return one.label


_TERMS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("scale", "满分折算为", _amount), ("digits", "总分小数位", str), ("target_weight", "目标得分权重%", _amount),
    ("components", "其他部分", _listed(lambda one: f"{one.name}{canonical(one.weight)}%"
                                  + (f"(满分{canonical(one.full)})" if one.full is not None else "") + ("(按最高分折算)" if one.by_best else ""))),
    ("parameters", "参数", show_parameters),
    ("targets_by_best", "目标得分按最高分折算", lambda value: "是" if value else "否"),
    ("total_by_best", "总分按最高分折算", lambda value: "是" if value else "否"),
    ("grades", "等次", _listed(lambda one: one.name + (f"≥{canonical(one.least)}" if one.least is not None else "")
                             + (f"(限{one.quota}个)" if one.quota is not None else f"(限{canonical(one.quota_share)}%)" if one.quota_share is not None else ""))),
    ("periods", "考核时段", show_periods), ("ties", "同分比较", _listed(_label)), ("steps", "程序", _listed(_label)),
    ("bonus_cap", "加分封顶", _amount), ("deduction_cap", "扣分封顶", _amount),
    ("bonus_categories", "各类加减分上限", _listed(lambda one: f"{one.name}{canonical(one.cap)}")),
    ("late_filing_points", "迟报每月扣", _amount), ("missed_filing_points", "未报每月扣", _amount),
    ("bonus_breaks_ties_only", "加分只比同分", lambda value: "是" if value else "否"),
    ("inspections_count", "督查扣分计入", lambda value: "是" if value else "否"),
    ("equal_given", "不得并列打分", _label),
    ("lowered_without_bonus", "调低的目标不加分", lambda value: "是" if value else "否"),
)


def _terms(old: Scheme, new: Scheme) -> list[SchemeDifference]:
    return [
        SchemeDifference("", label, show(getattr(old, field)), show(getattr(new, field)))
        for field, label, show in _TERMS if getattr(old, field) != getattr(new, field)
    ]


def _items(store: Store, old: Scheme, new: Scheme) -> list[SchemeDifference]:
    heads = reads.heads(store, new.year, [one.indicator for one in new.items])
    before = reads.heads(store, old.year, [one.indicator for one in old.items])
    links = predecessors(result_reads.year_indicators(store, (old.year, new.year)))
    items = {one.indicator: one for one in new.items}
    earlier = {one.indicator: one for one in old.items if one.indicator in before}
    rules, _broken = rules_of_scheme(new)
    old_rules, _broken = rules_of_scheme(old)
    found, used = [], set()
    for record, head in heads.items():
        twin = next((one for one in line_of(record, links) if one in earlier), None)
        if twin is None:
            found.append(SchemeDifference("", "新增指标", "", head.name))
            continue
        used.add(twin)
        found += _of_item(
            head, before[twin], items[record], earlier[twin], _sentence(rules, record), _sentence(old_rules, twin)
        )
    return found + [
        SchemeDifference("", "取消指标", head.name, "") for record, head in before.items() if record not in used
    ]


def _sentence(rules: Mapping[RecordId, Any], record: RecordId) -> str:
    return rules[record].sentence() if record in rules else "规则读不出"


def _of_item(
    head: Head, before: Head, now: SchemeItem, then: SchemeItem, rule: str, old_rule: str
) -> list[SchemeDifference]:
    pairs = (
        ("分值", _amount(then.points if then.points is not None else before.points),
         _amount(now.points if now.points is not None else head.points)),
        ("规则", old_rule, rule), ("不承担的单位", then.missing.label, now.missing.label),
        ("封顶", _amount(then.cap), _amount(now.cap)), ("小数位", str(then.digits), str(now.digits)),
        ("不得并列", _equal(then), _equal(now)),
        ("分期", "是" if then.by_period else "否", "是" if now.by_period else "否"),
    )
    return [SchemeDifference(head.name, what, old, new) for what, old, new in pairs if old != new]
