"""Items of a scheme: the rule proposed for an indicator, its sentence, its worked example, its edits."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.assessment import EqualScores, Scheme, SchemeItem
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.scoring.attainment import Control, Met, Range, Ratio
from mbo_desktop.domain.scoring.facts import Facts
from mbo_desktop.domain.scoring.formula import check as check_formula
from mbo_desktop.domain.scoring.item import Item, MissingPolicy, explain
from mbo_desktop.domain.scoring.reading import Proposal, propose
from mbo_desktop.domain.scoring.rule import from_data, to_data
from mbo_desktop.domain.scoring.tallies import Events, Given, Grade, Milestones
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.errors import InputError
from mbo_desktop.services import sealing
from mbo_desktop.services.scheme_parameters import KNOWN_NAMES, formulas, parameters_of
from mbo_desktop.services.scheme_state import changeable
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import scores as reads
from mbo_desktop.store.queries.scores import Head

TO_CONFIRM = "待确认"
"""Stands in an item's note until somebody looked at the proposed rule."""
_WORDED = Grade((
    ("完成", Decimal(1)), ("超额完成", Decimal(1)), ("基本完成", Decimal("0.8")), ("未完成", Decimal(0)),
))


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of a scheme, ready to show."""

    indicator: RecordId
    name: str
    category: str
    unit_of_measure: str
    points: Decimal | None
    own_points: bool
    """Points are the indicator's own, not set in the scheme."""
    rule: Any
    """None: the stored rule cannot be read, `problem` says why."""
    label: str
    """Name of the method."""
    sentence: str
    scoring_text: str
    """The office's own words."""
    confirmed: bool
    digits: int
    missing: MissingPolicy
    cap: Decimal | None
    note: str
    example: str
    problem: str
    by_period: bool = False
    equal: EqualScores | None = None
    """Whether equal points are allowed; None: as the scheme says."""


def proposed_item(head: Head) -> SchemeItem:
    """An item with the rule that the office's words, else the indicator's form, propose; to be confirmed."""
    rule, from_words = proposed_rule(head)
    why = "按评分标准文字提出" if from_words else "按目标形式提出"
    return SchemeItem(
        head.id, json.dumps(to_data(rule), ensure_ascii=False, sort_keys=True),
        note=f"{TO_CONFIRM}:{why}",
    )


def proposed_rule(head: Head) -> tuple[Any, bool]:
    """The rule for an indicator, and whether the office's words gave it."""
    read = _read_words(head)
    rule = read.rule
    is_worded = head.form in (TargetForm.TEXT, TargetForm.CONDITION)
    lower = head.form is TargetForm.AT_MOST or head.direction is Direction.LOWER
    fits = (
        rule is not None
        # 「完成得基本分,未完成不得分」 about a text target is told by its 认定, not by amounts.
        and not (is_worded and not isinstance(rule, Given | Events | Grade))
        and not (lower and isinstance(rule, Ratio))
        # Words that reward more do not fit a control target, and the other way round.
        and (read.below_is_better is None or read.below_is_better is lower)
    )
    return (rule, True) if fits else (_by_form(head), False)


def _read_words(head: Head) -> Proposal:
    """The proposal for the indicator's points; without points only a rule that does not rest on them."""
    if head.points:
        return propose(head.scoring_text, head.points, head.unit_of_measure, head.name)
    one, other = (propose(head.scoring_text, full, head.unit_of_measure, head.name) for full in _ANY_POINTS)
    # 「扣该项分值的5%」 is 5 points of 100 and nothing of an item whose points nobody typed yet.
    return one if one.rule == other.rule else Proposal(None, "", head.scoring_text)


_ANY_POINTS = (Decimal(100), Decimal(37))


def _by_form(head: Head) -> Any:
    if head.form in (TargetForm.TEXT, TargetForm.CONDITION):
        return _WORDED
    if head.form in (TargetForm.MILESTONE, TargetForm.PROJECT):
        return Milestones()
    if head.form is TargetForm.RANGE:
        return Range(loss=Decimal(1))
    if head.form is TargetForm.RANK:
        return Met()
    if head.form is TargetForm.AT_MOST or head.direction is Direction.LOWER:
        return Control()
    return Ratio()


