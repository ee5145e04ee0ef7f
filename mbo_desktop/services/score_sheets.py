"""Scoring a scheme with its data from one workbook, without a data folder (for trying a regulation before the meeting)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from mbo_desktop.domain.assessment import (
    BonusItem,
    GradeLine,
    OverallRanking,
    Parameter,
    Scheme,
    SchemeItem,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.plausibility import RATES
from mbo_desktop.domain.scoring.facts import Facts
from mbo_desktop.domain.scoring.formula import Formula
from mbo_desktop.domain.scoring.formula import check as check_formula
from mbo_desktop.domain.scoring.item import MissingPolicy
from mbo_desktop.domain.scoring.presets import PRESETS
from mbo_desktop.domain.scoring.reading import propose
from mbo_desktop.domain.scoring.rule import from_data, to_data
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.errors import InputError
from mbo_desktop.services.fact_book import (
    NOT_APPLICABLE,
    NOT_CARRIED,
    Entry,
    FactBook,
    codes_of,
)
from mbo_desktop.services.overall_boards import joined
from mbo_desktop.services.scheme_parameters import parameters_of, read_parameters, used_in
from mbo_desktop.services.schemes import check as check_scheme
from mbo_desktop.services.schemes import check_grades
from mbo_desktop.services.score_board import ScoreBoard, missing_cells
from mbo_desktop.services.score_engine import score
from mbo_desktop.services.score_tables import board_tables, grouped_tables
from mbo_desktop.services.scoring_additions import Additions, once_each
from mbo_desktop.spreadsheets.score_sheet import (
    BONUS_HEADS,
    BONUSES,
    BY_BEST,
    DATA,
    DATA_HEADS,
    PARAMETERS,
    SCHEME,
    SCHEME_HEADS,
    SETTINGS,
    ScoreSheet,
    SheetItem,
    SheetRow,
    read_score_sheet,
)
from mbo_desktop.spreadsheets.writer import SheetTable, Value, write_tables
from mbo_desktop.store.queries.scores import Head, Member

POLICIES = {
    "": MissingPolicy.CONVERT, "折算": MissingPolicy.CONVERT, "满分": MissingPolicy.FULL,
    "零分": MissingPolicy.ZERO, "不得分": MissingPolicy.ZERO, "平均": MissingPolicy.MEAN,
}
"""缺项 as written in a workbook."""
_MOST_SAID = 20
_ALL = "全部单位"
"""Name of the ranking over all groups of a workbook."""


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """A scored workbook."""

    boards: tuple[ScoreBoard, ...]
    """One for each group; one alone without groups."""
    overall: ScoreBoard | None
    """All units ranked together, where there are groups."""
    doubts: tuple[str, ...]
    """How words were taken that leave something open."""
    missing: tuple[str, ...]
    """Scores that lack figures."""


def score_workbook(path: Path, out: Path) -> SheetOutcome:
    """Score a workbook and write the result with all derivations.

    InputError naming every cell that cannot be read, or for a result that would take the place of
    the workbook itself; nothing is then written.
    """
    if path.resolve() == out.resolve():
        raise InputError(f"结果不能写到“{path.name}”自己上。", "请另起一个文件名。", "原工作簿未改动。")
    sheet = read_score_sheet(path)
    problems = list(sheet.problems)
    rules, doubts = _rules(sheet, problems)
    if problems:
        listed = "\n".join(problems[:_MOST_SAID])
        more = f"\n……共{len(problems)}处" if len(problems) > _MOST_SAID else ""
        raise InputError(
            f"“{path.name}”有{len(problems)}处需要改正:\n{listed}{more}", "请改正后再计分。", "未写出任何文件。"
        )
    additions = _additions(sheet)
    boards = tuple(score(_book(sheet, rules, group), additions, {}) for group in dict.fromkeys(sheet.groups.values()) or ("",))
    missing = tuple(
        f"{line.label}“{head.name}”:{why}" for board in boards for line, head, why in missing_cells(board)
    )
    overall = None
    if len(boards) > 1:
        grades = tuple(GradeLine(*one) for one in sheet.overall_grades)
        check_grades(grades)
        overall = joined(OverallRanking(_ALL, tuple(board.scheme.peer_group for board in boards), grades), boards)
    tables = board_tables(None, boards[0]) if overall is None else grouped_tables(boards, overall)
    write_tables(out, [*tables, _rules_table(sheet, rules, doubts)])
    return SheetOutcome(boards, overall, tuple(doubts.values()), missing)


def _rules(sheet: ScoreSheet, problems: list[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Rules by indicator; what could not be read goes to `problems`, what was assumed comes back."""
    rules: dict[str, Any] = {}
    doubts: dict[str, str] = {}
    parameters = _parameters(sheet, problems)
    extra = frozenset(sheet.named) | {one.name for one in parameters} | {name for row in sheet.rows for name in (row.counts or {})}
    for item in sheet.items:
        if item.missing not in POLICIES:
            problems.append(f"{item.place}:缺项“{item.missing}”应填{'、'.join(one for one in POLICIES if one)}")
        if not item.rule:
            continue
        try:
            rule, doubt = rule_of(item, extra)
        except InputError as error:
            problems.append(f"{item.place}“{item.rule[:20]}”:{error.what}{error.todo}")
            continue
        codes = codes_of(rule)
        if item.lower and "ratio" in codes:
            problems.append(f"{item.place}:反向指标不能按完成率计分")
            continue
        if not item.lower and "control" in codes:
            problems.append(f"{item.place}:“按超出比例扣分”只用于反向指标")
            continue
        rules[item.name] = rule
        if doubt:
            doubts[item.name] = f"{item.name}:{doubt}"
    return rules, doubts


