"""Columns and cells of the month's table: each side in its own column, doubts and gaps marked with words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.quantity import round_half_up, show
from mbo_desktop.domain.reports import CauseKind, FigureKind
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.services.progress import ProgressRow, Side
from mbo_desktop.services.progress_entry import ReportField
from ui.grids.columns import Cell, Column, Kind, Option, Row, Tone
from ui.pages.progress_state import SHAPES

FIELDS: dict[str, tuple[FigureKind, ReportField]] = {
    "own": (FigureKind.PROXY, ReportField.AMOUNT),
    "period": (FigureKind.PROXY, ReportField.IN_PERIOD),
    "certified": (FigureKind.CERTIFIED, ReportField.AMOUNT),
    "verified": (FigureKind.VERIFIED, ReportField.AMOUNT),
    "physical": (FigureKind.PROXY, ReportField.PHYSICAL),
    "text": (FigureKind.PROXY, ReportField.TEXT),
    "investment": (FigureKind.PROXY, ReportField.INVESTMENT),
    "cause": (FigureKind.PROXY, ReportField.CAUSE),
    "cause_text": (FigureKind.PROXY, ReportField.CAUSE_TEXT),
    "effort": (FigureKind.PROXY, ReportField.OWN_EFFORT),
    "measure": (FigureKind.PROXY, ReportField.MEASURE),
    "note": (FigureKind.PROXY, ReportField.NOTE),
    "reported_on": (FigureKind.PROXY, ReportField.REPORTED_ON),
}
"""Which side and field a column writes; each side has a column of its own."""
_EXPLAINING = {
    "cause": "原因类别", "cause_text": "滞后原因", "effort": "已做工作", "measure": "下步措施",
}
"""Columns by the word with which a lagging target's report is said to lack them."""
_OWN_LOCKED = "本单位自己报送的数据,不代为修改;有出入的请填“来源部门”或“核实”。"
_NOT_BORNE = "本单位不承担此项,不用填报。"


def as_typed(text: str) -> str:
    """The service reads what was typed."""
    return text


def _causes(typed: str) -> Sequence[Option]:
    options = [Option(one.label, one.label) for one in CauseKind]
    wanted = typed.strip().casefold()
    initials = {"kg": "客观", "zg": "主观"}
    return [
        one for one in options
        if not wanted or wanted in one.label or initials.get(wanted, "") == one.label
        or any(key.startswith(wanted) and word == one.label for key, word in initials.items())
    ] or options


def _amount(key: str, title: str, width: int, group: str = "", hint: str = "") -> Column:
    return Column(key, title, Kind.NUMBER, width=width, editable=True, group=group, read=as_typed, hint=hint)


def _words(key: str, title: str, width: int, group: str = "") -> Column:
    return Column(key, title, width=width, editable=True, group=group, read=as_typed, multiline=True)


def month_columns(*, own_only: bool = False) -> tuple[Column, ...]:
    """Columns of 月度填报; own_only: an office that reports only on what it was given itself."""
    explain, own = "滞后说明", "自报" if own_only else "自报(代录)"
    hint = "本机关的累计数;也可填“未启动”" if own_only else "单位报来的累计数;也可填“未启动”"
    return (
        Column("unit", "单位", width=66, frozen=True),
        Column("title", "指标", width=126, frozen=True),
        Column("target", "目标", Kind.NUMBER, width=86),
        Column("planned", "应完成", Kind.NUMBER, width=64, hint="到本月底按计划应完成的累计数;没有排计划的按时间进度"),
        _amount("own", "累计", 88, own, hint),
        _amount("period", "当月", 58, own, "只填当月数,累计自动加上月"),
        _amount("certified", "来源部门", 70, hint="统计、财政等来源部门提供的累计数"),
        _amount("verified", "核实", 56, hint="现场核查认定的累计数"),
        Column("difference", "差异", width=72, hint="来源部门、核实与自报的差"),
        Column("share", "比例", Kind.NUMBER, unit="%", width=60, hint="完成比例:累计数占全年目标的百分比"),
        Column("light", "灯", width=76),
        _words("physical", "形象进度", 104),
        _words("text", "进展情况", 140),
        Column("nodes", "节点", width=120, hint="项目节点完成几个,哪个逾期或下一个是什么;在右侧打勾"),
        Column("investment", "累计投资", Kind.NUMBER, unit="万元", width=100, editable=True, hidden=True,
               read=as_typed, hint="重点项目、实事完成的投资;在“显示的列”中打开"),
        Column("invested", "投资比例", Kind.NUMBER, unit="%", width=90, hidden=True,
               hint="累计投资占年度目标的百分比;年度目标不是金额的不算"),
        Column("cause", "类别", Kind.CHOICE, width=60, editable=True, group=explain, lookup=_causes),
        _words("cause_text", "原因", 130, explain),
        _words("effort", "已做工作", 110, explain),
        _words("measure", "下步措施", 110, explain),
        _words("note", "说明", 110),
        Column("evidence", "佐证", Kind.NUMBER, width=52),
        Column("problems", "问题", Kind.NUMBER, width=52),
        Column("reported_on", "报送日期", Kind.DATE, width=90, editable=True, read=as_typed),
    )


