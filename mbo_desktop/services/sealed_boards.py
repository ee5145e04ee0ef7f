"""Boards of sealed results: the figures that were approved stand, whatever became of the records since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from mbo_desktop.domain.assessment import ResultItem, Scheme, SealedScore
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.scoring.facts import ZERO, exactly, rounded
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.services.score_board import ItemCell, ScoreBoard, UnitScore
from mbo_desktop.services.scoring_additions import VetoMark
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.scores import Head


@dataclass(frozen=True, slots=True)
class SealedDifference:
    """A figure that would be another one if it were worked out from today's records."""

    unit_label: str
    what: str
    """The indicator's name, or 总分, 位次, 等次."""
    sealed: str
    now: str

    @property
    def words(self) -> str:
        """「甲县“工业投资”:封存32.00,按现有记录31.00」."""
        return f"{self.unit_label}“{self.what}”:封存{self.sealed or '不计入'},按现有记录{self.now or '不计入'}"


def pictures_of(store: Store, scheme: Scheme) -> dict[RecordId, SealedScore]:
    """What was sealed of a scheme, by unit, with the digits it was printed with."""
    return {
        one.unit: _printed(one, scheme)
        for one in store.all(SealedScore, year=scheme.year, peer_group=scheme.peer_group)
    }


def _printed(picture: SealedScore, scheme: Scheme) -> SealedScore:
    """Amounts are stored without closing zeros: 99.5 was printed 99.50."""
    digits = {one.indicator: one.digits for one in scheme.items}
    with exactly():
        return replace(
            picture, total=rounded(picture.total, scheme.digits),
            targets=None if picture.targets is None else rounded(picture.targets, scheme.digits),
            items=tuple(
                one if one.points is None else replace(one, points=rounded(one.points, digits.get(one.indicator, 2)))
                for one in picture.items
            ),
            components=tuple(
                one if one.points is None else replace(one, points=rounded(one.points, one.digits))
                for one in picture.components
            ),
        )


def as_sealed(store: Store, live: ScoreBoard, pictures: Mapping[RecordId, SealedScore]) -> ScoreBoard:
    """The board with the sealed figures in the place of today's; units and items that are gone are there again."""
    heads = {head.id: head for head in live.indicators}
    for picture in pictures.values():
        for item in picture.items:
            heads.setdefault(item.indicator, _head_of(item))
    labels = {line.unit: line.label for line in live.units}
    gone = [unit for unit in pictures if unit not in labels]
    labels |= {one.id: one.short_name or one.name for one in store.get_many(Unit, gone).values()} if gone else {}
    lines = {line.unit: line for line in live.units}
    units = tuple(
        _line(pictures[unit], labels.get(unit, ""), lines.get(unit)) for unit in labels if unit in pictures
    )
    return replace(live, indicators=tuple(heads.values()), units=units, problems=(), sealed=dict(pictures))


def _head_of(item: ResultItem) -> Head:
    return Head(
        item.indicator, item.title, "", "", Direction.HIGHER, TargetForm.LEVEL, item.full, "", ""
    )


def _line(picture: SealedScore, label: str, live: UnitScore | None) -> UnitScore:
    items = {one.indicator: _cell(one) for one in picture.items}
    counting = [one for one in items.values() if one.counts]
    return UnitScore(
        picture.unit, label, items,
        sum((one.used or ZERO for one in counting), ZERO), sum((one.full for one in counting), ZERO),
        picture.targets if picture.lines else None if live is None else live.targets,
        {one.name: one.points for one in picture.components}, picture.bonus, picture.deduction,
        picture.total, picture.rank or None, picture.rank_before, picture.grade, picture.grade_reason,
        tuple(VetoMark(None, one.subject, one.effect, said=one.words) for one in picture.vetoes),
        0,  # What was sealed is final; cells and parts that had no figures stay empty.
    )


def _cell(item: ResultItem) -> ItemCell:
    return ItemCell(
        item.points, item.full, item.points is not None or item.missing, item.missing, item.self_points,
        item.certified, item.reviewed, item.final, item.points, item.problem,
    )


def compared(sealed: ScoreBoard, live: ScoreBoard) -> tuple[SealedDifference, ...]:
    """Every figure of a sealed board that today's records would give otherwise."""
    now = {line.unit: line for line in live.units}
    found: list[SealedDifference] = []
    for line in sealed.units:
        other = now.get(line.unit)
        if other is None:
            found.append(SealedDifference(line.label, "总分", _figure(line.total), "(单位已不在本组)"))
            continue
        for head in sealed.indicators:
            old, new = line.items.get(head.id), other.items.get(head.id)
            pair = (_figure(None if old is None else old.used), _figure(None if new is None else new.used))
            if pair[0] != pair[1]:
                found.append(SealedDifference(line.label, head.name, *pair))
        for what, before, after in (
            ("总分", _figure(line.total), _figure(other.total)), ("位次", str(line.rank or ""), str(other.rank or "")),
            ("等次", line.grade, other.grade),
        ):
            if before != after:
                found.append(SealedDifference(line.label, what, before, after))
    return tuple(found)


def _figure(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"
