"""Which way is better for indicators that a ledger brings or that are typed, and what that rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mbo_desktop.domain.directions import DirectionBasis, DirectionGuess, guess_direction
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.targets import Direction
from mbo_desktop.domain.year_links import plain_name
from mbo_desktop.services import sealing
from mbo_desktop.spreadsheets.proposal import ProposedIndicator
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import framework as reads


class DirectionBook:
    """The directions of the other years' indicators, and those that the user chose in the preview."""

    def __init__(self, store: Store, year: int, chosen: Mapping[int, Direction]) -> None:
        """chosen: by number of the ledger's row, counted from 1."""
        self._chosen = chosen
        self._others: dict[str, list[tuple[int, str, Direction]]] = {}
        for other, name, measure, direction in reads.named_directions(store, year):
            # Of two years equally far the earlier one, which has been signed and assessed.
            distance = 2 * abs(other - year) + (other > year)
            self._others.setdefault(plain_name(name), []).append((distance, measure, direction))

    def of_row(self, number: int, row: ProposedIndicator, old: Indicator | None) -> DirectionGuess:
        """What row `number` of the ledger is taken for; old: the year's indicator that it fits."""
        if number in self._chosen:
            return DirectionGuess(self._chosen[number], DirectionBasis.CHOSEN)
        if old is not None:
            return DirectionGuess(old.direction, DirectionBasis.RECORD)
        values = [cell.value for cell in row.cells.values() if cell.value is not None]
        return guess_direction(
            row.name, values, row.unit_of_measure, self.of_other_year(row.name, row.unit_of_measure)
        )

    def of_other_year(self, name: str, measure: str) -> Direction | None:
        """The nearest year's; None where indicators of one name and measure disagree there."""
        named = self._others.get(plain_name(name), ())
        fitting = [one for one in named if one[1] == measure]
        if not fitting:
            return None
        nearest = min(distance for distance, _measure, _direction in fitting)
        found = {direction for distance, _m, direction in fitting if distance == nearest}
        return found.pop() if len(found) == 1 else None


def proposal(store: Store, indicator: RecordId) -> DirectionGuess | None:
    """Another direction than the indicator's, where its wording, name or other years speak for it; else None."""
    return proposals(store, (indicator,)).get(indicator)


def proposals(store: Store, indicators: Iterable[RecordId]) -> dict[RecordId, DirectionGuess]:
    """Of these indicators those for which another direction is to be proposed."""
    found: dict[RecordId, DirectionGuess] = {}
    books: dict[int, DirectionBook] = {}
    for own in store.get_many(Indicator, list(indicators)).values():
        book = books.get(own.year)
        if book is None:
            book = books[own.year] = DirectionBook(store, own.year, {})
        values = [one.value for one in store.all(Target, indicator=own.id) if one.value is not None]
        guess = guess_direction(
            own.name, values, own.unit_of_measure, book.of_other_year(own.name, own.unit_of_measure)
        )
        if guess.direction is not own.direction and guess.basis is not DirectionBasis.USUAL:
            found[own.id] = guess
    return found


def take_proposals(store: Store, indicators: Iterable[RecordId]) -> int:
    """Give these indicators the direction proposed for them, as one step; how many changed."""
    found = proposals(store, indicators)
    with store.change(f"按建议改方向 {len(found)}项") as change:
        sealing.refuse_sealed_indicators(store, tuple(found))
        for record, guess in found.items():
            change.put(replace(change.get(Indicator, record), direction=guess.direction))
    return len(found)
