"""What text from outside may hold: NFC, nothing invisible, nothing that steers a terminal.

The same rules as `store.text.clean` applies when text is stored, but here a breach
refuses the package: no honest program writes one. A test keeps the two in step.
"""

from __future__ import annotations

import re
from unicodedata import is_normalized

_UNCLEAN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_ESCAPED = re.compile(r"\\[ubfr]")
_ESCAPE_READ = re.compile(r"\\(?:u[0-9a-f]{4}|.)")


def is_clean(text: str) -> bool:
    """Whether a text could stand in a record as it is."""
    return (text.isprintable() and text.isascii()) or (
        is_normalized("NFC", text) and (text.isprintable() or not _UNCLEAN.search(text))
    )


def is_clean_json(text: str) -> bool:
    """The same for canonical JSON text, in which some control characters stand as escapes."""
    if not is_clean(text):
        return False
    if _ESCAPED.search(text) is None:
        return True
    # A backslash that is itself escaped is followed by plain letters.
    return not any(found[0][1] in "ubfr" for found in _ESCAPE_READ.finditer(text))
