"""Scores and figures that are given: self, certified, reviewed, final side by side, with who, when, on which basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from mbo_desktop import clock
from mbo_desktop.domain.assessment import GivenScore, Scheme, ScoreKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.quantity import canonical, read_number
from mbo_desktop.errors import InputError
from mbo_desktop.services import equal_scores
from mbo_desktop.services.equal_scores import Typed
from mbo_desktop.services.scheme_state import changeable
from mbo_desktop.services.score_components import check_answers
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

MOST_POINTS = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class GivenEdit:
    """One typed cell: points of a kind for a unit's indicator."""

    unit: RecordId
    indicator: RecordId
    kind: ScoreKind
    text: str
    basis: str = ""


def set_points(
    store: Store, scheme: RecordId, unit: RecordId, subject: RecordId | str, kind: ScoreKind,
    text: str, basis: str = "",
) -> None:
    """Points as typed for an indicator, or (a name) for a component; "" takes them back.

    InputError for what is no number, for points below 0 or beyond a component's scale, for points
    another unit of the group has where the scheme forbids it.
    """
    _refuse_equal(store, scheme, Typed(unit, subject, kind, text))
    with store.change(f"录入{kind.label}") as change:
        found = changeable(store, change.get(Scheme, scheme))
        record, made = _subject(change, found, unit, subject, kind)
        _put(change, found, record, made, kind, text, basis, store.operator)


def put_within(store: Store, change: Change, scheme: RecordId, edit: GivenEdit) -> None:
    """Points as part of a larger step; "" takes them back. InputError as in `set_points`."""
    _refuse_equal(store, scheme, Typed(edit.unit, edit.indicator, edit.kind, edit.text))
    found = changeable(store, change.get(Scheme, scheme))
    record, made = _subject(change, found, edit.unit, edit.indicator, edit.kind)
    _put(change, found, record, made, edit.kind, edit.text, edit.basis, store.operator)


def set_block(store: Store, scheme: RecordId, edits: list[GivenEdit]) -> dict[int, str]:
    """Many cells as one step; the reasons of those not written, by position."""
    refused: dict[int, str] = {}
    with store.change(f"录入分数 {len(edits)}格") as change:
        found = changeable(store, change.get(Scheme, scheme))
        refused |= equal_scores.refused(store, found, [Typed(one.unit, one.indicator, one.kind, one.text) for one in edits])
        for place, edit in enumerate(edits):
            if place in refused:
                continue
            try:
                record, made = _subject(change, found, edit.unit, edit.indicator, edit.kind)
                _put(change, found, record, made, edit.kind, edit.text, edit.basis, store.operator)
            except InputError as error:
                refused[place] = f"{error.what}{error.todo}"
    return refused


def set_counts(
    store: Store, scheme: RecordId, unit: RecordId, subject: RecordId | str,
    counts: Mapping[str, Decimal | int], *, kind: ScoreKind = ScoreKind.CERTIFIED, basis: str = "",
) -> None:
    """Events, node states or ballots by name; an empty mapping says that nothing happened.

    InputError for negative counts, and for ballots that are no whole numbers.
    """
    for name, number in counts.items():
        if number < 0:
            raise InputError(f"“{name}”的次数{number}是负数。", "请填0或大于0的数。")
        if not name.strip() or "=" in name:
            raise InputError(f"“{name}”不能作为名称。", "名称不能为空,也不能含等号。")
    if isinstance(subject, str):
        component = next((one for one in store.get(Scheme, scheme).components if one.name == subject), None)
        if component is not None:
            check_answers([name.strip() for name in counts], component)
    said = tuple(f"{name.strip()}={canonical(Decimal(number))}" for name, number in counts.items())
    _set(store, scheme, unit, subject, kind, f"录入{kind.label}次数", counts=said, basis=basis)


def set_ballots(
    store: Store, scheme: RecordId, part: str, ballots: Mapping[RecordId, Mapping[str, Decimal]], *, basis: str = "",
) -> None:
    """Ballots of many units for a part of the total, as one step; they take the place of points given before.

    No answer with a number: the unit's ballots are taken back. InputError for a number that counts no ballots.
    """
    for counts in ballots.values():
        for answer, number in counts.items():
            if number < 0 or number != int(number):
                raise InputError(f"“{answer}”的票数{number}不是票数。", "请填0或大于0的整数。")
    with store.change(f"录入{part}票数 {len(ballots)}个单位") as change:
        found = changeable(store, change.get(Scheme, scheme))
        for one in found.components:
            if one.name == part:
                check_answers({name.strip() for counts in ballots.values() for name in counts}, one)
        for unit, counts in ballots.items():
            record, made = _subject(change, found, unit, part, ScoreKind.CERTIFIED)
            there = change.find(GivenScore, record)
            if not counts:
                if there is not None:
                    change.delete(record)
                continue
            said = tuple(f"{answer}={canonical(number)}" for answer, number in counts.items())
            old = there or made
            change.put(replace(
                old, counts=said, points=None, by=store.operator, on=clock.today(), basis=basis.strip() or old.basis,
            ))


