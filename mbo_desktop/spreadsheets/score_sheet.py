"""A scheme with its data in one workbook, read cell by cell: 设置, 方案, 数据, 加减分.

Every figure is checked; what cannot be read is named by its cell and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from mbo_desktop.domain.quantity import read_number
from mbo_desktop.errors import InputError
from mbo_desktop.spreadsheets.source import read_tables
from mbo_desktop.spreadsheets.table import Cell, Table

SETTINGS, SCHEME, DATA, BONUSES = "设置", "方案", "数据", "加减分"
SCHEME_HEADS = ("指标", "计量单位", "分值", "方向", "计分办法", "小数位数", "缺项", "封顶")
DATA_HEADS = ("单位", "指标", "目标", "实绩", "上年", "次数", "认定", "给分", "佐证")
GROUP = "分组"
"""A further column of the data: units are compared and ranked within their group."""
BONUS_HEADS = ("单位", "事项", "级别", "加分")
PARAMETERS = "参数"
BY_BEST = "按最高分折算"
BEST_OF = {"目标得分": "targets_by_best", "总分": "total_by_best"}
"""What a scheme may hold against the best of its group, as the sheet 设置 names it."""
DIRECTIONS = {"": False, "正向": False, "反向": True}
_NOT_CARRIED = frozenset({"/", "／", "-", "—", "不适用"})


@dataclass(frozen=True, slots=True)
class SheetItem:
    """An indicator of the scheme; rule as written."""

    place: str
    name: str
    unit: str
    points: Decimal
    lower: bool
    rule: str
    digits: int
    missing: str
    cap: Decimal | None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A unit's figures of an indicator; numbers None where the cell is empty."""

    place: str
    unit: str
    indicator: str
    absent: bool
    target: Decimal | None
    upper: Decimal | None
    actual: Decimal | None
    base: Decimal | None
    counts: dict[str, Decimal] | None
    word: str
    given: Decimal | None
    proven: bool | None
    named: dict[str, Decimal]
    group: str = ""


@dataclass(frozen=True, slots=True)
class SheetBonus:
    """Points added (or, negative, taken off) for a matter."""

    unit: str
    matter: str
    level: str
    points: Decimal


@dataclass(slots=True)
class ScoreSheet:
    """What stands in the workbook; problems name the cells that cannot be read."""

    scale: Decimal | None = Decimal(100)
    digits: int = 2
    bonus_cap: Decimal | None = None
    deduction_cap: Decimal | None = None
    targets_by_best: bool = False
    total_by_best: bool = False
    parameters: str = ""
    """「难度系数=1.2、基数=300」, as written."""
    parameters_place: str = ""
    grades: list[tuple[str, Decimal | None, Decimal | None]] = field(default_factory=list)
    """Name, threshold, share in %."""
    overall_grades: list[tuple[str, Decimal | None, Decimal | None]] = field(default_factory=list)
    """The same, over the units of all groups."""
    groups: dict[str, str] = field(default_factory=dict)
    """By unit; empty where the workbook has no groups."""
    items: list[SheetItem] = field(default_factory=list)
    rows: list[SheetRow] = field(default_factory=list)
    bonuses: list[SheetBonus] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    named: tuple[str, ...] = ()
    """Further columns of the data, figures by name."""


def read_score_sheet(path: Path) -> ScoreSheet:
    """Read the workbook; FileReadError for no workbook, InputError for one without scheme or data."""
    tables = {one.sheet.strip(): one for one in read_tables(path)}
    lacking = [name for name in (SCHEME, DATA) if name not in tables]
    if lacking:
        raise InputError(
            f"“{path.name}”没有名为“{lacking[0]}”的工作表。", "请用“试算模板”(命令 score-sheet --template)写出的工作簿,在上面填写。",
            "未写出任何文件。",
        )
    found = ScoreSheet()
    if SETTINGS in tables:
        _settings(tables[SETTINGS], found)
    _items(tables[SCHEME], found)
    _rows(tables[DATA], found)
    if BONUSES in tables:
        _bonuses(tables[BONUSES], found)
    _cross_check(found)
    return found


def read_scheme_sheet(path: Path) -> ScoreSheet:
    """The sheet 方案 alone; FileReadError and InputError as `read_score_sheet`."""
    table = next((one for one in read_tables(path) if one.sheet.strip() == SCHEME), None)
    if table is None:
        raise InputError(f"“{path.name}”没有名为“{SCHEME}”的工作表。", "请先导出方案,在导出的表上修改。")
    found = ScoreSheet()
    _items(table, found)
    return found


