"""Text files of every encoding an office produces, and comma- or tab-separated tables in them."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from mbo_desktop.errors import FileReadError
from mbo_desktop.spreadsheets.cell_text import clean
from mbo_desktop.spreadsheets.table import EMPTY, Cell, Problem, Table

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")
CHARACTERS_LIMIT = 60_000_000


def read_text_file(path: Path) -> str:
    """The text of a file; raises FileReadError for one that is no text."""
    return decode(path.read_bytes(), path.name)


def decode(data: bytes, name: str, *, prefer: str = "") -> str:
    """Bytes as text: by mark, then what the file itself names, UTF-8, UTF-16 without a mark, GB18030.

    Raises FileReadError; nothing is replaced by question marks.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, name)
    candidates = ["utf-8", "gb18030"]
    if guess := _utf16_guess(data):
        candidates.insert(0, guess)
    if prefer:
        candidates.insert(0, prefer)
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if len(_CONTROL.findall(text[:20000])) * 50 <= len(text[:20000]):
            return text
    raise FileReadError(
        f"认不出“{name}”是什么文件,也不是可识别编码的文本。",
        "请在原来的程序中打开,另存为.xlsx、.docx或UTF-8编码的.txt后再导入。",
    )


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileReadError(
            f"“{name}”的文字编码有错(第 {error.start} 字节),可能不完整。",
            "请用记事本打开核对,另存为UTF-8编码后再导入。",
        ) from error


def _utf16_guess(data: bytes) -> str:
    """UTF-16 without a mark betrays itself by the zero bytes of digits and line ends."""
    sample = data[:4000]
    if len(data) % 2 or len(sample) < 4:
        return ""
    pairs = len(sample) // 2
    for encoding, low, high in (("utf-16-le", 0, 1), ("utf-16-be", 1, 0)):
        if sample[high::2].count(0) * 20 >= pairs and sample[low::2].count(0) * 100 <= pairs:
            return encoding
    return ""


def table_of_text(text: str, source: str, *, delimiter: str = "") -> Table | None:
    """The rows of comma- or tab-separated text; None when the text has no columns.

    Cells in double quotes may hold the delimiter, line breaks and doubled quotes.
    """
    chosen = delimiter or delimiter_of(text)
    if not chosen:
        return None
    problems: list[Problem] = []
    rows: list[tuple[Cell, ...]] = []
    for line in _records(text, chosen):
        cells = [_cell(piece) for piece in line]
        while cells and cells[-1] is EMPTY:
            cells.pop()
        rows.append(tuple(cells))
    while rows and not rows[-1]:
        rows.pop()
    return Table(source, "", tuple(rows), problems=tuple(problems))


def _cell(piece: str) -> Cell:
    cleaned, said = clean(piece)
    if not cleaned.strip() and not said:
        return EMPTY
    return Cell(cleaned, cleaned, "@", said)


def _records(text: str, delimiter: str) -> list[list[str]]:
    """Rows of pieces; a quote that is never closed is taken as a plain character."""
    plain = text.replace("\0", "\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    previous = csv.field_size_limit(CHARACTERS_LIMIT)
    try:
        reader = csv.reader(io.StringIO(plain), delimiter=delimiter, strict=True)
        return list(reader)
    except csv.Error:
        return [line.split(delimiter) for line in plain.split("\n")]
    finally:
        csv.field_size_limit(previous)


def separator_of_csv(text: str) -> str:
    """The separator of a .csv file, which is a table whatever its lines look like."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",\t;，", key=first.count)


def delimiter_of(text: str) -> str:
    """Tab or comma when the lines agree on columns; "" for running text."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    if sum("\t" in line for line in lines) * 2 > len(lines) and lines:
        return "\t"
    commas = [line.count(",") for line in lines]
    # Chinese running text has commas too; a table has the same number in nearly every line.
    common = max(set(commas), key=commas.count, default=0)
    if len(lines) >= 2 and common >= 2 and commas.count(common) * 10 >= len(lines) * 8:
        return ","
    return ""