def _parameters(sheet: ScoreSheet, problems: list[str]) -> tuple[Parameter, ...]:
    try:
        found = read_parameters(sheet.parameters)
    except InputError as error:
        problems.append(f"{sheet.parameters_place}:{error.what}{error.todo}")
        return ()
    double = next((one.name for one in found if one.name in sheet.named), "")
    if double:
        problems.append(f"{sheet.parameters_place}:“{double}”已是数据表的一栏,参数请换一个名称")
    return found


def rule_of(item: SheetItem, extra: frozenset[str]) -> tuple[Any, str]:
    """The rule as written (a preset's code, 公式:…, a rule as data, the office's words), and what was assumed.

    extra: names a formula may use. InputError for what is none of these.
    """
    text = item.rule.strip()
    found = next((one for one in PRESETS if one.code == text.upper()), None)
    if found is not None:
        return found.rule, ""
    if text.startswith("{"):
        try:
            return from_data(json.loads(text)), ""
        except ValueError as error:
            raise InputError("规则数据读不出来。", "请用预设编号、公式或文字。") from error
    for lead in ("公式:", "公式：", "="):
        if text.startswith(lead):
            formula = Formula(text.removeprefix(lead).strip())
            check_formula(formula.text, extra)
            return formula, ""
    read = propose(text, item.points, item.unit, item.name)
    if read.rule is None:
        left = read.unread or "、".join(read.doubts)
        raise InputError(f"没有读懂“{left[:40]}”。", "请改用预设编号(见“计分办法”表)或公式。")
    if read.below_is_better is not None and read.below_is_better is not item.lower:
        raise InputError("文字的方向与指标的方向不一致。", "请核对方向,或改写文字。")
    return read.rule, ";".join(read.doubts)


