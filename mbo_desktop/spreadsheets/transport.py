"""Proposals through a pipe, in pieces: so that neither end is held up by a large one."""

from __future__ import annotations

import copyreg
import io
import pickle
from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter
from typing import Any

from mbo_desktop.domain.targets import TargetPart, TargetValue
from mbo_desktop.spreadsheets.collector import resting
from mbo_desktop.spreadsheets.proposal import Proposal, ProposedCell, ProposedIndicator
from mbo_desktop.spreadsheets.table import Problem

PIECE = 400
"""Rows per message: some tens of milliseconds to unpack."""

_INDICATOR = attrgetter(*ProposedIndicator.__match_args__)
_CELL = attrgetter(*ProposedCell.__match_args__)
_PART = attrgetter(*TargetPart.__match_args__)
_BARE = (None, "", False, False, (), None)


def _reduce_part(part: TargetPart) -> tuple[type[TargetPart], tuple[Any, ...]]:
    values = _PART(part)
    return TargetPart, values[:3] if values[3:] == _BARE else values


def _reduce_value(value: TargetValue) -> tuple[type[TargetValue], tuple[Any, ...]]:
    return TargetValue, (value.parts, value.counting, value.text)


def _reduce_cell(cell: ProposedCell) -> tuple[type[ProposedCell], tuple[Any, ...]]:
    return ProposedCell, _CELL(cell)


def _reduce_row(row: ProposedIndicator) -> tuple[type[ProposedIndicator], tuple[Any, ...]]:
    return ProposedIndicator, _INDICATOR(row)


def _reduce_problem(said: Problem) -> tuple[type[Problem], tuple[Any, ...]]:
    return Problem, (said.place, said.text, said.reason, said.kept, said.is_notice)


class _Packer(pickle.Pickler):
    """Writes the small frozen objects by their values; the usual way takes four times as long."""

    dispatch_table = {
        **copyreg.dispatch_table,
        TargetPart: _reduce_part,
        TargetValue: _reduce_value,
        ProposedCell: _reduce_cell,
        ProposedIndicator: _reduce_row,
        Problem: _reduce_problem,
    }


def packed(proposals: list[Proposal]) -> Iterator[bytes]:
    """Messages for `Unpacker`: rows in pieces, then the proposals without them."""
    for index, proposal in enumerate(proposals):
        for start in range(0, len(proposal.rows), PIECE):
            yield _bytes((index, proposal.rows[start : start + PIECE]))
    yield _bytes((-1, [replace(proposal, rows=()) for proposal in proposals]))


def _bytes(content: object) -> bytes:
    buffer = io.BytesIO()
    _Packer(buffer, protocol=pickle.HIGHEST_PROTOCOL).dump(content)
    return buffer.getvalue()


class Unpacker:
    """Puts the proposals together again."""

    def __init__(self) -> None:
        self._rows: dict[int, list[ProposedIndicator]] = {}

    def take(self, message: bytes) -> list[Proposal] | None:
        """The proposals once the last message has come, None before."""
        with resting():
            index, content = pickle.loads(message)  # noqa: S301 - written by our own child
        if index >= 0:
            self._rows.setdefault(index, []).extend(content)
            return None
        return [
            replace(proposal, rows=tuple(self._rows.get(number, ())))
            for number, proposal in enumerate(content)
        ]
