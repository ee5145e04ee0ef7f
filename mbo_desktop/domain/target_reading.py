"""Targets as ledgers word them → `TargetValue`; what is not understood stays as text.

Decisions: "/", "—", "－", "无", "不适用" and the like are N/A; "×", "待定" and "暂无" are text
(they may mean "not yet"); an empty cell is None. A statement about another measure than the
row's is a condition without an amount, so that no total counts it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from mbo_desktop.domain import calendar, cell_formats, quantity, units
from mbo_desktop.domain.target_grammar import (
    Setting,
    form_of_name,
    read_statement,
    strip_filler,
)
from mbo_desktop.domain.targets import Node, TargetForm, TargetPart, TargetValue
from mbo_desktop.errors import InputError

LONGEST_PARSED = 1000
"""Longer text is prose and kept whole without a search for figures."""

_NO_TARGET_WORDS = (
    "/ \\ // - -- — —— ——— ― ─ ── 无 (无) 不适用 不涉及 不承担 不考核 (不考核) 不作考核 不纳入考核"
    " 无任务 无此项 无此项任务 无此任务 无目标任务 N/A n/a NA (/)"
)
_NOT_APPLICABLE = frozenset(_NO_TARGET_WORDS.split())
# A comma between digits belongs to the number (1,234); a point likewise.
_STOPS = re.compile(r"(?<!\d),|,(?!\d)|[;。]|(?<!\d)\.|\.(?!\d)|、(?=其中|同比|增长|增速|增幅|下降|比上年|较上年)")
_HAN = re.compile(r"[一-鿿]")
_DETAIL = re.compile(r"其中|包括|含|分别|具体|注|即|按")
_HOPE = re.compile(r"力争|争取|奋斗目标|挑战")
_RATES = frozenset({TargetForm.GROWTH, TargetForm.DECREASE_RATE})
_LEVELS = frozenset({TargetForm.LEVEL, TargetForm.AT_LEAST, TargetForm.AT_MOST, TargetForm.RANGE})
_TRAILING_NOTE = re.compile(r"(.+?)\(([^()]+)\)")
_TOTAL_INVESTMENT = re.compile(r"(?:计划)?总投资(?:额)?")
_YEAR_INVESTMENT = re.compile(
    r"(?:年度|今年|当年|本年度?|年内|全年|20\d\d年)?(?:计划)?(?:完成)?投资(?:额)?(?:计划)?(?:为|达到|达)?(?P<rest>[0-9約约近不].*)"
)
_VALUE_START = re.compile(r"[0-9〇零一二两三四五六七八九十百千万亿约近达为控不低高超突大小多少至增净新下降同比较≥≤<>排位居列前第保稳年实完进全在综考.+-]")
_HAN_PAIR = re.compile(r"(?![一二三四五六七八九十百千万亿年月日第前约近])[一-鿿](?![一二三四五六七八九十百千万亿])[一-鿿]|[A-Za-z]{2,}")
# 增长率, 增速, 降幅 name the measure (人口自然增长率): the value begins after them.
_NOUN_OF_CHANGE = re.compile(r"(?:增长|递增|增加|提高|上升|提升|下降|降低|减少|压减|削减)(?:率|幅度)|增速|增幅|降幅|增量")
_CHANGE_WORDS = re.compile(
    r"(?:同比|环比|比上年|较上年)?(?:减少|下降|降低|压减|削减|增加|增长|提高|提升|低于|高于|超过|不低于|不高于|不超过|新增|净增|控制在|达到)"
)
# 每月1次, 全省前30%, 三分之二, 新增5家、净增3家: words before a figure that name no measure.
_NO_SUBJECT = re.compile(r"^每|^(?:新增|净增|增长|增加|下降|减少)\d|(?:[前第于]|分之)$")
_SUBJECT_TAIL = re.compile(r"(?:的|[:,、]|要|应|须|均|年内|全年|分别|年度|确保|力争)$")


def read_target(
    text: str,
    *,
    unit: str = "",
    default_form: TargetForm = TargetForm.LEVEL,
    indicator_name: str = "",
) -> TargetValue | None:
    """The value a cell states; None for an empty one. Never raises: what is unclear is TEXT.

    Bare numbers are in `unit` and take `default_form`; other units of the same dimension
    are converted exactly (75000万元 in 亿元 → 7.5) while the text stays as typed.
    """
    kept = text.strip().strip("\u3000\ufeff").strip()
    if len(kept) > LONGEST_PARSED:
        return _whole(TargetForm.TEXT, kept)
    # Ledgers are mostly bare numbers: these need no grammar.
    if _BARE_NUMBER.fullmatch(kept) and default_form is TargetForm.LEVEL and form_of_name(indicator_name, unit) is None:
        return TargetValue((TargetPart(TargetForm.LEVEL, Decimal(kept), unit),), text=kept)
    return _read(kept, Setting(unit, default_form, indicator_name))


@lru_cache(maxsize=4096)
def _read(kept: str, setting: Setting) -> TargetValue | None:
    plain = quantity.normalise(kept)
    if not plain:
        return None
    if "\n" in kept and _one_statement(plain, setting) is None:
        # A line break inside a cell parts statements: 75亿元 above 增长25%.
        plain = quantity.normalise(kept.replace("\r", "").replace("\n", "。"))
    if plain in _NOT_APPLICABLE:
        return TargetValue((TargetPart(TargetForm.NOT_APPLICABLE),), text=kept)
    has_figure = _ANY_FIGURE.search(plain) is not None
    for reader in _READERS if has_figure else (_read_milestones,):
        value = reader(plain, kept, setting)
        if value is not None:
            return value
    return _whole(TargetForm.TEXT, kept)


_BARE_NUMBER = re.compile(r"(?:0|-?[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?")
_ANY_FIGURE = re.compile(r"[0-9〇零○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]")


def _whole(form: TargetForm, kept: str, nodes: tuple[Node, ...] = ()) -> TargetValue:
    return TargetValue((TargetPart(form, text=kept, nodes=nodes),), text=kept)


def split_clauses(plain: str) -> list[str]:
    """The clauses of a normalised text; commas and points inside numbers do not part it."""
    return [clause for clause in _STOPS.split(plain) if clause]


def _read_statements(plain: str, kept: str, setting: Setting) -> TargetValue | None:
    """Parts from clauses of which the first states a number (75亿元,增长25%)."""
    clauses = split_clauses(plain)
    note = _TRAILING_NOTE.fullmatch(plain)
    if note and units.is_unit(note[2]):
        clauses = [note[1] + note[2]]
    elif note and len(clauses) <= 1:
        clauses = [note[1], note[2]]
    else:
        whole = _one_statement(plain, setting)
        if whole is not None:
            return TargetValue((whole,), text=kept)
    if len(clauses) <= 1:
        return _only_statement(clauses, kept, setting)
    first = _one_statement(clauses[0], setting)
    # 上半年30亿元,全年75亿元 are stages: which one counts is not said.
    if first is None or first.nodes:
        return None
    parts, hopes = [first], [bool(_HOPE.match(clauses[0]))]
    prose: list[str] = []
    for clause in clauses[1:]:
        part = None if prose or _DETAIL.match(clause) else _one_statement(clause, _without_name(setting))
        if part is None and not _HAN.search(clause):
            # 12.O or 75亿元;B: what follows is no remark but a slip of the keyboard.
            return None
        if part is None:
            prose.append(clause)
        elif _is_bare(clause) and not (first.form in _RATES and part.unit and not units.is_ratio(part.unit)):
            # 75亿元,25%: nobody said what the second number is.
            return None
        else:
            parts.append(part)
            hopes.append(bool(_HOPE.match(clause)))
    if prose and len(parts) == 1:
        parts = [replace(first, text=kept, nodes=_nodes(prose))]
    elif prose:
        parts.append(TargetPart(TargetForm.TEXT, text=",".join(prose)))
        hopes.append(True)
    return TargetValue(tuple(parts), _counting(parts, hopes), kept)


def _is_bare(clause: str) -> bool:
    """Whether a clause is a number with at most its unit, no word saying what it is."""
    try:
        quantity.read_quantity(clause)
    except InputError:
        return False
    return True


def _only_statement(clauses: list[str], kept: str, setting: Setting) -> TargetValue | None:
    """A single clause whose end mark stood in the way (增长25%.)."""
    part = _one_statement(clauses[0], setting) if clauses else None
    return None if part is None else TargetValue((part,), text=kept)


def _without_name(setting: Setting) -> Setting:
    return replace(setting, name="", form=TargetForm.LEVEL)


def _counting(parts: list[TargetPart], hopes: list[bool]) -> int:
    """考核口径 when nobody said otherwise: a level before a rate, 确保 or 保底 before 力争."""
    owed = [i for i, hope in enumerate(hopes) if not hope] or list(range(len(parts)))
    return next((i for i in owed if parts[i].form in _LEVELS), owed[0])


def _one_statement(clause: str, setting: Setting) -> TargetPart | None:
    """A clause as a part; a deadline before it and the row's own name before it are taken off."""
    part = read_statement(clause, setting)
    if part is not None:
        return part
    part = _own_statement(clause, setting)
    if part is not None:
        return part
    note = _TRAILING_NOTE.fullmatch(clause)
    if note:
        part = read_statement(note[1], setting)
        return None if part is None else replace(part, text=part.text or clause)
    span = calendar.find_deadline(clause)
    if span is not None and span[0] == 0:
        rest = clause[span[1] :].lstrip(",:")
        part = read_statement(rest, setting)
        if part is not None:
            return replace(part, nodes=(Node(rest, clause[: span[1]]),), text=part.text or clause)
    return None