def _book(sheet: ScoreSheet, rules: dict[str, Any], group: str) -> FactBook:
    """The data of one group's units; "" for a workbook without groups."""
    ids = _units(sheet)
    members = tuple(Member(unit, name, group) for name, unit in ids.items() if sheet.groups.get(name, "") == group)
    of_group = {one.id for one in members}
    items, heads, by_name = {}, {}, {}
    for place, item in enumerate(sheet.items, 1):
        record = RecordId(place)
        by_name[item.name] = record
        rule = json.dumps(to_data(rules[item.name]))
        items[record] = SchemeItem(record, rule, item.points, item.digits, POLICIES[item.missing], item.cap)
        direction = Direction.LOWER if item.lower else Direction.HIGHER
        heads[record] = Head(record, item.name, "", item.unit, direction, TargetForm.LEVEL, item.points, item.rule, "")
    scheme = Scheme(
        id=RecordId(0), year=2000, peer_group=group, items=tuple(items.values()), scale=sheet.scale,
        digits=sheet.digits, targets_by_best=sheet.targets_by_best, total_by_best=sheet.total_by_best,
        bonus_cap=sheet.bonus_cap, deduction_cap=sheet.deduction_cap,
        grades=tuple(GradeLine(*one) for one in sheet.grades), parameters=read_parameters(sheet.parameters),
    )
    check_scheme(scheme)
    values = parameters_of(scheme)
    entries: dict[RecordId, dict[RecordId, Entry]] = {record: {} for record in items}
    listed = {one.name: one for one in sheet.items}
    for row in sheet.rows:
        record = by_name[row.indicator]
        if ids[row.unit] not in of_group:
            continue
        entries[record][ids[row.unit]] = _entry(listed[row.indicator], row, ids[row.unit], rules[row.indicator], values)
    for record, found in entries.items():
        if len(found) == 1 and len(members) > 1 and items[record].missing in (MissingPolicy.CONVERT, MissingPolicy.MEAN):
            continue
        for one in members:
            if one.id not in found:
                found[one.id] = Entry(
                    Facts(items[record].points or Decimal(0), unit=one.id, label=one.label), absent=NOT_CARRIED
                )
    by_record = {by_name[name]: rule for name, rule in rules.items()}
    return FactBook(scheme, 12, members, heads, items, by_record, {}, entries)


def _entry(item: SheetItem, row: SheetRow, unit: RecordId, rule: Any, values: Mapping[str, Decimal]) -> Entry:
    counts = row.counts or {}
    codes = codes_of(rule)
    facts = Facts(
        item.points, row.target, row.actual, row.base, row.upper, unit=unit, label=row.unit,
        unit_of_measure=item.unit, is_rate=item.unit in RATES, lower_is_better=item.lower,
        named={**row.named, **counts, **used_in(rule, values)}, counts=counts, votes=counts,
        scores=tuple(counts.values()) if "raters" in codes else (), word=row.word, given=row.given,
        proven=bool(row.proven) if "proven" in codes else row.proven,
    )
    entry = Entry(facts, from_result=True, absent=NOT_APPLICABLE if row.absent else "")
    if "events" in codes and row.counts is None:
        kinds = [kind for kind, _each in getattr(rule, "rows", ())]
        if len(kinds) == 1 and row.actual is not None:
            facts.counts = {kinds[0]: row.actual}
        else:
            entry.unknown = "次数还没有填"
    return entry


def _units(sheet: ScoreSheet) -> dict[str, RecordId]:
    return {name: RecordId(place) for place, name in enumerate(dict.fromkeys(row.unit for row in sheet.rows), 1)}


def _additions(sheet: ScoreSheet) -> Additions:
    ids = _units(sheet)
    items = [
        BonusItem(id=RecordId(place), year=2000, unit=ids[one.unit], matter=one.matter, level=one.level, points=one.points)
        for place, one in enumerate(sheet.bonuses, 1)
    ]
    return Additions(
        once_each([one for one in items if one.points >= 0]), once_each([one for one in items if one.points < 0]),
        {}, sheet.bonus_cap, sheet.deduction_cap,
    )


def _rules_table(sheet: ScoreSheet, rules: dict[str, Any], doubts: dict[str, str]) -> SheetTable:
    rows = [
        (one.name, one.points, one.rule, rules[one.name].sentence(), doubts.get(one.name, "").partition(":")[2])
        for one in sheet.items
    ]
    return SheetTable(("指标", "分值", "计分办法原文", "按此计分", "说明"), rows, sheet="计分规则", is_paper=True)


