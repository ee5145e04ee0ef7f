"""Columns of a ledger that say what became of the targets: 实绩, 完成情况, 得分, 未完成原因.

In an ordinary ledger these are left out; last year's ledgers are read with them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.heading_words import tidy
from mbo_desktop.spreadsheets.proposal import ColumnGuess
from mbo_desktop.spreadsheets.proposal import ColumnRole as Role
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher

RESULT_ROLES = frozenset({Role.ACTUAL, Role.COMPLETION, Role.SCORE, Role.REASON})
_YEAR = re.compile(r"((?:19|20)\d\d)年?度?")
_WORDS = (
    (Role.REASON, re.compile(r"(?:未完成|认定|扣分)?(?:原因|理由)(?:说明)?|认定说明|情况说明")),
    (Role.COMPLETION, re.compile(r"(?:年终|全年|目标|任务|年度)?完成情况|是否(?:完成|达标)|完成(?:与否|状态)|认定(?:结果|情况)|考核结论")),
    (Role.SCORE, re.compile(r"(?:考核|考评|实|评定|核定|审核|最终|年终|综合|实际)?(?:得分|考评分|核定分|评定分)")),
    (
        Role.ACTUAL,
        re.compile(
            r"(?:全年|年度|本年|年末|累计|年终)?(?:实绩|实际完成|实际|累计完成|完成|执行)(?:实绩|情况)?(?:值|数|额|量|结果)?"
        ),
    ),
)


def result_role(heading: str, year: int) -> Role | None:
    """The result that a heading announces for the year; None when it announces none."""
    word = re.sub(r"[(\[（【][^()（）\[\]【】]*[)\]）】]", "", tidy(heading)).strip(":*")
    match = _YEAR.match(word)
    if match is not None:
        if int(match[1]) != year:
            return None
        word = word[match.end() :]
    return next((role for role, pattern in _WORDS if pattern.fullmatch(word)), None)


def with_results(
    columns: Sequence[ColumnGuess], levels: Sequence[Sequence[str]], year: int, matcher: UnitMatcher
) -> list[ColumnGuess]:
    """The columns with those of results named, each with the unit that stands over it.

    levels: the head texts of each column from top to bottom. Of two columns with the same
    result for the same unit the later is left out.
    """
    units = {guess.unit_key for guess in columns if guess.unit_key}
    seen: set[tuple[Role, str]] = set()
    found = []
    for guess, texts in zip(columns, levels, strict=True):
        role = result_role(texts[-1], year) if texts else None
        if role is None or guess.role is Role.NAME:
            found.append(guess)
            continue
        keys = [flat(text) for text in texts[:-1]]
        key = next((k for k in keys if k in units), "") or next(
            (k for text, k in zip(texts, keys, strict=False) if matcher.names_unit(text)), ""
        )
        if (role, key) in seen:
            found.append(replace(guess, role=Role.IGNORE, unit_key="", is_sure=False))
            continue
        seen.add((role, key))
        found.append(replace(guess, role=role, unit_key=key, is_sure=True))
    return found
