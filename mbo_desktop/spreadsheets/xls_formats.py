"""Number formats of an old .xls, which calamine does not hand out: read from its own records."""

from __future__ import annotations

import struct
from pathlib import Path

from mbo_desktop.spreadsheets.number_format import BUILT_IN, NumberFormat

_FORMAT, _XF, _BOUND_SHEET, _END = 0x041E, 0x00E0, 0x0085, 0x000A
_FORMULA, _NUMBER, _RK, _MULTIPLE_RK, _PASSWORD = 0x0006, 0x0203, 0x027E, 0x00BD, 0x002F

Formats = dict[tuple[int, int], NumberFormat]
"""Format by (row, column), counted from 0."""


class XlsFormats:
    """The formats of all number cells of a workbook, sheet by sheet in the workbook's order."""

    def __init__(self, path: Path) -> None:
        """Raises OSError for a file that is no compound file."""
        import olefile

        with olefile.OleFileIO(str(path)) as ole:
            name = next((n for n in ("Workbook", "Book") if ole.exists(n)), "")
            self._data: bytes = ole.openstream(name).read() if name else b""
        self.is_encrypted = False
        self._codes = dict(BUILT_IN)
        self._styles: list[int] = []
        self._sheets: list[int] = []
        self._made: dict[int, NumberFormat] = {}
        self._read_globals()

    def _read_globals(self) -> None:
        for kind, body in self._records(0):
            if kind == _PASSWORD:
                self.is_encrypted = True
                return
            if kind == _FORMAT and len(body) >= 5:
                number, length, flags = struct.unpack_from("<HHB", body)
                text = body[5 : 5 + length * (2 if flags & 1 else 1)]
                self._codes[number] = text.decode("utf-16-le" if flags & 1 else "latin-1", "replace")
            elif kind == _XF and len(body) >= 4:
                self._styles.append(struct.unpack_from("<H", body, 2)[0])
            elif kind == _BOUND_SHEET and len(body) >= 4:
                self._sheets.append(struct.unpack_from("<I", body)[0])

    def _records(self, start: int) -> list[tuple[int, bytes]]:
        """The records of one substream up to its end; nested charts are passed over."""
        found = []
        place, data, depth = start, self._data, 0
        while place + 4 <= len(data):
            kind, length = struct.unpack_from("<HH", data, place)
            if kind == 0x0809:
                depth += 1
            elif kind == _END:
                depth -= 1
                if depth <= 0:
                    break
            elif depth == 1:
                found.append((kind, data[place + 4 : place + 4 + length]))
            place += 4 + length
        return found

    def of_sheet(self, number: int) -> Formats:
        """The formats of the cells of one sheet; empty where the file does not tell."""
        if number >= len(self._sheets):
            return {}
        formats: Formats = {}
        for kind, body in self._records(self._sheets[number]):
            if kind in (_NUMBER, _RK, _FORMULA) and len(body) >= 6:
                row, column, style = struct.unpack_from("<HHH", body)
                formats[row, column] = self._format(style)
            elif kind == _MULTIPLE_RK and len(body) >= 6:
                row, first = struct.unpack_from("<HH", body)
                for index in range((len(body) - 6) // 6):
                    style = struct.unpack_from("<H", body, 4 + 6 * index)[0]
                    formats[row, first + index] = self._format(style)
        return formats

    def _format(self, style: int) -> NumberFormat:
        made = self._made.get(style)
        if made is None:
            number = self._styles[style] if style < len(self._styles) else 0
            made = self._made[style] = NumberFormat(self._codes.get(number, "General"))
        return made
