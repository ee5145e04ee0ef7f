"""Blocks of proposals typed or pasted into the comparison of rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.rounds import TargetProposal
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services.rounds import put_value, take_back_value
from mbo_desktop.services.target_cells import kept_reason
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class ProposedText:
    """What was typed for a cell in a round; "" takes back what stood there."""

    round: RecordId
    indicator: RecordId
    unit: RecordId
    text: str


@dataclass(frozen=True, slots=True)
class RefusedText:
    """A typed value that could not be entered, or only as words, and why."""

    cell: ProposedText
    reason: str


@dataclass(frozen=True, slots=True)
class BlockProposed:
    """What became of a block: what was not entered, and what was entered as words."""

    refused: tuple[RefusedText, ...] = ()
    kept: tuple[RefusedText, ...] = ()
    """Words where the indicator asks for a number; they stand in the round, to be marked."""


def propose_block(
    store: Store, cells: Sequence[ProposedText], *, by: str = "", on: date | None = None
) -> BlockProposed:
    """Enter many values as one undo step; those of signed or agreed cells are refused, the others go."""
    refused, kept = [], []
    label = "填写建议值" if len(cells) == 1 else f"填写 {len(cells)} 个建议值"
    with store.change(label) as change:
        for cell in cells:
            try:
                if not cell.text.strip():
                    take_back_value(store, change, cell.round, cell.indicator, cell.unit)
                    continue
                made = put_value(
                    store, change, cell.round, cell.indicator, cell.unit, cell.text, by, on, ""
                )
            except (InputError, NotAllowedError) as error:
                refused.append(RefusedText(cell, f"{error.what}{error.todo}"))
                continue
            why = kept_reason(
                change.get(Indicator, cell.indicator), change.get(TargetProposal, made).value
            )
            if why:
                kept.append(RefusedText(cell, why))
    return BlockProposed(tuple(refused), tuple(kept))