def set_word(
    store: Store, scheme: RecordId, unit: RecordId, subject: RecordId | str, word: str, *,
    kind: ScoreKind = ScoreKind.CERTIFIED, basis: str = "",
) -> None:
    """A state or grade in a word (完成, A, 按时) for a rule that scores by it."""
    _set(store, scheme, unit, subject, kind, f"录入{kind.label}认定", word=word.strip(), basis=basis)


def take_back(
    store: Store, scheme: RecordId, unit: RecordId, subject: RecordId | str, kind: ScoreKind
) -> None:
    """Take what was given away altogether; its history stays."""
    with store.change(f"撤回{kind.label}") as change:
        found = changeable(store, change.get(Scheme, scheme))
        record, _made = _subject(change, found, unit, subject, kind)
        if change.find(GivenScore, record) is not None:
            change.delete(record)


def _set(
    store: Store, scheme: RecordId, unit: RecordId, subject: RecordId | str, kind: ScoreKind,
    label: str, *, basis: str, counts: tuple[str, ...] | None = None, word: str | None = None,
) -> None:
    with store.change(label) as change:
        found = changeable(store, change.get(Scheme, scheme))
        record, made = _subject(change, found, unit, subject, kind)
        there = change.find(GivenScore, record)
        old = there or made
        if word == "" and not old.counts and old.points is None:
            # An empty record would say that nothing happened; a word taken back says nothing.
            if there is not None:
                change.delete(record)
            return
        change.put(replace(
            old, counts=old.counts if counts is None else counts, word=old.word if word is None else word,
            by=store.operator, on=clock.today(), basis=basis.strip() or old.basis,
        ))


def _refuse_equal(store: Store, scheme: RecordId, typed: Typed) -> None:
    said = equal_scores.refused(store, store.get(Scheme, scheme), [typed])
    if said:
        what, _, todo = said[0].partition("。")
        raise InputError(f"{what}。", todo)


def _subject(
    change: Change, scheme: Scheme, unit: RecordId, subject: RecordId | str, kind: ScoreKind
) -> tuple[RecordId, GivenScore]:
    """The record of a given score, and it empty; InputError for what is not in the scheme."""
    if isinstance(subject, str):
        if all(one.name != subject for one in scheme.components):
            raise InputError(f"考核方案中没有“{subject}”。", "请先在方案中设置组成部分和权重。")
        of, name = scheme.id, subject
    else:
        if all(one.indicator != subject for one in scheme.items):
            raise InputError("考核方案中没有这个指标。", "请先把指标加入方案。")
        of, name = change.named(Target, subject, unit), ""
        if change.find(Target, of) is None:
            raise InputError("该单位没有承担这个指标。", "请先下达目标,再评分。")
    record = change.named(GivenScore, of, unit, name, kind)
    return record, GivenScore(id=record, subject=of, unit=unit, name=name, kind=kind)


def _put(
    change: Change, scheme: Scheme, record: RecordId, made: GivenScore, kind: ScoreKind, text: str,
    basis: str, who: str,
) -> None:
    old = change.find(GivenScore, record)
    text = text.strip().removesuffix("分")
    if not text:
        if old is not None and not old.counts and not old.word:
            change.delete(record)
        elif old is not None:
            change.put(replace(old, points=None, basis=basis.strip() or old.basis))
        return
    points = read_number(text)
    if points < 0:
        raise InputError(f"分数“{text}”是负数。", "请填0或大于0的数;扣分请记入扣分项。")
    if points > MOST_POINTS:
        raise InputError(f"分数“{text}”过大。", "请核对是否多输了位数。")
    own = next((one.full for one in scheme.components if one.name == made.name), None)
    full = scheme.scale if own is None else own
    if made.name and full is not None and points > full:
        raise InputError(f"“{made.name}”{text}分超过满分{canonical(full)}分。", "请按满分折算后再填。")
    change.put(replace(
        old or made, points=points, by=who, on=clock.today(), basis=basis.strip() or (old.basis if old else ""),
    ))
