"""What one unit or one person carries (目标任务承担表): shares, plan by quarter, a line to sign."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.documents.decomposition_table import PERIOD_HEADS
from mbo_desktop.documents.flat_table import FlatTable
from mbo_desktop.documents.model import (
    SIZE_5,
    SIZE_S5,
    Align,
    Block,
    Cell,
    Column,
    Document,
    Numbering,
    PageSetup,
    Paragraph,
    Row,
    RowKind,
    Table,
    Title,
)
from mbo_desktop.documents.table_paper import grouped, present, small_print


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """A task that the unit or person carries, as printed."""

    title: str
    above: str = ""
    """The task or target it is a part of."""
    value: str = ""
    share: str = ""
    role: str = ""
    """责任人, 经办人, 责任领导; for a unit 牵头 or 配合."""
    leader: str = ""
    responsible: str = ""
    handler: str = ""
    due: str = ""
    plan: tuple[str, ...] = ()
    milestones: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class CarrierPaper:
    """All texts of one unit's or one person's sheet."""

    title: str
    facts: tuple[str, ...]
    """「单位：市交委」「第一责任人：…」, printed in one line."""
    lines: tuple[CarriedLine, ...]
    is_person: bool
    office: str = ""
    date: str = ""
    signatures: tuple[str, str] = ("", "")
    """Labels of the two lines to be signed."""
    notes: tuple[str, ...] = ()


SHEET = PageSetup(297.0, 210.0, 17.0, 17.0, 20.0, 20.0, 18, 46)
"""A4 across with narrow margins: a sheet is to hold what one carrier has to do."""
_Field = tuple[str, str, Column]
_SHARED: tuple[_Field, ...] = (
    ("category", "类别", Column(align=Align.CENTER, least=14, most=24)),
    ("title", "工作任务", Column(align=Align.LEFT, least=48)),
    ("above", "所属目标", Column(align=Align.LEFT, least=38, most=64)),
    ("value", "目标值", Column(least=20, most=40)),
    ("share", "份额", Column(least=15, most=18)),
    ("role", "承担", Column(align=Align.CENTER, least=17, most=20)),
)
_UNIT: tuple[_Field, ...] = (
    ("leader", "责任领导", Column(align=Align.CENTER, least=15, most=20)),
    ("responsible", "责任人", Column(align=Align.CENTER, least=15, most=20)),
    ("handler", "经办人", Column(align=Align.CENTER, least=15, most=20)),
)
_DUE: _Field = ("due", "完成时限", Column(align=Align.CENTER, least=16, most=22))
_MANY = 8
"""From so many rows on smaller type keeps the sheet on one page."""
_ALWAYS = {"title", "value", "role", "due", "responsible", "handler"}


def carrier_document(paper: CarrierPaper) -> Document:
    """The sheet of one carrier across A4; its last row holds the signatures and never stands alone."""
    blocks: list[Block] = [Title(paper.title, size=18.0, blank_after=0)]
    facts = "　　".join(text for text in (*paper.facts, paper.date) if text)
    if facts:
        blocks.append(
            Paragraph.of(facts, size=SIZE_5, lines=0.0, align=Align.LEFT, first_indent=0, keep_with_next=True)
        )
    blocks.append(_table(paper))
    blocks += [small_print(note) for note in paper.notes]
    return Document(
        paper.title.replace("\n", ""), tuple(blocks), SHEET, Numbering.PAGE_OF, paper.office
    )


def carriers_flat(title: str, papers: tuple[CarrierPaper, ...]) -> FlatTable:
    """All sheets as one table for a spreadsheet, the carrier's facts in the first column."""
    heads = (
        "承担者", *(head for _, head, _ in (*_SHARED, *_UNIT, _DUE)), *PERIOD_HEADS[4], "节点"
    )
    rows = []
    for paper in papers:
        owner = " ".join(paper.facts)
        rows += [
            (
                owner, *(getattr(line, name) for name, _, _ in (*_SHARED, *_UNIT, _DUE)),
                *(*line.plan, "", "", "", "")[:4], line.milestones.replace("\n", "；"),
            )
            for line in paper.lines
        ]
    return FlatTable(title, heads, tuple(rows))


def _signing(paper: CarrierPaper) -> str:
    """One line for both signatures with room above them to write in."""
    room = "　" * 8
    lines = [f"{label}：{room}年　　月　　日" for label in paper.signatures if label]
    return "\u3000\n" + "　　　　".join(lines) if lines else ""


def _table(paper: CarrierPaper) -> Table:
    fields = (*_SHARED, *(() if paper.is_person else _UNIT), _DUE)
    used = [f for f in fields if f[0] in _ALWAYS or any(getattr(row, f[0]) for row in paper.lines)]
    top = [Cell("序号", rows=2), *(Cell(head, rows=2) for _, head, _ in used)]
    top.append(Cell("季度计划进度（累计）", columns=4))
    rows = []
    categories = grouped([line.category for line in paper.lines])
    for number, line in enumerate(paper.lines, start=1):
        cells: list[Cell | None] = [Cell(str(number))]
        cells += [
            categories[number - 1] if name == "category" else Cell(getattr(line, name))
            for name, _, _ in used
        ]
        if line.milestones and not any(line.plan):
            cells.append(Cell(line.milestones, Align.LEFT, columns=4))
        else:
            cells += [Cell(text) for text in (*line.plan, "", "", "", "")[:4]]
        rows.append(Row(present(cells)))
    if not rows:
        rows.append(Row((Cell("没有承担目标任务", Align.CENTER, columns=len(used) + 5),)))
    signing = _signing(paper)
    if signing:
        # As the last row it is never left alone on a page.
        rows.append(Row((Cell(signing, Align.LEFT, columns=len(used) + 5),), RowKind.TOTAL))
    columns = [Column(align=Align.CENTER, least=11, most=12), *(column for _, _, column in used)]
    return Table(
        (*columns, *(Column(least=15, most=19) for _ in range(4))),
        (Row(tuple(top)), Row(tuple(Cell(head) for head in PERIOD_HEADS[4]))),
        tuple(rows),
        size=SIZE_S5 if len(used) > 8 or len(rows) > _MANY else SIZE_5,
    )
