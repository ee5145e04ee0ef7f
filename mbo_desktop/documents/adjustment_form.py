"""The form on which a unit asks for an adjustment and each level gives its opinion (目标调整申请审批表)."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.documents.model import (
    PLAIN,
    SIZE_S4,
    Align,
    Cell,
    Column,
    Document,
    Face,
    Row,
    Table,
)
from mbo_desktop.documents.table_paper import table_document


@dataclass(frozen=True, slots=True)
class FormOpinion:
    """What one level said; all empty but the level: room to write it."""

    level: str
    text: str = ""
    signed: str = ""
    """「王建国　2006年7月5日」."""


@dataclass(frozen=True, slots=True)
class AdjustmentFormPaper:
    """All texts of a form, as printed; empty ones leave room to write."""

    title: str
    unit: str
    requested_on: str
    indicator: str
    unit_of_measure: str
    kind: str
    old: str
    new: str
    cause: str
    reason: str
    opinions: tuple[FormOpinion, ...]
    decision: str = ""
    """「2006年7月20日市政府第15次常务会议批准，示政〔2006〕20号」."""
    effective_on: str = ""
    office: str = ""
    note: str = ""


_REASON_LINES, _OPINION_LINES, _IN_A_LINE = 7, 5, 30


def adjustment_form(paper: AdjustmentFormPaper) -> Document:
    """The form on one upright sheet, as long as reason and opinions are of usual length."""
    rows = [
        _row(("申请单位", paper.unit), ("申请日期", paper.requested_on)),
        _row(("指标名称", paper.indicator)),
        _row(("计量单位", paper.unit_of_measure), ("调整类型", paper.kind)),
        _row(("原目标", paper.old), ("拟调整为", paper.new)),
        _row(("理由类别", paper.cause), ("生效日期", paper.effective_on)),
        _row(("调整理由", _room(paper.reason, _REASON_LINES))),
    ]
    for opinion in paper.opinions:
        signed = opinion.signed or "签字：　　　　　　　　　　年　　月　　日"
        rows.append(_row((opinion.level, f"{_room(opinion.text, _OPINION_LINES)}\n{signed}")))
    rows.append(_row(("批准情况", _room(paper.decision, 2))))
    columns = (
        Column(width=28, align=Align.CENTER), Column(align=Align.LEFT, least=52),
        Column(width=28, align=Align.CENTER), Column(align=Align.LEFT, least=52),
    )
    table = Table(columns, (), tuple(rows), size=SIZE_S4, least_height=11.0)
    notes = (paper.note,) if paper.note else ()
    return table_document(paper.title, table, office=paper.office, notes=notes, page=PLAIN)


def _row(*pairs: tuple[str, str]) -> Row:
    """Labels with their texts; a single pair takes the whole width."""
    cells = []
    for label, text in pairs:
        wide = len(pairs) == 1
        cells += [Cell(label, face=Face.HEI), Cell(text, Align.LEFT, columns=3 if wide else 1)]
    return Row(tuple(cells))


def _room(text: str, lines: int) -> str:
    """The text with empty lines after it, so that something can be written by hand."""
    return text + "\n　" * max(0, lines - 1 - len(text) // _IN_A_LINE)
