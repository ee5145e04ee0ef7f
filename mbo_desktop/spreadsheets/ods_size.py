"""How many cells an .ods unfolds to, counted before anything is unfolded.

A row or cell may say that it is repeated two thousand million times; a file of a kilobyte would
then keep the reader busy for minutes.
"""

from __future__ import annotations

import re

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""No office program has more; readers stop there."""
_ROW = re.compile(rb"<table:table-row\b([^<>]*)>")
_ROW_END = b"</table:table-row>"
_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^<>]*)>")
_ROWS_REPEATED = re.compile(rb"""table:number-rows-repeated\s*=\s*["']\s*(\d+)""")
_COLUMNS_REPEATED = re.compile(rb"""table:number-columns-repeated\s*=\s*["']\s*(\d+)""")
_FILLED = re.compile(rb"office:value-type|table:formula|<text:p")


def cells_unfolded(content: bytes, enough: int) -> int:
    """The cells of a content.xml up to the last filled one of each filled row; ends counting beyond `enough`."""
    total = place = 0
    while total <= enough and (row := _ROW.search(content, place)) is not None:
        place = row.end()
        if row[1].endswith(b"/"):
            continue
        end = content.find(_ROW_END, place)
        if end < 0:
            break
        inner, place = content[place:end], end
        if _FILLED.search(inner):
            total += _times(_ROWS_REPEATED, row[1], MOST_ROWS) * _width(inner)
    return total


def _width(row: bytes) -> int:
    """Columns from the first to the last filled one."""
    width = filled = 0
    starts = list(_CELL.finditer(row))
    for place, cell in enumerate(starts):
        width = min(width + _times(_COLUMNS_REPEATED, cell[1], MOST_COLUMNS), MOST_COLUMNS)
        end = starts[place + 1].start() if place + 1 < len(starts) else len(row)
        if _FILLED.search(row, cell.start(), end):
            filled = width
    return filled


def _times(pattern: re.Pattern[bytes], attributes: bytes, most: int) -> int:
    found = pattern.search(attributes)
    # Longer numbers than any program writes are not even read.
    return 1 if found is None else max(1, min(most, int(found[1][:12])))