def certifying_columns() -> tuple[Column, ...]:
    """Columns of 来源部门录入: one indicator down all units."""
    return (
        Column("unit", "单位", width=130, frozen=True),
        Column("target", "目标", Kind.NUMBER, width=96),
        Column("planned", "应完成", Kind.NUMBER, width=84),
        Column("own", "自报累计", Kind.NUMBER, width=90),
        _amount("certified", "来源部门累计", 110, hint="截至本月底的累计数"),
        Column("difference", "差异", width=140),
        Column("share", "完成比例", Kind.NUMBER, unit="%", width=88),
        Column("light", "灯", width=90),
    )


def month_row(row: ProgressRow, *, is_open: bool = True) -> Row:
    """The cells of a target in a month; is_open False: nothing may be typed (another's view of it)."""
    locked = _NOT_BORNE if row.form is TargetForm.NOT_APPLICABLE else ""
    own_locked = locked or row.closed.get(FigureKind.OWN, "") or (
        _OWN_LOCKED if FigureKind.OWN in row.sides and not row.is_self_reported else ""
    )
    light = row.judged.light
    heading = f"{row.title}({row.unit_of_measure})" if row.unit_of_measure else row.title
    cells: dict[str, Cell | str] = {
        "unit": row.unit_label,
        "title": Cell(heading, note=row.category),
        "target": Cell(row.target, number=_number(row.target)),
        "planned": Cell(row.planned, tone=Tone.MUTED, number=_number(row.planned)),
        "own": _own(row, own_locked), "period": _period(row, own_locked),
        "difference": Cell(_short(row.difference), tone=Tone.AMBER if row.difference else Tone.PLAIN, note=row.difference),
        "share": Cell("" if row.share is None else show(row.share), number=row.share),
        "light": Cell(light.label, light=SHAPES[light], note=row.judged.reason),
        "investment": Cell(
            "" if row.investment is None else show(row.investment), number=row.investment,
            editable=not own_locked, locked=own_locked, note=own_locked,
        ),
        "nodes": Cell(row.nodes, tone=_tone_of_nodes(row)),
        "invested": _invested(row),
        "evidence": Cell(str(row.evidence) if row.evidence else "", note="份未退回的佐证材料"),
        "problems": Cell(str(row.problems) if row.problems else "", note="个未解决的问题"),
        "reported_on": Cell(
            show_date(row.reported_on, "iso") if row.reported_on else "",
            editable=not own_locked, locked=own_locked, note=own_locked,
        ),
    }
    for key, kind in (("certified", FigureKind.CERTIFIED), ("verified", FigureKind.VERIFIED)):
        cells[key] = _other(row, kind, locked or row.closed.get(kind, ""))
    _add_words(row, cells, own_locked)
    return Row(int(row.subject), cells)