class _Line:
    """One row, its cells by heading."""

    def __init__(self, table: Table, row: int, columns: dict[str, int], found: ScoreSheet) -> None:
        self.table, self.row, self.columns, self.found = table, row, columns, found

    def cell(self, head: str) -> Cell:
        return self.table.cell(self.row, self.columns.get(head, -1))

    def place(self, head: str = "") -> str:
        column = self.columns.get(head, 0)
        return f"{self.table.sheet}!{self.table.place(self.row, column)}"

    def text(self, head: str) -> str:
        return self.cell(head).text.strip()

    def say(self, head: str, why: str) -> None:
        shown = self.text(head)
        self.found.problems.append(f"{self.place(head)}{f'“{shown[:20]}”' if shown else ''}:{why}")

    def number(self, head: str) -> Decimal | None:
        cell = self.cell(head)
        if cell.problem:
            self.say(head, cell.problem)
            return None
        if isinstance(cell.value, Decimal):
            return cell.value
        if isinstance(cell.value, date):
            self.say(head, "是日期,不是数字")
            return None
        if not cell.text.strip():
            return None
        try:
            return read_number(cell.text.strip().removesuffix("%"))
        except InputError:
            self.say(head, "不是数字")
            return None


def _lines(table: Table, heads: tuple[str, ...], found: ScoreSheet) -> Iterator[_Line]:
    """Rows below the head row, empty ones left out; the head row is the first that has the first two heads."""
    for at in range(min(len(table.rows), 10)):
        columns = {
            cell.text.strip(): place for place, cell in enumerate(table.rows[at]) if cell.text.strip()
        }
        if heads[0] in columns and heads[1] in columns:
            break
    else:
        found.problems.append(f"{table.sheet}:没有找到“{heads[0]}”“{heads[1]}”这一行表头")
        return
    for row in range(at + 1, len(table.rows)):
        if any(cell.text.strip() for cell in table.rows[row]):
            yield _Line(table, row, columns, found)


def _settings(table: Table, found: ScoreSheet) -> None:
    readers: dict[str, Callable[[_Line], None]] = {
        "满分": lambda line: _put(found, "scale", line.number("值"), keep_none=True),
        "总分小数位数": lambda line: _put(found, "digits", _whole(line, "值")),
        "加分上限": lambda line: _put(found, "bonus_cap", line.number("值")),
        "扣分上限": lambda line: _put(found, "deduction_cap", line.number("值")),
        PARAMETERS: lambda line: _parameters(line, found),
        BY_BEST: lambda line: _best(line, found),
    }
    for line in _lines(table, ("项目", "值"), found):
        name = line.text("项目")
        if name in readers:
            readers[name](line)
        elif name in ("等次", "总等次"):
            grades = found.grades if name == "等次" else found.overall_grades
            grades.append((line.text("值"), line.number("分数线"), line.number("名额%")))
        else:
            line.say("项目", "不是可用的设置")


def read_best(text: str) -> dict[str, bool] | None:
    """「目标得分、总分」 as facts of the scheme, "" as none of them; None for other words."""
    said = [one.strip() for one in re.split("[、,，;；]", text) if one.strip()]
    return None if any(one not in BEST_OF for one in said) else {fact: word in said for word, fact in BEST_OF.items()}


def _best(line: _Line, found: ScoreSheet) -> None:
    said = read_best(line.text("值"))
    if said is None:
        line.say("值", f"可填{'、'.join(BEST_OF)}")
        return
    found.targets_by_best, found.total_by_best = said["targets_by_best"], said["total_by_best"]


def _parameters(line: _Line, found: ScoreSheet) -> None:
    found.parameters, found.parameters_place = line.text("值"), line.place("值")


def _put(found: ScoreSheet, name: str, value: object, *, keep_none: bool = False) -> None:
    if value is not None or keep_none:
        setattr(found, name, value)


def _whole(line: _Line, head: str) -> int | None:
    number = line.number(head)
    if number is None:
        return None
    if number != int(number) or not 0 <= number <= 6:
        line.say(head, "应是0到6之间的整数")
        return None
    return int(number)


