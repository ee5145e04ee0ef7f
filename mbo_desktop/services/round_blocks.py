"""Blocks of proposals typed or pasted into the comparison of rounds, and the sheet they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services.rounds import CellTalk, put_value, talks
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued as reads
from mbo_desktop.store.queries import framework as framework_reads
from mbo_desktop.store.queries import matrix as matrix_reads


@dataclass(frozen=True, slots=True)
class ProposedText:
    """What was typed for a cell in a round; "" leaves the cell open."""

    round: RecordId
    indicator: RecordId
    unit: RecordId
    text: str


@dataclass(frozen=True, slots=True)
class RefusedText:
    """A typed value that could not be entered, and why."""

    cell: ProposedText
    reason: str


def propose_block(
    store: Store, cells: Sequence[ProposedText], *, by: str = "", on: date | None = None
) -> tuple[RefusedText, ...]:
    """Enter many values as one undo step; those of signed or agreed cells are refused, the others go."""
    refused = []
    label = "填写建议值" if len(cells) == 1 else f"填写 {len(cells)} 个建议值"
    with store.change(label) as change:
        for cell in cells:
            try:
                put_value(
                    store, change, cell.round, cell.indicator, cell.unit, cell.text, by, on, ""
                )
            except (InputError, NotAllowedError) as error:
                refused.append(RefusedText(cell, f"{error.what}{error.todo}"))
    return tuple(refused)


def sheet(
    store: Store, year: int, *, unit: RecordId | None = None, only_open: bool = False
) -> tuple[CellTalk, ...]:
    """The cells to be talked about: of a unit all it is allotted, else all that any round speaks of.

    only_open: those nothing is agreed about. Indicators in order, units in official order.
    """
    talked = reads.talked_cells(store, year, only_open=only_open)
    if unit is None:
        return talks(store, year, talked)
    every = framework_reads.indicator_ids(store, year, framework_reads.FrameworkFilter())
    whole, partly = matrix_reads.block(store, every, (unit,))
    cells = {(one.indicator, one.unit) for one in whole}
    if partly:
        cells |= {(one.indicator, one.unit) for one in store.get_many(Target, partly).values()}
    if only_open:
        settled = set(reads.talked_cells(store, year)) - set(talked)
        cells -= settled
    cells |= {key for key in talked if key[1] == unit}
    return talks(store, year, tuple((one, unit) for one in every if (one, unit) in cells))
