"""The result of the target-setting desk (目标测算表): the city's figures, then each unit's."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.documents.flat_table import FlatTable
from mbo_desktop.documents.model import (
    LANDSCAPE,
    SIZE_5,
    Align,
    BlankLines,
    Block,
    Cell,
    Column,
    Document,
    Face,
    Numbering,
    PageBreak,
    Paragraph,
    Row,
    RowKind,
    Table,
    Title,
)
from mbo_desktop.documents.table_paper import grouped, present, small_print


@dataclass(frozen=True, slots=True)
class DeskUnitLine:
    """A unit's share of an indicator, as printed."""

    unit: str
    last_year: str
    current: str
    reckoned: str
    growth: str = ""
    """测算值 against last year."""
    change: str = ""
    """测算值 against the target as it stands."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DeskLine:
    """An indicator: the city's figures and its units'; total: what all units come to."""

    category: str
    indicator: str
    unit_of_measure: str
    last_year: str
    current: str
    reckoned: str
    growth: str = ""
    province: str = ""
    """省定目标 or growth it is compared with."""
    checks: str = ""
    """提示 of the 先进合理 checks."""
    units: tuple[DeskUnitLine, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskPaper:
    """All texts of a desk result; details only for indicators that have units."""

    title: str
    rows: tuple[DeskLine, ...]
    office: str = ""
    date: str = ""
    notes: tuple[str, ...] = ("测算结果采纳以前，不改变已下达的目标。",)


_FIELDS = (
    ("unit_of_measure", "计量单位", Column(align=Align.CENTER, least=12, most=18)),
    ("last_year", "上年实绩", Column(least=17)),
    ("current", "现目标", Column(least=17)),
    ("reckoned", "测算值", Column(least=17)),
    ("growth", "较上年增长", Column(least=15)),
    ("province", "省定目标", Column(least=15)),
    ("checks", "提示", Column(align=Align.LEFT, least=40)),
)
_UNIT_FIELDS = (
    ("unit", "单位", Column(align=Align.LEFT, least=26)),
    ("last_year", "上年实绩", Column(least=20)),
    ("current", "现目标", Column(least=20)),
    ("reckoned", "测算值", Column(least=20)),
    ("growth", "较上年增长", Column(least=18)),
    ("change", "较现目标", Column(least=18)),
    ("note", "说明", Column(align=Align.LEFT, least=36)),
)


def desk_document(paper: DeskPaper) -> Document:
    """The summary of all indicators across A4, then a table of units for each."""
    blocks: list[Block] = [Title(paper.title, size=18.0, blank_after=0)]
    line = "　　".join(text for text in (paper.office, paper.date) if text)
    if line:
        blocks.append(
            Paragraph.of(line, size=SIZE_5, lines=0.0, align=Align.RIGHT, first_indent=0, keep_with_next=True)
        )
    blocks.append(_summary(paper))
    if paper.notes:
        blocks.append(BlankLines(0.3))
    blocks += [small_print(note) for note in paper.notes]
    detailed = [row for row in paper.rows if row.units]
    if detailed:
        blocks += [PageBreak(), Title("各单位测算明细", size=18.0, blank_after=0)]
    for index, row in enumerate(detailed):
        if index:
            blocks.append(BlankLines(0.5))
        measure = f"（{row.unit_of_measure}）" if row.unit_of_measure else ""
        blocks.append(
            Paragraph.of(f"{index + 1}. {row.indicator}{measure}", face=Face.HEI, size=12.0, lines=0.0,
                         first_indent=0, align=Align.LEFT, keep_with_next=True)
        )
        blocks.append(_units(row))
    return Document(
        paper.title.replace("\n", ""), tuple(blocks), LANDSCAPE, Numbering.PAGE_OF, paper.office
    )


def desk_flat(paper: DeskPaper) -> FlatTable:
    """One row per indicator and unit for a spreadsheet, the indicator's own row before them as 合计."""
    heads = (
        "类别", "指标", "计量单位", "单位", "上年实绩", "现目标", "测算值", "较上年增长", "较现目标", "说明"
    )
    rows = []
    for row in paper.rows:
        lead = (row.category, row.indicator, row.unit_of_measure)
        rows.append((*lead, "合计", row.last_year, row.current, row.reckoned, row.growth, "", row.checks))
        rows += [
            (*lead, one.unit, one.last_year, one.current, one.reckoned, one.growth, one.change, one.note)
            for one in row.units
        ]
    return FlatTable(paper.title, heads, tuple(rows))


def _summary(paper: DeskPaper) -> Table:
    used = [f for f in _FIELDS if f[0] == "reckoned" or any(getattr(r, f[0]) for r in paper.rows)]
    categories = grouped([row.category for row in paper.rows])
    has_category = any(row.category for row in paper.rows)
    rows = []
    for number, row in enumerate(paper.rows):
        cells: list[Cell | None] = [Cell(str(number + 1))]
        cells += [categories[number]] if has_category else []
        cells += [Cell(row.indicator), *(Cell(getattr(row, name)) for name, _, _ in used)]
        rows.append(Row(present(cells)))
    lead = [Column(align=Align.CENTER, least=11, most=12)]
    lead += [Column(align=Align.CENTER, least=14, most=26)] if has_category else []
    lead += [Column(align=Align.LEFT, least=36, most=80)]
    heads = ["序号", *(["类别"] if has_category else []), "指标", *(head for _, head, _ in used)]
    return Table((*lead, *(column for _, _, column in used)), (Row(tuple(map(Cell, heads))),), tuple(rows))


def _units(row: DeskLine) -> Table:
    used = [
        f for f in _UNIT_FIELDS
        if f[0] in ("unit", "reckoned") or any(getattr(one, f[0]) for one in row.units)
    ]
    rows = [Row(tuple(Cell(getattr(one, name)) for name, _, _ in used)) for one in row.units]
    totals = {"unit": "合计", **{n: getattr(row, n) for n in ("last_year", "current", "reckoned", "growth")}}
    last = tuple(
        Cell(totals.get(name, ""), Align.CENTER if name == "unit" else None,
             Face.HEI if name == "unit" else None)
        for name, _, _ in used
    )
    return Table(
        tuple(column for _, _, column in used),
        (Row(tuple(Cell(head) for _, head, _ in used)),),
        (*rows, Row(last, RowKind.TOTAL)),
    )