def _tone_of_nodes(row: ProgressRow) -> Tone:
    """Late nodes are marked where they decide the light; beside a figure they are only told."""
    if row.judged.measured.gap is not None:
        return Tone.MUTED
    return Tone.AMBER if "逾期" in row.nodes else Tone.PLAIN


def _invested(row: ProgressRow) -> Cell:
    done, planned = row.investment, row.investment_planned
    if done is None or not planned:
        return Cell("")
    share = round_half_up(done * 100 / planned, 1)
    return Cell(show(share), number=share)


def _short(difference: str) -> str:
    """Which side differs is seen in the row, unless both do."""
    words = difference.split(";")
    return words[0].removeprefix("来源部门").removeprefix("核实") if len(words) == 1 else difference


def _own(row: ProgressRow, locked: str) -> Cell:
    side = row.sides.get(FigureKind.OWN) or row.sides.get(FigureKind.PROXY)
    if side is None:
        return Cell(editable=not locked, locked=locked, note=locked)
    said = "本机关自报" if row.is_self_reported else "单位自报"
    who = said if side.kind is FigureKind.OWN else "代录"
    if side.is_text:
        return Cell(side.shown, problem=row.doubt, editable=not locked, locked=locked)
    return Cell(
        side.shown, number=side.amount, bold=row.counted_kind is side.kind and len(row.sides) > 1,
        icon="triangle-alert" if row.doubt else "", tone=Tone.AMBER if row.doubt else Tone.PLAIN,
        note="\n".join(word for word in (row.doubt, who, locked) if word), editable=not locked, locked=locked,
        edit_text=_whole(side),
    )


def _whole(side: Side) -> str | None:
    """What the editor begins with: all digits, also those that the table rounds away."""
    return None if side.amount is None else show(side.amount)


def _period(row: ProgressRow, locked: str) -> Cell:
    side = row.sides.get(FigureKind.OWN) or row.sides.get(FigureKind.PROXY)
    text = "" if side is None else side.in_period
    return Cell(text, number=_number(text), editable=not locked, locked=locked, note=locked)


def _number(text: str) -> Decimal | None:
    """The number that a text shows; None for words."""
    try:
        return Decimal(text.replace(",", "")) if text else None
    except InvalidOperation:
        return None


def _other(row: ProgressRow, kind: FigureKind, locked: str) -> Cell:
    side = row.sides.get(kind)
    if side is None:
        return Cell(editable=not locked, locked=locked, note=locked)
    if side.is_text:
        problem = f"“{side.shown[:20]}”不是数字,已按原文保留并标红。请改为数字。"
        return Cell(side.shown, problem=problem, editable=not locked, locked=locked)
    return Cell(
        side.shown, number=side.amount, bold=row.counted_kind is kind, editable=not locked, locked=locked,
        edit_text=_whole(side),
        note="\n".join(word for word in ("以此数为准" if row.counted_kind is kind else "", side.note, locked) if word),
    )


def _add_words(row: ProgressRow, cells: dict[str, Cell | str], locked: str) -> None:
    texts = {
        "physical": row.physical, "text": row.text, "cause": row.cause,
        "cause_text": row.cause_text, "effort": row.own_effort, "measure": row.measure,
        "note": row.note,
    }
    for key, text in texts.items():
        wanted = _EXPLAINING.get(key, "")
        lacks = bool(wanted) and any(one.startswith(wanted) for one in row.lacking)
        why = f"{row.judged.light.label}的目标应填{wanted},尚缺。" if lacks else ""
        asked = key == "note" and bool(row.doubt) and not text
        if asked:
            why = f"累计数存疑:{row.doubt}"
        cells[key] = Cell(
            text, icon="triangle-alert" if lacks or asked else "", editable=not locked, locked=locked,
            note=why or text or locked,
        )


def certifying_row(row: ProgressRow) -> Row:
    """The cells of a unit when one indicator is typed down all units."""
    cells = dict(month_row(row).cells)
    own = cells["own"]
    assert isinstance(own, Cell)
    cells["own"] = Cell(own.text, number=own.number, tone=Tone.MUTED, editable=False, note=own.note)
    return Row(int(row.subject), cells)
