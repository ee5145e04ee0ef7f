"""Text out of foreign files: control characters taken off, monsters cut, and both said."""

from __future__ import annotations

import re

from mbo_desktop.spreadsheets.table import CELL_LIMIT

_SUSPECT = re.compile(
    "[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\x7f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060"
    "\u2066-\u2069\ufeff\ufffe]|_x[0-9A-Fa-f]{4}_"
)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BREAK = re.compile("\r\n?|\u2028|\u2029|\x0b|\x0c")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe]"
)


def clean(text: str, *, escapes: bool = False, is_cell: bool = True) -> tuple[str, str]:
    """The text without invisible control characters, and in Chinese what was taken off or cut.

    escapes: `_x000D_` stands for a character, as in .xlsx. Line breaks become \\n. is_cell: cut
    to what a cell holds; a whole pasted text is not.
    """
    if is_cell and len(text) > CELL_LIMIT:
        kept, said = clean(text[:CELL_LIMIT], escapes=escapes)
        cut = f"文字长 {len(text):,} 字,只保留前 {CELL_LIMIT:,} 字"
        return kept, f"{cut};{said}" if said else cut
    if not _SUSPECT.search(text):
        return text, ""
    if escapes:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        # A lone surrogate cannot be saved anywhere later.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _BREAK.sub("\n", text)
    text, removed = _INVISIBLE.subn("", text)
    return text, f"已去掉 {removed} 个不可见的控制字符" if removed else ""


def flat(text: str) -> str:
    """The text on one line, blanks of every kind taken out: for comparing headings and names."""
    return "".join(text.split())