def _own_statement(clause: str, setting: Setting) -> TargetPart | None:
    """A value after the row's own measure, named in full or in part (完成投资46亿元 in 技改投资)."""
    name = quantity.split_unit(quantity.normalise(setting.name))[0]
    if len(name) < 2:
        return None
    if clause.startswith(name):
        return read_statement(clause.removeprefix(name), setting)
    split = split_name(clause, setting.unit)
    return split[1] if split is not None and strip_filler(split[0]) in name else None


def _read_project(plain: str, kept: str, setting: Setting) -> TargetValue | None:
    """总投资5亿元,年度完成投资2亿元,6月底前开工: the year's investment counts, nodes beside it."""
    clauses = split_clauses(plain)
    if not any(_TOTAL_INVESTMENT.match(clause) for clause in clauses):
        return None
    amount: TargetPart | None = None
    dated = list(clauses)
    for clause in clauses:
        match = _YEAR_INVESTMENT.fullmatch(clause)
        if match and not _TOTAL_INVESTMENT.match(clause) and amount is None:
            amount = read_statement(match["rest"], _without_name(setting))
            dated.remove(clause)
    nodes = _nodes(dated)
    part = TargetPart(TargetForm.PROJECT, text=kept, nodes=nodes)
    if amount is not None:
        part = replace(part, amount=amount.amount, unit=amount.unit, approximate=amount.approximate)
    return TargetValue((part,), text=kept)