def _items(table: Table, found: ScoreSheet) -> None:
    seen: set[str] = set()
    for line in _lines(table, SCHEME_HEADS, found):
        name = line.text("指标")
        if not name:
            line.say("指标", "没有指标名称")
            continue
        if name in seen:
            line.say("指标", "指标重复")
            continue
        seen.add(name)
        points = line.number("分值")
        if points is None or points < 0:
            line.say("分值", "应填0或大于0的数" if points is not None or not line.text("分值") else "读不出分值")
            points = Decimal(0)
        if line.text("方向") not in DIRECTIONS:
            line.say("方向", "应填正向或反向")
        if not line.text("计分办法"):
            line.say("计分办法", "没有计分办法")
        digits = _whole(line, "小数位数")
        found.items.append(SheetItem(
            line.place("计分办法"), name, line.text("计量单位"), points, DIRECTIONS.get(line.text("方向"), False),
            line.text("计分办法"), 2 if digits is None else digits, line.text("缺项"), line.number("封顶"),
        ))


def _rows(table: Table, found: ScoreSheet) -> None:
    for line in _lines(table, DATA_HEADS, found):
        extra = [head for head in line.columns if head not in DATA_HEADS and head not in ("上限", GROUP)]
        found.named = tuple(extra)
        absent = line.text("目标") in _NOT_CARRIED
        proof = line.text("佐证")
        if proof not in ("", "有", "无"):
            line.say("佐证", "应填有或无")
        named = {head: value for head in extra if (value := line.number(head)) is not None}
        found.rows.append(SheetRow(
            line.place(), line.text("单位"), line.text("指标"), absent,
            None if absent else line.number("目标"), line.number("上限"), line.number("实绩"),
            line.number("上年"), _counts(line), line.text("认定"), line.number("给分"),
            None if not proof else proof == "有", named, line.text(GROUP),
        ))


def _counts(line: _Line) -> dict[str, Decimal] | None:
    """「省级2;国家级1」, 「省级=2」; 「无」: looked at, nothing happened."""
    said = line.text("次数")
    if not said:
        return None
    if said in ("无", "0", "没有"):
        return {}
    found: dict[str, Decimal] = {}
    for part in re.split(r"[;；、,，\n]", said):
        match = re.fullmatch(r"\s*(.+?)\s*[=:：]?\s*(\d+(?:\.\d+)?)\s*(?:次|起|票|个|项)?\s*", part)
        if match is None:
            line.say("次数", "应写成“名称=次数”,几种用分号隔开")
            return {}
        found[match.group(1)] = Decimal(match.group(2))
    return found


def _bonuses(table: Table, found: ScoreSheet) -> None:
    for line in _lines(table, BONUS_HEADS, found):
        points = line.number("加分")
        if points is None:
            if not line.text("加分"):
                line.say("加分", "没有分数")
            continue
        if not line.text("事项"):
            line.say("事项", "没有事项")
        found.bonuses.append(SheetBonus(line.text("单位"), line.text("事项"), line.text("级别"), points))


def _groups(found: ScoreSheet) -> None:
    """Each unit's group: one row of it is enough, two different ones are named."""
    for row in found.rows:
        if row.unit and row.group:
            first = found.groups.setdefault(row.unit, row.group)
            if first != row.group:
                found.problems.append(f"{row.place}:“{row.unit}”的分组写了“{first}”和“{row.group}”两个")
    if found.groups:
        without = dict.fromkeys(row.unit for row in found.rows if row.unit and row.unit not in found.groups)
        found.problems += [f"{DATA}:“{unit}”没有写分组" for unit in without]
    elif found.overall_grades:
        found.problems.append(f"{SETTINGS}:“总等次”用于几个分组一起排名,{DATA}表没有“{GROUP}”一栏")


def _cross_check(found: ScoreSheet) -> None:
    """Names that do not meet, and the same cell twice."""
    known = {one.name for one in found.items}
    units: set[str] = set()
    seen: dict[tuple[str, str], str] = {}
    for row in found.rows:
        if not row.unit:
            found.problems.append(f"{row.place}:没有单位名称")
        elif row.indicator not in known:
            found.problems.append(f"{row.place}:方案中没有指标“{row.indicator}”")
        elif (row.unit, row.indicator) in seen:
            first = seen[row.unit, row.indicator]
            found.problems.append(f"{row.place}:“{row.unit}”的“{row.indicator}”与{first}重复")
        seen.setdefault((row.unit, row.indicator), row.place)
        units.add(row.unit)
    _groups(found)
    for one in found.bonuses:
        if one.unit not in units:
            found.problems.append(f"{BONUSES}:“{one.unit}”没有数据")
    if not found.items:
        found.problems.append(f"{SCHEME}:没有指标")
    if not found.rows:
        found.problems.append(f"{DATA}:没有数据")
