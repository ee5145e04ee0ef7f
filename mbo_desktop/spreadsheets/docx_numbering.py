"""The automatic list numbers of Word: counted and written as Word draws them."""

from __future__ import annotations

import re
from typing import Any

from mbo_desktop.domain.chinese_numerals import show_numeral

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LEVELS = 9


class _Level:
    """How one level of a list is drawn."""

    def __init__(self, element: Any) -> None:
        self.start = int(_value(element, "start") or 1)
        self.style = _value(element, "numFmt") or "decimal"
        self.pattern = _value(element, "lvlText")
        self.is_legal = _child(element, "isLgl") is not None


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
            name = _local(element)
            if name == "abstractNum":
                levels = {
                    int(_attribute(level, "ilvl") or 0): _Level(level)
                    for level in element
                    if _local(level) == "lvl"
                }
                self._levels[_attribute(element, "abstractNumId")] = levels
            elif name == "num":
                number = _attribute(element, "numId")
                self._abstract[number] = _value(element, "abstractNumId")
                for override in element:
                    start = _value(override, "startOverride")
                    if _local(override) == "lvlOverride" and start.isdigit():
                        self._starts[number, int(_attribute(override, "ilvl") or 0)] = int(start)

    def _read_styles(self, root: Any) -> None:
        for element in root if root is not None else ():
            if _local(element) != "style":
                continue
            name = _attribute(element, "styleId")
            self._parents[name] = _value(element, "basedOn")
            properties = _child(_child(element, "pPr"), "numPr")
            if properties is not None:
                self._styles[name] = (
                    _value(properties, "numId"), int(_value(properties, "ilvl") or 0),
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
        properties = _child(paragraph, "pPr")
        own = _child(properties, "numPr")
        if own is not None and _value(own, "numId"):
            return _value(own, "numId"), int(_value(own, "ilvl") or 0)
        style = _value(properties, "pStyle")
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


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _child(element: Any, name: str) -> Any:
    if element is None:
        return None
    return next((child for child in element if _local(child) == name), None)


def _attribute(element: Any, name: str) -> str:
    if element is None:
        return ""
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def _value(element: Any, name: str) -> str:
    return _attribute(_child(element, name), "val")
