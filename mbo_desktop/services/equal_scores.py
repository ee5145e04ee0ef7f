"""不得并列打分: which units of a group were given the same score, where a regulation forbids it (domain notes §3.5 [S46])."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.assessment import EqualScores, GivenScore, Scheme, SchemeItem, ScoreKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical, read_number
from mbo_desktop.domain.scoring.facts import rounded
from mbo_desktop.errors import InputError
from mbo_desktop.services.fact_book import COUNTING, FactBook, codes_of
from mbo_desktop.services.score_board import ItemCell, ScoreBoard, UnitScore
from mbo_desktop.services.score_engine import rules_of_scheme
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import scores as reads

Place = RecordId | str
"""An indicator, or (its name) a part of the total."""


@dataclass(frozen=True, slots=True)
class EqualFound:
    """Units of a group with the same score where none may have it."""

    place: Place
    name: str
    points: Decimal
    units: tuple[RecordId, ...]
    labels: tuple[str, ...]
    rule: EqualScores

    @property
    def words(self) -> str:
        """「领导评价:甲县、乙县同为90分,办法规定不得并列」."""
        return f"{self.name}:{'、'.join(self.labels)}同为{canonical(self.points)}分,办法规定不得并列"


def rule_of_item(scheme: Scheme, item: SchemeItem, rule: Any) -> EqualScores:
    """What holds for an indicator: its own setting, else the scheme's where its points are given."""
    if item.equal is not None:
        return item.equal
    return scheme.equal_given if rule is not None and "given" in codes_of(rule) else EqualScores.ALLOWED


def equals_of(board: ScoreBoard) -> tuple[EqualFound, ...]:
    """Equal scores that may not be, indicators in printed order before parts of the total; none of a sealed board."""
    scheme = board.scheme
    if board.sealed or (scheme.equal_given is EqualScores.ALLOWED and all(one.equal is None for one in scheme.items)):
        return ()
    found: list[EqualFound] = []
    for head in board.indicators:
        rule = rule_of_item(scheme, board.book.items[head.id], board.book.rules.get(head.id))
        if rule is not EqualScores.ALLOWED:
            points = {
                line.unit: cell.used for line in board.units
                if (cell := line.items.get(head.id)) is not None and cell.used is not None and _is_judged(cell)
            }
            found += _equal(head.id, head.name, points, board.units, rule)
    if scheme.equal_given is not EqualScores.ALLOWED:
        for part in scheme.components:
            given = {
                line.unit: amount for line in board.units
                if (amount := _given_points(board.book, line.unit, part.name)) is not None
            }
            found += _equal(part.name, part.name, given, board.units, scheme.equal_given)
    return tuple(found)


def _is_judged(cell: ItemCell) -> bool:
    """Whether somebody's judgement stands in the cell, not the 0 of a veto or the policy for units without the task."""
    return cell.counts and not cell.problem


def _equal(
    place: Place, name: str, points: Mapping[RecordId, Decimal], lines: Sequence[UnitScore], rule: EqualScores
) -> list[EqualFound]:
    by_points: dict[Decimal, list[UnitScore]] = {}
    for line in lines:
        if line.unit in points:
            by_points.setdefault(points[line.unit], []).append(line)
    return [
        EqualFound(place, name, amount, tuple(one.unit for one in same), tuple(one.label for one in same), rule)
        for amount, same in sorted(by_points.items(), reverse=True) if len(same) > 1
    ]


def _given_points(book: FactBook, unit: RecordId, part: str) -> Decimal | None:
    """Points that were given for a part and count; ballots that were counted may come out equal."""
    given = book.components.get((unit, part), {})
    counting = next((given[kind] for kind in COUNTING if kind in given), None)
    return None if counting is None else counting.points


# At the typing ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """Points as they are typed: whose, for what, of which kind; text "" takes them back."""

    unit: RecordId
    place: Place
    kind: ScoreKind
    text: str


def refused(store: Store, scheme: Scheme, typed: Sequence[Typed]) -> dict[int, str]:
    """Why points may not be given because another unit has them, by position; points that trade places may.

    What a unit says of itself is not held against others; what is no number is refused elsewhere.
    """
    rules, _broken = rules_of_scheme(scheme)
    items = {one.indicator: one for one in scheme.items}
    found: dict[int, str] = {}
    places: dict[tuple[Place, ScoreKind], list[int]] = {}
    for at, one in enumerate(typed):
        if one.kind is ScoreKind.SELF:
            continue
        if isinstance(one.place, str):
            rule = scheme.equal_given
        else:
            item = items.get(one.place)
            rule = EqualScores.ALLOWED if item is None else rule_of_item(scheme, item, rules.get(one.place))
        if rule is EqualScores.REFUSE:
            places.setdefault((one.place, one.kind), []).append(at)
    labels = {one.id: one.label for one in reads.members(store, scheme.year, scheme.peer_group)} if places else {}
    for (place, kind), wanted in places.items():
        digits = None if isinstance(place, str) else items[place].digits
        there = _there(store, scheme, place, kind, list(labels))
        found |= _clashes({unit: _to(value, digits) for unit, value in there.items()}, typed, wanted, digits, labels)
    return found


def _there(
    store: Store, scheme: Scheme, place: Place, kind: ScoreKind, units: Sequence[RecordId]
) -> dict[RecordId, Decimal]:
    """Points of this kind that stand recorded, by unit of the group."""
    if isinstance(place, str):
        records = reads.given_records(store, [scheme.id])
    else:
        records = reads.given_records(store, [row.target for row in reads.cells(store, [place], units)])
    listed = store.get_many(GivenScore, records).values() if records else ()
    return {
        one.unit: one.points for one in listed
        if one.kind is kind and one.points is not None and one.name == (place if isinstance(place, str) else "")
    }


def _clashes(
    there: Mapping[RecordId, Decimal], typed: Sequence[Typed], wanted: Sequence[int], digits: int | None,
    labels: Mapping[RecordId, str],
) -> dict[int, str]:
    """Cells that would tie; a refused one keeps its old points, which may stand in the way of another."""
    now: dict[RecordId, Decimal | None] = dict(there)
    asked = {at: number for at in wanted if (number := _number(typed[at].text, digits)) is not None}
    for at in wanted:
        if at in asked or not typed[at].text.strip():
            now[typed[at].unit] = asked.get(at)
    found: dict[int, str] = {}
    while True:
        clash = next((
            (at, other) for at, number in asked.items() if at not in found
            for other, value in now.items() if other != typed[at].unit and value == number
            # Of two typed at once the later one gives way.
            and not any(typed[later].unit == other and later > at and later not in found for later in asked)
        ), None)
        if clash is None:
            return found
        at, other = clash
        found[at] = f"{labels.get(other, '另一单位')}已是{canonical(asked[at])}分,办法规定本组不得并列打分。请改为不同的分数。"
        now[typed[at].unit] = there.get(typed[at].unit)


def _number(text: str, digits: int | None) -> Decimal | None:
    try:
        return _to(read_number(text.strip().removesuffix("分")), digits)
    except InputError:
        return None


def _to(value: Decimal, digits: int | None) -> Decimal:
    """As it is printed: 90.001 and 90 are equal at two digits."""
    return value if digits is None else rounded(value, digits)