def _read_milestones(plain: str, kept: str, setting: Setting) -> TargetValue | None:
    del setting
    nodes = _nodes(split_clauses(plain))
    if not nodes:
        as_date = _bare_date(plain)
        nodes = (Node("", as_date),) if as_date else ()
    return _whole(TargetForm.MILESTONE, kept, nodes) if nodes else None


def _bare_date(plain: str) -> str:
    if not re.fullmatch(r"\d{4}([./-])\d{1,2}\1\d{1,2}|[〇零一二三四五六七八九\d]{4}年.*日?", plain):
        return ""
    try:
        return calendar.read_date(plain).isoformat()
    except InputError:
        return ""


def _nodes(clauses: list[str]) -> tuple[Node, ...]:
    found = []
    for clause in clauses:
        span = calendar.find_deadline(clause)
        if span is not None:
            title = re.sub(r"[于在]$", "", clause[: span[0]]) + clause[span[1] :]
            title = re.sub(r"^\(?\d{1,2}\)", "", title).strip(",:()、")
            found.append(Node(title, clause[span[0] : span[1]]))
    return tuple(found)


def _read_condition(plain: str, kept: str, setting: Setting) -> TargetValue | None:
    if len(split_clauses(plain)) != 1:
        return None
    split = split_name(plain.rstrip("。.;"), setting.unit)
    return _whole(TargetForm.CONDITION, kept) if split is not None else None


_READERS = (_read_project, _read_statements, _read_milestones, _read_condition)


def split_name(clause: str, unit: str = "") -> tuple[str, TargetPart] | None:
    """A clause as the measure's name and its value: 财政收入10亿元 → 财政收入, 10 亿元.

    None when no end of the clause is wholly a value.
    """
    setting = Setting(unit)
    note = _TRAILING_NOTE.fullmatch(clause)
    if note:
        split = split_name(note[1], unit)
        return None if split is None else (split[0], replace(split[1], text=clause[len(split[0]) :]))
    for start in range(2, len(clause)):
        if not _VALUE_START.match(clause[start]) or _inside_number(clause, start):
            continue
        if _NOUN_OF_CHANGE.match(clause, start):
            continue
        part = read_statement(clause[start:], setting)
        if part is not None:
            name = clause[:start]
            while (shorter := _SUBJECT_TAIL.sub("", name)) != name:
                name = shorter
            return (name, part) if _is_subject(name) else None
    return None


