"""The items of a scheme as a table, and the panel that says the current rule in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from mbo_desktop.domain.assessment import EqualScores
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.scoring.item import MissingPolicy
from mbo_desktop.services.scheme_items import ItemRow
from ui.grids.columns import Cell, Column, Kind, Option, Row, Tone
from ui.widgets.side_panel import SidePanel


def policies(_typed: str) -> Sequence[Option]:
    """What a unit gets that does not carry the indicator."""
    return [Option(one, one.label) for one in MissingPolicy]


def yes_no(_typed: str) -> Sequence[Option]:
    """Whether an item is scored by periods."""
    return [Option(True, "是"), Option(False, "否")]


def equal_scores(_typed: str) -> Sequence[Option]:
    """Whether units of the group may have the same points."""
    return [Option(BY_TERMS, "按总则"), *(Option(one, one.label) for one in EqualScores)]


BY_TERMS = "terms"
"""In the place of an item's own setting."""

SCHEME_COLUMNS = (
    Column("name", "指标", width=200, frozen=True),
    Column("points", "分值", Kind.NUMBER, width=62, editable=True, hint="留空用指标自己的分值"),
    Column("sentence", "计分规则", width=330, hint="双击或按 Ctrl+E 编辑规则"),
    Column("state", "确认", width=84),
    Column("missing", "不承担的单位", Kind.CHOICE, width=150, editable=True, lookup=policies),
    Column("cap", "封顶", Kind.NUMBER, width=62, editable=True, hint="本项最多得多少分,留空不另封顶"),
    Column("digits", "小数位", Kind.NUMBER, width=62, editable=True),
    Column("by_period", "分期", Kind.CHOICE, width=52, editable=True, lookup=yes_no, hint="“是”:按总则里的考核时段分别计分再加权"),
    Column("equal", "不得并列", Kind.CHOICE, width=76, editable=True, lookup=equal_scores,
           hint="本组各单位这一项的得分不得相同:提醒,或不准录入;空着按总则"),
    Column("measure", "单位", width=64),
    Column("category", "类别", width=100, hidden=True),
    Column("text", "评分标准文字", width=260, editable=True, hint="规则还没有确认的,照文字重新提出"),
)


def scheme_row(one: ItemRow) -> Row:
    """An item as a row."""
    broken = one.rule is None
    return Row(int(one.indicator), {
        "name": Cell(one.name, note=one.category),
        "points": Cell(
            "" if one.points is None else canonical(one.points), one.points,
            tone=Tone.MUTED if one.own_points else Tone.PLAIN,
            note="指标自己的分值" if one.own_points else "本办法另定的分值",
        ),
        "sentence": Cell(one.problem if broken else one.sentence, tone=Tone.RED if broken else Tone.PLAIN, note=one.label),
        "state": Cell("已确认") if one.confirmed else Cell("▲ 待确认", tone=Tone.AMBER, note=one.note),
        "missing": Cell(one.missing.label, one.missing),
        "cap": Cell("" if one.cap is None else canonical(one.cap), one.cap),
        "digits": Cell(str(one.digits), Decimal(one.digits)),
        "by_period": Cell("是" if one.by_period else "", one.by_period),
        "equal": Cell("" if one.equal is None else one.equal.label, BY_TERMS if one.equal is None else one.equal),
        "measure": one.unit_of_measure,
        "category": one.category,
        "text": one.scoring_text,
    })


class SchemePanel(SidePanel):
    """The current item in words; what is wrong in the whole scheme below it."""

    def show_item(
        self, one: ItemRow | None, problems: Sequence[str], edit: Callable[[], object],
        confirm: Callable[[], object], remove: Callable[[], object], *, read_only: bool,
    ) -> None:
        """An item with its buttons; None: only the checks."""
        self.clear()
        if one is not None:
            points = "" if one.points is None else f"分值 {canonical(one.points)}"
            self.set_title(one.name, " · ".join(part for part in (points, one.unit_of_measure, one.category) if part))
            self.add_heading(self.tr("计分规则"))
            self.add_text(one.problem or one.sentence)
            if one.example:
                self.add_heading(self.tr("试算一例"))
                self.add_text(one.example)
            if one.scoring_text:
                self.add_heading(self.tr("评分标准文字"))
                self.add_text(one.scoring_text)
            if not one.confirmed:
                self.add_text(self.tr("规则由程序提出({}),请与文件核对后确认。").format(one.note.partition(":")[2] or one.note), muted=True)
            if not read_only:
                buttons = [(self.tr("编辑规则…"), edit)]
                if not one.confirmed:
                    buttons.insert(0, (self.tr("确认"), confirm))
                buttons.append((self.tr("移出办法"), remove))
                self.add_buttons(buttons)
        self.add_heading(self.tr("办法检查 {} 条").format(len(problems)) if problems else self.tr("办法检查无问题"))
        for problem in problems:
            self.add_text(f"▲ {problem}")
