"""A scheme out to a workbook and back: rules, points and policies by indicator; with the year's figures for a trial."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from mbo_desktop.domain.assessment import SchemeItem
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.scoring.formula import Formula
from mbo_desktop.domain.scoring.item import MissingPolicy
from mbo_desktop.domain.scoring.presets import PRESETS
from mbo_desktop.domain.scoring.rule import to_data
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.errors import InputError
from mbo_desktop.services.fact_book import FactBook
from mbo_desktop.services.scheme_parameters import (
    KNOWN_NAMES,
    parameters_of,
    refuse_gone,
    show_parameters,
)
from mbo_desktop.services.scheme_state import changeable
from mbo_desktop.services.scheme_terms import read_terms, term_rows
from mbo_desktop.services.schemes import check
from mbo_desktop.services.score_engine import rules_of_scheme
from mbo_desktop.services.score_sheets import POLICIES, rule_of
from mbo_desktop.services.scores import board as score_board
from mbo_desktop.spreadsheets.score_sheet import (
    BEST_OF,
    BY_BEST,
    DATA,
    DATA_HEADS,
    PARAMETERS,
    SCHEME,
    SCHEME_HEADS,
    SETTINGS,
    read_scheme_sheet,
)
from mbo_desktop.spreadsheets.source import read_tables
from mbo_desktop.spreadsheets.writer import SheetTable, Value, write_tables
from mbo_desktop.store.database import Store

_WORDS = {MissingPolicy.CONVERT: "折算", MissingPolicy.FULL: "满分", MissingPolicy.ZERO: "零分", MissingPolicy.MEAN: "平均"}


def export_scheme(store: Store, scheme: RecordId, path: Path, *, month: int = 12) -> None:
    """The scheme with the figures of the month: a workbook that `import_scheme` and `score-sheet` read."""
    book = score_board(store, scheme, month=month).book
    settings: list[Sequence[Value]] = [
        ("满分", book.scheme.scale, None, None), ("总分小数位数", book.scheme.digits, None, None),
        ("加分上限", book.scheme.bonus_cap, None, None), ("扣分上限", book.scheme.deduction_cap, None, None),
        (BY_BEST, "、".join(word for word, fact in BEST_OF.items() if getattr(book.scheme, fact)), None, None),
        (PARAMETERS, show_parameters(book.scheme.parameters), None, None),
        *(("等次", one.name, one.least, one.quota_share) for one in book.scheme.grades),
    ]
    items = [_item_row(book, record) for record in book.heads]
    named = sorted({
        name for entries in book.entries.values() for entry in entries.values()
        for name in entry.facts.named if name not in entry.facts.counts
    } - parameters_of(book.scheme).keys())
    write_tables(path, [
        SheetTable(("项目", "值", "分数线", "名额%"), settings, sheet=SETTINGS),
        SheetTable(SCHEME_HEADS, items, sheet=SCHEME),
        term_rows(book.scheme, {record: head.name for record, head in book.heads.items()}),
        SheetTable((*DATA_HEADS, "上限", *named), _data_rows(book, named), sheet=DATA),
    ])


def _item_row(book: FactBook, record: RecordId) -> Sequence[Value]:
    item, head = book.items[record], book.heads[record]
    lower = head.form is TargetForm.AT_MOST or head.direction is Direction.LOWER
    points = head.points if item.points is None else item.points
    return (
        head.name, head.unit_of_measure, points, "反向" if lower else "正向",
        rule_words(book.rules[record]) if record in book.rules else item.rule, item.digits,
        _WORDS[item.missing], item.cap,
    )


def rule_words(rule: Any) -> str:
    """A rule as a cell states it: a preset's code, a formula, else the rule as data."""
    for one in PRESETS:
        if one.rule == rule:
            return one.code
    if isinstance(rule, Formula):
        return f"公式:{rule.text}"
    return json.dumps(to_data(rule), ensure_ascii=False)


def _data_rows(book: FactBook, named: Sequence[str]) -> list[Sequence[Value]]:
    labels = {one.id: one.label for one in book.members}
    rows: list[Sequence[Value]] = []
    for record, head in book.heads.items():
        for unit, entry in book.entries[record].items():
            facts = entry.facts
            counts = ";".join(f"{name}={number:f}" for name, number in facts.counts.items())
            rows.append((
                labels[unit], head.name, "/" if entry.absent else facts.target, facts.actual, facts.base,
                counts, facts.word, facts.given,
                "" if facts.proven is None else "有" if facts.proven else "无", facts.upper,
                *(facts.named.get(name) for name in named),
            ))
    return rows


def import_scheme(store: Store, scheme: RecordId, path: Path) -> tuple[str, ...]:
    """Rules, points, policies, and the terms of the whole from a workbook, one step; what was assumed and left out, in words.

    InputError naming every cell that cannot be read, and indicators the scheme does not have;
    nothing is then changed.
    """
    sheet = read_scheme_sheet(path)
    found = score_board(store, scheme)
    tables = read_tables(path)
    by_name = {head.name: record for record, head in found.book.heads.items()}
    facts, changed, wrong = read_terms(tables, found.scheme, by_name)
    known = KNOWN_NAMES | {one.name for one in facts.get("parameters", found.scheme.parameters)}
    problems, said = list(sheet.problems), []
    new: dict[RecordId, SchemeItem] = {}
    for item in sheet.items:
        record = by_name.get(item.name)
        if record is None:
            problems.append(f"{item.place}:本方案没有指标“{item.name}”")
            continue
        if item.missing not in POLICIES:
            problems.append(f"{item.place}:缺项“{item.missing}”读不出")
            continue
        try:
            rule, doubt = rule_of(item, known)
        except InputError as error:
            problems.append(f"{item.place}:{error.what}{error.todo}")
            continue
        if doubt:
            said.append(f"{item.name}:{doubt}")
        own = found.book.heads[record].points
        new[record] = replace(
            found.book.items[record], rule=json.dumps(to_data(rule), ensure_ascii=False, sort_keys=True),
            points=None if item.points == (own or Decimal(0)) else item.points, digits=item.digits,
            missing=POLICIES[item.missing], cap=item.cap, note="",
        )
    problems += wrong
    if problems:
        listed = "\n".join(problems[:20])
        raise InputError(f"“{path.name}”有{len(problems)}处需要改正:\n{listed}", "请改正后再导入。", "方案未改动。")
    left = [head.name for record, head in found.book.heads.items() if record not in new]
    if left:
        said.append(f"表中没有的{len(left)}项指标未改动:{'、'.join(left[:3])}{'等' if len(left) > 3 else ''}")
    with store.change(f"导入考核方案 {len(new)}项") as change:
        old = changeable(store, change.get(type(found.scheme), scheme))
        items = tuple(changed(new.get(one.indicator, one)) for one in old.items)
        whole = replace(old, items=items, **facts)
        check(whole)
        refuse_gone(old, whole, rules_of_scheme(whole)[0].values())
        change.put(whole)
    return tuple(said)