def _is_subject(name: str) -> bool:
    """Whether the words before a value name a measure: no figures alone, no bare 减少 or 低于."""
    if _CHANGE_WORDS.fullmatch(name) or _NO_SUBJECT.search(name):
        return False
    return bool(_HAN_PAIR.search(strip_filler(name))) or name.endswith("率")


def _inside_number(clause: str, start: int) -> bool:
    return clause[start] in "0123456789.,+-" and clause[start - 1] in "0123456789."


def reading_problem(
    text: str,
    *,
    unit: str = "",
    default_form: TargetForm = TargetForm.LEVEL,
    indicator_name: str = "",
) -> str:
    """Why a cell that was kept as text looks like a number gone wrong; "" when it is plain text.

    For example 约3成 → “约3成”不是数字。请改为 30 或 30%。
    """
    value = read_target(text, unit=unit, default_form=default_form, indicator_name=indicator_name)
    if value is None or value.counted.form is not TargetForm.TEXT or len(text) > 40:
        return ""
    plain = quantity.normalise(text)
    if re.fullmatch(r"#(?:DIV/0!|N/A|REF!|VALUE!|NAME\?|NUM!|NULL!)", plain):
        return f"“{plain}”是公式出错的结果。请改正公式或填写数字。"
    if re.fullmatch(r"[^\w一-鿿]+|[xX×✕✗√✓vV]", plain):
        return f"“{plain}”含义不明。不承担的请填 /,其余请填写目标。"
    match = _BARE_GROWTH.fullmatch(plain)
    if match:
        return f"“{plain}”没有写单位。请改为 {plain}%。"
    match = _LOOSE_GROWTH.fullmatch(plain)
    if match:
        return f"“{plain}”可指百分点,也可指相对增长。请改为 {match[1]}{match[2]}个百分点 或 增长{match[2]}%。"
    clauses = split_clauses(plain)
    if len(clauses) > 1 and all(_is_bare(clause) for clause in clauses):
        return f"“{plain}”有几个数字,没有写明各是什么。请改为如 75亿元,增长25%。"
    if not _looks_numeric(plain):
        return ""
    try:
        quantity.read_in_unit(plain, unit)
    except InputError as error:
        return f"{error.what}{error.todo}"
    return f"“{plain}”不能确定含义。请改为数字,如 30 或 30%。"


_FIGURE = re.compile(r"[0-9〇]|[一二三四五六七八九几数两][成十百千万亿]")
_NUMERIC_WORDS = re.compile(r"[0-9〇零一二两三四五六七八九十百千万亿几数成半约近余多.,%‰()+\-—~<>≥≤/:oOlI元]|左右|上下|以上|以下|以内|不低于|不高于|不超过|低于|高于|超过")
_BARE_GROWTH = re.compile(r"(增长|递增|增幅|增速)([0-9.]+)")
_LOOSE_GROWTH = re.compile(r"(提高|增加|上升|提升)([0-9.]+)%")


def _looks_numeric(plain: str) -> bool:
    return bool(_FIGURE.search(plain)) and len(_NUMERIC_WORDS.sub("", plain)) <= 2


def read_cell(
    value: object,
    number_format: str = "General",
    *,
    unit: str = "",
    default_form: TargetForm = TargetForm.LEVEL,
    indicator_name: str = "",
) -> TargetValue | None:
    """A spreadsheet cell: text, int, float, Decimal, date or None, read as it is shown.

    0.583 under 0.0% is 58.3 %; 12 under 0000 is the code 0012; 5 under 0"万元" is 5 万元;
    a serial under a date format is its date.
    """
    shown = cell_text(value, number_format)
    return read_target(shown, unit=unit, default_form=default_form, indicator_name=indicator_name)


def cell_text(value: object, number_format: str = "General") -> str:
    """What a cell says, as text with every digit it has: 0.583 under 0.0% → 58.3%."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return calendar.show_date(value.date())
    if isinstance(value, date):
        return calendar.show_date(value)
    if isinstance(value, float):
        try:
            value = quantity.from_float(value)
        except InputError:
            return str(value)
    if isinstance(value, int | Decimal):
        return cell_formats.show_number(Decimal(value), number_format)
    return str(value)
