"""The automatic list numbers of Word: counted and written as Word draws them."""

from __future__ import annotations

import re
from typing import Any

from mbo_desktop.domain.chinese_numerals import show_numeral
from mbo_desktop.spreadsheets.docx_xml import attribute_of, child_of, local_name, value_of

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LEVELS = 9


class _Level:
    """How one level of a list is drawn."""

    def __init__(self, element: Any) -> None:
        self.start = int(value_of(element, "start") or 1)
        self.style = value_of(element, "numFmt") or "decimal"
        self.pattern = value_of(element, "lvlText")
        self.is_legal = child_of(element, "isLgl") is not None


class Numbering:
    """Counters of all lists of a document; ask for labels in reading order."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._seen: set[str] = set()
        self._styles: dict[str, tuple[str, int]] = {}
        self._parents: dict[str, str] = {}
        self._read_numbering(numbering)
        self._read_styles(styles)

    def _read_numbering(self, root: Any) -> None:
        for element in root if root is not None else ():
            name = local_name(element)
            if name == "abstractNum":
                levels = {
                    int(attribute_of(level, "ilvl") or 0): _Level(level)
                    for level in element
                    if local_name(level) == "lvl"
                }
                self._levels[attribute_of(element, "abstractNumId")] = levels
            elif name == "num":
                number = attribute_of(element, "numId")
                self._abstract[number] = value_of(element, "abstractNumId")
                for override in element:
                    start = value_of(override, "startOverride")
                    if local_name(override) == "lvlOverride" and start.isdigit():
                        self._starts[number, int(attribute_of(override, "ilvl") or 0)] = int(start)

    def _read_styles(self, root: Any) -> None:
        for element in root if root is not None else ():
            if local_name(element) != "style":
                continue
            name = attribute_of(element, "styleId")
            self._parents[name] = value_of(element, "basedOn")
            properties = child_of(child_of(element, "pPr"), "numPr")
            if properties is not None:
                self._styles[name] = (
                    value_of(properties, "numId"), int(value_of(properties, "ilvl") or 0),
                )

    def label(self, paragraph: Any) -> str:
        """The number before this paragraph ("一、", "1.", "(2)"), "" when it has none."""
        number, level = self._list_of(paragraph)
        abstract = self._abstract.get(number, "")
        levels = self._levels.get(abstract, {})
        if number in ("", "0") or level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        if (number, level) in self._starts and f"{number}/{level}" not in self._seen:
            self._seen.add(f"{number}/{level}")
            counts[level] = self._starts[number, level]
        else:
            counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in range(level + 1, _LEVELS):
            counts.pop(deeper, None)
        return self._drawn(levels, level, counts)

    def _list_of(self, paragraph: Any) -> tuple[str, int]:
        properties = child_of(paragraph, "pPr")
        own = child_of(properties, "numPr")
        if own is not None and value_of(own, "numId"):
            return value_of(own, "numId"), int(value_of(own, "ilvl") or 0)
        style = value_of(properties, "pStyle")
        for _ in range(20):
            if style in self._styles and self._styles[style][0]:
                return self._styles[style]
            style = self._parents.get(style, "")
        return "", 0

    def _drawn(self, levels: dict[int, _Level], level: int, counts: dict[int, int]) -> str:
        shape = levels[level]
        if shape.style in ("bullet", "none"):
            return ""

        def number_of(match: re.Match[str]) -> str:
            which = int(match[1]) - 1
            of_level = levels.get(which, shape)
            style = "decimal" if shape.is_legal else of_level.style
            return drawn_number(counts.get(which, of_level.start), style)

        return re.sub(r"%([1-9])", number_of, shape.pattern)


def drawn_number(number: int, style: str) -> str:
    """A count in one of Word's number styles."""
    if style in (
        "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "ideographDigital",
        "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand", "koreanDigital",
    ):
        return show_numeral(number)
    if style.startswith(("decimalEnclosedCircle",)) and 1 <= number <= 20:
        return _CIRCLED[number - 1]
    if style == "ideographTraditional" and 1 <= number <= 10:
        return _STEMS[number - 1]
    if style in ("lowerLetter", "upperLetter") and number >= 1:
        letter = chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if style == "lowerLetter" else letter.upper()
    if style in ("lowerRoman", "upperRoman") and 1 <= number < 40:
        roman = _roman(number)
        return roman if style == "lowerRoman" else roman.upper()
    if style == "decimalZero":
        return f"{number:02d}"
    if style == "decimalFullWidth":
        return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text
