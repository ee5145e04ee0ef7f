"""Text at the door: what every string passes before it is stored.

NFC, zero-width and bidi characters removed, line breaks normalised to one line
feed, control characters refused with the place where they stand.
"""

from __future__ import annotations

import re
from unicodedata import is_normalized, normalize

from mbo_desktop.errors import InputError

_REMOVED = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
"""Soft hyphen, zero-width characters and joiners, byte order mark, direction marks."""
_LINE_BREAK = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_REFUSED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """The text as it is stored; InputError names a character that cannot be stored."""
    if text.isprintable() and is_normalized("NFC", text):
        return text
    text = _LINE_BREAK.sub("\n", _REMOVED.sub("", text))
    refused = _REFUSED.search(text)
    if refused:
        raise InputError(
            f"第{refused.start() + 1}个字符(代码U+{ord(refused[0]):04X})是控制字符,不能保存:"
            f"「{_neighbourhood(text, refused.start())}」。",
            "请删去这个字符,或重新键入这段文字。",
        )
    return normalize("NFC", text)


def _neighbourhood(text: str, place: int) -> str:
    """Some of the text around a place, with what cannot be shown as □."""
    part = text[max(0, place - 8) : place + 9].replace("\n", " ")
    return _REFUSED.sub("□", part)
