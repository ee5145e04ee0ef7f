"""Chinese punctuation on paper: half-width marks beside Chinese words become full-width ones, figures keep theirs."""

from __future__ import annotations

import re

_HAN = "㐀-鿿〇々“”〔〕《》、。…"
_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_BESIDE = re.compile(rf"(?<=[{_HAN})）％%‰])[,;:?!]|[,;:?!](?=[{_HAN}])")
_HAN_ONE = re.compile(rf"[{_HAN}]")


def printed(text: str) -> str:
    """A text as it stands on an official paper: 「完成,得2分」 → 「完成，得2分」, 「(130−100)÷100」 and 「1,234」 as they are."""
    return _BESIDE.sub(lambda found: _WIDE[found.group(0)], _brackets(text))


def _brackets(text: str) -> str:
    """Round brackets around Chinese words, made full-width in pairs."""
    if "(" not in text:
        return text
    out, opened = list(text), []
    for place, char in enumerate(text):
        if char == "(":
            opened.append(place)
        elif char == ")" and opened:
            start = opened.pop()
            if _HAN_ONE.search(text, start, place):
                out[start], out[place] = "（", "）"
    return "".join(out)