# The template -----------------------------------------------------------------------


def write_template(out: Path) -> None:
    """A workbook to fill in: settings, scheme, data of three example counties, bonuses, the methods by code."""
    settings: list[Sequence[Value]] = [
        ("满分", Decimal(100), None, None), ("总分小数位数", 2, None, None), ("加分上限", Decimal(5), None, None),
        (BY_BEST, None, None, None), (PARAMETERS, None, None, None),
        ("等次", "优秀", Decimal(90), Decimal(40)), ("等次", "良好", Decimal(80), None),
        ("等次", "合格", Decimal(60), None), ("等次", "不合格", None, None),
    ]
    scheme: list[Sequence[Value]] = [
        ("生产总值", "亿元", Decimal(30), "正向", "R01", 2, "折算", None),
        ("财政收入", "亿元", Decimal(20), "正向", "完成得基本分;每超1%加0.5分,最多加3分;每少1%扣1分,扣完为止", 2, "折算", None),
        ("工业投资增速", "%", Decimal(20), "正向", "功效系数法计分", 2, "折算", None),
        ("单位能耗", "吨标准煤/万元", Decimal(20), "反向", "R20", 2, "折算", None),
        ("招商引资", "亿元", Decimal(10), "正向", "公式:取小(分值×实绩÷目标,分值×1.2)", 2, "满分", None),
    ]
    figures = {
        "甲县": (("150", "135"), ("20", "21"), ("10", "12"), ("0.5", "0.52"), ("8", "10")),
        "乙县": (("120", "126"), ("16", "15.5"), ("10", "9"), ("0.6", "0.6"), ("6", "6")),
        "丙区": (("200", "200"), ("30", "33"), ("10", "6"), ("0.4", "0.38"), ("/", None)),
    }
    data: list[Sequence[Value]] = [
        (unit, str(item[0]), "/" if aim == "/" else Decimal(aim), None if actual is None else Decimal(actual), None, "", "", None, "")
        for unit, cells in figures.items() for item, (aim, actual) in zip(scheme, cells, strict=True)
    ]
    methods = [(one.code, one.name, one.rule.sentence(), one.needs) for one in PRESETS]
    write_tables(out, [
        SheetTable(("项目", "值", "分数线", "名额%"), settings, sheet=SETTINGS),
        SheetTable(SCHEME_HEADS, scheme, sheet=SCHEME), SheetTable(DATA_HEADS, data, sheet=DATA),
        SheetTable(BONUS_HEADS, [("甲县", "全省现场会", "省级", Decimal(1))], sheet=BONUSES),
        SheetTable(("编号", "计分办法", "内容", "需要的数据"), methods, sheet="计分办法"),
        SheetTable(("填写说明",), [(line,) for line in _HINTS], sheet="填写说明"),
    ])


_HINTS = (
    "计分办法可填:预设编号(如R01,见“计分办法”表)、评分标准文字、公式(以“公式:”开头)。",
    "目标填“/”表示该单位不承担,按方案中的缺项办法处理;实绩空着表示没有数据,不按0分算。",
    "次数写成“省级=2;国家级=1”,核实没有发生的填“无”;满意度票数写成“满意=80;基本满意=15;不满意=5”。",
    "数据表可以加“分组”一列:相对计分、名次和名额都在组内算,另排一个总名次;总名次的等次在设置里填“总等次”,写法同“等次”。",
    "数据表可以加列,列名就是公式里可用的名称,如“省平均”。",
    "设置中“按最高分折算”可填:目标得分、总分,得分最高的单位折算为满分,其他单位按比例;空着不折算。",
    "设置中“参数”写成“难度系数=1.2、基数=300”,公式里可以用这些名称。",
    "缺项可填:折算、满分、零分、平均。方向可填:正向、反向。佐证可填:有、无。",
)