def item_rows(store: Store, scheme: RecordId) -> tuple[ItemRow, ...]:
    """The scheme's items in printed order, with the rule in words and a worked example."""
    found = store.get(Scheme, scheme)
    heads = reads.heads(store, found.year, [one.indicator for one in found.items])
    items = {one.indicator: one for one in found.items}
    values = parameters_of(found)
    return tuple(_row(items[record], head, values) for record, head in heads.items())


def _row(item: SchemeItem, head: Head, values: Mapping[str, Decimal]) -> ItemRow:
    rule, problem = None, ""
    try:
        rule = from_data(json.loads(item.rule))
    except (InputError, ValueError) as error:
        problem = error.what if isinstance(error, InputError) else "计分规则读不出来。"
    points = head.points if item.points is None else item.points
    return ItemRow(
        head.id, head.name, head.category, head.unit_of_measure, points, item.points is None, rule,
        "" if rule is None else rule.label, "" if rule is None else rule.sentence(),
        head.scoring_text, TO_CONFIRM not in item.note, item.digits, item.missing, item.cap,
        item.note, "" if rule is None else worked_example(rule, points, head, item, values), problem, item.by_period,
        item.equal,
    )


def worked_example(
    rule: Any, points: Decimal | None, head: Head, item: SchemeItem | None = None,
    parameters: Mapping[str, Decimal] | None = None,
) -> str:
    """「例:目标100,实绩110,…;得10.50分。」: the rule on round figures; "" where it needs others."""
    lower = head.form is TargetForm.AT_MOST or head.direction is Direction.LOWER
    rate = head.unit_of_measure in ("%", "‰")
    target, actual, base = (Decimal(80), Decimal(82), Decimal(75)) if rate else (
        Decimal(100), Decimal(95 if lower else 110), Decimal(90))
    facts = Facts(
        points or Decimal(10), target, actual, base, unit=1, is_rate=rate, lower_is_better=lower,
        unit_of_measure=head.unit_of_measure, named=parameters or {},
    )
    rivals = [
        replace(facts, unit=place, actual=actual * (10 - place) / 9) for place in range(2, 5)
    ]
    digits = 2 if item is None else item.digits
    cap = None if item is None else item.cap
    try:
        said = explain(Item(rule, digits, cap=cap), facts, [facts, *rivals])
    except InputError:
        return ""
    if said.startswith("缺少"):
        return ""
    return f"例:分值{facts.full:f},目标{target:f},实绩{actual:f},上年{base:f}:{said}"


def set_item(
    store: Store, scheme: RecordId, indicator: RecordId, *, rule: Any = None,
    points: Decimal | str | None = "", digits: int | None = None,
    missing: MissingPolicy | None = None, cap: Decimal | str | None = "", note: str | None = None,
    confirmed: bool | None = None, by_period: bool | None = None, equal: EqualScores | str | None = "",
) -> None:
    """Change one item; a rule that is set counts as confirmed. "" leaves points, cap and equal as they are.

    InputError for negative points, a formula that cannot be, digits outside 0–6.
    """
    with store.change("修改计分规则") as change:
        old = changeable(store, change.get(Scheme, scheme))
        items = {one.indicator: one for one in old.items}
        item = items.get(indicator)
        if item is None:
            raise InputError("考核方案中没有这个指标。", "请先把指标加入方案。")
        if rule is not None:
            check_rule(rule, frozenset(parameters_of(old)))
            text = json.dumps(to_data(rule), ensure_ascii=False, sort_keys=True)
            item = replace(item, rule=text, note=_confirmed(item.note))
        if not isinstance(points, str):
            if points is not None and points < 0:
                raise InputError(f"分值“{points:f}”是负数。", "请填0或大于0的数。")
            item = replace(item, points=points)
            if rule is None and TO_CONFIRM in item.note:
                item = _proposed_again(store, old.year, item)
        if not isinstance(cap, str):
            item = replace(item, cap=cap)
        if digits is not None:
            if not 0 <= digits <= 6:
                raise InputError(f"小数位数“{digits}”应在0到6之间。", "请改正。")
            item = replace(item, digits=digits)
        plain: dict[str, Any] = {"missing": missing, "note": note, "by_period": by_period}
        item = replace(item, **{name: value for name, value in plain.items() if value is not None})
        if equal is None or isinstance(equal, EqualScores):
            item = replace(item, equal=equal)
        if confirmed is not None:
            item = replace(item, note=_confirmed(item.note) if confirmed else f"{TO_CONFIRM}:{_confirmed(item.note)}".rstrip(":"))
        items[indicator] = item
        change.put(replace(old, items=tuple(items.values())))


