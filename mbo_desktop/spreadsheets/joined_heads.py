"""One-line heads that join a unit and what stands below it: 柯城区目标 | 柯城区完成 | 柯城区得分."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.heading_words import exact_role, tidy
from mbo_desktop.spreadsheets.proposal import ColumnRole as Role
from mbo_desktop.spreadsheets.result_columns import result_role
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher, looks_like_unit

_LONGEST = 24
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
_BRACKETED = re.compile(r"(?P<word>[^()]+)\((?P<unit>[^()]+)\)")
_JOINTS = "-—_·:/"
_SOME_UNIT = re.compile(r"^[各本该]|^(?:县市?区|市县区?|市区|区县|园区|城区|地区|社区|农村|乡镇|镇街|街镇|镇村|部门|单位|机关|企业|公司|街道|党委|政府)$")
"""Words for units in general; a column under them belongs to none."""


def split_heads(levels: Sequence[Sequence[str]], matcher: UnitMatcher) -> list[list[str]]:
    """The head texts of each column with joined ones taken apart: 柯城区目标 → 柯城区, 目标.

    A name that the register does not know must come with two words, or its word with two names.
    """
    found = [[joined(text, matcher) for text in texts] for texts in levels]
    pairs = {pair for column in found for pair in column if pair is not None}
    names = Counter(name for name, _word in pairs)
    words = Counter(word for _name, word in pairs)

    def parts(text: str, pair: tuple[str, str] | None) -> list[str]:
        if pair is None:
            return [text]
        name, word = pair
        sure = matcher.is_known(name) or names[name] > 1 or words[word] > 1
        return [name, word] if sure else [text]

    return [
        [part for text, pair in zip(texts, column, strict=True) for part in parts(text, pair)]
        for texts, column in zip(levels, found, strict=True)
    ]


def joined(text: str, matcher: UnitMatcher) -> tuple[str, str] | None:
    """(柯城区, 目标) of 柯城区目标 or 目标(柯城区); None for any other heading."""
    plain = tidy(text)
    if not 4 <= len(plain) <= _LONGEST or exact_role(plain) is not None:
        return None
    bracketed = _BRACKETED.fullmatch(plain)
    if bracketed is not None:
        name, word = bracketed["unit"], bracketed["word"]
        return (name, word) if _is_word(word) and _names(name, matcher) else None
    # The longest name first: 衢江区委 before 衢江区.
    for cut in range(len(plain) - 2, 1, -1):
        name, word = plain[:cut].rstrip(_JOINTS), plain[cut:].lstrip(_JOINTS)
        if _is_word(word) and _names(name, matcher):
            return flat(name), word
    return None


def _names(name: str, matcher: UnitMatcher) -> bool:
    if len(name) < 2 or _SOME_UNIT.search(name):
        return False
    return matcher.is_known(name) or looks_like_unit(name)


def _is_word(word: str) -> bool:
    """Whether a text says what stands below, by itself or behind a year."""
    year = _YEAR.match(word)
    bare = word[year.end() :] if year is not None else word
    role = exact_role(bare)
    if role is not None:
        return role.is_per_unit or role is Role.IGNORE
    return bool(bare) and result_role(bare, 0) is not None
