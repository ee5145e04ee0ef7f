"""What is typed on the score board, written to the records: given points, or figures as the year's results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import ProgramError
from mbo_desktop.services import given_scores, result_edits
from mbo_desktop.services.given_scores import GivenEdit
from mbo_desktop.services.result_edits import ResultEdit
from mbo_desktop.services.results import ResultField
from mbo_desktop.store.database import Store
from ui.grids.source import Refused
from ui.pages.assessment_board_cells import KINDS, Shown


def write_board(
    store: Store, scheme: RecordId, cells: Mapping[tuple[RecordId, RecordId], str],
    parts: Mapping[tuple[str, RecordId], str], shows: Shown,
) -> Refused:
    """Save the texts of a block by (indicator, unit) and (part, unit); reasons of those refused by the same keys."""
    kind = KINDS.get(shows)
    if kind is None:
        return _write_actuals(store, cells)
    refused: dict[Any, str] = {}
    if cells:
        edits = [GivenEdit(unit, indicator, kind, text) for (indicator, unit), text in cells.items()]
        keys = list(cells)
        for place, reason in given_scores.set_block(store, scheme, edits).items():
            refused[keys[place]] = reason
    for (name, unit), text in parts.items():
        try:
            given_scores.set_points(store, scheme, unit, name, kind, text)
        except ProgramError as error:
            refused[name, unit] = f"{error.what}{error.todo}"
    return refused


def _write_actuals(store: Store, cells: Mapping[tuple[RecordId, RecordId], str]) -> Refused:
    """Figures typed here are the year's results; the reports of the months stay."""
    keys = list(cells)
    edits = [ResultEdit(indicator, unit, ResultField.ACTUAL, cells[indicator, unit]) for indicator, unit in keys]
    refused = result_edits.apply_result_edits(store, edits)
    return {keys[place]: reason for place, reason in refused.items()}  # type: ignore[misc]