def set_scoring_text(store: Store, scheme: RecordId, indicator: RecordId, text: str) -> None:
    """The office's words for an indicator; a rule that nobody confirmed is proposed anew from them."""
    with store.change("修改评分标准") as change:
        old = changeable(store, change.get(Scheme, scheme))
        _put_words(store, change, indicator, text)
        change.put(replace(old, items=tuple(
            _proposed_again(store, old.year, one, text.strip())
            if one.indicator == indicator and TO_CONFIRM in one.note else one for one in old.items
        )))


def _proposed_again(store: Store, year: int, item: SchemeItem, text: str | None = None) -> SchemeItem:
    """The item with the rule that its words propose for its points as they are now."""
    head = reads.heads(store, year, [item.indicator])[item.indicator]
    words = head.scoring_text if text is None else text
    if text is None and not words:
        return item
    fresh = proposed_item(replace(head, scoring_text=words, points=head.points if item.points is None else item.points))
    return replace(item, rule=fresh.rule, note=fresh.note)


def _put_words(store: Store, change: Change, indicator: RecordId, text: str) -> None:
    sealing.refuse_sealed_indicators(store, (indicator,))
    change.put(replace(change.get(Indicator, indicator), scoring_text=text.strip()))


def set_rule(
    store: Store, scheme: RecordId, indicators: Collection[RecordId], rule: Any, words: Mapping[RecordId, str] | None = None,
) -> int:
    """One rule for several items, as one step; how many took it. InputError for a formula that cannot be.

    words: what the office wrote, by indicator, where it was typed with the rule.
    """
    text = json.dumps(to_data(rule), ensure_ascii=False, sort_keys=True)
    with store.change(f"修改计分规则 {len(indicators)}项" if len(indicators) > 1 else "修改计分规则") as change:
        old = changeable(store, change.get(Scheme, scheme))
        check_rule(rule, frozenset(parameters_of(old)))
        for indicator, own in (words or {}).items():
            _put_words(store, change, indicator, own)
        change.put(replace(old, items=tuple(
            replace(one, rule=text, note=_confirmed(one.note)) if one.indicator in indicators else one
            for one in old.items
        )))
    return sum(one.indicator in indicators for one in old.items)


def confirm_all(store: Store, scheme: RecordId, indicators: Collection[RecordId] | None = None) -> int:
    """Take every proposed rule (or those of some items) as looked at; how many were."""
    with store.change("确认计分规则") as change:
        old = changeable(store, change.get(Scheme, scheme))
        taken = [one.indicator for one in old.items
                 if TO_CONFIRM in one.note and (indicators is None or one.indicator in indicators)]
        change.put(replace(old, items=tuple(
            replace(one, note=_confirmed(one.note)) if one.indicator in taken else one for one in old.items
        )))
    return len(taken)


def remove_item(store: Store, scheme: RecordId, indicator: RecordId) -> None:
    """Take an indicator out of the scheme; it is then not scored."""
    with store.change("从考核方案去掉指标") as change:
        old = changeable(store, change.get(Scheme, scheme))
        change.put(replace(old, items=tuple(one for one in old.items if one.indicator != indicator)))


def _confirmed(note: str) -> str:
    if TO_CONFIRM not in note:
        return note
    head, _, tail = note.partition(TO_CONFIRM)
    _, _, rest = tail.partition(";")
    return (head + rest).strip(";: ")


def check_rule(rule: Any, parameters: frozenset[str] = frozenset()) -> None:
    """Raises InputError for a rule that cannot be stored and read again, or a formula that cannot be worked out.

    parameters: names of the scheme's own figures.
    """
    from_data(to_data(rule))
    for formula in formulas(rule):
        check_formula(formula.text, KNOWN_NAMES | parameters)


def is_given(rule: Any) -> bool:
    """Whether points are given by somebody, not computed."""
    return isinstance(rule, Given)
